/**
 * What a program declares of each collection, as far as it says so in plain values. Two resources that manage one
 * partition would each drop it under the other, and two loads of one collection undo each other: that is told before
 * anything runs. And a load comes after what it needs, and an alias after the load.
 */
import * as pulumi from "@pulumi/pulumi";

/** What stands in one collection. */
interface Inside {
  /** Which resource declared what: `partition y2024`, `the load`. */
  readonly holders: Map<string, string>;
  readonly resources: pulumi.Resource[];
}

const byResource = new WeakMap<object, Inside>();
const byName = new Map<pulumi.ProviderResource | undefined, Map<string, Inside>>();

export function claim(
  kind: string,
  logicalName: string,
  args: Readonly<Record<string, unknown>>,
  provider: pulumi.ProviderResource | undefined,
): void {
  const inside = insideOf(args, provider);
  for (const what of claimsOf(kind, logicalName, args)) {
    const holder = inside?.holders.get(what);
    if (holder !== undefined)
      throw new pulumi.RunError(
        `${what} is declared twice for the same collection: by ${holder} and by ${kind} "${logicalName}". ` +
          `Declare it in one place: ${WHY_ONCE[kind] ?? "a partition that two resources manage is dropped with the first of them"}`,
      );
    inside?.holders.set(what, `${kind} "${logicalName}"`);
  }
}

const WHY_ONCE: Readonly<Record<string, string>> = {
  CollectionLoad: "two that load one collection undo each other's changes",
};

/**
 * A load, for which Milvus demands indexes, and partitions where it names some; and an alias, which is to point at what
 * can be searched.
 */
const COME_LAST = ["CollectionLoad", "Alias"];

/** What the resource has to come after although nothing of it goes into its arguments. */
export function comesAfter(
  kind: string,
  args: Readonly<Record<string, unknown>>,
  provider: pulumi.ProviderResource | undefined,
): readonly pulumi.Resource[] {
  return COME_LAST.includes(kind) ? [...(insideOf(args, provider)?.resources ?? [])] : [];
}

export function stands(
  resource: pulumi.Resource,
  args: Readonly<Record<string, unknown>>,
  provider: pulumi.ProviderResource | undefined,
): void {
  insideOf(args, provider)?.resources.push(resource);
}

function insideOf(
  args: Readonly<Record<string, unknown>>,
  provider: pulumi.ProviderResource | undefined,
): Inside | undefined {
  const collection = args["collection"];
  if (pulumi.Output.isInstance(collection) || collection instanceof Promise) return undefined;
  if (collection === null || (typeof collection !== "object" && typeof collection !== "string"))
    return undefined;
  const make = (): Inside => ({ holders: new Map(), resources: [] });
  if (typeof collection === "object") return entryOf(byResource, collection, make);
  const names = entryOf(byName, provider, () => new Map<string, Inside>());
  const database = args["databaseName"];
  return entryOf(names, `${typeof database === "string" ? database : ""}/${collection}`, make);
}

function entryOf<Key, Value>(
  map: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown },
  key: Key,
  make: () => Value,
): Value {
  const there = map.get(key);
  if (there) return there;
  const made = make();
  map.set(key, made);
  return made;
}

function claimsOf(kind: string, logicalName: string, args: Readonly<Record<string, unknown>>): string[] {
  if (kind === "CollectionLoad") return ["the load"];
  return plainNames(kind, logicalName, args).map((name) => `partition ${name}`);
}

/** A single one without a name goes by its logical name. */
function plainNames(kind: string, logicalName: string, args: Readonly<Record<string, unknown>>): string[] {
  if (kind === "Partition") {
    const name = args["partitionName"] ?? logicalName;
    return typeof name === "string" ? [name] : [];
  }
  const names = args["partitionNames"];
  return kind === "PartitionSet" && Array.isArray(names) ? [...new Set(names)].filter(isText) : [];
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
