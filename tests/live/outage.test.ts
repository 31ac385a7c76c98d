/** A server that cannot be reached, or that refuses the last step: nothing is taken for gone, nothing is lost. */
import type { OperationResult, StateResource, Workspace } from "../../tools/stack";
import type { GrpcProxy } from "../support/grpc-proxy";
import { FIELDS, HNSW, linesWith, live, program, said, stackLines } from "./support/live";
import { rows } from "./support/milvus";

const context = live();
const { milvus, database } = context;
const docs = context.name("docs");
const alias = context.name("current");

const PROGRAM = program(
  `const docs = new milvus.Collection("documents", {
     collectionName: "${docs}", fields: ${FIELDS}, timeouts: { delete: 8 },
   });`,
  `for (const name of ["y2023", "y2024"]) new milvus.Partition(name, { collection: docs });`,
  `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });`,
);

describe("When the server", () => {
  let proxy: GrpcProxy;
  let stack: Workspace;
  let collectionId: string;
  const kinds = async (): Promise<string[]> =>
    (await stack.resources()).map(({ type }) => type.split(":").at(-1) ?? "").sort();

  beforeAll(async () => {
    proxy = await context.proxy();
    stack = await context.stack(PROGRAM, { address: proxy.address });
    await stack.up();
    collectionId = await milvus.collectionId(docs);
    await milvus.insert(docs, rows(30), "y2024");
  });

  describe("is unreachable,", () => {
    let before: StateResource[];
    let after: StateResource[];
    const results: Record<string, OperationResult> = {};
    beforeAll(async () => {
      before = await stack.resources();
      proxy.off();
      results["refresh"] = await stack.refresh({ expectFailure: true });
      after = await stack.resources();
      results["destroy"] = await stack.destroy({ expectFailure: true });
    });

    test.each(["refresh", "destroy"])("%s fails", (name) => {
      expect(results[name]?.code).not.toBe(0);
    });

    test.each(["refresh", "destroy"])("%s names the address and a way out", (name) => {
      const text = said(results[name] as OperationResult);
      expect(text).toContain(`failed on Milvus at ${proxy.address}`);
      expect(text).toContain("Check that the address is right and the server runs");
    });

    test.each(["refresh", "destroy"])("%s shows no call stack", (name) => {
      expect(stackLines(results[name] as OperationResult)).toEqual([]);
    });

    test("refresh keeps the state as it was", () => {
      const known = ({ urn, id, inputs, outputs }: StateResource) => ({ urn, id, inputs, outputs });
      expect(before).toHaveLength(4);
      expect(after.map(known)).toEqual(before.map(known));
    });

    test("destroy keeps the collection in the state", async () => {
      expect(await kinds()).toContain("Collection");
    });
  });

  describe("goes away right before the collection is dropped,", () => {
    let destroy: OperationResult;
    let left: string[];
    let up: OperationResult;
    beforeAll(async () => {
      await proxy.on();
      await stack.up();
      proxy.offBefore("DropCollection");
      destroy = await stack.destroy({ expectFailure: true });
      left = await kinds();
      proxy.pass();
      await proxy.on();
      up = await stack.up();
    });

    test("destroy fails and names the call and the address", () => {
      expect(destroy.code).not.toBe(0);
      expect(said(destroy)).toContain(`DropCollection of collection ${database}/${docs} failed`);
      expect(said(destroy)).toContain(proxy.address);
    });

    test("destroy leaves the collection in the state, and the engine forgets what goes with it", () => {
      expect(left).toEqual(["Collection"]);
    });

    test("the next up makes the stack whole again by itself", async () => {
      expect(up.summary).toMatchObject({ create: 3, update: 0, delete: 0, replace: 0 });
      expect(await kinds()).toEqual(["Collection", "Index", "Partition", "Partition"]);
    });

    test("the next up takes over what is there, with its data, and says so", async () => {
      expect(
        linesWith(up, `partition y2024 of collection ${database}/${docs} exists already and is taken over`),
      ).not.toEqual([]);
      expect(await milvus.collectionId(docs)).toBe(collectionId);
      await milvus.load(docs);
      expect(await milvus.count(docs, "y2024")).toBe(30);
      expect(await milvus.nearest(docs, 5)).toBe(5);
    });
  });

  describe("has an alias of the collection,", () => {
    let destroy: OperationResult;
    let up: OperationResult;
    beforeAll(async () => {
      await milvus.createAlias(alias, docs);
      destroy = await stack.destroy({ expectFailure: true });
      await milvus.dropAlias(alias);
      up = await stack.up();
    });

    test("destroy fails and names the alias", () => {
      expect(destroy.code).not.toBe(0);
      expect(said(destroy)).toContain(
        `collection ${database}/${docs} is not dropped: alias ${alias} points at it`,
      );
      expect(stackLines(destroy)).toEqual([]);
    });

    test("the data stays, and the next up makes the stack whole again", async () => {
      expect(up.summary).toMatchObject({ create: 3, update: 0, delete: 0, replace: 0 });
      expect(await milvus.count(docs, "y2024")).toBe(30);
    });

    test("destroy works once the alias is gone", async () => {
      await stack.destroy();
      expect(await milvus.exists(docs)).toBe(false);
    });
  });
});
