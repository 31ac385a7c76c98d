/**
 * The life of what serves a collection: its partitions as a set, its load, the alias that its users search through, who
 * these users are, and a database of its own for another one. `docs` has data that must live; `next` is replaced, data
 * and all, as its program asks for, with the alias pointing at it.
 */
import { randomBytes } from "node:crypto";

import { TestAccess } from "../../live/support/access";
import { rows, type TestMilvus } from "../../live/support/milvus";
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
import type { Declared, Program } from "./small-engine";
import { Lost } from "./tally";

/** What is inserted once everything is there, by partition of `docs`. */
const DATA: Readonly<Record<string, number>> = { may: 10, june: 20, july: 30 };

/** Which partitions of `docs` stand, and which are loaded, from a stage on. */
const PARTITIONS: Readonly<Partial<Record<Stage, readonly string[]>>> = {
  create: ["june", "july", "may"],
  "change in place": ["august", "june", "july"],
  remove: ["august", "july"],
};
const LOADED: Readonly<Partial<Record<Stage, readonly string[]>>> = {
  create: ["may", "june"],
  "change in place": ["august", "june"],
  remove: [],
};
const PASSWORDS: Readonly<Partial<Record<Stage, string>>> = {
  create: "may-2022-Reader",
  "change in place": "june-2023-Reader",
  remove: "july-2024-Reader",
};

/** Where the objects are changed. */
const THROUGH_PULUMI: Targets = {
  create: [{ method: "CreateCredential", nth: 1 }],
  "change in place": [{ method: "UpdateCredential", nth: 1 }],
  "replace a collection": [{ method: "AlterAlias", nth: 1 }],
  "replace an index": [{ method: "DropIndex", nth: 1 }],
  remove: [{ method: "OperatePrivilege", nth: 1 }],
  destroy: [{ method: "DropDatabase", nth: 1 }],
};

export class ServingLife implements LifeCycle {
  static readonly throughPulumi = THROUGH_PULUMI;

  private readonly id = randomBytes(4).toString("hex");
  private readonly docs = this.named("docs");
  private readonly next = this.named("next");
  readonly replaced = `default/${this.next}`;
  private readonly tenant = this.named("tenant");
  private readonly alias = this.named("serving");
  private readonly reader = this.named("reader");
  private readonly readers = this.named("readers");
  private readonly access: TestAccess;

  constructor(
    private readonly milvus: TestMilvus,
    /** Seconds that each operation may take. */
    private readonly seconds: number,
  ) {
    this.access = new TestAccess(milvus, this.id);
  }

  program(stage: Stage): Program {
    if (stage === "destroy") return [];
    const isRemoved = isSince(stage, "remove");
    return [
      ...this.collections(stage),
      ...(isRemoved ? [] : this.serving(stage)),
      this.declare("user", "reader", { userName: this.reader, password: atStage(PASSWORDS, stage) }),
      this.declare("role", "readers", { roleName: this.readers }),
      ...(isRemoved ? [] : this.permissions()),
    ];
  }

  private collections(stage: Stage): Program {
    const M = isSince(stage, "replace an index") ? 16 : 8;
    const params = { M, efConstruction: 64 };
    const age = isSince(stage, "replace a collection") ? "new" : "old";
    // Milvus 2.3.5 changes no description in place: on purpose.
    const replaced = { description: age, version: age };
    const databaseName = this.tenant;
    const inner = { collectionName: this.named("inner"), databaseName, fields: FIELDS };
    return [
      this.declare("database", "tenant", { databaseName }),
      { ...this.declare("collection", "inner", inner), after: ["tenant"] },
      this.declare("collection", "docs", { collectionName: this.docs, fields: FIELDS }),
      this.inside("docs", "partitionSet", "months", { partitionNames: atStage(PARTITIONS, stage) }),
      this.inside("docs", "index", "by_meaning", { fieldName: "embedding", ...HNSW, params }),
      this.declare("collection", "next", { collectionName: this.next, fields: FIELDS, ...replaced }),
    ];
  }

  private serving(stage: Stage): Program {
    const served = isSince(stage, "change in place") ? "next" : "docs";
    return [
      {
        ...this.inside("docs", "collectionLoad", "load", { partitionNames: atStage(LOADED, stage) }),
        after: ["months", "by_meaning"],
      },
      { ...this.inside(served, "alias", "serving", { aliasName: this.alias }), after: ["load"] },
    ];
  }

  private permissions(): Program {
    const roleName = this.readers;
    const search = { roleName, privilege: "Search", databaseName: "default", collectionName: this.docs };
    return [
      {
        ...this.declare("roleMembership", "reads", { userName: this.reader, roleName }),
        after: ["reader", "readers"],
      },
      { ...this.declare("grant", "search", search), after: ["readers"] },
    ];
  }

  /** Data. */
  async prepare(stage: Stage): Promise<void> {
    if (stage !== "change in place") return;
    for (const [partition, count] of Object.entries(DATA))
      await this.milvus.insert(this.docs, rows(count), partition);
    await this.milvus.insert(this.next, rows(5));
    await this.milvus.client.flushSync({ collection_names: [this.docs, this.next] });
  }

  async verify(stage: Stage): Promise<void> {
    const isThere = stage !== "destroy";
    await this.verifyNames(isThere);
    if (!isThere) return;
    same("partitions", await this.milvus.partitions(this.docs), sorted(atStage(PARTITIONS, stage)));
    same("loaded partitions", await this.milvus.loadedPartitions(this.docs), sorted(atStage(LOADED, stage)));
    same(
      "description of next",
      (await this.milvus.describe(this.next)).schema.description,
      isSince(stage, "replace a collection") ? "new" : "old",
    );
    const indexes = await this.milvus.indexes(this.docs);
    same(
      "indexes",
      indexes.map(({ name, params }) => [name, params["M"]]),
      [["by_meaning", isSince(stage, "replace an index") ? 16 : 8]],
    );
    await this.verifyServing(stage);
    if (stage !== "create") await verifyRows(this.milvus, this.docs, atStage(PARTITIONS, stage), DATA, stage);
  }

  private async verifyNames(isThere: boolean): Promise<void> {
    const found = {
      collections: (await this.milvus.allOf(this.id)).sort(),
      databases: await this.milvus.databasesOf(this.id),
      users: await this.access.users(),
      roles: await this.access.roles(),
    };
    if (isThere) {
      same("what is there", found, {
        collections: [this.docs, this.next],
        databases: [this.tenant],
        users: [this.reader],
        roles: [this.readers],
      });
      same("collections of the database", await this.milvus.collectionsIn(this.tenant), [
        this.named("inner"),
      ]);
    } else if (Object.values(found).flat().length > 0) {
      throw new Lost(`left behind after "destroy": ${JSON.stringify(found)}`);
    }
  }

  private async verifyServing(stage: Stage): Promise<void> {
    const isServed = !isSince(stage, "remove");
    const served = isSince(stage, "change in place") ? this.next : this.docs;
    same("target of the alias", await this.milvus.aliasTarget(this.alias), isServed ? served : undefined);
    same("roles of the user", await this.access.rolesOf(this.reader), isServed ? [this.readers] : []);
    same(
      "grants of the role",
      await this.access.grants(this.readers),
      isServed ? [`Collection ${this.docs} Search`] : [],
    );
  }

  async dropAll(): Promise<void> {
    await this.milvus.dropAllOf(this.id);
    await this.access.cleanUp([]);
  }

  private named(text: string): string {
    return `${text}_${this.id}`;
  }

  private declare(resource: Declared["resource"], name: string, args: Declared["args"]): Declared {
    return { name, resource, args: { ...args, timeouts: timeoutsOf(this.seconds) } };
  }

  private inside(
    collection: string,
    resource: Declared["resource"],
    name: string,
    args: Declared["args"],
  ): Declared {
    return { ...this.declare(resource, name, args), collection };
  }
}

/** What was last said for this stage or one before it. */
function atStage<T>(by: Readonly<Partial<Record<Stage, T>>>, stage: Stage): T {
  const last = STAGES.findLast((one) => by[one] !== undefined && isSince(stage, one));
  return by[last ?? "create"] as T;
}

function sorted(names: readonly string[]): string[] {
  return [...names].sort();
}
