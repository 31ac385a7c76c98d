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

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly stopSignal?: NodeJS.Signals;
}

/** What it wrote to both streams, in the order of its arrival. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<{ code: number | null; output: string }> {
  const guarded = spawnGuarded(command, [...args], {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const parts: Buffer[] = [];
  guarded.child.stdout?.on("data", (part: Buffer) => parts.push(part));
  guarded.child.stderr?.on("data", (part: Buffer) => parts.push(part));
  const { code } = await guarded.exited;
  return { code, output: Buffer.concat(parts).toString() };
}

export async function runOrFail(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<void> {
  const { code, output } = await runProgram(command, args, { ...options, stopSignal: "SIGTERM" });
  if (code !== 0) throw new Error(`${path.basename(command)} failed:\n${tail(output, 30)}`);
}
