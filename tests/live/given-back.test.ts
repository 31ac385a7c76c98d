/**
 * Through the real engine, on fakes of servers that no package registry carries: an update does what its preview said and
 * leaves alone what somebody did by hand; and what it released it loads again, or fails and goes on with that.
 */
import type { OperationResult, Workspace } from "../../tools/stack";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { GrpcProxy, refusal } from "../support/grpc-proxy";
import { accessTo, linesWith, live, program, said } from "./support/live";
import { good, rows, TestMilvus } from "./support/milvus";

const context = live();
const DOCS = "documents";
const NO_CHANGES = { args: ["--expect-no-changes"] };
const FAILS = { expectFailure: true };
const NOT_AGAIN = "had to be released and could not be loaded again: out of memory";
const OWED = "was released by an earlier run, which could not load it again; `pulumi up` loads it as it was";

const opened: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of opened) await close();
});

interface On {
  readonly fake: FakeMilvus;
  /** Between the engine and the server. */
  readonly proxy: GrpcProxy;
  readonly milvus: TestMilvus;
  readonly stack: Workspace;
  /** How often a call was sent since the last `forget` of the proxy. */
  readonly sent: (...methods: string[]) => number;
}

interface Declared {
  readonly ttl?: number;
  readonly mmap?: boolean;
  readonly M?: number;
  readonly more?: readonly string[];
  readonly index?: string;
}

function declare({
  ttl = 60,
  mmap = false,
  M = 8,
  more = [],
  index = `{ M: ${M}, efConstruction: 64 }`,
}: Declared): string {
  return program(
    `const docs = new milvus.Collection("documents", { fields: [
       { name: "id", dataType: "Int64", isPrimaryKey: true },
       { name: "year", dataType: "Int64", mmapEnabled: ${mmap} },
       { name: "embedding", dataType: "FloatVector", dim: 8 },
     ], properties: { "collection.ttl.seconds": ${ttl} } });`,
    `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", indexType: "HNSW",
       metricType: "COSINE", params: ${index} });`,
    ...more,
  );
}

/** A stack whose collection holds rows, and that somebody has loaded. */
async function on(version: string, declared: Declared = {}, isLoaded = true): Promise<On> {
  const fake = await startFakeMilvus({ version, password: "s3cret of root", storageV3: true, queryNodes: 2 });
  const proxy = await GrpcProxy.to(fake.address);
  const milvus = new TestMilvus(fake);
  opened.push(async () => {
    await milvus.close();
    proxy.off();
    await fake.stop();
  });
  const stack = await context.stack(declare(declared), { config: accessTo(fake, proxy.address) });
  await stack.up();
  await milvus.insert(DOCS, rows(3));
  if (isLoaded) good(await milvus.client.loadCollectionSync({ collection_name: DOCS, replica_number: 2 }));
  proxy.forget();
  const sent = (...methods: string[]): number => proxy.calls.filter((call) => methods.includes(call)).length;
  return { fake, proxy, milvus, stack, sent };
}

const refuse = ({ proxy }: On, method: string): void =>
  void (proxy.before = (call) => (call.method === method ? refusal(1100, "out of memory") : undefined));

const isLoaded = async ({ milvus }: On): Promise<boolean> =>
  (await milvus.loadState(DOCS)) === "LoadStateLoaded";

/** Every call that could have undone something, or that releases. */
const UNDOING = [
  "AlterCollectionField",
  "AlterCollectionSchema",
  "DropIndex",
  "ReleaseCollection",
  "LoadCollection",
];

describe("A change of a TTL", () => {
  describe.each(["3.0.0", "2.6.0"])("where somebody has added a field, on %s", (version) => {
    let server: On;
    let preview: OperationResult;
    let up: OperationResult;

    beforeAll(async () => {
      server = await on(version, {}, false);
      const { milvus, stack } = server;
      const field = { name: "note", data_type: "VarChar" as never, max_length: 20, nullable: true };
      good(await milvus.client.addCollectionField({ collection_name: DOCS, field }));
      await milvus.insert(
        DOCS,
        rows(2, 10).map((row) => ({ ...row, note: "by hand" })),
      );
      await milvus.createIndex(DOCS, { index_name: "by_note", field_name: "note", index_type: "INVERTED" });
      await milvus.load(DOCS);
      stack.program(declare({ ttl: 90 }));
      preview = await stack.preview();
      up = await stack.up();
    });

    test("is all that happens, and the field stays", async () => {
      const { milvus } = server;
      expect(up.summary).toMatchObject({ update: 1, replace: 0, delete: 0 });
      expect(server.sent(...UNDOING)).toBe(0);
      expect(await milvus.property(DOCS, "collection.ttl.seconds")).toBe("90");
      expect((await milvus.indexNames(DOCS)).sort()).toEqual(["by_meaning", "by_note"]);
      const { schema } = await milvus.describe(DOCS);
      expect(schema.fields.map(({ name }) => name)).toContain("note");
      expect(await isLoaded(server)).toBe(true);
    });

    test("is all that is said", async () => {
      for (const result of [preview, up]) expect(said(result)).not.toMatch(/note|released|replaced/);
      await server.stack.preview(NO_CHANGES);
    });

    test("leaves the field to a refresh, after which a preview says what becomes of it", async () => {
      expect(linesWith(await server.stack.refresh(), "fields")).not.toEqual([]);
      const next = said(await server.stack.preview(FAILS));
      expect(next).toMatch(
        version === "3.0.0"
          ? /field note of collection documents/
          : /is not replaced, because a replacement drops it/,
      );
    });
  });

  test("where somebody has set mmap releases nothing", async () => {
    const server = await on("3.0.0", {}, false);
    const { milvus, stack } = server;
    const properties = { "mmap.enabled": "true" };
    good(
      await milvus.client.alterCollectionFieldProperties({
        collection_name: DOCS,
        field_name: "year",
        properties,
      }),
    );
    await milvus.load(DOCS);
    stack.program(declare({ ttl: 90 }));
    expect(said(await stack.up())).not.toContain("release");
    expect(server.sent(...UNDOING)).toBe(0);
    expect(await isLoaded(server)).toBe(true);
    await stack.preview(NO_CHANGES);
    expect(linesWith(await stack.refresh(), "fields")).not.toEqual([]);
    await stack.up();
    expect(server.sent("ReleaseCollection", "AlterCollectionField")).toBeGreaterThan(0);
    await stack.destroy();
  });
});

describe("A change that Milvus makes only of what is released", () => {
  let server: On;
  beforeAll(async () => {
    server = await on("3.0.0");
  });

  test("and that fails then leaves the collection loaded as it was, and the command failed", async () => {
    const { proxy, stack, milvus } = server;
    stack.program(declare({ mmap: true }));
    expect(said(await stack.preview())).toContain(
      "will be released for a change of its fields, if it is loaded",
    );
    proxy.before = ({ method, nth }) =>
      method === "AlterCollectionField" && nth > 1 ? refusal(1100, "out of memory") : undefined;
    const failed = await stack.up(FAILS);
    expect(said(failed)).toContain("out of memory");
    expect(server.sent("ReleaseCollection")).toBe(1);
    expect(await isLoaded(server)).toBe(true);
    expect(await milvus.replicas(DOCS)).toBe(2);
    proxy.pass();
    proxy.forget();
  });

  test("fails when the collection cannot be loaded again, and says how it was loaded", async () => {
    refuse(server, "LoadCollection");
    const failed = said(await server.stack.up(FAILS));
    expect(failed).toContain(`was loaded (2 replicas, all partitions), ${NOT_AGAIN}`);
    expect(await isLoaded(server)).toBe(false);
  });

  test("is then found by a refresh, and work for the next up", async () => {
    const { stack } = server;
    expect(linesWith(await stack.refresh(), OWED)).not.toEqual([]);
    const preview = await stack.preview();
    expect(preview.summary).toMatchObject({ update: 1 });
    expect(linesWith(preview, OWED)).not.toEqual([]);
    expect(linesWith(await stack.up(FAILS), NOT_AGAIN)).not.toEqual([]);
  });

  test("and the next up loads it as it was, whatever the program says meanwhile", async () => {
    const { proxy, stack, milvus } = server;
    proxy.pass();
    stack.program(declare({ mmap: true }));
    expect((await stack.up()).summary).toMatchObject({ update: 1 });
    expect(await isLoaded(server)).toBe(true);
    expect(await milvus.replicas(DOCS)).toBe(2);
    await stack.preview(NO_CHANGES);
  });
});

describe("An index in the place of another, which cannot be made", () => {
  test.each([
    ["the program goes back to the old one", 8, false],
    ["the program goes back to the old one, after a refresh", 8, true],
    ["the same command is run again", 16, false],
    ["the same command is run again, after a refresh", 16, true],
  ])("leaves a load that is owed; it is brought about when %s", async (_what, M, isRefreshed) => {
    const server = await on("2.6.19");
    const { proxy, stack, milvus } = server;
    stack.program(declare({ M: 16 }));
    proxy.forget();
    // The first one is tried on a scratch collection, before the old index is dropped.
    proxy.before = ({ method, nth }) =>
      method === "CreateIndex" && nth > 1 ? refusal(1100, "out of memory") : undefined;
    const failed = said(await stack.up(FAILS));
    expect(failed).toContain("out of memory");
    expect(failed).toContain("was loaded (2 replicas, all partitions), had to be released");
    expect(await isLoaded(server)).toBe(false);
    proxy.pass();
    if (isRefreshed) expect(linesWith(await stack.refresh(), OWED)).not.toEqual([]);
    stack.program(declare({ M }));
    const preview = await stack.preview();
    expect(preview.summary["update"] + preview.summary["replace"]).toBeGreaterThan(0);
    await stack.up();
    expect(await milvus.indexNames(DOCS)).toEqual(["by_meaning"]);
    expect((await milvus.indexes(DOCS))[0]?.params).toMatchObject({ M });
    expect(await isLoaded(server)).toBe(true);
    expect(await milvus.replicas(DOCS)).toBe(2);
    await stack.preview(NO_CHANGES);
    await stack.destroy();
  });

  test("and with a CollectionLoad is made and loaded as that declares", async () => {
    const more = [`new milvus.CollectionLoad("ready", { collection: docs, replicaNumber: 2 });`];
    const server = await on("2.6.19", { more }, false);
    const { proxy, stack } = server;
    stack.program(declare({ M: 16, more }));
    refuse(server, "LoadCollection");
    await stack.up(FAILS);
    expect(await isLoaded(server)).toBe(false);
    expect((await stack.refresh()).summary).toMatchObject({ delete: 1 });
    proxy.pass();
    await stack.up();
    expect(await isLoaded(server)).toBe(true);
    await stack.preview(NO_CHANGES);
    await stack.destroy();
  });
});

describe("A removal for which the collection is released", () => {
  const INDEX = `new milvus.Index("by_year", { collection: docs, fieldName: "year", indexType: "STL_SORT" });`;

  test("of an index fails when the collection cannot be loaded again, and says how it was loaded", async () => {
    const server = await on("2.5.27", { more: [INDEX] });
    const { stack, milvus, proxy } = server;
    stack.program(declare({}));
    refuse(server, "LoadCollection");
    const failed = said(await stack.up(FAILS));
    expect(failed).toContain(`was loaded (2 replicas, all partitions), ${NOT_AGAIN}`);
    expect(failed).toContain("load the collection again yourself once the reason is gone");
    expect(await milvus.indexNames(DOCS)).toEqual(["by_meaning"]);
    proxy.pass();
    await stack.destroy();
  });

  test("of an index that fails leaves the collection loaded", async () => {
    const server = await on("2.5.27", { more: [INDEX] });
    const { stack, proxy, milvus } = server;
    stack.program(declare({}));
    refuse(server, "DropIndex");
    expect(said(await stack.up(FAILS))).toContain("out of memory");
    expect(server.sent("ReleaseCollection")).toBe(1);
    expect(await isLoaded(server)).toBe(true);
    expect(await milvus.replicas(DOCS)).toBe(2);
    proxy.pass();
    await stack.destroy();
  });

  test("of an index in the place of which another comes leaves the load to that one", async () => {
    const server = await on("2.5.27", { more: [INDEX] });
    const { stack, proxy } = server;
    stack.program(declare({ more: [INDEX.replace("STL_SORT", "INVERTED")] }));
    proxy.before = ({ method, nth }) =>
      method === "LoadCollection" && nth === 1 ? refusal(1100, "out of memory") : undefined;
    await stack.up();
    expect(await isLoaded(server)).toBe(true);
    await stack.preview(NO_CHANGES);
    await stack.destroy();
  });

  test("of a partition that fails leaves it loaded", async () => {
    const more = ["y2023", "y2024"].map((name) => `new milvus.Partition("${name}", { collection: docs });`);
    const server = await on("2.6.19", { more });
    const { stack, proxy, milvus } = server;
    stack.program(declare({ more: more.slice(1) }));
    refuse(server, "DropPartition");
    expect(said(await stack.up(FAILS))).toContain("out of memory");
    expect(server.sent("ReleasePartitions")).toBe(1);
    expect((await milvus.loadedPartitions(DOCS)).sort()).toEqual(["_default", "y2023", "y2024"]);
    expect(await milvus.replicas(DOCS)).toBe(2);
    proxy.pass();
    await stack.up();
    expect(await milvus.partitions(DOCS)).toEqual(["y2024"]);
    await stack.destroy();
  });
});
