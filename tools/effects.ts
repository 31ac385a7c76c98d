/** What a change of a declared input does, from which Milvus: found by asking the declaration for servers of each version. */
import { Decisions } from "../provider/core/decisions";
import { isRefusal } from "../provider/core/diff";
import type { Decision, Effect, Judge, Property } from "../provider/core/properties";
import { type FeatureName, knows, lacks, parseVersion, TABLE } from "../provider/milvus/versions";

type InWords = "replaces" | "in place" | "nothing" | "refused";

/** One way in which an input can change, in words where it can in several. */
interface Sample {
  readonly what: string;
  readonly old: unknown;
  readonly new: unknown;
}

/** The oldest that is supported, and every one with which something came. */
const VERSIONS = [
  "2.3.0",
  ...new Set([...TABLE.values()].flatMap(({ milvus }) => (milvus === "always" ? [] : [milvus.join(".")]))),
].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));

export async function effectInWords(name: string, { change, ...property }: Property): Promise<string> {
  if (typeof change !== "function") return inWords(change);
  const told = await Promise.all(
    samplesOf(name, property).map(async (sample) => [sample.what, await byVersion(name, change, sample)]),
  );
  const effects = new Set(told.map(([, effect]) => effect));
  return effects.size === 1
    ? [...effects].join()
    : told.map(([what, effect]) => `${what}: ${effect}`).join("; ");
}

/** "in place from 2.5.2, before: refused" */
async function byVersion(name: string, change: Asked, sample: Sample): Promise<string> {
  const effects = await Promise.all(
    VERSIONS.map(async (version) => inWords(await effectOn(version, name, change, sample))),
  );
  const turns = effects.flatMap((effect, at) => (effect === effects[at - 1] ? [] : [at]));
  const [first = 0, ...later] = turns;
  const since = later.map((at) => `${effects[at]} from ${VERSIONS[at]?.replace(/\.0$/, "")}`);
  return since.length === 0 ? `${effects[first]}` : `${since.join(", ")}, before: ${effects[first]}`;
}

type Asked = Extract<Decision<unknown>, (...args: never[]) => unknown>;

function effectOn(version: string, name: string, change: Asked, sample: Sample): Effect | Promise<Effect> {
  const { old, new: wanted } = sample;
  return change(
    {
      path: name,
      old,
      new: wanted,
      state: { ...OTHERS, [name]: old },
      inputs: { ...OTHERS, [name]: wanted },
    },
    judgeOf(version),
  );
}

/** What a change of another input depends on: parameters are the server's where the index type is. */
const OTHERS = { indexType: "HNSW" };

function judgeOf(version: string): Judge {
  const server = parseVersion(version);
  return {
    supports: (feature) => Promise.resolve(knows(server, feature as FeatureName)),
    lacks: (feature) => Promise.resolve(lacks(server, feature as FeatureName)),
    decisions: new Decisions(),
    logOnce: () => undefined,
  };
}

function inWords(effect: Effect): InWords {
  if (isRefusal(effect)) return "refused";
  return { replace: "replaces", update: "in place", ignore: "nothing" }[effect] as InWords;
}

const KEY = { name: "id", dataType: "Int64", isPrimaryKey: true };
const NUMBER = { name: "year", dataType: "Int64", nullable: true };
const VECTOR = { name: "second", dataType: "FloatVector", dim: 8, nullable: true };
const BM25 = { name: "bm25", type: "BM25", inputFieldNames: ["text"], outputFieldNames: ["sparse"] };

/** Of lists whose elements come and go. */
const SCHEMA_CHANGES: Readonly<Record<string, readonly Sample[]>> = {
  fields: [
    { what: "a scalar field with `nullable: true` comes", old: [KEY], new: [KEY, NUMBER] },
    { what: "a vector with `nullable: true` comes", old: [KEY], new: [KEY, VECTOR] },
    { what: "another field comes", old: [KEY], new: [KEY, { ...NUMBER, nullable: false }] },
    { what: "a field goes that is no key", old: [KEY, NUMBER], new: [KEY] },
  ],
  functions: [
    { what: "one goes, with its field", old: [BM25], new: [] },
    { what: "one comes that is no BM25", old: [], new: [{ ...BM25, type: "TextEmbedding" }] },
  ],
};

function samplesOf(name: string, { default: byDefault }: Omit<Property, "change">): readonly Sample[] {
  const ofSchema = SCHEMA_CHANGES[name];
  if (ofSchema) return ofSchema;
  if (typeof byDefault === "boolean")
    return [
      { what: "to `true`", old: false, new: true },
      { what: "to `false`", old: true, new: false },
    ];
  if (typeof byDefault === "object")
    return [
      { what: "set", old: { a: "1" }, new: { a: "2" } },
      { what: "removed", old: { a: "1" }, new: {} },
    ];
  return [{ what: "", old: "1", new: "2" }];
}
