/** Entity counts in words. A count that may be wrong says so; it is never a false zero. */
import type { DataLoss } from "../../core/resource";
import type { EntityCount } from "../../milvus/entities";
import { MilvusError } from "../../milvus/errors";

/** For a log line: a count that the server refuses (no privilege, still loading) stops nothing. */
export async function heldInWords(count: Promise<EntityCount>): Promise<string> {
  try {
    return inWords(await count);
  } catch (error) {
    if (!(error instanceof MilvusError)) throw error;
    return `an unknown number of entities (they could not be counted: ${error.failure.reason})`;
  }
}

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
        `an unknown number of entities (not loaded: ${count.flushedRows.toLocaleString("en-US")} rows were flushed; ` +
        "rows deleted or not flushed since are not counted)"
      );
  }
}

function entities(rows: number): string {
  return `${rows.toLocaleString("en-US")} ${rows === 1 ? "entity" : "entities"}`;
}
