/** Other people's programs: where they are, and running them. */
import * as fs from "node:fs";
import * as path from "node:path";
import { spawnGuarded } from "./processes";
import { tail } from "./progress";

/** The engine looks for its language hosts there as well. */
export function isBeside(program: string, name: string): boolean {
  return isExecutable(path.join(path.dirname(fs.realpathSync(program)), executable(name)));
}

function executable(name: string): string {
  return process.platform === "win32" ? `${name}.exe` : name;
}

export function findOnPath(name: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => path.resolve(folder, executable(name))).find(isExecutable);
}

export function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

export async function runOrFail(
  command: string,
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<void> {
  const guarded = spawnGuarded(command, args, {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
    stopSignal: "SIGTERM",
  });
  const output: Buffer[] = [];
  guarded.child.stdout?.on("data", (part: Buffer) => output.push(part));
  guarded.child.stderr?.on("data", (part: Buffer) => output.push(part));
  const { code } = await guarded.exited;
  if (code !== 0) {
    throw new Error(`${path.basename(command)} failed:\n${tail(Buffer.concat(output).toString(), 30)}`);
  }
}
