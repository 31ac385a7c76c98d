/** Ctrl-C over the plugin: nothing is waited for any longer, and what was begun is in the state. */
import { availableParallelism } from "node:os";

import { withPlugin } from "./support/bundled";
import { AT_ONCE, interrupted } from "./support/interrupted";
import { live, said } from "./support/live";
import { rows } from "./support/milvus";
import { pluginProgram } from "./support/plugin";

const context = live();
const { milvus, database } = context;

/** A graph over so many rows with all of them as candidates takes about twenty seconds to build. */
const MANY = Math.round(11_000 * Math.sqrt(availableParallelism() / 2));
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
    onOutput: (text) => void (text.includes("milvus:index:Role") && at === 0 && setTimeout(interrupt, 3_000)),
  });
  expect(at).toBeGreaterThan(0);
  expect(Date.now() - at).toBeLessThan(AT_ONCE);
  expect(said(result)).toContain("failed on Milvus at");
  expect(await stack.resources()).toEqual([]);
});
