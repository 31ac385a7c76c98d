import * as assert from "node:assert";
import { test } from "node:test";

import * as milvus from "pulumi-milvus";

// Before the program, which declares its resources when it is imported.
import { valueOf } from "./mocks";
import { documents, partitions } from "./index";

test("the application finds what it searches", async () => {
  assert.strictEqual(await valueOf(documents.collectionName), "documents");
  const names = partitions.map(({ partitionName }) => valueOf(partitionName));
  assert.deepStrictEqual(await Promise.all(names), ["y2024", "y2025"]);
});

test("its data is protected", async () => {
  assert.strictEqual(await valueOf(documents.protectData), true);
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
  assert.throws(misspelt, /did you mean "efConstruction"\?/);
});
