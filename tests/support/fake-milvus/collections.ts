/** Collections. Milvus: internal/rootcoord/meta_table.go, internal/proxy/task.go. */
import { aliasesOf } from "./aliases";
import type { Calls, InDatabase, OfCollection } from "./calls";
import { databaseNotFound, databaseOf } from "./databases";
import { type KeyValue, merged, sameMap, valueOf, without } from "./key-values";
import { isLoaded, loadedPercentage } from "./loading";
import { checkCollectionName } from "./names";
import { newPartition } from "./partitions";
import { readSchema, type Schema } from "./schema";
import { CODES, inOtherWords, invalid, Refusal, refusal, unexpected } from "./status";
import { type Collection, type Database, DEFAULT_DATABASE, milliseconds, type World } from "./world";

export function collectionNotFound({ db_name, collection_name }: OfCollection): Refusal {
  return refusal(
    CODES.collectionNotFound,
    `collection not found[database=${db_name}][collection=${collection_name}]`,
  );
}

export function collectionById(world: World, id: string): Collection | undefined {
  for (const { collections } of world.databases.values())
    for (const collection of collections.values()) if (collection.id === id) return collection;
  return undefined;
}

/** By its name or an alias of it; throws when there is none. */
export function collectionOf(world: World, request: OfCollection): Collection {
  const { collection_name } = request;
  const database = databaseOfCollection(world, request);
  const target = database?.aliases.get(collection_name);
  if (target === undefined) return collectionNamed(world, request);
  const behindAlias = collectionById(world, target);
  // Before 2.5.5 a collection could be dropped from under its alias.
  if (!behindAlias) throw goneById(target);
  return behindAlias;
}

/** Whoever looks for a collection looks for its database first: measured on 2.5.27, 2.6.19 and 3.0.0. */
function databaseOfCollection(world: World, request: InDatabase): Database | undefined {
  return world.isFrom("2.5") ? databaseOf(world, request) : world.databases.get(request.db_name);
}

/** By its own name alone. */
export function collectionNamed(world: World, request: OfCollection): Collection {
  const { collection_name } = request;
  const database = databaseOfCollection(world, request);
  const found = database?.collections.get(collection_name);
  if (found) return found;
  // Milvus still knows a name whose collection it has not cleared away yet, and says which id it stood for.
  const dropped = database && world.idOfDropped(database.id, collection_name);
  throw dropped === undefined ? collectionNotFound(request) : goneById(dropped);
}

function goneById(id: string): Refusal {
  return refusal(CODES.collectionNotFound, `collection not found[collection=${id}]`);
}

export function partitionKeyOf({ fields }: Collection) {
  return fields.find((field) => field.is_partition_key);
}

interface Create extends OfCollection {
  readonly schema: Uint8Array;
  readonly shards_num: number;
  readonly consistency_level: string;
  readonly num_partitions: string;
  readonly properties: readonly KeyValue[];
}

interface Describe extends OfCollection {
  readonly collectionID: string;
}

interface Alter extends OfCollection {
  readonly properties: readonly KeyValue[];
  readonly delete_keys: readonly string[];
}

interface Rename extends InDatabase {
  readonly oldName: string;
  readonly newName: string;
  readonly newDBName: string;
}

interface Show extends InDatabase {
  readonly type: "All" | "InMemory";
  readonly collection_names: readonly string[];
}

export const collectionCalls: Calls = {
  /** Asked for again with nothing changed it is a success. */
  CreateCollection(world, request: Create) {
    const schema = readSchema(world, request);
    const wanted = fromSchema(world, request, schema);
    const database = world.databases.get(request.db_name);
    if (!database)
      throw world.isFrom("2.4")
        ? databaseNotFound(request.db_name)
        : unexpected(`database:${request.db_name} not found`);
    // From 2.5.5 (pull request 40147).
    if (database.aliases.has(wanted.name) && world.isFrom("2.6"))
      throw aliasInTheWay(database.name, wanted.name, "please choose a unique name: ");
    if (database.aliases.has(wanted.name) && world.isFrom("2.5.5"))
      throw unexpected(
        `collection name [${wanted.name}] conflicts with an existing alias, please choose a unique name`,
      );
    const existing = database.collections.get(wanted.name) ?? behindAlias(world, request);
    if (existing) {
      if (existing.name === wanted.name && isSame(existing, wanted)) return undefined;
      throw unexpected(
        `create duplicate collection with different parameters, collection: ${request.collection_name}`,
      );
    }
    database.collections.set(wanted.name, wanted);
    return undefined;
  },

  DropCollection(world, request: OfCollection) {
    // From 2.5.27 at the latest: a name that cannot be is that of no collection.
    if (!world.isFrom("2.5")) checkCollectionName(world, request.collection_name);
    const database = world.databases.get(request.db_name);
    if (database?.aliases.has(request.collection_name))
      throw unexpected(`cannot drop the collection via alias = ${request.collection_name}`);
    const collection = database?.collections.get(request.collection_name);
    if (!database || !collection) return undefined;
    // From 2.5.5 (pull request 40147; internal/rootcoord/drop_collection_task.go): before, the alias stayed and pointed
    // at nothing.
    const [alias] = aliasesOf(world, collection);
    if (alias !== undefined && world.isFrom("2.5.5"))
      throw unexpected(
        `unable to drop the collection [${collection.name}] because it has associated aliases ` +
          `[${aliasesOf(world, collection).join(" ")}], please remove all aliases before dropping the collection`,
      );
    database.collections.delete(collection.name);
    world.rememberDropped(database.id, collection);
    return undefined;
  },

  HasCollection(world, request: OfCollection) {
    try {
      collectionOf(world, request);
      return { value: true };
    } catch {
      return { value: false };
    }
  },

  DescribeCollection(world, request: Describe) {
    return describe(world, request);
  },

  ShowCollections(world, request: Show) {
    const database = databaseOf(world, request);
    const inMemory = request.type === "InMemory";
    const all = [...database.collections.values()];
    const listed = inMemory ? all.filter((one) => isLoaded(one)) : all;
    return {
      collection_names: listed.map(({ name }) => name),
      collection_ids: listed.map(({ id }) => id),
      created_timestamps: listed.map(({ created }) => created),
      created_utc_timestamps: listed.map(({ created }) => milliseconds(created)),
      ...(inMemory && {
        inMemory_percentages: listed.map((one) => String(loadedPercentage(world, one))),
        query_service_available: listed.map(() => true),
      }),
      // 2.5.27 says nothing here yet.
      ...(world.isFrom("2.6") && { shards_num: listed.map(({ shardsNum }) => shardsNum) }),
    };
  },

  AlterCollection(world, request: Alter) {
    const { properties, delete_keys } = request;
    if (!world.isFrom("2.5")) return alterBefore25(world, request);
    if (properties.length === 0 && delete_keys.length === 0 && !world.isFrom("2.6"))
      throw unexpected(
        "The collection properties to alter and keys to delete must not be empty at the same time",
      );
    // internal/rootcoord/alter_collection_task.go, 2.5; ddl_callbacks_alter_collection_properties.go, 3.0.
    if (properties.length === 0 && delete_keys.length === 0)
      throw invalid("no properties or delete keys provided");
    if (properties.length > 0 && delete_keys.length > 0)
      throw invalid("can not provide properties and deletekeys at the same time");
    const collection = collectionOf(world, request);
    refuseTimeToLive(world, properties);
    refuseWhileLoaded(collection, [...properties.map(({ key }) => key), ...delete_keys]);
    refuseIsolation(collection, properties);
    return alter(world, collection, request);
  },

  RenameCollection(world, request: Rename) {
    return rename(world, request);
  },

  // Milvus 2.6.7 and 3.0.
  TruncateCollection: {
    since: "2.6.7",
    answer(world, request: OfCollection) {
      collectionOf(world, request).rows = [];
      return {};
    },
  },
};

function behindAlias(world: World, request: OfCollection): Collection | undefined {
  const target = world.databases.get(request.db_name)?.aliases.get(request.collection_name);
  return target === undefined ? undefined : collectionById(world, target);
}

function fromSchema(world: World, request: Create, schema: Schema): Collection {
  const { shards_num, num_partitions, consistency_level, properties, db_name } = request;
  const hasKey = schema.fields.some((field) => field.is_partition_key);
  // 16 from 2.5 on: pull request 32950.
  const byDefault = world.isFrom("2.5") ? 16 : 64;
  const partitions = Number(num_partitions) > 0 ? Number(num_partitions) : byDefault;
  const names = hasKey ? Array.from({ length: partitions }, (_, at) => `_default_${at}`) : ["_default"];
  return {
    id: world.newId(),
    name: schema.name,
    databaseName: db_name,
    description: schema.description,
    fields: schema.fields,
    structFields: schema.structFields,
    functions: schema.functions,
    enableDynamicField: schema.enableDynamicField,
    consistencyLevel: consistency_level,
    shardsNum: shards_num <= 0 ? 1 : shards_num,
    numPartitions: hasKey ? partitions : 1,
    properties: withItsOwn(world, properties, schema.fields.length),
    partitions: names.map((name) => newPartition(world, name)),
    indexes: [],
    rows: [],
    load: undefined,
    created: world.timestamp(),
  };
}

/**
 * A timezone from 2.6.6 on (internal/rootcoord/create_collection_task.go), and on 3.0.0 two more: each was seen there on
 * every collection.
 */
function withItsOwn(world: World, properties: readonly KeyValue[], fields: number): readonly KeyValue[] {
  const own = [
    ...(world.isFrom("2.6.6") ? [{ key: "timezone", value: "UTC" }] : []),
    ...(world.isFrom("3.0")
      ? [
          { key: "namespace.sharding.enabled", value: "false" },
          { key: "max_field_id", value: String(99 + fields) },
        ]
      : []),
  ];
  return [...properties, ...own.filter(({ key }) => valueOf(properties, key) === undefined)];
}

function isSame(a: Collection, b: Collection): boolean {
  const told = ({
    partitions,
    description,
    shardsNum,
    consistencyLevel,
    enableDynamicField,
    fields,
    functions,
  }: Collection) =>
    JSON.stringify([
      description,
      shardsNum,
      consistencyLevel,
      enableDynamicField,
      fields,
      functions.map(({ name, type }) => [name, type]),
      partitions.map(({ name }) => name),
    ]);
  return told(a) === told(b) && sameMap(a.properties, b.properties);
}

function describe(world: World, request: Describe): object {
  const byId = request.collection_name === "";
  const collection = byId ? collectionById(world, request.collectionID) : undefined;
  if (byId && !collection)
    throw refusal(CODES.collectionNotFound, `collection not found[collection=${request.collectionID}]`);
  if (!byId) checkDescribedName(world, request);
  const found = collection ?? findToDescribe(world, request);
  return {
    schema: {
      name: found.name,
      description: found.description,
      autoID: false,
      fields: found.fields,
      struct_array_fields: found.structFields,
      functions: describedFunctions(found),
      version: found.schemaVersion ?? 0,
      enable_dynamic_field: found.enableDynamicField,
      ...(world.isFrom("2.6") && { dbName: found.databaseName }),
    },
    collectionID: found.id,
    created_timestamp: found.created,
    created_utc_timestamp: milliseconds(found.created),
    shards_num: found.shardsNum,
    aliases: describedAliases(world, found),
    consistency_level: found.consistencyLevel,
    collection_name: byId ? found.name : request.collection_name,
    properties: found.properties,
    db_name: found.databaseName,
    num_partitions: String(found.partitions.length),
    ...(world.isFrom("2.5") && { db_id: world.databases.get(found.databaseName)?.id }),
  };
}

function checkDescribedName(world: World, { collection_name, db_name }: Describe): void {
  try {
    checkCollectionName(world, collection_name);
  } catch (error) {
    throw world.isFrom("2.5") ? (error as Refusal).beside({ collection_name, db_name, schema: null }) : error;
  }
}

/** Their fields by their ids, too, which real servers keep; before 2.5 there are no functions. */
function describedFunctions({ fields, functions }: Collection): readonly object[] {
  const ids = (names: readonly string[]) =>
    names.map((name) => fields.find((field) => field.name === name)?.fieldID ?? "0");
  return functions.map((one) => ({
    ...one,
    input_field_ids: ids(one.input_field_names),
    output_field_ids: ids(one.output_field_names),
  }));
}

/** From 2.6.4 up to 3.0 as they were when it was first described, for seconds and more: internal/proxy/meta_cache.go. */
function describedAliases(world: World, found: Collection): readonly string[] {
  if (!world.isFrom("2.6.4") || world.isFrom("3.0")) return aliasesOf(world, found);
  found.cachedAliases ??= aliasesOf(world, found);
  return found.cachedAliases;
}

/**
 * Of a collection that is missing: 2.3 and 2.4 wrap the reason and give the error_code of what they do not know; 2.5.24 to
 * 2.6 give the old code alone, in their own words (internal/proxy/service_provider.go; measured on 2.5.27 and 2.6.19);
 * 3.0.0 gives both.
 */
function findToDescribe(world: World, request: Describe): Collection {
  const { db_name, collection_name } = request;
  const beside = { collection_name, db_name, schema: world.isFrom("2.5.24") ? null : {} };
  if (world.isFrom("2.5.24") && !world.databases.has(db_name)) throw databaseNotFound(db_name).beside(beside);
  try {
    return collectionOf(world, request);
  } catch (error) {
    const refused = error as Refusal;
    if (!world.isFrom("2.5.24"))
      throw refused
        .because(`can't find collection ${refused.status.reason}`)
        .as("UnexpectedError")
        .beside(beside);
    const reason = `can't find collection[database=${db_name}][collection=${collection_name}]`;
    throw (
      world.isFrom("3.0")
        ? inOtherWords(refused, reason)
        : new Refusal({ error_code: "CollectionNotExists", code: 0, reason, detail: "" })
    ).beside(beside);
  }
}

function alterBefore25(world: World, request: Alter): undefined {
  if (request.properties.length === 0)
    throw unexpected("only support alter collection properties, but collection properties is empty");
  const collection = collectionAtTime(world, request);
  collection.properties = merged(collection.properties, request.properties);
  return undefined;
}

/** The root coordinator tells of the time and of the database by its id: measured on 2.3.5 and 2.5.27, gone on 2.6.19. */
export function collectionAtTime(
  world: World,
  request: OfCollection,
  find: (world: World, request: OfCollection) => Collection = collectionOf,
): Collection {
  try {
    return find(world, request);
  } catch (error) {
    const { status } = error as Refusal;
    const database = world.databases.get(request.db_name);
    if (world.isFrom("2.6") || status.code !== CODES.collectionNotFound) throw error;
    if (!database) throw unexpected(`database:${request.db_name} not found`);
    const { db_name, collection_name } = request;
    if (world.idOfDropped(database.id, collection_name) !== undefined)
      throw inOtherWords(error as Refusal, `${collection_name}: collection not found[collection=${db_name}]`);
    throw inOtherWords(
      error as Refusal,
      `timestamp = ${world.timestamp()}: ${status.reason.replace(`database=${database.name}`, `database=${database.id}`)}`,
    );
  }
}

/** Measured: 2.5.27 keeps whatever it is told, 2.6.19 and 3.0.0 do not. */
function refuseTimeToLive(world: World, properties: readonly KeyValue[]): void {
  const text = valueOf(properties, "collection.ttl.seconds");
  if (world.isFrom("2.6") && text !== undefined && !/^-?\d+$/.test(text))
    throw invalid("collection TTL is not a valid positive integer");
}

const WHILE_RELEASED = /^(mmap\.enabled|warmup\.|lazyload\.enabled)/;

/** Code 104: internal/proxy/task.go, alterCollectionTask, from 2.4. */
function refuseWhileLoaded(collection: Collection, keys: readonly string[]): void {
  if (isLoaded(collection) && keys.some((key) => WHILE_RELEASED.test(key)))
    throw refusal(
      CODES.collectionLoaded,
      `can not alter mmap properties if collection loaded: collection already loaded[collection=${collection.name}]`,
    );
}

/** Code 702: internal/proxy/task.go, alterCollectionTask, from 2.4.6. */
function refuseIsolation(collection: Collection, properties: readonly KeyValue[]): void {
  const isolation = valueOf(properties, "partitionkey.isolation");
  if (isolation === undefined) return;
  if (!partitionKeyOf(collection) && isolation === "true")
    throw invalid(
      "partition key isolation mode is enabled but no partition key field is set. Please set the partition key first",
    );
  if (isolation !== "true" && isolation !== "false")
    throw invalid(`failed to parse partition key isolation value: ${isolation}`);
  if (isolation === (valueOf(collection.properties, "partitionkey.isolation") ?? "false")) return;
  if (collection.indexes.length > 0)
    throw refusal(
      CODES.indexDuplicate,
      "can not alter partition key isolation mode if the collection already has a vector index. Please drop the " +
        `index first: index duplicates[indexName=${collection.indexes[0]?.fieldName}]`,
    );
}

/**
 * Keys that say something about the collection itself (pkg/common/common.go), and the Milvus that first takes them so;
 * older ones keep them as properties that mean nothing: pull requests 41547 (2.5.12), 39902 (2.5.5) and 44151.
 */
const SPECIAL: Readonly<Record<string, string>> = {
  "collection.description": "2.5.12",
  consistency_level: "2.5.5",
  "dynamicfield.enabled": "2.6.6",
};

function isSpecial(world: World, key: string): boolean {
  const since = SPECIAL[key];
  return since !== undefined && world.isFrom(since);
}

function alter(world: World, collection: Collection, { properties, delete_keys }: Alter): undefined {
  const special = properties.filter(({ key }) => isSpecial(world, key));
  // 2.5.27 keeps the consistency level as a property as well.
  const kept = properties.filter(
    ({ key }) => !isSpecial(world, key) || (key === "consistency_level" && !world.isFrom("2.6")),
  );
  const dynamic = valueOf(special, "dynamicfield.enabled");
  if (dynamic !== undefined) alterDynamicField(world, collection, properties, dynamic);
  collection.description = valueOf(special, "collection.description") ?? collection.description;
  const level = valueOf(special, "consistency_level");
  if (level !== undefined)
    collection.consistencyLevel = consistencyLevelOf(level) ?? collection.consistencyLevel;
  collection.properties = without(merged(collection.properties, kept), delete_keys);
  return undefined;
}

const LEVELS = ["Strong", "Session", "Bounded", "Eventually", "Customized"];

/** By its name or its number: internal/rootcoord/util.go, unmarshalConsistencyLevel. */
function consistencyLevelOf(text: string): string | undefined {
  return LEVELS.find((level, at) => level === text || String(at) === text);
}

/** In place from 2.6.6 (ddl_callbacks_alter_collection_properties.go); off again from 3.0. */
function alterDynamicField(
  world: World,
  collection: Collection,
  properties: readonly KeyValue[],
  wanted: string,
): void {
  if (properties.length > 1)
    throw invalid("cannot alter dynamic schema with other properties at the same time");
  if (wanted !== "true" && wanted !== "false")
    throw invalid(`invalid dynamic schema property value: ${wanted}`);
  if (wanted === "false" && collection.enableDynamicField && !world.isFrom("3.0"))
    throw invalid("dynamic schema cannot supported to be disabled");
  collection.enableDynamicField = wanted === "true";
  countChange(world, collection);
}

/** Changes of the schema are counted on 3.0.0, not yet on 2.6.19. */
export function countChange(world: World, collection: Collection): void {
  if (world.isFrom("3.0")) collection.schemaVersion = (collection.schemaVersion ?? 0) + 1;
}

function rename(world: World, { db_name, oldName, newName, newDBName }: Rename): undefined {
  checkCollectionName(world, newName);
  const toName = newDBName === "" ? DEFAULT_DATABASE : newDBName;
  const from = world.databases.get(db_name);
  const to = world.databases.get(toName);
  if (world.isFrom("2.6")) {
    if (db_name === toName && oldName === newName)
      throw invalid("collection name or database name should be different");
    if (!from)
      throw inOtherWords(
        databaseNotFound(db_name),
        `failed to get original database: ${databaseNotFound(db_name).status.reason}`,
      );
    if (!to)
      throw inOtherWords(
        databaseNotFound(toName),
        `target database ${toName} not found: ${databaseNotFound(toName).status.reason}`,
      );
    if (to.aliases.has(newName)) throw aliasInTheWay(toName, newName);
  }
  if (!to) throw missingDatabase(world, toName, "target ");
  if (!from && (to.collections.has(newName) || to.aliases.has(newName))) throw nameTaken(toName, newName);
  if (!from) throw missingDatabase(world, db_name);
  if (from.aliases.has(oldName))
    throw unexpected(`unsupported use an alias to rename collection, alias:${oldName}`);
  if (to.aliases.has(newName) && world.isFrom("2.5"))
    throw unexpected(`cannot rename collection to an existing alias: ${newName}`);
  if (to.collections.has(newName) || to.aliases.has(newName)) throw nameTaken(toName, newName);
  const collection = collectionAtTime(world, { db_name, collection_name: oldName });
  const isMoving = from !== to;
  if (isMoving && aliasesOf(world, collection).length > 0)
    throw unexpected("fail to rename db name, must drop all aliases of this collection before rename");
  from.collections.delete(oldName);
  collection.name = newName;
  collection.databaseName = toName;
  to.collections.set(newName, collection);
  return undefined;
}

function missingDatabase(world: World, name: string, which = ""): Refusal {
  return world.isFrom("2.4") && which === ""
    ? databaseNotFound(name)
    : unexpected(`${which}database:${name} not found`);
}

function aliasInTheWay(databaseName: string, alias: string, where = ""): Refusal {
  return refusal(
    CODES.aliasCollectionConflict,
    `${where}alias and collection name conflict[database=${databaseName}][alias=${alias}]`,
  );
}

function nameTaken(databaseName: string, name: string): Refusal {
  return unexpected(
    `duplicated new collection name ${databaseName}:${name} with other collection name or alias`,
  );
}
