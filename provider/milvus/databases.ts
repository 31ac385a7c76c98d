import type { Caller } from "./caller";
import { emptyAnswer, orNothing } from "./errors";
import { keyValues } from "./fields";
import { aDatabase } from "./names";
import { knows } from "./versions";

export interface DatabaseDescription {
  /** Missing where the server does not report them. */
  readonly properties?: Record<string, string>;
}

export class Databases {
  constructor(private readonly caller: Caller) {}

  async list(): Promise<string[]> {
    const reply = await this.caller.call({
      operation: "ListDatabases",
      object: "the server",
      run: (client, timeout) => client.listDatabases({ timeout }),
    });
    return reply.db_names;
  }

  /**
   * A list leaves out what the user may not see (from Milvus 2.4), so it is asked only where there is no description
   * of a database, and on Milvus Lite, which knows no users and has no code of its own for one that is missing.
   */
  async find(databaseName: string): Promise<DatabaseDescription | undefined> {
    const server = await this.caller.version();
    const describes = knows(server, "databaseProperties");
    if (!describes || server.product === "Milvus Lite") {
      const listed = await this.list();
      // Every server has one at least.
      if (listed.length === 0) throw emptyAnswer("ListDatabases", "the server", this.caller.address);
      if (!listed.includes(databaseName)) return undefined;
      if (!describes) return {};
    }
    const operation = "DescribeDatabase";
    const reply = await orNothing(
      this.caller.call({
        operation,
        object: aDatabase(databaseName),
        run: (client, timeout) => client.describeDatabase({ db_name: databaseName, timeout }),
      }),
    );
    if (reply && !reply.db_name) throw emptyAnswer(operation, aDatabase(databaseName), this.caller.address);
    return reply && { properties: keyValues(reply.properties) };
  }

  async create(databaseName: string, properties: Record<string, string>): Promise<void> {
    await this.caller.call({
      operation: "CreateDatabase",
      object: aDatabase(databaseName),
      run: (client, timeout) => client.createDatabase({ db_name: databaseName, properties, timeout }),
      settled: async () => (await this.find(databaseName)) !== undefined,
    });
  }

  /** Sets the given properties; others stay. */
  async setProperties(databaseName: string, properties: Record<string, string>): Promise<void> {
    await this.caller.call({
      operation: "AlterDatabase",
      object: aDatabase(databaseName),
      run: (client, timeout) => client.alterDatabase({ db_name: databaseName, properties, timeout }),
    });
  }

  async dropProperties(databaseName: string, keys: readonly string[]): Promise<void> {
    await this.caller.call({
      operation: "AlterDatabase",
      object: aDatabase(databaseName),
      run: (client, timeout) =>
        client.dropDatabaseProperties({ db_name: databaseName, properties: [...keys], timeout }),
    });
  }

  /** A database that is not there is no error. */
  async drop(databaseName: string): Promise<void> {
    await orNothing(
      this.caller.call({
        operation: "DropDatabase",
        object: aDatabase(databaseName),
        run: (client, timeout) => client.dropDatabase({ db_name: databaseName, timeout }),
        settled: async () => (await this.find(databaseName)) === undefined,
      }),
    );
  }
}
