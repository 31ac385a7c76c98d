import * as milvus from "pulumi-milvus";

export const documents = new milvus.Collection("documents", {
  fields: [
    { name: "id", dataType: "Int64", isPrimaryKey: true },
    { name: "embedding", dataType: "FloatVector", dim: 768 },
  ],
  protectData: true,
});

export const partitions = ["y2024", "y2025"].map(
  (year) => new milvus.Partition(year, { collection: documents }),
);
