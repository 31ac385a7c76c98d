/** The command line as users run it: compiled, in a process of its own. */
import { execFile, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

export const ROOT = path.join(__dirname, "..", "..");
export const MAIN = path.join(ROOT, "dist", "cli", "main.js");

/** Compiles when one of these sources is newer than what it was compiled to. */
export function buildIfStale(...sources: string[]): void {
  const stale = sources.some((source) => {
    const compiled = path.join(ROOT, "dist", source.replace(/\.ts$/, ".js"));
    return !fs.existsSync(compiled) || modified(path.join(ROOT, source)) > modified(compiled);
  });
  if (!stale) return;
  const { status, stdout } = spawnSync(
    process.execPath,
    [require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json"],
    { cwd: ROOT, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`the command line does not compile:\n${stdout}`);
}

function modified(file: string): number {
  return fs.statSync(file).mtimeMs;
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly output: string;
}

/** With this environment and no other: the one that tests run in may be a CI job. */
export function run(file: string, args: readonly string[], env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(file, args, { env: { PATH: process.env["PATH"], ...env } }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, stdout, stderr, output: stdout + stderr });
    });
  });
}
