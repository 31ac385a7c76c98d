/** The nightly workflow of docs/ci.md: its script, run as a runner runs it, with a gh that remembers its issues. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { parse } from "yaml";

import { type Ended, ROOT, run } from "../support/built-cli";

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: {
    readonly drift: {
      readonly env: Readonly<Record<string, string>>;
      readonly steps: readonly { readonly name?: string; readonly run?: string }[];
    };
  };
}

interface Issue {
  readonly title: string;
  readonly body: string;
  readonly state: "open" | "closed";
}

const workflow = [
  ...fs.readFileSync(path.join(ROOT, "docs", "ci.md"), "utf8").matchAll(/```yaml\n(.*?)```/gs),
]
  .map(([, text = ""]) => parse(text) as Workflow)
  .find(({ jobs }) => jobs?.drift) as Workflow;
const script = workflow.jobs.drift.steps.find(({ name }) => name === "One issue")?.run ?? "";

const GH = `#!${process.execPath}
const fs = require("node:fs");
const [noun, verb, ...args] = process.argv.slice(2);
const file = process.env.ISSUES;
const issues = JSON.parse(fs.readFileSync(file, "utf8"));
const value = (flag) => args[args.indexOf(flag) + 1];
const calls = {
  "label create": () => {},
  "issue list": () => issues.forEach(({ state }, at) => state === "open" && console.log(at)),
  "issue create": () => issues.push({ title: value("--title"), body: fs.readFileSync(value("--body-file"), "utf8"), state: "open" }),
  "issue edit": () => (issues[args[0]].body = fs.readFileSync(value("--body-file"), "utf8")),
  "issue close": () => (issues[args[0]].state = "closed"),
};
calls[noun + " " + verb]();
fs.writeFileSync(file, JSON.stringify(issues));
`;

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "drift-job-"));
  fs.writeFileSync(path.join(folder, "issues.json"), "[]");
  fs.writeFileSync(path.join(folder, "gh"), GH, { mode: 0o755 });
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** A night on which `pulumi-milvus drift` ends so. */
async function night(code: number): Promise<Ended> {
  const npx = `#!/bin/bash\n[ "$*" = "--no pulumi-milvus drift --stack prod --markdown drift.md" ] || exit 1\n`;
  const report = code === 1 ? "" : `echo "report ${code}" > drift.md\n`;
  fs.writeFileSync(path.join(folder, "npx"), `${npx}${report}exit ${code}\n`, { mode: 0o755 });
  fs.writeFileSync(path.join(folder, "step.sh"), `cd ${folder}\n${script}`);
  return run("bash", ["--noprofile", "--norc", "-eo", "pipefail", path.join(folder, "step.sh")], {
    PATH: `${folder}${path.delimiter}${process.env["PATH"]}`,
    ISSUES: path.join(folder, "issues.json"),
    STACK: workflow.jobs.drift.env["STACK"] ?? "",
  });
}

function issues(): Issue[] {
  return JSON.parse(fs.readFileSync(path.join(folder, "issues.json"), "utf8")) as Issue[];
}

test("it may write issues and nothing else", () => {
  expect(workflow.permissions).toEqual({ contents: "read", issues: "write" });
  // An expression in a script is code that whoever names a stack can write.
  expect(script).not.toContain("${{");
});

test("one issue is opened, kept up to date, and closed when nothing differs any more", async () => {
  expect((await night(2)).code).toBe(0);
  expect(issues()).toEqual([{ title: "Milvus: stack prod drifted", body: "report 2\n", state: "open" }]);
  await night(3);
  expect(issues()).toMatchObject([{ body: "report 3\n", state: "open" }]);
  await night(0);
  expect(issues()).toMatchObject([{ state: "closed" }]);
  await night(0);
  await night(2);
  expect(issues().map(({ state }) => state)).toEqual(["closed", "open"]);
});

test("a command that failed fails the job, and leaves the issue alone", async () => {
  await night(2);
  expect((await night(1)).code).toBe(1);
  expect(issues()).toMatchObject([{ body: "report 2\n", state: "open" }]);
});
