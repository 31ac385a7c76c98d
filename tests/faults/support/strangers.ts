/** What others do on the server between two versions of a program, each kept in the books of what must stand there. */
import type { RowData } from "@zilliz/milvus2-sdk-node";
import * as fc from "fast-check";

import { type TestMilvus, vectorOf } from "../../live/support/milvus";
import { DEFAULT_PARTITION, hasVectorIndex, type Standing, type World } from "./expected-server";
import type { Schema } from "./random-program";

const DEEDS = [
  "insert",
  "insert",
  "insert",
  "insert",
  "load",
  "load",
  "load a partition",
  "release",
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
  readonly kind: (typeof DEEDS)[number];
  readonly at: number;
  readonly form: number;
}

const anyNumber = fc.nat({ max: 11 });

export const anyDeed: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constantFrom(...DEEDS),
  at: anyNumber,
  form: anyNumber,
});

export interface Done {
  /** In words; nothing when there was nothing to do it to. */
  readonly what?: string;
  /** The stack learns of it by a refresh only. */
  readonly needsRefresh?: boolean;
}

const NOTHING: Done = {};

export async function happens(deed: Deed, world: World, milvus: TestMilvus): Promise<Done> {
  const all = [...world.standing.values()];
  const one = all[deed.at % all.length];
  return one === undefined ? NOTHING : new Stranger(world, one, milvus).does(deed);
}

class Stranger {
  constructor(
    private readonly world: World,
    private readonly one: Standing,
    private readonly milvus: TestMilvus,
  ) {}

  does({ kind, form }: Deed): Promise<Done> {
    switch (kind) {
      case "insert":
        return this.insert(this.somePartition(form), 1 + (form % 4));
      case "load":
        return this.load();
      case "load a partition":
        return this.loadPartition(this.somePartition(form));
      case "release":
        return this.release();
      case "make a partition":
        return this.makePartition(form);
      case "make a partition with rows":
        return this.makePartition(form, 3);
      case "drop a partition":
        return this.dropPartition(this.managedName("partition", form));
      case "make a partition again":
        return this.makePartitionAgain(this.managedName("partition", form));
      case "drop an index":
        return this.dropIndex(this.managedName("index", form));
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

  private managedName(kind: "partition" | "index", form: number): string | undefined {
    const held: ReadonlyMap<string, unknown> = kind === "partition" ? this.one.partitions : this.one.indexes;
    const names = [...this.world.managed.values()]
      .filter((some) => some.kind === kind && some.of === this.one.name && held.has(some.name))
      .map(({ name }) => name);
    return names[form % names.length];
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
    return { what: `${this.one.name} loaded` };
  }

  private async loadPartition(partition: string): Promise<Done> {
    const { name, loaded, indexes, schema } = this.one;
    if (loaded !== "no" || !hasVectorIndex(indexes) || schema.partitionKey) return NOTHING;
    // A collection all of whose partitions are loaded passes for a wholly loaded one.
    if (partition === DEFAULT_PARTITION) return NOTHING;
    await this.milvus.loadPartitions(name, [partition]);
    this.one.loaded = [partition];
    return { what: `partition ${partition} of ${name} loaded` };
  }

  private async release(): Promise<Done> {
    if (this.one.loaded === "no") return NOTHING;
    await this.milvus.release(this.one.name);
    this.one.loaded = "no";
    return { what: `${this.one.name} released` };
  }

  /** Of a name that a program may come to declare, or of one that none does. */
  private async makePartition(form: number, rows = 0): Promise<Done> {
    const { name, schema, partitions } = this.one;
    const key = [...this.world.managed].find(([, some]) => some.name === name && some.of === undefined)?.[0];
    const partition = form % 2 === 0 ? `p${key}_${form % 5}` : `theirs${form % 3}`;
    if (schema.partitionKey || partitions.has(partition)) return NOTHING;
    await this.milvus.createPartition(name, partition);
    partitions.set(partition, 0);
    if (rows > 0) await this.insert(partition, rows);
    return { what: `partition ${partition} of ${name} made, with ${rows} rows` };
  }

  private async dropPartition(partition: string | undefined): Promise<Done> {
    if (partition === undefined) return NOTHING;
    await this.milvus.releasePartition(this.one.name, partition);
    await this.milvus.dropPartition(this.one.name, partition);
    this.one.partitions.delete(partition);
    if (typeof this.one.loaded !== "string") {
      const left = this.one.loaded.filter((name) => name !== partition);
      this.one.loaded = left.length === 0 ? "no" : left;
    }
    this.forget((some) => some.of === this.one.name && some.name === partition);
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
    this.forget((some) => some.of === this.one.name && some.name === index);
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
    const old = this.one.name;
    const name = `theirs${form}${old}`;
    if (this.world.standing.has(name)) return NOTHING;
    await this.milvus.renameCollection(old, name);
    this.world.standing.delete(old);
    this.world.standing.set(name, { ...this.one, name });
    for (const [key, some] of this.world.managed) {
      if (some.of === old) this.world.managed.set(key, { ...some, of: name });
      if (some.of === undefined && some.name === old) this.world.managed.set(key, { ...some, name });
    }
    return { what: `${old} renamed to ${name}`, needsRefresh: true };
  }

  private async drop(): Promise<Done> {
    const { name } = this.one;
    await this.milvus.dropCollection(name);
    this.world.standing.delete(name);
    this.forget((some) => some.of === name || (some.of === undefined && some.name === name));
    return { what: `${name} dropped`, needsRefresh: true };
  }

  /** A refresh takes it out of the state. */
  private forget(isGone: (some: { readonly name: string; readonly of?: string }) => boolean): void {
    for (const [key, some] of this.world.managed) if (isGone(some)) this.world.managed.delete(key);
  }
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
