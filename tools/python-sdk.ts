/** The Python SDK of this checkout with what it needs, installed where a Python finds it by PYTHONPATH. */
import * as fs from "node:fs";
import * as path from "node:path";
import { ensureEntry, shortHash } from "./cache";
import { filesBelow } from "./files";
import { removeTemporary, temporaryFolder } from "./processes";
import { findPython, type Python, runPip } from "./python";

const SDK = path.join(__dirname, "..", "sdk", "python");
/** The same as the engine's, in engine/go.mod. */
const PULUMI = "pulumi==3.259.0";

export interface PythonSdk {
  readonly python: Python;
  /** For PYTHONPATH. */
  readonly folder: string;
}

export async function ensurePythonSdk(): Promise<PythonSdk> {
  const python = await findPython([3, 9], "programs in Python", "which the tests of other languages need.");
  const hash = shortHash(PULUMI, ...filesBelow(SDK).map((file) => fs.readFileSync(file)));
  const version = python.version.join(".");
  const folder = await ensureEntry(`python-sdk-${version}-${hash}`, (target) => install(python, target));
  return { python, folder };
}

/** pip builds in the folder that it is given. */
async function install(python: Python, target: string): Promise<void> {
  const copy = temporaryFolder("pulumi-milvus-python-");
  try {
    fs.cpSync(SDK, copy, { recursive: true });
    await runPip(python, ["install", "--target", target, PULUMI, copy]);
  } finally {
    removeTemporary(copy);
  }
}
