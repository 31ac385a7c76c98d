import { database } from "../../provider/resources/database";
import type { Milvus } from "../../provider/milvus/gateway";
import type { CollectionRef } from "../../provider/milvus/names";
import { demand, type FeatureName, knows, parseVersion } from "../../provider/milvus/versions";
import { differences } from "../../provider/core/diff";
import { checkCases, type CheckTable, describeCheckOf } from "../support/check-table";
import { checked, failuresOf, judgeOf, ofRun, UNKNOWN } from "../support/declared";
import { decisionOf, describeDiffOf, diffCases, type DiffTable, OLD_SERVER } from "../support/diff-table";

const BASE = { databaseName: "app" };
const REPLICAS = "database.replica.number";
const NO_FLAG = [["true", /must be true or false, not "true"/]] as const;

const check = checkCases(BASE);
const checks: CheckTable = {
  databaseName: check.input("databaseName", {
    good: ["a", "_private", "n".repeat(255)],
    wrongType: [[5, /must be a string, not a number/]],
    bad: [
      ["bad-name", /"bad-name": a database name has letters, digits and underscores only/],
      ["default", /default is Milvus's own database: it is always there and cannot be declared/],
    ],
  }),
  properties: check.input("properties", {
    good: [{}, { [REPLICAS]: 2 }, { [REPLICAS]: "1", "database.resource_groups": "rg1,rg2" }],
    wrongType: [["x", /must be an object of strings, not a string/]],
  }),
  adopt: check.input("adopt", { good: [true, false], wrongType: NO_FLAG }),
  timeouts: check.input("timeouts", { good: [{}], wrongType: [[60, /must be an object, not a number/]] }),
  "timeouts.create": check.timeout("create"),
  "timeouts.update": check.timeout("update"),
  "timeouts.delete": check.timeout("delete"),
};

describe("check of a Database", () => {
  describeCheckOf(database, checks);

  test.each([0, -1, 1.5, "two"])("refuses %p replicas", async (replicas) => {
    expect(await failuresOf(database, { ...BASE, properties: { [REPLICAS]: replicas } })).toEqual([
      { property: `properties.${REPLICAS}`, reason: "must be a whole number, 1 or more" },
    ]);
  });

  test("takes the logical name for one that is left out", async () => {
    expect((await checked(database, {})).inputs).toEqual({
      databaseName: "logical_name",
      __provider: "handler",
    });
  });
});

const diff = diffCases(BASE, BASE);

/** Properties are in another test: an old server refuses their change. */
const diffs: DiffTable = {
  databaseName: diff.input("databaseName", "replace", ["app", "web"]),
  properties: diff.input("properties", "none", [{}, undefined], {
    leftOut: [{}],
    same: [[{ [REPLICAS]: "2" }, { [REPLICAS]: "2" }]],
  }),
  adopt: diff.input("adopt", "none", [undefined, true]),
  timeouts: diff.input("timeouts", "none", [{}, { create: 5 }]),
  "timeouts.create": diff.timeout("create"),
  "timeouts.update": diff.timeout("update"),
  "timeouts.delete": diff.timeout("delete"),
};

describe("diff of a Database", () => {
  describeDiffOf(database.inputs, diffs);

  const changed = (version: string, from: object, to: object) =>
    differences(
      database.inputs,
      { ...BASE, properties: from },
      { ...BASE, properties: to },
      judgeOf(version),
    );

  test.each(["2.4.3", "2.6.22", "milvus_lite-3.2.2"])("sets properties in place on %s", async (version) => {
    expect(await changed(version, { [REPLICAS]: "1" }, { [REPLICAS]: "2" })).toEqual([
      { path: "properties", input: "properties", effect: "update" },
    ]);
  });

  test("removes properties in place from 2.5, and says so before", async () => {
    expect(await changed("2.5.0", { [REPLICAS]: "1" }, {})).toHaveLength(1);
    expect(await changed("2.4.23", { [REPLICAS]: "1" }, {})).toMatchObject([
      {
        effect: {
          refuse: "properties: this server cannot remove database.replica.number (needs Milvus 2.5)",
          instead: "Set another value instead",
        },
      },
    ]);
  });

  test("refuses properties where the server has none, rather than replace a database for them", async () => {
    expect(await changed(OLD_SERVER, {}, { [REPLICAS]: "2" })).toMatchObject([
      { effect: { refuse: "properties: this server has no properties of databases (needs Milvus 2.4.3)" } },
    ]);
  });

  test("takes none for removed while some are not known yet", async () => {
    expect(await changed("2.4.3", { [REPLICAS]: "1" }, { [REPLICAS]: UNKNOWN })).toEqual([
      { path: "properties", input: "properties", effect: "update", isOpen: true },
    ]);
  });

  test("makes the one with another name first", async () => {
    expect(await decisionOf(database, BASE, { databaseName: "web" })).toMatchObject({
      outcome: "replace",
      deleteBeforeReplace: false,
    });
  });
});

describe("ids of databases", () => {
  test("are their names", () => {
    expect(database.id({ databaseName: "app" })).toBe("app");
    expect(database.fromId("app", {} as Milvus)).toEqual({ databaseName: "app" });
  });

  test.each(["", "a/b"])("that are none (%j) are refused", (id) => {
    expect(() => database.fromId(id, {} as Milvus)).toThrow(
      /is not the id of a database: it must be its name/,
    );
  });
});

/** Databases with their properties and collections, by the rules of a server's version. */
class Server {
  readonly databases = new Map<string, Record<string, string>>([["default", {}]]);
  readonly collections = new Map<string, string[]>();
  /** Those that hold data. */
  readonly full = new Set<string>();
  readonly calls: string[] = [];

  constructor(private readonly version: string) {}

  gateway(): Milvus {
    const { databases, collections, full, calls } = this;
    const server = parseVersion(this.version);
    const has = (feature: FeatureName) => knows(server, feature);
    const said = (call: string, work: () => void): Promise<void> => {
      calls.push(call);
      work();
      return Promise.resolve();
    };
    const gateway = {
      ...ofRun(),
      within: () => gateway,
      supports: (feature: string) => Promise.resolve(has(feature as FeatureName)),
      // eslint-disable-next-line @typescript-eslint/require-await -- it rejects rather than throws
      demand: async (feature: FeatureName, subject: string) => demand(server, feature, subject),
      collections: {
        list: (name: string) =>
          Promise.resolve((collections.get(name) ?? []).map((collectionName) => ({ collectionName }))),
      },
      entities: {
        countProven: ({ collectionName }: CollectionRef) =>
          Promise.resolve({ kind: "exact", rows: full.has(collectionName) ? 1 : 0 }),
      },
      databases: {
        find: (name: string) => {
          const properties = databases.get(name);
          return Promise.resolve(properties && (has("databaseProperties") ? { properties } : {}));
        },
        create: (name: string, properties: Record<string, string>) =>
          said(`create ${name}`, () => void databases.set(name, properties)),
        setProperties: (name: string, set: Record<string, string>) =>
          said(
            `set ${Object.keys(set).join()}`,
            () => void databases.set(name, { ...databases.get(name), ...set }),
          ),
        dropProperties: (name: string, keys: readonly string[]) =>
          said(`remove ${keys.join()}`, () => {
            const left = Object.entries(databases.get(name) ?? {}).filter(([key]) => !keys.includes(key));
            databases.set(name, Object.fromEntries(left));
          }),
        drop: (name: string) => said(`drop ${name}`, () => void databases.delete(name)),
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

describe("a Database", () => {
  const NEW = "2.6.22";

  test("is made with its properties where the server has them", async () => {
    const server = new Server(NEW);
    const wanted = { ...BASE, properties: { [REPLICAS]: "2" }, adopt: true };
    expect(await database.create(server.gateway(), wanted)).toEqual({
      ...BASE,
      properties: { [REPLICAS]: "2" },
    });
  });

  test("with properties is refused where the server would forget them, naming the version", async () => {
    const server = new Server(OLD_SERVER);
    await expect(
      database.create(server.gateway(), { ...BASE, properties: { [REPLICAS]: "2" } }),
    ).rejects.toThrow(
      "database app uses properties of databases, which needs Milvus 2.4.3 or later; this server is v2.3.5-lite",
    );
    expect(server.calls).toEqual([]);
  });

  test("that exists and holds no data is taken over; with data in it only when asked for", async () => {
    const server = new Server(OLD_SERVER);
    server.databases.set("app", {});
    await database.create(server.gateway(), BASE);
    expect(told).toEqual(["database app exists already and is taken over; nothing is in it"]);
    server.collections.set("app", ["b", "a"]);
    await database.create(server.gateway(), BASE);
    expect(told.at(-1)).toBe("database app exists already and is taken over; a, b is in it");
    server.full.add("b");
    await expect(database.create(server.gateway(), BASE)).rejects.toThrow(
      /database app exists already, with data in b\. To manage it from here set `adopt: true`/,
    );
    await database.create(server.gateway(), { ...BASE, adopt: true });
    expect(server.calls).toEqual([]);
  });

  test("that exists with other properties is not taken over, whatever is asked for", async () => {
    const server = new Server(NEW);
    server.databases.set("app", { [REPLICAS]: "3" });
    await expect(
      database.create(server.gateway(), { ...BASE, properties: { [REPLICAS]: "2" }, adopt: true }),
    ).rejects.toThrow(/database app exists already and differs from the program in properties/);
  });

  test("gets properties set and removed in place, and those of the server's own left alone", async () => {
    const server = new Server(NEW);
    const old = { "database.max.collections": "5", [REPLICAS]: "1" };
    server.databases.set("app", { ...old, timezone: "UTC" });
    const wanted = { ...BASE, properties: { [REPLICAS]: "2" } };
    const state = await database.update(server.gateway(), { ...BASE, properties: old }, wanted);
    expect(server.calls).toEqual([`set ${REPLICAS}`, "remove database.max.collections"]);
    expect(state).toEqual(wanted);
    expect(server.databases.get("app")).toEqual({ [REPLICAS]: "2", timezone: "UTC" });
  });

  test("is read with its properties, and not found when it is gone", async () => {
    const server = new Server(NEW);
    server.databases.set("app", { [REPLICAS]: "1", timezone: "UTC" });
    expect(await database.read(server.gateway(), BASE)).toEqual({ ...BASE, properties: { [REPLICAS]: "1" } });
    expect(await database.read(server.gateway(), { databaseName: "gone" })).toBeUndefined();
  });

  test("is dropped when it is empty, and it is said", async () => {
    const server = new Server(OLD_SERVER);
    server.databases.set("app", {});
    await database.delete(server.gateway(), BASE);
    expect(server.calls).toEqual(["drop app"]);
    expect(told).toEqual(["dropped database app, which was empty"]);
  });

  test("is not dropped with collections in it: the error says which, and the way out", async () => {
    const server = new Server(OLD_SERVER);
    server.databases.set("app", {});
    server.collections.set(
      "app",
      Array.from({ length: 12 }, (_, at) => `c${String(at).padStart(2, "0")}`),
    );
    await expect(database.delete(server.gateway(), BASE)).rejects.toThrow(
      /database app is not dropped: there are collections c00, c01, .*c09 and 2 more in it.*databaseName: db\.databaseName/,
    );
    expect(server.calls).toEqual([]);
  });

  test("that is gone needs no drop, and Milvus's own is never dropped", async () => {
    const server = new Server(OLD_SERVER);
    await database.delete(server.gateway(), BASE);
    await database.delete(server.gateway(), { databaseName: "default" });
    expect(server.calls).toEqual([]);
  });

  test("is listed for an export, but for Milvus's own", async () => {
    const server = new Server(NEW);
    server.databases.set("app", { [REPLICAS]: "1" });
    expect(await database.list(server.gateway(), "app")).toEqual([
      { ...BASE, properties: { [REPLICAS]: "1" } },
    ]);
    expect(await database.list(server.gateway(), "default")).toEqual([]);
  });
});
