/**
 * What a server must hold after each version of a random program, by the rules of docs/safety.md for Milvus 2.3.5, and
 * what it does hold.
 */
import type { TestMilvus } from "../../live/support/milvus";
import type { Access } from "./expected-access";
import { type DeclaredCollection, fieldsOf, type Schema } from "./random/collection";
import type { DeclaredLoad } from "./random/collection-load";
import { referenceOf } from "./random/in-collection";
import type { DeclaredIndex } from "./random/index";
import type { DeclaredPartition } from "./random/partition";
import type { Declared, Program } from "./random/program";

export interface StandingIndex {
  readonly fieldName: string;
  readonly indexType?: string;
  readonly metricType?: string;
  readonly params: Readonly<Record<string, number>>;
}

export interface Standing {
  readonly database: string;
  readonly name: string;
  /** Its server id, once it was seen. */
  id?: string;
  readonly schema: Schema;
  ttl?: string;
  /** How many rows each holds; those of somebody else and Milvus's own are among them. */
  readonly partitions: Map<string, number>;
  readonly indexes: Map<string, StandingIndex>;
  /** All of it, what comes later included; or some partitions. */
  loaded: "no" | "whole" | readonly string[];
}

/** An object that the stack manages, as its state has it. */
export interface Managed {
  readonly kind: Declared["kind"];
  /** One, but of a PartitionSet. A load has none. */
  readonly names: readonly string[];
  /** Under which it stays when the program leaves its name out, whatever others call it. */
  readonly declaredName?: string;
  /** The path of the collection that it is, or that it stands in. */
  readonly at?: string;
  /** To the engine it depends on no input of its collection, so that it is not taken along when that is recreated. */
  readonly standsAlone?: boolean;
}

export interface World {
  /** Without the one that is always there. */
  readonly databases: Set<string>;
  /** By path. */
  readonly standing: Map<string, Standing>;
  /** By key of the declaration. */
  readonly managed: Map<number, Managed>;
  /** The paths of the collections that aliases point at, by the paths of the aliases. */
  readonly aliases: Map<string, string>;
  readonly access: Access;
}

export function emptyWorld(): World {
  return {
    databases: new Set(),
    standing: new Map(),
    managed: new Map(),
    aliases: new Map(),
    access: { users: new Map(), roles: new Map(), declared: new Map(), leftBehindIn: new Set() },
  };
}

export const DEFAULT_DATABASE = "default";
export const DEFAULT_PARTITION = "_default";
const KEY_PARTITIONS = ["_default_0", "_default_1", "_default_2", "_default_3"];

export function pathOf(database: string, name: string): string {
  return `${database}/${name}`;
}

/** What the world is once the program is up, but for users, roles and grants. */
export function after(before: World, program: Program): World {
  const world = emptyWorld();
  for (const one of program.databases) world.databases.add(nameIn({ before, world }, one, one.databaseName));
  const anew = new Set(program.collections.map((one) => madeAnew(before, world, one)));
  for (const one of program.collections) stand(before, world, anew, one);
  for (const one of program.aliases) {
    const at = world.managed.get(one.of)?.at ?? "";
    const [database = ""] = at.split("/");
    world.aliases.set(pathOf(database, nameIn({ before, world }, one, one.aliasName)), at);
  }
  return world;
}

/** The name that an object has and keeps, of those that stand in no collection. */
export function nameIn(
  { before, world }: { readonly before: World; readonly world: World },
  one: Declared,
  given: string | undefined,
): string {
  const name = given ?? before.managed.get(one.key)?.declaredName ?? one.logicalName;
  world.managed.set(one.key, { kind: one.kind, names: [name], declaredName: name });
  return name;
}

function become(before: World, world: World, declared: DeclaredCollection) {
  const known = before.managed.get(declared.key);
  const name = declared.collectionName ?? known?.declaredName ?? declared.logicalName;
  const database = databaseOf(world, declared);
  const existing = before.standing.get(known?.at ?? pathOf(database, name));
  const survives =
    existing !== undefined && existing.database === database && sameSchema(existing.schema, declared.schema);
  return { database, name, existing, survives };
}

function databaseOf({ managed }: World, { database }: DeclaredCollection): string {
  return (database === undefined ? undefined : managed.get(database)?.names[0]) ?? DEFAULT_DATABASE;
}

/**
 * The path of the collection when it is recreated under its name. Then it goes first, with all that stands in it, and
 * the engine asks for the names that were left out as if for the first time.
 */
function madeAnew(before: World, world: World, declared: DeclaredCollection): string | undefined {
  const { database, name, existing, survives } = become(before, world, declared);
  const isSame = existing?.name === name && existing.database === database;
  return !survives && isSame ? pathOf(database, name) : undefined;
}

function stand(
  before: World,
  world: World,
  anew: ReadonlySet<string | undefined>,
  declared: DeclaredCollection,
): void {
  const { database, name, existing, survives } = become(before, world, declared);
  const path = pathOf(database, name);
  world.managed.set(declared.key, { kind: "Collection", names: [name], declaredName: name, at: path });
  const naming: Naming = { before, world, anew, declared, path };
  const old = survives ? existing : undefined;
  const managed = [...before.managed.values()].filter(
    ({ at }) => existing !== undefined && at === pathOf(existing.database, existing.name),
  );
  const namesOf = (...kinds: Managed["kind"][]): string[] =>
    managed.filter(({ kind }) => kinds.includes(kind)).flatMap(({ names }) => names);
  const partitions = partitionsOf(naming, declared, old, namesOf("Partition", "PartitionSet"));
  const indexes = indexesOf(naming, declared, old);
  const anyDropped = namesOf("Index").some(
    (index) => old?.indexes.get(index) !== undefined && old.indexes.get(index) !== indexes.get(index),
  );
  const isReleased =
    (anyDropped && !hasVectorIndex(indexes)) || managed.some(({ kind }) => kind === "CollectionLoad");
  world.standing.set(path, {
    database,
    name,
    id: old?.id,
    schema: { ...declared.schema, shards: declared.schema.shards ?? old?.schema.shards },
    ttl: declared.ttl ?? old?.ttl,
    partitions,
    indexes,
    loaded: declared.load
      ? loadedAsDeclared(naming, declared.load)
      : loadedAfter(old?.loaded ?? "no", partitions, isReleased),
  });
}

interface Naming {
  readonly before: World;
  readonly world: World;
  readonly declared: DeclaredCollection;
  readonly anew: ReadonlySet<string | undefined>;
  /** Of the collection. */
  readonly path: string;
}

function nameOf(
  { before, world, anew, declared, path }: Naming,
  child: DeclaredPartition | DeclaredIndex,
  given: string | undefined,
): string {
  const known = before.managed.get(child.key);
  // One that is renamed with `aliases` in this very version is not recognized as one that went.
  const isAskedAnew = anew.has(known?.at) && !known?.standsAlone && child.alias === undefined;
  const kept = isAskedAnew ? undefined : known?.declaredName;
  const name = given ?? kept ?? child.logicalName;
  const standsAlone = referenceOf(declared, child) === "text";
  world.managed.set(child.key, {
    kind: child.kind,
    names: [name],
    declaredName: name,
    at: path,
    standsAlone,
  });
  return name;
}

function partitionsOf(
  naming: Naming,
  { partitions, set, schema }: DeclaredCollection,
  old: Standing | undefined,
  managed: readonly string[],
): Map<string, number> {
  const own = schema.partitionKey ? KEY_PARTITIONS : [DEFAULT_PARTITION];
  const held = old?.partitions ?? new Map(own.map((name) => [name, 0]));
  const inSet = set?.partitionNames ?? [];
  if (set) naming.world.managed.set(set.key, { kind: set.kind, names: inSet, at: naming.path });
  const wanted = [...partitions.map((one) => nameOf(naming, one, one.partitionName)), ...inSet];
  const kept = [...held.keys()].filter((name) => !managed.includes(name) || wanted.includes(name));
  return new Map([...new Set([...kept, ...wanted])].map((name) => [name, held.get(name) ?? 0]));
}

/** Called once its partitions have their names. */
function loadedAsDeclared(
  { world, path }: Naming,
  { key, kind, partitions }: DeclaredLoad,
): Standing["loaded"] {
  world.managed.set(key, { kind, names: [], at: path });
  return (
    partitions?.flatMap((one) => (typeof one === "string" ? [one] : (world.managed.get(one)?.names ?? []))) ??
    "whole"
  );
}

function indexesOf(
  naming: Naming,
  { indexes }: DeclaredCollection,
  old: Standing | undefined,
): Map<string, StandingIndex> {
  return new Map(
    indexes.map((one) => {
      const name = nameOf(naming, one, one.indexName);
      const existing = old?.indexes.get(name);
      const stays = existing !== undefined && isAsDeclared(existing, one);
      return [name, stays ? existing : asMade(one)];
    }),
  );
}

/** What is left out of the type and the metric is the server's choice, and whatever stands there is that. */
function isAsDeclared(existing: StandingIndex, declared: DeclaredIndex): boolean {
  const { fieldName, indexType, metricType, params = {} } = declared;
  const anyParams =
    Object.keys(params).length === 0 && (indexType === undefined || indexType === "AUTOINDEX");
  return (
    existing.fieldName === fieldName &&
    (indexType === undefined || existing.indexType === indexType) &&
    (metricType === undefined || existing.metricType === metricType) &&
    (anyParams || sorted(existing.params) === sorted(params))
  );
}

function asMade({ fieldName, indexType, metricType, params = {} }: DeclaredIndex): StandingIndex {
  const onVector = fieldName === "embedding";
  return {
    fieldName,
    indexType: indexType ?? (onVector ? "AUTOINDEX" : undefined),
    metricType: metricType ?? (onVector ? "IP" : undefined),
    params,
  };
}

export function hasVectorIndex(indexes: ReadonlyMap<string, StandingIndex>): boolean {
  return [...indexes.values()].some(({ fieldName }) => fieldName === "embedding");
}

/** Released for good when the vector index went, or the load; otherwise loaded as before, without the partitions that went. */
function loadedAfter(
  loaded: Standing["loaded"],
  partitions: ReadonlyMap<string, number>,
  isReleased: boolean,
): Standing["loaded"] {
  if (isReleased) return "no";
  if (typeof loaded === "string") return loaded;
  const left = loaded.filter((name) => partitions.has(name));
  return left.length === 0 ? "no" : left;
}

function sameSchema(a: Schema, b: Schema): boolean {
  const { shards: wanted, ...rest } = b;
  const { shards, ...old } = a;
  return (wanted === undefined || wanted === (shards ?? 1)) && sorted(whole(old)) === sorted(whole(rest));
}

function whole(schema: Omit<Schema, "shards">) {
  const { dynamic = false, description = "", consistency = "Bounded", ...rest } = schema;
  return { ...rest, dynamic, description, consistency };
}

function sorted(values: object): string {
  return JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A collection in the terms in which an expected and a found one are compared. */
export interface Seen {
  readonly fields: readonly object[];
  readonly description: string;
  readonly dynamic: boolean;
  readonly consistency: string;
  readonly shards: number;
  readonly ttl: string | undefined;
  readonly partitions: readonly string[];
  readonly indexes: Readonly<Record<string, StandingIndex>>;
  readonly loadedPartitions: readonly string[];
}

export function expectedOf({ schema, ttl, partitions, indexes, loaded }: Standing): Seen {
  const { description, dynamic, consistency } = whole(schema);
  const all = [...partitions.keys()].sort();
  return {
    fields: fieldsOf(schema).map((field) => ({
      name: field.name,
      dataType: field.dataType,
      isPrimaryKey: "isPrimaryKey" in field,
      isPartitionKey: "isPartitionKey" in field,
      length: String(("maxLength" in field ? field.maxLength : "dim" in field ? field.dim : undefined) ?? ""),
    })),
    description,
    dynamic,
    consistency,
    shards: schema.shards ?? 1,
    ttl,
    partitions: all,
    indexes: Object.fromEntries([...indexes].sort(([a], [b]) => (a < b ? -1 : 1))),
    loadedPartitions: loaded === "no" ? [] : loaded === "whole" ? all : [...loaded].sort(),
  };
}

/** In the database that the server is looked at from. */
export async function seenOn(milvus: TestMilvus, name: string): Promise<Seen> {
  const { schema, shards_num, consistency_level } = await milvus.describe(name);
  const partitions = await milvus.allPartitions(name);
  const indexes = await milvus.indexes(name);
  return {
    fields: schema.fields.map((field) => ({
      name: field.name,
      dataType: field.data_type,
      isPrimaryKey: field.is_primary_key,
      isPartitionKey: field.is_partition_key ?? false,
      length: `${(field.max_length ?? field.dim ?? "") as string | number}`,
    })),
    description: schema.description,
    dynamic: schema.enable_dynamic_field,
    consistency: consistency_level,
    shards: shards_num,
    ttl: await milvus.property(name, "collection.ttl.seconds"),
    partitions,
    indexes: Object.fromEntries(
      indexes.map(({ name: index, field, type, metric, params }) => [
        index,
        { fieldName: field, indexType: type, metricType: metric, params: params as Record<string, number> },
      ]),
    ),
    loadedPartitions: await milvus.loadedPartitions(name),
  };
}
