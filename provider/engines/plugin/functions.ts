/** What programs look up (lookups.ts), as the schema has it. */
import { optional, type Properties, required } from "../../core/properties";
import { flag, json, list, record, type Shape, string, stringMap, whole } from "../../core/shapes";
import { resources } from "../../registry";

interface LookupSpec {
  readonly doc: string;
  readonly args: Properties;
  readonly results: Properties;
}

const told = <T>(shape: Shape<T>, doc: string) => required(shape, { doc, change: "ignore" });
const maybe = <T>(shape: Shape<T>, doc: string) => optional(shape, { doc, change: "ignore" });

/** Sorted by name. */
const listed = (typeName: string, doc: string, properties: Properties, more = "") =>
  told(list(record({ typeName, doc }, properties)), `By name${more}.`);

const databaseName = maybe(
  string(),
  "The database. Default: that of the provider, `default` when it names none.",
);
/** A Collection of the program is taken as well; the schema says so. */
const collection = told(string(), "The name of the collection.");
const inCollection = {
  collectionName: collection,
  databaseName: told(string(), "The database it is in."),
};

const givenId = told(string(), "The id that the server gave it.");
const partitionName = told(string(), "The name of the partition.");

const { fields, functions } = resources.collection.inputs;

const index = {
  indexName: told(string(), "The name of the index."),
  fieldName: told(string(), "The field it is on."),
  indexType: maybe(string(), "Such as `HNSW`."),
  metricType: maybe(string(), "How vectors are compared."),
  params: told(json(), "Parameters of the index type."),
  state: told(string(), "`building`, `finished` or `failed`."),
  failReason: maybe(string(), "Why it failed."),
  indexedRows: told(whole(), "How many rows are indexed."),
  totalRows: told(whole(), "How many rows there are to index."),
};

export const FUNCTIONS: Readonly<Record<string, LookupSpec>> = {
  getCollection: {
    doc: "A collection, as the server has it. Fails when there is none.",
    args: { collectionName: collection, databaseName },
    results: {
      ...inCollection,
      collectionId: told(string(), "The id that the server gave it. Empty on Milvus Lite, which gives none."),
      description: told(string(), "What it is for."),
      fields: { ...(fields as Properties[string]), required: true },
      functions: { ...(functions as Properties[string]), required: true },
      enableDynamicField: told(flag(), "Whether rows may have what the schema does not name."),
      consistencyLevel: maybe(string(), "The default for searches."),
      shardsNum: maybe(whole(), "How many shards it has."),
      numPartitions: maybe(whole(), "Of a partition key: how many partitions Milvus spreads rows over."),
      properties: told(stringMap(), "Properties such as `collection.ttl.seconds`."),
      aliases: told(list(string()), "The aliases that point at it."),
    },
  },
  listCollections: {
    doc: "The collections of a database.",
    args: { databaseName },
    results: {
      databaseName: told(string(), "The database."),
      collections: listed("ListedCollection", "A collection of a list.", {
        collectionName: collection,
        collectionId: givenId,
      }),
    },
  },
  hasPartition: {
    doc: "Whether a collection has a partition.",
    args: { collection, partitionName, databaseName },
    results: { result: told(flag(), "Whether it has.") },
  },
  listPartitions: {
    doc: "The partitions of a collection. Fails when there is no such collection.",
    args: { collection, databaseName },
    results: {
      ...inCollection,
      partitions: listed(
        "ListedPartition",
        "A partition of a list.",
        { partitionName, partitionId: givenId },
        "; `_default` is Milvus's own",
      ),
    },
  },
  getPartitionStats: {
    doc: "How many rows a partition holds. Fails when there is none.",
    args: { collection, partitionName, databaseName },
    results: {
      ...inCollection,
      partitionName,
      rowCount: told(whole(), "How many rows it holds."),
      isExact: told(flag(), "Whether that counts what is not written out yet, and not what was deleted."),
    },
  },
  getIndex: {
    doc: "An index of a collection. Fails when there is none.",
    args: { collection, indexName: told(string(), "The name of the index."), databaseName },
    results: { ...inCollection, ...index },
  },
  listIndexes: {
    doc: "The indexes of a collection.",
    args: { collection, databaseName },
    results: {
      ...inCollection,
      indexes: listed("ListedIndex", "An index of a list.", { ...inCollection, ...index }),
    },
  },
  getServerVersion: {
    doc: "Which Milvus the server says it is.",
    args: {},
    results: {
      text: told(string(), "As the server says it."),
      product: told(string(), "Such as `milvus` or `zilliz-cloud`."),
      version: maybe(string(), "MAJOR.MINOR.PATCH, as far as it says."),
      major: maybe(whole(), "The first number."),
      minor: maybe(whole(), "The second number."),
      patch: maybe(whole(), "The third number."),
    },
  },
};
