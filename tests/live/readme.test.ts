/** README.md, word for word: the first project from an empty folder, and its program in each language. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { ensureEngine } from "../../tools/engine";
import { type Block, blocksIn } from "../../tools/markdown";
import { removeTemporary, temporaryFolder } from "../../tools/processes";
import { runOrFail, runProgram } from "../../tools/programs";
import { Workspace } from "../../tools/stack";
import { environmentOf } from "../support/test-server";
import { withPlugin } from "./support/bundled";
import { type LanguageStack, pythonStack, yamlStack } from "./support/languages";
import { live } from "./support/live";

const ROOT = join(__dirname, "..", "..");
const [, programs = "", project = ""] = readFileSync(join(ROOT, "README.md"), "utf8").split(
  /^## (?:The same program|A first project).*$|^## Five promises$/m,
);

/** The one of its language. */
function programIn(language: string): string {
  const [block, ...others] = blocksIn(programs).filter((one) => one.language === language);
  if (!block || others.length > 0) throw new Error(`README.md has no single program in ${language}`);
  return block.text;
}

const context = live();
const { milvus } = context;

afterEach(async () => {
  if (await milvus.exists("documents")) await milvus.dropCollection("documents");
});

describe("The first project", () => {
  const folder = temporaryFolder("pulumi-milvus-readme-");
  const directory = join(folder, "project");
  let workspace: Workspace;

  beforeAll(async () => {
    const clone = join(folder, "pulumi-milvus");
    mkdirSync(clone);
    mkdirSync(directory);
    // Without the build, which others are using.
    await runOrFail("npm", ["pack", "--ignore-scripts", "--pack-destination", clone], { cwd: ROOT });
    workspace = new Workspace(await ensureEngine(), {
      directory,
      env: {
        ...environmentOf(milvus.server),
        npm_config_audit: "false",
        npm_config_fund: "false",
        npm_config_prefer_offline: "true",
        npm_config_update_notifier: "false",
      },
    });
  });

  afterAll(() => {
    workspace.dispose();
    removeTemporary(folder);
  });

  const pathOf = (name: string): string => join(directory, name);

  /** What is shown in a block for a shell, as one who pastes it gets it. */
  async function pasted(script: string): Promise<string> {
    const { env } = workspace;
    const { code, output } = await runProgram("bash", ["-e", "-c", script], { cwd: directory, env });
    // The report ends so where data would be lost.
    const expected = script.includes("pulumi-milvus preview") ? 2 : 0;
    if (code !== expected) throw new Error(`${script}ended with exit code ${code}:\n${output}`);
    return output;
  }

  /** The first line of a file's block is a comment with its name. */
  function save(text: string): void {
    const [, name = ""] = /^(?:#|\/\/) (\S+)$/m.exec(text) ?? [];
    writeFileSync(pathOf(name), text);
  }

  function edit(diff: string): void {
    const before = readFileSync(pathOf("index.ts"), "utf8");
    const after = diff
      .split("\n")
      .filter((line) => line.startsWith("-"))
      .reduce((text, line) => text.replace(`${line.slice(1)}\n`, ""), before);
    expect(after).not.toBe(before);
    writeFileSync(pathOf("index.ts"), after);
  }

  test("comes to a removed partition, and leaves nothing behind", async () => {
    let output = "";
    const outputs: string[] = [];
    const seen: (readonly string[])[] = [];
    const step = async ({ language, text }: Block): Promise<void> => {
      if (language === "diff") edit(text);
      else if (language === "text") expect(output).toContain(text.trim());
      else if (language !== "bash") save(text);
      else {
        output = await pasted(text);
        outputs.push(output);
        seen.push((await milvus.exists("documents")) ? await milvus.partitions("documents") : []);
      }
    };
    writeFileSync(pathOf("index.ts"), programIn("ts"));
    for (const block of blocksIn(project)) await step(block);
    expect(seen.map((names) => names.join())).toEqual(["", "y2023,y2024", "y2023,y2024", "y2023,y2024", ""]);
    expect(outputs.at(-1)).toContain("3 entities");
  });
});

describe.each<[name: string, language: string, stack: typeof pythonStack, removed: RegExp]>([
  ["Python", "python", pythonStack, /^milvus\.Partition\("y2023".*\n/m],
  ["YAML", "yaml", yamlStack, /^ {2}y2023:\n(?: {4}.*\n)+/m],
])("The program in %s", (_, language, stackOf, removed) => {
  let stack: LanguageStack;

  beforeAll(async () => {
    stack = await stackOf(context, await withPlugin());
  });

  test("makes what it declares, and drops a partition that leaves it", async () => {
    const program = programIn(language);
    stack.program(program);
    await stack.up();
    expect(await milvus.partitions("documents")).toEqual(["y2023", "y2024"]);
    expect(await milvus.indexes("documents")).toMatchObject([{ name: "by_meaning", type: "HNSW" }]);
    stack.program(program.replace(removed, ""));
    await stack.up();
    expect(await milvus.partitions("documents")).toEqual(["y2024"]);
    await stack.workspace.destroy();
    expect(await milvus.exists("documents")).toBe(false);
  });
});
