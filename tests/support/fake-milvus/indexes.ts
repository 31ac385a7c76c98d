/** Indexes. Milvus: internal/proxy/task_index.go, internal/datacoord/index_service.go (index_meta.go). */
import { status as grpc } from "@grpc/grpc-js";

import type { Calls, OfCollection } from "./calls";
import { collectionOf } from "./collections";
import { type KeyValue, merged, sameMap, without } from "./key-values";
import { checkedParams } from "./index-params";
import { isLoaded } from "./loading";
import { checkIndexName } from "./names";
import { isVector } from "./schema";
import { CODES, GrpcFailure, invalid, refusal, type Refusal, unexpected } from "./status";
import type { Collection, Field, Index, World } from "./world";

interface OfIndex extends OfCollection {
  readonly index_name: string;
  readonly field_name: string;
}

interface Create extends OfIndex {
  readonly extra_params: readonly KeyValue[];
}

interface Alter extends Create {
  readonly delete_keys: readonly string[];
}

function indexNotFound(text: string): Refusal {
  return refusal(CODES.indexNotFound, `index not found[${text}]`);
}

export const indexCalls: Calls = {
  CreateIndex(world, request: Create) {
    checkIndexName(world, request.index_name);
    const collection = collectionOf(world, request);
    const field = fieldOf(collection, request.field_name);
    const asked = request.extra_params;
    const params = checkedParams(world, collection, field, asked);
    const name = request.index_name === "" ? field.name : request.index_name;
    if (existing(world, collection, { name, fieldName: field.name, asked })) return undefined;
    const index = { id: world.newId(), name, fieldName: field.name, params, asked };
    collection.indexes = [...collection.indexes, index];
    return undefined;
  },

  DescribeIndex(world, request: OfIndex) {
    const collection = collectionOf(world, request);
    const indexes = named(collection, request);
    return { index_descriptions: indexes.map((index) => described(world, collection, index)) };
  },

  GetIndexStatistics(world, request: OfIndex) {
    const collection = collectionOf(world, request);
    if (collection.indexes.length === 0) throw indexNotFound(`indexName=${request.index_name}`);
    return {
      index_descriptions: named(collection, request).map((index) => described(world, collection, index)),
    };
  },

  GetIndexState(world, request: OfIndex) {
    const { indexes } = collectionOf(world, request);
    const isThere = indexes.some(({ name }) => name === request.index_name);
    if (!isThere && world.isFrom("2.5")) throw indexNotFound(`indexName=${request.index_name}`);
    return { state: isThere ? "Finished" : "IndexStateNone" };
  },

  GetIndexBuildProgress(world, request: OfIndex) {
    const collection = collectionOf(world, request);
    named(collection, request);
    const rows = flushedRows(collection);
    return { indexed_rows: rows, total_rows: rows };
  },

  /** Goes by the name alone; one that is missing is no error. */
  DropIndex(world, request: OfIndex) {
    const collection = collectionOf(world, request);
    refuseDropWhileLoaded(world, collection, request);
    const { index_name } = request;
    if (index_name === "" && collection.indexes.length > 1)
      throw refusal(
        world.isFrom("2.5") ? CODES.indexDuplicate : CODES.unexpected,
        `index duplicates[indexName=${index_name}]`,
      );
    collection.indexes =
      index_name === "" ? [] : collection.indexes.filter(({ name }) => name !== index_name);
    return undefined;
  },

  AlterIndex(world, request: Alter) {
    return alter(world, request);
  },
};

function fieldOf({ fields, structFields }: Collection, name: string): Field {
  const field =
    fields.find((one) => one.name === name) ??
    // internal/proxy/task_index.go, 2.6.4: a member of a struct is named struct[member].
    structFields
      .flatMap((struct) => struct.fields.map((one) => ({ ...one, name: `${struct.name}[${one.name}]` })))
      .find((one) => one.name === name);
  if (!field) throw unexpected(`cannot create index on non-exist field: ${name}`);
  return field;
}

/** True when the very same is there; throws when it is in the way. */
function existing(
  world: World,
  { indexes }: Collection,
  wanted: Pick<Index, "name" | "fieldName" | "asked">,
): boolean {
  for (const { name, fieldName, asked } of indexes) {
    if (name === wanted.name) {
      if (fieldName === wanted.fieldName && sameMap(asked, wanted.asked)) return true;
      throw unexpected(
        `${world.isFrom("2.6") ? "" : "CreateIndex failed: "}at most one distinct index is allowed per field`,
      );
    }
    if (fieldName === wanted.fieldName)
      throw unexpected("CreateIndex failed: creating multiple indexes on same field is not supported");
  }
  return false;
}

/** All of them without a name; the field that is asked for counts for nothing. */
function named({ indexes }: Collection, { index_name, collection_name }: OfIndex): readonly Index[] {
  if (index_name === "") {
    if (indexes.length === 0) throw indexNotFound(`collection=${collection_name}`);
    return indexes;
  }
  const found = indexes.filter((index) => index.name === index_name);
  if (found.length === 0) throw indexNotFound(`indexName=${index_name}`);
  return found;
}

function flushedRows({ rows }: Collection): string {
  return String(rows.filter(({ flushed }) => flushed).length);
}

function described(world: World, collection: Collection, index: Index): object {
  const rows = flushedRows(collection);
  return {
    index_name: index.name,
    indexID: index.id,
    params: index.params,
    field_name: index.fieldName,
    indexed_rows: rows,
    total_rows: rows,
    state: "Finished",
    pending_index_rows: "0",
    ...(world.isFrom("2.6") && { min_index_version: 0, max_index_version: 10 }),
  };
}

/**
 * Until 2.6.3 nothing is dropped while anything of the collection is loaded; from 2.6.4 only what a search needs
 * stays: internal/datacoord/index_service.go, DropIndex (pull request 42941).
 */
function refuseDropWhileLoaded(world: World, collection: Collection, request: OfIndex): void {
  if (!isLoaded(collection)) return;
  if (!world.isFrom("2.6.4"))
    throw unexpected("index cannot be dropped, collection is loaded, please release it first");
  const going = collection.indexes.filter(
    ({ name }) => request.index_name === "" || name === request.index_name,
  );
  const fields = collection.fields.filter(({ name }) => going.some(({ fieldName }) => fieldName === name));
  if (fields.some(isVector))
    throw invalid(`vector index cannot be dropped on loaded collection: ${collection.id}`);
}

/** What a load asks for, of a collection that the call names so. Until 2.3 one vector index is enough, which there is one field for. */
export function indexesThatLoadNeeds(world: World, collection: Collection, name: string): void {
  const { fields, indexes } = collection;
  // Not known of 2.4.
  if (indexes.length === 0 && (!world.isFrom("2.4") || world.isFrom("2.5")))
    throw indexNotFound(`collection=${name}`);
  const without = fields
    .filter(isVector)
    .filter((field) => !indexes.some(({ fieldName }) => fieldName === field.name))
    .map((field) => field.name);
  if (without.length === 0) return;
  // internal/proxy/task.go, loadCollectionTask.Execute, from 2.4 with more than one vector field.
  throw world.isFrom("2.4")
    ? unexpected(`there is no vector index on field: [${without.join(" ")}], please create index firstly`)
    : unexpected(`there is no vector index on collection: ${name}, please create index firstly`);
}

/** Only mmap and what warms up, only while released: internal/proxy/task_index.go, alterIndexTask, from 2.4. */
function alter(world: World, request: Alter): undefined {
  if (!world.isFrom("2.4"))
    throw new GrpcFailure(grpc.INTERNAL, "grpc: error while marshaling: proto: Marshal called with nil");
  const collection = collectionOf(world, request);
  const keys = [...request.extra_params.map(({ key }) => key), ...request.delete_keys];
  const fixed = keys.find((key) => !/^(mmap\.enabled|warmup|offset_cache)/.test(key));
  if (fixed !== undefined) throw invalid(`${fixed} is not a configable index property`);
  if (isLoaded(collection))
    throw refusal(
      CODES.collectionLoaded,
      `can't alter index on loaded collection, please release the collection first: collection already loaded[collection=${collection.name}]`,
    );
  const index = collection.indexes.find(({ name }) => name === request.index_name);
  if (!index) throw indexNotFound(`indexName=${request.index_name}`);
  index.params = without(merged(index.params, request.extra_params), request.delete_keys);
  return undefined;
}
