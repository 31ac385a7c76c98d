/**
 * What programs look up. Pulumi's dynamic provider has no functions that a program could call, so a look-up runs in the
 * program's own process, which loads this with the first one. Reads only.
 */
import type { CollectionDescription } from "../milvus/collections";
import { NotFoundError } from "../milvus/errors";
import { withoutUndefined } from "../milvus/fields";
import { Milvus } from "../milvus/gateway";
import { Run } from "../run";
import type { IndexDescription } from "../milvus/indexes";
import { aCollection, anIndex, aPartition, type CollectionRef } from "../milvus/names";
import { environmentOf, type Lookup, readSettings } from "../milvus/settings";
import { numbersInWords } from "../milvus/versions";
import { isScratch } from "../resources/in-collection/scratch-collections";

type Arguments = Readonly<Record<string, unknown>>;

/** The look-ups by name; what they give back is what the SDK's types say. */
const LOOKUPS: Readonly<Record<string, (milvus: Milvus, args: Arguments) => Promise<unknown>>> = {
  async getCollection(milvus, args) {
    const found = await existing(milvus, collectionRef(milvus, args, "collectionName"));
    return collectionResult({ ...found, aliases: await milvus.aliases.of(found) });
  },

  async listCollections(milvus, args) {
    const database = databaseName(milvus, args);
    const listed = await milvus.collections.list(database);
    const lasting = listed.filter(({ collectionName }) => !isScratch(collectionName));
    const collections = lasting.map((one) => ({ ...one, collectionId: one.collectionId ?? "" }));
    return { databaseName: database, collections: sortedBy("collectionName", collections) };
  },

  async hasPartition(milvus, args) {
    const ref = { ...collectionRef(milvus, args), partitionName: required(args, "partitionName") };
    return (await milvus.partitions.find(ref)) !== undefined;
  },

  async listPartitions(milvus, args) {
    const ref = collectionRef(milvus, args);
    await existing(milvus, ref);
    const listed = await milvus.partitions.list(ref);
    const partitions = listed.map(({ partitionName, partitionId }) => ({
      partitionName,
      partitionId: partitionId ?? "",
    }));
    return { ...ref, partitions: sortedBy("partitionName", partitions) };
  },

  async getPartitionStats(milvus, args) {
    const ref = { ...collectionRef(milvus, args), partitionName: required(args, "partitionName") };
    await existing(milvus, ref);
    if (!(await milvus.partitions.find(ref))) throw missing(milvus, aPartition(ref));
    const count = await milvus.entities.countPartition(ref);
    return count.kind === "unknown"
      ? { ...ref, rowCount: count.flushedRows, isExact: false }
      : { ...ref, rowCount: count.rows, isExact: count.kind === "exact" };
  },

  async getIndex(milvus, args) {
    const ref = { ...collectionRef(milvus, args), indexName: required(args, "indexName") };
    await existing(milvus, ref);
    const found = await milvus.indexes.find(ref);
    if (!found) throw missing(milvus, anIndex(ref));
    return indexResult(found);
  },

  async listIndexes(milvus, args) {
    const ref = collectionRef(milvus, args);
    const indexes = (await orMissing(milvus, ref, milvus.indexes.list(ref))).map(indexResult);
    return { ...ref, indexes: sortedBy("indexName", indexes) };
  },

  async getServerVersion(milvus) {
    const { product, version, text } = await milvus.version();
    const [major, minor, patch] = version;
    return withoutUndefined({
      text,
      product,
      version: numbersInWords(version) || undefined,
      ...(Number.isFinite(major) && { major, minor }),
      ...(Number.isFinite(patch) && { patch }),
    });
  },
};

/** Throws, in words for the program's author, when there is no such object or the server cannot say. */
export async function lookUp(name: string, args: Arguments, configured: Lookup): Promise<unknown> {
  const settings = readSettings(configured, environmentOf());
  const run = LOOKUPS[name];
  if (!run) throw new Error(`there is no look-up ${name}`);
  // Shared by all look-ups of the process, and nothing that keeps it running.
  return run(Milvus.at(settings, new Run()), args);
}

function required(args: Arguments, name: string): string {
  const value = args[name];
  if (typeof value === "string" && value !== "") return value;
  throw new Error(`${name} is required and ${value === undefined ? "missing" : "must be a string"}`);
}

function databaseName({ database }: Milvus, args: Arguments): string {
  return args["databaseName"] === undefined ? database : required(args, "databaseName");
}

function collectionRef(milvus: Milvus, args: Arguments, argument = "collection"): CollectionRef {
  return { databaseName: databaseName(milvus, args), collectionName: required(args, argument) };
}

function missing({ address }: Milvus, object: string, reason?: string): Error {
  return new Error(
    `there is no ${object} on Milvus at ${address}${reason === undefined ? "" : ` (${reason})`}`,
  );
}

async function orMissing<T>(milvus: Milvus, ref: CollectionRef, read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof NotFoundError) throw missing(milvus, aCollection(ref), error.failure.reason);
    throw error;
  }
}

function existing(milvus: Milvus, ref: CollectionRef): Promise<CollectionDescription> {
  return orMissing(milvus, ref, milvus.collections.describe(ref));
}

function collectionResult(found: CollectionDescription): object {
  const { collectionId, description, functions, enableDynamicField, ...described } = found;
  return withoutUndefined({
    ...described,
    collectionId: collectionId ?? "",
    description: description ?? "",
    functions: functions ?? [],
    enableDynamicField: enableDynamicField ?? false,
  });
}

function indexResult({ params, ...described }: IndexDescription): { indexName: string } {
  return withoutUndefined({ ...described, params: params ?? {} });
}

function sortedBy<Key extends string, T extends Readonly<Record<Key, string>>>(
  key: Key,
  values: readonly T[],
): T[] {
  return [...values].sort((a, b) => (a[key] < b[key] ? -1 : 1));
}
