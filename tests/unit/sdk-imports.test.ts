/** A program pays for what it imports at every run: the SDK brings nothing but itself. */
import { execFileSync } from "node:child_process";
import * as path from "node:path";

const ROOT = path.join(__dirname, "..", "..");

/** The files that a process has loaded, after it required these modules one after another. */
function loadedAfter(...modules: string[]): string[] {
  const script = `
    for (const module of ${JSON.stringify(modules)}) require(module);
    process.stdout.write(JSON.stringify(Object.keys(require.cache)));
  `;
  const output = execFileSync(
    process.execPath,
    ["--require", "ts-node/register/transpile-only", "--eval", script],
    {
      cwd: ROOT,
      encoding: "utf8",
    },
  );
  return JSON.parse(output) as string[];
}

test("importing the SDK loads its own files and nothing else that @pulumi/pulumi does not load itself", () => {
  const withPulumi = new Set(loadedAfter("@pulumi/pulumi"));
  const withSdk = loadedAfter("@pulumi/pulumi", path.join(ROOT, "sdk", "nodejs"));
  const added = withSdk.filter((file) => !withPulumi.has(file));
  expect(added.length).toBeGreaterThan(5);
  for (const file of added) expect(path.relative(ROOT, file)).toMatch(/^sdk\/nodejs\/[\w-]+\.ts$/);
  expect(withSdk.filter((file) => file.includes("milvus2-sdk-node"))).toEqual([]);
});

test("importing the provider loads neither the Milvus client nor gRPC: both come with the first call", () => {
  const loaded = loadedAfter(path.join(ROOT, "provider"));
  expect(loaded).toContain(path.join(ROOT, "provider", "resources", "partition.ts"));
  expect(loaded.filter((file) => /milvus2-sdk-node|@grpc|@pulumi/.test(file))).toEqual([]);
});

test("the first call loads the Milvus client without its bulk writer's libraries, which whoever uses them still gets", () => {
  const script = `
    const { loadSdk } = require("./provider/milvus/sdk");
    const loaded = () => Object.keys(require.cache).filter((file) => /@aws-sdk|thrift/.test(file)).length;
    const { MilvusClient } = loadSdk();
    const before = loaded();
    const { ParquetSchema } = require("@shanghaikid/parquetjs");
    const seen = { client: typeof MilvusClient, before, schema: typeof ParquetSchema, after: loaded() };
    process.stdout.write(JSON.stringify(seen));
  `;
  const options = { cwd: ROOT, encoding: "utf8" } as const;
  const args = ["--require", "ts-node/register/transpile-only", "--eval", script];
  const { after, ...seen } = JSON.parse(execFileSync(process.execPath, args, options)) as { after: number };
  expect(seen).toEqual({ client: "function", before: 0, schema: "function" });
  expect(after).toBeGreaterThan(0);
});
