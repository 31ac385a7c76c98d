/** The provider as a plugin: the same resource files, called by an engine that knows no dynamic provider of ours. */
import type { OperationResult, Workspace } from "../../tools/stack";
import { FIELDS, HNSW, live, said } from "./support/live";
import { pluginProgram, withPlugin } from "./support/plugin";

const context = live();
const { milvus, database } = context;
const docs = context.name("documents");

const program = (partitions: readonly string[], more = ""): string =>
  pluginProgram(
    `const docs = new plugin.Collection("documents", { collectionName: "${docs}", fields: ${FIELDS} });
     exports.id = docs.collectionId;`,
    ...partitions.map(
      (name) => `new plugin.Partition("${name}", { collection: docs }, { deletedWith: docs });`,
    ),
    `new plugin.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} }, { deletedWith: docs });`,
    more,
  );

describe("A stack over the plugin", () => {
  let stack: Workspace;
  let up: OperationResult;

  beforeAll(async () => {
    stack = await context.stack(program(["y2023", "y2024"]), { env: await withPlugin() });
    up = await stack.up();
  });

  test("makes what is declared", async () => {
    expect(up.summary).toMatchObject({ create: 5 });
    expect(await milvus.partitions(docs)).toEqual(["y2023", "y2024"]);
    expect(await milvus.indexes(docs)).toMatchObject([{ name: "by_meaning", type: "HNSW", metric: "COSINE" }]);
    expect(await stack.outputs()).toEqual({ id: await milvus.collectionId(docs) });
  });

  test("changes nothing of an unchanged program, before and after a refresh", async () => {
    await stack.preview({ args: ["--expect-no-changes"] });
    await stack.refresh({ args: ["--expect-no-changes"] });
    await stack.preview({ args: ["--expect-no-changes"] });
  });

  test("releases and drops a loaded partition that leaves the program", async () => {
    await milvus.load(docs);
    stack.program(program(["y2024"]));
    const { summary } = await stack.up();
    expect(summary).toMatchObject({ delete: 1 });
    expect(await milvus.partitions(docs)).toEqual(["y2024"]);
    expect(await milvus.loadedPartitions(docs)).toContain("y2024");
  });

  test("is destroyed with one drop", async () => {
    const destroyed = await stack.destroy();
    expect(said(destroyed)).toContain("destroyed");
    expect(await milvus.exists(docs)).toBe(false);
    expect(database).not.toBe("");
  });
});
