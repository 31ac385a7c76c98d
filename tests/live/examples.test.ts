/** Examples whose servers are not to be had here, with what stands for them: a real Milvus 2.3.5, and no Docker. */
import { chmodSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { ensureEngine } from "../../tools/engine";
import { live, said } from "./support/live";

const context = live();
const { milvus } = context;
const { address, username = "", password = "" } = milvus.server;

/** Its collection under a name that no other test has. */
function exampleOf(folder: string, collectionName: string): string {
  const text = readFileSync(join(__dirname, "..", "..", "examples", folder, "index.ts"), "utf8");
  return text.replace(`description: "What`, `collectionName: "${collectionName}", description: "What`);
}

/** `npm run check` has their types. */
const UNCHECKED = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };

async function expectMade(collectionName: string, indexType: string): Promise<void> {
  expect(await milvus.partitions(collectionName)).toEqual(["y2024"]);
  expect(await milvus.indexes(collectionName)).toMatchObject([{ name: "by_meaning", type: indexType }]);
  expect(await milvus.loadState(collectionName)).toBe("LoadStateLoaded");
}

test("examples/zilliz-cloud, with the address of a Milvus and user:password for the API key", async () => {
  const name = context.name("in_cloud");
  const stack = await context.stack(exampleOf("zilliz-cloud", name), {
    language: "ts",
    env: UNCHECKED,
    config: { "test:endpoint": `http://${address}`, "test:apiKey": { secret: `${username}:${password}` } },
  });
  await stack.up();
  await expectMade(name, "AUTOINDEX");
  await stack.preview({ args: ["--expect-no-changes"] });
  expect(JSON.stringify(await stack.stackExport())).not.toContain(password);
  await stack.destroy();
  expect(await milvus.exists(name)).toBe(false);
});

/** Writes down how it was called, and starts nothing: the server runs already. */
const DOCKER = `#!/bin/sh
echo "$* port=$MILVUS_PORT password=\${#MILVUS_ROOT_PASSWORD}" >> "$(dirname "$0")/calls"
`;

test("examples/compose, with a docker that starts nothing", async () => {
  const name = context.name("composed");
  const [, port = ""] = address.split(":");
  const { env } = await ensureEngine();
  const stack = await context.stack(exampleOf("compose", name), {
    language: "ts",
    env: UNCHECKED,
    files: { "bin/docker": DOCKER },
    config: { "test:port": port, "test:rootPassword": { secret: password } },
  });
  chmodSync(join(stack.directory, "bin", "docker"), 0o755);
  stack.env["PATH"] = `${join(stack.directory, "bin")}${delimiter}${env["PATH"] ?? ""}`;
  const calls = (): string[] =>
    readFileSync(join(stack.directory, "bin", "calls"), "utf8")
      .trimEnd()
      .split("\n");
  const given = `port=${port} password=${password.length}`;

  const up = await stack.up();
  await expectMade(name, "HNSW");
  expect(calls()).toEqual([`compose up --detach ${given}`]);
  await stack.preview({ args: ["--expect-no-changes"] });
  expect(said(up) + JSON.stringify(await stack.stackExport())).not.toContain(password);
  await stack.destroy();
  expect(await milvus.exists(name)).toBe(false);
  expect(calls().slice(1)).toEqual([`compose down ${given}`]);
});
