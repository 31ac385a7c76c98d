/** README.md, word for word: the first project from an empty folder, and its program in each language. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type Block, blocksIn } from "../../tools/markdown";
import { removeTemporary } from "../../tools/processes";
import { environmentOf } from "../support/test-server";
import { withPlugin } from "./support/bundled";
import { type LanguageStack, pythonStack, yamlStack } from "./support/languages";
import { live } from "./support/live";
import { Newcomer, secondsSince, withPackedClone } from "./support/newcomer";

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
  let folder: string;
  let newcomer: Newcomer;

  beforeAll(async () => {
    folder = await withPackedClone();
    newcomer = await Newcomer.in(folder, "project", environmentOf(milvus.server));
  });

  afterAll(() => {
    newcomer.dispose();
    removeTemporary(folder);
  });

  /** The first line of a file's block is a comment with its name. */
  function save(text: string): void {
    const [, name = ""] = /^(?:#|\/\/) (\S+)$/m.exec(text) ?? [];
    newcomer.save(name, text);
  }

  function edit(diff: string): void {
    const removed = diff.split("\n").filter((line) => line.startsWith("-"));
    newcomer.edit("index.ts", (before) =>
      removed.reduce((text, line) => text.replace(`${line.slice(1)}\n`, ""), before),
    );
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
        output = await newcomer.paste(text);
        outputs.push(output);
        seen.push((await milvus.exists("documents")) ? await milvus.partitions("documents") : []);
      }
    };
    const begun = Date.now();
    newcomer.save("index.ts", programIn("ts"));
    for (const block of blocksIn(project)) await step(block);
    expect(seen.map((names) => names.join())).toEqual(["", "y2023,y2024", "y2023,y2024", "y2023,y2024", ""]);
    expect(outputs.at(-1)).toContain("3 entities");
    console.log(
      `README.md, from an empty folder to a removed partition and a destroyed stack: ${secondsSince(begun)} s`,
    );
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
