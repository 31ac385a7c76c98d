/**
 * A collection that is searched through the alias "documents" and changed while it is.
 *
 * Change `dim`, or the fields, or the index: the next `pulumi up` makes a new collection beside the one that serves, with
 * its partitions and its index, copies the rows into it, loads it, and points the alias at it in one step. The old one
 * goes last, once the new one holds as many rows; with fewer of them it stays, and the error of that `pulumi up` says how
 * to let it go.
 */
import * as pulumi from "@pulumi/pulumi";
import * as milvus from "pulumi-milvus";
import type { DescribeCollectionResponse, MilvusClient, RowData } from "@zilliz/milvus2-sdk-node";

type Sdk = typeof import("@zilliz/milvus2-sdk-node");
type Field = DescribeCollectionResponse["schema"]["fields"][number];

/** How far a copy has come. */
interface Copy {
  /** The alias that points at the collection to copy from. */
  readonly from: string;
  /** The name of the collection to copy into. */
  readonly into: string;
  readonly copied: number;
  /** The last key that was copied of each partition. */
  readonly after: Readonly<Record<string, Key>>;
}

type Key = string | number;
type Inputs = Pick<Copy, "from" | "into"> & { readonly __provider: unknown };

/** Rows that one call reads, and writes. */
const BATCH = 500;

/** Stands for the model that makes vectors of texts: where `dim` changes, the vectors have to be made anew. */
function embed(text: string, dim: number): number[] {
  const seed = [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7);
  return Array.from({ length: dim }, (_, at) => Math.sin(seed + at));
}

function dimOf(field: Field | undefined): number {
  return Number(field?.type_params.find(({ key }) => key === "dim")?.value ?? 0);
}

/** What a row has in a field that is new. Choose what fits your data. */
function valueOfNew(field: Field): unknown {
  const type = String(field.data_type);
  if (type === "Bool") return false;
  if (type === "JSON") return {};
  if (type === "Array") return [];
  return type === "VarChar" ? "" : 0;
}

/** A row of the old collection as the new one takes it. */
function asNew(row: RowData, before: readonly Field[], fields: readonly Field[]): RowData {
  const entries = fields
    .filter((field) => !field.autoID)
    .map((field): [string, unknown] => {
      const old = before.find(({ name }) => name === field.name);
      if (String(field.data_type).endsWith("Vector") && dimOf(old) !== dimOf(field))
        return [field.name, embed(row["title"] as string, dimOf(field))];
      const isLeftOut = old === undefined && !field.nullable && !field.default_value;
      return [field.name, isLeftOut ? valueOfNew(field) : row[field.name]];
    });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as RowData;
}

function demandSuccess(status: { error_code?: unknown; reason?: string }, what: string): void {
  if (status.error_code !== "Success") throw new Error(`${what}: ${status.reason}`);
}

/** The same rows, before and after. */
interface Collections {
  readonly source: string;
  readonly into: string;
  readonly old: readonly Field[];
  readonly fields: readonly Field[];
  readonly key: Field;
}

/**
 * Copies in batches, by key: a row that is copied twice is written once. A copy that fails is kept in the state with the
 * last keys, and the next `pulumi up` goes on behind them. Rows that are written to the old collection meanwhile have to be
 * written to both.
 */
class Copying implements pulumi.dynamic.ResourceProvider {
  private config: pulumi.dynamic.Config | undefined;

  configure({ config }: pulumi.dynamic.ConfigureRequest): Promise<void> {
    this.config = config;
    return Promise.resolve();
  }

  async create(inputs: Inputs): Promise<pulumi.dynamic.CreateResult> {
    const { from, into, __provider } = inputs;
    const outs = await this.copy({ from, into, copied: 0, after: {} }, __provider);
    return { id: into, outs };
  }

  /** Another collection is another copy. */
  diff(_id: string, old: Copy, wanted: Copy): Promise<pulumi.dynamic.DiffResult> {
    const isAnother = old.into !== wanted.into;
    return Promise.resolve({ changes: isAnother, replaces: isAnother ? ["into"] : [] });
  }

  /** The engine asks for it while the copy is not finished. */
  async update(_id: string, { copied, after }: Copy, inputs: Inputs): Promise<pulumi.dynamic.UpdateResult> {
    const { from, into, __provider } = inputs;
    return { outs: await this.copy({ from, into, copied, after }, __provider) };
  }

  private async copy(begun: Copy, __provider: unknown): Promise<Copy> {
    let copy = begun;
    const client = await this.connect();
    try {
      const collections = await this.collectionsOf(client, copy);
      if (!collections) return copy;
      const partitions = await client.showPartitions({ collection_name: collections.source });
      demandSuccess(partitions.status, `the partitions of ${collections.source}`);
      for (const partition of partitions.partition_names)
        for await (const more of this.batches(client, collections, partition, copy.after[partition])) {
          copy = {
            ...copy,
            copied: copy.copied + more.rows,
            after: { ...copy.after, [partition]: more.last },
          };
          console.log(`copied ${copy.copied} rows of ${collections.source} into ${copy.into}`);
        }
      return copy;
    } catch (error) {
      const reason = `the copy into ${copy.into} stopped after ${copy.copied} rows: ${String(error)}`;
      // The engine keeps what is there of a resource whose creation fails so.
      throw Object.assign(new Error(reason), {
        id: copy.into,
        properties: { ...copy, __provider },
        reasons: [reason],
      });
    } finally {
      await client.closeConnection();
    }
  }

  /** Nothing at the first `pulumi up`: there is no alias yet, and nothing to copy. */
  private async collectionsOf(client: MilvusClient, { from, into }: Copy): Promise<Collections | undefined> {
    // Milvus 2.3 looks in the default database unless the call itself names another.
    const alias = { alias: from, collection_name: from, db_name: this.setting("database") };
    const { status, collection: source } = await client.describeAlias(alias);
    if (status.code === ALIAS_NOT_FOUND || source === into) return undefined;
    demandSuccess(status, `the alias ${from}`);
    const describe = async (collection_name: string): Promise<readonly Field[]> => {
      const { status, schema } = await client.describeCollection({ collection_name });
      demandSuccess(status, `collection ${collection_name}`);
      return schema.fields;
    };
    const [old, fields] = await Promise.all([describe(source), describe(into)]);
    const key = old.find((field) => field.is_primary_key);
    if (!key) throw new Error(`collection ${source} has no primary key`);
    return { source, into, old, fields, key };
  }

  /** Copies the rows of a partition whose keys come after the last one, until there are none. */
  private async *batches(
    client: MilvusClient,
    { source, into, old, fields, key }: Collections,
    partition: string,
    after: Key | undefined,
  ): AsyncGenerator<{ rows: number; last: Key }> {
    let last = after;
    const keyOf = (row: RowData | undefined): Key => row?.[key.name] as Key;
    for (;;) {
      const query = {
        collection_name: source,
        partition_names: [partition],
        expr: last === undefined ? "" : behind(key, last),
        consistency_level: STRONG,
      };
      const left = await client.query({ ...query, output_fields: ["count(*)"] });
      demandSuccess(left.status, `the rows of ${source}`);
      if (Number(left.data[0]?.["count(*)"] ?? 0) === 0) return;
      const page = { ...query, output_fields: ["*"], batchSize: BATCH };
      const batches = (await client.queryIterator(page)) as AsyncIterable<RowData[]>;
      for await (const rows of batches) {
        const data = rows.map((row) => asNew(row, old, fields));
        const written = await client.upsert({ collection_name: into, partition_name: partition, data });
        demandSuccess(written.status, `the rows into ${into}`);
        last = keyOf(rows[rows.length - 1]);
        yield { rows: rows.length, last };
      }
    }
  }

  /** With the settings of the Milvus provider. */
  private async connect(): Promise<MilvusClient> {
    // A dynamic resource's code is kept in the state and loads what it needs where it runs.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { MilvusClient: Client } = require("@zilliz/milvus2-sdk-node") as Sdk;
    const client = new Client({
      address: this.setting("address") ?? "127.0.0.1:19530",
      username: this.setting("username"),
      password: this.setting("password"),
      token: this.setting("token"),
      database: this.setting("database"),
    });
    await client.connectPromise;
    return client;
  }

  private setting(name: string): string | undefined {
    return this.config?.get(`milvus:${name}`) ?? process.env[`MILVUS_${name.toUpperCase()}`];
  }
}

/** Reads see all that was written before them. */
const STRONG = 0;

/** As Milvus says it. */
const ALIAS_NOT_FOUND = 1600;

/** The rows whose keys come later. Milvus gives whole numbers of 64 bits as text. */
function behind({ name, data_type }: Field, key: Key): string {
  return `${name} > ${String(data_type) === "VarChar" ? JSON.stringify(key) : key}`;
}

class CopiedRows extends pulumi.dynamic.Resource {
  declare readonly copied: pulumi.Output<number>;

  constructor(
    name: string,
    args: { from: pulumi.Input<string>; into: pulumi.Input<string> },
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(new Copying(), name, { copied: undefined, after: undefined, ...args }, opts);
  }
}

const documents = new milvus.CollectionBehindAlias("documents", {
  description: "What the assistant may quote",
  fields: [
    { name: "id", dataType: "Int64", isPrimaryKey: true },
    { name: "title", dataType: "VarChar", maxLength: 512 },
    { name: "embedding", dataType: "FloatVector", dim: 8 },
  ],
  partitionNames: ["y2023", "y2024", "y2025"],
  indexes: {
    by_meaning: {
      fieldName: "embedding",
      indexType: "HNSW",
      metricType: "COSINE",
      params: { M: 16, efConstruction: 200 },
    },
  },
  load: { replicaNumber: 1 },
  // A new collection is empty: this is made for each, and the alias waits for it.
  filledBy: (collection, { aliasName, dependsOn }) =>
    new CopiedRows("copy", { from: aliasName, into: collection.collectionName }, { dependsOn }),
});

export const searchThrough = documents.aliasName;
export const servedBy = documents.collectionName;
