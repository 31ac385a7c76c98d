/** What becomes of partitions and indexes when their collection is changed, renamed or replaced. */
import type { OperationResult, StateResource, Workspace } from "../../tools/stack";
import type { GrpcProxy } from "../support/grpc-proxy";
import { linesWith, live, program, said } from "./support/live";
import { rows } from "./support/milvus";

const context = live();
const { milvus, database } = context;
const first = context.name("first");
const second = context.name("second");

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
      expect(proxy.calls.filter((call) => /^(Drop|Release)/.test(call))).toEqual(["DropCollection"]);
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
