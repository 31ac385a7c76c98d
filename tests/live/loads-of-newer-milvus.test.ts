/** Loads on newer servers, through the real engine on a fake: too few nodes, and partitions that come loaded. */
import type { Workspace } from "../../tools/stack";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { accessTo, FIELDS, HNSW, live, program, said } from "./support/live";
import { TestMilvus } from "./support/milvus";

const context = live();
const NO_CHANGES = { args: ["--expect-no-changes"] };
const DOCS = "documents";

function declare(load: string, partitions: readonly string[] = []): string {
  return program(
    `const docs = new milvus.Collection("documents", { collectionName: "${DOCS}", fields: ${FIELDS} });`,
    `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });`,
    ...partitions.map((name) => `new milvus.Partition("${name}", { collection: docs });`),
    `new milvus.CollectionLoad("ready", { collection: docs, ${load} });`,
  );
}

describe.each(["2.5.27", "2.6.19", "3.0.0"])("A load on Milvus %s", (version) => {
  let fake: FakeMilvus;
  let milvus: TestMilvus;
  let stack: Workspace;

  beforeAll(async () => {
    fake = await startFakeMilvus({ version, password: "s3cret of root", queryNodes: 2, loadTime: 20 });
    milvus = new TestMilvus(fake);
    stack = await context.stack(declare("replicaNumber: 3"), { config: accessTo(fake) });
  });
  afterAll(async () => {
    await milvus.close();
    await fake.stop();
  });

  test("of more replicas than there are nodes fails soon, with the reason, and asks for nothing", async () => {
    const started = Date.now();
    const failed = said(await stack.up({ expectFailure: true }));
    expect(Date.now() - started).toBeLessThan(60_000);
    expect(failed).toMatch(
      /too few query nodes: 3 replicas .* __default_resource_group has 2\. Ask for fewer/,
    );
    expect(fake.calls).not.toContain("LoadCollection");
    expect(await milvus.loadedPartitions(DOCS)).toEqual([]);
  });

  test("goes well with fewer, and stays when more are asked for", async () => {
    stack.program(declare("replicaNumber: 2"));
    await stack.up();
    expect(await milvus.replicas(DOCS)).toBe(2);
    stack.program(declare("replicaNumber: 3"));
    expect(said(await stack.up({ expectFailure: true }))).toContain("too few query nodes");
    expect(await milvus.replicas(DOCS)).toBe(2);
    expect(await milvus.loadedPartitions(DOCS)).toEqual(["_default"]);
    stack.program(declare("replicaNumber: 2"));
    await stack.preview(NO_CHANGES);
  });

  test("of named partitions holds just those, whatever is made beside them", async () => {
    stack.program(declare(`replicaNumber: 2, partitionNames: ["a"]`, ["a"]));
    await stack.up();
    expect(await milvus.loadedPartitions(DOCS)).toEqual(["a"]);
    stack.program(declare(`replicaNumber: 2, partitionNames: ["a"]`, ["a", "b"]));
    await stack.up();
    expect(await milvus.loadedPartitions(DOCS)).toEqual(["a"]);
    await stack.refresh();
    await stack.preview(NO_CHANGES);
  });

  test("does not keep such a partition from going", async () => {
    stack.program(declare(`replicaNumber: 2, partitionNames: ["a"]`, ["a"]));
    expect((await stack.up()).summary).toMatchObject({ delete: 1 });
    expect(await milvus.loadedPartitions(DOCS)).toEqual(["a"]);
    await stack.preview(NO_CHANGES);
    await stack.destroy();
  });
});
