/** Aliases. Milvus: internal/rootcoord/meta_table.go (CreateAlias, AlterAlias, DropAlias, DescribeAlias, ListAliases). */
import type { Calls, InDatabase, OfCollection } from "./calls";
import {
  collectionAtTime,
  collectionById,
  collectionNamed,
  collectionNotFound,
  collectionOf,
} from "./collections";
import { databaseOf } from "./databases";
import { checkCollectionName } from "./names";
import { CODES, inOtherWords, type Refusal, refusal, unexpected } from "./status";
import { type Collection, DEFAULT_DATABASE, type World } from "./world";

interface OfAlias extends InDatabase {
  readonly alias: string;
}

interface Point extends OfAlias, OfCollection {}

function aliasConflict({ db_name, alias }: OfAlias): Refusal {
  return refusal(
    CODES.aliasCollectionConflict,
    `alias and collection name conflict[database=${db_name}][alias=${alias}]`,
  );
}

function aliasNotFound({ db_name, alias }: OfAlias) {
  return refusal(CODES.aliasNotFound, `alias not found[database=${db_name}][alias=${alias}]`);
}

export function aliasesOf(world: World, { databaseName, id }: Collection): string[] {
  const aliases = world.databases.get(databaseName)?.aliases ?? new Map<string, string>();
  return [...aliases].filter(([, target]) => target === id).map(([alias]) => alias);
}

export const aliasCalls: Calls = {
  CreateAlias(world, request: Point) {
    const { alias } = request;
    checkCollectionName(world, alias, "collection alias");
    checkCollectionName(world, request.collection_name);
    const database = databaseOf(world, request);
    const isTaken = database.collections.has(alias);
    if (isTaken && !looksForTheCollectionFirst(world)) throw aliasConflict(request);
    const collection = aliased(world, request);
    if (isTaken) throw aliasConflict(request);
    const target = database.aliases.get(alias);
    if (target !== undefined && target !== collection.id) throw aliasTaken(world, request, target);
    database.aliases.set(alias, collection.id);
    return undefined;
  },

  AlterAlias(world, request: Point) {
    checkCollectionName(world, request.alias, "collection alias");
    checkCollectionName(world, request.collection_name);
    const database = databaseOf(world, request);
    if (database.collections.has(request.alias)) throw aliasConflict(request);
    const collection = namedCollection(world, request);
    if (!database.aliases.has(request.alias)) throw aliasNotFound(request);
    database.aliases.set(request.alias, collection.id);
    return undefined;
  },

  /** One that is missing is no error. */
  DropAlias(world, request: OfAlias) {
    // From 2.5.27 at the latest: a name that cannot be is that of no alias.
    if (!world.isFrom("2.5")) checkCollectionName(world, request.alias, "collection alias");
    const database = world.databases.get(request.db_name);
    if (!database && !world.isFrom("2.4")) throw unexpected(`database:${request.db_name} not found`);
    databaseOf(world, request).aliases.delete(request.alias);
    return undefined;
  },

  DescribeAlias(world, request: OfAlias) {
    if (request.alias === "" || world.isFrom("2.5"))
      checkCollectionName(world, request.alias, "collection alias");
    const target = databaseOf(world, request).aliases.get(request.alias);
    const collection = target === undefined ? undefined : collectionById(world, target);
    if (!collection) throw aliasNotFound(request);
    const { db_name, alias } = request;
    return { db_name: told(world, db_name), alias, collection: collection.name };
  },

  ListAliases(world, request: OfCollection) {
    if (request.collection_name === "") {
      const all = databaseOf(world, request).aliases;
      return { aliases: [...all.keys()] };
    }
    databaseOf(world, request);
    const { db_name, collection_name } = request;
    return {
      db_name: told(world, db_name),
      ...(world.isFrom("2.5") && { collection_name }),
      aliases: aliasesOf(world, namedCollection(world, request)),
    };
  },
};

/** The default database is named from 2.5.27 on at the latest. */
function told(world: World, databaseName: string): string {
  return databaseName === DEFAULT_DATABASE && !world.isFrom("2.5") ? "" : databaseName;
}

/** Measured on 2.5.27; 2.6.19 looks for the name of the alias first, as 2.3.5 does. */
function looksForTheCollectionFirst(world: World): boolean {
  return world.isFrom("2.5") && !world.isFrom("2.6");
}

/** What an alias is to stand for: by an alias of it as well from 2.6.19 on at the latest. */
function aliased(world: World, request: Point): Collection {
  if (world.isFrom("2.6")) return collectionOf(world, request);
  if (world.isFrom("2.5")) return collectionAtTime(world, request, collectionNamed);
  const collection = databaseOf(world, request).collections.get(request.collection_name);
  if (!collection) throw collectionNotFound(request);
  return collection;
}

/** Some calls of the root coordinator leave the database out of what they say. */
function namedCollection(world: World, request: OfCollection): Collection {
  try {
    return world.isFrom("2.6") ? collectionOf(world, request) : collectionNamed(world, request);
  } catch (error) {
    throw inOtherWords(error as Refusal, `collection not found[collection=${request.collection_name}]`);
  }
}

/** On 2.3 the collection that holds it may be gone: it is named by what the alias still remembers. */
function aliasTaken(world: World, { alias, db_name }: Point, target: string) {
  const holder = collectionById(world, target)?.name ?? world.nameOfDropped(target);
  return refusal(
    CODES.aliasAlreadyExists,
    `${alias} is alias to another collection: ${holder}: alias already exist[database=${db_name}][alias=${alias}]`,
  );
}
