/** Getting things out of the Python package registry, with the Python that is there. */
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { removeTemporary, temporaryFolder } from "./processes";
import { type RunOptions, runProgram } from "./programs";
import { tail } from "./progress";

export interface Python {
  /** The interpreter itself, not a shim that may point elsewhere tomorrow. */
  executable: string;
  /** [3, 11] */
  version: [number, number];
}

/** Every name a Python may have, the plain one first: it is what the user has chosen. */
const NAMES = [
  "python3",
  "python",
  "python3.13",
  "python3.12",
  "python3.11",
  "python3.10",
  "python3.9",
  "python3.8",
];

const DESCRIBE = "import sys; print(sys.executable, sys.version_info[0], sys.version_info[1], sep='\\n')";

/** The first Python that is recent enough; `purpose` completes the error ("... is needed for PURPOSE"). */
export async function findPython(
  minimum: [number, number],
  purpose: string,
  otherwise: string,
): Promise<Python> {
  const tooOld: string[] = [];
  for (const name of NAMES) {
    const python = await describePython(name);
    if (python === undefined) {
      continue;
    }
    if (isAtLeast(python.version, minimum)) {
      return python;
    }
    tooOld.push(`${name} is ${python.version.join(".")}`);
  }
  const found = tooOld.length > 0 ? tooOld.join(", ") : "none found on PATH";
  throw new Error(
    `Python >= ${minimum.join(".")} is needed for ${purpose} (${found}). Install it; ${otherwise}`,
  );
}

function describePython(name: string): Promise<Python | undefined> {
  return new Promise((resolve) => {
    execFile(name, ["-c", DESCRIBE], { timeout: 20_000 }, (error, stdout) => {
      const [executable, major, minor] = stdout.trim().split(/\r?\n/);
      resolve(
        error !== null || !executable ? undefined : { executable, version: [Number(major), Number(minor)] },
      );
    });
  });
}

function isAtLeast(version: [number, number], minimum: [number, number]): boolean {
  return version[0] > minimum[0] || (version[0] === minimum[0] && version[1] >= minimum[1]);
}

/** Runs pip with the given arguments, in a virtual environment of its own where Python came without pip. */
export async function runPip(python: Python, args: string[], options: RunOptions = {}): Promise<void> {
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
  if ((await runPython(python, ["-m", "pip", "--version"])).code === 0) {
    await runPythonOrFail(python, ["-m", "pip", ...args, ...quiet], options);
    return;
  }
  const folder = temporaryFolder("pulumi-milvus-pip-");
  try {
    const made = await runPython(python, ["-m", "venv", folder]);
    if (made.code !== 0) {
      throw new Error(
        `${python.executable} has neither pip nor a working venv module. Install one of them ` +
          `(on Debian and Ubuntu: apt install python3-pip).\n${tail(made.output, 10)}`,
      );
    }
    const inVenv = { ...python, executable: path.join(folder, "bin", "python") };
    await runPythonOrFail(inVenv, ["-m", "pip", ...args, ...quiet], options);
  } finally {
    removeTemporary(folder);
  }
}

export async function runPythonOrFail(
  python: Python,
  args: string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, output } = await runPython(python, args, options);
  if (code !== 0) {
    const command = [python.executable, ...args.map((arg) => arg.split("\n")[0])].join(" ");
    throw new Error(`${command} failed (exit code ${String(code)}):\n${tail(output, 20)}`);
  }
  return output;
}

function runPython(
  python: Python,
  args: string[],
  options: RunOptions = {},
): Promise<{ code: number | null; output: string }> {
  return runProgram(python.executable, args, options);
}

/** The only file in a folder that ends so. */
export function onlyFile(folder: string, ending: string): string {
  const found = fs.readdirSync(folder).filter((name) => name.endsWith(ending));
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(`expected one ${ending} file in ${folder}, found ${found.length}`);
  }
  return path.join(folder, found[0]);
}
