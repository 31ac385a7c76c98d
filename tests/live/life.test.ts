/** The life of a stack from the first up to destroy: what it makes, gives back and keeps in the state. */
import type { OperationResult, StateResource, Workspace } from "../../tools/stack";
import { live, program, said } from "./support/live";
import { ofDynamic } from "./support/of-dynamic";
import { rows } from "./support/milvus";

const context = live();
const { milvus, database } = context;
const docs = context.name("documents");

const STATEMENTS = [
  `const docs = new milvus.Collection("documents", {
     collectionName: "${docs}",
     description: "What the assistant may quote",
     fields: [
       { name: "id", dataType: "Int64", isPrimaryKey: true },
       { name: "year", dataType: "Int64" },
       { name: "embedding", dataType: "FloatVector", dim: 8 },
     ],
     enableDynamicField: true,
     consistencyLevel: "Strong",
     shardsNum: 2,
     properties: { "collection.ttl.seconds": 86400 },
     timeouts: { create: 120 },
   });`,
  `const y2023 = new milvus.Partition("y2023", { collection: docs });`,
  `const y2024 = new milvus.Partition("y2024", { collection: docs });`,
  `const by_meaning = new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding",
     indexType: "HNSW", metricType: "COSINE", params: { M: 16, efConstruction: 200 } });`,
  `const by_year = new milvus.Index("by_year", { collection: docs, fieldName: "year", indexType: "STL_SORT" });`,
  `const outputs = (resource, ...names) => pulumi.all(names.map((name) => [name, resource[name]]))
     .apply((pairs) => Promise.all(pairs.map(([name, value]) => [name, value])))
     .apply(Object.fromEntries);`,
  `exports.collection = outputs(docs, "id", "collectionId", "databaseName", "collectionName", "description", "fields",
     "enableDynamicField", "consistencyLevel", "shardsNum", "properties");`,
  `exports.partition = outputs(y2024, "id", "partitionId", "collectionId", "collectionName", "databaseName",
     "partitionName");`,
  `exports.index = outputs(by_meaning, "id", "indexName", "fieldName", "indexType", "metricType", "params",
     "collectionId", "collectionName", "databaseName");`,
];
const declared = program(...STATEMENTS);

/** Only looks: the same objects by their ids, and by name. */
const looking = program(
  ...STATEMENTS,
  `const found = milvus.Collection.get("found", "${database}/${docs}");`,
  `const foundPartition = milvus.Partition.get("foundPartition", "${database}/${docs}/y2023");`,
  `const foundIndex = milvus.Index.get("foundIndex", "${database}/${docs}/by_year");`,
  `exports.found = outputs(found, "collectionId", "description", "shardsNum");`,
  `exports.foundPartition = outputs(foundPartition, "partitionId", "partitionName", "collectionName");`,
  `exports.foundIndex = outputs(foundIndex, "fieldName", "indexType", "indexName");`,
  `new milvus.Partition("by_name", { collection: "${docs}" });`,
);

function isOf(kind: string): (resource: StateResource) => boolean {
  return ({ type }) => type.endsWith(`:${kind}`);
}

describe("A stack", () => {
  let stack: Workspace;
  let up: OperationResult;
  let outputs: Record<string, unknown>;
  let resources: StateResource[];
  let collectionId: string;

  beforeAll(async () => {
    stack = await context.stack(declared);
    up = await stack.up();
    outputs = await stack.outputs();
    resources = await stack.resources();
    collectionId = await milvus.collectionId(docs);
  });

  test("makes the collection as it is declared", async () => {
    const { schema, shards_num, consistency_level } = await milvus.describe(docs);
    expect(schema.fields.map(({ name, data_type }) => [name, data_type])).toEqual([
      ["id", "Int64"],
      ["year", "Int64"],
      ["embedding", "FloatVector"],
    ]);
    expect(schema).toMatchObject({ description: "What the assistant may quote", enable_dynamic_field: true });
    expect([shards_num, consistency_level]).toEqual([2, "Strong"]);
    expect(await milvus.property(docs, "collection.ttl.seconds")).toBe("86400");
  });

  test("makes its partitions and indexes", async () => {
    expect(await milvus.partitions(docs)).toEqual(["y2023", "y2024"]);
    expect(await milvus.indexes(docs)).toMatchObject([
      { name: "by_meaning", field: "embedding", type: "HNSW", metric: "COSINE" },
      { name: "by_year", field: "year", type: "STL_SORT" },
    ]);
    expect(up.summary).toMatchObject({ create: 6 });
  });

  test("gives back the collection with the ids of the server and every input", () => {
    expect(outputs["collection"]).toEqual({
      id: `${database}/${docs}`,
      collectionId,
      databaseName: database,
      collectionName: docs,
      description: "What the assistant may quote",
      fields: [
        { name: "id", dataType: "Int64", isPrimaryKey: true },
        { name: "year", dataType: "Int64" },
        { name: "embedding", dataType: "FloatVector", dim: 8 },
      ],
      enableDynamicField: true,
      consistencyLevel: "Strong",
      shardsNum: 2,
      properties: { "collection.ttl.seconds": "86400" },
    });
  });

  test("gives back the partition with the ids of the server and every input", async () => {
    expect(outputs["partition"]).toEqual({
      id: `${database}/${docs}/y2024`,
      partitionId: await milvus.partitionId(docs, "y2024"),
      collectionId,
      collectionName: docs,
      databaseName: database,
      partitionName: "y2024",
    });
  });

  test("gives back the index with the id of its collection and every input", () => {
    expect(outputs["index"]).toEqual({
      id: `${database}/${docs}/by_meaning`,
      indexName: "by_meaning",
      fieldName: "embedding",
      indexType: "HNSW",
      metricType: "COSINE",
      params: { M: 16, efConstruction: 200 },
      collectionId,
      collectionName: docs,
      databaseName: database,
    });
  });

  test("has no secret in its state in plain text", async () => {
    expect(JSON.stringify(await stack.stackExport())).not.toContain(context.secret);
    expect(said(up)).not.toContain(context.secret);
  });

  test("keeps less than 1 KB of inputs and outputs of a partition", () => {
    const { inputs, outputs: outs, ...rest } = resources.find(isOf("Partition")) as StateResource;
    const size = JSON.stringify({ inputs, outputs: outs }).length;
    console.log(
      `state of a partition: ${size} bytes of inputs and outputs, ` +
        `${size + JSON.stringify(rest).length} bytes in all`,
    );
    expect(size).toBeLessThan(1024);
  });

  ofDynamic.each([
    ["Collection", 'exports.handler = () => require("pulumi-milvus/provider").collection;'],
    ["Partition", 'exports.handler = () => require("pulumi-milvus/provider").partition;'],
    ["Index", 'exports.handler = () => require("pulumi-milvus/provider").index;'],
  ])("keeps the promised provider text of a %s, letter for letter", (kind, text) => {
    const found = resources.filter(isOf(kind));
    expect(found.length).toBeGreaterThan(0);
    for (const { type, inputs, outputs: outs } of found) {
      expect(type).toBe(`pulumi-nodejs:dynamic/milvus:${kind}`);
      expect(inputs?.["__provider"]).toBe(text);
      expect(outs?.["__provider"]).toBe(text);
    }
  });

  test("is searchable once it is loaded", async () => {
    await milvus.insert(docs, rows(50), "y2024");
    await milvus.load(docs);
    expect(await milvus.nearest(docs, 17)).toBe(17);
  });

  test("shows no changes at a second preview", async () => {
    const { summary } = await stack.preview({ args: ["--expect-no-changes"] });
    expect(summary).toMatchObject({ create: 0, update: 0, delete: 0, replace: 0 });
  });

  describe("that looks up objects by id and by name", () => {
    let result: OperationResult;
    let found: Record<string, unknown>;
    beforeAll(async () => {
      stack.program(looking);
      result = await stack.up();
      found = await stack.outputs();
    });

    test("gets a collection by its id", () => {
      expect(found["found"]).toEqual({
        collectionId,
        description: "What the assistant may quote",
        shardsNum: 2,
      });
    });

    test("gets a partition by its id", async () => {
      expect(found["foundPartition"]).toEqual({
        partitionId: await milvus.partitionId(docs, "y2023"),
        partitionName: "y2023",
        collectionName: docs,
      });
    });

    test("gets an index by its id", () => {
      expect(found["foundIndex"]).toEqual({ fieldName: "year", indexType: "STL_SORT", indexName: "by_year" });
    });

    test("makes a partition in a collection given by name", async () => {
      expect(result.summary.create).toBeLessThanOrEqual(4);
      expect(await milvus.partitions(docs)).toEqual(["by_name", "y2023", "y2024"]);
    });

    test("leaves what it only looked at alone when it stops looking", async () => {
      stack.program(declared);
      await stack.up();
      expect(await milvus.partitions(docs)).toEqual(["y2023", "y2024"]);
      expect(await milvus.indexNames(docs)).toEqual(["by_meaning", "by_year"]);
      expect(await milvus.collectionId(docs)).toBe(collectionId);
    });
  });

  describe("that is destroyed", () => {
    let result: OperationResult;
    beforeAll(async () => {
      result = await stack.destroy();
    });

    test("leaves nothing on the server", async () => {
      expect(await milvus.exists(docs)).toBe(false);
    });

    test("says how many entities went", () => {
      expect(said(result)).toContain(`dropped collection ${database}/${docs} with 50 entities`);
    });

    test("leaves nothing in the state", async () => {
      expect(await stack.resources()).toEqual([]);
    });
  });
});
