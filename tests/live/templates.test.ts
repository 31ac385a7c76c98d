/** Each template, as docs/getting-started.md has it: from an empty folder to a removed partition, and back to nothing. */
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { blocksIn } from "../../tools/markdown";
import { packPlugin } from "../../tools/plugin";
import { removeTemporary } from "../../tools/processes";
import { environmentOf } from "../support/test-server";
import { withLanguages, withPython } from "./support/languages";
import { live } from "./support/live";
import { Newcomer, secondsSince, withPackedClone } from "./support/newcomer";
import { ensureEngine } from "../../tools/engine";

const ROOT = join(__dirname, "..", "..");
const [, section = ""] = readFileSync(join(ROOT, "docs", "getting-started.md"), "utf8").split(
  /^## (?:From a template|A server)$/m,
);
const commands = blocksIn(section).map(({ text }) => text);
const [installPlugin = "", begin = "", make = "", remove = "", destroy = ""] = commands;

/** Its program, and the partition in it. */
type Template = [name: string, template: string, file: string, partition: RegExp];
const TEMPLATES: Template[] = [
  ["TypeScript", "milvus-typescript", "index.ts", /^new milvus\.Partition\("y2024".*\n/m],
  ["Python", "milvus-python", "__main__.py", /^milvus\.Partition\("y2024".*\n/m],
  ["YAML", "milvus-yaml", "Pulumi.yaml", /^ {2}y2024:\n(?: {4}.*\n)+/m],
];

const context = live();
let beside: string;

beforeAll(async () => {
  beside = await withPackedClone();
  const clone = join(beside, "pulumi-milvus");
  packPlugin(clone);
  symlinkSync(join(ROOT, "templates"), join(clone, "templates"));
  // pip builds in the folder that it is given.
  cpSync(join(ROOT, "sdk", "python"), join(clone, "sdk", "python"), { recursive: true });
});

afterAll(() => removeTemporary(beside));

test("the docs have a command for each step", () => {
  expect(commands).toHaveLength(5);
  expect(begin).toContain("../pulumi-milvus/templates/milvus-typescript");
});

test.each(TEMPLATES)("%s: comes to a removed partition, and leaves nothing behind", async (...told) => {
  const [language, template, file, partition] = told;
  const database = context.name(language.toLowerCase());
  const milvus = context.milvus.within(database);
  await context.milvus.createDatabase(database);
  const { env } = await ensureEngine();
  const newcomer = await Newcomer.in(beside, `documents-${template}`, {
    ...(await withPython(await withLanguages(env))),
    ...environmentOf(context.milvus.server),
    MILVUS_DATABASE: database,
  });
  try {
    const begun = Date.now();
    if (language !== "TypeScript") await newcomer.paste(installPlugin);
    // A host that was built here finds @pulumi/pulumi so, before it is installed.
    const NODE_PATH = join(ROOT, "node_modules");
    await newcomer.paste(begin.replace("milvus-typescript", template), { NODE_PATH });
    const installed = secondsSince(begun);
    await newcomer.paste(make);
    expect(await milvus.partitions("documents")).toEqual(["y2024"]);
    expect(await milvus.indexes("documents")).toMatchObject([{ name: "by_meaning", type: "HNSW" }]);
    expect(await milvus.loadedPartitions("documents")).toContain("y2024");
    newcomer.edit(file, (text) => text.replace(partition, ""));
    await newcomer.paste(remove);
    expect(await milvus.partitions("documents")).toEqual([]);
    expect(await milvus.loadedPartitions("documents")).toEqual(["_default"]);
    console.log(
      `${language}, from an empty folder to a removed partition: ${secondsSince(begun)} s, ${installed} s of them to install`,
    );
    expect(newcomer.read("Pulumi.yaml")).not.toMatch(/^template:/m);
    expect(newcomer.read("Pulumi.dev.yaml")).toContain("milvus:protectData: replacements");
    await newcomer.paste(destroy);
    expect(await milvus.exists("documents")).toBe(false);
  } finally {
    newcomer.dispose();
  }
});
