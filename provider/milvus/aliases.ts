import type { Caller } from "./caller";
import type { CollectionDescription } from "./collections";
import { emptyAnswer, MilvusError, orNothing } from "./errors";
import { type AliasRef, anAlias, type CollectionRef, wire } from "./names";

export class Aliases {
  constructor(private readonly caller: Caller) {}

  /**
   * The name of the collection that it points at; nothing when there is no such alias. One that was left behind by a
   * collection that was dropped is none to Milvus 2.3, until it is to be created.
   */
  async target(ref: AliasRef): Promise<string | undefined> {
    const operation = "DescribeAlias";
    const reply = await orNothing(
      this.caller.call({
        operation,
        object: anAlias(ref),
        // The SDK insists on the name of a collection, and the server takes no notice of it.
        run: (client, timeout) => client.describeAlias({ ...aliasIn(ref, ref.aliasName), timeout }),
      }),
    );
    if (reply && !reply.collection) throw emptyAnswer(operation, anAlias(ref), this.caller.address);
    return reply?.collection;
  }

  /** Those that point at a collection: as it was described, where that is to be trusted. */
  async of(found: CollectionDescription): Promise<readonly string[]> {
    return found.aliases ?? (await this.list(found));
  }

  private async list(ref: CollectionRef): Promise<readonly string[]> {
    const reply = await this.caller.call({
      operation: "ListAliases",
      object: `the aliases of collection ${ref.databaseName}/${ref.collectionName}`,
      run: (client, timeout) => client.listAliases({ ...wire(ref), timeout }),
    });
    return reply.aliases;
  }

  async create(ref: AliasRef, collectionName: string): Promise<void> {
    await this.caller.call({
      operation: "CreateAlias",
      object: anAlias(ref),
      run: (client, timeout) => client.createAlias({ ...aliasIn(ref, collectionName), timeout }),
      settled: async () => (await this.target(ref)) === collectionName,
    });
  }

  /** Points it at another collection in one step: whoever searches through it finds the one or the other. */
  async alter(ref: AliasRef, collectionName: string): Promise<void> {
    await this.caller.call({
      operation: "AlterAlias",
      object: anAlias(ref),
      run: (client, timeout) => client.alterAlias({ ...aliasIn(ref, collectionName), timeout }),
      settled: async () => (await this.target(ref)) === collectionName,
    });
  }

  /** An alias that is not there is no error; one that points nowhere goes. */
  async drop(ref: AliasRef): Promise<void> {
    await orNothing(
      this.caller.call({
        operation: "DropAlias",
        object: anAlias(ref),
        run: (client, timeout) => client.dropAlias(dropOf(ref, timeout)),
        settled: async () => (await this.target(ref)) === undefined,
      }),
    );
  }
}

const aliasIn = ({ databaseName, aliasName }: AliasRef, collectionName: string) => ({
  db_name: databaseName,
  alias: aliasName,
  collection_name: collectionName,
});

/** The SDK's type leaves the database out, and the SDK hands it on. */
const dropOf = ({ databaseName, aliasName }: AliasRef, timeout: number) => ({
  db_name: databaseName,
  alias: aliasName,
  timeout,
});

/** Code 1602 of Milvus; Milvus Lite has words only. */
export function isAliasTaken(error: unknown): boolean {
  return (
    error instanceof MilvusError &&
    (error.failure.code === 1602 || /^alias '.*' already exists$/.test(error.failure.reason))
  );
}
