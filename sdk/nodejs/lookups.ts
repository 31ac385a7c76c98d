/**
 * What a program can look up on its Milvus. Each look-up is there as a promise and as an output: with outputs among its
 * arguments, or a server whose address is known only once something was made, take the second.
 */
import * as pulumi from "@pulumi/pulumi";

import type { Collection, CollectionFunction, Field } from "./collection";
import { refuseUnknownConfig } from "./config-keys";
import { isMocked, lookedUpInMocks } from "./mocked";
import { isKnown, valueOf } from "./outputs";
import { settingsOf } from "./provider";
import { collectionIdentity } from "./resource";

/** Which collection to look up. */
export interface GetCollectionArgs {
  /** The name of the collection; not an alias. */
  collectionName: string;
  /** The database. Default: that of the provider, `default` when it names none. */
  databaseName?: string;
}

/** Which collection to look up; its name may be an output. */
export interface GetCollectionOutputArgs {
  /** The name of the collection; not an alias. */
  collectionName: pulumi.Input<string>;
  /** The database. Default: that of the provider, `default` when it names none. */
  databaseName?: pulumi.Input<string>;
}

/** A collection as it stands on the server. */
export interface GetCollectionResult {
  /** The name of the collection. */
  collectionName: string;
  /** The id that the server gave the collection. Empty on Milvus Lite, which gives none. */
  collectionId: string;
  /** The database it is in. */
  databaseName: string;
  /** What the collection is for. Empty on Milvus Lite, which forgets it. */
  description: string;
  /** The schema. */
  fields: Field[];
  /** What Milvus computes on insert. */
  functions: CollectionFunction[];
  /** Whether rows may carry fields that the schema does not name. */
  enableDynamicField: boolean;
  /** What reads see of the latest writes: `Strong`, `Session`, `Bounded` or `Eventually`. Milvus Lite does not say. */
  consistencyLevel?: string;
  /** How many shards writes are spread over. Milvus Lite does not say. */
  shardsNum?: number;
  /** How many partitions Milvus made for the partition key; only with one. Milvus Lite does not say. */
  numPartitions?: number;
  /** Its properties, those of the server's own among them. */
  properties: { [key: string]: string };
  /** The aliases that point at it. */
  aliases: string[];
}

/**
 * A collection by its name; an error when there is none.
 *
 * Milvus: https://milvus.io/docs/view-collections.md
 */
export function getCollection(
  args: GetCollectionArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetCollectionResult> {
  return promised("getCollection", args, opts);
}

/** {@link getCollection} as an output, for arguments that are outputs; not known at preview while they are not. */
export function getCollectionOutput(
  args: GetCollectionOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetCollectionResult> {
  return eventual("getCollection", args, opts);
}

/** Which database to list. */
export interface ListCollectionsArgs {
  /** The database. Default: that of the provider, `default` when it names none. */
  databaseName?: string;
}

/** Which database to list; its name may be an output. */
export interface ListCollectionsOutputArgs {
  /** The database. Default: that of the provider, `default` when it names none. */
  databaseName?: pulumi.Input<string>;
}

/** A collection in a list. */
export interface ListedCollection {
  /** The name of the collection. */
  collectionName: string;
  /** The id that the server gave the collection. Empty on Milvus Lite, which gives none. */
  collectionId: string;
}

/** The collections of a database. */
export interface ListCollectionsResult {
  /** The database. */
  databaseName: string;
  /** Its collections, sorted by name. */
  collections: ListedCollection[];
}

/** All collections of a database, loaded or not; an error when there is no such database. */
export function listCollections(
  args: ListCollectionsArgs = {},
  opts?: pulumi.InvokeOptions,
): Promise<ListCollectionsResult> {
  return promised("listCollections", args, opts);
}

/** {@link listCollections} as an output. */
export function listCollectionsOutput(
  args: ListCollectionsOutputArgs = {},
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<ListCollectionsResult> {
  return eventual("listCollections", args, opts);
}

/** Which partition to look for. */
export interface HasPartitionArgs {
  /** The name of the collection. */
  collection: string;
  /** The name of the partition. */
  partitionName: string;
  /** The database. Default: that of the provider, `default` when it names none. */
  databaseName?: string;
}

/** Which partition to look for; what names it may be an output. */
export interface HasPartitionOutputArgs {
  /** A Collection of the program, whose server and database count then, or the name of one. */
  collection: Collection | pulumi.Input<string>;
  /** The name of the partition. */
  partitionName: pulumi.Input<string>;
  /** The database. Default: that of the provider, `default` when it names none. */
  databaseName?: pulumi.Input<string>;
}

/** Whether a collection has a partition; also `false` when there is no such collection. */
export function hasPartition(args: HasPartitionArgs, opts?: pulumi.InvokeOptions): Promise<boolean> {
  return promised("hasPartition", args, opts);
}

/** {@link hasPartition} as an output. */
export function hasPartitionOutput(
  args: HasPartitionOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<boolean> {
  return eventual("hasPartition", args, opts);
}

/** Which collection to look into. */
export interface ListPartitionsArgs {
  /** The name of the collection. */
  collection: string;
  /** The database. Default: that of the provider, `default` when it names none. */
  databaseName?: string;
}

/** Which collection to look into; what names it may be an output. */
export interface ListPartitionsOutputArgs {
  /** A Collection of the program, whose server and database count then, or the name of one. */
  collection: Collection | pulumi.Input<string>;
  /** The database. Default: that of the provider, `default` when it names none. */
  databaseName?: pulumi.Input<string>;
}

/** A partition in a list. */
export interface ListedPartition {
  /** The name of the partition. */
  partitionName: string;
  /** The id that the server gave the partition. Empty on Milvus Lite, which gives none. */
  partitionId: string;
}

/** The partitions of a collection. */
export interface ListPartitionsResult {
  /** The name of the collection. */
  collectionName: string;
  /** The database it is in. */
  databaseName: string;
  /** Its partitions, sorted by name, Milvus's own `_default` among them. */
  partitions: ListedPartition[];
}

/**
 * All partitions of a collection, loaded or not; an error when there is no such collection.
 *
 * Milvus: https://milvus.io/docs/manage-partitions.md
 */
export function listPartitions(
  args: ListPartitionsArgs,
  opts?: pulumi.InvokeOptions,
): Promise<ListPartitionsResult> {
  return promised("listPartitions", args, opts);
}

/** {@link listPartitions} as an output. */
export function listPartitionsOutput(
  args: ListPartitionsOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<ListPartitionsResult> {
  return eventual("listPartitions", args, opts);
}

/** Which partition to count. */
export interface GetPartitionStatsArgs {
  /** The name of the collection. */
  collection: string;
  /** The name of the partition. */
  partitionName: string;
  /** The database. Default: that of the provider, `default` when it names none. */
  databaseName?: string;
}

/** Which partition to count; what names it may be an output. */
export interface GetPartitionStatsOutputArgs {
  /** A Collection of the program, whose server and database count then, or the name of one. */
  collection: Collection | pulumi.Input<string>;
  /** The name of the partition. */
  partitionName: pulumi.Input<string>;
  /** The database. Default: that of the provider, `default` when it names none. */
  databaseName?: pulumi.Input<string>;
}

/** What a partition holds. */
export interface GetPartitionStatsResult {
  /** The name of the collection. */
  collectionName: string;
  /** The database it is in. */
  databaseName: string;
  /** The name of the partition. */
  partitionName: string;
  /** Its entities: all of them when it is loaded; otherwise the rows that were flushed, deleted ones included. */
  rowCount: number;
  /** Whether `rowCount` is exact, which it is when the partition is loaded. */
  isExact: boolean;
}

/** How many entities a partition holds; an error when there is no such partition. */
export function getPartitionStats(
  args: GetPartitionStatsArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetPartitionStatsResult> {
  return promised("getPartitionStats", args, opts);
}

/** {@link getPartitionStats} as an output. */
export function getPartitionStatsOutput(
  args: GetPartitionStatsOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetPartitionStatsResult> {
  return eventual("getPartitionStats", args, opts);
}

/** Which index to look up. */
export interface GetIndexArgs {
  /** The name of the collection. */
  collection: string;
  /** The name of the index; on Milvus Lite, which forgets names, that of its field. */
  indexName: string;
  /** The database. Default: that of the provider, `default` when it names none. */
  databaseName?: string;
}

/** Which index to look up; what names it may be an output. */
export interface GetIndexOutputArgs {
  /** A Collection of the program, whose server and database count then, or the name of one. */
  collection: Collection | pulumi.Input<string>;
  /** The name of the index; on Milvus Lite, which forgets names, that of its field. */
  indexName: pulumi.Input<string>;
  /** The database. Default: that of the provider, `default` when it names none. */
  databaseName?: pulumi.Input<string>;
}

/** An index as it stands on the server. */
export interface GetIndexResult {
  /** The name of the index. */
  indexName: string;
  /** The field it is on. */
  fieldName: string;
  /** The name of the collection. */
  collectionName: string;
  /** The database it is in. */
  databaseName: string;
  /** Such as `HNSW`; missing where the server does not say. */
  indexType?: string;
  /** How vectors are compared, such as `COSINE`; only on vector fields. */
  metricType?: string;
  /** Parameters of the index type, and properties such as `mmap.enabled`. */
  params: { [parameter: string]: unknown };
  /** How far the server is with it. */
  state: "building" | "finished" | "failed";
  /** Why it failed. */
  failReason?: string;
  /** Flushed rows that are indexed. */
  indexedRows: number;
  /** Flushed rows in all. */
  totalRows: number;
}

/**
 * An index by its name; an error when there is none.
 *
 * Milvus: https://milvus.io/docs/index-explained.md
 */
export function getIndex(args: GetIndexArgs, opts?: pulumi.InvokeOptions): Promise<GetIndexResult> {
  return promised("getIndex", args, opts);
}

/** {@link getIndex} as an output. */
export function getIndexOutput(
  args: GetIndexOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetIndexResult> {
  return eventual("getIndex", args, opts);
}

/** Which collection to look into. */
export interface ListIndexesArgs {
  /** The name of the collection. */
  collection: string;
  /** The database. Default: that of the provider, `default` when it names none. */
  databaseName?: string;
}

/** Which collection to look into; what names it may be an output. */
export interface ListIndexesOutputArgs {
  /** A Collection of the program, whose server and database count then, or the name of one. */
  collection: Collection | pulumi.Input<string>;
  /** The database. Default: that of the provider, `default` when it names none. */
  databaseName?: pulumi.Input<string>;
}

/** The indexes of a collection. */
export interface ListIndexesResult {
  /** The name of the collection. */
  collectionName: string;
  /** The database it is in. */
  databaseName: string;
  /** Its indexes, sorted by name; none is an empty list. */
  indexes: GetIndexResult[];
}

/** All indexes of a collection; an error when there is no such collection. */
export function listIndexes(args: ListIndexesArgs, opts?: pulumi.InvokeOptions): Promise<ListIndexesResult> {
  return promised("listIndexes", args, opts);
}

/** {@link listIndexes} as an output. */
export function listIndexesOutput(
  args: ListIndexesOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<ListIndexesResult> {
  return eventual("listIndexes", args, opts);
}

/** Which Milvus a server is. */
export interface GetServerVersionResult {
  /** As the server says it, such as `v2.3.5-lite` (a full standalone server) or `milvus_lite-3.2.2`. */
  text: string;
  /**
   * Milvus Lite is another product, with numbers of its own. Those of Zilliz Cloud are of the Milvus that it is
   * compatible with.
   */
  product: "Milvus" | "Milvus Lite" | "Zilliz Cloud";
  /** Such as `2.3.5`, or `2.6` when the server names no more; missing, like its numbers, when it names none. */
  version?: string;
  /** Such as 2. */
  major?: number;
  /** Such as 3. */
  minor?: number;
  /** Such as 5; missing for a development build and for Zilliz Cloud, which name a line alone: its newest patch. */
  patch?: number;
}

/**
 * Which version the server is; for programs that declare what newer ones have. What comes with which version:
 * docs/versions.md.
 */
export function getServerVersion(opts?: pulumi.InvokeOptions): Promise<GetServerVersionResult> {
  return promised("getServerVersion", {}, opts);
}

/** {@link getServerVersion} as an output. */
export function getServerVersionOutput(
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetServerVersionResult> {
  return eventual("getServerVersion", {}, opts);
}

type Arguments = Readonly<Record<string, unknown>>;
type Settings = Readonly<Record<string, unknown>>;

async function promised<T>(name: string, args: object, opts: pulumi.InvokeOptions = {}): Promise<T> {
  const settings = settingsFor(name, opts, undefined);
  if (settings && !(await isKnown(settings)))
    throw failure(
      name,
      `the settings of its Provider are not known yet at preview: use ${name}Output, which then is not known either`,
    );
  return run(name, args as Arguments, settings && (await valueOf(settings)));
}

function eventual<T>(
  name: string,
  args: object,
  { dependsOn, ...opts }: pulumi.InvokeOutputOptions = {},
): pulumi.Output<T> {
  const { collection, ...rest } = args as Arguments;
  const identity = collectionIdentity(collection);
  const given = collection === undefined ? rest : { ...rest, collection };
  const settings = settingsFor(name, opts, identity?.provider);
  const wanted = identity
    ? { databaseName: identity.databaseName, ...rest, collection: identity.name }
    : given;
  const needed = [wanted, settings, identity?.id, dependsOn && made(dependsOn)] as const;
  const answer: pulumi.Output<unknown> = pulumi
    .output(needed)
    .apply(([known, found]) => run<T>(name, known as Arguments, found));
  return answer as pulumi.Output<T>;
}

/** Known once all of them are made, so that nothing is looked up at preview that they have yet to make. */
function made(dependsOn: NonNullable<pulumi.InvokeOutputOptions["dependsOn"]>): pulumi.Output<unknown> {
  return pulumi
    .output(dependsOn as pulumi.Input<pulumi.Resource | pulumi.Resource[]>)
    .apply((resources) =>
      pulumi.all([resources].flat().map((one) => (pulumi.CustomResource.isInstance(one) ? one.id : one.urn))),
    );
}

/** Those of the Provider; without one, stack config and environment count. Used here alone, so they make no secrets. */
function settingsFor(
  name: string,
  { provider, parent }: pulumi.InvokeOptions,
  collections: pulumi.ProviderResource | undefined,
): pulumi.Output<Settings> | undefined {
  const chosen = provider ?? collections ?? parent?.getProvider("pulumi-nodejs:index:Resource");
  const settings = chosen && settingsOf(chosen)?.settings;
  if (settings === undefined && provider !== undefined)
    throw failure(
      name,
      "its provider is no Provider of this package: make one with new milvus.Provider(...)",
    );
  if (settings === undefined) return undefined;
  return pulumi.unsecret(pulumi.output(settings));
}

async function run<T>(name: string, args: Arguments, settings: Settings | undefined): Promise<T> {
  if (isMocked()) return (await lookedUpInMocks(name, args)) as T;
  // Brings the Milvus client with it, which takes a third of a second: a program without look-ups never pays for it.
  const { lookUp } = await import("../../provider/engines/lookups.js");
  const config = new pulumi.Config("milvus");
  try {
    refuseUnknownConfig();
    return (await lookUp(name, args, (key) => (settings ? settings[`milvus:${key}`] : config.get(key)))) as T;
  } catch (error) {
    throw failure(name, error instanceof Error ? error.message : String(error));
  }
}

/**
 * Shown without a call stack. It has none either: Pulumi has Node colour the stack of what a program fails with, and
 * Node 20 takes ten seconds for one that leads through `node_modules/@pulumi/resource.ts`, and then gives up.
 */
function failure(name: string, reason: string): pulumi.RunError {
  const error = new pulumi.RunError(`${name}: ${reason}`);
  error.stack = String(error);
  return error;
}
