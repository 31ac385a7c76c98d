/** That README.md, the pages beside it and docs/ lead where they say. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";

import { anchorsIn, blocksIn, linksIn, pages, withoutBlocks } from "../../tools/markdown";

const ROOT = join(__dirname, "..", "..");
const BESIDE = ["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];
const onSite = pages();
const all = new Map([
  ...onSite.map(({ path, text }): [string, string] => [path, text]),
  ...BESIDE.map((path): [string, string] => [path, readFileSync(join(ROOT, path), "utf8")]),
]);

/** Undefined where it leads somewhere. */
function whyDead(from: string, link: string): string | undefined {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? from : normalize(join(dirname(from), file));
  if (!existsSync(join(ROOT, target))) return `${link}: there is no ${target}`;
  if (statSync(join(ROOT, target)).isDirectory()) return `${link}: ${target} is a folder`;
  if (anchor === undefined || anchorsIn(all.get(target) ?? "").has(anchor)) return undefined;
  return `${link}: ${target} has no heading for #${anchor}`;
}

describe.each([...all])("%s", (path, text) => {
  test("has no dead link", () => {
    const inside = linksIn(text).filter((link) => !/^https?:/.test(link));
    expect(inside.map((link) => whyDead(path, link)).filter((why) => why !== undefined)).toEqual([]);
  });

  test("has each block of code in a fence that names its language", () => {
    expect(blocksIn(text).filter(({ language }) => language === "")).toEqual([]);
    const indented = withoutBlocks(text)
      .split("\n")
      .filter((line, at, lines) => line.startsWith("    ") && lines[at - 1] === "");
    expect(indented).toEqual([]);
  });

  test("has one title", () => {
    expect(withoutBlocks(text).match(/^# .+$/gm)).toHaveLength(1);
  });
});

test("every page is reached from the README", () => {
  const reached = new Set(["README.md"]);
  for (const path of reached)
    for (const link of linksIn(all.get(path) ?? "")) {
      const target = normalize(join(dirname(path), link.replace(/#.*$/, "")));
      if (all.has(target)) reached.add(target);
    }
  expect([...all.keys()].filter((path) => !reached.has(path))).toEqual([]);
});

test("the site leads to every page", () => {
  const config = readFileSync(join(ROOT, "docs", ".vitepress", "config.mts"), "utf8");
  const names = onSite.map(({ path }) => basename(path, ".md")).filter((name) => name !== "README");
  expect(names.filter((name) => !config.includes(`"/${name}"`) && !config.includes(`"${name}"`))).toEqual([]);
});

test("the README can be read in one go", () => {
  expect((all.get("README.md") ?? "").split("\n").length).toBeLessThan(200);
});
