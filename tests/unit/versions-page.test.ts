/** docs/versions.md, and that whoever changes the version table is told to write it anew. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { TABLE } from "../../provider/milvus/versions";
import { versionsPage } from "../../tools/versions-page";
import { outputOf } from "../support/script";

const PAGE = "docs/versions.md";
const ROOT = join(__dirname, "..", "..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

const row = (name: string): string | undefined =>
  read(PAGE)
    .split("\n")
    .find((line) => line.startsWith(`| ${name} `));

/** In a process of its own: prettier loads by a kind of import that Jest does not have. Each page may be missing. */
function outOfDateWith(pages: readonly (string | null)[]): string[][] {
  const script = `
    const { readFileSync } = require("node:fs");
    const { outOfDate } = require("./tools/generate");
    const pages = JSON.parse(process.argv[1]);
    const reading = (page) => (path) => path === "${PAGE}" ? page ?? undefined : readFileSync(path, "utf8");
    Promise.all(pages.map((page) => outOfDate(reading(page)))).then((all) => console.log(JSON.stringify(all)));`;
  return JSON.parse(outputOf(script, JSON.stringify(pages))) as string[][];
}

test("what is generated is as it would be written now, and is missed when it is not", () => {
  const page = read(PAGE);
  const withoutLine = page.replace(/^\| nullable fields .*\n/m, "");
  const ofAnotherVersion = page.replace("2.6.19", "2.6.18");
  expect(outOfDateWith([page, null, withoutLine, ofAnotherVersion])).toEqual([[], [PAGE], [PAGE], [PAGE]]);
});

test.each([...TABLE])("%s has a row with its version and how it is known", (_, one) => {
  const cells =
    row(one.name)
      ?.split("|")
      .map((cell) => cell.trim()) ?? [];
  expect(cells[2]).toMatch(one.milvus === "always" ? /^all/ : one.milvus.join("."));
  expect(cells[4]).toBe(one.lite ? "yes" : "no");
  expect(cells[5]).toBe(one.proven);
});

test.each<[line: string, known: RegExp]>([
  ["2.3", /run +\| 2\.3\.5/],
  ["2.4", /read/],
  ["2.5", /control plane +\| 2\.5\.27/],
  ["2.6", /control plane +\| 2\.6\.19/],
  ["3.0", /control plane +\| 3\.0\.0/],
  ["Zilliz Cloud", /read/],
  ["Milvus Lite", /run +\| 3\.2\.2/],
])("says how the line %s is known", (line, known) => {
  expect(row(line)).toMatch(known);
});

test("links every page and pull request that a row rests on", () => {
  expect(versionsPage()).toContain("[#36417](https://github.com/milvus-io/milvus/pull/36417)");
  expect(read(PAGE)).not.toMatch(/[^(\[/](milvus\.io|docs\.zilliz\.com)\/|milvus-io\/milvus#/);
});

test("stands among the documents of the README", () => {
  expect(read("README.md")).toContain("(docs/versions.md)");
});
