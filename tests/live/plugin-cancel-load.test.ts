/** Ctrl-C over the plugin, while a Milvus takes its time to load. */
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { GrpcProxy } from "../support/grpc-proxy";
import { withPlugin } from "./support/bundled";
import { AT_ONCE, interrupted } from "./support/interrupted";
import { accessTo, live, said } from "./support/live";
import { LOADED_COLLECTION } from "./support/plugin";

const context = live();

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

test("A load that Ctrl-C interrupts over the plugin is kept, and goes on at the server", async () => {
  const stack = await context.stack(LOADED_COLLECTION, {
    config: accessTo(fake, proxy.address),
    env: await withPlugin(),
  });
  const { result, lasted } = await interrupted(stack, proxy, "GetLoadState");
  expect(lasted).toBeLessThan(AT_ONCE);
  expect(said(result)).toContain("and the run was cancelled. The load goes on");
  expect((await stack.resources()).map(({ type }) => type)).toContain("milvus:index:CollectionLoad");
});
