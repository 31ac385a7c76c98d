/**
 * Two resources that manage one partition would each drop it under the other. Where a program says both in plain
 * values, it is told so before anything runs.
 */
import * as pulumi from "@pulumi/pulumi";

/** What a partition's collection is known by: the resource, or its name on the server of a provider. */
type CollectionKey = object | string;

const holders = new WeakMap<object, Map<string, string>>();
const byName = new Map<pulumi.ProviderResource | undefined, Map<string, Map<string, string>>>();

export function claimPartitions(
  kind: string,
  logicalName: string,
  args: Readonly<Record<string, unknown>>,
  provider: pulumi.ProviderResource | undefined,
): void {
  const collection = args["collection"];
  if (pulumi.Output.isInstance(collection) || collection instanceof Promise) return;
  if (collection === null || (typeof collection !== "object" && typeof collection !== "string")) return;
  const held = holdersIn(collection, args["databaseName"], provider);
  for (const name of plainNames(kind, logicalName, args)) {
    const holder = held.get(name);
    if (holder !== undefined)
      throw new pulumi.RunError(
        `partition ${name} is declared twice for the same collection: by ${holder} and by ${kind} "${logicalName}". ` +
          "Declare it in one place: a partition that two resources manage is dropped with the first of them",
      );
    held.set(name, `${kind} "${logicalName}"`);
  }
}

/** Which resource declared which partition of the collection. */
function holdersIn(
  collection: CollectionKey,
  database: unknown,
  provider: pulumi.ProviderResource | undefined,
): Map<string, string> {
  if (typeof collection === "object") return entryOf(holders, collection);
  const names = entryOf(byName, provider);
  return entryOf(names, `${typeof database === "string" ? database : ""}/${collection}`);
}

function entryOf<Key, Value extends Map<unknown, unknown>>(
  map: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown },
  key: Key,
): Value {
  const there = map.get(key);
  if (there) return there;
  const made = new Map() as Value;
  map.set(key, made);
  return made;
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
