/** Every block of code in README.md and docs/ is what its language takes. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { filesBelow } from "../../tools/files";
import { blocksIn, pages } from "../../tools/markdown";
import { findPython, runPythonOrFail } from "../../tools/python";
import { typeErrors } from "../support/type-errors";

const ROOT = join(__dirname, "..", "..");

interface Found {
  /** `docs/ci.md:12` */
  readonly place: string;
  readonly text: string;
}

const found = pages().flatMap(({ path, text }) =>
  blocksIn(text).map((block) => ({ ...block, place: `${path}:${block.line}` })),
);
const blocksOf = (...languages: string[]): Found[] =>
  found.filter(({ language }) => languages.includes(language));

test("each is of a language that is known here", () => {
  const known = ["bash", "diff", "go", "js", "python", "text", "ts", "yaml"];
  expect(found.filter(({ language }) => !known.includes(language)).map(({ place }) => place)).toEqual([]);
});

/** What a block that imports nothing is part of. */
const AROUND = `
import * as pulumi from "@pulumi/pulumi";
import * as milvus from "pulumi-milvus";
declare const address: pulumi.Output<string>;
declare const config: pulumi.Config;
declare const documents: milvus.Collection;
declare const fields: milvus.FieldArgs[];
declare const token: pulumi.Output<string>;
export async function fragment(): Promise<unknown[]> {
`;

function asModule({ text }: Found): string {
  if (/^import /m.test(text)) return text;
  return `${AROUND}\n${text}\nreturn [pulumi, milvus, address, config, documents, fields, token];\n}`;
}

/** Word for word, and typechecked where they are, beside what they import. */
const examples = new Set(
  filesBelow(join(ROOT, "examples", "testing")).map((file) => readFileSync(file, "utf8")),
);

test("TypeScript typechecks", () => {
  const blocks = blocksOf("ts").filter(({ text }) => !examples.has(text));
  const fileOf = ({ place }: Found): string => join(ROOT, `${place.replaceAll(/[/:]/g, "_")}.ts`);
  expect(blocks.length).toBeGreaterThan(15);
  expect(blocks.map(fileOf).filter((file) => existsSync(file))).toEqual([]);
  expect(typeErrors(new Map(blocks.map((block) => [fileOf(block), asModule(block)])))).toEqual([]);
});

test("a block that does not typecheck is found", () => {
  const wrong = { place: "", text: 'new milvus.Partition("y2024", { colection: documents });' };
  expect(typeErrors(new Map([[join(ROOT, "wrong.ts"), asModule(wrong)]]))).toEqual([
    expect.stringContaining("colection"),
  ]);
});

test("Python compiles", async () => {
  const blocks = blocksOf("python");
  const python = await findPython([3, 8], "blocks of Python in docs/", "they are compiled here.");
  const script = "import json, sys\nfor place, text in json.loads(sys.argv[1]): compile(text, place, 'exec')";
  const asked = JSON.stringify(blocks.map(({ place, text }) => [place, text]));
  expect(blocks.length).toBeGreaterThan(1);
  await expect(runPythonOrFail(python, ["-c", script, asked])).resolves.toBe("");
});

test.each(blocksOf("yaml").map(({ place, text }) => [place, text]))("the YAML of %s parses", (_, text) => {
  expect(parse(text)).toBeInstanceOf(Object);
});
