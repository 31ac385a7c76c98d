/** Entity counts in words. A count that may be wrong says so; it is never a false zero. */
import type { DataLoss } from "../../core/resource";
import { thousands } from "../../core/thousands";
import type { EntityCount } from "../../milvus/entities";
import { MilvusError } from "../../milvus/errors";
import type { Milvus } from "../../milvus/gateway";
import type { CollectionRef } from "../../milvus/names";

/** For a log line: a count that the server refuses (no privilege, still loading) stops nothing. */
export async function heldInWords(count: EntityCount | Promise<EntityCount>): Promise<string> {
  try {
    return inWords(await count);
  } catch (error) {
    if (!(error instanceof MilvusError)) throw error;
    return `an unknown number of entities (they could not be counted: ${error.failure.reason})`;
  }
}

/** A collection, or a partition of it. */
type Counted = CollectionRef & { readonly partitionName?: string };

/**
 * With `prove`, what the server has in memory only is written out where nothing else is known. Otherwise such rows of what is
 * not loaded are missed.
 */
export function countOf(
  { entities }: Milvus,
  { partitionName, ...ref }: Counted,
  prove: boolean,
): Promise<EntityCount> {
  if (prove) return entities.countProven(ref, partitionName);
  return partitionName === undefined
    ? entities.countCollection(ref)
    : entities.countPartition({ ...ref, partitionName });
}

export function whetherEmpty(count: EntityCount): "empty" | "perhaps" | "full" {
  if (count.kind === "unknown") return count.flushedRows === 0 ? "perhaps" : "full";
  return count.kind === "exact" && count.rows === 0 ? "empty" : "full";
}

/** What is taken over because it is empty, or will be if it is. */
export const EMPTY_IN_WORDS = {
  empty: "it holds no entities",
  perhaps: "no rows of it are written out; `pulumi up` finds out whether it holds any, and refuses it then",
} as const;

export function lossOf(of: Pick<DataLoss, "id" | "object">, count: EntityCount): readonly DataLoss[] {
  if (count.kind === "exact" && count.rows === 0) return [];
  return [{ ...of, held: inWords(count), certain: count.kind !== "unknown" || count.flushedRows > 0 }];
}

export function inWords(count: EntityCount): string {
  switch (count.kind) {
    case "exact":
      return count.rows === 0 ? "no entities" : entities(count.rows);
    case "at least":
      return `at least ${entities(count.rows)} (parts of it are not loaded)`;
    case "unknown":
      return (
        `an unknown number of entities (not loaded: ${thousands(count.flushedRows)} rows were flushed; ` +
        "rows deleted or not flushed since are not counted)"
      );
  }
}

/** So many are named; the rest is counted. */
const NAMED = 10;

/** `a, b, c and 1,497 more`. */
export function firstInWords(names: readonly string[], most = NAMED): string {
  const more = names.length - most;
  const first = names.slice(0, most).join(", ");
  return more > 0 ? `${first} and ${thousands(more)} more` : first;
}

export function entities(rows: number): string {
  return `${thousands(rows)} ${rows === 1 ? "entity" : "entities"}`;
}
