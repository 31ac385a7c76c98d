/**
 * The real Pulumi engine for tests, examples and the quickstart. Looked for in this order: `pulumi` on PATH, the
 * tool cache, the vendor's own installer, and last a build from the Go module registry (tools/engine/go.mod pins it).
 */
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { cachedEntry, ensureEntry, shortHash } from "./cache";
import { buildWithGo } from "./go";
import { findOnPath, isBeside, runOrFail } from "./programs";
import { messageOf, progress } from "./progress";

/** `read` of a dynamic resource may return inputs since then. */
const MINIMUM: Version = [3, 216, 0];
/** Installed or built where there is none; the same as in engine/go.mod. */
const PINNED = "3.259.0";
const MODULE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
const INSTALLER = "https://get.pulumi.com/install.sh";
const OTHERWISE = "or install Pulumi yourself and put it on PATH.";
const SOURCES = path.join(__dirname, "engine");

type Version = [number, number, number];

export interface Engine {
  /** To be put first on PATH: holds `pulumi` and what it starts. */
  folder: string;
  version: string;
  origin: "PATH" | "vendor" | "built";
  /** PATH and the switches that keep the engine from calling home. */
  env: Record<string, string>;
}

let found: Promise<Engine> | undefined;

/** The engine; looked for once per process. */
export function ensureEngine(): Promise<Engine> {
  found ??= findEngine();
  return found;
}

async function findEngine(): Promise<Engine> {
  return (
    (await engineOnPath()) ??
    (await cachedVendorEngine()) ??
    (await cachedBuiltEngine()) ??
    (await newEngine())
  );
}

async function newEngine(): Promise<Engine> {
  if (await vendorIsReachable()) {
    try {
      return await installVendorEngine();
    } catch (error) {
      progress(`the vendor's installer failed (${messageOf(error)}), building Pulumi instead`);
    }
  }
  return buildEngine();
}

function describeEngine(folder: string, version: string, origin: Engine["origin"]): Engine {
  return {
    folder,
    version,
    origin,
    env: {
      PATH: `${folder}${path.delimiter}${process.env["PATH"] ?? ""}`,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    },
  };
}

// ---------------------------------------------------------------------------------------------------------------
// pulumi on PATH

async function engineOnPath(): Promise<Engine | undefined> {
  const program = findOnPath("pulumi");
  if (program === undefined) {
    return undefined;
  }
  const version = await engineVersion(program);
  if (version === undefined || !isRecent(version)) {
    progress(
      `${program} is ${version ?? "not working"}; at least ${MINIMUM.join(".")} is needed, looking for another`,
    );
    return undefined;
  }
  if (findOnPath("pulumi-language-nodejs") === undefined && !isBeside(program, "pulumi-language-nodejs")) {
    progress(`${program} has no Node.js language host (pulumi-language-nodejs), looking for another`);
    return undefined;
  }
  return describeEngine(path.dirname(program), version, "PATH");
}

function engineVersion(program: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    execFile(program, ["version"], { env, timeout: 30_000 }, (error, stdout) => {
      const version = /^v?(\d+\.\d+\.\d+\S*)/m.exec(stdout)?.[1];
      resolve(error === null ? version : undefined);
    });
  });
}

function isRecent(text: string): boolean {
  const version = text.split(/[.+-]/).map(Number);
  for (const [index, least] of MINIMUM.entries()) {
    const part = version[index] ?? 0;
    if (part !== least) {
      return part > least;
    }
  }
  return true;
}

// ---------------------------------------------------------------------------------------------------------------
// The vendor's installer

const VENDOR_ENTRY = `pulumi-vendor-${PINNED}-${process.platform}-${process.arch}`;

const INSTALL = `
const { PulumiCommand } = require("@pulumi/pulumi/automation");
const { SemVer } = require("node:module").createRequire(require.resolve("@pulumi/pulumi"))("semver");
PulumiCommand.install({ version: new SemVer("${PINNED}"), root: process.argv[1] }).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
`;

function cachedVendorEngine(): Promise<Engine | undefined> {
  const entry = cachedEntry(VENDOR_ENTRY);
  const engine = entry === undefined ? undefined : describeEngine(path.join(entry, "bin"), PINNED, "vendor");
  return Promise.resolve(engine);
}

async function vendorIsReachable(): Promise<boolean> {
  try {
    return (await fetch(INSTALLER, { method: "HEAD", signal: AbortSignal.timeout(4_000) })).ok;
  } catch {
    return false;
  }
}

async function installVendorEngine(): Promise<Engine> {
  const entry = await ensureEntry(VENDOR_ENTRY, async (root) => {
    progress(`installing Pulumi ${PINNED} with the vendor's installer (once)`);
    // In a process of its own, which ends when this one does: the Automation API gives no way to stop it.
    await runOrFail(process.execPath, ["-e", INSTALL, root], { cwd: __dirname, env: process.env });
  });
  return describeEngine(path.join(entry, "bin"), PINNED, "vendor");
}

// ---------------------------------------------------------------------------------------------------------------
// A build from the Go module registry

/** The files of the engine's folder besides the binary. */
interface Companion {
  name: string;
  content: Buffer | string;
}

/**
 * They resolve @pulumi/pulumi from the program that is run, so that the folder holds no path into any clone. Named
 * .cjs, because a package.json of the user's above the cache may declare ES modules.
 */
function companions(): Companion[] {
  const launcher = (name: string) => `#!/bin/sh\nexec node "$(dirname "$0")/${name}.cjs" "$@"\n`;
  return ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"].flatMap((name) => [
    { name, content: launcher(name) },
    { name: `${name}.cjs`, content: fs.readFileSync(path.join(SOURCES, `${name}.js`)) },
  ]);
}

function binaryEntry(): string {
  const pins = ["go.mod", "go.sum", "tools.go"].map((name) => fs.readFileSync(path.join(SOURCES, name)));
  return `pulumi-${PINNED}-${process.platform}-${process.arch}-${shortHash(...pins)}`;
}

function engineEntry(): string {
  return `engine-${shortHash(binaryEntry(), ...companions().flatMap(({ name, content }) => [name, content]))}`;
}

async function cachedBuiltEngine(): Promise<Engine | undefined> {
  return cachedEntry(binaryEntry()) === undefined ? undefined : buildEngine();
}

async function buildEngine(): Promise<Engine> {
  const binary = await ensureEntry(binaryEntry(), buildBinary);
  // An entry of its own: a change in our language host must not cost a build of the binary.
  const folder = await ensureEntry(engineEntry(), (entry) => {
    linkOrCopy(path.join(binary, "pulumi"), path.join(entry, "pulumi"));
    for (const { name, content } of companions()) {
      fs.writeFileSync(path.join(entry, name), content, { mode: 0o755 });
    }
    return Promise.resolve();
  });
  return describeEngine(folder, PINNED, "built");
}

async function buildBinary(folder: string): Promise<void> {
  if (process.platform === "win32") {
    throw new Error(
      `there is no Pulumi on PATH, and building it here is not supported on Windows: install Pulumi.`,
    );
  }
  await buildWithGo({
    name: `Pulumi ${PINNED}`,
    takes: "3 to 7 minutes",
    module: SOURCES,
    packages: [MODULE],
    output: path.join(folder, "pulumi"),
    linkerFlags: `-s -w -X ${VERSION_VARIABLE}=v${PINNED}`,
    otherwise: OTHERWISE,
  });
}

/** A link costs nothing; across file systems it must be a copy. Not a symbolic one: the engine looks beside its target. */
function linkOrCopy(source: string, target: string): void {
  try {
    fs.linkSync(source, target);
  } catch {
    fs.copyFileSync(source, target);
  }
}
