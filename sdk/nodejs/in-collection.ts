/** In which order what stands in a collection is made: a load comes after what it needs, and an alias after the load. */
import * as pulumi from "@pulumi/pulumi";

import { perRun } from "./per-run";

type Arguments = Readonly<Record<string, unknown>>;

/** What one run of a program declares in its collections. */
class Declared {
  private readonly byResource = new WeakMap<object, pulumi.Resource[]>();
  private readonly byName = new Map<pulumi.ProviderResource | undefined, Map<string, pulumi.Resource[]>>();

  /** Nothing where the collection is not known yet. */
  in(args: Arguments, provider: pulumi.ProviderResource | undefined): pulumi.Resource[] | undefined {
    const { collection, databaseName } = args;
    if (pulumi.Output.isInstance(collection) || collection instanceof Promise) return undefined;
    const none = (): pulumi.Resource[] => [];
    if (typeof collection === "object" && collection !== null)
      return entryOf(this.byResource, collection, none);
    if (typeof collection !== "string") return undefined;
    const names = entryOf(this.byName, provider, () => new Map<string, pulumi.Resource[]>());
    const database = typeof databaseName === "string" ? databaseName : "";
    return entryOf(names, `${database}/${collection}`, none);
  }
}

const declared = perRun(() => new Declared());

/**
 * A load, for which Milvus demands indexes, and partitions where it names some; and an alias, which is to point at what
 * can be searched.
 */
const COME_LAST = ["CollectionLoad", "Alias"];

/** What the resource has to come after although nothing of it goes into its arguments. */
export function comesAfter(
  kind: string,
  args: Arguments,
  provider: pulumi.ProviderResource | undefined,
): readonly pulumi.Resource[] {
  return COME_LAST.includes(kind) ? [...(declared().in(args, provider) ?? [])] : [];
}

/**
 * A collection, for those that are given its name alone: they come after it, and go before it. With `--parallel 1` the
 * engine may drop it first otherwise, and waits for that while an alias that points at it is in the way.
 */
export function isNamed(
  resource: pulumi.Resource,
  name: unknown,
  { databaseName }: Arguments,
  provider: pulumi.ProviderResource | undefined,
): void {
  if (typeof name === "string") stands(resource, { collection: name, databaseName }, provider);
}

export function stands(
  resource: pulumi.Resource,
  args: Arguments,
  provider: pulumi.ProviderResource | undefined,
): void {
  declared().in(args, provider)?.push(resource);
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
