/** What tests do to a server and see of it, straight through the Milvus SDK. */
import { DataType, type FieldType, type RowData } from "@zilliz/milvus2-sdk-node";

import { clientOf } from "../../support/clients";
import { databaseOf, type TestServer } from "../../support/servers";

export const DIM = 8;
const STRONG = 0;

interface Status {
  readonly error_code?: string | number;
  readonly code?: number;
  readonly reason?: string;
}

/** The SDK gives failures back as ordinary replies; a test must not go on with one. */
export function good<Reply extends { status?: Status } | Status>(reply: Reply): Reply {
  const status = "status" in reply && reply.status ? reply.status : (reply as Status);
  if (status.error_code !== "Success" || (status.code ?? 0) !== 0) throw new Error(status.reason);
  return reply;
}

export interface IndexSeen {
  readonly name: string;
  readonly field: string;
  readonly type: string | undefined;
  readonly metric: string | undefined;
  readonly params: Record<string, unknown>;
}

export interface SearchOptions {
  readonly partitions?: string[];
  readonly field?: string;
  readonly filter?: string;
}

/** What the programs of these tests declare as {@link FIELDS}. */
const DEFAULT_FIELDS: FieldType[] = [
  { name: "id", data_type: DataType.Int64, is_primary_key: true },
  { name: "year", data_type: DataType.Int64 },
  { name: "embedding", data_type: DataType.FloatVector, dim: DIM },
];

/** The same number always gets the same vector, and no other number one that is close to it. */
export function vectorOf(id: number, dim = DIM): number[] {
  return Array.from({ length: dim }, (_, index) => Math.sin((id + 1) * (index + 1) * 1.37));
}

export function rows(count: number, firstId = 0): RowData[] {
  return Array.from({ length: count }, (_, index) => ({
    id: firstId + index,
    year: 2020 + (index % 5),
    embedding: vectorOf(firstId + index),
  }));
}

export class TestMilvus {
  constructor(
    readonly server: TestServer,
    readonly client = clientOf(server, { channelOptions: { "grpc.keepalive_time_ms": 300_000 } }),
    private readonly database = databaseOf(server),
  ) {}

  /** The same server, seen from within another database. */
  within(database: string): TestMilvus {
    return new TestMilvus(this.server, this.client, database);
  }

  private named(collection_name: string): { db_name: string; collection_name: string } {
    return { db_name: this.database, collection_name };
  }

  async createCollection(
    name: string,
    options: { fields?: FieldType[]; description?: string; dynamic?: boolean } = {},
  ): Promise<void> {
    good(
      await this.client.createCollection({
        ...this.named(name),
        description: options.description ?? "",
        fields: options.fields ?? DEFAULT_FIELDS,
        enable_dynamic_field: options.dynamic ?? false,
      }),
    );
  }

  async dropCollection(name: string): Promise<void> {
    good(await this.client.dropCollection(this.named(name)));
  }

  async exists(name: string): Promise<boolean> {
    const { status } = await this.client.describeCollection(this.named(name));
    return status.error_code === "Success" && (status.code ?? 0) === 0;
  }

  async describe(name: string) {
    return good(await this.client.describeCollection(this.named(name)));
  }

  async collectionId(name: string): Promise<string> {
    return (await this.describe(name)).collectionID;
  }

  async property(name: string, key: string): Promise<string | undefined> {
    const { properties } = await this.describe(name);
    return (properties as { key: string; value: unknown }[])
      .filter((one) => one.key === key)
      .map(({ value }) => String(value))[0];
  }

  async setProperties(name: string, properties: Record<string, string>): Promise<void> {
    good(await this.client.alterCollectionProperties({ ...this.named(name), properties }));
  }

  async createPartition(name: string, partition: string): Promise<void> {
    good(await this.client.createPartition({ ...this.named(name), partition_name: partition }));
  }

  async dropPartition(name: string, partition: string): Promise<void> {
    good(await this.client.dropPartition({ ...this.named(name), partition_name: partition }));
  }

  /** Without Milvus's own `_default`. */
  async partitions(name: string): Promise<string[]> {
    return (await this.partitionList(name)).map((one) => one.name).filter((one) => one !== "_default");
  }

  async allPartitions(name: string): Promise<string[]> {
    return (await this.partitionList(name)).map((one) => one.name);
  }

  async renameCollection(name: string, newName: string): Promise<void> {
    good(
      await this.client.renameCollection({
        ...this.named(name),
        new_collection_name: newName,
        new_db_name: this.database,
      }),
    );
  }

  async partitionId(name: string, partition: string): Promise<string | undefined> {
    return (await this.partitionList(name)).find((one) => one.name === partition)?.id;
  }

  private async partitionList(name: string): Promise<{ name: string; id: string }[]> {
    const { data } = good(await this.client.showPartitions(this.named(name)));
    return [...data].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async createIndex(
    name: string,
    index: { index_name: string; field_name: string; index_type: string } & Partial<{
      metric_type: string;
      params: Record<string, string | number>;
    }>,
  ): Promise<void> {
    good(await this.client.createIndex({ ...this.named(name), ...index }));
  }

  async dropIndex(name: string, index: string, field: string): Promise<void> {
    good(await this.client.dropIndex({ ...this.named(name), index_name: index, field_name: field }));
  }

  async indexes(name: string): Promise<IndexSeen[]> {
    const reply = await this.client.describeIndex(this.named(name));
    // 700: there is none.
    if (reply.status.code === 700) return [];
    return good(reply)
      .index_descriptions.map(({ index_name, field_name, params }) => {
        const values = Object.fromEntries(params.map(({ key, value }) => [key, String(value)]));
        return {
          name: index_name,
          field: field_name,
          type: values["index_type"],
          metric: values["metric_type"],
          params: JSON.parse(values["params"] ?? "{}") as Record<string, unknown>,
        };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async indexNames(name: string): Promise<string[]> {
    return (await this.indexes(name)).map((index) => index.name);
  }

  /** Of what was flushed, exact as long as nothing is deleted. */
  async flushedRows(name: string, partition: string): Promise<number> {
    const named = { ...this.named(name), partition_name: partition };
    return Number(good(await this.client.getPartitionStatistics(named)).data.row_count);
  }

  async insert(name: string, data: RowData[], partition?: string): Promise<void> {
    good(
      await this.client.insert({
        ...this.named(name),
        data,
        ...(partition !== undefined && { partition_name: partition }),
      }),
    );
  }

  async flush(name: string): Promise<void> {
    await this.client.flushSync({ db_name: this.database, collection_names: [name] });
  }

  async load(name: string): Promise<void> {
    good(await this.client.loadCollectionAsync(this.named(name)));
    await this.untilLoaded(name);
  }

  async loadPartitions(name: string, partitions: string[]): Promise<void> {
    good(await this.client.loadPartitions({ ...this.named(name), partition_names: partitions }));
    await this.untilLoaded(name, partitions);
  }

  private async untilLoaded(name: string, partitions?: string[]): Promise<void> {
    for (let attempt = 0; attempt < 900; attempt++) {
      const which = partitions === undefined ? {} : { partition_names: partitions };
      const { state } = await this.client.getLoadState({ ...this.named(name), ...which });
      if (String(state) === "LoadStateLoaded") return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${name} was not loaded within 90 s`);
  }

  async releasePartition(name: string, partition: string): Promise<void> {
    good(await this.client.releasePartitions({ ...this.named(name), partition_names: [partition] }));
  }

  async release(name: string): Promise<void> {
    good(await this.client.releaseCollection(this.named(name)));
  }

  async loadState(name: string): Promise<string> {
    return String((await this.client.getLoadState(this.named(name))).state);
  }

  /** `_default` among them; none when the collection is not loaded. */
  async loadedPartitions(name: string): Promise<string[]> {
    if ((await this.loadState(name)) !== "LoadStateLoaded") return [];
    // type 1: what is in memory.
    const { data } = good(await this.client.showPartitions({ ...this.named(name), type: 1 }));
    return data.map((one) => one.name).sort();
  }

  async replicas(name: string): Promise<number> {
    const collectionID = await this.collectionId(name);
    return good(await this.client.getReplicas({ ...this.named(name), collectionID })).replicas.length;
  }

  /** The id nearest to the vector of a row. */
  async nearest(name: string, id: number, options: SearchOptions = {}): Promise<number | undefined> {
    return (await this.search(name, id, options))[0];
  }

  async search(name: string, id: number, options: SearchOptions = {}): Promise<number[]> {
    const { partitions, field = "embedding", filter } = options;
    const { results } = good(
      await this.client.search({
        ...this.named(name),
        data: [vectorOf(id)],
        anns_field: field,
        limit: 3,
        consistency_level: STRONG,
        ...(partitions !== undefined && { partition_names: partitions }),
        ...(filter !== undefined && { filter }),
      }),
    );
    return results.map((hit) => Number(hit.id));
  }

  async count(name: string, partition?: string): Promise<number> {
    const { data } = good(
      await this.client.query({
        ...this.named(name),
        expr: "",
        output_fields: ["count(*)"],
        consistency_level: STRONG,
        ...(partition !== undefined && { partition_names: [partition] }),
      }),
    );
    return Number(data[0]?.["count(*)"]);
  }

  async createAlias(alias: string, name: string): Promise<void> {
    good(await this.client.createAlias({ alias, ...this.named(name) }));
  }

  async alterAlias(alias: string, name: string): Promise<void> {
    good(await this.client.alterAlias({ alias, ...this.named(name) }));
  }

  /** The collection that it points at; nothing when there is no such alias, or it points nowhere. */
  async aliasTarget(alias: string): Promise<string | undefined> {
    // The SDK insists on the name of a collection, and the server takes no notice of it.
    const { status, collection } = await this.client.describeAlias({ alias, ...this.named(alias) });
    return status.error_code === "Success" ? collection : undefined;
  }

  async databases(): Promise<string[]> {
    return good(await this.client.listDatabases()).db_names;
  }

  /** The databases whose names end so. */
  async databasesOf(suffix: string): Promise<string[]> {
    return (await this.databases()).filter((name) => name.endsWith(suffix));
  }

  async createDatabase(databaseName: string): Promise<void> {
    good(await this.client.createDatabase({ db_name: databaseName }));
  }

  async dropDatabase(databaseName: string): Promise<void> {
    good(await this.client.dropDatabase({ db_name: databaseName }));
  }

  async collectionsIn(databaseName: string): Promise<string[]> {
    return good(await this.client.showCollections({ db_name: databaseName })).data.map(({ name }) => name);
  }

  async dropAlias(alias: string): Promise<void> {
    // The SDK passes on a database that its type does not know.
    const request = { alias, db_name: this.database };
    good(await this.client.dropAlias(request));
  }

  /** The collections whose names end so. */
  async allOf(suffix: string): Promise<string[]> {
    return (await this.collectionsIn(this.database)).filter((name) => name.endsWith(suffix));
  }

  /** Everything whose name ends so, aliases included. */
  async dropAllOf(suffix: string): Promise<void> {
    for (const name of await this.allOf(suffix)) {
      const { aliases } = await this.describe(name);
      for (const alias of aliases ?? []) await this.client.dropAlias({ alias });
      await this.dropCollection(name);
    }
    for (const db_name of await this.databasesOf(suffix)) {
      for (const collection_name of await this.collectionsIn(db_name))
        await this.client.dropCollection({ db_name, collection_name });
      await this.dropDatabase(db_name);
    }
    for (const roleName of await this.rolesOf(suffix)) await this.client.dropRole({ roleName });
  }

  /** None where there is no authorization. */
  private async rolesOf(suffix: string): Promise<string[]> {
    const { results } = await this.client.listRoles();
    return (results ?? []).flatMap(({ role }) => (role.name.includes(suffix) ? [role.name] : []));
  }

  async close(): Promise<void> {
    await this.client.closeConnection();
  }
}
