/** `pulumi-milvus preview` as users run it, on a stack of these tests. */
import { execFile } from "node:child_process";
import { join } from "node:path";

import type { Report } from "../../../cli/preview/report";
import type { Workspace } from "../../../tools/stack";
import { unlikeSchema } from "../../support/report-schema";

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

/** What it says of the stack's program, for programs. */
export async function reportOn(stack: Workspace, ...args: string[]): Promise<Report> {
  const { stdout, stderr } = await previewReport(stack, "--json", ...args);
  if (stdout === "") throw new Error(`there is no report: ${stderr}`);
  const report = JSON.parse(stdout) as Report;
  expect(unlikeSchema(report)).toEqual([]);
  return report;
}
