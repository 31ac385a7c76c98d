/** Stacks whose programs are in other languages than Node's, over the plugin. */
import { delimiter, join } from "node:path";

import { buildWithGo } from "../../../tools/go";
import { ensureLanguages } from "../../../tools/languages";
import { runProgram } from "../../../tools/programs";
import { ensurePythonSdk } from "../../../tools/python-sdk";
import type { OperationResult, Workspace } from "../../../tools/stack";
import { type Live, said } from "./live";

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
  return { ...env, PATH: `${env["PATH"]}${delimiter}${folder}` };
}

export async function yamlStack(context: Live, env: Env): Promise<LanguageStack> {
  const workspace = await context.stack("", { language: "yaml", env: await withLanguages(env) });
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

/** An inline program of the Automation API, which needs no language host. */
const PYTHON = `
import sys
from pulumi import automation as auto

command, folder, stack, expect = sys.argv[1:]

def program():
    with open(folder + "/program.py") as file:
        exec(compile(file.read(), "program.py", "exec"), {})

selected = auto.select_stack(
    stack_name=stack, project_name="test", program=program,
    opts=auto.LocalWorkspaceOptions(work_dir=folder))
try:
    if command == "preview":
        print(selected.preview(expect_no_changes=expect == "no-changes").stdout)
    else:
        print(selected.up().stdout)
except auto.errors.CommandError as error:
    print(error)
    sys.exit(1)
`;

export async function pythonStack(context: Live, env: Env): Promise<LanguageStack> {
  const { python, folder } = await ensurePythonSdk();
  const workspace = await context.stack("", { env, files: { "automation.py": PYTHON } });
  return automated(workspace, "program.py", [python.executable, "automation.py"], { PYTHONPATH: folder });
}

const GO_PROGRAM = join(__dirname, "go-program");

/** Its program is always the same, and what it declares is read from a file: compiling takes seconds each time. */
export async function goStack(context: Live, env: Env): Promise<LanguageStack> {
  const workspace = await context.stack("", { env });
  const executable = join(workspace.directory, "program");
  await buildWithGo({
    name: "the Go program of the tests",
    takes: "1 to 3 minutes",
    module: GO_PROGRAM,
    packages: ["."],
    output: executable,
    linkerFlags: "-s -w",
    otherwise: "which the tests of other languages need.",
  });
  return automated(workspace, "declared.json", [executable]);
}

/** The program runs itself: COMMAND FOLDER STACK EXPECT. */
function automated(workspace: Workspace, file: string, program: string[], more: Env = {}): LanguageStack {
  const [executable = "", ...first] = program;
  const run = async (command: string, expect: string, expectFailure = false): Promise<string> => {
    const { directory, stack } = workspace;
    const ran = await runProgram(executable, [...first, command, directory, stack, expect], {
      cwd: directory,
      env: { ...workspace.env, ...more },
    });
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
