/** Entity counts in words. A count that may be wrong says so; it is never a false zero. */
import type { EntityCount } from "../../milvus/entities";

export function inWords({ rows, exact }: EntityCount): string {
  const entities = `${rows.toLocaleString("en-US")} ${rows === 1 ? "entity" : "entities"}`;
  if (exact) return rows === 0 ? "no entities" : entities;
  return rows === 0
    ? "no flushed entities (what is not flushed yet is not counted while it is not loaded)"
    : `about ${entities} (flushed rows; while it is not loaded, rows not flushed yet and rows deleted are not known)`;
}
