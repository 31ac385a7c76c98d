/** Stacks whose programs are in other languages than Node's, over the plugin. */
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { buildWithGo } from "../../../tools/go";
import { ensureLanguages } from "../../../tools/languages";
import { removeTemporary, temporaryFolder } from "../../../tools/processes";
import { runProgram } from "../../../tools/programs";
import { ensurePythonSdk } from "../../../tools/python-sdk";
import type { OperationResult, Workspace } from "../../../tools/stack";
import { AUTOMATION, writeGoModule } from "../../support/go-module";
import { type Live, said, type StackOptions } from "./live";

/** What happens to a stack, in whichever language its program is. */
export interface LanguageStack {
  /** For the commands that run no program. */
  readonly workspace: Workspace;
  program(text: string): void;
  /** Returns what a user reads. */
  up(options?: { expectFailure?: boolean }): Promise<string>;
  preview(options?: { expectFailure?: boolean; expectNoChanges?: boolean }): Promise<string>;
}

type Env = Readonly<Record<string, string>>;

/** With Pulumi's YAML host, and with what prints code for Node. */
export async function withLanguages(env: Env): Promise<Env> {
  const { folder } = await ensureLanguages();
  return behindPath(env, folder);
}

/** With both SDKs for Python, and with a host for it where there is no official one. */
export async function withPython(env: Env): Promise<Env> {
  const { packages, host } = await ensurePythonSdk();
  return { ...behindPath(env, host), PYTHONPATH: packages };
}

function behindPath(env: Env, folder: string): Env {
  return { ...env, PATH: `${env["PATH"]}${delimiter}${folder}` };
}

export async function yamlStack(context: Live, env: Env, options: StackOptions = {}): Promise<LanguageStack> {
  return hosted(await context.stack("", { ...options, language: "yaml", env: await withLanguages(env) }));
}

export async function pythonStack(
  context: Live,
  env: Env,
  options: StackOptions = {},
): Promise<LanguageStack> {
  return hosted(await context.stack("", { ...options, language: "python", env: await withPython(env) }));
}

/** In TypeScript. */
export async function nodeStack(context: Live, env: Env, options: StackOptions = {}): Promise<LanguageStack> {
  return hosted(await context.stack("", { ...options, language: "ts", env }));
}

/** The engine runs its program, through the host of the language. */
function hosted(workspace: Workspace): LanguageStack {
  const told = async (ran: Promise<OperationResult>, expectFailure?: boolean): Promise<string> => {
    const result = await ran;
    return asExpected(result.code, said(result), expectFailure);
  };
  return {
    workspace,
    program: (text) => workspace.program(text),
    up: ({ expectFailure } = {}) => told(workspace.up({ expectFailure }), expectFailure),
    preview: ({ expectFailure, expectNoChanges } = {}) => {
      const args = expectNoChanges ? ["--expect-no-changes"] : [];
      return told(workspace.preview({ expectFailure, args }), expectFailure);
    },
  };
}

const GO_PROGRAM = join(__dirname, "go-program", "program.go");

/**
 * An inline program of the Automation API, which needs no language host. It (`program.go`) is always the same, and what it
 * declares is read from a file: compiling takes seconds each time.
 */
export async function goStack(
  context: Live,
  env: Env,
  options: StackOptions = {},
  program = readFileSync(GO_PROGRAM, "utf8"),
): Promise<LanguageStack> {
  const workspace = await context.stack("", { ...options, env });
  const executable = join(workspace.directory, "program");
  const module = temporaryFolder("pulumi-milvus-go-");
  try {
    writeGoModule(module, { "main.go": readFileSync(AUTOMATION, "utf8"), "program.go": program });
    await buildWithGo({
      name: "the Go program of the tests",
      takes: "1 to 3 minutes",
      module,
      packages: ["."],
      output: executable,
      linkerFlags: "-s -w",
      otherwise: "which the tests of other languages need.",
    });
  } finally {
    removeTemporary(module);
  }
  return automated(workspace, "declared.json", executable);
}

/** The program runs itself: COMMAND FOLDER STACK EXPECT. */
function automated(workspace: Workspace, file: string, executable: string): LanguageStack {
  const run = async (command: string, expect: string, expectFailure = false): Promise<string> => {
    const { directory, stack, env } = workspace;
    const ran = await runProgram(executable, [command, directory, stack, expect], { cwd: directory, env });
    return asExpected(ran.code, ran.output, expectFailure);
  };
  return {
    workspace,
    program: (text) => workspace.write(file, text),
    up: ({ expectFailure } = {}) => run("up", "anything", expectFailure),
    preview: ({ expectFailure, expectNoChanges } = {}) =>
      run("preview", expectNoChanges ? "no-changes" : "anything", expectFailure),
  };
}

function asExpected(code: number | null, text: string, expectFailure = false): string {
  if ((code !== 0) !== expectFailure) throw new Error(`ended with exit code ${code}:\n${text}`);
  return text;
}
