/** What editors show and what a program's type check has to read. */
import * as fs from "node:fs";
import * as path from "node:path";

import * as ts from "typescript";

import { resources } from "../../provider/registry";
import { declaredPaths } from "../support/declared";
import type { Properties } from "../../provider/core/properties";

const SDK = path.join(__dirname, "..", "..", "sdk", "nodejs");
const FILES = fs.readdirSync(SDK).filter((name) => name.endsWith(".ts"));

function parsed(name: string): ts.SourceFile {
  const file = path.join(SDK, name);
  return ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
}

const isExported = (node: ts.Statement): boolean =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

const hasDoc = (node: ts.Node): boolean =>
  ts
    .getJSDocCommentsAndTags(node)
    .some((doc) => ts.isJSDoc(doc) && ts.getTextOfJSDocComment(doc.comment) !== "");

const statements = FILES.flatMap((name) => [...parsed(name).statements].filter(isExported));
const interfaces = statements.filter(ts.isInterfaceDeclaration);
const classes = statements.filter(ts.isClassDeclaration);
const nameOf = (node: ts.NamedDeclaration): string => node.name?.getText() ?? "";

describe("hover text", () => {
  test.each(interfaces.map((node) => [nameOf(node), node] as const))(
    "of %s says what it and each of its members is for",
    (_name, node) => {
      expect(hasDoc(node)).toBe(true);
      const members = node.members.filter(ts.isPropertySignature);
      expect(members.length).toBeGreaterThan(0);
      expect(members.filter((member) => !hasDoc(member)).map(nameOf)).toEqual([]);
    },
  );

  test.each(classes.map((node) => [nameOf(node), node] as const))(
    "of class %s covers its outputs",
    (_name, node) => {
      expect(hasDoc(node)).toBe(true);
      const members = node.members.filter((member) => !ts.isConstructorDeclaration(member));
      expect(members.filter((member) => !hasDoc(member)).map(nameOf)).toEqual([]);
    },
  );

  test("is there for the arguments of every resource", () => {
    const names = interfaces.map(nameOf);
    expect(names).toEqual(
      expect.arrayContaining(["CollectionArgs", "PartitionArgs", "IndexArgs", "ProviderArgs"]),
    );
  });
});

describe("the arguments of a resource", () => {
  test.each(Object.values(resources).map(({ kind, inputs }) => [kind, inputs as Properties] as const))(
    "%s are its declared inputs, with a collection for what comes from one",
    (kind, inputs) => {
      const declared = Object.entries(inputs).map(([name, { argument }]) => argument ?? name);
      const args = interfaces.find((node) => nameOf(node) === `${kind}Args`);
      expect(args?.members.map(nameOf).sort()).toEqual([...new Set(declared)].sort());
      expect(declaredPaths(inputs).length).toBeGreaterThanOrEqual(declared.length);
    },
  );
});

/**
 * Declared file by file: a type that would have to be inferred from another file, where it might bring anything
 * along, is reported.
 */
describe.each(FILES)("the declarations of %s that programs read", (name) => {
  const file = path.join(SDK, name);
  const { outputText, diagnostics } = ts.transpileDeclaration(fs.readFileSync(file, "utf8"), {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node16,
      strict: true,
      isolatedDeclarations: true,
    },
  });

  test("say every type themselves", () => {
    const messages = (diagnostics ?? []).map(({ messageText }) =>
      ts.flattenDiagnosticMessageText(messageText, " "),
    );
    expect(messages).toEqual([]);
    expect(outputText).toMatch(/export/);
  });

  test("import nothing but @pulumi/pulumi and each other", () => {
    const imported = ts.preProcessFile(outputText, true, true).importedFiles.map(({ fileName }) => fileName);
    expect(imported.filter((one) => one !== "@pulumi/pulumi" && !/^\.\/[\w-]+$/.test(one))).toEqual([]);
  });
});
