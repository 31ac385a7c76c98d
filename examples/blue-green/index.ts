/**
 * A collection that is searched through the alias "documents" and changed while it is.
 *
 * Change `dim`, or the index: the next `pulumi up` makes a new collection beside the one that serves, with its partitions
 * and its index, loads it, and points the alias at it in one step. The old one stays while it holds data, and the error
 * of that `pulumi up` says how to let it go.
 */
import * as milvus from "pulumi-milvus";

const documents = new milvus.CollectionBehindAlias("documents", {
  description: "What the assistant may quote",
  fields: [
    { name: "id", dataType: "Int64", isPrimaryKey: true },
    { name: "title", dataType: "VarChar", maxLength: 512 },
    { name: "embedding", dataType: "FloatVector", dim: 8 },
  ],
  partitionNames: ["y2023", "y2024", "y2025"],
  indexes: {
    by_meaning: {
      fieldName: "embedding",
      indexType: "HNSW",
      metricType: "COSINE",
      params: { M: 16, efConstruction: 200 },
    },
  },
  load: { replicaNumber: 1 },
  // A new collection is empty. Copy the rows here, with a resource that is made for each new collection: the alias waits.
  // filledBy: (collection) => new CopiedRows("copy", { into: collection.collectionName }),
});

export const searchThrough = documents.aliasName;
export const servedBy = documents.collectionName;
