/** What a release needs: one address, one version, a CHANGELOG, and a workflow that publishes what `npm run release` makes. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { parse } from "yaml";

import { REPOSITORY } from "../../provider/engines/plugin/schema";
import { filesBelow } from "../../tools/files";
import { disagreements, notesOf, obstacles, type Read, versionIn } from "../../tools/release/versions";

const ROOT = join(__dirname, "..", "..");
const read: Read = (path) => readFileSync(join(ROOT, path), "utf8");
const version = versionIn(read);

interface Manifest {
  readonly homepage: string;
  readonly bugs: string;
  readonly repository: object;
  readonly author: string;
  readonly scripts: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(read("package.json")) as Manifest;

/** The repository, with some files as an edit makes them. */
function withEdits(edits: Readonly<Record<string, (text: string) => string>>): Read {
  return (path) => (edits[path] ?? ((text: string) => text))(read(path));
}

describe("The address", () => {
  test("is the same in the package, the schema, and the SDKs", () => {
    expect(manifest).toMatchObject({
      homepage: `https://${REPOSITORY}#readme`,
      bugs: `https://${REPOSITORY}/issues`,
      repository: { type: "git", url: `git+https://${REPOSITORY}.git` },
      author: "The pulumi-milvus authors",
    });
    const module = relative(ROOT, dirname(goModule()));
    expect(read(join(module, "go.mod"))).toContain(`module ${REPOSITORY}/${module}\n`);
    expect(read("sdk/schema.json")).toContain(`"repository": "https://${REPOSITORY}"`);
    expect(read("sdk/python/pyproject.toml")).toContain(`Repository = "https://${REPOSITORY}"`);
  });

  test("is no other one in a page, a form or a workflow", () => {
    const beside = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "action.yml"];
    const files = ["docs", ".github"].flatMap((folder) => filesBelow(join(ROOT, folder)));
    const texts = [
      ...beside.map((name) => join(ROOT, name)),
      ...files.filter((file) => /\.(md|yml)$/.test(file)),
    ];
    const owners = texts.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/(?:github\.com\/|uses: )([\w-]+)\/pulumi-milvus\b/g)].map(
        ([, owner]) => owner,
      ),
    );
    expect(owners.length).toBeGreaterThan(10);
    expect(new Set(owners)).toEqual(new Set([REPOSITORY.split("/")[1]]));
  });
});

function goModule(): string {
  const [module = "", ...others] = filesBelow(join(ROOT, "sdk", "go")).filter((file) =>
    file.endsWith("go.mod"),
  );
  expect(others).toEqual([]);
  return module;
}

describe("The version", () => {
  test("is the same everywhere", () => {
    expect(disagreements(read)).toEqual([]);
  });

  test.each([
    "package-lock.json",
    "sdk/schema.json",
    "sdk/python/pyproject.toml",
    "sdk/python/pulumi_milvus/pulumi-plugin.json",
    "sdk/go/milvus/pulumi-plugin.json",
    "sdk/go/milvus/internal/pulumiUtilities.go",
    "README.md",
    "templates/milvus-typescript/package.json",
    "docs/getting-started.md",
    "docs/languages.md",
    "docs/ci.md",
  ])("is missed where %s has another one, or none", (path) => {
    const last = (text: string): string => {
      const at = text.lastIndexOf(version);
      return `${text.slice(0, at)}9.9.9${text.slice(at + version.length)}`;
    };
    // Others have packages of the same version in the lock file.
    const edit = path === "package-lock.json" ? (text: string) => text.replace(version, "9.9.9") : last;
    expect(disagreements(withEdits({ [path]: edit }))).toEqual([
      `${path} names 9.9.9, and package.json ${version}`,
    ]);
    expect(disagreements(withEdits({ [path]: () => "" }))).toEqual([`${path} names no version`]);
  });

  test("has a heading in CHANGELOG.md", () => {
    const without = (text: string): string => text.replace(`## ${version}`, "## 9.9.9");
    expect(disagreements(withEdits({ "CHANGELOG.md": without }))).toEqual([
      `CHANGELOG.md has no heading "## ${version}"`,
    ]);
  });
});

describe("A tag", () => {
  const heading = `## ${version} (2027-01-02)`;
  const changelog = (): string =>
    `# Changelog\n\n## Unreleased\n\n${heading}\n\nWhat is new.\n\n## 0.0.1\n\nOld.\n`;
  const published = (text: string): string =>
    text.replaceAll(/nothing is published|until it is published/gi, "");
  const ready = {
    "CHANGELOG.md": changelog,
    "README.md": published,
    "docs/getting-started.md": published,
    "docs/languages.md": published,
  };

  test("is released where all is ready, with its part of CHANGELOG.md as notes", () => {
    expect(obstacles(withEdits(ready), `v${version}`)).toEqual([]);
    expect(notesOf(changelog(), version)).toBe("What is new.");
  });

  test.each<[string, Readonly<Record<string, (text: string) => string>>, string, RegExp]>([
    ["is of another version", {}, "v9.9.9", /^the tag is v9\.9\.9, and package\.json has/],
    [
      "has no date",
      { "CHANGELOG.md": () => changelog().replace(" (2027-01-02)", "") },
      `v${version}`,
      /YEAR-MONTH-DAY/,
    ],
    [
      "leaves something unreleased",
      { "CHANGELOG.md": () => changelog().replace("## Unreleased\n", "## Unreleased\n\n- More.\n") },
      `v${version}`,
      /belongs below/,
    ],
    [
      "is not to be had by the docs",
      { "README.md": () => "Nothing is published yet." },
      `v${version}`,
      /^README\.md says that nothing is published$/,
    ],
  ])("is refused where it %s", (_, edits, tag, reason) => {
    const [why, ...others] = obstacles(withEdits({ ...ready, ...edits }), tag);
    expect(why).toMatch(reason);
    expect(others).toEqual([]);
  });
});

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: object;
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}
const workflow = (name: string): Workflow => parse(read(`.github/workflows/${name}.yml`)) as Workflow;
const commandsOf = ({ jobs }: Workflow): string[] =>
  Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => (run === undefined ? [] : [run])));

describe("The workflow of a release", () => {
  const release = workflow("release");
  const { make, npm, pypi, github } = release.jobs as Record<"make" | "npm" | "pypi" | "github", Job>;

  test("makes everything from the tag and tests it before anything is uploaded", () => {
    expect(release.on).toEqual({ push: { tags: ["v*"] } });
    const ran = make.steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
    expect(ran).toEqual(['npm run release -- --tag "$GITHUB_REF_NAME"', "npm test"]);
    expect([npm.needs, pypi.needs, github.needs]).toEqual(["make", "make", ["npm", "pypi"]]);
  });

  test("has no secret, and each job only what it uploads with", () => {
    expect(read(".github/workflows/release.yml")).not.toContain("secrets.");
    expect([
      release.permissions,
      make.permissions,
      npm.permissions,
      pypi.permissions,
      github.permissions,
    ]).toEqual([
      { contents: "read" },
      undefined,
      { "id-token": "write" },
      { "id-token": "write" },
      { contents: "write" },
    ]);
    expect(npm.steps.at(-1)?.run).toContain("npm publish --provenance");
  });

  test("tags the module for Go as Go looks for it", () => {
    const folder = relative(ROOT, dirname(goModule()));
    expect(github.steps.some(({ run }) => run?.includes(`git tag "${folder}/$GITHUB_REF_NAME"`))).toBe(true);
  });
});

test.each(["tests", "servers", "release"])("the workflow %s calls scripts that there are", (name) => {
  const scripts = commandsOf(workflow(name)).flatMap((command) =>
    [...command.matchAll(/npm run ([\w:]+)/g)].map(([, script = ""]) => script),
  );
  expect(scripts.filter((script) => !Object.hasOwn(manifest.scripts, script))).toEqual([]);
});

test("the workflow of every test runs what .ci/run does, on each pull request", () => {
  const tests = workflow("tests");
  expect(Object.keys(tests.on)).toEqual(["push", "pull_request"]);
  expect(commandsOf(tests)).toContain(".ci/run");
  expect(existsSync(join(ROOT, ".ci", "run"))).toBe(true);
  expect(read(".ci/run")).toContain("npm test");
});
