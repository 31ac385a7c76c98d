/** Databases. Milvus: internal/rootcoord/meta_table.go and internal/proxy/task_database.go. */
import type { Calls, InDatabase } from "./calls";
import { type KeyValue, merged, without } from "./key-values";
import { checkDatabaseName } from "./names";
import { CODES, invalid, refusal, unexpected } from "./status";
import { type Database, DEFAULT_DATABASE, milliseconds, type World } from "./world";

export function databaseNotFound(name: string) {
  return refusal(CODES.databaseNotFound, `database not found[database=${name}]`);
}

/** Throws when there is none of that name. */
export function databaseOf(world: World, { db_name }: InDatabase): Database {
  const database = world.databases.get(db_name);
  if (!database) throw databaseNotFound(db_name);
  return database;
}

interface Create extends InDatabase {
  readonly properties: readonly KeyValue[];
}

interface Alter extends Create {
  readonly delete_keys: readonly string[];
}

export const databaseCalls: Calls = {
  CreateDatabase(world, { db_name, properties }: Create) {
    checkDatabaseName(db_name);
    if (world.databases.has(db_name)) throw unexpected(`database already exist: ${db_name}`);
    world.addDatabase(db_name, properties);
    return undefined;
  },

  /** One that is missing is no error; one that holds collections stays. */
  DropDatabase(world, { db_name }: InDatabase) {
    checkDatabaseName(db_name);
    if (db_name === DEFAULT_DATABASE) throw unexpected("can not drop default database");
    const database = world.databases.get(db_name);
    if (!database) return undefined;
    if (database.collections.size > 0)
      throw unexpected(`database:${db_name} not empty, must drop all collections before drop database`);
    world.databases.delete(db_name);
    return undefined;
  },

  ListDatabases(world) {
    const all = [...world.databases.values()];
    return {
      db_names: all.map(({ name }) => name),
      created_timestamp: all.map(({ created }) => String(BigInt(milliseconds(created)) * 1_000_000n)),
      ...(world.isFrom("2.4.7") && { db_ids: all.map(({ id }) => id) }),
    };
  },

  // 2.4.3 brought both: issue 30040, pull request 32458.
  DescribeDatabase: {
    since: "2.4.3",
    answer(world, request: InDatabase) {
      const { name, id, created, properties } = databaseOf(world, request);
      return { db_name: name, dbID: id, created_timestamp: created, properties };
    },
  },

  AlterDatabase: {
    since: "2.4.3",
    answer(world, request: Alter) {
      const { properties, delete_keys } = request;
      // internal/rootcoord/alter_database_task.go, 2.5.
      if (properties.length === 0 && delete_keys.length === 0)
        throw invalid(
          "alter database requires either properties or deletekeys to modify or delete keys, both cannot be empty",
        );
      if (properties.length > 0 && delete_keys.length > 0)
        throw invalid("alter database operation cannot modify properties and delete keys at the same time");
      const database = databaseOf(world, request);
      database.properties = without(merged(database.properties, properties), delete_keys);
      return undefined;
    },
  },
};
