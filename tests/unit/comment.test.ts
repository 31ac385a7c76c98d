/** `pulumi-milvus comment` against servers that behave like GitHub and GitLab. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { MARKER } from "../../cli/preview/markdown";
import { buildIfStale, type Ended, MAIN, ROOT, run } from "../support/built-cli";
import { GitHub, GitLab, type Host, TOKEN } from "../support/comment-hosts";

const [github, gitlab] = [new GitHub(), new GitLab()];
let folder: string;

beforeAll(async () => {
  const sources = fs.readdirSync(path.join(ROOT, "cli", "comment")).map((name) => `cli/comment/${name}`);
  buildIfStale("cli/main.ts", "cli/preview/markdown.ts", ...sources);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "comment-"));
  await Promise.all([github.start(), gitlab.start()]);
});

afterAll(async () => {
  await Promise.all([github.stop(), gitlab.stop()]);
  fs.rmSync(folder, { recursive: true });
});

beforeEach(() => {
  github.reset();
  gitlab.reset();
});

function file(name: string, text: string): string {
  const where = path.join(folder, name);
  fs.writeFileSync(where, text);
  return where;
}

function report(text: string): string {
  return file("report.md", `${MARKER}\n\n### ${text}\n`);
}

function onGitHub(more: Record<string, string> = {}): Record<string, string> {
  return {
    GITHUB_TOKEN: TOKEN,
    GITHUB_REPOSITORY: "acme/search",
    GITHUB_API_URL: github.apiUrl,
    GITHUB_EVENT_PATH: file("event.json", '{ "pull_request": { "number": 7 } }'),
    ...more,
  };
}

function onGitLab(more: Record<string, string> = {}): Record<string, string> {
  return {
    GITLAB_CI: "true",
    GITLAB_TOKEN: TOKEN,
    CI_API_V4_URL: gitlab.apiUrl,
    CI_PROJECT_ID: "42",
    CI_MERGE_REQUEST_IID: "7",
    ...more,
  };
}

async function comment(env: Record<string, string>, ...args: string[]): Promise<Ended> {
  const ended = await run(process.execPath, [MAIN, "comment", ...args], env);
  expect(ended.output).not.toContain(TOKEN);
  return ended;
}

function fill(host: Host, count: number): void {
  for (let i = 0; i < count; i++) host.add("colleague", `remark ${i}`);
}

describe.each<[string, Host, () => Record<string, string>, string, string]>([
  ["GitHub", github, onGitHub, "PATCH", "https://example.com/acme/search/pull/7#issuecomment-"],
  ["GitLab", gitlab, onGitLab, "PUT", "note "],
])("on %s", (_, host, environment, update, where) => {
  test("the first report is posted and the next one updates it", async () => {
    const first = await comment(environment(), "--file", report("one"));
    expect(first).toMatchObject({ code: 0, stderr: "" });
    const id = host.comments[0]!.id;
    expect(first.stdout).toContain(`posted ${where}${id}`);
    expect(host.comments.map(({ body }) => body)).toEqual([`${MARKER}\n\n### one`]);

    const second = await comment(environment(), "--file", report("two"));
    expect(second).toMatchObject({ code: 0, stderr: "" });
    expect(second.stdout).toContain(`updated ${where}${id}`);
    expect(host.comments).toEqual([{ id, author: "ci", body: `${MARKER}\n\n### two` }]);
  });

  test("the comment is found on the third page", async () => {
    fill(host, 230);
    const ours = host.add("ci", `${MARKER}\r\n\r\n### one`);
    fill(host, 20);
    expect(await comment(environment(), "--file", report("two"))).toMatchObject({ code: 0 });
    expect(ours.body).toBe(`${MARKER}\n\n### two`);
    expect(host.comments).toHaveLength(251);
    expect(host.asked.map((line) => line.split(" ")[0])).toEqual(["GET", "GET", "GET", update]);
  });

  test("what others wrote is left alone, also when they quote the report", async () => {
    const others = ["no marker", `> ${MARKER}\n> ### one`, `See this:\n\n${MARKER}\n\n### one`];
    for (const body of others) host.add("colleague", body);
    expect(await comment(environment(), "--file", report("mine"))).toMatchObject({ code: 0 });
    expect(host.comments.map(({ body }) => body)).toEqual([...others, `${MARKER}\n\n### mine`]);
  });

  test("each named stack keeps a comment of its own", async () => {
    for (const round of ["one", "two"])
      for (const stack of [[], ["--stack", "prod"], ["--stack", "acme/search/dev-->"]])
        expect(await comment(environment(), "--file", report(round), ...stack)).toMatchObject({ code: 0 });
    expect(host.comments.map(({ body }) => body)).toEqual([
      `${MARKER}\n\n### two`,
      "<!-- pulumi-milvus preview: prod -->\n\nStack `prod`\n\n### two",
      "<!-- pulumi-milvus preview: acme%2Fsearch%2Fdev--%3E -->\n\nStack `acme/search/dev-->`\n\n### two",
    ]);
  });

  test("a file without the marker gets it", async () => {
    const plain = file("plain.md", "### could not be run\n");
    for (let i = 0; i < 2; i++) await comment(environment(), "--file", plain);
    expect(host.comments.map(({ body }) => body)).toEqual([`${MARKER}\n\n### could not be run`]);
  });

  test("a pull request can be named instead", async () => {
    const { code, stderr } = await comment(environment(), "--file", report("one"), "--pull-request", "8");
    expect(code).toBe(1);
    expect(stderr).toMatch(/request 8 at .*not found.*\nIs there a (pull|merge) request !?8/i);
    expect(await comment(environment(), "-f", report("one"), "--pull-request", "x")).toMatchObject({
      code: 1,
      stderr: 'pulumi-milvus: "x" is not the number of a pull request\n',
    });
  });

  test("a server that is not there is an error that names it", async () => {
    const apiUrl = "http://127.0.0.1:1/api/v4";
    const env = {
      ...environment(),
      GITHUB_API_URL: apiUrl,
      ...("GITLAB_CI" in environment() && { CI_API_V4_URL: apiUrl }),
    };
    const { code, stderr } = await comment(env, "--file", report("one"));
    expect(code).toBe(1);
    expect(stderr).toMatch(/request 7 at http:\S+: .*(ECONNREFUSED|bad port)/);
  });
});

test.each<
  [string, Parameters<NonNullable<Host["refuse"]>>[0], number, object, Record<string, string>, RegExp]
>([
  [
    "a token that may only read",
    "POST",
    403,
    { message: "Resource not accessible by integration" },
    {},
    /Resource not accessible by integration.*\n.*pull-requests: write.*fork/,
  ],
  [
    "a rate limit that is used up",
    "GET",
    403,
    { message: "API rate limit exceeded for installation." },
    { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1767225600" },
    /rate limit of this token is used up: run the job again after 2026-01-01T00:00:00.000Z/,
  ],
  [
    "a secondary rate limit",
    "POST",
    403,
    { message: "You have exceeded a secondary rate limit." },
    { "retry-after": "60" },
    /run the job again in 60 seconds/,
  ],
  ["an answer that repeats the token", "GET", 500, { message: `what is ${TOKEN}?` }, {}, /what is \*\*\*\?/],
])("GitHub: %s", async (_, refused, status, body, headers, expected) => {
  github.refuse = (method) => (method === refused ? { status, headers, body } : undefined);
  const { code, stdout, stderr } = await comment(onGitHub(), "--file", report("one"));
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(expected);
  expect(stderr).toMatch(/^pulumi-milvus: could not comment on pull request 7 at /);
  expect(stderr).not.toMatch(/^ +at /m);
});

test("GitHub: a report that is too long", async () => {
  const { code, stderr } = await comment(onGitHub(), "--file", report("x".repeat(70_000)));
  expect(code).toBe(1);
  expect(stderr).toMatch(/Body is too long.*\nThe report has 70,0\d\d characters and GitHub takes 65,536/);
  expect(github.comments).toEqual([]);
});

test.each([
  ["GitHub", onGitHub, "GITHUB_TOKEN"],
  ["GitLab", onGitLab, "GITLAB_TOKEN"],
])(
  "%s: a token that is refused, or that no header can hold, is never shown",
  async (_, environment, name) => {
    for (const token of ["wrong-token-4711", "wrong-token\n-4711"]) {
      const env = { ...environment(), [name]: token };
      const { code, output } = await comment(env, "--file", report("one"));
      expect(code).toBe(1);
      expect(output).not.toContain("-4711");
      if (!token.includes("\n")) expect(output).toContain(`${name} was refused`);
    }
  },
);

test("GitLab: a token that may not write", async () => {
  gitlab.refuse = (method) =>
    method === "POST" ? { status: 403, body: { message: "403 Forbidden" } } : undefined;
  const { code, stderr } = await comment(onGitLab(), "--file", report("one"));
  expect(code).toBe(1);
  expect(stderr).toMatch(/403 Forbidden\n.*scope api/);
});

describe("what is missing is named", () => {
  test.each<[string, Record<string, string>, RegExp[]]>([
    ["everything", {}, [/GITHUB_TOKEN/, /GITHUB_REPOSITORY/, /--pull-request N/, /CI_API_V4_URL/]],
    [
      "everything of GitLab",
      { GITLAB_CI: "true" },
      [/GITLAB_TOKEN/, /CI_API_V4_URL/, /CI_PROJECT_ID/, /CI_MERGE_REQUEST_IID/],
    ],
    [
      "the pull request of a push",
      { GITHUB_TOKEN: TOKEN, GITHUB_REPOSITORY: "acme/search" },
      [/^pulumi-milvus: missing to comment on GitHub.*:\n {2}--pull-request N .*\n$/],
    ],
    [
      "a token that is an empty variable",
      { GITHUB_TOKEN: " ", GITHUB_REPOSITORY: "acme/search", GITHUB_EVENT_PATH: "event.json" },
      [/GITHUB_TOKEN/],
    ],
    [
      "the owner",
      { GITHUB_TOKEN: TOKEN, GITHUB_REPOSITORY: "search" },
      [/"search", which is not OWNER\/NAME/],
    ],
  ])("%s", async (what, env, expected) => {
    if (env["GITHUB_EVENT_PATH"])
      env["GITHUB_EVENT_PATH"] = file("event.json", '{ "pull_request": { "number": 7 } }');
    const args = what === "the owner" ? ["--pull-request", "7"] : [];
    const { code, stderr } = await comment(env, "--file", report("one"), ...args);
    expect(code).toBe(1);
    for (const pattern of expected) expect(stderr).toMatch(pattern);
  });

  test("the event of a push has no pull request", async () => {
    const env = onGitHub({ GITHUB_EVENT_PATH: file("push.json", '{ "ref": "refs/heads/main" }') });
    expect((await comment(env, "--file", report("one"))).stderr).toContain("--pull-request N");
    expect(github.asked).toEqual([]);
  });

  test("the report", async () => {
    const absent = path.join(folder, "absent.md");
    expect((await comment(onGitHub(), "--file", absent)).stderr).toContain(
      `no such file or directory, open '${absent}'`,
    );
    expect((await comment(onGitHub(), "--file", file("empty.md", `${MARKER}\n`))).stderr).toContain(
      "is empty",
    );
  });

  test("the client library, in an installation that has only what every command needs", async () => {
    const bare = path.join(folder, "bare");
    for (const name of ["dist", "package.json"])
      fs.cpSync(path.join(ROOT, name), path.join(bare, name), { recursive: true });
    const { dependencies } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    for (const name of Object.keys(dependencies)) {
      const link = path.join(bare, "node_modules", name);
      fs.mkdirSync(path.dirname(link), { recursive: true });
      fs.symlinkSync(path.join(ROOT, "node_modules", name), link);
    }
    const main = path.join(bare, "dist", "cli", "main.js");
    for (const [library, env] of [
      ["@octokit/rest", onGitHub()],
      ["@gitbeaker/rest", onGitLab()],
    ] as const) {
      const { code, stderr } = await run(process.execPath, [main, "comment", "--file", report("one")], env);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr:
          `pulumi-milvus: ${library} is not installed, which \`pulumi-milvus comment\` needs here. ` +
          `Run \`npm install --save-dev ${library}\`.\n`,
      });
    }
  });
});
