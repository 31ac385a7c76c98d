/** Prints examples as programs in Go, formatted as gofmt has it. */
import {
  type Example,
  type ExampleInputs,
  type ExampleResource,
  type ExampleValue,
  isList,
  isMap,
  Reference,
  SecretSetting,
} from "../../../core/example";
import type { Properties } from "../../../core/properties";
import { recordsIn, type SchemaType } from "../../../core/shapes";
import { type Code, group, laidOut, type Layout, suffixed } from "./layout";
import { camelCase, inputsOf, pascalCase, referredTo, settingsOf } from "./names";

const LAYOUT: Layout = { unit: "\t", unitWidth: 4, aligned: true };
const SDK = "github.com/pulumi-milvus/pulumi-milvus/sdk/go/milvus";
const PULUMI = "github.com/pulumi/pulumi/sdk/v3/go/pulumi";

export function inGo(example: Example): string {
  const usesConfig = settingsOf(example).size > 0;
  const imports = [SDK, PULUMI, ...(usesConfig ? [`${PULUMI}/config`] : [])];
  return [
    "package main",
    "",
    "import (",
    ...imports.map((path) => `\t${JSON.stringify(path)}`),
    ")",
    "",
    "func main() {",
    "\tpulumi.Run(func(ctx *pulumi.Context) error {",
    ...goStatements(example, 2),
    "\t})",
    "}",
  ].join("\n");
}

/** The body of a `func(ctx *pulumi.Context) error`. */
export function goStatements(example: Example, depth: number): string[] {
  const variables = referredTo(example);
  const indent = LAYOUT.unit.repeat(depth);
  let declaresError = true;
  const lines = example.flatMap((one) => {
    const isNew = variables.has(one.name) || declaresError;
    declaresError = false;
    const assigned = variables.has(one.name) ? camelCase(one.name) : "_";
    return [
      ...laidOut(call(one, `${assigned}, err ${isNew ? ":=" : "="} `), LAYOUT, depth),
      `${indent}if err != nil {`,
      `${indent}\treturn err`,
      `${indent}}`,
    ];
  });
  const config = settingsOf(example).size > 0 ? [`${indent}cfg := config.New(ctx, "")`] : [];
  return [...config, ...lines, `${indent}return nil`];
}

function call({ kind, name, inputs, dependsOn = [] }: ExampleResource, start: string): Code {
  const declared = inputsOf(kind);
  const options =
    dependsOn.length > 0
      ? `, pulumi.DependsOn([]pulumi.Resource{${dependsOn.map(camelCase).join(", ")}})`
      : "";
  const args = struct(`${kind}Args`, inputs, declared, "&", Object.keys(inputs).length > 0);
  const open = `${start}milvus.New${kind}(ctx, ${JSON.stringify(name)}, `;
  return suffixed({ ...args, open: open + args.open }, `${options})`);
}

function struct(type: string, inputs: ExampleInputs, declared: Properties, prefix = "", broken = false) {
  const parts = Object.entries(inputs).map(([name, value]) => ({
    key: `${pascalCase(name)}: `,
    value: code(value, declared[name]?.shape.schema, declared),
  }));
  return group(`${prefix}milvus.${type}{`, parts, "}", { broken });
}

/** `declared`: where the records stand that the type may name. */
function code(value: ExampleValue, type: SchemaType | undefined, declared: Properties): Code {
  if (value instanceof Reference) {
    const variable = camelCase(value.name);
    return value.output === undefined ? variable : `${variable}.${pascalCase(value.output)}`;
  }
  if (value instanceof SecretSetting) return `cfg.RequireSecret(${JSON.stringify(value.key)})`;
  if (isList(value)) return list(value, type, declared);
  if (isMap(value)) return map(value, type, declared);
  return scalar(value, type);
}

function list(values: readonly ExampleValue[], type: SchemaType | undefined, declared: Properties): Code {
  const items = type !== undefined && "items" in type ? type.items : undefined;
  const record = recordOf(items, declared);
  const name = record ? `milvus.${record.typeName}` : `pulumi.${items ? scalarOf(items) : ""}`;
  const parts = values.map((one) => ({ value: code(one, items, declared) }));
  return group(`${name}Array{`, parts, "}", { broken: record !== undefined });
}

function map(values: ExampleInputs, type: SchemaType | undefined, declared: Properties): Code {
  const record = recordOf(type, declared);
  if (record) return struct(`${record.typeName}Args`, values, record.properties);
  const inner = type !== undefined && "additionalProperties" in type ? type.additionalProperties : undefined;
  const parts = Object.entries(values).map(([name, value]) => ({
    key: `${JSON.stringify(name)}: `,
    value: code(value, inner, declared),
  }));
  const each = recordOf(inner, declared);
  const name = each ? `milvus.${each.typeName}` : `pulumi.${inner ? scalarOf(inner) : ""}`;
  return group(`${name}Map{`, parts, "}", { broken: each !== undefined });
}

function recordOf(type: SchemaType | undefined, declared: Properties) {
  if (type === undefined || !("$ref" in type)) return undefined;
  return recordsIn(declared).find(({ schema }) => "$ref" in schema && schema.$ref === type.$ref);
}

const SCALARS = { string: "String", boolean: "Bool", integer: "Int", number: "Float64" } as const;

/** What the Go SDK calls a type; nothing where any value will do. */
function scalarOf(type: SchemaType): string {
  const name = "type" in type ? type.type : undefined;
  return name !== undefined && Object.hasOwn(SCALARS, name) ? SCALARS[name as keyof typeof SCALARS] : "";
}

function scalar(value: string | number | boolean, type: SchemaType | undefined): string {
  const declared = type && scalarOf(type);
  const own = { string: "String", boolean: "Bool", number: Number.isInteger(value) ? "Int" : "Float64" };
  const name = declared || own[typeof value as keyof typeof own];
  return `pulumi.${name}(${JSON.stringify(name === "String" ? String(value) : value)})`;
}
