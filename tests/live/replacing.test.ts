/** What becomes of partitions and indexes when their collection is changed, renamed or replaced. */
import type { OperationResult, StateResource, Workspace } from "../../tools/stack";
import type { GrpcProxy } from "../support/grpc-proxy";
import { FIELDS, linesWith, live, program, said } from "./support/live";
import { rows } from "./support/milvus";

const context = live();
const { milvus, database } = context;
const first = context.name("first");
const second = context.name("second");

/** INTERNAL: neither done nor tried again. */
const CANNOT = {
  headers: {
    ":status": 200,
    "content-type": "application/grpc",
    "grpc-status": "13",
    "grpc-message": "cannot",
  },
  trailers: undefined,
  body: Buffer.alloc(0),
};

interface Declared {
  collectionName?: string;
  ttl?: number;
  dim?: number;
  /** Of each resource of the program, with the ones it had before. */
  logicalNames?: { collection: string; partition: string; index: string };
}

const BEFORE = { collection: "documents", partition: "y2024", index: "by_meaning" };
const AFTER = { collection: "papers", partition: "of_2024", index: "meaning" };

/** The names of the partition and the index on the server are left out: they are the first logical names. */
function declare({ collectionName = first, ttl = 86400, dim = 8, logicalNames }: Declared = {}): string {
  const { collection, partition, index } = logicalNames ?? BEFORE;
  const alias = (old: string): string => (logicalNames ? `aliases: [{ name: "${old}" }]` : "");
  return program(
    `const docs = new milvus.Collection("${collection}", {
       collectionName: "${collectionName}",
       properties: { "collection.ttl.seconds": ${ttl} },
       fields: [
         { name: "id", dataType: "Int64", isPrimaryKey: true },
         { name: "year", dataType: "Int64" },
         { name: "embedding", dataType: "FloatVector", dim: ${dim} },
       ],
     }, { ${alias(BEFORE.collection)} });
     new milvus.Partition("${partition}", { collection: docs }, { ${alias(BEFORE.partition)} });
     new milvus.Index("${index}", {
       collection: docs, fieldName: "embedding", indexType: "HNSW", metricType: "COSINE",
       params: { M: 8, efConstruction: 64 },
     }, { ${alias(BEFORE.index)} });`,
  );
}

function nameOf(resource: StateResource): string {
  return resource.urn.split("::").at(-1) ?? "";
}

describe("A collection with a partition and an index", () => {
  let proxy: GrpcProxy;
  let stack: Workspace;
  let collectionId: string;

  async function preview(declared: Declared): Promise<OperationResult> {
    stack.program(declare(declared));
    return stack.preview();
  }

  async function up(): Promise<OperationResult> {
    proxy.forget();
    return stack.up();
  }

  beforeAll(async () => {
    proxy = await context.proxy();
    stack = await context.stack(declare(), { address: proxy.address });
    await up();
    collectionId = await milvus.collectionId(first);
    await milvus.insert(first, rows(40), "y2024");
    await milvus.load(first);
  });

  describe("when a property of it changes", () => {
    let planned: OperationResult;
    let result: OperationResult;
    beforeAll(async () => {
      planned = await preview({ ttl: 172800 });
      result = await up();
    });

    test("is shown by the preview as the only thing that changes", () => {
      expect(planned.summary).toMatchObject({ create: 0, update: 1, delete: 0, replace: 0 });
    });

    test("is changed in place", async () => {
      expect(result.summary).toMatchObject({ create: 0, update: 1, delete: 0, replace: 0 });
      expect(await milvus.property(first, "collection.ttl.seconds")).toBe("172800");
      expect(await milvus.collectionId(first)).toBe(collectionId);
    });
  });

  describe("when it is renamed", () => {
    let planned: OperationResult;
    let result: OperationResult;
    beforeAll(async () => {
      planned = await preview({ ttl: 172800, collectionName: second });
      result = await up();
    });

    test("is shown by the preview as an update, and so are what stands inside it", () => {
      expect(planned.summary).toMatchObject({ create: 0, delete: 0, replace: 0 });
      expect(planned.summary.update).toBeGreaterThanOrEqual(1);
    });

    test("is the same collection under its new name", async () => {
      expect(await milvus.exists(first)).toBe(false);
      expect(await milvus.collectionId(second)).toBe(collectionId);
    });

    test("keeps its data, and stays loaded", async () => {
      expect(await milvus.count(second, "y2024")).toBe(40);
      expect(await milvus.nearest(second, 7)).toBe(7);
    });

    test("takes its partition and its index along without a drop or a create", () => {
      expect(result.summary).toMatchObject({ create: 0, delete: 0, replace: 0 });
      expect(proxy.calls.filter((call) => /^(Create|Drop|Release|Load)/.test(call))).toEqual([]);
    });

    test("stands in the state of its partition and its index by its new name", async () => {
      for (const { outputs } of await stack.resources()) expect(outputs?.["collectionName"]).toBe(second);
    });
  });

  describe("when the resources are renamed in the program, with aliases", () => {
    let planned: OperationResult;
    let result: OperationResult;
    beforeAll(async () => {
      planned = await preview({ ttl: 172800, collectionName: second, logicalNames: AFTER });
      result = await up();
    });

    test("is unchanged in preview and up", () => {
      for (const { summary } of [planned, result])
        expect(summary).toMatchObject({ create: 0, update: 0, delete: 0, replace: 0 });
    });

    test("is not touched on the server", async () => {
      expect(proxy.calls.filter((call) => /^(Create|Drop|Release|Load|Rename|Alter)/.test(call))).toEqual([]);
      expect(await milvus.partitions(second)).toEqual(["y2024"]);
      expect(await milvus.indexNames(second)).toEqual(["by_meaning"]);
    });

    test("has the new names in the state", async () => {
      expect((await stack.resources()).map(nameOf).sort()).toEqual(["meaning", "of_2024", "papers"]);
    });
  });

  describe("when its dim changes", () => {
    const declared = { ttl: 172800, collectionName: second, logicalNames: AFTER, dim: 16 };
    let planned: OperationResult;
    let result: OperationResult;
    beforeAll(async () => {
      await stack.config({ "milvus:acknowledgedDataLoss": `${database}/${second}` });
      planned = await preview(declared);
      result = await up();
    });

    test.each(["Collection papers", "Partition of_2024", "Index meaning"])(
      "is shown by the preview with the replacement of %s",
      (name) => {
        expect(linesWith(planned, `${name} replace`)).not.toEqual([]);
      },
    );

    test("is another collection under the same name", async () => {
      expect(result.summary.replace).toBe(3);
      expect(await milvus.collectionId(second)).not.toBe(collectionId);
      const { schema } = await milvus.describe(second);
      expect(schema.fields.find(({ name }) => name === "embedding")).toMatchObject({ dim: "16" });
    });

    test("has its partition and its index again", async () => {
      // Under their present logical names: the engine asks anew for names that were left out.
      expect(await milvus.partitions(second)).toEqual(["of_2024"]);
      expect(await milvus.indexes(second)).toMatchObject([{ name: "meaning", params: { M: 8 } }]);
    });

    test("is dropped by one call, without a release or drop of what stands inside", () => {
      // The other one is of the scratch collection.
      expect(proxy.calls.filter((call) => /^(Drop|Release)/.test(call))).toEqual([
        "DropCollection",
        "DropCollection",
      ]);
    });

    test("is said to be so because of its dim, in preview and up", () => {
      for (const run of [planned, result])
        expect(said(run)).toContain("is replaced because of fields.embedding.dim 8 -> 16");
    });

    test("is said to have gone with its entities", () => {
      expect(said(result)).toContain(`dropped collection ${database}/${second} with 40 entities`);
    });

    test("has nothing left to change afterwards", async () => {
      const { summary } = await stack.preview();
      expect(summary).toMatchObject({ create: 0, update: 0, delete: 0, replace: 0 });
    });
  });
});

describe("What replaces something", () => {
  const docs = context.name("proven");
  const COLLECTION = (fields: string): string =>
    `const docs = new milvus.Collection("docs", { collectionName: "${docs}", fields: ${fields} });`;
  const indexWith = (how: string): string =>
    program(
      COLLECTION(FIELDS),
      `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", metricType: "COSINE", ${how} });`,
    );
  /** More fields than Milvus 2.3 takes. */
  const MANY = `[...${FIELDS}, ...Array.from({ length: 64 }, (_, at) => ({ name: "more_" + at, dataType: "Int64" }))]`;
  const HNSW_8 = `indexType: "HNSW", params: { M: 8, efConstruction: 64 }`;
  const isScratch = (name: string): boolean => name.startsWith("_pulumi_milvus_scratch_");
  const scratches = async (): Promise<string[]> => (await milvus.collectionsIn(database)).filter(isScratch);
  let proxy: GrpcProxy;
  let stack: Workspace;

  async function expectServing(indexType: string): Promise<void> {
    expect(await milvus.indexes(docs)).toMatchObject([{ name: "by_meaning", type: indexType }]);
    expect(await milvus.loadState(docs)).toBe("LoadStateLoaded");
    expect(await milvus.nearest(docs, 7)).toBe(7);
    expect(await scratches()).toEqual([]);
  }

  beforeAll(async () => {
    proxy = await context.proxy();
    stack = await context.stack(indexWith(HNSW_8), { address: proxy.address });
    await stack.up();
    await milvus.insert(docs, rows(40));
    await milvus.load(docs);
  });

  test.each([
    [
      "a parameter that is missing",
      `indexType: "IVF_PQ", params: { nlist: 16, nbits: 8 }`,
      "parameter `m` not found",
    ],
    [
      "a parameter of another name",
      `indexType: "HNSW", params: { M: 8, efBuild: 64 }`,
      "efConstruction out of range",
    ],
  ])("is tried first: an index with %s is refused, and the old one serves on", async (_what, how, reason) => {
    stack.program(indexWith(how));
    expect(said(await stack.preview())).toContain(
      `before index by_meaning of collection ${docs} is dropped, its replacement is tried on a scratch collection`,
    );
    proxy.forget();
    const failed = await stack.up({ expectFailure: true });
    expect(said(failed)).toContain(
      `index by_meaning of collection ${database}/${docs} is not dropped, because its replacement cannot be made`,
    );
    expect(said(failed)).toContain(reason);
    expect(proxy.calls.filter((call) => /^(Create|Drop|Release|Load)/.test(call))).toEqual([
      "CreateCollection",
      "CreateIndex",
      "DropCollection",
    ]);
    await expectServing("HNSW");
    // Declared as it was, there is nothing to do.
    stack.program(indexWith(HNSW_8));
    await stack.preview({ args: ["--expect-no-changes"] });
  });

  test.each([
    [
      "an m that does not divide the dim",
      `indexType: "IVF_PQ", params: { nlist: 16, m: 3 }`,
      "3 does not divide the dim",
    ],
    [
      "a misspelt parameter",
      `indexType: "HNSW", params: { M: 8, efConstrution: 64 }`,
      `did you mean "efConstruction"?`,
    ],
  ])("is checked at preview: %s", async (_what, how, reason) => {
    stack.program(indexWith(how));
    expect(said(await stack.preview({ expectFailure: true }))).toContain(reason);
    expect(said(await stack.up({ expectFailure: true }))).toContain(reason);
    await expectServing("HNSW");
  });

  test("replaces it once it was accepted, and the collection is loaded again", async () => {
    stack.program(indexWith(`indexType: "IVF_PQ", params: { nlist: 16, m: 4, nbits: 8 }`));
    await stack.up();
    await expectServing("IVF_PQ");
  });

  test("is tried again after a run that died in the middle, and what that left is gone", async () => {
    stack.program(indexWith(HNSW_8));
    // The scratch collection is made, and neither its index nor its drop is heard of.
    proxy.before = ({ method }) => (["CreateIndex", "DropCollection"].includes(method) ? CANNOT : undefined);
    const died = await stack.up({ expectFailure: true });
    expect(said(died)).toContain("could not be dropped");
    proxy.pass();
    expect(await scratches()).toHaveLength(1);
    await stack.up();
    expect(await scratches()).toEqual([]);
    expect(await milvus.indexes(docs)).toMatchObject([{ name: "by_meaning", type: "HNSW" }]);
  });

  test("is tried first: a schema that Milvus refuses is, and the collection stays with its data", async () => {
    stack.program(indexWith(HNSW_8).replace(FIELDS, MANY));
    // Nothing else is to refuse it.
    await stack.config({ "milvus:protectData": "false" });
    const id = await milvus.collectionId(docs);
    const failed = await stack.up({ expectFailure: true });
    expect(said(failed)).toContain(
      `collection ${database}/${docs} is not dropped, because its replacement cannot be made`,
    );
    expect(await milvus.collectionId(docs)).toBe(id);
    expect(await milvus.count(docs)).toBe(40);
    expect(await scratches()).toEqual([]);
    // What stands in it is in the state again.
    stack.program(indexWith(HNSW_8));
    await stack.up();
    await stack.preview({ args: ["--expect-no-changes"] });
    expect(await milvus.collectionId(docs)).toBe(id);
  });
});
