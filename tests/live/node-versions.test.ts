/** The versions of Node that `engines` of package.json promises, each run for real, and what one that is too old is told. */
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { whyNot } from "../../bin/node-version";
import { ensureNode } from "../../tools/node";
import { LAUNCHER } from "../../tools/plugin/bundle";
import { ROOT, run } from "../support/built-cli";
import { withPlugin } from "./support/bundled";
import { FIELDS, HNSW, live } from "./support/live";
import { rows } from "./support/milvus";

const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  engines: { node: string };
};

/** By what `engines` promises: the oldest, and the newest that there is. */
const TRIED: Readonly<Record<string, readonly [oldest: string, ...newer: string[]]>> = {
  "^20.19.0": ["20.19.0"],
  ">=22.12.0": ["22.12.0", "26.12.1"],
};
const TOO_OLD = "18.20.8";
const CLI = join(ROOT, "bin", "pulumi-milvus.js");

const context = live();
const { milvus } = context;

test("what package.json promises is what is tried here", () => {
  expect(engines.node).toBe(Object.keys(TRIED).join(" || "));
  for (const [promise, [oldest]] of Object.entries(TRIED)) expect(promise.replace(/^\D+/, "")).toBe(oldest);
});

/** The names of collections: one that each engine makes. */
const namesOn = (version: string): Readonly<Record<string, string>> => {
  const name = (engine: string): string => context.name(`${engine}_${version.replaceAll(".", "_")}`);
  return { "pulumi-milvus": name("dynamic"), "pulumi-milvus/plugin": name("plugin") };
};

function program(names: Readonly<Record<string, string>>, partitions: readonly string[]): string {
  return `
for (const [entry, collectionName] of Object.entries(${JSON.stringify(names)})) {
  const milvus = require(entry);
  const docs = new milvus.Collection(collectionName, { fields: ${FIELDS} });
  for (const partitionName of ${JSON.stringify(partitions)})
    new milvus.Partition(collectionName + "_" + partitionName, { collection: docs, partitionName });
  new milvus.Index(collectionName + "_index", { collection: docs, fieldName: "embedding", ${HNSW} });
}
exports.node = process.version;
`;
}

describe.each(Object.values(TRIED).flat())("On Node %s", (version) => {
  test("a stack over both engines is made, reported on and destroyed", async () => {
    const names = namesOn(version);
    const collections = Object.values(names);
    const folder = await ensureNode(version);
    const { PATH = "" } = await withPlugin();
    const stack = await context.stack(program(names, ["old", "kept"]), {
      env: { PATH: `${folder}${delimiter}${PATH}` },
    });
    await stack.up();
    expect((await stack.outputs())["node"]).toBe(`v${version}`);
    for (const collection of collections) {
      await milvus.insert(collection, rows(3), "old");
      await milvus.load(collection);
    }
    stack.program(program(names, ["kept"]));
    const args = [CLI, "preview", "--stack", stack.stack, "--cwd", stack.directory];
    const report = await run(join(folder, "node"), args, stack.env as Record<string, string>);
    expect(report.output).toContain("2 objects with data would be dropped: 6 entities lost");
    expect(report.code).toBe(2);
    await stack.destroy();
    for (const collection of collections) expect(await milvus.exists(collection)).toBe(false);
  });
});

describe("A Node that is too old", () => {
  const why = `it needs Node.js 20.19.0 or a later 20.x, or 22.12.0 or later; this is v${TOO_OLD}, `;

  test.each<[what: string, who: string, file: string, args: readonly string[]]>([
    ["the command line", "pulumi-milvus", CLI, ["--help"]],
    ["npm scripts", "pulumi-milvus", join(ROOT, "tools", "run.js"), ["milvus"]],
    ["the plugin", LAUNCHER, join(ROOT, "dist", "plugin", `${LAUNCHER}.cjs`), ["127.0.0.1:1"]],
  ])("is told so in one line by %s", async (_, who, file, args) => {
    const node = join(await ensureNode(TOO_OLD), "node");
    expect(await run(node, [file, ...args], {})).toMatchObject({
      code: 1,
      stdout: "",
      stderr: `${who}: ${why}${node}\n`,
    });
  });

  test("is told so by the plugin as engines start it, and so is whoever has no Node", async () => {
    const node = await ensureNode(TOO_OLD);
    const launcher = join(ROOT, "dist", "plugin", LAUNCHER);
    const old = await run(launcher, ["127.0.0.1:1"], { PATH: `${node}${delimiter}/usr/bin${delimiter}/bin` });
    expect(old).toMatchObject({ code: 1, stderr: `${LAUNCHER}: ${why}${join(node, "node")}\n` });
    const none = await run("/bin/sh", [launcher], { PATH: "/nowhere" });
    expect(none).toMatchObject({ code: 1, stderr: `${LAUNCHER}: there is no node on PATH\n` });
  });

  test.each([
    ["v20.18.3", false],
    ["v20.19.0", true],
    ["v20.20.2", true],
    ["v21.7.3", false],
    ["v22.11.0", false],
    ["v22.12.0", true],
    ["v23.0.0-nightly", true],
    ["v100.0.0", true],
    ["v8.17.0", false],
  ])("is not one by its text: %s, fits: %s", (version, fits) => {
    expect(whyNot(engines.node, version) === undefined).toBe(fits);
  });
});
