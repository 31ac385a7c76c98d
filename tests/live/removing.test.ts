/** Partitions and indexes taken out of a program, or changed in it, while the collection is loaded. */
import { knows } from "../../provider/milvus/versions";
import { testVersion } from "../support/servers";
import type { OperationResult, Workspace } from "../../tools/stack";
import type { GrpcProxy } from "../support/grpc-proxy";
import { FIELDS, live, program, said } from "./support/live";
import { rows } from "./support/milvus";

const context = live();
const { milvus, database } = context;
const docs = context.name("docs");
const ROWS = 30;

interface Declared {
  partitions: string[];
  /** Of the vector index; none: no such index. */
  M?: number;
  scalarIndexes?: string[];
}

function declare({ partitions, M, scalarIndexes = [] }: Declared): string {
  return program(
    `const docs = new milvus.Collection("documents", { collectionName: "${docs}", fields: ${FIELDS} });`,
    ...partitions.map((name) => `new milvus.Partition("${name}", { collection: docs });`),
    ...scalarIndexes.map(
      (field) =>
        `new milvus.Index("by_${field}", { collection: docs, fieldName: "${field}", indexType: "STL_SORT" });`,
    ),
    M === undefined
      ? ""
      : `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", indexType: "HNSW",
           metricType: "COSINE", params: { M: ${M}, efConstruction: 64 } });`,
  );
}

const ALL = ["p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"];
const firstIdOf = (partition: string): number => ALL.indexOf(partition) * 1000;

describe("In a loaded collection", () => {
  let proxy: GrpcProxy;
  let stack: Workspace;

  async function up(declared: Declared): Promise<OperationResult> {
    stack.program(declare(declared));
    proxy.forget();
    return stack.up();
  }

  beforeAll(async () => {
    proxy = await context.proxy();
    stack = await context.stack("", { address: proxy.address });
    await up({ partitions: ALL, M: 8, scalarIndexes: ["year", "id"] });
    for (const partition of ALL) await milvus.insert(docs, rows(ROWS, firstIdOf(partition)), partition);
    await milvus.load(docs);
  });

  describe("a loaded partition removed from the program", () => {
    let result: OperationResult;
    beforeAll(async () => {
      result = await up({ partitions: ALL.slice(1), M: 8, scalarIndexes: ["year", "id"] });
    });

    test("is gone from the server", async () => {
      expect(await milvus.partitions(docs)).toEqual(ALL.slice(1));
    });

    test("is the only thing the engine deletes", () => {
      expect(result.summary).toMatchObject({ create: 0, update: 0, delete: 1, replace: 0 });
    });

    test("is said to have gone with its entities", () => {
      expect(said(result)).toContain(
        `dropped partition p1 of collection ${database}/${docs} with ${ROWS} entities`,
      );
    });

    test("leaves the others loaded", async () => {
      expect(await milvus.loadedPartitions(docs)).toEqual(["_default", ...ALL.slice(1)]);
      expect(proxy.calls.filter((call) => /^(Release|Load)/.test(call))).toEqual(["ReleasePartitions"]);
    });

    test("leaves the others searchable", async () => {
      expect(await milvus.nearest(docs, firstIdOf("p2") + 3)).toBe(firstIdOf("p2") + 3);
      expect(await milvus.count(docs)).toBe(7 * ROWS);
    });
  });

  describe("five loaded partitions removed at once", () => {
    let result: OperationResult;
    beforeAll(async () => {
      result = await up({ partitions: ["p7", "p8"], M: 8, scalarIndexes: ["year", "id"] });
    });

    test("are gone from the server", async () => {
      expect(await milvus.partitions(docs)).toEqual(["p7", "p8"]);
      expect(proxy.count("DropPartition")).toBe(5);
    });

    test("are released together, by at most two calls", () => {
      expect(proxy.count("ReleasePartitions")).toBeGreaterThanOrEqual(1);
      expect(proxy.count("ReleasePartitions")).toBeLessThanOrEqual(2);
    });

    test("are each said to have gone with their entities", () => {
      for (const partition of ALL.slice(1, 6))
        expect(said(result)).toContain(
          `dropped partition ${partition} of collection ${database}/${docs} with ${ROWS} entities`,
        );
    });

    test("leave the others loaded and searchable", async () => {
      expect(await milvus.loadedPartitions(docs)).toEqual(["_default", "p7", "p8"]);
      expect(await milvus.nearest(docs, firstIdOf("p8") + 1)).toBe(firstIdOf("p8") + 1);
    });
  });

  describe("a scalar index removed from the program", () => {
    let result: OperationResult;
    beforeAll(async () => {
      result = await up({ partitions: ["p7", "p8"], M: 8, scalarIndexes: ["id"] });
    });

    test("is gone from the server, and it alone", async () => {
      expect(await milvus.indexNames(docs)).toEqual(["by_id", "by_meaning"]);
      expect(result.summary).toMatchObject({ create: 0, update: 0, delete: 1, replace: 0 });
    });

    test("leaves the collection loaded as it was", async () => {
      expect(await milvus.loadedPartitions(docs)).toEqual(["_default", "p7", "p8"]);
      expect(await milvus.replicas(docs)).toBe(1);
    });

    test("leaves the collection searchable, also by the field it was on", async () => {
      expect(await milvus.search(docs, firstIdOf("p7"), { filter: "year == 2020" })).toContain(
        firstIdOf("p7"),
      );
    });

    test("is said in the log, and that the collection is loaded again where it had to be released", () => {
      expect(said(result)).toContain(`dropped index by_year of collection ${database}/${docs}`);
      expect(said(result).includes(`collection ${database}/${docs} is loaded again as it was`)).toBe(
        !knows(testVersion(), "dropScalarIndexWhileLoaded"),
      );
    });
  });

  describe("a vector index with other parameters", () => {
    let preview: OperationResult;
    let result: OperationResult;
    beforeAll(async () => {
      stack.program(declare({ partitions: ["p7", "p8"], M: 16, scalarIndexes: ["id"] }));
      preview = await stack.preview();
      result = await up({ partitions: ["p7", "p8"], M: 16, scalarIndexes: ["id"] });
    });

    test("is announced as a replacement by the preview", () => {
      expect(preview.summary).toMatchObject({ create: 0, update: 0, delete: 0, replace: 1 });
    });

    test("is replaced on the server", async () => {
      expect(result.summary).toMatchObject({ create: 0, update: 0, delete: 0, replace: 1 });
      const index = (await milvus.indexes(docs)).find(({ name }) => name === "by_meaning");
      expect(index?.params).toEqual({ M: 16, efConstruction: 64 });
    });

    test("leaves the collection loaded as it was, by itself", async () => {
      expect(await milvus.loadedPartitions(docs)).toEqual(["_default", "p7", "p8"]);
      expect(await milvus.replicas(docs)).toBe(1);
      expect(said(result)).toContain(`collection ${database}/${docs} is loaded again as it was`);
    });

    test("is searched by itself afterwards", async () => {
      expect(await milvus.nearest(docs, firstIdOf("p8") + 5)).toBe(firstIdOf("p8") + 5);
    });

    test("takes in partitions made later, as a wholly loaded collection does", async () => {
      await milvus.createPartition(docs, "later");
      const loaded = await milvus.loadedPartitions(docs);
      await milvus.client.releasePartitions({ collection_name: docs, partition_names: ["later"] });
      await milvus.dropPartition(docs, "later");
      expect(loaded).toContain("later");
    });
  });

  describe("with one partition loaded, a replaced vector index", () => {
    beforeAll(async () => {
      await milvus.release(docs);
      await milvus.loadPartitions(docs, ["p7"]);
      await up({ partitions: ["p7", "p8"], M: 12, scalarIndexes: ["id"] });
    });

    test("leaves just that partition loaded", async () => {
      expect(await milvus.loadedPartitions(docs)).toEqual(["p7"]);
    });

    test("is searched in that partition afterwards", async () => {
      expect(await milvus.nearest(docs, firstIdOf("p7") + 4, { partitions: ["p7"] })).toBe(
        firstIdOf("p7") + 4,
      );
    });
  });

  describe("a vector index removed from the program", () => {
    let result: OperationResult;
    beforeAll(async () => {
      result = await up({ partitions: ["p7", "p8"], scalarIndexes: ["id"] });
    });

    test("is gone from the server", async () => {
      expect(await milvus.indexNames(docs)).toEqual(["by_id"]);
    });

    test("is said to leave the collection unsearchable", () => {
      expect(said(result)).toContain(
        `collection ${database}/${docs} was loaded and had to be released: it cannot be searched until`,
      );
    });

    test("leaves the collection released", async () => {
      expect(await milvus.loadState(docs)).toBe("LoadStateNotLoad");
    });
  });

  describe("two indexes and a partition removed in one up", () => {
    let result: OperationResult;
    beforeAll(async () => {
      await up({ partitions: ["p7", "p8"], M: 8, scalarIndexes: ["year", "id"] });
      await milvus.load(docs);
      result = await up({ partitions: ["p8"], M: 8 });
    });

    test("are all gone from the server", async () => {
      expect(await milvus.indexNames(docs)).toEqual(["by_meaning"]);
      expect(await milvus.partitions(docs)).toEqual(["p8"]);
      expect(result.summary).toMatchObject({ create: 0, update: 0, delete: 3, replace: 0 });
    });

    test("leave what remains loaded and searchable", async () => {
      expect(await milvus.loadedPartitions(docs)).toEqual(["_default", "p8"]);
      expect(await milvus.nearest(docs, firstIdOf("p8") + 2)).toBe(firstIdOf("p8") + 2);
    });

    test("are each said in the log", () => {
      for (const object of ["index by_id", "index by_year", "partition p7"])
        expect(said(result)).toContain(`dropped ${object} of collection ${database}/${docs}`);
      expect(said(result)).toContain(`partition p7 of collection ${database}/${docs} with ${ROWS} entities`);
    });
  });

  describe("everything destroyed", () => {
    beforeAll(async () => {
      proxy.forget();
      await stack.destroy();
    });

    test("is gone from the server by one drop of the collection", async () => {
      expect(await milvus.exists(docs)).toBe(false);
      expect(proxy.calls.filter((call) => /^(Drop|Release)/.test(call))).toEqual(["DropCollection"]);
    });
  });
});
