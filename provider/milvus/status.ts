/**
 * What a reply of Milvus says of itself. The one place that judges replies, since servers say the same thing in several
 * forms: `error_code` is what clients before 2.3 read, `code` what came with 2.3 (pkg/util/merr of milvus-io/milvus), and
 * each line of servers has calls that set only one of them, or both differently.
 */

export interface Status {
  readonly error_code?: string | number;
  readonly code?: number;
  readonly reason?: string;
  readonly retriable?: boolean;
}

export type Verdict =
  | { readonly kind: "success" }
  /** `missing`: there is no such object. `passing`: the same call may succeed later. `failed`: everything else. */
  | {
      readonly kind: "missing" | "passing" | "failed";
      /** Milvus's code for it, also where the server said it in the old form alone. */
      readonly code: number | undefined;
      readonly reason: string;
    };

/** Codes that say that an object is missing: the same on every server. */
export const MISSING = {
  collection: 100,
  partition: 200,
  resourceGroup: 300,
  replica: 400,
  index: 700,
  database: 800,
  alias: 1600,
} as const;

const MISSING_CODES: ReadonlySet<number | undefined> = new Set(Object.values(MISSING));

/**
 * Old codes that come without a new one. Measured: DescribeCollection of 2.5.24, 2.5.27 and 2.6.19; read:
 * internal/proxy/service_provider.go of 2.5.24 and later and of every 2.6 up to 2.6.20.
 */
const MISSING_OLD_CODES: Readonly<Record<string, number>> = { CollectionNotExists: MISSING.collection };

/** Not ready, overloaded, a node gone or changing; see pkg/util/merr of milvus-io/milvus. */
const PASSING_CODES: ReadonlySet<number> = new Set([2, 4, 8, 12, 103, 106, 202, 305]);
const PASSING_REASONS =
  /not ready|context (?:Done|cancel+ed|deadline exceeded)|rate limit|node (not|offline)|channel not available/i;

/**
 * Too few nodes for the replicas of a load or for a move between resource groups: the form depends on the line of
 * servers. Measured: 2.3.5 ("nodes not enough"), 2.5.27, 2.6.19 and 3.0.0 (code 12 with streaming nodes, else "resource
 * group node not enough"). Read: pkg/util/merr of milvus-io/milvus; the forms of 2.2 from its issues 20848 and 32014.
 */
const TOO_FEW_NODES =
  /(?:[^:\n[]*: ?|[^:\n[]*\[)?(?:service resource insufficient(?=\[currentStreamingNode=)|resource group node not enough|nodes not enough|no enough nodes)[^[\]:\n]*(?:\[[^\]\n]*\])*\]?/i;
const CALL_PATH = /^call query coordinator \w+:/;
const NODES_THERE = /\[current(?:StreamingNode|NodeNum)=(\d+)\]/;

export interface TooFewNodes {
  /** The server's words for it alone, without the call path and stack trace around them. */
  readonly reason: string;
  /** How many there are, where the server says so. */
  readonly present?: number;
}

/** Whether a reason of the server says that there are too few nodes for what was asked. */
export function tooFewNodes(reason: string): TooFewNodes | undefined {
  const [words] = TOO_FEW_NODES.exec(withoutStackTrace(reason)) ?? [];
  if (words === undefined) return undefined;
  const present = NODES_THERE.exec(words)?.[1];
  return {
    reason: words.trim().replace(CALL_PATH, "").trim(),
    ...(present !== undefined && { present: Number(present) }),
  };
}

/** Servers from 2.6 on put the stack of their own call, a frame a line, before the reason proper. */
export function withoutStackTrace(reason: string): string {
  return reason
    .replace(/\bstack trace:\s*(?:\S+\.(?:go|s):\d+\s+\S+\s*)+/g, "")
    .replace(/(^|:)\s*(?=:\s)/g, "")
    .trim();
}

/** Success only when both forms say so. */
export function verdictOn(status: Status): Verdict {
  const { error_code, code = 0 } = status;
  if (error_code === "Success" && code === 0) return { kind: "success" };
  const reason = status.reason || String(error_code);
  const meant = code === 0 ? MISSING_OLD_CODES[String(error_code)] : undefined;
  const told = { code: meant ?? status.code, reason };
  // Success beside a code is a failure of Milvus Lite, whose numbers mean other things.
  if (error_code !== "Success" && MISSING_CODES.has(told.code)) return { kind: "missing", ...told };
  return { kind: isPassing(status) ? "passing" : "failed", ...told };
}

function isPassing({ error_code, code, retriable, reason = "" }: Status): boolean {
  // Servers call it retriable, and it is for as long as no node came up yet; some that are too few stay so.
  const few = tooFewNodes(reason);
  if (few) return few.present === 0;
  if (retriable) return true;
  if (PASSING_REASONS.test(reason)) return true;
  // Milvus Lite numbers its own errors, and repeats the number in error_code; those are final.
  if (code === undefined || String(error_code) === String(code)) return false;
  return PASSING_CODES.has(code);
}
