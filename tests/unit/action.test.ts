/** action.yml and the snippets of docs/ci.md: what they say, and their scripts, run as a CI job runs them. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { parse } from "yaml";

import { buildIfStale, type Ended, MAIN, ROOT, run } from "../support/built-cli";
import { GitHub, GitLab, type Host, TOKEN } from "../support/comment-hosts";

interface ActionStep {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly shell: string;
  readonly "working-directory"?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { description: string; required: boolean; default: string }>>;
  readonly outputs: Readonly<Record<string, { description: string; value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly ActionStep[] };
}

interface Preview {
  readonly code: number;
  /** None: the preview ended before there was a report. */
  readonly verdict?: string;
}

const action = parse(fs.readFileSync(path.join(ROOT, "action.yml"), "utf8")) as Action;
const snippets = [
  ...fs.readFileSync(path.join(ROOT, "docs", "ci.md"), "utf8").matchAll(/```yaml\n(.*?)```/gs),
].map(([, text = ""]) => parse(text) as Record<string, unknown>);
const [github, gitlab] = [new GitHub(), new GitLab()];
let folder: string;

beforeAll(async () => {
  buildIfStale("cli/main.ts", "cli/comment/command.ts", "cli/comment/github.ts", "cli/comment/gitlab.ts");
  await Promise.all([github.start(), gitlab.start()]);
});

afterAll(() => Promise.all([github.stop(), gitlab.stop()]));

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "action-"));
  for (const host of [github, gitlab]) host.reset();
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

/** An npx that finds the package installed: `comment` is the real one, `preview` ends as told. */
function installNpx({ code, verdict }: Preview): string {
  const npx = path.join(folder, "npx");
  fs.writeFileSync(
    npx,
    `#!${process.execPath}
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const [no, name, command, ...args] = process.argv.slice(2);
fs.appendFileSync(${JSON.stringify(path.join(folder, "calls"))}, JSON.stringify([command, ...args]) + "\\n");
if (no !== "--no" || name !== "pulumi-milvus") process.exit(99);
if (command === "comment")
  process.exit(spawnSync(process.execPath, [${JSON.stringify(MAIN)}, command, ...args], { stdio: "inherit" }).status);
const verdict = ${JSON.stringify(verdict ?? null)};
if (verdict !== null) {
  fs.writeFileSync(args[args.indexOf("--markdown") + 1], "<!-- pulumi-milvus preview -->\\n\\n### " + verdict + "\\n");
  console.log(JSON.stringify({ verdict }));
}
process.exit(${code});
`,
    { mode: 0o755 },
  );
  return `${folder}${path.delimiter}${process.env["PATH"]}`;
}

function calls(): string[][] {
  const lines = fs.readFileSync(path.join(folder, "calls"), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as string[]);
}

interface Job {
  readonly code: number;
  readonly outputs: Record<string, string>;
  readonly summary: string;
  readonly output: string;
}

/** The steps one after another, as a runner does it: the first that fails ends the job. */
async function runAction(
  preview: Preview,
  inputs: Record<string, string> = {},
  event: object = { pull_request: { number: 7 } },
): Promise<Job> {
  const PATH = installNpx(preview);
  const given = Object.fromEntries(
    Object.entries(action.inputs).map(([name, { default: value }]) => [name, inputs[name] ?? value]),
  );
  const outputs: Record<string, string> = {};
  const evaluated = (text: string): string =>
    text.replace(/\$\{\{ (\S+) \}\}/g, (_, expression: string) => {
      const [scope, ...names] = expression.split(".");
      if (scope === "inputs") return evaluated(given[names.join(".")]!);
      if (scope === "steps") return outputs[names.at(-1)!] ?? "";
      return expression === "github.token" ? TOKEN : expression;
    });
  const [outputFile, summaryFile, eventFile] = ["output", "summary", "event.json"].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  fs.writeFileSync(eventFile, JSON.stringify(event));
  let [code, output] = [0, ""];
  for (const step of action.runs.steps) {
    if (step.if !== undefined && (given["comment"] !== "true" || !("pull_request" in event))) continue;
    fs.writeFileSync(outputFile, "");
    const script = path.join(folder, "step.sh");
    fs.writeFileSync(script, step.run);
    const ended: Ended = await run("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], {
      ...Object.fromEntries(Object.entries(step.env).map(([name, value]) => [name, evaluated(value)])),
      PATH,
      RUNNER_TEMP: folder,
      GITHUB_OUTPUT: outputFile,
      GITHUB_STEP_SUMMARY: summaryFile,
      GITHUB_EVENT_PATH: eventFile,
      GITHUB_REPOSITORY: "acme/search",
      GITHUB_API_URL: github.apiUrl,
    });
    for (const line of fs.readFileSync(outputFile, "utf8").split("\n").filter(Boolean))
      outputs[line.slice(0, line.indexOf("="))] = line.slice(line.indexOf("=") + 1);
    output += ended.output;
    if ((code = ended.code) !== 0) break;
  }
  expect(output).not.toContain(TOKEN);
  return { code, outputs, summary: fs.readFileSync(summaryFile, "utf8"), output };
}

test("action.yml has the inputs, outputs and steps that the docs promise", () => {
  expect(action.runs.using).toBe("composite");
  expect(Object.keys(action.inputs)).toEqual(["stack", "cwd", "pulumi-flags", "comment", "github-token"]);
  expect(action.inputs["github-token"]?.default).toBe("${{ github.token }}");
  expect(Object.keys(action.outputs)).toEqual(["exit-code", "verdict"]);
  for (const code of [0, 1, 2, 3]) expect(action.outputs["exit-code"]?.description).toContain(`${code}: `);
  const [preview, comment, exit] = action.runs.steps;
  expect(preview).toMatchObject({ id: "preview", "working-directory": "${{ inputs.cwd }}" });
  expect(comment).toMatchObject({
    if: "inputs.comment == 'true' && github.event.pull_request",
    "working-directory": "${{ inputs.cwd }}",
    env: { GITHUB_TOKEN: "${{ inputs.github-token }}" },
  });
  expect(exit?.run).toBe('exit "$CODE"');
  for (const step of action.runs.steps) {
    expect(step.shell).toBe("bash");
    // An expression in a script is code that whoever names a branch or a stack can write.
    expect(step.run).not.toContain("${{");
  }
  // What the program under preview runs in has no token that may write.
  expect(JSON.stringify(preview?.env)).not.toContain("token");
});

test.each([
  [0, "no data would be lost"],
  [1, "the preview itself failed"],
  [2, "1 object with data would be dropped: 5,000 entities lost"],
  [3, "1 object could not be judged"],
])("the report is posted and the job ends with its exit code %i", async (code, verdict) => {
  const job = await runAction({ code, verdict });
  expect(job).toMatchObject({ code, outputs: { "exit-code": String(code), verdict } });
  expect(job.summary).toContain(verdict);
  expect(github.comments.map(({ body }) => body)).toEqual([
    `<!-- pulumi-milvus preview -->\n\n### ${verdict}`,
  ]);
});

test("a preview that gave no report replaces the report of the last run", async () => {
  await runAction({ code: 0, verdict: "no data would be lost" });
  const job = await runAction({ code: 1 });
  expect(job).toMatchObject({
    code: 1,
    outputs: { "exit-code": "1", verdict: "the preview could not be run" },
  });
  expect(github.comments).toHaveLength(1);
  expect(github.comments[0]?.body).toContain("could not be run");
});

test("stack and flags reach the preview as they are, shell code included", async () => {
  await runAction(
    { code: 0, verdict: "fine" },
    { stack: "a b$(id)", "pulumi-flags": "--refresh  -c k=$(id) *" },
  );
  const [preview = [], comment = []] = calls();
  expect(preview.slice(0, 4)).toEqual(["preview", "--stack", "a b$(id)", "--json"]);
  expect(preview.slice(preview.indexOf("--"))).toEqual(["--", "--refresh", "-c", "k=$(id)", "*"]);
  expect(comment.slice(-2)).toEqual(["--stack", "a b$(id)"]);
});

test.each<[string, Record<string, string>, object]>([
  ["it is not wanted", { comment: "false" }, { pull_request: { number: 7 } }],
  ["the run is for no pull request", {}, { ref: "refs/heads/main" }],
])("nothing is posted when %s", async (_, inputs, event) => {
  expect(await runAction({ code: 2, verdict: "lost" }, inputs, event)).toMatchObject({ code: 2 });
  expect(github.asked).toEqual([]);
});

test("a comment that cannot be posted is a warning, and the report decides", async () => {
  github.refuse = () => ({ status: 403, body: { message: "Resource not accessible by integration" } });
  for (const code of [0, 2]) {
    const job = await runAction({ code, verdict: "verdict" });
    expect(job.code).toBe(code);
    expect(job.output).toContain("pull-requests: write");
    expect(job.output).toContain("::warning title=pulumi-milvus::");
  }
});

test("the GitHub snippet uses inputs that exist, and lets the job comment", () => {
  const { permissions, jobs } = snippets[0] as {
    permissions: Record<string, string>;
    jobs: { preview: { steps: { uses?: string; with?: Record<string, unknown> }[] } };
  };
  expect(permissions).toEqual({ contents: "read", "pull-requests": "write" });
  const step = jobs.preview.steps.find(({ uses }) => uses?.includes("/pulumi-milvus@"));
  for (const name of Object.keys(step?.with ?? {})) expect(Object.keys(action.inputs)).toContain(name);
});

test.each<[string, Preview, Host["refuse"], string | undefined]>([
  ["nothing is lost", { code: 0, verdict: "fine" }, undefined, "fine"],
  ["data would be lost", { code: 2, verdict: "lost" }, undefined, "lost"],
  ["the preview could not be run", { code: 1 }, undefined, "could not be run"],
  ["the note cannot be posted", { code: 3, verdict: "?" }, () => ({ status: 403, body: {} }), undefined],
])(
  "the GitLab snippet ends with the report's exit code and posts: %s",
  async (_, preview, refuse, posted) => {
    const { script } = snippets[1]?.["preview"] as { script: string[] };
    const PATH = installNpx(preview);
    gitlab.refuse = refuse;
    const file = path.join(folder, "job.sh");
    // What sets the machine up is not for here.
    const lines = script.filter((line) => !/^(curl|npm ci)/.test(line));
    expect(lines).toHaveLength(script.length - 2);
    fs.writeFileSync(file, ["set -eo pipefail", `cd ${folder}`, ...lines].join("\n"));
    const { code } = await run("bash", [file], {
      PATH,
      GITLAB_CI: "true",
      GITLAB_TOKEN: TOKEN,
      CI_API_V4_URL: gitlab.apiUrl,
      CI_PROJECT_ID: "42",
      CI_MERGE_REQUEST_IID: "7",
      CI_JOB_URL: "https://gitlab.example.com/jobs/1",
    });
    expect(code).toBe(preview.code);
    expect(gitlab.comments.map(({ body }) => body)).toEqual(
      posted === undefined ? [] : [expect.stringContaining(posted)],
    );
  },
);
