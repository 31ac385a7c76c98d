/** Changes that one version of a program makes at once, and that the engine does in an order of its own. */
import type { OperationResult, Workspace } from "../../tools/stack";
import { live, program, said } from "./support/live";
import { rows } from "./support/milvus";

const context = live();
const { milvus, database } = context;

interface Declared {
  collectionName: string;
  /** Of the resources, where the names on the server stay. */
  logicalNames?: { collection: string; partition: string; index: string };
  dim?: number;
  M?: number;
  partitions?: string[];
  /** How partitions and index are given their collection. */
  reference?: "resource" | "name";
}

const FIRST = { collection: "documents", partition: "y2024", index: "by_meaning" };
const OTHER = { collection: "papers", partition: "of_2024", index: "meaning" };

function declare({
  collectionName,
  logicalNames = FIRST,
  dim = 8,
  M = 8,
  partitions = [],
  reference = "resource",
}: Declared): string {
  const collection = reference === "resource" ? "docs" : `"${collectionName}"`;
  return program(
    `const docs = new milvus.Collection("${logicalNames.collection}", {
       collectionName: "${collectionName}", adopt: true,
       fields: [
         { name: "id", dataType: "Int64", isPrimaryKey: true },
         { name: "year", dataType: "Int64" },
         { name: "embedding", dataType: "FloatVector", dim: ${dim} },
       ],
     });
     new milvus.Partition("${logicalNames.partition}", { collection: ${collection}, partitionName: "y2024" },
       { dependsOn: [docs] });
     for (const name of ${JSON.stringify(partitions)}) new milvus.Partition(name, { collection: docs });
     new milvus.Index("${logicalNames.index}", {
       collection: ${collection}, indexName: "by_meaning", fieldName: "embedding", indexType: "HNSW",
       metricType: "COSINE", params: { M: ${M}, efConstruction: 64 },
     }, { dependsOn: [docs] });`,
  );
}

const NO_CHANGES = { create: 0, update: 0, delete: 0, replace: 0 };

describe("A collection that is renamed while a partition goes, another one is renamed, and its index changes", () => {
  const [before, after] = [context.name("before"), context.name("after")];
  let collectionId: string;
  let result: OperationResult;
  beforeAll(async () => {
    const stack = await context.stack(declare({ collectionName: before, partitions: ["y2023"] }));
    await stack.up();
    collectionId = await milvus.collectionId(before);
    await milvus.insert(before, rows(30), "y2023");
    await milvus.insert(before, rows(20, 100), "y2024");
    await milvus.load(before);
    const logicalNames = { ...FIRST, partition: OTHER.partition };
    stack.program(declare({ collectionName: after, M: 16, logicalNames }));
    result = await stack.up();
  });

  test("stands under its new name with its data", async () => {
    expect(await milvus.exists(before)).toBe(false);
    expect(await milvus.collectionId(after)).toBe(collectionId);
    expect(await milvus.count(after)).toBe(20);
  });

  test("has lost the partition, and the log says with how much", async () => {
    expect(await milvus.partitions(after)).toEqual(["y2024"]);
    expect(said(result)).toContain(
      `dropped partition y2023 of collection ${database}/${after} with 30 entities`,
    );
  });

  test("has the index as it is declared now, and is loaded as it was", async () => {
    expect(await milvus.indexes(after)).toMatchObject([{ name: "by_meaning", params: { M: 16 } }]);
    expect(await milvus.loadedPartitions(after)).toEqual(["_default", "y2024"]);
  });
});

describe("What stands under a given name, when its resources are renamed without aliases", () => {
  const docs = context.name("kept");
  let collectionId: string;
  let stack: Workspace;
  let result: OperationResult;
  beforeAll(async () => {
    stack = await context.stack(declare({ collectionName: docs }));
    await stack.up();
    collectionId = await milvus.collectionId(docs);
    await milvus.insert(docs, rows(20), "y2024");
    await milvus.load(docs);
    stack.program(declare({ collectionName: docs, logicalNames: OTHER }));
    result = await stack.up();
  });

  test("is taken over and not dropped, and the log says both", () => {
    for (const object of [
      `collection ${database}/${docs}`,
      `partition y2024 of collection ${database}/${docs}`,
    ])
      expect(said(result)).toContain(`${object} exists already and is taken over; it holds 20 entities`);
    expect(said(result)).toContain(`collection ${docs} is not dropped: the program declares it now`);
  });

  test("keeps its data, and stays loaded", async () => {
    expect(await milvus.collectionId(docs)).toBe(collectionId);
    expect(await milvus.count(docs, "y2024")).toBe(20);
    expect(await milvus.indexNames(docs)).toEqual(["by_meaning"]);
  });

  test("has nothing left to change, and goes with destroy", async () => {
    expect((await stack.preview()).summary).toMatchObject(NO_CHANGES);
    await stack.destroy();
    expect(await milvus.exists(docs)).toBe(false);
  });
});

describe("A partition and an index whose collection is given by its name alone, when that is recreated", () => {
  const docs = context.name("named");
  const declared = { collectionName: docs, reference: "name" } as const;
  let stack: Workspace;
  let planned: OperationResult;
  beforeAll(async () => {
    stack = await context.stack(declare(declared));
    await stack.up();
    stack.program(declare({ ...declared, dim: 16 }));
    planned = await stack.preview();
    await stack.up();
  });

  test("are shown by the preview as replaced", () => {
    expect(planned.summary).toMatchObject({ create: 0, update: 0, delete: 0, replace: 3 });
  });

  test("stand in the new collection", async () => {
    expect(await milvus.partitions(docs)).toEqual(["y2024"]);
    expect(await milvus.indexNames(docs)).toEqual(["by_meaning"]);
  });

  test("have nothing left to change", async () => {
    expect((await stack.preview()).summary).toMatchObject(NO_CHANGES);
  });
});
