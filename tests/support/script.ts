/** Scripts that load the files of this checkout, in a process of their own. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "..", "..");

/** What it writes. The SDK logs more where NODE_ENV is that of Jest. */
export function outputOf(script: string, ...args: readonly string[]): string {
  const command = ["--require", "ts-node/register/transpile-only", "--eval", script, ...args];
  const env = { ...process.env, NODE_ENV: "production" };
  return execFileSync(process.execPath, command, { cwd: ROOT, encoding: "utf8", env });
}
