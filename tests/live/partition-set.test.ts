/** Many partitions of a collection as one resource: what comes, what goes, what is told, and what fails half way. */
import type { Report } from "../../cli/preview/report";
import type { OperationResult, Workspace } from "../../tools/stack";
import type { GrpcProxy } from "../support/grpc-proxy";
import { FIELDS, HNSW, linesWith, live, program, said } from "./support/live";
import { ofDynamic } from "./support/of-dynamic";
import { rows } from "./support/milvus";
import { reportOn } from "./support/report";

const context = live();
const { milvus, database } = context;
const docs = context.name("docs");

const COLLECTION = [
  `const docs = new milvus.Collection("documents", { collectionName: "${docs}", fields: ${FIELDS} });`,
  `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });`,
];

function declare(...names: string[]): string {
  return program(
    ...COLLECTION,
    `const tenants = new milvus.PartitionSet("tenants", { collection: docs, 
       partitionNames: ${JSON.stringify(names)}, timeouts: { update: 8 } });`,
    `exports.names = tenants.partitionNames;`,
  );
}

const singly = (names: readonly string[]): string =>
  program(...COLLECTION, ...names.map((name) => `new milvus.Partition("${name}", { collection: docs });`));

describe("a PartitionSet", () => {
  let proxy: GrpcProxy;
  let stack: Workspace;
  const setState = async () => (await stack.resources()).find(({ type }) => type.endsWith(":PartitionSet"));

  beforeAll(async () => {
    proxy = await context.proxy();
    stack = await context.stack(declare("t3", "t1", "t2"), { address: proxy.address });
    await stack.up();
    for (const [at, name] of ["t1", "t2", "t3"].entries())
      await milvus.insert(docs, rows(10 * (at + 1), 1_000 * at), name);
    await milvus.load(docs);
  });

  test("creates its partitions, and gives them back sorted", async () => {
    expect(await milvus.partitions(docs)).toEqual(["t1", "t2", "t3"]);
    expect(await stack.outputs()).toEqual({ names: ["t1", "t2", "t3"] });
  });

  test("shows no change in another order", async () => {
    stack.program(declare("t2", "t3", "t1"));
    const preview = await stack.preview();
    expect(preview.summary).toMatchObject({ update: 0, replace: 0, delete: 0 });
  });

  describe("of which names come and go", () => {
    let preview: OperationResult;
    let report: Report;
    let up: OperationResult;
    let ids: (string | undefined)[];

    beforeAll(async () => {
      stack.program(declare("t3", "t4", "t5"));
      preview = await stack.preview({ args: ["--diff"] });
      report = await reportOn(stack);
      ids = await Promise.all(["t3"].map((name) => milvus.partitionId(docs, name)));
      proxy.forget();
      up = await stack.up();
    });

    ofDynamic("the engine's diff shows exactly these names", () => {
      const [ofResources = ""] = said(preview).split("--outputs:--");
      const changed = ofResources
        .split("\n")
        .flatMap((line) => /^\s+([+-~]) (t\d): /.exec(line)?.slice(1) ?? []);
      expect(changed).toEqual(["-", "t1", "-", "t2", "+", "t4", "+", "t5"]);
    });

    test("the preview warns with the counts of what goes", () => {
      expect(linesWith(preview, "will be dropped")).toEqual([
        expect.stringContaining(
          `partition t1 of collection ${docs} will be dropped: 10 entities will be lost`,
        ),
        expect.stringContaining(
          `partition t2 of collection ${docs} will be dropped: 20 entities will be lost`,
        ),
      ]);
    });

    test("the report tells them as the partitions that they are", () => {
      expect(report.verdict).toBe("2 objects with data would be dropped: 30 entities lost");
      expect(report.losses.map(({ id }) => id)).toEqual([`${database}/${docs}/t1`, `${database}/${docs}/t2`]);
      expect(report.additions.map(({ object }) => object)).toEqual([
        `partition t4 of collection ${docs}`,
        `partition t5 of collection ${docs}`,
      ]);
    });

    test("up releases once for all that go, and the rest stays as it was", async () => {
      expect(up.summary).toMatchObject({ update: 1, create: 0, delete: 0, replace: 0 });
      expect(proxy.count("ReleasePartitions")).toBe(1);
      expect(proxy.count("DropPartition")).toBe(2);
      expect(await milvus.partitions(docs)).toEqual(["t3", "t4", "t5"]);
      expect([await milvus.partitionId(docs, "t3")]).toEqual(ids);
      expect(await milvus.count(docs, "t3")).toBe(30);
    });
  });

  test("that fails half way keeps what was done, and the next up goes on", async () => {
    stack.program(declare("t3", "t4", "t6", "t7"));
    let refused = 0;
    proxy.before = ({ method }) => {
      if (method !== "CreatePartition" || refused > 0) return undefined;
      refused += 1;
      proxy.off();
      return "lose the call";
    };
    const failed = await stack.up({ expectFailure: true });
    expect(failed.code).not.toBe(0);
    proxy.pass();
    await proxy.on();
    await stack.up();
    expect(await milvus.partitions(docs)).toEqual(["t3", "t4", "t6", "t7"]);
    expect(Object.keys((await setState())?.outputs?.["partitionIds"] as object)).toEqual([
      "t3",
      "t4",
      "t6",
      "t7",
    ]);
    expect(await milvus.count(docs, "t3")).toBe(30);
  });

  test("tells by name what somebody dropped or made again, and mends it", async () => {
    await milvus.release(docs);
    await milvus.dropPartition(docs, "t6");
    const refresh = await stack.refresh();
    expect(linesWith(refresh, "t6 is gone")).not.toEqual([]);
    await stack.up();
    expect(await milvus.partitions(docs)).toEqual(["t3", "t4", "t6", "t7"]);
  });

  test("with protectData, refuses at preview and at up to drop a name with data, until it is acknowledged", async () => {
    await milvus.load(docs);
    await stack.config({ "milvus:protectData": "true" });
    stack.program(declare("t4", "t6", "t7"));
    for (const run of [stack.preview({ expectFailure: true }), stack.up({ expectFailure: true })]) {
      const refused = await run;
      expect(refused.code).not.toBe(0);
      expect(said(refused)).toContain(`${database}/${docs}/t3 holds 30 entities and is not dropped`);
    }
    expect(await milvus.count(docs, "t3")).toBe(30);
    await stack.config({ "milvus:acknowledgedDataLoss": `["${database}/${docs}/t3"]` });
    await stack.up();
    expect(await milvus.partitions(docs)).toEqual(["t4", "t6", "t7"]);
    await stack.config({ "milvus:protectData": "false" });
  });

  test("refuses a name that another resource of the program holds", async () => {
    stack.program(`${declare("t4", "t6", "t7")}\nnew milvus.Partition("t6", { collection: docs });`);
    const refused = await stack.preview({ expectFailure: true });
    expect(said(refused)).toMatch(
      /partition t6 of collection \S+ is declared twice: by (PartitionSet "tenants" and by Partition "t6"|Partition "t6" and by PartitionSet "tenants")/,
    );
  });

  test("is left for single partitions, and they for a set, without a change on the server", async () => {
    await milvus.insert(docs, rows(7), "t4");
    await milvus.client.flushSync({ collection_names: [docs] });
    const names = ["t4", "t6", "t7"];
    const idsNow = () => Promise.all(names.map((name) => milvus.partitionId(docs, name)));
    const ids = await idsNow();
    proxy.forget();
    stack.program(singly(names));
    await stack.up();
    expect(await setState()).toBeUndefined();
    stack.program(declare(...names));
    const back = await stack.up();
    for (const name of names)
      expect(said(back)).toContain(
        `partition ${name} of collection ${docs} is not dropped: the program declares it now`,
      );
    expect(proxy.calls.filter((call) => /^(Create|Drop|Release|Load|Alter)/.test(call))).toEqual([]);
    expect(await idsNow()).toEqual(ids);
    expect(await milvus.count(docs, "t4")).toBe(7);
  });

  test("goes with its collection in one drop", async () => {
    proxy.forget();
    await stack.destroy();
    expect(proxy.count("DropCollection")).toBe(1);
    expect(proxy.count("DropPartition")).toBe(0);
    expect(await milvus.exists(docs)).toBe(false);
  });
});

describe("a large PartitionSet", () => {
  test("makes and drops 1,000 partitions, with a state that stays small", async () => {
    const many = context.name("many");
    const names = Array.from({ length: 1_000 }, (_, index) => `tenant_${index}`);
    const declared = (partitionNames: readonly string[]) =>
      program(
        `const many = new milvus.Collection("many", { collectionName: "${many}", fields: ${FIELDS} });`,
        `new milvus.PartitionSet("tenants", { collection: many, partitionNames: ${JSON.stringify(partitionNames)} });`,
      );
    const stack = await context.stack(declared(names));
    await stack.up();
    expect(await milvus.partitions(many)).toHaveLength(1_000);
    const set = (await stack.resources()).find(({ type }) => type.endsWith(":PartitionSet"));
    const bytes = JSON.stringify(set).length;
    expect(bytes / 1_000).toBeLessThan(100);
    console.log(`state of a partition in a set: ${Math.round(bytes / 1_000)} bytes`);
    stack.program(declared(names.slice(0, 10)));
    await stack.up();
    expect(await milvus.partitions(many)).toHaveLength(10);
    await stack.destroy();
  });
});
