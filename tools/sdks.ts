/**
 * npm run sdks: writes the SDKs of other languages from the plugin's schema, with Pulumi's own generators and the little
 * that they cannot know. `--check` only says whether they are current.
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import { isInCollection } from "../provider/core/properties";
import { schemaOf } from "../provider/engines/plugin/schema";
import { resources } from "../provider/registry";
import { filesBelow } from "./files";
import { ensureLanguages } from "./languages";
import { packageVersion } from "./plugin/bundle";
import { removeTemporary, temporaryFolder } from "./processes";
import { runOrFail } from "./programs";
import { progress } from "./progress";

const SDK = join(__dirname, "..", "sdk");
/** Beside sdk/nodejs, which is written by hand. */
const LANGUAGES = ["python", "go"];
/** As generators and documentation take it. */
const SCHEMA = "schema.json";
const GENERATED = [...LANGUAGES, SCHEMA];

/** Into a folder, as they are checked in. */
async function generateSdks(folder: string): Promise<void> {
  const { sdks } = await ensureLanguages();
  const schema = join(folder, SCHEMA);
  writeFileSync(schema, `${JSON.stringify(schemaOf(packageVersion()), undefined, 2)}\n`);
  await runOrFail(sdks, [schema, folder, ...LANGUAGES], { cwd: folder });
  collectionsInPython(join(folder, "python", "pulumi_milvus"));
  momentInPython(join(folder, "python", "pulumi_milvus"));
  collectionsInGo(join(folder, "go", "milvus"));
  for (const language of LANGUAGES) {
    rmSync(join(folder, language, ".gitattributes"), { force: true });
    cpSync(join(__dirname, "sdks", language), join(folder, language), { recursive: true });
  }
}

interface InCollection {
  readonly kind: string;
  /** It has a drop of its own before that of its collection. */
  readonly outlives: boolean;
}

function inCollections(): InCollection[] {
  return Object.values(resources)
    .filter(({ inputs }) => isInCollection(inputs))
    .map((resource) => ({ kind: resource.kind, outlives: "outlivesCollection" in resource }));
}

/**
 * The engine is told only by the program that a resource goes with another one, and Pulumi's generators know nothing of
 * it: without it a destroy would release and drop one partition after another.
 */
function collectionsInPython(folder: string): void {
  edit(join(folder, "collection.py"), [
    [
      "        super(Collection, __self__).__init__(\n",
      (call) => `        __self__._is_read = opts.id is not None\n${call}`,
    ],
  ]);
  for (const { kind, outlives } of inCollections())
    edit(join(folder, moduleOf(kind)), [
      ["from . import _utilities\n", (line) => `${line}from ._collections import stands_in\n`],
      [
        '            __props__.__dict__["collection"] = collection\n',
        (line) => `${line}            stands_in(collection, opts, outlives=${outlives ? "True" : "False"})\n`,
      ],
    ]);
}

/** Nor are they told which of the two a program runs for. */
function momentInPython(folder: string): void {
  for (const { kind } of Object.values(resources))
    edit(join(folder, moduleOf(kind)), [
      ["from . import _utilities\n", (line) => `${line}from ._moment import moment\n`],
      [
        `            __props__ = ${kind}Args.__new__(${kind}Args)\n`,
        (line) => `${line}            __props__.__dict__.update(moment())\n`,
      ],
    ]);
}

function moduleOf(kind: string): string {
  return `${kind.replace(/(?!^)([A-Z])/g, "_$1").toLowerCase()}.py`;
}

function collectionsInGo(folder: string): void {
  edit(join(folder, "collection.go"), [
    [
      "type Collection struct {\n\tpulumi.CustomResourceState\n",
      (start) => `${start}\n\t// Whether it was got by its id: the engine never deletes it.\n\tisRead bool\n`,
    ],
    [
      "func GetCollection(ctx *pulumi.Context,\n\tname string, id pulumi.IDInput, state *CollectionState, opts ...pulumi.ResourceOption) (*Collection, error) {\n\tvar resource Collection\n",
      (start) => `${start}\tresource.isRead = true\n`,
    ],
  ]);
  for (const { kind } of inCollections().filter(({ outlives }) => !outlives))
    edit(join(folder, `${kind.charAt(0).toLowerCase()}${kind.slice(1)}.go`), [
      [
        "\topts = internal.PkgResourceDefaultOpts(opts)\n",
        (line) => `\topts = standsIn(args.Collection, opts)\n${line}`,
      ],
    ]);
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

/** What is not as it would be generated, by path. */
export async function outdatedFiles(): Promise<string[]> {
  return inTemporaryFolder((folder) => {
    const [wanted, there] = [textsIn(folder), textsIn(SDK)];
    const names = new Set([...wanted.keys(), ...there.keys()]);
    return [...names].filter((name) => wanted.get(name) !== there.get(name)).sort();
  });
}

function textsIn(folder: string): Map<string, string> {
  const files = GENERATED.flatMap((name) => filesBelow(join(folder, name)));
  return new Map(files.map((file) => [relative(folder, file), readFileSync(file, "utf8")]));
}

async function write(): Promise<void> {
  await inTemporaryFolder((folder) => {
    for (const name of GENERATED) {
      rmSync(join(SDK, name), { recursive: true, force: true });
      cpSync(join(folder, name), join(SDK, name), { recursive: true });
    }
  });
}

async function inTemporaryFolder<T>(work: (generated: string) => T | Promise<T>): Promise<T> {
  const folder = temporaryFolder("pulumi-milvus-sdks-");
  try {
    await generateSdks(folder);
    return await work(folder);
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
