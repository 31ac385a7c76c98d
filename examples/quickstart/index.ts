import * as milvus from "pulumi-milvus";

const documents = new milvus.Collection("documents", {
  description: "What the assistant may quote",
  fields: [
    { name: "id", dataType: "Int64", isPrimaryKey: true },
    { name: "title", dataType: "VarChar", maxLength: 512 },
    { name: "year", dataType: "Int64" },
    { name: "embedding", dataType: "FloatVector", dim: 8 },
  ],
});

for (const year of ["y2023", "y2024", "y2025"]) {
  new milvus.Partition(year, { collection: documents });
}

new milvus.Index("by_meaning", {
  collection: documents,
  fieldName: "embedding",
  indexType: "HNSW",
  metricType: "COSINE",
  params: { M: 16, efConstruction: 200 },
});
new milvus.Index("by_year", { collection: documents, fieldName: "year", indexType: "STL_SORT" });

export const collectionName = documents.collectionName;
export const collectionId = documents.collectionId;
