import * as milvus from "pulumi-milvus";

// Before the program, which declares its resources when it is imported.
import { valueOf } from "./mocks";
import { documents, partitions } from "./index";

test("the application finds what it searches", async () => {
  expect(await valueOf(documents.collectionName)).toBe("documents");
  const names = partitions.map(({ partitionName }) => valueOf(partitionName));
  expect(await Promise.all(names)).toEqual(["y2024", "y2025"]);
});

test("its data is protected", async () => {
  expect(await valueOf(documents.protectData)).toBe(true);
});

test("a misspelt parameter is found", () => {
  const misspelt = () =>
    new milvus.Index("by_meaning", {
      collection: documents,
      fieldName: "embedding",
      indexType: "HNSW",
      metricType: "COSINE",
      params: { M: 16, efConstrution: 200 },
    });
  expect(misspelt).toThrow('did you mean "efConstruction"?');
});
