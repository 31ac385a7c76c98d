import { MilvusError, NotFoundError } from "../../provider/milvus/errors";
import type { Milvus } from "../../provider/milvus/gateway";
import type { AliasRef, CollectionRef } from "../../provider/milvus/names";
import { type FeatureName, knows, parseVersion } from "../../provider/milvus/versions";
import { alias, type AliasInputs } from "../../provider/resources/alias";
import { collection } from "../../provider/resources/collection";
import { collectionKey } from "../../provider/resources/in-collection/decided";
import { Run } from "../../provider/run";
import { type CheckCase, type CheckTable, describeCheckOf } from "../support/check-table";
import { checked, configured, failuresOf, ofRun, UNKNOWN, type Values, withValue } from "../support/declared";
import {
  decisionOf,
  describeDiffOf,
  type DiffCase,
  type DiffTable,
  NEW_SERVER,
  OLD_SERVER,
  type Outcome,
} from "../support/diff-table";

const PROGRAM = {
  collectionName: "documents_v1",
  collectionId: "447",
  databaseName: "default",
  aliasName: "documents",
};
const NO_FLAG = [["true", /must be true or false, not "true"/]] as const;

const checkOf = (name: string, values: Omit<CheckCase, "at" | "put">): CheckCase => ({
  at: name,
  put: (value) => withValue(PROGRAM, name, value),
  ...values,
});

const nameCheck = (name: string, kind: string): CheckCase =>
  checkOf(name, {
    good: ["a", "_private", "n".repeat(255)],
    wrongType: [[5, /must be a string, not a number/]],
    bad: [
      ["bad-name", new RegExp(`"bad-name": ${kind} name has letters, digits and underscores only`)],
      ["n".repeat(256), /at most 255 characters, has 256/],
    ],
  });

const timeoutCheck = (name: string): CheckCase => ({
  at: `timeouts.${name}`,
  put: (value) => ({ ...PROGRAM, timeouts: { [name]: value } }),
  good: [1, 86_400],
  wrongType: [["60", /must be a whole number, not "60"/]],
  bad: [[0, /must be 1 or more, not 0/]],
});

const checks: CheckTable = {
  collectionName: nameCheck("collectionName", "a collection"),
  collectionId: checkOf("collectionId", { good: ["", "447"], wrongType: [[447, /must be a string/]] }),
  databaseName: nameCheck("databaseName", "a database"),
  declaredCollection: checkOf("declaredCollection", {
    good: [{}],
    wrongType: [["documents", /must be an object, not a string/]],
  }),
  aliasName: nameCheck("aliasName", "an alias"),
  fewerEntities: checkOf("fewerEntities", {
    good: ["allow", "warn", "refuse"],
    wrongType: [[true, /true is not one of allow, warn, refuse/]],
    bad: [["refused", /did you mean "refuse"/]],
  }),
  adopt: checkOf("adopt", { good: [true, false], wrongType: NO_FLAG }),
  timeouts: checkOf("timeouts", { good: [{}], wrongType: [[60, /must be an object, not a number/]] }),
  "timeouts.create": timeoutCheck("create"),
  "timeouts.update": timeoutCheck("update"),
  "timeouts.delete": timeoutCheck("delete"),
};

describe("check of an Alias", () => {
  describeCheckOf(alias, checks);

  test("needs a collection, called as the program calls it", async () => {
    expect(await failuresOf(alias, { aliasName: "documents" })).toEqual([
      { property: "collection", reason: "is required and missing" },
    ]);
  });

  test("takes the logical name for one that is left out", async () => {
    const { inputs } = await checked(alias, { collectionName: "documents_v1" });
    expect(inputs).toEqual({
      collectionName: "documents_v1",
      aliasName: "logical_name",
      __provider: "handler",
    });
  });
});

const diffCase = (
  name: string,
  outcome: Outcome,
  values: readonly [unknown, unknown],
  more: Partial<DiffCase> = {},
): DiffCase => ({
  state: (value) => withValue(PROGRAM, name, value),
  program: (value) => withValue(PROGRAM, name, value),
  changes: [{ from: values[0], to: values[1], old: outcome, new: outcome }],
  ...more,
});

const timeoutCase = (name: string): DiffCase => ({
  state: (value) => ({ ...PROGRAM, timeouts: { [name]: value } }),
  program: (value) => ({ ...PROGRAM, timeouts: { [name]: value } }),
  changes: [{ from: 60, to: 90, old: "none", new: "none" }],
});

const diffs: DiffTable = {
  collectionName: diffCase("collectionName", "update", ["documents_v1", "documents_v2"]),
  collectionId: diffCase("collectionId", "update", ["447", "500"], { leftOut: ["447", ""] }),
  databaseName: diffCase("databaseName", "replace", ["default", "app"]),
  declaredCollection: diffCase("declaredCollection", "none", [undefined, { fieldTypes: {} }]),
  aliasName: diffCase("aliasName", "replace", ["documents", "papers"]),
  fewerEntities: diffCase("fewerEntities", "none", [undefined, "refuse"]),
  adopt: diffCase("adopt", "none", [undefined, true]),
  timeouts: diffCase("timeouts", "none", [{}, { create: 5 }], { leftOut: [{ create: 5 }] }),
  "timeouts.create": timeoutCase("create"),
  "timeouts.update": timeoutCase("update"),
  "timeouts.delete": timeoutCase("delete"),
};

describe("diff of an Alias", () => {
  describeDiffOf(alias.inputs, diffs);

  test.each<[string, string, "replace" | "update" | "none", string, Outcome]>([
    ["moves when its collection is replaced under its name", "2001", "replace", "documents_v1", "update"],
    ["moves when its collection is replaced under another name", "2002", "replace", "documents_v2", "update"],
    ["stays when its collection is changed in place", "2003", "update", "documents_v1", "none"],
    ["follows the new name of its collection", "2004", "update", "documents_v2", "update"],
    ["stays when its collection does", "2005", "none", "documents_v1", "none"],
  ])("whose id is not known yet %s", async (_what, id, decision, collectionName, outcome) => {
    const run = new Run();
    run.decisions.remember(collectionKey({ databaseName: "default", collectionId: id }), decision);
    const wanted = { ...PROGRAM, collectionName, collectionId: UNKNOWN };
    expect((await decisionOf(alias, { ...PROGRAM, collectionId: id }, wanted, run)).outcome).toBe(outcome);
  });

  test("makes the one with another name first", async () => {
    expect(await decisionOf(alias, PROGRAM, { ...PROGRAM, aliasName: "papers" })).toEqual({
      outcome: "replace",
      replaces: ["aliasName"],
      deleteBeforeReplace: false,
    });
  });
});

describe("ids of aliases", () => {
  const server = { database: "fallback" } as Milvus;

  test("are database and name, and the database may be left out", () => {
    expect(alias.id({ ...PROGRAM, databaseName: "app" })).toBe("app/documents");
    expect(alias.fromId("app/documents", server)).toEqual({ databaseName: "app", aliasName: "documents" });
    expect(alias.fromId("documents", server)).toEqual({ databaseName: "fallback", aliasName: "documents" });
  });

  test.each(["", "a/b/c", "a/"])("that are none (%j) are refused, with the form", (id) => {
    expect(() => alias.fromId(id, server)).toThrow(/is not the id of an alias: it must be DATABASE\/ALIAS/);
  });
});

/** Collections with their ids, and aliases with the ids that they point at, by the rules of a server's version. */
class Server {
  readonly collections = new Map<string, string>();
  readonly pointing = new Map<string, string>();
  readonly calls: string[] = [];
  refusesDrops = false;
  refusesCounts = false;
  /** Of those that hold another number of entities than 3. */
  readonly rows = new Map<string, number>();
  private lastId = 0;

  constructor(private readonly version: string) {}

  add(collectionName: string): string {
    const id = `${this.version}/${++this.lastId}`;
    this.collections.set(collectionName, id);
    return id;
  }

  private rowsOf(collectionName: string): number {
    return this.rows.get(collectionName) ?? 3;
  }

  gateway(): Milvus {
    const { collections, pointing, calls } = this;
    const server = parseVersion(this.version);
    const nameOf = (id: string | undefined) => [...collections].find(([, one]) => one === id)?.[0];
    const fail = (code: number, reason: string): never => {
      const failure = { operation: "", object: "", address: "", reason, code };
      throw code === 1600 ? new NotFoundError(failure) : new MilvusError(failure);
    };
    const point = (aliasName: string, collectionName: string): void => {
      pointing.set(aliasName, collections.get(collectionName) ?? fail(100, "collection not found"));
    };
    const find = ({ databaseName, collectionName }: CollectionRef) => {
      const collectionId = collections.get(collectionName);
      const aliases = [...pointing].filter(([, id]) => id === collectionId).map(([name]) => name);
      return Promise.resolve(collectionId && { databaseName, collectionName, collectionId, aliases });
    };
    const supports = (feature: string) => Promise.resolve(knows(server, feature as FeatureName));
    const said = async (call: string, work: () => void): Promise<void> => {
      calls.push(call);
      await Promise.resolve();
      work();
    };
    const gateway = {
      address: "here",
      ...ofRun(),
      within: () => gateway,
      supports,
      collections: {
        find,
        findById: () => Promise.resolve(undefined),
        drop: ({ collectionName }: CollectionRef) =>
          said(`drop ${collectionName}`, () => {
            const isAliased = [...pointing.values()].includes(collections.get(collectionName) ?? "");
            if (this.refusesDrops || (isAliased && knows(server, "aliasKeepsCollection")))
              fail(65535, "the collection has an alias");
            collections.delete(collectionName);
          }),
      },
      entities: {
        countCollection: ({ collectionName }: CollectionRef) =>
          Promise.resolve({ kind: "exact", rows: this.rowsOf(collectionName) }),
        countWritten: async ({ collectionName }: CollectionRef) => {
          await Promise.resolve();
          return this.refusesCounts ? fail(65535, "no privilege") : this.rowsOf(collectionName);
        },
      },
      aliases: {
        of: ({ aliases }: { aliases: readonly string[] }) => Promise.resolve(aliases),
        target: ({ aliasName }: AliasRef) => Promise.resolve(nameOf(pointing.get(aliasName))),
        create: ({ aliasName }: AliasRef, to: string) =>
          said(`create ${aliasName} -> ${to}`, () => {
            if (pointing.has(aliasName)) fail(1602, `${aliasName} is alias to another collection`);
            point(aliasName, to);
          }),
        alter: ({ aliasName }: AliasRef, to: string) =>
          said(`alter ${aliasName} -> ${to}`, () => {
            if (!pointing.has(aliasName)) fail(1600, "alias not found");
            point(aliasName, to);
          }),
        drop: ({ aliasName }: AliasRef) =>
          said(`drop alias ${aliasName}`, () => void pointing.delete(aliasName)),
      },
    };
    return gateway as unknown as Milvus;
  }
}

let told: string[];
beforeEach(() => {
  told = [];
  jest.spyOn(console, "log").mockImplementation((line: string) => void told.push(line));
});
afterEach(() => {
  jest.restoreAllMocks();
});

const wantedAt = (collectionName: string, more: Partial<AliasInputs> = {}): AliasInputs => ({
  databaseName: "default",
  aliasName: "documents",
  collectionName,
  ...more,
});

describe.each([OLD_SERVER, NEW_SERVER])("an Alias on %s", (version) => {
  let server: Server;
  let milvus: Milvus;
  beforeEach(() => {
    server = new Server(version);
    server.add("v1");
    server.add("v2");
    milvus = server.gateway();
  });

  test("is created in one call", async () => {
    const state = await alias.create(milvus, wantedAt("v1", { adopt: true }));
    expect(server.calls).toEqual(["create documents -> v1"]);
    expect(state).toEqual({ ...wantedAt("v1"), collectionId: server.collections.get("v1") });
  });

  test("that points there already is taken over without a call, and it is said", async () => {
    await milvus.aliases.create(wantedAt("v1"), "v1");
    server.calls.length = 0;
    await alias.create(milvus, wantedAt("v1"));
    expect(server.calls).toEqual([]);
    expect(told).toEqual([
      "alias default/documents exists already, points at collection default/v1 and is taken over",
    ]);
  });

  test("that points elsewhere is not taken unless asked for", async () => {
    await milvus.aliases.create(wantedAt("v1"), "v1");
    await expect(alias.create(milvus, wantedAt("v2"))).rejects.toThrow(
      /alias default\/documents exists already and points at collection v1, not at v2.*set `adopt: true`/,
    );
    expect(await milvus.aliases.target(wantedAt("v1"))).toBe("v1");
    server.calls.length = 0;
    await alias.create(milvus, wantedAt("v2", { adopt: true }));
    expect(server.calls).toEqual(["alter documents -> v2"]);
  });

  describe("whose new collection holds fewer entities", () => {
    const move = (fewerEntities?: AliasInputs["fewerEntities"]): Promise<unknown> =>
      alias.update(milvus, { ...wantedAt("v1"), collectionId: "" }, wantedAt("v2", { fewerEntities }));
    beforeEach(async () => {
      await alias.create(milvus, wantedAt("v1"));
      server.rows.set("v2", 1);
      server.calls.length = 0;
      told.length = 0;
    });

    test("is not moved where that is to be refused, and both numbers are told", async () => {
      await expect(move("refuse")).rejects.toThrow(
        /^alias documents would serve 1 entity, today 3 \(collection v2 instead of v1\).*filledBy.*startsEmpty: true/,
      );
      expect(server.calls).toEqual([]);
    });

    test("is not taken over either", async () => {
      const wanted = wantedAt("v2", { adopt: true, fewerEntities: "refuse" });
      await expect(alias.create(milvus, wanted)).rejects.toThrow(
        /^alias documents would serve 1 entity, today 3/,
      );
      expect(server.calls).toEqual([]);
    });

    test("is moved with a warning where that is asked for", async () => {
      await move("warn");
      expect(server.calls).toEqual(["alter documents -> v2"]);
      expect(told[0]).toBe(
        "warning: alias documents serves 1 entity, before 3 (collection v2 instead of v1)",
      );
    });

    test("is moved by default without being counted", async () => {
      server.refusesCounts = true;
      await move();
      expect(server.calls).toEqual(["alter documents -> v2"]);
    });

    test("is moved once it holds as many", async () => {
      server.rows.set("v2", 3);
      await move("refuse");
      expect(server.calls).toEqual(["alter documents -> v2"]);
    });

    test("is not moved where that cannot be counted, unless a warning will do", async () => {
      server.refusesCounts = true;
      await expect(move("refuse")).rejects.toThrow(/could not be counted: .*no privilege.*startsEmpty: true/);
      expect(server.calls).toEqual([]);
      await move("warn");
      expect(told[0]).toMatch(/^warning: alias default\/documents: what it would serve could not be counted/);
      expect(server.calls).toEqual(["alter documents -> v2"]);
    });

    test("is judged before anything is made: a collection that is not there yet holds nothing", async () => {
      const less = (to: string, more: Partial<AliasInputs> = {}): Promise<unknown> =>
        alias.servesLess?.(
          milvus,
          { ...wantedAt("v1"), collectionId: server.collections.get("v1") ?? "" },
          wantedAt(to, { fewerEntities: "refuse", ...more }),
        ) ?? Promise.resolve();
      expect(await less("v9")).toMatchObject({ from: "v1", to: "v9", today: 3, would: 0 });
      expect(await less("v2")).toMatchObject({ today: 3, would: 1 });
      expect(await less("v1")).toBeUndefined();
      expect(await less(UNKNOWN)).toBeUndefined();
      expect(await less("v9", { fewerEntities: "warn" })).toBeUndefined();
      // The same collection, which this run renames.
      milvus.run.decisions.remember(
        collectionKey({ databaseName: "default", collectionId: server.collections.get("v1") }),
        "update",
        "v9",
      );
      expect(await less("v9")).toBeUndefined();
      expect(server.calls).toEqual([]);
    });
  });

  test("of a collection that is not there says so", async () => {
    await expect(alias.create(milvus, wantedAt("v3"))).rejects.toThrow(
      /alias default\/documents cannot be made: there is no collection default\/v3/,
    );
  });

  test("with the name of a collection says so", async () => {
    server.add("documents");
    await expect(alias.create(milvus, wantedAt("v1"))).rejects.toThrow(
      /cannot be made: there is a collection default\/documents, and Milvus has one name for one thing/,
    );
  });

  test("moves in one call", async () => {
    const old = await alias.create(milvus, wantedAt("v1"));
    server.calls.length = 0;
    const state = await alias.update(milvus, old, wantedAt("v2"));
    expect(server.calls).toEqual(["alter documents -> v2"]);
    expect(state.collectionId).toBe(server.collections.get("v2"));
  });

  test("that somebody moved meanwhile is put where the program wants it, and it is said", async () => {
    const old = await alias.create(milvus, wantedAt("v1"));
    server.add("v3");
    await milvus.aliases.alter(wantedAt("v3"), "v3");
    await alias.update(milvus, old, wantedAt("v2"));
    expect(told[0]).toBe("alias default/documents was pointed at collection v3 by somebody else meanwhile");
    expect(await milvus.aliases.target(old)).toBe("v2");
  });

  test("that is gone is made again by an update", async () => {
    const old = await alias.create(milvus, wantedAt("v1"));
    await milvus.aliases.drop(old);
    await alias.update(milvus, old, wantedAt("v2"));
    expect(await milvus.aliases.target(old)).toBe("v2");
  });

  test("goes when it still points where the state says, also under a new name of the collection", async () => {
    const old = await alias.create(milvus, wantedAt("v1"));
    server.collections.set("renamed", server.collections.get("v1") ?? "");
    server.collections.delete("v1");
    await alias.delete(milvus, old);
    expect(server.pointing.size).toBe(0);
  });

  test("is left where somebody else pointed it, and it is said", async () => {
    const old = await alias.create(milvus, wantedAt("v1"));
    await milvus.aliases.alter(old, "v2");
    await alias.delete(milvus, old);
    expect(await milvus.aliases.target(old)).toBe("v2");
    expect(told).toEqual([
      "alias default/documents is not dropped: somebody pointed it at collection v2, and the state has v1",
    ]);
  });

  test("is read with the collection that it points at now, and not found when it is gone", async () => {
    const old = await alias.create(milvus, wantedAt("v1"));
    await milvus.aliases.alter(old, "v2");
    expect(await alias.read(milvus, old)).toEqual({
      ...wantedAt("v2"),
      collectionId: server.collections.get("v2"),
    });
    await milvus.aliases.drop(old);
    expect(await alias.read(milvus, old)).toBeUndefined();
  });
});

describe("an Alias that was left behind by a collection that is gone", () => {
  let server: Server;
  let milvus: Milvus;
  beforeEach(async () => {
    server = new Server(OLD_SERVER);
    milvus = server.gateway();
    server.add("v1");
    await milvus.aliases.create(wantedAt("v1"), "v1");
    await milvus.collections.drop(wantedAt("v1"));
    server.add("v2");
    server.calls.length = 0;
  });

  test("is gone for a refresh", async () => {
    expect(await alias.read(milvus, wantedAt("v1"))).toBeUndefined();
  });

  test("is put right by a create, and it is said", async () => {
    await alias.create(milvus, wantedAt("v2"));
    expect(server.calls).toEqual(["create documents -> v2", "alter documents -> v2"]);
    expect(told).toEqual([
      "alias default/documents was left behind by a collection that is gone; it points at collection default/v2 now",
    ]);
  });

  test("is put right by an update in one call", async () => {
    await alias.update(milvus, wantedAt("v1"), wantedAt("v2"));
    expect(server.calls).toEqual(["alter documents -> v2"]);
  });

  test("goes with a delete", async () => {
    await alias.delete(milvus, wantedAt("v1"));
    expect(server.pointing.size).toBe(0);
  });
});

describe("a Collection with an alias", () => {
  const FIELDS = [{ name: "id", dataType: "Int64" as const, isPrimaryKey: true }];
  const setUp = async (version: string, aliasName = "documents") => {
    const server = new Server(version);
    const milvus = server.gateway();
    const collectionId = server.add("v1");
    const stateOfAlias = await alias.create(milvus, wantedAt("v1", { aliasName }));
    server.calls.length = 0;
    const state = { databaseName: "default", collectionName: "v1", collectionId, fields: FIELDS };
    return { server, milvus, state, stateOfAlias };
  };
  /** What the engine asks before the first of a delete and a create of the same name. */
  const replace = (
    { run }: Milvus,
    state: Values & { collectionName: string },
    stateOfAlias: Values,
    name = state.collectionName,
  ): void => {
    run.decisions.remember(collectionKey(state), "replace", name);
    alias.onCompared?.(run, stateOfAlias as never);
  };

  test.each([OLD_SERVER, NEW_SERVER])(
    "of somebody else is not dropped, and the way out is told (%s)",
    async (version) => {
      const { milvus, state } = await setUp(version, "foreign");
      await expect(collection.delete(milvus, state)).rejects.toThrow(
        /collection default\/v1 is not dropped: alias foreign points at it.*Point it at another collection or drop it first/,
      );
    },
  );

  test.each([OLD_SERVER, NEW_SERVER])(
    "waits for the drop of an alias that goes side by side with it (%s)",
    async (version) => {
      const { server, milvus, state, stateOfAlias } = await setUp(version, "going");
      const [dropped] = await Promise.all([
        collection.delete(milvus, state).then(() => "dropped"),
        new Promise((resolve) => setTimeout(resolve, 50)).then(() => alias.delete(milvus, stateOfAlias)),
      ]);
      expect(dropped).toBe("dropped");
      expect(server.calls).toEqual(["drop alias going", "drop v1"]);
    },
  );

  test("that is replaced under its name takes the alias along: dropped last and made again on a new server", async () => {
    const { server, milvus, state, stateOfAlias } = await setUp(NEW_SERVER, "follows_new");
    replace(milvus, state, stateOfAlias);
    await collection.delete(milvus, state);
    server.add("v1");
    await alias.update(milvus, stateOfAlias, wantedAt("v1", { aliasName: "follows_new" }));
    expect(server.calls).toEqual([
      "drop alias follows_new",
      "drop v1",
      "alter follows_new -> v1",
      "create follows_new -> v1",
    ]);
    expect(await milvus.aliases.target(stateOfAlias)).toBe("v1");
  });

  test("that is replaced under its name takes the alias along: only moved on an old server", async () => {
    const { server, milvus, state, stateOfAlias } = await setUp(OLD_SERVER, "follows_old");
    replace(milvus, state, stateOfAlias);
    await collection.delete(milvus, state);
    server.add("v1");
    await alias.update(milvus, stateOfAlias, wantedAt("v1", { aliasName: "follows_old" }));
    expect(server.calls).toEqual(["drop v1", "alter follows_old -> v1"]);
  });

  test("whose drop fails gets the alias back", async () => {
    const { server, milvus, state, stateOfAlias } = await setUp(NEW_SERVER, "comes_back");
    replace(milvus, state, stateOfAlias);
    server.refusesDrops = true;
    await expect(collection.delete(milvus, state)).rejects.toThrow();
    expect(await milvus.aliases.target(stateOfAlias)).toBe("v1");
  });

  test("that is replaced under another name is not dropped before the alias has moved", async () => {
    const { milvus, state, stateOfAlias } = await setUp(OLD_SERVER, "has_to_move");
    replace(milvus, state, stateOfAlias, "v2");
    await expect(collection.delete(milvus, state)).rejects.toThrow(/alias has_to_move points at it/);
  });
});

test("delete of an Alias asks the server of its provider", async () => {
  const provider = await configured(alias, { address: "127.0.0.1:1" });
  await expect(provider.delete?.("id", { ...PROGRAM, timeouts: { delete: 1 } })).rejects.toThrow(
    /DescribeAlias of alias default\/documents failed on Milvus at 127\.0\.0\.1:1/,
  );
});
