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
  readonly after: Readonly<Record<string, string | number>>;
}

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
        return [field.name, embed(String(row["title"] ?? ""), dimOf(field))];
      const isLeftOut = old === undefined && !field.nullable && !field.default_value;
      return [field.name, isLeftOut ? valueOfNew(field) : row[field.name]];
    });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as RowData;
}

function demandSuccess(status: { error_code?: unknown; reason?: string }, what: string): void {
  if (status.error_code !== "Success") throw new Error(`${what}: ${status.reason}`);
}

/**
 * Copies in batches, by key: a row that is copied twice is written once. A copy that fails is kept in the state with the
 * last keys, and the next `pulumi up` goes on behind them. Rows that are written to the old collection meanwhile have to be
 * written to both.
 */
class Copying implements pulumi.dynamic.ResourceProvider {
  private config: pulumi.dynamic.Config | undefined;

  async configure({ config }: pulumi.dynamic.ConfigureRequest): Promise<void> {
    this.config = config;
  }

  async create(inputs: Copy & { __provider: unknown }): Promise<pulumi.dynamic.CreateResult> {
    const outs = await this.copy({ ...inputs, copied: 0, after: {} }, inputs.__provider);
    return { id: outs.into, outs };
  }

  /** Another collection is another copy. */
  async diff(_id: string, old: Copy, wanted: Copy): Promise<pulumi.dynamic.DiffResult> {
    const isAnother = old.into !== wanted.into;
    return { changes: isAnother, replaces: isAnother ? ["into"] : [] };
  }

  /** The engine asks for it while the copy is not finished. */
  async update(
    _id: string,
    old: Copy,
    inputs: Copy & { __provider: unknown },
  ): Promise<pulumi.dynamic.UpdateResult> {
    const { from, into, copied, after } = { ...inputs, copied: old.copied, after: old.after };
    return { outs: await this.copy({ from, into, copied, after }, inputs.__provider) };
  }

  private async copy({ from, into, ...begun }: Copy, handler: unknown): Promise<Copy> {
    let { copied, after } = begun;
    const client = await this.connect();
    try {
      const { collection: source } = await client.describeAlias({ alias: from, collection_name: from });
      // At the first `pulumi up` there is no alias yet.
      if (!source || source === into) return { from, into, copied, after };
      const [before, wanted] = await Promise.all(
        [source, into].map((collection_name) => client.describeCollection({ collection_name })),
      );
      demandSuccess(before!.status, `collection ${source}`);
      demandSuccess(wanted!.status, `collection ${into}`);
      const [old, fields] = [before!.schema.fields, wanted!.schema.fields];
      const key = old.find((field) => field.is_primary_key)!;
      const [from_, into_] = await Promise.all(
        [source, into].map((collection_name) => client.showPartitions({ collection_name })),
      );
      for (const partition of from_!.partition_names) {
        const target = into_!.partition_names.includes(partition) ? partition : "_default";
        const rest = () => (partition in after ? behind(key, after[partition]!) : "");
        for (;;) {
          const query = { collection_name: source, partition_names: [partition], expr: rest() };
          const left = await client.query({
            ...query,
            output_fields: ["count(*)"],
            consistency_level: STRONG,
          });
          demandSuccess(left.status, `rows of ${source}`);
          if (Number(left.data[0]?.["count(*)"] ?? 0) === 0) break;
          const batches = await client.queryIterator({
            ...query,
            output_fields: ["*"],
            consistency_level: STRONG,
            batchSize: BATCH,
          });
          for await (const rows of batches as AsyncIterable<RowData[]>) {
            const data = rows.map((row) => asNew(row, old, fields));
            const written = await client.upsert({ collection_name: into, partition_name: target, data });
            demandSuccess(written.status, `rows into ${into}`);
            copied += rows.length;
            after = { ...after, [partition]: rows[rows.length - 1]![key.name] as string | number };
            console.log(`copied ${copied} rows of ${source} into ${into}`);
          }
        }
      }
      return { from, into, copied, after };
    } catch (error) {
      const properties = { from, into, copied, after, __provider: handler };
      const reason = `the copy into ${into} stopped after ${copied} rows: ${String(error)}`;
      throw Object.assign(new Error(reason), { id: into, properties, reasons: [reason] });
    } finally {
      await client.closeConnection();
    }
  }

  /** With the settings of the Milvus provider. */
  private async connect(): Promise<MilvusClient> {
    // Where it is needed: a program is read at every run, and this class is kept in the state.
    const { MilvusClient: Client } = require("@zilliz/milvus2-sdk-node") as Sdk;
    const setting = (name: string): string | undefined =>
      this.config?.get(`milvus:${name}`) ?? process.env[`MILVUS_${name.toUpperCase()}`];
    const client = new Client({
      address: setting("address") ?? "127.0.0.1:19530",
      username: setting("username"),
      password: setting("password"),
      token: setting("token"),
      database: setting("database"),
    });
    await client.connectPromise;
    return client;
  }
}

/** Reads see all that was written before them. */
const STRONG = 0;

/** The rows whose keys come later. Milvus gives whole numbers of 64 bits as text. */
function behind({ name, data_type }: Field, key: string | number): string {
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
