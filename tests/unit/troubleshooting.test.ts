/** Each text that docs/troubleshooting.md quotes is one that the sources have. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as ts from "typescript";

import { filesBelow } from "../../tools/files";

const ROOT = join(__dirname, "..", "..");
const PAGE = readFileSync(join(ROOT, "docs", "troubleshooting.md"), "utf8");

const quoted = [...PAGE.matchAll(/^### `(.+)`$/gm)].map(([, text = ""]) => text);

/** A text with `...` for what is only known when it is said; nothing where it is no text. */
function said(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => `...${literal.text}`).join("");
  if (ts.isParenthesizedExpression(node)) return said(node.expression);
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const [left, right] = [said(node.left), said(node.right)];
  return left === undefined && right === undefined ? undefined : `${left ?? "..."}${right ?? "..."}`;
}

function textsIn(file: string): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = ts.isExpression(node) ? said(node) : undefined;
    if (text !== undefined) texts.push(text);
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022));
  return texts;
}

const texts = ["provider", "sdk/nodejs", "cli"]
  .flatMap((folder) => filesBelow(join(ROOT, folder)))
  .filter((file) => file.endsWith(".ts"))
  .flatMap(textsIn);

function isSaid(quotation: string): boolean {
  const parts = quotation.split("...").map((part) => part.trim());
  return texts.some((text) => {
    const places = parts.reduce<number>((from, part) => {
      const at = from < 0 ? -1 : text.indexOf(part, from);
      return at < 0 ? -1 : at + part.length;
    }, 0);
    return places >= 0;
  });
}

test.each(quoted)("%s", (text) => {
  expect(isSaid(text)).toBe(true);
});

test("there are some, and a text that nothing says is found", () => {
  expect(quoted.length).toBeGreaterThan(50);
  expect(isSaid("no Milvus address was ever heard of")).toBe(false);
});
