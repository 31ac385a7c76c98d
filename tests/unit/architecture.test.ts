/** The walk of docs/architecture.md from a program to DropPartition: each name of a step is one of its file. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as ts from "typescript";

const DOCS = join(__dirname, "..", "..", "docs");
const [, walk = ""] = readFileSync(join(DOCS, "architecture.md"), "utf8").split(
  "## From a program to DropPartition",
);

interface Step {
  readonly file: string;
  /** The function that it is about, and what that calls or hands on. */
  readonly names: readonly string[];
}

const steps = [...walk.matchAll(/^\d+\. \[`[^`]+`\]\(([^)]+)\)(.*(?:\n {3,}.*)*)/gm)].map(
  ([, file = "", text = ""]): Step => ({
    file: join(DOCS, file),
    names: [...text.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
  }),
);

function namesIn(file: string): { declared: Set<string>; used: Set<string> } {
  const [declared, used] = [new Set<string>(), new Set<string>()];
  const visit = (node: ts.Node): void => {
    const { name } = node as { name?: ts.Node };
    if (name && ts.isIdentifier(name) && !ts.isPropertyAccessExpression(node)) declared.add(name.text);
    if (ts.isIdentifier(node) || ts.isStringLiteral(node)) used.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022));
  return { declared, used };
}

test.each(steps.map(({ file, names }) => [file.slice(DOCS.length - "docs".length), file, names]))(
  "%s has what the walk names there",
  (_, file, [about = "", ...others]) => {
    const { declared, used } = namesIn(file);
    expect([...declared]).toContain(about);
    expect(others.filter((name) => !used.has(name))).toEqual([]);
  },
);

test("The walk begins in the SDK and ends where the Milvus SDK is called", () => {
  expect(steps.length).toBeGreaterThan(8);
  expect(steps[0]?.file).toContain(join("sdk", "nodejs"));
  expect(steps.at(-1)?.file).toContain(join("provider", "milvus"));
});
