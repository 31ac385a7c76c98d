/** docs/testing-programs.md, word for word: a program and its test in a project of their own, with each test runner. */
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { blocksIn } from "../../tools/markdown";
import { removeTemporary, temporaryFolder } from "../../tools/processes";
import { runProgram } from "../../tools/programs";
import { ROOT } from "../support/built-cli";

const [, ...sections] = readFileSync(join(ROOT, "docs", "testing-programs.md"), "utf8").split(/^(?=## )/m);
const exampleOf = (name: string): string => readFileSync(join(ROOT, "examples", "testing", name), "utf8");

/** As a user has them installed. */
function installPackages(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync(join(ROOT, "node_modules")))
    if (name !== "pulumi-milvus" && (name === ".bin" || !name.startsWith(".")))
      symlinkSync(join(ROOT, "node_modules", name), join(modules, name), "dir");
  // A link would lead vitest out of node_modules, and it compiles what stands elsewhere.
  for (const part of ["package.json", "dist"])
    cpSync(join(ROOT, part), join(modules, "pulumi-milvus", part), { recursive: true });
}

describe.each([
  ["jest", "With jest"],
  ["vitest", "With vitest"],
  ["node", "With the test runner of Node"],
])("The test with %s", (runner, heading) => {
  const blocks = blocksIn(sections.find((section) => section.startsWith(`## ${heading}\n`)) ?? "");
  const shown = (language: string): string | undefined =>
    blocks.find((block) => block.language === language)?.text;
  const folder = temporaryFolder("pulumi-milvus-testing-");

  beforeAll(() => {
    writeFileSync(join(folder, "package.json"), "{}");
    writeFileSync(join(folder, "mocks.ts"), exampleOf("mocks.ts"));
    writeFileSync(join(folder, "index.test.ts"), shown("ts") ?? "");
    writeFileSync(join(folder, "jest.config.js"), shown("js") ?? "");
    installPackages(folder);
  });
  afterAll(() => removeTemporary(folder));

  /** With the command of the page; what it installs is there. */
  function testing(program: string): ReturnType<typeof runProgram> {
    writeFileSync(join(folder, "index.ts"), program);
    const [command = ""] = (shown("bash") ?? "").split("\n").filter((line) => !/^npm install |^$/.test(line));
    // Jest has told its own workers that they are tests.
    const { NODE_ENV: _, JEST_WORKER_ID: __, NODE_OPTIONS: ___, ...env } = process.env;
    return runProgram("bash", ["-c", command], { cwd: folder, env });
  }

  test("is the file of examples/testing", () => {
    expect(shown("ts")).toBe(exampleOf(`${runner}.ts`));
  });

  test("passes", async () => {
    const { code, output } = await testing(exampleOf("index.ts"));
    expect(output).toMatch(/3 passed|pass 3/);
    expect(code).toBe(0);
  });

  test("fails when the program loses what it asserts", async () => {
    const unprotected = exampleOf("index.ts").replace("protectData: true", "protectData: false");
    const { code, output } = await testing(unprotected);
    expect(output).toMatch(/1 failed|fail 1/);
    expect(output).toContain("its data is protected");
    expect(code).toBe(1);
  });
});

test("The page shows the program and the mocks of examples/testing", () => {
  const [page = ""] = readFileSync(join(ROOT, "docs", "testing-programs.md"), "utf8").split(/^## /m);
  expect(blocksIn(page).map(({ text }) => text)).toEqual(["index.ts", "mocks.ts"].map(exampleOf));
});
