/** The gateway on a real Milvus Lite 3.2.2. */
import type { Field } from "../../provider/milvus/fields";
import { testServers } from "../support/servers";
import { gatewayContract } from "./gateway-contract";
import { namesContract } from "./names-contract";
import { SCHEMA_CHANGES } from "./support/milvus-2.3.5";

const ARRAYS = ["Bool", "Int8", "Int16", "Int32", "Int64", "Float", "Double"].map(
  (elementType): { declared: Field } => ({
    declared: { name: "more", dataType: "Array", elementType, maxCapacity: 4096 },
  }),
);
const UNSUPPORTED_TYPE = /which MilvusLite does not support/;

gatewayContract("Milvus Lite 3.2.2", () => testServers().lite, {
  version: { product: "Milvus Lite", version: [3, 2, 2], text: "milvus_lite-3.2.2" },
  id: undefined,
  fields: [
    // Descriptions are forgotten.
    {
      declared: { name: "key", dataType: "Int64", isPrimaryKey: true, autoId: true, description: "The key" },
      read: { description: undefined },
    },
    { declared: { name: "key", dataType: "VarChar", maxLength: 36, isPrimaryKey: true } },
    { declared: { name: "more", dataType: "Bool", defaultValue: true } },
    { declared: { name: "more", dataType: "Bool", defaultValue: false } },
    { declared: { name: "more", dataType: "Int8", defaultValue: -128 } },
    { declared: { name: "more", dataType: "Int16", defaultValue: 32_767 } },
    { declared: { name: "more", dataType: "Int32", defaultValue: 0 } },
    { declared: { name: "more", dataType: "Int64", defaultValue: "9223372036854775807" } },
    {
      declared: { name: "more", dataType: "Float", defaultValue: 0.1 },
      read: { defaultValue: Math.fround(0.1) },
    },
    { declared: { name: "more", dataType: "Double", defaultValue: 0.1 } },
    { declared: { name: "more", dataType: "VarChar", maxLength: 65_535, defaultValue: "none – “yet”" } },
    { declared: { name: "more", dataType: "VarChar", maxLength: 10, nullable: true, defaultValue: "" } },
    { declared: { name: "more", dataType: "VarChar", maxLength: 20, isPartitionKey: true } },
    { declared: { name: "more", dataType: "Int64", nullable: true } },
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
    { declared: { name: "more", dataType: "Geometry" } },
    { declared: { name: "more", dataType: "Timestamptz" } },
    ...ARRAYS,
    // The length of elements is forgotten.
    {
      declared: { name: "more", dataType: "Array", elementType: "VarChar", maxLength: 7, maxCapacity: 1 },
      read: { maxLength: undefined },
    },
    { declared: { name: "more", dataType: "FloatVector", dim: 32_768 } },
    { declared: { name: "more", dataType: "SparseFloatVector" } },
    // Taken without effect, which is why the version table keeps programs from declaring them.
    {
      declared: { name: "more", dataType: "Int64", isClusteringKey: true },
      read: { isClusteringKey: undefined },
    },
    { declared: { name: "more", dataType: "JSON", mmapEnabled: true }, read: { mmapEnabled: undefined } },
  ],
  refusedFields: [
    { declared: { name: "more", dataType: "BinaryVector", dim: 16 }, reason: UNSUPPORTED_TYPE },
    { declared: { name: "more", dataType: "Float16Vector", dim: 8 }, reason: UNSUPPORTED_TYPE },
    { declared: { name: "more", dataType: "BFloat16Vector", dim: 8 }, reason: UNSUPPORTED_TYPE },
    { declared: { name: "more", dataType: "Int8Vector", dim: 8 }, reason: UNSUPPORTED_TYPE },
    { declared: { name: "more", dataType: "Text" }, reason: UNSUPPORTED_TYPE },
  ],
  functions: [{ name: "bm25", type: "BM25", inputFieldNames: ["words"], outputFieldNames: ["sparse"] }],
  // Description, consistency level, shards and numPartitions are forgotten, and not made up.
  described: {
    description: undefined,
    consistencyLevel: undefined,
    shardsNum: undefined,
    numPartitions: undefined,
  },
  removingProperties: "done",
  creatingPartitionAgain: /^y2024$/,
  droppingLoadedPartition: "done",
  droppingDefaultPartition: /cannot remove default partition '_default'/,
  partitionKeyPartitions: ["_default", ...Array.from({ length: 16 }, (_, at) => `_pk_${at}`)],
  scalarIndexType: "INVERTED",
  indexNames: "those of the fields",
  creatingIndexAgain: /index already exists for field 'embedding'/,
  droppingIndexOfLoaded: /index cannot be dropped on loaded collection; call release\(\) first/,
  newCollection: "loaded",
  releasingPartitions: "unsupported",
  loadingPartitions: "unsupported",
  flushedRowsBeforeFlush: (inserted) => inserted,
  // It answers all the same.
  countWhileReleased: (rows) => ({ kind: "exact", rows }),
  unsupported: [
    [
      "AlterCollectionField",
      (milvus, ref) => milvus.collections.setFieldProperties(ref, "embedding", { "mmap.enabled": "true" }),
    ],
    ...SCHEMA_CHANGES,
    ["ReleasePartitions", (milvus, ref) => milvus.loading.releasePartitions(ref, ["_default"])],
    [
      "CreateResourceGroup",
      (milvus) =>
        milvus.call({
          operation: "CreateResourceGroup",
          object: "resource group a",
          run: (client, timeout) => client.createResourceGroup({ resource_group: "a", timeout }),
        }),
    ],
  ],
});

namesContract("Milvus Lite 3.2.2", () => testServers().lite, {
  droppingAliased: "drops it as well",
  databaseProperties: "kept",
  droppingUsedDatabase: /is not empty/,
  creatingDatabaseAgain: /already exists/,
});
