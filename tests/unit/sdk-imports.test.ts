/** A program pays for what it imports at every run: the SDK brings nothing but itself. */
import * as path from "node:path";

import { STAND_INS } from "../../provider/milvus/stand-ins";
import { outputOf } from "../support/script";

const ROOT = path.join(__dirname, "..", "..");

/** The files that a process has loaded, after it required these modules one after another. */
function loadedAfter(...modules: string[]): string[] {
  const script = `
    for (const module of ${JSON.stringify(modules)}) require(module);
    process.stdout.write(JSON.stringify(Object.keys(require.cache)));
  `;
  return JSON.parse(outputOf(script)) as string[];
}

test("importing the SDK loads its own files and nothing else that @pulumi/pulumi does not load itself", () => {
  const withPulumi = new Set(loadedAfter("@pulumi/pulumi"));
  const withSdk = loadedAfter("@pulumi/pulumi", path.join(ROOT, "sdk", "nodejs"));
  const added = withSdk.filter((file) => !withPulumi.has(file));
  expect(added.length).toBeGreaterThan(5);
  // What names a collection behind an alias loads nothing itself, and the plugin has it from the same place.
  const own = /^(sdk\/nodejs\/[\w-]+|provider\/components\/name-of-collection)\.ts$/;
  for (const file of added) expect(path.relative(ROOT, file)).toMatch(own);
  expect(withSdk.filter((file) => file.includes("milvus2-sdk-node"))).toEqual([]);
});

test("importing the provider loads neither the Milvus client nor gRPC: both come with the first call", () => {
  const loaded = loadedAfter(path.join(ROOT, "provider"));
  expect(loaded).toContain(path.join(ROOT, "provider", "resources", "partition.ts"));
  expect(loaded.filter((file) => /milvus2-sdk-node|@grpc|@pulumi/.test(file))).toEqual([]);
});

describe("the first call loads the Milvus client without", () => {
  /** What a process finds that has constructed the client and then requires that itself. */
  const seen = (name: string): Record<string, unknown> => {
    const script = `
      const { createRequire } = require("node:module");
      const sdk = require("./provider/milvus/sdk");
      const requireAsSdk = createRequire(require.resolve("@zilliz/milvus2-sdk-node"));
      const file = requireAsSdk.resolve(${JSON.stringify(name)});
      const isLoaded = () => file in require.cache;
      const config = { address: "127.0.0.1:1", telemetry: { enabled: false }, maxRetries: 0 };
      const client = sdk.newClient(config);
      Promise.resolve(client.connectPromise).catch(() => undefined);
      const before = isLoaded();
      const own = Object.keys(requireAsSdk(file)).length > 0;
      process.stdout.write(JSON.stringify({ before, own, after: isLoaded() }), () => process.exit(0));
    `;
    return JSON.parse(outputOf(script)) as Record<string, unknown>;
  };

  test.each(Object.keys(STAND_INS))("%s, which whoever requires it still gets", (name) => {
    expect(seen(name)).toEqual({ before: false, own: true, after: true });
  });
});

test("an SDK of another version loads what it likes", () => {
  const script = `
    const { loadModules } = require("./provider/milvus/sdk-modules");
    const { sdk, requireAsSdk } = loadModules(() => false);
    const loaded = Object.keys(require.cache).filter((file) => /[\\\\/]winston[\\\\/]/.test(file)).length > 0;
    const { fromJSON } = requireAsSdk("@grpc/proto-loader");
    process.stdout.write(JSON.stringify({ client: typeof sdk.MilvusClient, loaded, fromJSON: typeof fromJSON }));
  `;
  expect(JSON.parse(outputOf(script))).toEqual({ client: "function", loaded: true, fromJSON: "function" });
});
