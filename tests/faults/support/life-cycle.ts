/** A whole life of some objects, as versions of one program, and what the server has to look like after each. */
import type { TestMilvus } from "../../live/support/milvus";
import type { Met } from "../../support/grpc-proxy";
import type { Values } from "./provider-process";
import type { Program } from "./small-engine";
import { Lost } from "./tally";

export const STAGES = [
  "create",
  "change in place",
  "replace a collection",
  "replace an index",
  "remove",
  "destroy",
] as const;
export type Stage = (typeof STAGES)[number];

/** The calls of each stage that meet the fault in one life. */
export type Targets = Readonly<Partial<Record<Stage, readonly Met[]>>>;

export interface LifeCycle {
  /** The id of the collection that is replaced, data and all. */
  readonly replaced: string;
  program(stage: Stage): Program;
  /** Whatever a stage finds on the server beside what the programs made. */
  prepare(stage: Stage): Promise<void>;
  /** Throws unless the server is exactly as declared and all data that should live is where it was. */
  verify(stage: Stage): Promise<void>;
  dropAll(): Promise<void>;
}

export const FIELDS = [
  { name: "id", dataType: "Int64", isPrimaryKey: true },
  { name: "year", dataType: "Int64" },
  { name: "embedding", dataType: "FloatVector", dim: 8 },
];

export const HNSW = { indexType: "HNSW", metricType: "COSINE" };

export function isSince(stage: Stage, other: Stage): boolean {
  return STAGES.indexOf(stage) >= STAGES.indexOf(other);
}

/** Of each operation, the same. */
export function timeoutsOf(seconds: number): Values {
  return { create: seconds, update: seconds, delete: seconds };
}

export function same(what: string, found: unknown, wanted: unknown): void {
  const [is, should] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (is !== should) throw new Error(`${what}: ${is}, and should be ${should}`);
}

/** Throws unless each partition holds what it held, all of which was flushed, and nothing of which is ever deleted. */
export async function verifyRows(
  milvus: TestMilvus,
  collection: string,
  partitions: readonly string[],
  held: Readonly<Record<string, number>>,
  stage: Stage,
): Promise<void> {
  for (const partition of partitions) {
    const [rows, expected] = [await milvus.flushedRows(collection, partition), held[partition] ?? 0];
    if (rows !== expected)
      throw new Lost(`${partition} has ${rows} rows after "${stage}", and had ${expected}`);
  }
}
