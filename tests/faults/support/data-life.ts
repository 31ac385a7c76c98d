/** The life of what holds data. `docs` has some that must live; `logs` is replaced, data and all, as its program asks for. */
import { randomBytes } from "node:crypto";

import { DEFAULT_DATABASE } from "../../../provider/milvus/settings";
import { isScratchOf } from "../../../provider/resources/in-collection/scratch-collections";
import { TestMilvus, rows } from "../../live/support/milvus";
import {
  FIELDS,
  HNSW,
  isSince,
  type LifeCycle,
  same,
  type Stage,
  STAGES,
  type Targets,
  timeoutsOf,
  verifyRows,
} from "./life-cycle";
import type { Values } from "./provider-process";
import type { Declared, Program } from "./small-engine";
import { Lost } from "./tally";

/** What is inserted once everything is there, by partition of `docs`. */
const DATA: Readonly<Record<string, number>> = { y2022: 10, y2023: 20, y2024: 30 };

/** Where the objects are changed. */
const THROUGH_PULUMI: Targets = {
  create: [{ method: "CreatePartition", nth: 2 }],
  "change in place": [{ method: "RenameCollection", nth: 1 }],
  "replace a collection": [{ method: "DropCollection", nth: 1 }],
  "replace an index": [{ method: "CreateIndex", nth: 1 }],
  remove: [{ method: "ReleasePartitions", nth: 1 }],
  destroy: [{ method: "DropCollection", nth: 1 }],
};

export class DataLife implements LifeCycle {
  static readonly throughPulumi = THROUGH_PULUMI;

  private readonly id = randomBytes(4).toString("hex");
  readonly replaced = `default/logs_${this.id}`;

  constructor(
    private readonly milvus: TestMilvus,
    /** Seconds that each operation may take. */
    private readonly seconds: number,
  ) {}

  program(stage: Stage): Program {
    if (stage === "destroy") return [];
    const newIndex = isSince(stage, "replace an index");
    const removed = isSince(stage, "remove");
    const age = isSince(stage, "replace a collection") ? "new" : "old";
    return [
      this.collection("docs", {
        collectionName: this.docsName(stage),
        properties: { "collection.ttl.seconds": stage === "create" ? "86400" : "172800" },
      }),
      ...Object.keys(DATA)
        .filter((name) => !removed || name === "y2024")
        .map((name) => this.child("partition", "docs", name, { partitionName: name })),
      this.child("partition", "docs", "scratch", { partitionName: newIndex ? "scratch2" : "scratch1" }),
      this.child("index", "docs", "by_meaning", {
        fieldName: "embedding",
        ...HNSW,
        params: { M: newIndex ? 16 : 8, efConstruction: 64 },
      }),
      ...(removed
        ? []
        : [this.child("index", "docs", "by_year", { fieldName: "year", indexType: "STL_SORT" })]),
      this.collection("logs", {
        collectionName: `logs_${this.id}`,
        description: age,
        // Milvus 2.3.5 changes no description in place: on purpose.
        version: age,
      }),
      this.child("partition", "logs", "recent", { partitionName: "recent" }),
      this.child("index", "logs", "by_vector", {
        fieldName: "embedding",
        ...HNSW,
        params: { M: 8, efConstruction: 64 },
      }),
    ];
  }

  /** Data, and everything loaded. */
  async prepare(stage: Stage): Promise<void> {
    if (stage === "change in place") await this.insertData();
    if (stage === "create" || stage === "destroy") return;
    for (const name of [this.docsName(before(stage)), `logs_${this.id}`]) await this.milvus.load(name);
  }

  private async insertData(): Promise<void> {
    const [docs, logs] = [this.docsName("create"), `logs_${this.id}`];
    for (const [partition, count] of Object.entries(DATA))
      await this.milvus.insert(docs, rows(count), partition);
    await this.milvus.insert(logs, rows(5), "recent");
    await this.milvus.client.flushSync({ collection_names: [docs, logs] });
  }

  async verify(stage: Stage): Promise<void> {
    const program = this.program(stage);
    const wanted = program.filter(({ resource }) => resource === "collection").map(serverName);
    const found = await this.milvus.allOf(this.id);
    const left = [...found.filter((name) => !wanted.includes(name)), ...(await this.scratches())];
    if (left.length > 0) throw new Lost(`left behind after "${stage}": ${left.join(", ")}`);
    const missing = wanted.filter((name) => !found.includes(name));
    if (missing.length > 0) throw new Lost(`gone after "${stage}": ${missing.join(", ")}`);
    for (const collection of program.filter(({ resource }) => resource === "collection"))
      await this.verifyCollection(collection, program);
    if (stage !== "create" && stage !== "destroy") await this.verifyRows(stage);
  }

  /** What something was tried on that was to come in place of anything here, under whatever name that stood. */
  private async scratches(): Promise<string[]> {
    const originals = [this.docsName("create"), this.docsName("destroy"), `logs_${this.id}`];
    const refs = originals.map((collectionName) => ({ databaseName: DEFAULT_DATABASE, collectionName }));
    const all = await this.milvus.collectionsIn(DEFAULT_DATABASE);
    return all.filter((name) => refs.some((ref) => isScratchOf(ref, name)));
  }

  private async verifyCollection({ name, args }: Declared, program: Program): Promise<void> {
    const collection = String(args["collectionName"]);
    const described = await this.milvus.describe(collection);
    same(`description of ${name}`, described.schema.description, args["description"] ?? "");
    for (const [key, value] of Object.entries((args["properties"] ?? {}) as Values))
      same(`${key} of ${name}`, await this.milvus.property(collection, key), value);
    const children = (kind: string) =>
      program.filter((one) => one.collection === name && one.resource === kind);
    same(
      `partitions of ${name}`,
      await this.milvus.partitions(collection),
      children("partition").map(serverName).sort(),
    );
    same(
      `indexes of ${name}`,
      (await this.milvus.indexes(collection)).map((index) => [
        index.name,
        index.field,
        index.type,
        index.params,
      ]),
      children("index")
        .map((index) => [
          index.name,
          index.args["fieldName"],
          index.args["indexType"],
          asTexts(index.args["params"]),
        ])
        .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    );
  }

  private async verifyRows(stage: Stage): Promise<void> {
    const docs = this.docsName(stage);
    await verifyRows(this.milvus, docs, await this.milvus.partitions(docs), DATA, stage);
  }

  async dropAll(): Promise<void> {
    await this.milvus.dropAllOf(this.id);
  }

  private docsName(stage: Stage): string {
    return stage === "create" ? `docs_${this.id}` : `documents_${this.id}`;
  }

  private collection(name: string, args: Values): Declared {
    return {
      name,
      resource: "collection",
      args: { fields: FIELDS, ...args, timeouts: timeoutsOf(this.seconds) },
    };
  }

  private child(resource: "partition" | "index", collection: string, name: string, args: Values): Declared {
    return { name, resource, collection, args: { ...args, timeouts: timeoutsOf(this.seconds) } };
  }
}

function before(stage: Stage): Stage {
  return STAGES[STAGES.indexOf(stage) - 1] ?? "create";
}

function serverName({ resource, name, args }: Declared): string {
  const given = args[`${resource}Name`];
  return typeof given === "string" ? given : name;
}

/** As the server keeps parameters. */
function asTexts(values: unknown): Record<string, unknown> {
  return (values ?? {}) as Record<string, unknown>;
}
