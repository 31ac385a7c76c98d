/** `pulumi-milvus preview` as users run it, on a stack of these tests. */
import { execFile } from "node:child_process";
import { join } from "node:path";

import type { Workspace } from "../../../tools/stack";

const CLI = join(__dirname, "..", "..", "..", "dist", "cli", "main.js");

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function previewReport(stack: Workspace, ...args: string[]): Promise<Ended> {
  const all = [CLI, "preview", "--stack", stack.stack, "--cwd", stack.directory, ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, all, { env: stack.env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}
