import * as milvus from "pulumi-milvus";

const documents = new milvus.Collection("documents", {
  description: "What the assistant may quote",
  fields: [
    { name: "id", dataType: "Int64", isPrimaryKey: true },
    { name: "title", dataType: "VarChar", maxLength: 512 },
    // As many dimensions as the vectors of your model have.
    { name: "embedding", dataType: "FloatVector", dim: 768 },
  ],
});

// Taken out of the program, it is released and dropped with its data at the next `pulumi up`.
// `npx pulumi-milvus preview` says before how much data that is.
new milvus.Partition("y2024", { collection: documents });

const byMeaning = new milvus.Index("by_meaning", {
  collection: documents,
  fieldName: "embedding",
  indexType: "HNSW", // AUTOINDEX, without params, on Zilliz Cloud
  metricType: "COSINE",
  params: { M: 16, efConstruction: 200 },
});

// Only what is loaded can be searched, and only what has an index can be loaded.
new milvus.CollectionLoad("loaded", { collection: documents }, { dependsOn: byMeaning });

export const collectionName = documents.collectionName;
export const collectionId = documents.collectionId;
