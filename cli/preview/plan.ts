/** What a preview means to do to Milvus objects. Pure: nothing is asked of anybody. */
import type { Preview, Step } from "./engine";

export type Operation = "delete" | "replace" | "update" | "create";

export interface PlannedChange {
  readonly urn: string;
  /** The logical name in the program. */
  readonly name: string;
  /** Such as `Collection`. */
  readonly kind: string;
  readonly operation: Operation;
  /** The object as the state has it; missing when it is created. */
  readonly old?: Readonly<Record<string, unknown>>;
  /** The inputs that the program wants; missing when it is deleted. */
  readonly wanted?: Readonly<Record<string, unknown>>;
  readonly id?: string;
  /** The inputs behind an update or a replacement. */
  readonly reasons: readonly string[];
  /** `urn::id` of its provider. */
  readonly provider?: string;
}

const MILVUS_TYPE = /^pulumi-nodejs:dynamic\/milvus:(\w+)$/;
const OPERATIONS: readonly string[] = ["delete", "replace", "update", "create"] satisfies Operation[];

export function plannedChanges({ steps = [] }: Preview): PlannedChange[] {
  return steps.flatMap((step) => plannedChange(step) ?? []);
}

function plannedChange(step: Step): PlannedChange | undefined {
  const state = step.oldState ?? step.newState;
  const kind = MILVUS_TYPE.exec(state?.type ?? "")?.[1];
  if (kind === undefined || !OPERATIONS.includes(step.op)) return undefined;
  return {
    urn: step.urn,
    name: step.urn.slice(step.urn.lastIndexOf("::") + 2),
    kind,
    operation: step.op as Operation,
    old: step.oldState?.outputs,
    wanted: step.newState?.inputs,
    id: step.oldState?.id,
    reasons: step.replaceReasons ?? step.diffReasons ?? [],
    provider: (step.oldState ?? step.newState)?.provider,
  };
}
