/**
 * npm run sdks: writes the SDKs of other languages from the plugin's schema, with Pulumi's own generators and the little
 * that they cannot know. `--check` only says whether they are current.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import { isInCollection } from "../provider/core/properties";
import { schemaOf } from "../provider/engines/plugin/schema";
import { resources } from "../provider/registry";
import { ensureLanguages } from "./languages";
import { packageVersion } from "./plugin/bundle";
import { removeTemporary, temporaryFolder } from "./processes";
import { runOrFail } from "./programs";
import { progress } from "./progress";

const ROOT = join(__dirname, "..");
const TARGET = join(ROOT, "sdk", "python");
const PACKAGE = "pulumi_milvus";

/** The schema as it is checked in, and as generators and documentation take it. */
export const SCHEMA_FILE = join(ROOT, "sdk", "schema.json");

export function schemaText(): string {
  return `${JSON.stringify(schemaOf(packageVersion()), undefined, 2)}\n`;
}

/** Below a folder, as they are checked in. */
export async function generateSdks(folder: string): Promise<void> {
  const { sdks } = await ensureLanguages();
  const schema = join(folder, "schema.json");
  writeFileSync(schema, schemaText());
  await runOrFail(sdks, [schema, folder, "python"], { cwd: folder, env: process.env });
  const python = join(folder, "python");
  withCollections(join(python, PACKAGE));
  cpSync(join(__dirname, "sdks", "python"), python, { recursive: true });
  for (const name of [".gitattributes"]) rmSync(join(python, name), { force: true });
}

/**
 * The engine is told only by the program that a resource goes with another one, and Pulumi's generators know nothing of
 * it: without it a destroy would release and drop one partition after another.
 */
function withCollections(folder: string): void {
  edit(join(folder, "collection.py"), [
    [
      "        super(Collection, __self__).__init__(\n",
      (call) => `        __self__._is_read = opts.id is not None\n${call}`,
    ],
  ]);
  for (const { kind, inputs, ...resource } of Object.values(resources)) {
    if (!isInCollection(inputs)) continue;
    const outlives = "outlivesCollection" in resource ? "True" : "False";
    edit(join(folder, `${kind.replace(/(?!^)([A-Z])/g, "_$1").toLowerCase()}.py`), [
      ["from . import _utilities\n", (line) => `${line}from ._collections import stands_in\n`],
      [
        '            __props__.__dict__["collection"] = collection\n',
        (line) => `${line}            stands_in(collection, opts, outlives=${outlives})\n`,
      ],
    ]);
  }
}

type Edit = readonly [place: string, edited: (place: string) => string];

/** Throws when the generator writes something else one day. */
function edit(file: string, edits: readonly Edit[]): void {
  let text = readFileSync(file, "utf8");
  for (const [place, edited] of edits) {
    if (text.split(place).length !== 2) throw new Error(`${file} has not once: ${place}`);
    text = text.replace(place, edited);
  }
  writeFileSync(file, text);
}

function filesIn(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [relative(folder, path), readFileSync(path, "utf8")]));
}

/** What is not as it would be generated, by path. */
export async function outdatedFiles(): Promise<string[]> {
  const folder = temporaryFolder("pulumi-milvus-sdks-");
  try {
    await generateSdks(folder);
    const wanted = filesIn(join(folder, "python"));
    const there = filesIn(TARGET);
    const names = new Set([...wanted.keys(), ...there.keys()]);
    const stale = [...names].filter((name) => wanted.get(name) !== there.get(name));
    const schema = existsSync(SCHEMA_FILE) ? readFileSync(SCHEMA_FILE, "utf8") : undefined;
    return [
      ...(schema === schemaText() ? [] : ["sdk/schema.json"]),
      ...stale.map((name) => `sdk/python/${name}`),
    ];
  } finally {
    removeTemporary(folder);
  }
}

async function write(): Promise<void> {
  const folder = temporaryFolder("pulumi-milvus-sdks-");
  try {
    await generateSdks(folder);
    rmSync(TARGET, { recursive: true, force: true });
    mkdirSync(TARGET, { recursive: true });
    cpSync(join(folder, "python"), TARGET, { recursive: true });
    writeFileSync(SCHEMA_FILE, schemaText());
  } finally {
    removeTemporary(folder);
  }
}

async function main(): Promise<void> {
  if (!process.argv.includes("--check")) return write();
  const outdated = await outdatedFiles();
  if (outdated.length === 0) return progress("the SDKs are current");
  throw new Error(`not as generated: ${outdated.join(", ")}. Run npm run sdks`);
}

if (process.argv[1] === __filename)
  main().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
