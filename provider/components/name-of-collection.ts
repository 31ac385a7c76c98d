/** What the collection of a CollectionBehindAlias is called: the name stands for all that was declared. */
import { createHash } from "node:crypto";

type Values = Readonly<Record<string, unknown>>;

/** What a change of makes a new collection, on one server or another; of `indexes` those on vectors. */
export const STAND_FOR = [
  "fields",
  "functions",
  "enableDynamicField",
  "shardsNum",
  "numPartitions",
  "description",
  "consistencyLevel",
  "indexes",
  "version",
] as const;

export type Declared = Partial<Record<(typeof STAND_FOR)[number], unknown>>;

export interface Named {
  readonly collectionName: string;
  /** Changes with what Milvus would change nothing of the collection itself for. */
  readonly version: string;
}

/**
 * Two collections that cannot be changed into each other have different names, so that Pulumi makes the one before it
 * drops the other. The same declaration always has the same name: a stack whose state was lost finds its collection.
 */
export function named(aliasName: string, declared: Declared): Named {
  const { fields, indexes, version, ...own } = declared;
  // What is no list is refused by the Collection, in the words that it has for it.
  const listed = Array.isArray(fields) ? (fields as Values[]) : [];
  const indexed = onVectors((indexes ?? {}) as Readonly<Record<string, Values>>, listed);
  const beside = digest({ version, indexes: byName(indexed, "indexName") });
  const parts = { ...withoutDefaults(own), fields: byName(listed, "name"), beside };
  return { collectionName: `${aliasName}_${digest(parts)}`, version: beside };
}

/** What Milvus does when it is left out. */
const DEFAULTS: Values = { consistencyLevel: "Bounded", shardsNum: 1 };

function withoutDefaults(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([key, value]) => value !== DEFAULTS[key]));
}

/** An index on another field comes and goes while the collection is searched. */
function onVectors(indexes: Readonly<Record<string, Values>>, fields: readonly Values[]): Values[] {
  const vectors = new Set(fields.filter(isVector).map((field) => field["name"]));
  return Object.entries(indexes)
    .filter(([, { fieldName }]) => vectors.has(fieldName))
    .map(([indexName, { fieldName, indexType, metricType, params }]) => ({
      indexName,
      fieldName,
      indexType,
      metricType,
      params,
    }));
}

function isVector({ dataType }: Values): boolean {
  return typeof dataType === "string" && dataType.endsWith("Vector");
}

/** Their order means nothing. */
function byName(values: readonly Values[], name: string): Values[] {
  return [...values].sort((a, b) => (String(a[name]) < String(b[name]) ? -1 : 1));
}

const DIGITS = 8;

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value, ordered)).digest("hex").slice(0, DIGITS);
}

/** With the keys in order, and without what is as good as left out. */
function ordered(key: string, value: unknown): unknown {
  if (key === "defaultValue") return value;
  if (value === false || value === "" || value === null) return undefined;
  if (typeof value !== "object") return value;
  if (Object.keys(value).length === 0) return undefined;
  if (Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
