/** `pulumi-milvus preview` and `drift` as users run them, on a stack of these tests. */
import { execFile } from "node:child_process";
import { join } from "node:path";

import type { DriftReport } from "../../../cli/drift/report";
import type { Report } from "../../../cli/preview/report";
import type { Workspace } from "../../../tools/stack";
import { unlikeSchema } from "../../support/report-schema";

const CLI = join(__dirname, "..", "..", "..", "dist", "cli", "main.js");

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function runOn(stack: Workspace, command: string, args: readonly string[]): Promise<Ended> {
  const all = [CLI, command, "--stack", stack.stack, "--cwd", stack.directory, ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, all, { env: stack.env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

export function previewReport(stack: Workspace, ...args: string[]): Promise<Ended> {
  return runOn(stack, "preview", args);
}

/** What it says of the stack's program, for programs. */
export async function reportOn(stack: Workspace, ...args: string[]): Promise<Report> {
  const { stdout, stderr } = await previewReport(stack, "--json", ...args);
  if (stdout === "") throw new Error(`there is no report: ${stderr}`);
  const report = JSON.parse(stdout) as Report;
  expect(unlikeSchema(report)).toEqual([]);
  return report;
}

export function drift(stack: Workspace, ...args: string[]): Promise<Ended> {
  return runOn(stack, "drift", args);
}

/** What it says of the stack, for programs. */
export async function driftOn(stack: Workspace, ...args: string[]): Promise<DriftReport> {
  const { stdout, stderr } = await drift(stack, "--json", ...args);
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as DriftReport;
}
