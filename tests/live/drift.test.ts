/** What somebody else did on the server, and what refresh, up and destroy make of it. */
import type { OperationResult, StateResource, Workspace } from "../../tools/stack";
import { FIELDS, HNSW, linesWith, live, program, said } from "./support/live";
import { rows } from "./support/milvus";

const context = live();
const { milvus, database } = context;

function declare(collection: string, partitions: string[]): string {
  return program(
    `const docs = new milvus.Collection("documents", {
       collectionName: "${collection}", fields: ${FIELDS}, properties: { "collection.ttl.seconds": "86400" },
     });`,
    ...partitions.map((name) => `new milvus.Partition("${name}", { collection: docs });`),
    `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });`,
    `new milvus.Index("by_year", { collection: docs, fieldName: "year", indexType: "STL_SORT" });`,
  );
}

function namesOf(resources: StateResource[]): string[] {
  return resources.map(({ urn }) => urn.split("::").at(-1) ?? "").sort();
}

describe("Behind Pulumi's back", () => {
  const docs = context.name("docs");
  let stack: Workspace;

  beforeAll(async () => {
    stack = await context.stack(declare(docs, ["y2023", "y2024"]));
    await stack.up();
  });

  describe("a partition and an index dropped and a property changed", () => {
    let refresh: OperationResult;
    let known: StateResource[];
    let up: OperationResult;
    beforeAll(async () => {
      await milvus.dropPartition(docs, "y2023");
      await milvus.dropIndex(docs, "by_year", "year");
      await milvus.setProperties(docs, { "collection.ttl.seconds": "60" });
      refresh = await stack.refresh();
      known = await stack.resources();
      up = await stack.up();
    });

    test("are found by refresh", () => {
      expect(refresh.summary).toMatchObject({ update: 1, delete: 2 });
    });

    test("are shown by refresh with the value that drifted", () => {
      expect(said(refresh)).toContain(
        `collection ${docs}: properties is {"collection.ttl.seconds":"60"} on the server, ` +
          'the state had {"collection.ttl.seconds":"86400"}',
      );
    });

    test("are in the state after refresh as they are on the server", () => {
      expect(namesOf(known)).toEqual(["by_meaning", "documents", "y2024"]);
      const collection = known.find(({ type }) => type.endsWith(":Collection"));
      expect(collection?.outputs?.["properties"]).toEqual({ "collection.ttl.seconds": "60" });
    });

    test("are put right by the next up", async () => {
      expect(up.summary).toMatchObject({ create: 2, update: 1, delete: 0, replace: 0 });
      expect(await milvus.partitions(docs)).toEqual(["y2023", "y2024"]);
      expect(await milvus.indexNames(docs)).toEqual(["by_meaning", "by_year"]);
      expect(await milvus.property(docs, "collection.ttl.seconds")).toBe("86400");
    });
  });

  describe("an index swapped for another one of the same name", () => {
    let refresh: OperationResult;
    let up: OperationResult;
    beforeAll(async () => {
      await milvus.dropIndex(docs, "by_meaning", "embedding");
      const index = { index_name: "by_meaning", field_name: "embedding", index_type: "IVF_FLAT" };
      await milvus.createIndex(docs, { ...index, metric_type: "L2", params: { nlist: 16 } });
      refresh = await stack.refresh();
      up = await stack.up();
    });

    test("is seen by refresh", () => {
      expect(refresh.summary).toMatchObject({ update: 1, delete: 0 });
      expect(said(refresh)).toContain(
        `index by_meaning of collection ${docs}: indexType is "IVF_FLAT" on the server, the state had "HNSW"`,
      );
    });

    test("is replaced by the next up", async () => {
      expect(up.summary).toMatchObject({ replace: 1 });
      const index = (await milvus.indexes(docs)).find(({ name }) => name === "by_meaning");
      expect(index).toMatchObject({ type: "HNSW", metric: "COSINE", params: { M: 8, efConstruction: 64 } });
    });
  });

  describe("a collection dropped", () => {
    let refresh: OperationResult;
    let known: StateResource[];
    let up: OperationResult;
    beforeAll(async () => {
      await milvus.dropCollection(docs);
      refresh = await stack.refresh();
      known = await stack.resources();
      up = await stack.up();
    });

    test("is gone from the state after refresh, with all that stood in it", () => {
      expect(refresh.summary).toMatchObject({ delete: 5 });
      expect(known).toEqual([]);
    });

    test("is made again by the next up, with all that belongs in it", async () => {
      expect(up.summary).toMatchObject({ create: 5 });
      expect(await milvus.partitions(docs)).toEqual(["y2023", "y2024"]);
      expect(await milvus.indexNames(docs)).toEqual(["by_meaning", "by_year"]);
    });
  });

  describe("a partition dropped and made again by somebody else", () => {
    let theirs: string | undefined;
    let result: OperationResult;
    beforeAll(async () => {
      await milvus.dropPartition(docs, "y2023");
      await milvus.createPartition(docs, "y2023");
      await milvus.insert(docs, rows(10), "y2023");
      theirs = await milvus.partitionId(docs, "y2023");
      stack.program(declare(docs, ["y2024"]));
      result = await stack.up();
    });

    test("is not dropped when it is taken out of the program", async () => {
      expect(await milvus.partitionId(docs, "y2023")).toBe(theirs);
    });

    test("is said to be left alone", () => {
      expect(linesWith(result, `partition y2023 of collection ${database}/${docs} was`)).not.toEqual([]);
      expect(said(result)).toMatch(/is not ours and/);
    });

    test("is out of the state all the same", async () => {
      expect(namesOf(await stack.resources())).toEqual(["by_meaning", "by_year", "documents", "y2024"]);
    });
  });

  describe("a collection dropped and made again by somebody else", () => {
    let theirs: string;
    let result: OperationResult;
    beforeAll(async () => {
      await milvus.dropCollection(docs);
      await milvus.createCollection(docs);
      await milvus.createPartition(docs, "y2024");
      await milvus.insert(docs, rows(20), "y2024");
      theirs = await milvus.collectionId(docs);
      result = await stack.destroy();
    });

    test("is not dropped by destroy, nor is anything in it", async () => {
      expect(await milvus.collectionId(docs)).toBe(theirs);
      expect(await milvus.partitions(docs)).toEqual(["y2024"]);
    });

    test("is said to be left alone", () => {
      expect(said(result)).toContain(
        `collection ${database}/${docs} was dropped and made again by somebody else`,
      );
      expect(said(result)).toContain("is not ours");
    });

    test("is out of the state all the same", async () => {
      expect(await stack.resources()).toEqual([]);
    });
  });
});

describe("A collection made again by somebody else, while the program goes on declaring it", () => {
  const docs = context.name("again");
  let stack: Workspace;
  beforeAll(async () => {
    stack = await context.stack(declare(docs, ["y2024"]));
    await stack.up();
    await milvus.dropCollection(docs);
    await milvus.createCollection(docs);
  });

  test("is not the one in the state for refresh, which says so", async () => {
    const result = await stack.refresh();
    expect(result.summary).toMatchObject({ delete: 4 });
    expect(said(result)).toContain(
      `collection ${database}/${docs} was dropped and made again by somebody else`,
    );
    expect(await stack.resources()).toEqual([]);
  });
});

describe("A collection renamed by somebody else, when up refreshes first", () => {
  const [docs, theirs] = [context.name("renamed_back"), context.name("renamed_theirs")];
  const declareByName = (partition: string): string =>
    program(
      `const docs = new milvus.Collection("documents", { collectionName: "${docs}", fields: ${FIELDS} });
       new milvus.Partition("year", { collection: "${docs}", partitionName: "${partition}" }, { dependsOn: [docs] });`,
    );
  let collectionId: string;
  let up: OperationResult;
  beforeAll(async () => {
    const stack = await context.stack(declareByName("y2023"));
    await stack.up();
    collectionId = await milvus.collectionId(docs);
    await milvus.renameCollection(docs, theirs);
    stack.program(declareByName("y2024"));
    up = await stack.up({ args: ["--refresh"] });
  });

  test("gets its name back, and the partition that goes is dropped in it", async () => {
    expect(up.summary).toMatchObject({ update: 1, replace: 1, errored: 0 });
    expect(await milvus.collectionId(docs)).toBe(collectionId);
    expect(await milvus.partitions(docs)).toEqual(["y2024"]);
  });
});
