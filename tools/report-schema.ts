/** docs/report.schema.json, out of the types of the report and their comments. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import * as ts from "typescript";

const ROOT = join(__dirname, "..");
const FILE = "cli/preview/report.ts";
const REPORT = "Report";

type Schema = Readonly<Record<string, unknown>>;
type Declaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration;

interface Found {
  readonly declaration: Declaration;
  readonly file: string;
}

/** JSON Schema, draft 07. Keys that it does not know are allowed: a later version of the package may have more. */
export function reportSchema(): Schema {
  const definitions = new Map<string, Schema>();
  const define = (name: string, from: string): Schema => {
    if (!definitions.has(name)) {
      const { declaration, file } = declared(name, from);
      definitions.set(name, {});
      definitions.set(name, schemaOfDeclaration(declaration, file, define));
    }
    return { $ref: `#/definitions/${name}` };
  };
  define(REPORT, FILE);
  const { [REPORT]: report, ...others } = Object.fromEntries(definitions);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "The report of pulumi-milvus preview --json",
    ...report,
    definitions: others,
  };
}

type Define = (name: string, from: string) => Schema;

function sourceOf(file: string): ts.SourceFile {
  const text = readFileSync(join(ROOT, file), "utf8");
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
}

/** In the file itself, or where that imports it from. */
function declared(name: string, file: string): Found {
  const source = sourceOf(file);
  for (const statement of source.statements) {
    const isDeclaration = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    if (isDeclaration && statement.name.text === name) return { declaration: statement, file };
  }
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const bindings = statement.importClause?.namedBindings;
    const isImported =
      bindings && ts.isNamedImports(bindings) && bindings.elements.some((one) => one.name.text === name);
    if (isImported) {
      const from = (statement.moduleSpecifier as ts.StringLiteral).text;
      return declared(name, `${join(dirname(file), from)}.ts`);
    }
  }
  throw new Error(`${file} has no type ${name}, and imports none`);
}

function schemaOfDeclaration(declaration: Declaration, file: string, define: Define): Schema {
  const schema = ts.isInterfaceDeclaration(declaration)
    ? objectOf(membersOf(declaration, file), define)
    : schemaOf(declaration.type, file, define);
  return { ...described(declaration), ...schema };
}

interface Member {
  readonly name: string;
  readonly type: ts.TypeNode;
  readonly isOptional: boolean;
  readonly description: Schema;
  readonly file: string;
}

/** With those that it extends, which it may narrow. */
function membersOf(declaration: ts.InterfaceDeclaration, file: string): Member[] {
  const parents = (declaration.heritageClauses ?? []).flatMap(({ types }) =>
    types.flatMap(({ expression }) => {
      const parent = declared(expression.getText(), file);
      return membersOf(parent.declaration as ts.InterfaceDeclaration, parent.file);
    }),
  );
  const own = declaration.members.map((member) => memberOf(member, file));
  return [...new Map([...parents, ...own].map((member) => [member.name, member])).values()];
}

function memberOf(member: ts.TypeElement, file: string): Member {
  if (!ts.isPropertySignature(member) || !member.type)
    throw new Error(`${file}: ${member.getText()} is no property with a type`);
  return {
    name: member.name.getText(),
    type: member.type,
    isOptional: member.questionToken !== undefined,
    description: described(member),
    file,
  };
}

function objectOf(members: readonly Member[], define: Define): Schema {
  return {
    type: "object",
    properties: Object.fromEntries(
      members.map(({ name, type, description, file }) => [
        name,
        { ...description, ...schemaOf(type, file, define) },
      ]),
    ),
    required: members.filter(({ isOptional }) => !isOptional).map(({ name }) => name),
  };
}

function schemaOf(type: ts.TypeNode, file: string, define: Define): Schema {
  if (ts.isTypeOperatorNode(type)) return schemaOf(type.type, file, define);
  if (ts.isArrayTypeNode(type)) return { type: "array", items: schemaOf(type.elementType, file, define) };
  if (ts.isTypeReferenceNode(type)) return define(type.typeName.getText(), file);
  if (ts.isTypeLiteralNode(type))
    return objectOf(
      type.members.map((member) => memberOf(member, file)),
      define,
    );
  if (ts.isUnionTypeNode(type)) {
    const all = type.types.map((one) => schemaOf(one, file, define));
    return all.every((one) => "const" in one) ? { enum: all.map((one) => one["const"]) } : { anyOf: all };
  }
  if (ts.isLiteralTypeNode(type)) return { const: JSON.parse(type.getText()) as unknown };
  const primitive = type.getText();
  if (!["string", "number", "boolean"].includes(primitive))
    throw new Error(`${file}: ${primitive} has no schema here`);
  return { type: primitive };
}

function described(node: ts.Node): Schema {
  const [comment] = ts.getJSDocCommentsAndTags(node);
  const text = comment && ts.isJSDoc(comment) ? ts.getTextOfJSDocComment(comment.comment) : undefined;
  return text === undefined ? {} : { description: text.replaceAll(/\s+/g, " ") };
}
