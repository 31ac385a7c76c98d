/** A collection that is kept loaded, through all that a stack and others do to it. */
import type { OperationResult, Workspace } from "../../tools/stack";
import { FIELDS, HNSW, linesWith, live, program, said } from "./support/live";
import { rows } from "./support/milvus";
import { reportOn } from "./support/report";

const context = live();
const { milvus, database } = context;

interface Declaration {
  readonly description?: string;
  readonly partitions?: readonly string[];
  readonly indexes?: readonly string[];
  /** Nothing: the program has no load. */
  readonly load?: string | null;
}

const BY_MEANING = `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });`;
const OTHER = BY_MEANING.replace("M: 8", "M: 16");
const BY_YEAR = `new milvus.Index("by_year", { collection: docs, fieldName: "year", indexType: "STL_SORT" });`;

function declare(name: string, declaration: Declaration = {}): string {
  const {
    description = "",
    partitions = ["y2023", "y2024"],
    indexes = [BY_MEANING, BY_YEAR],
    load = "",
  } = declaration;
  return program(
    `const docs = new milvus.Collection("documents", { collectionName: "${name}", fields: ${FIELDS},
       description: "${description}", version: "of ${description}" });`,
    ...partitions.map((one) => `new milvus.Partition("${one}", { collection: docs });`),
    ...indexes,
    ...(load === null
      ? []
      : [
          `const ready = new milvus.CollectionLoad("ready", { collection: docs, ${load} });`,
          `exports.ready = pulumi.all([ready.id, ready.collectionName, ready.collectionId, ready.databaseName,
             ready.partitionNames, ready.replicaNumber, ready.resourceGroups, ready.loadFields]);`,
        ]),
  );
}

const ALL = ["_default", "y2023", "y2024"];
const NO_CHANGES = { args: ["--expect-no-changes"] };

describe("A collection that a program keeps loaded", () => {
  const docs = context.name("docs");
  let stack: Workspace;
  let up: OperationResult;

  const change = async (declaration: Declaration = {}): Promise<OperationResult> => {
    stack.program(declare(docs, declaration));
    return stack.up();
  };

  beforeAll(async () => {
    stack = await context.stack(declare(docs));
    up = await stack.up();
  });

  test("is loaded by the first up, after its index", async () => {
    expect(up.summary).toMatchObject({ create: 7 });
    expect(await milvus.loadedPartitions(docs)).toEqual(ALL);
    await milvus.insert(docs, rows(20), "y2024");
    expect(await milvus.count(docs)).toBe(20);
  });

  test("gives back how it is loaded", async () => {
    expect((await stack.outputs())["ready"]).toEqual([
      `${database}/${docs}`,
      docs,
      await milvus.collectionId(docs),
      database,
      null,
      1,
      null,
      null,
    ]);
  });

  test("shows no changes at the next preview", async () => {
    await stack.preview(NO_CHANGES);
  });

  test("has a partition that is added loaded with the others, without a change of the load", async () => {
    const { summary } = await change({ partitions: ["y2023", "y2024", "y2025"] });
    expect(summary).toMatchObject({ create: 1, update: 0, replace: 0 });
    expect(await milvus.loadedPartitions(docs)).toEqual([...ALL, "y2025"]);
  });

  test("has a partition that is removed dropped, and the rest stays loaded", async () => {
    const { summary } = await change();
    expect(summary).toMatchObject({ delete: 1, update: 0, replace: 0 });
    expect(await milvus.loadedPartitions(docs)).toEqual(ALL);
  });

  test("is loaded again after its vector index was replaced, in the same up", async () => {
    const result = await change({ indexes: [OTHER, BY_YEAR] });
    expect(result.summary).toMatchObject({ replace: 1, update: 0, delete: 0 });
    expect(await milvus.loadedPartitions(docs)).toEqual(ALL);
    expect(await milvus.nearest(docs, 7)).toBe(7);
    await stack.preview(NO_CHANGES);
  });

  test("is loaded again after a scalar index was removed", async () => {
    const result = await change({ indexes: [OTHER] });
    expect(result.summary).toMatchObject({ delete: 1, update: 0, replace: 0 });
    expect(await milvus.loadedPartitions(docs)).toEqual(ALL);
    expect(await milvus.nearest(docs, 7)).toBe(7);
  });

  test("keeps just the named partitions loaded, changed in place", async () => {
    const result = await change({ indexes: [OTHER], load: `partitionNames: ["y2024"]` });
    expect(result.summary).toMatchObject({ update: 1, replace: 0 });
    expect(await milvus.loadedPartitions(docs)).toEqual(["y2024"]);
    expect(said(result)).toContain(`released partitions _default, y2023 of collection ${database}/${docs}`);
    expect(said(result)).not.toContain("released and loaded again");
    await stack.preview(NO_CHANGES);
  });

  test("does not load a partition that is added beside those that it names", async () => {
    const load = `partitionNames: ["y2024"]`;
    const more = { partitions: ["y2023", "y2024", "y2025"], indexes: [OTHER], load };
    const { summary } = await change(more);
    expect(summary).toMatchObject({ create: 1, update: 1 });
    expect(await milvus.loadedPartitions(docs)).toEqual(["y2024"]);
    await stack.preview(NO_CHANGES);
    await change({ indexes: [OTHER], load });
  });

  test("loads other partitions before it releases those that are not named any more", async () => {
    const result = await change({
      indexes: [OTHER],
      load: `partitionNames: ["y2023", "_default"]`,
    });
    expect(await milvus.loadedPartitions(docs)).toEqual(["_default", "y2023"]);
    expect(said(result)).toContain(`released partition y2024 of collection ${database}/${docs}`);
  });

  test("is released for another partition when an index was made, after which this Milvus loads no more", async () => {
    const result = await change({
      indexes: [OTHER, BY_YEAR],
      load: `partitionNames: ["y2023", "y2024"]`,
    });
    expect(said(result)).toContain("can't change the index for loaded partitions");
    expect(await milvus.loadedPartitions(docs)).toEqual(["y2023", "y2024"]);
    await change({ indexes: [OTHER], load: `partitionNames: ["y2023", "_default"]` });
    expect(await milvus.loadedPartitions(docs)).toEqual(["_default", "y2023"]);
  });

  test("is loaded again with just those after its vector index was replaced", async () => {
    const result = await change({ indexes: [BY_MEANING], load: `partitionNames: ["y2023", "_default"]` });
    expect(result.summary).toMatchObject({ replace: 1 });
    expect(await milvus.loadedPartitions(docs)).toEqual(["_default", "y2023"]);
  });

  test("says that a partition which goes is still named, and the next change says what to do", async () => {
    const load = `partitionNames: ["y2023", "_default"]`;
    const result = await change({ partitions: ["y2024"], indexes: [BY_MEANING], load });
    expect(said(result)).toContain(`still names y2023 in partitionNames: take it out there as well`);
    expect(await milvus.loadedPartitions(docs)).toEqual(["_default"]);
    await stack.refresh();
    expect(said(await stack.up({ expectFailure: true }))).toContain(
      "partitionNames names y2023, and the collection has no such partition",
    );
  });

  test("is loaded as a whole when no partitions are named any more", async () => {
    const result = await change();
    expect(result.summary).toMatchObject({ create: 2, update: 1 });
    // A scalar index is made in the same up, after which this Milvus loads no more of what is loaded.
    expect(said(result)).toContain("can't change the index for loaded collection");
    expect(await milvus.loadedPartitions(docs)).toEqual(ALL);
    await stack.preview(NO_CHANGES);
  });

  test("is loaded again by the next up when somebody released it", async () => {
    await milvus.release(docs);
    const refresh = await stack.refresh();
    expect(refresh.summary).toMatchObject({ delete: 1 });
    expect(said(refresh)).toContain(
      `collection ${database}/${docs} is not loaded: somebody else released it`,
    );
    expect((await stack.up()).summary).toMatchObject({ create: 1 });
    expect(await milvus.loadedPartitions(docs)).toEqual(ALL);
  });

  test("is put right when somebody released a partition of it", async () => {
    await milvus.releasePartition(docs, "y2023");
    const refresh = await stack.refresh();
    expect(refresh.summary).toMatchObject({ update: 1 });
    expect((await stack.up()).summary).toMatchObject({ update: 1 });
    expect(await milvus.loadedPartitions(docs)).toEqual(ALL);
  });

  test("stays loaded when the server cannot load it as declared", async () => {
    stack.program(declare(docs, { load: "replicaNumber: 2" }));
    const preview = await stack.preview();
    expect(linesWith(preview, "will be released and loaded again")).not.toEqual([]);
    const failed = said(await stack.up({ expectFailure: true }));
    expect(failed).toMatch(/too few query nodes: 2 replicas .* __default_resource_group has 1\./);
    expect(failed).not.toContain("is released and loaded again");
    expect(await milvus.loadedPartitions(docs)).toEqual(ALL);
    await change();
    await stack.preview(NO_CHANGES);
  });

  test("is replaced with its collection, and loaded again", async () => {
    const id = await milvus.collectionId(docs);
    await stack.config({ "milvus:protectData": "false" });
    const { summary } = await change({ description: "another" });
    await stack.config({ "milvus:protectData": "replacements" });
    expect(summary.replace).toBeGreaterThanOrEqual(5);
    expect(await milvus.collectionId(docs)).not.toBe(id);
    expect(await milvus.loadedPartitions(docs)).toEqual(ALL);
    await stack.preview(NO_CHANGES);
  });

  test("stops being searchable in the report of a preview that removes the load, and loses nothing", async () => {
    await milvus.insert(docs, rows(20), "y2024");
    stack.program(declare(docs, { description: "another", load: null }));
    const report = await reportOn(stack);
    expect(report.exitCode).toBe(0);
    expect(report.losses).toEqual([]);
    expect(report.interruptions).toMatchObject([
      {
        consequence: `collection ${database}/${docs} is released and cannot be searched`,
        operation: "delete",
      },
    ]);
  });

  test("is released when the load is removed, and keeps its data", async () => {
    const result = await change({ description: "another", load: null });
    expect(result.summary).toMatchObject({ delete: 1 });
    expect(said(result)).toContain(`released collection ${database}/${docs}`);
    expect(await milvus.loadedPartitions(docs)).toEqual([]);
    await milvus.load(docs);
    expect(await milvus.count(docs)).toBe(20);
  });

  test("is taken over when it is loaded just so already", async () => {
    const result = await change({ description: "another" });
    expect(said(result)).toContain(
      `collection ${database}/${docs} is loaded already, and its load is taken over`,
    );
    expect(await milvus.loadedPartitions(docs)).toEqual(ALL);
  });

  test("goes with its collection at destroy, in one drop", async () => {
    const result = await stack.destroy();
    expect(await milvus.exists(docs)).toBe(false);
    expect(said(result)).not.toContain("released");
    expect(await stack.resources()).toEqual([]);
  });
});

describe("A load that others stand in the way of", () => {
  test("of a collection without an index fails, and says what to declare", async () => {
    const docs = context.name("unindexed");
    const stack = await context.stack(declare(docs, { indexes: [], load: "timeouts: { create: 3 }" }));
    const failed = said(await stack.up({ expectFailure: true }));
    expect(failed).toMatch(
      /only when every vector field has an index, and embedding has none. Declare an Index/,
    );
    stack.program(declare(docs));
    await stack.up();
    expect(await milvus.loadedPartitions(docs)).toEqual(ALL);
  });

  test("waits for an index that is replaced beside it", async () => {
    const docs = context.name("beside");
    const declared = (index: string, ...more: string[]): string =>
      program(
        `const docs = new milvus.Collection("documents", { collectionName: "${docs}", fields: ${FIELDS} });`,
        ...more,
        index,
      );
    const stack = await context.stack(declared(BY_MEANING));
    await stack.up();
    await milvus.load(docs);
    // By the name of the collection: nothing says which of them comes first.
    stack.program(
      declared(OTHER, `new milvus.CollectionLoad("ready", { collection: docs.collectionName });`),
    );
    await stack.up();
    expect(await milvus.loadedPartitions(docs)).toEqual(["_default"]);
  });

  test("waits for an index that the program declares after it", async () => {
    const docs = context.name("later");
    const stack = await context.stack(
      program(
        `const docs = new milvus.Collection("documents", { collectionName: "${docs}", fields: ${FIELDS} });`,
        `new milvus.CollectionLoad("ready", { collection: docs });`,
        BY_MEANING,
      ),
    );
    await stack.up();
    expect(await milvus.loadedPartitions(docs)).toEqual(["_default"]);
  });

  test("that somebody made otherwise is not changed without adopt", async () => {
    const docs = context.name("other");
    const stack = await context.stack(declare(docs, { load: null }));
    await stack.up();
    await milvus.loadPartitions(docs, ["y2023"]);
    stack.program(declare(docs));
    const failed = said(await stack.up({ expectFailure: true }));
    expect(failed).toMatch(/is loaded already and differs from the program in partitionNames/);
    expect(await milvus.loadedPartitions(docs)).toEqual(["y2023"]);
    stack.program(declare(docs, { load: "adopt: true" }));
    await stack.up();
    expect(await milvus.loadedPartitions(docs)).toEqual(ALL);
  });

  test("of a server that is away keeps its state, and the next run goes on", async () => {
    const docs = context.name("away");
    const proxy = await context.proxy();
    const stack = await context.stack(declare(docs), { address: proxy.address });
    await stack.up();
    proxy.off();
    expect(said(await stack.refresh({ expectFailure: true }))).toContain(`on Milvus at ${proxy.address}`);
    expect((await stack.resources()).some(({ type }) => type.endsWith(":CollectionLoad"))).toBe(true);
    expect(await milvus.loadedPartitions(docs)).toEqual(ALL);
  });
});
