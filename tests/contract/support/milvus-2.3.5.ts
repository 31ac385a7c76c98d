/** What the contracts expect of Milvus 2.3.5: of a real one, and of the fake. */
import type { Field } from "../../../provider/milvus/fields";
import type { Expectations } from "../gateway-contract";
import type { NameExpectations } from "../names-contract";

const ARRAYS = ["Bool", "Int8", "Int16", "Int32", "Int64", "Float", "Double"].map(
  (elementType): { declared: Field } => ({
    declared: { name: "more", dataType: "Array", elementType, maxCapacity: 4096 },
  }),
);

/** Some of them throw UNIMPLEMENTED, where most calls of the SDK give an empty reply. */
export const SCHEMA_CHANGES: Expectations["unsupported"] = [
  [
    "AddCollectionField",
    (milvus, ref) => milvus.collections.addField(ref, { name: "more", dataType: "Int64", nullable: true }),
  ],
  ["AlterCollectionSchema", (milvus, ref) => milvus.collections.dropField(ref, "number")],
  ["AlterCollectionSchema", (milvus, ref) => milvus.collections.dropFunction(ref, "by_words")],
  [
    "AlterCollectionSchema",
    (milvus, ref) =>
      milvus.collections.addFunction(
        ref,
        { name: "by_words", type: "BM25", inputFieldNames: ["words"], outputFieldNames: ["sparse"] },
        { name: "sparse", dataType: "SparseFloatVector" },
        { indexType: "SPARSE_INVERTED_INDEX", metricType: "BM25" },
      ),
  ],
];

export const MILVUS_2_3_5: Expectations = {
  version: { product: "Milvus", version: [2, 3, 5], text: "v2.3.5-lite" },
  id: /^\d{10,}$/,
  fields: [
    {
      declared: { name: "key", dataType: "Int64", isPrimaryKey: true, autoId: true, description: "The key" },
    },
    { declared: { name: "key", dataType: "VarChar", maxLength: 36, isPrimaryKey: true } },
    { declared: { name: "key", dataType: "VarChar", maxLength: 36, isPrimaryKey: true, autoId: true } },
    { declared: { name: "more", dataType: "Bool", defaultValue: true, description: "What it is" } },
    { declared: { name: "more", dataType: "Bool", defaultValue: false } },
    { declared: { name: "more", dataType: "Int8", defaultValue: -128 } },
    { declared: { name: "more", dataType: "Int16", defaultValue: 32_767 } },
    { declared: { name: "more", dataType: "Int32", defaultValue: 0 } },
    { declared: { name: "more", dataType: "Int64", defaultValue: 5 } },
    // Beyond what JavaScript counts exactly.
    { declared: { name: "more", dataType: "Int64", defaultValue: "9223372036854775807" } },
    { declared: { name: "more", dataType: "Float", defaultValue: 0.25 } },
    {
      declared: { name: "more", dataType: "Float", defaultValue: 0.1 },
      read: { defaultValue: Math.fround(0.1) },
    },
    { declared: { name: "more", dataType: "Double", defaultValue: 0.1 } },
    { declared: { name: "more", dataType: "VarChar", maxLength: 65_535, defaultValue: "none – “yet”" } },
    { declared: { name: "more", dataType: "VarChar", maxLength: 1, defaultValue: "" } },
    { declared: { name: "more", dataType: "VarChar", maxLength: 20, isPartitionKey: true } },
    {
      declared: {
        name: "more",
        dataType: "VarChar",
        maxLength: 20,
        enableAnalyzer: true,
        enableMatch: true,
        analyzerParams: { type: "english", stop_words: ["a", "the"] },
      },
    },
    { declared: { name: "more", dataType: "JSON" } },
    ...ARRAYS,
    { declared: { name: "more", dataType: "Array", elementType: "VarChar", maxLength: 7, maxCapacity: 1 } },
    { declared: { name: "more", dataType: "FloatVector", dim: 32_768 } },
    { declared: { name: "more", dataType: "BinaryVector", dim: 16 } },
    // Stored unchecked and without effect, which is why the version table keeps programs from declaring them.
    { declared: { name: "more", dataType: "Int64", nullable: true }, read: { nullable: undefined } },
    {
      declared: { name: "more", dataType: "Int64", isClusteringKey: true },
      read: { isClusteringKey: undefined },
    },
    { declared: { name: "more", dataType: "Float16Vector", dim: 8 } },
    { declared: { name: "more", dataType: "BFloat16Vector", dim: 8 } },
    { declared: { name: "more", dataType: "SparseFloatVector" } },
  ],
  refusedFields: [
    {
      declared: { name: "second", dataType: "FloatVector", dim: 8 },
      reason: /multiple vector fields is not supported/,
    },
  ],
  // Dropped without a word, which is why the version table keeps programs from declaring them.
  functions: [],
  described: {
    description: "What the assistant may quote",
    consistencyLevel: "Session",
    shardsNum: 2,
    numPartitions: 5,
  },
  removingProperties: /only support alter collection properties, but collection properties is empty/,
  creatingPartitionAgain: "done",
  droppingLoadedPartition: /partition cannot be dropped, partition is loaded, please release it first/,
  droppingDefaultPartition: /default partition cannot be deleted/,
  partitionKeyPartitions: ["_default_0", "_default_1", "_default_2"],
  scalarIndexType: "STL_SORT",
  indexNames: "kept",
  creatingIndexAgain: "done",
  droppingIndexOfLoaded: /index cannot be dropped, collection is loaded, please release it first/,
  newCollection: "not loaded",
  releasingPartitions: "done",
  loadingPartitions: "done",
  flushedRowsBeforeFlush: () => 0,
  countWhileReleased: (flushedRows) => ({ kind: "unknown", flushedRows }),
  unsupported: [
    ...SCHEMA_CHANGES,
    [
      "AlterCollectionField",
      (milvus, ref) => milvus.collections.setFieldProperties(ref, "embedding", { "mmap.enabled": "true" }),
    ],
    [
      "DescribeDatabase",
      (milvus) =>
        milvus.call({
          operation: "DescribeDatabase",
          object: "database default",
          run: (client, timeout) => client.describeDatabase({ db_name: "default", timeout }),
        }),
    ],
  ],
};

export const NAMES_OF_2_3_5: NameExpectations = {
  droppingAliased: "leaves it pointing nowhere",
  databaseProperties: "not reported",
  droppingUsedDatabase: /not empty, must drop all collections before drop database/,
  creatingDatabaseAgain: /database already exist/,
};
