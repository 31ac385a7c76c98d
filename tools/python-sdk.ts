/**
 * The Python SDK of this checkout with Pulumi's own, in the cache: installed by pip as the template for Python has it, from a
 * copy of sdk/python. With them a language host, which an engine that was built here lacks.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { ensureEntry, shortHash } from "./cache";
import { filesBelow } from "./files";
import { removeTemporary, temporaryFolder } from "./processes";
import { findPython, type Python, runPip } from "./python";

const ROOT = path.join(__dirname, "..");
export const PYTHON_SDK = path.join(ROOT, "sdk", "python");
const REQUIREMENTS = path.join(ROOT, "templates", "milvus-python", "requirements.txt");
const HOST = path.join(__dirname, "languages", "pulumi-language-python.py");
/** The same as the engine's, in engine/go.mod. */
const PULUMI = "pulumi==3.259.0";

export interface PythonSdk {
  /** For PYTHONPATH. */
  readonly packages: string;
  /** To be put on PATH: holds `pulumi-language-python`. */
  readonly host: string;
}

export async function ensurePythonSdk(): Promise<PythonSdk> {
  const python = await findPython([3, 10], "programs in Python", "which the tests of other languages need.");
  const contents = [REQUIREMENTS, HOST, ...filesBelow(PYTHON_SDK)].map((file) => fs.readFileSync(file));
  const hash = shortHash(PULUMI, python.executable, ...contents);
  const name = `python-sdk-${python.version.join(".")}-${hash}`;
  return partsOf(await ensureEntry(name, (entry) => install(python, partsOf(entry))));
}

const partsOf = (entry: string): PythonSdk => ({
  packages: path.join(entry, "packages"),
  host: path.join(entry, "host"),
});

/** From a project beside a clone. pip builds in the folder that it is given. */
async function install(python: Python, { packages, host }: PythonSdk): Promise<void> {
  const folder = temporaryFolder("pulumi-milvus-python-");
  const project = path.join(folder, "project");
  try {
    fs.mkdirSync(project);
    fs.cpSync(PYTHON_SDK, path.join(folder, "pulumi-milvus", "sdk", "python"), { recursive: true });
    await runPip(python, ["install", "--target", packages, PULUMI, "--requirement", REQUIREMENTS], {
      cwd: project,
    });
  } finally {
    removeTemporary(folder);
  }
  writeHost(python, host);
}

/** Without a path into any clone. */
function writeHost({ executable }: Python, folder: string): void {
  const launcher = `#!/bin/sh\nexec "${executable}" "$(dirname "$0")/${path.basename(HOST)}" "$@"\n`;
  fs.mkdirSync(folder);
  fs.copyFileSync(HOST, path.join(folder, path.basename(HOST)));
  fs.writeFileSync(path.join(folder, "pulumi-language-python"), launcher, { mode: 0o755 });
}
