/**
 * What the fault run counts. A case is one fault met by a real run; it converged when the stack and the server are as
 * declared afterwards without a step that nobody announced, and it lost when data is gone that should live or anything
 * is left behind. A case that neither converged nor lost is a failure of its test all the same.
 */
import { appendFileSync } from "node:fs";

export interface FaultCase {
  /** What kind of case: "call refused", "engine killed", "bad input". */
  readonly kind: string;
  /** Which one of them. */
  readonly name: string;
  readonly outcome: "converged" | "lost" | "failed";
  /** Of a case that did not converge. */
  readonly reason?: string;
}

/** The file that the cases of a run are written to, a JSON line each; cases are not counted without it. */
export const TALLY_VARIABLE = "PULUMI_MILVUS_FAULT_TALLY";

/** Set by `npm run faults`: everything, where `npm test` runs a sample. */
const FULL_VARIABLE = "PULUMI_MILVUS_FAULTS_FULL";

export const full = process.env[FULL_VARIABLE] === "true";

/** A whole run tries something new each time; a sample repeats what it is given, so that it means the same to everybody. */
export function seedOr(ofSample: number): number {
  return Number(process.env["PULUMI_MILVUS_SEED"] ?? (full ? Date.now() % 2 ** 31 : ofSample));
}

export function count(found: FaultCase): void {
  const file = process.env[TALLY_VARIABLE];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(found)}\n`);
}

/**
 * Runs one case, counts it, and lets its failure fail the test. A run that returns false found no occasion for its
 * fault: it is no case, and `tried` returns false as well.
 */
export async function tried(
  kind: string,
  name: string,
  run: () => Promise<void | boolean>,
): Promise<boolean> {
  try {
    if ((await run()) === false) return false;
    count({ kind, name, outcome: "converged" });
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    count({ kind, name, outcome: error instanceof Lost ? "lost" : "failed", reason });
    throw error;
  }
}

/** Data that should live is gone, or something is left behind. */
export class Lost extends Error {
  override readonly name = "Lost";
}
