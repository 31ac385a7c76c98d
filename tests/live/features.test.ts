/** What a server knows and what it does not: every type of field, partition keys, features of later versions. */
import type { OperationResult, Workspace } from "../../tools/stack";
import { type FeatureName, knows } from "../../provider/milvus/versions";
import { testServerName, testVersion } from "../support/servers";
import { FIELDS, live, program, said, stackLines } from "./support/live";

const context = live();
const { milvus } = context;

const ID = `{ name: "id", dataType: "Int64", isPrimaryKey: true, autoId: true }`;
const VECTOR = `{ name: "embedding", dataType: "FloatVector", dim: 8 }`;

describe(`On ${testServerName()}`, () => {
  const every = context.name("every");
  const binary = context.name("binary");
  const keyed = context.name("keyed");
  let stack: Workspace;

  beforeAll(async () => {
    stack = await context.stack(
      program(
        `new milvus.Collection("every", {
           collectionName: "${every}",
           description: "Every type",
           enableDynamicField: true,
           fields: [
             { name: "id", dataType: "VarChar", maxLength: 64, isPrimaryKey: true, description: "What it is called" },
             { name: "bool", dataType: "Bool" },
             { name: "int8", dataType: "Int8" },
             { name: "int16", dataType: "Int16" },
             { name: "int32", dataType: "Int32" },
             { name: "int64", dataType: "Int64", defaultValue: 7 },
             { name: "float", dataType: "Float", defaultValue: 0.1 },
             { name: "double", dataType: "Double", defaultValue: 0.1 },
             { name: "varchar", dataType: "VarChar", maxLength: 128, defaultValue: "none" },
             { name: "flag", dataType: "Bool", defaultValue: false },
             { name: "json", dataType: "JSON" },
             { name: "numbers", dataType: "Array", elementType: "Int32", maxCapacity: 16 },
             { name: "texts", dataType: "Array", elementType: "VarChar", maxLength: 32, maxCapacity: 8 },
             ${VECTOR},
           ],
         });`,
        `new milvus.Collection("binary", {
           collectionName: "${binary}",
           fields: [${ID}, { name: "bits", dataType: "BinaryVector", dim: 64 }],
         });`,
        `new milvus.Collection("keyed", {
           collectionName: "${keyed}", numPartitions: 4,
           fields: [${ID}, { name: "tenant", dataType: "VarChar", maxLength: 32, isPartitionKey: true }, ${VECTOR}],
         });`,
      ),
    );
    await stack.up();
  });

  test("every type of field is made", async () => {
    const { schema } = await milvus.describe(every);
    expect(schema.fields.map(({ name, data_type }) => `${name} ${data_type}`)).toEqual([
      "id VarChar",
      "bool Bool",
      "int8 Int8",
      "int16 Int16",
      "int32 Int32",
      "int64 Int64",
      "float Float",
      "double Double",
      "varchar VarChar",
      "flag Bool",
      "json JSON",
      "numbers Array",
      "texts Array",
      "embedding FloatVector",
    ]);
    const bits = (await milvus.describe(binary)).schema.fields.at(-1);
    expect(bits).toMatchObject({ data_type: "BinaryVector", dim: "64" });
  });

  test("a collection with a partition key has as many partitions as numPartitions says", async () => {
    expect(await milvus.partitions(keyed)).toEqual(["_default_0", "_default_1", "_default_2", "_default_3"]);
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

  describe("a program that wants more", () => {
    const nullable = context.name("nullable");
    const bm25 = context.name("bm25");
    const vectors = context.name("vectors");
    const aliased = context.name("aliased");
    const alias = context.name("alias");
    const byName = context.name("by_name");
    let result: OperationResult;

    beforeAll(async () => {
      await milvus.createCollection(aliased);
      await milvus.createAlias(alias, aliased);
      stack.program(
        program(
          `new milvus.Collection("nullable", {
             collectionName: "${nullable}",
             fields: [${ID}, { name: "note", dataType: "VarChar", maxLength: 8, nullable: true }, ${VECTOR}],
           });`,
          `new milvus.Collection("bm25", {
             collectionName: "${bm25}",
             fields: [
               ${ID},
               { name: "text", dataType: "VarChar", maxLength: 512, enableAnalyzer: true },
               { name: "sparse", dataType: "SparseFloatVector" },
             ],
             functions: [{ name: "score", type: "BM25", inputFieldNames: ["text"], outputFieldNames: ["sparse"] }],
           });`,
          `new milvus.Collection("vectors", {
             collectionName: "${vectors}",
             fields: [${ID}, ${VECTOR}, { name: "second", dataType: "FloatVector", dim: 8 }],
           });`,
          `new milvus.Collection("alias", { collectionName: "${alias}", fields: ${FIELDS} });`,
          `new milvus.Partition("by_hand", { collection: "${keyed}" });`,
          `new milvus.Collection("${byName}", { fields: ${FIELDS} });`,
        ),
      );
      result = await stack.up({ expectFailure: true, args: ["--continue-on-error"] });
    });

    test("fails without a call stack", () => {
      expect(result.code).not.toBe(0);
      expect(stackLines(result)).toEqual([]);
    });

    const newer: readonly (readonly [what: FeatureName, collection: string, words: string])[] = [
      [
        "nullableFields",
        nullable,
        "field note uses nullable fields, which needs Milvus 2.5.0 or later; this server is v",
      ],
      ["functions", bm25, "which needs Milvus 2.5.0 or later; this server is v"],
      [
        "multipleVectorFields",
        vectors,
        "embedding, second uses more than one vector field, which needs Milvus 2.4.0 or later",
      ],
    ];
    const unknown = newer.filter(([feature]) => !knows(testVersion(), feature));

    // Newer servers have all of it.
    if (unknown.length > 0)
      test.each(unknown)(
        "is told that the server does not know %s, and which does",
        (_what, _collection, words) => {
          expect(said(result)).toContain(words);
        },
      );

    test("is told which collection an alias in the way belongs to", () => {
      expect(said(result)).toContain(`${alias} is an alias of collection ${aliased}`);
    });

    test("is told that partitions of a collection with a partition key are Milvus's own", () => {
      expect(said(result)).toContain("the collection has a partition key (tenant)");
    });

    test("makes what the server has, and nothing of what is refused", async () => {
      for (const [feature, name] of newer)
        expect([feature, await milvus.exists(name)]).toEqual([feature, knows(testVersion(), feature)]);
    });

    test("makes what is not refused, under its logical name when it has no other", async () => {
      expect(await milvus.exists(byName)).toBe(true);
    });
  });
});
