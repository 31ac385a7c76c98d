/** The schema of the report, as the package has it, and what of a report is not in it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import Ajv from "ajv";

interface Schema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const FILE = join(__dirname, "..", "..", "docs", "report.schema.json");
export const SCHEMA = JSON.parse(readFileSync(FILE, "utf8")) as Schema;

/** Users allow keys of later versions, and tests none that the schema does not have. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const inside = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return "properties" in schema && "type" in schema ? { ...inside, additionalProperties: false } : inside;
}

const validate = new Ajv({ allErrors: true }).compile(closed(SCHEMA) as object);

/** Nothing where the report is as the schema says. */
export function unlikeSchema(report: unknown): string[] {
  validate(report);
  return (validate.errors ?? []).map(
    ({ dataPath, message, params }) => `${dataPath} ${message} ${JSON.stringify(params)}`,
  );
}

/** `losses[].entities.rows`: every key that reports may have. */
export function keysOf(schema: Schema = SCHEMA, prefix = ""): string[] {
  const { $ref, items, anyOf, properties = {} } = schema;
  if (typeof $ref === "string") return keysOf(definition($ref), prefix);
  if (items !== undefined) return keysOf(items as Schema, `${prefix}[]`);
  if (Array.isArray(anyOf)) return [...new Set(anyOf.flatMap((one) => keysOf(one as Schema, prefix)))];
  return Object.entries(properties).flatMap(([name, inner]) => {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    return [path, ...keysOf(inner, path)];
  });
}

function definition(ref: string): Schema {
  const name = ref.slice("#/definitions/".length);
  return (SCHEMA["definitions"] as Record<string, Schema>)[name] ?? {};
}

/** The same of a report. */
export function keysIn(value: unknown, prefix = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => keysIn(one, `${prefix}[]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (inner === undefined) return [];
    const path = prefix === "" ? name : `${prefix}.${name}`;
    return [path, ...keysIn(inner, path)];
  });
}
