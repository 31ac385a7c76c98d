/** Aliases. Milvus: internal/rootcoord/meta_table.go (CreateAlias, AlterAlias, DropAlias, DescribeAlias, ListAliases). */
import type { Calls, InDatabase, OfCollection } from "./calls";
import { collectionById, collectionOf } from "./collections";
import { databaseOf } from "./databases";
import { checkCollectionName } from "./names";
import { CODES, refusal } from "./status";
import type { Collection, World } from "./world";

interface OfAlias extends InDatabase {
  readonly alias: string;
}

interface Point extends OfAlias, OfCollection {}

function aliasNotFound({ db_name, alias }: OfAlias) {
  return refusal(CODES.aliasNotFound, `alias not found[database=${db_name}][alias=${alias}]`);
}

export function aliasesOf(world: World, { databaseName, id }: Collection): string[] {
  const aliases = world.databases.get(databaseName)?.aliases ?? new Map<string, string>();
  return [...aliases].filter(([, target]) => target === id).map(([alias]) => alias);
}

export const aliasCalls: Calls = {
  CreateAlias(world, request: Point) {
    const { alias, db_name } = request;
    checkCollectionName(alias, "collection alias");
    checkCollectionName(request.collection_name);
    const database = databaseOf(world, request);
    if (database.collections.has(alias))
      throw refusal(
        CODES.aliasCollectionConflict,
        `alias and collection name conflict[database=${db_name}][alias=${alias}]`,
      );
    const collection = collectionOf(world, request);
    const target = database.aliases.get(alias);
    if (target !== undefined && target !== collection.id) throw aliasTaken(world, request, target);
    database.aliases.set(alias, collection.id);
    return undefined;
  },

  AlterAlias(world, request: Point) {
    checkCollectionName(request.alias, "collection alias");
    checkCollectionName(request.collection_name);
    const database = databaseOf(world, request);
    const collection = collectionOf(world, request);
    if (!database.aliases.has(request.alias)) throw aliasNotFound(request);
    database.aliases.set(request.alias, collection.id);
    return undefined;
  },

  /** One that is missing is no error. */
  DropAlias(world, request: OfAlias) {
    checkCollectionName(request.alias, "collection alias");
    databaseOf(world, request).aliases.delete(request.alias);
    return undefined;
  },

  DescribeAlias(world, request: OfAlias) {
    checkCollectionName(request.alias, "collection alias");
    const target = databaseOf(world, request).aliases.get(request.alias);
    const collection = target === undefined ? undefined : collectionById(world, target);
    if (!collection) throw aliasNotFound(request);
    return { alias: request.alias, collection: collection.name };
  },

  ListAliases(world, request: OfCollection) {
    const { db_name, collection_name } = request;
    if (collection_name === "") {
      const all = databaseOf(world, request).aliases;
      return { aliases: [...all.keys()] };
    }
    return {
      db_name,
      collection_name,
      aliases: aliasesOf(world, collectionOf(world, request)),
    };
  },
};

/** On 2.3 the collection that holds it may be gone: it is named by what the alias still remembers. */
function aliasTaken(world: World, { alias, db_name }: Point, target: string) {
  const holder = collectionById(world, target)?.name ?? world.nameOfDropped(target);
  return refusal(
    CODES.aliasAlreadyExists,
    `${alias} is alias to another collection: ${holder}: alias already exist[database=${db_name}][alias=${alias}]`,
  );
}
