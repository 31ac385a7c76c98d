/** What others do on the server between two versions of a program, each kept in the books of what must stand there. */
import type { RowData } from "@zilliz/milvus2-sdk-node";
import * as fc from "fast-check";

import type { TestAccess } from "../../live/support/access";
import { type TestMilvus, vectorOf } from "../../live/support/milvus";
import {
  DEFAULT_DATABASE,
  DEFAULT_PARTITION,
  hasVectorIndex,
  type Managed,
  pathOf,
  type Standing,
  type World,
} from "./expected-server";
import type { Schema } from "./random/collection";
import { ACCESS_DEEDS, type AccessDeed, AccessStranger, type Done, NOTHING } from "./strangers-access";

const DEEDS = [
  "insert",
  "insert",
  "insert",
  "insert",
  "load",
  "load",
  "load a partition",
  "release",
  "release",
  "release a partition",
  "make a partition",
  "make a partition with rows",
  "drop a partition",
  "make a partition again",
  "drop an index",
  "change a property",
  "rename a collection",
  "drop a collection",
] as const;

export interface Deed {
  readonly kind: (typeof DEEDS)[number] | AccessDeed | "drop a database";
  readonly at: number;
  readonly form: number;
}

const anyNumber = fc.nat({ max: 11 });

export const anyDeed: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constantFrom(...DEEDS, ...ACCESS_DEEDS, "drop a database" as const),
  at: anyNumber,
  form: anyNumber,
});

export async function happens(
  { kind, at, form }: Deed,
  world: World,
  milvus: TestMilvus,
  access: TestAccess,
): Promise<Done> {
  if (isAboutAccess(kind)) return new AccessStranger(world, access).does(kind, at, form);
  if (kind === "drop a database") return dropDatabase(world, milvus, at);
  const all = [...world.standing.values()];
  const one = all[at % all.length];
  return one === undefined ? NOTHING : new Stranger(world, one, milvus.within(one.database)).does(kind, form);
}

function isAboutAccess(kind: Deed["kind"]): kind is AccessDeed {
  return (ACCESS_DEEDS as readonly string[]).includes(kind);
}

/** One that nothing stands in, not even a grant, which would come back with it. */
async function dropDatabase(world: World, milvus: TestMilvus, at: number): Promise<Done> {
  const { databases, standing, aliases, access } = world;
  const used = new Set([
    ...[...standing.values()].map(({ database }) => database),
    ...[...aliases.keys()].map((alias) => alias.split("/")[0]),
    ...[...access.roles.values()].flatMap(({ grants }) =>
      [...grants.values()].map(({ database }) => database),
    ),
    ...access.leftBehindIn,
  ]);
  const unused = [...databases].filter((name) => !used.has(name));
  const name = unused[at % unused.length];
  if (name === undefined) return NOTHING;
  await milvus.dropDatabase(name);
  databases.delete(name);
  return { what: `database ${name} dropped`, needsRefresh: true };
}

class Stranger {
  constructor(
    private readonly world: World,
    private readonly one: Standing,
    private readonly milvus: TestMilvus,
  ) {}

  does(kind: (typeof DEEDS)[number], form: number): Promise<Done> {
    switch (kind) {
      case "insert":
        return this.insert(this.somePartition(form), 1 + (form % 4));
      case "load":
        return this.load();
      case "load a partition":
        return this.loadPartition(this.somePartition(form));
      case "release":
        return this.release();
      case "release a partition":
        return this.releasePartition(form);
      case "make a partition":
        return this.makePartition(form);
      case "make a partition with rows":
        return this.makePartition(form, 3);
      case "drop a partition":
        return this.dropPartition(this.managedName(this.one.partitions, form, "Partition", "PartitionSet"));
      case "make a partition again":
        return this.makePartitionAgain(
          this.managedName(this.one.partitions, form, "Partition", "PartitionSet"),
        );
      case "drop an index":
        return this.dropIndex(this.managedName(this.one.indexes, form, "Index"));
      case "change a property":
        return this.changeProperty(String(form + 1));
      case "rename a collection":
        return this.rename(form);
      case "drop a collection":
        return form % 3 === 0 ? this.drop() : Promise.resolve(NOTHING);
    }
  }

  private somePartition(form: number): string {
    const names = [...this.one.partitions.keys()];
    return names[form % names.length] as string;
  }

  private get path(): string {
    return pathOf(this.one.database, this.one.name);
  }

  private managed(...kinds: Managed["kind"][]): Managed[] {
    const { path } = this;
    return [...this.world.managed.values()].filter(({ at, kind }) => at === path && kinds.includes(kind));
  }

  private managedName(
    held: ReadonlyMap<string, unknown>,
    form: number,
    ...kinds: Managed["kind"][]
  ): string | undefined {
    const names = this.managed(...kinds)
      .flatMap(({ names }) => names)
      .filter((name) => held.has(name));
    return names[form % names.length];
  }

  /** The stack has to learn of what is loaded when it declares that. */
  private get loadIsDeclared(): boolean {
    return this.managed("CollectionLoad").length > 0;
  }

  private async insert(partition: string, count: number): Promise<Done> {
    const { name, schema, partitions } = this.one;
    await this.milvus.insert(name, rowsOf(schema, count), schema.partitionKey ? undefined : partition);
    partitions.set(partition, (partitions.get(partition) ?? 0) + count);
    return { what: `${count} rows inserted into ${name}/${partition}` };
  }

  private async load(): Promise<Done> {
    if (this.one.loaded !== "no" || !hasVectorIndex(this.one.indexes)) return NOTHING;
    await this.milvus.load(this.one.name);
    this.one.loaded = "whole";
    return { what: `${this.one.name} loaded`, needsRefresh: this.loadIsDeclared };
  }

  private async loadPartition(partition: string): Promise<Done> {
    const { name, loaded, indexes, schema } = this.one;
    if (loaded !== "no" || !hasVectorIndex(indexes) || schema.partitionKey) return NOTHING;
    // A collection all of whose partitions are loaded passes for a wholly loaded one.
    if (partition === DEFAULT_PARTITION) return NOTHING;
    await this.milvus.loadPartitions(name, [partition]);
    this.one.loaded = [partition];
    return { what: `partition ${partition} of ${name} loaded`, needsRefresh: this.loadIsDeclared };
  }

  private async release(): Promise<Done> {
    if (this.one.loaded === "no") return NOTHING;
    await this.milvus.release(this.one.name);
    this.one.loaded = "no";
    return { what: `${this.one.name} released`, needsRefresh: this.loadIsDeclared };
  }

  /** Where a load is declared: elsewhere nobody could say whether a partition that comes later is loaded. */
  private async releasePartition(form: number): Promise<Done> {
    const { name, loaded, partitions, schema } = this.one;
    if (loaded === "no" || schema.partitionKey || !this.loadIsDeclared) return NOTHING;
    const names = loaded === "whole" ? [...partitions.keys()] : loaded;
    const released = names[form % names.length] as string;
    await this.milvus.releasePartition(name, released);
    this.one.loaded = without(names, released);
    return { what: `partition ${released} of ${name} released`, needsRefresh: true };
  }

  /** Of a name that a program may come to declare, or of one that none does. */
  private async makePartition(form: number, rows = 0): Promise<Done> {
    const { name, schema, partitions, loaded } = this.one;
    const { path } = this;
    const key = [...this.world.managed].find(([, { kind, at }]) => kind === "Collection" && at === path)?.[0];
    const partition = [`p${key}_${form % 5}`, `s${key}_${form % 5}`, `theirs${form % 3}`][form % 3] as string;
    if (schema.partitionKey || partitions.has(partition)) return NOTHING;
    await this.milvus.createPartition(name, partition);
    partitions.set(partition, 0);
    if (rows > 0) await this.insert(partition, rows);
    return {
      what: `partition ${partition} of ${name} made, with ${rows} rows`,
      // Milvus loads it where all partitions were loaded once, and some of them released since.
      needsRefresh: typeof loaded !== "string" && this.loadIsDeclared,
    };
  }

  private async dropPartition(partition: string | undefined): Promise<Done> {
    if (partition === undefined) return NOTHING;
    await this.milvus.releasePartition(this.one.name, partition);
    await this.milvus.dropPartition(this.one.name, partition);
    this.one.partitions.delete(partition);
    if (typeof this.one.loaded !== "string") this.one.loaded = without(this.one.loaded, partition);
    this.forgetName(partition, "Partition", "PartitionSet");
    return { what: `partition ${partition} of ${this.one.name} dropped`, needsRefresh: true };
  }

  private async makePartitionAgain(partition: string | undefined): Promise<Done> {
    const { what } = await this.dropPartition(partition);
    if (what === undefined || partition === undefined) return NOTHING;
    await this.milvus.createPartition(this.one.name, partition);
    this.one.partitions.set(partition, 0);
    return { what: `${what} and made again`, needsRefresh: true };
  }

  private async dropIndex(index: string | undefined): Promise<Done> {
    const found = index === undefined ? undefined : this.one.indexes.get(index);
    if (index === undefined || found === undefined) return NOTHING;
    const { what } = await this.release();
    await this.milvus.dropIndex(this.one.name, index, found.fieldName);
    this.one.indexes.delete(index);
    this.forgetName(index, "Index");
    return {
      what: `${what === undefined ? "" : `${what}, `}index ${index} of ${this.one.name} dropped`,
      needsRefresh: true,
    };
  }

  private async changeProperty(seconds: string): Promise<Done> {
    // One that the program does not set could not be removed again on this server.
    if (this.one.ttl === undefined) return NOTHING;
    await this.milvus.setProperties(this.one.name, { "collection.ttl.seconds": `9${seconds}000` });
    return { what: `the ttl of ${this.one.name} changed`, needsRefresh: true };
  }

  private async rename(form: number): Promise<Done> {
    const { database, name: old } = this.one;
    const name = `theirs${form}${old}`;
    const { path } = this;
    const newPath = pathOf(database, name);
    if (this.world.standing.has(newPath)) return NOTHING;
    // Milvus 2.3.5 takes it for a move to another database, which it refuses to what has an alias.
    if (database !== DEFAULT_DATABASE && [...this.world.aliases.values()].includes(path)) return NOTHING;
    await this.milvus.renameCollection(old, name);
    this.world.standing.delete(path);
    this.world.standing.set(newPath, { ...this.one, name });
    for (const [key, some] of this.world.managed) {
      if (some.at !== path) continue;
      const names = some.kind === "Collection" ? [name] : some.names;
      this.world.managed.set(key, { ...some, names, at: newPath });
    }
    return { what: `${old} renamed to ${name}`, needsRefresh: true };
  }

  private async drop(): Promise<Done> {
    const { path } = this;
    await this.milvus.dropCollection(this.one.name);
    this.world.standing.delete(path);
    for (const [key, { at }] of this.world.managed) if (at === path) this.world.managed.delete(key);
    return { what: `${this.one.name} dropped`, needsRefresh: true };
  }

  /** A refresh takes it out of the state. */
  private forgetName(name: string, ...kinds: Managed["kind"][]): void {
    const { path } = this;
    for (const [key, some] of this.world.managed) {
      if (some.at !== path || !kinds.includes(some.kind) || !some.names.includes(name)) continue;
      const names = some.names.filter((one) => one !== name);
      if (some.kind === "PartitionSet") this.world.managed.set(key, { ...some, names });
      else this.world.managed.delete(key);
    }
  }
}

function without(loaded: readonly string[], name: string): Standing["loaded"] {
  const left = loaded.filter((one) => one !== name);
  return left.length === 0 ? "no" : left;
}

let lastId = 0;

/** No two of them have an id in common. */
export function rowsOf({ primaryKey, dim, score }: Schema, count: number): RowData[] {
  return Array.from({ length: count }, () => {
    const id = ++lastId;
    return {
      id: primaryKey === "VarChar" ? `row ${id}` : id,
      year: 2000 + (id % 30),
      title: `title ${id}`,
      ...(score && { score: id / 2 }),
      embedding: vectorOf(id, dim),
    };
  });
}
