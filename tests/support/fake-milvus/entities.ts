/** Rows, as far as counts tell of them. Milvus: internal/proxy/task_insert.go, task_query.go, internal/datacoord. */
import type { Calls, OfCollection } from "./calls";
import { collectionOf, partitionKeyOf } from "./collections";
import { hasLoaded, isLoaded } from "./loading";
import { type OfPartition, partitionNotFound, partitionOf } from "./partitions";
import { CODES, invalid, refusal, type Refusal, unexpected } from "./status";
import type { Collection, Partition, Row, World } from "./world";

interface Column {
  readonly field_name: string;
  readonly scalars?: {
    readonly long_data?: { readonly data: string[] };
    readonly string_data?: { readonly data: string[] };
  };
}

interface Insert extends OfPartition {
  readonly num_rows: number;
  readonly fields_data: readonly Column[];
}

interface Delete extends OfPartition {
  readonly expr: string;
}

interface Query extends OfCollection {
  readonly expr: string;
  readonly output_fields: readonly string[];
  readonly partition_names: readonly string[];
}

interface Flush {
  readonly db_name: string;
  readonly collection_names: readonly string[];
}

export const entityCalls: Calls = {
  Insert(world, request: Insert) {
    const rows = insertOrRefuse(world, request);
    return mutation(world, collectionOf(world, request), rows, { insert_cnt: String(rows.length) });
  },

  Upsert(world, request: Insert) {
    const collection = collectionOf(world, request);
    const keys = new Set(keysOf(collection, request));
    for (const row of collection.rows) if (keys.has(row.key)) row.deleted = true;
    const rows = insert(world, request);
    return mutation(world, collection, rows, {
      upsert_cnt: String(rows.length),
      insert_cnt: String(rows.length),
    });
  },

  Delete(world, request: Delete) {
    const collection = collectionOf(world, request);
    const partition =
      request.partition_name === "" ? undefined : partitionOf(collection, request.partition_name);
    const keys = keysIn(request.expr);
    const going = collection.rows.filter(
      (row) =>
        !row.deleted && keys.has(row.key) && (partition === undefined || row.partitionId === partition.id),
    );
    for (const row of going) row.deleted = true;
    return mutation(world, collection, [], { delete_cnt: String(keys.size), IDs: {} });
  },

  /** What is flushed counts in the statistics, what was deleted before included. */
  Flush(world, { db_name, collection_names }: Flush) {
    const segments = collection_names.map(
      (collection_name) =>
        [collection_name, { data: flush(world, collectionOf(world, { db_name, collection_name })) }] as const,
    );
    const now = world.timestamp();
    return {
      db_name,
      coll_segIDs: Object.fromEntries(segments),
      flush_coll_segIDs: Object.fromEntries(segments),
      coll_seal_times: Object.fromEntries(
        collection_names.map((name) => [name, String(Math.floor(Date.now() / 1000))]),
      ),
      coll_flush_ts: Object.fromEntries(collection_names.map((name) => [name, now])),
    };
  },

  GetFlushState() {
    return { flushed: true };
  },

  FlushAll(world) {
    for (const { collections } of world.databases.values())
      for (const collection of collections.values()) flush(world, collection);
    return { flush_all_ts: world.timestamp() };
  },

  GetFlushAllState() {
    return { flushed: true };
  },

  GetCollectionStatistics(world, request: OfCollection) {
    return rowCount(collectionOf(world, request).rows);
  },

  GetPartitionStatistics(world, request: OfPartition) {
    const { partitions, rows } = collectionOf(world, request);
    const partition = partitions.find(({ name }) => name === request.partition_name);
    if (!partition) throw partitionNotFound(request.partition_name);
    return rowCount(rows.filter(({ partitionId }) => partitionId === partition.id));
  },

  Query(world, request: Query) {
    const collection = collectionOf(world, request);
    const partitions = request.partition_names.map((name) => {
      const found = collection.partitions.find((partition) => partition.name === name);
      if (!found) throw unexpected(`partition name ${name} not found`);
      return found;
    });
    const rows = visible(world, collection, partitions);
    return counts(request) ? counted(collection, rows.length) : keysRead(collection, request, rows);
  },
};

/** A refusal says of every row that it was not taken. */
function insertOrRefuse(world: World, request: Insert): Row[] {
  try {
    return insert(world, request);
  } catch (error) {
    throw (error as Refusal).beside({ err_index: Array.from({ length: request.num_rows }, (_, at) => at) });
  }
}

function insert(world: World, request: Insert): Row[] {
  const collection = collectionOf(world, request);
  const partition = target(collection, request.partition_name);
  const keys = keysOf(collection, request);
  const generated = collection.fields.some((field) => field.is_primary_key && field.autoID);
  const rows = Array.from({ length: request.num_rows }, (_, at) => ({
    key: (generated ? undefined : keys[at]) ?? world.newId(),
    partitionId: partition(at).id,
    flushed: false,
    deleted: false,
  }));
  collection.rows = [...collection.rows, ...rows];
  return rows;
}

/** With a partition key Milvus spreads the rows itself. */
function target(collection: Collection, name: string): (row: number) => Partition {
  if (partitionKeyOf(collection)) {
    if (name !== "")
      throw unexpected("not support manually specifying the partition names if partition key mode is used");
    return (row) => collection.partitions[row % collection.partitions.length] as Partition;
  }
  const partition = partitionOf(collection, name === "" ? "_default" : name);
  return () => partition;
}

function keysOf(collection: Collection, { fields_data }: Insert): string[] {
  const primary = collection.fields.find((field) => field.is_primary_key);
  const column = fields_data.find(({ field_name }) => field_name === primary?.name);
  return column?.scalars?.long_data?.data ?? column?.scalars?.string_data?.data ?? [];
}

/** `id in [1, 2]` and `id == 1`: what the tests delete by. */
function keysIn(expr: string): Set<string> {
  const list = /\bin\s*\[(.*)\]\s*$/.exec(expr)?.[1] ?? /==\s*(.+)$/.exec(expr)?.[1];
  if (list === undefined) throw invalid(`failed to create delete plan: cannot parse expression: ${expr}`);
  return new Set(list.split(",").map((key) => key.trim().replace(/^["']|["']$/g, "")));
}

function mutation(world: World, collection: Collection, rows: readonly Row[], counts: object): object {
  const primary = collection.fields.find((field) => field.is_primary_key);
  const data = rows.map(({ key }) => key);
  return {
    IDs: primary?.data_type === "VarChar" ? { str_id: { data } } : { int_id: { data } },
    succ_index: rows.map((_, at) => at),
    acknowledged: false,
    timestamp: world.timestamp(),
    ...counts,
  };
}

function flush(world: World, collection: Collection): string[] {
  const rows = collection.rows.filter(({ flushed }) => !flushed);
  for (const row of rows) row.flushed = true;
  return rows.length > 0 ? [world.newId()] : [];
}

function rowCount(rows: readonly Row[]): object {
  const flushed = rows.filter((row) => row.flushed).length;
  return { stats: [{ key: "row_count", value: String(flushed) }] };
}

/** What a query sees: rows of loaded partitions, flushed or not, without those that were deleted. */
function visible(world: World, collection: Collection, partitions: readonly Partition[]): Row[] {
  if (!isLoaded(collection))
    throw refusal(
      CODES.collectionNotLoaded,
      `failed to query: collection not loaded[collection=${collection.id}]`,
    );
  const missing = partitions.find(({ id }) => !hasLoaded(collection, id));
  if (missing) throw refusedByNode(world, collection, missing);
  const asked = new Set(partitions.map(({ id }) => id));
  return collection.rows.filter(
    ({ deleted, partitionId }) =>
      !deleted && hasLoaded(collection, partitionId) && (asked.size === 0 || asked.has(partitionId)),
  );
}

/** What a query node says is passed on as it is. */
function refusedByNode(world: World, { id }: Collection, missing: Partition): Refusal {
  const fromNode = `fail to Query on QueryNode 1: partition not loaded[partition=${missing.id}]`;
  const detail = `failed to query: failed to search/query delegator 1 for channel by-dev-rootcoord-dml_0_${id}v0: ${fromNode}`;
  if (world.isFrom("2.6")) return refusal(CODES.partitionNotLoaded, detail);
  if (world.isFrom("2.5")) return refusal(CODES.partitionNotLoaded, detail).because(fromNode);
  const reason =
    `failed to search/query delegator 1 for channel by-dev-rootcoord-dml_0_${id}v0: fail to Query, ` +
    `QueryNode ID = 1, reason=partition not loaded[partition=[${missing.id}]]`;
  return unexpected(`failed to query: attempt #0: ${reason}`).because(reason);
}

function counts({ output_fields }: Query): boolean {
  return output_fields.includes("count(*)");
}

function counted({ name }: Collection, rows: number): object {
  return {
    collection_name: name,
    output_fields: ["count(*)"],
    fields_data: [
      { type: "Int64", field_name: "count(*)", scalars: { long_data: { data: [String(rows)] } } },
    ],
  };
}

/** The keys of the rows, which is all that is kept of them. */
function keysRead(collection: Collection, { expr }: Query, rows: readonly Row[]): object {
  const primary = collection.fields.find((field) => field.is_primary_key);
  const asked = /\bin\s*\[|==/.test(expr) ? keysIn(expr) : undefined;
  const data = rows.map(({ key }) => key).filter((key) => asked?.has(key) ?? true);
  const isText = primary?.data_type === "VarChar";
  return {
    collection_name: collection.name,
    output_fields: [primary?.name],
    primary_field_name: primary?.name,
    fields_data: [
      {
        type: primary?.data_type,
        field_name: primary?.name,
        scalars: isText ? { string_data: { data } } : { long_data: { data } },
      },
    ],
  };
}
