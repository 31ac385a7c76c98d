/**
 * action.yml in a real workflow, by a runner that is no imitation of ours: on a real stack, a real server, and a GitHub that
 * takes comments. And the workflows of this repository, as a checker of them reads them.
 */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Actions, ensureActions } from "../../tools/actions";
import { removeTemporary, temporaryFolder } from "../../tools/processes";
import { runOrFail, runProgram } from "../../tools/programs";
import type { Workspace } from "../../tools/stack";
import { FIELDS, live, program } from "../live/support/live";
import { rows } from "../live/support/milvus";
import { ROOT } from "../support/built-cli";
import { GitHub, TOKEN } from "../support/comment-hosts";
import { filesBelow } from "../../tools/files";
import { tried } from "./support/tally";

const context = live();
const { milvus } = context;
const docs = context.name("documents");
const github = new GitHub();
const folder = temporaryFolder("pulumi-milvus-action-");
const repository = join(folder, "search");

let actions: Actions;
let stack: Workspace;

const declare = (partitions: readonly string[]): string =>
  program(
    `const docs = new milvus.Collection("documents", { collectionName: "${docs}", fields: ${FIELDS} });`,
    ...partitions.map((name) => `new milvus.Partition("${name}", { collection: docs });`),
  );

/** As docs/ci.md has it, with what the job has done before: the repository, its packages and Pulumi are there. */
const workflow = (directory: string): string => `
on: pull_request
jobs:
  preview:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4 # the runner copies the repository itself
      - id: preview
        uses: ./
        with:
          stack: dev
          cwd: ${directory}
          pulumi-flags: --refresh --parallel 4
      - if: always()
        run: echo "outputs are [\${{ steps.preview.outputs.exit-code }}] [\${{ steps.preview.outputs.verdict }}]"
`;

beforeAll(async () => {
  actions = await ensureActions();
  await github.start();
  stack = await context.stack(declare(["old", "kept"]));
  await stack.up();
  await milvus.insert(docs, rows(7), "old");
  await milvus.flush(docs);

  // As npm links it.
  mkdirSync(join(stack.directory, "node_modules", ".bin"));
  symlinkSync(
    "../pulumi-milvus/bin/pulumi-milvus.js",
    join(stack.directory, "node_modules/.bin/pulumi-milvus"),
  );

  mkdirSync(join(repository, ".github", "workflows"), { recursive: true });
  writeFileSync(join(repository, "action.yml"), readFileSync(join(ROOT, "action.yml")));
  writeFileSync(join(repository, ".github", "workflows", "preview.yml"), workflow(stack.directory));
  writeFileSync(join(folder, "event.json"), JSON.stringify({ pull_request: { number: 7 } }));
  const git = (...args: string[]): Promise<void> =>
    runOrFail("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], {
      cwd: repository,
    });
  await git("init", "--quiet", "--initial-branch", "main");
  await git("remote", "add", "origin", "https://github.com/acme/search.git");
  await git("add", ".");
  await git("commit", "--quiet", "--message", "The action and its workflow");
});

afterAll(async () => {
  await github.stop();
  removeTemporary(folder);
});

async function runWorkflow(): Promise<{ code: number | null; output: string }> {
  const settings = join(folder, "settings");
  mkdirSync(settings, { recursive: true });
  const { code, output } = await runProgram(
    actions.act,
    [
      "pull_request",
      ...["--eventpath", join(folder, "event.json"), "--secret", `GITHUB_TOKEN=${TOKEN}`],
      // In this machine's own shell, without containers.
      ...["--platform", "ubuntu-latest=-self-hosted"],
      ...["--env", `GITHUB_API_URL=${github.apiUrl}`],
    ],
    // Nothing of the user's act.
    {
      cwd: repository,
      env: { ...stack.env, HOME: settings, XDG_CONFIG_HOME: settings, XDG_CACHE_HOME: settings },
    },
  );
  expect(output).not.toContain(TOKEN);
  return { code, output };
}

const check = (name: string, run: () => Promise<void>): void =>
  test(name, async () => void (await tried("action", name, run)));

check("ends well, with outputs and a comment, where nothing is lost", async () => {
  const { code, output } = await runWorkflow();
  expect(output).toContain("outputs are [0] [no data would be lost]");
  expect(code).toBe(0);
  expect(github.comments.map(({ body }) => body)).toEqual([expect.stringContaining("no data would be lost")]);
});

check("fails, and says on the same comment and in the summary what would be lost", async () => {
  stack.program(declare(["kept"]));
  const { code, output } = await runWorkflow();
  expect(output).toMatch(/outputs are \[2\] \[1 object with data would be dropped.*\]/);
  expect(code).toBe(1);
  expect(github.comments.map(({ body }) => body)).toEqual([
    expect.stringContaining(`${context.database}/${docs}/old`),
  ]);
  expect(output).toMatch(/Summary - <!-- pulumi-milvus preview/);
  expect(await milvus.partitions(docs)).toContain("old");
});

check("fails, and leaves no comment that says all is well, where the program is broken", async () => {
  stack.program("throw new Error('the program is broken');");
  const { code, output } = await runWorkflow();
  expect(output).toContain("outputs are [1] [");
  expect(code).toBe(1);
  expect(github.comments.map(({ body }) => body)).toEqual([expect.stringMatching(/failed|could not be run/)]);
});

check("the workflows of this repository are such as GitHub takes", async () => {
  const files = filesBelow(join(ROOT, ".github", "workflows"));
  expect(files.length).toBeGreaterThan(2);
  const { code, output } = await runProgram(
    actions.actionlint,
    ["-no-color", "-shellcheck=", "-pyflakes=", ...files],
    {
      cwd: ROOT,
    },
  );
  expect([code, output]).toEqual([0, ""]);
});
