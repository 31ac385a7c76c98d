/** Ctrl-C over the plugin: nothing is waited for any longer, and what was begun is in the state. */
import { availableParallelism } from "node:os";

import type { OperationResult, Workspace } from "../../tools/stack";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { GrpcProxy } from "../support/grpc-proxy";
import { withPlugin } from "./support/bundled";
import { accessTo, FIELDS, HNSW, live, said } from "./support/live";
import { rows } from "./support/milvus";
import { pluginProgram } from "./support/plugin";

const context = live();
const { milvus, database } = context;

/** A graph over so many rows with all of them as candidates takes about twenty seconds to build. */
const MANY = Math.round(11_000 * Math.sqrt(availableParallelism() / 2));
/** What the engine and its plugins take to end once nothing is waited for, with room to spare; in milliseconds. */
const AT_ONCE = 10_000;

/** An `up` that is interrupted at that call, and how long it went on after that, in milliseconds. */
async function interrupted(
  stack: Workspace,
  proxy: GrpcProxy,
  call: string,
): Promise<{ result: OperationResult; lasted: number }> {
  const ctrlC = new AbortController();
  let at = 0;
  proxy.before = ({ method, nth }) => {
    if (method === call && nth === 3) {
      at = Date.now();
      ctrlC.abort();
    }
    return undefined;
  };
  const result = await stack.up({ expectFailure: true, abort: ctrlC.signal });
  proxy.pass();
  expect(at).toBeGreaterThan(0);
  return { result, lasted: Date.now() - at };
}

test("An index that is being built is kept, and waited for by the next up", async () => {
  const name = context.name("built");
  await milvus.createCollection(name);
  await milvus.insert(name, rows(MANY));
  await milvus.flush(name);
  const proxy = await context.proxy();
  const stack = await context.stack(
    pluginProgram(
      `new plugin.Index("on_it", { collection: "${name}", indexName: "by_meaning", fieldName: "embedding",
         indexType: "HNSW", metricType: "COSINE", params: { M: 128, efConstruction: ${MANY} } });`,
    ),
    { address: proxy.address, env: await withPlugin() },
  );
  const { result, lasted } = await interrupted(stack, proxy, "DescribeIndex");
  expect(lasted).toBeLessThan(AT_ONCE);
  expect(said(result)).toContain(`index by_meaning of collection ${database}/${name} is still being built`);
  expect(said(result)).toContain("and the run was cancelled. The index is kept");
  expect((await stack.resources()).map(({ type }) => type)).toEqual(["milvus:index:Index"]);

  proxy.forget();
  await stack.up();
  expect(proxy.calls).not.toContain("CreateIndex");
  const { index_descriptions } = await milvus.client.describeIndex({ collection_name: name });
  expect(String(index_descriptions[0]?.state)).toBe("Finished");
  await stack.destroy();
});

describe("Of a Milvus that takes its time", () => {
  let fake: FakeMilvus;
  let proxy: GrpcProxy;
  beforeAll(async () => {
    fake = await startFakeMilvus({ version: "2.6.4", loadTime: 600_000 });
    proxy = await GrpcProxy.to(fake.address);
  });
  afterAll(async () => {
    proxy.off();
    await fake.stop();
  });

  test("a load is kept, and goes on at the server", async () => {
    const stack = await context.stack(
      pluginProgram(
        `const docs = new plugin.Collection("docs", { fields: ${FIELDS} });
         const index = new plugin.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });
         new plugin.CollectionLoad("docs", { collection: docs }, { dependsOn: [index] });`,
      ),
      { config: accessTo(fake, proxy.address), env: await withPlugin() },
    );
    const { result, lasted } = await interrupted(stack, proxy, "GetLoadState");
    expect(lasted).toBeLessThan(AT_ONCE);
    expect(said(result)).toContain("and the run was cancelled. The load goes on");
    expect((await stack.resources()).map(({ type }) => type)).toContain("milvus:index:CollectionLoad");
  });
});

test("A server that does not answer is not waited for any longer", async () => {
  const proxy = await context.proxy();
  const stack = await context.stack(
    pluginProgram(`new plugin.Role("${context.name("readers")}", { timeouts: { create: 600 } });`),
    { address: proxy.address, env: await withPlugin() },
  );
  proxy.off();
  const ctrlC = new AbortController();
  let at = 0;
  const interrupt = (): void => {
    at = Date.now();
    ctrlC.abort();
  };
  const result = await stack.up({
    expectFailure: true,
    abort: ctrlC.signal,
    // The role is asked for by then, and the wait for the server is under way.
    onOutput: (text) => void (text.includes("creating") && at === 0 && setTimeout(interrupt, 3_000)),
  });
  expect(at).toBeGreaterThan(0);
  expect(Date.now() - at).toBeLessThan(AT_ONCE);
  expect(said(result)).toContain("failed on Milvus at");
  expect(await stack.resources()).toEqual([]);
});
