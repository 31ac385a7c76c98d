/**
 * npm run release: makes all that a release publishes, and publishes nothing. `.github/workflows/release.yml` uploads it.
 *
 *   npm run release -- --dry-run        of this checkout as it stands; what a tag would still be refused for is said
 *   npm run release -- --tag v1.2.3     for a tag: nothing is made unless everything says that version
 *
 * Into release/, or the folder of --out: the npm package, the plugin for each platform, the sdist and the wheel for
 * Python, SHA256SUMS over them, and notes.md. Go takes its SDK from the repository, by a tag.
 */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { packPlugin } from "./plugin";
import { LAUNCHER } from "./plugin/bundle";
import { runOrFail } from "./programs";
import { messageOf, progress } from "./progress";
import { packPython } from "./release/python";
import { disagreements, notesOf, obstacles, versionIn } from "./release/versions";

const ROOT = join(__dirname, "..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** As the engine asks for them. The plugin is the same on all: it runs on Node. */
const PLATFORMS = ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "windows-amd64"];

const CHECKSUMS = "SHA256SUMS";
const NOTES = "notes.md";

async function makeAll(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  progress("the package for npm, and with it a new build");
  await runOrFail("npm", ["pack", "--pack-destination", folder], { cwd: ROOT });
  progress("the plugin");
  packPlugins(folder);
  progress("the package for Python");
  await packPython(folder);
  writeFileSync(join(folder, CHECKSUMS), checksums(folder));
  writeFileSync(join(folder, NOTES), `${notesOf(read("CHANGELOG.md"), versionIn(read))}\n`);
}

function packPlugins(folder: string): void {
  const packed = packPlugin(folder);
  for (const platform of PLATFORMS)
    copyFileSync(packed, join(folder, `${LAUNCHER}-v${versionIn(read)}-${platform}.tar.gz`));
  rmSync(packed);
}

/** As `sha256sum --check` reads it. */
function checksums(folder: string): string {
  const lineOf = (name: string): string =>
    `${createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex")}  ${name}\n`;
  return readdirSync(folder).sort().map(lineOf).join("");
}

interface Arguments {
  readonly folder: string;
  /** None: a dry run. */
  readonly tag?: string;
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      "dry-run": { type: "boolean", default: false },
      tag: { type: "string" },
      out: { type: "string", default: "release" },
    },
  });
  if (values["dry-run"] === (values.tag !== undefined))
    throw new Error("say either --dry-run or --tag vX.Y.Z");
  return { folder: resolve(ROOT, values.out), tag: values.tag };
}

function refuse(reasons: readonly string[]): void {
  if (reasons.length > 0) throw new Error(`this cannot be released:\n${asList(reasons)}`);
}

const asList = (lines: readonly string[]): string => lines.map((line) => `  ${line}`).join("\n");

async function main(): Promise<void> {
  const { folder, tag } = readArguments();
  const version = versionIn(read);
  const before = obstacles(read, tag ?? `v${version}`);
  refuse([...disagreements(read), ...(tag === undefined ? [] : before)]);
  await makeAll(folder);
  console.log(`pulumi-milvus ${version}, in ${folder}:\n${asList(readdirSync(folder).sort())}`);
  if (tag === undefined && before.length > 0)
    console.log(`Before there can be a tag v${version}:\n${asList(before)}`);
}

main().catch((error: unknown) => {
  progress(messageOf(error));
  process.exitCode = 1;
});
