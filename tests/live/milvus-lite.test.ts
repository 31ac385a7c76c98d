/** What Milvus Lite has and 2.3.5 does not: several vectors, nullable fields, properties of databases. */
import type { Workspace } from "../../tools/stack";
import { accessTo, live, program, said } from "./support/live";

const context = live();
const { lite } = context;

describe("On Milvus Lite", () => {
  const many = context.name("many");
  let stack: Workspace;

  beforeAll(async () => {
    stack = await context.stack(
      program(
        `const many = new milvus.Collection("many", {
           collectionName: "${many}",
           description: "What Lite does not keep",
           enableDynamicField: true,
           fields: [
             { name: "id", dataType: "Int64", isPrimaryKey: true },
             { name: "note", dataType: "VarChar", maxLength: 64, nullable: true, description: "May be missing" },
             { name: "texts", dataType: "Array", elementType: "VarChar", maxLength: 32, maxCapacity: 8 },
             { name: "dense", dataType: "FloatVector", dim: 8 },
             { name: "second", dataType: "FloatVector", dim: 16 },
             { name: "sparse", dataType: "SparseFloatVector" },
           ],
         });`,
        `new milvus.Partition("y2024", { collection: many });`,
        `new milvus.Index("by_meaning", { collection: many, fieldName: "dense", indexType: "HNSW", metricType: "COSINE",
           params: { M: 8, efConstruction: 64 } });`,
        `new milvus.Index("by_second", { collection: many, fieldName: "second", indexType: "FLAT", metricType: "L2" });`,
        `new milvus.Index("by_words", { collection: many, fieldName: "sparse", indexType: "SPARSE_INVERTED_INDEX",
           metricType: "IP" });`,
      ),
      { config: accessTo(lite.server) },
    );
    await stack.up();
  });

  test("several vectors, a sparse one among them, and nullable fields are made", async () => {
    const { schema } = await lite.describe(many);
    expect(schema.fields.map(({ name, data_type }) => `${name} ${data_type}`)).toEqual([
      "id Int64",
      "note VarChar",
      "texts Array",
      "dense FloatVector",
      "second FloatVector",
      "sparse SparseFloatVector",
    ]);
    expect(schema.fields.find(({ name }) => name === "note")?.nullable).toBe(true);
    expect(await lite.partitions(many)).toEqual(["y2024"]);
    expect((await lite.indexes(many)).map(({ field }) => field).sort()).toEqual([
      "dense",
      "second",
      "sparse",
    ]);
  });

  test("a second preview shows no changes", async () => {
    const { summary } = await stack.preview({ args: ["--expect-no-changes"] });
    expect(summary).toMatchObject({ create: 0, update: 0, delete: 0, replace: 0 });
  });

  test("a refresh finds nothing that differs", async () => {
    const { summary } = await stack.refresh();
    expect(summary).toMatchObject({ update: 0, delete: 0 });
    await stack.preview({ args: ["--expect-no-changes"] });
  });

  test("destroy leaves nothing", async () => {
    await stack.destroy();
    expect(await lite.exists(many)).toBe(false);
  });
});

describe("A database on a server that has properties of databases", () => {
  const name = context.name("limited");
  let stack: Workspace;
  const declared = (properties: string): string =>
    program(
      `const db = new milvus.Database("app", { databaseName: "${name}", properties: ${properties} });`,
      `exports.properties = db.properties;`,
    );

  beforeAll(async () => {
    stack = await context.stack(declared(`{ "database.max.collections": 5 }`), {
      config: accessTo(lite.server),
    });
    await stack.up();
  });

  const properties = async () => (await lite.client.describeDatabase({ db_name: name })).properties;

  test("is made with them and gives them back", async () => {
    expect(await properties()).toEqual([{ key: "database.max.collections", value: "5" }]);
    expect(await stack.outputs()).toEqual({ properties: { "database.max.collections": "5" } });
    await stack.preview({ args: ["--expect-no-changes"] });
  });

  test("has them changed and removed in place", async () => {
    stack.program(declared(`{ "database.replica.number": 1 }`));
    expect((await stack.up()).summary).toMatchObject({ update: 1, replace: 0 });
    expect(await properties()).toEqual([{ key: "database.replica.number", value: "1" }]);
  });

  test("shows what somebody changed at a refresh, and puts it right", async () => {
    await lite.client.alterDatabase({ db_name: name, properties: { "database.replica.number": 3 } });
    expect(said(await stack.refresh())).toContain(`database ${name}: properties is`);
    await stack.up();
    expect(await properties()).toEqual([{ key: "database.replica.number", value: "1" }]);
  });

  test("goes at destroy", async () => {
    await stack.destroy();
    expect(await lite.databases()).not.toContain(name);
  });
});
