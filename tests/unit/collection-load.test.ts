/* eslint-disable @typescript-eslint/require-await -- the stub answers at once where the gateway is asynchronous */
import { setTimeout as sleep } from "node:timers/promises";

import { logTo } from "../../provider/core/log";
import { plannedChanges } from "../../cli/preview/plan";
import { Unfinished } from "../../provider/core/resource";
import { MilvusError } from "../../provider/milvus/errors";
import type { Field } from "../../provider/milvus/fields";
import type { Milvus } from "../../provider/milvus/gateway";
import { type LoadedAs, type LoadSpec, LoadStandsStill, type Replicas } from "../../provider/milvus/loading";
import { demand, type FeatureName, knows, parseVersion } from "../../provider/milvus/versions";
import { collectionLoad, type CollectionLoadInputs } from "../../provider/resources/collection-load";
import { oneAtATime } from "../../provider/resources/in-collection/collection";
import {
  loadAgainAfterDrop,
  loadedInTheWay,
  releaseForChange,
  releaseUnnamed,
} from "../../provider/resources/loads/reload";
import { checkCases, type CheckCase, type CheckTable, describeCheckOf } from "../support/check-table";
import { checked, configured, failuresOf, ofRun, UNKNOWN, type Values } from "../support/declared";
import { diffCases, decisionOf, describeDiffOf, type DiffCase, type DiffTable } from "../support/diff-table";
import { Run } from "../../provider/run";

const BASE = { collectionName: "documents" };
const NO_FLAG = [["true", /must be true or false, not "true"/]] as const;

const told: string[] = [];
beforeAll(() => logTo((line) => void told.push(line)));
beforeEach(() => void told.splice(0));

describe("check of a CollectionLoad", () => {
  const { input, timeout } = checkCases(BASE);
  const nameInput = (name: string, kind: string): CheckCase =>
    input(name, {
      good: ["a", "_private", "n".repeat(255)],
      wrongType: [[5, /must be a string, not a number/]],
      bad: [["bad-name", new RegExp(`a ${kind} name has letters, digits and underscores only`)]],
    });
  const names = (name: string, good: readonly unknown[]): CheckCase =>
    input(name, {
      good,
      wrongType: [
        ["t1", /must be a list, not a string/],
        [{ t1: 1 }, /must be a list, not an object/],
      ],
    });
  const table: CheckTable = {
    collectionName: nameInput("collectionName", "collection"),
    collectionId: input("collectionId", { good: ["", "447"], wrongType: [[447, /must be a string/]] }),
    databaseName: nameInput("databaseName", "database"),
    partitionNames: {
      ...names("partitionNames", [["t1"], ["_default", "t2", "t1"]]),
      bad: [[[], /names none: name the partitions to load, or leave it out to load all/]],
    },
    replicaNumber: input("replicaNumber", {
      good: [1, 16],
      wrongType: [["2", /must be a whole number, not "2"/]],
      bad: [[0, /must be 1 or more, not 0/]],
    }),
    resourceGroups: names("resourceGroups", [[], ["rg1"], ["rg2", "__default_resource_group"]]),
    loadFields: names("loadFields", [["id", "embedding"]]),
    skipLoadDynamicField: input("skipLoadDynamicField", { good: [true, false], wrongType: NO_FLAG }),
    declaredCollection: input("declaredCollection", {
      good: [{}],
      wrongType: [["documents", /must be an object, not a string/]],
    }),
    adopt: input("adopt", { good: [true, false], wrongType: NO_FLAG }),
    timeouts: input("timeouts", { good: [{}], wrongType: [[60, /must be an object, not a number/]] }),
    "timeouts.create": timeout("create"),
    "timeouts.update": timeout("update"),
    "timeouts.delete": timeout("delete"),
  };

  describeCheckOf(collectionLoad, table);

  const declaredCollection = {
    fieldTypes: { id: "Int64", tenant: "VarChar", title: "VarChar", embedding: "FloatVector" },
    primaryKeyField: "id",
    partitionKeyField: "tenant",
  };

  test.each<[string, Values, string, RegExp]>([
    [
      "single partitions of a collection with a partition key",
      { partitionNames: ["t1"] },
      "partitionNames",
      /has a partition key \(tenant\).*leave partitionNames out/,
    ],
    [
      "a field that the collection does not have",
      { loadFields: ["id", "tenant", "embeding", "embedding"] },
      "loadFields",
      /has no field "embeding"; did you mean "embedding"\?/,
    ],
    ["a load without the primary key", { loadFields: ["tenant", "embedding"] }, "loadFields", /lacks "id"/],
    [
      "a load without the partition key",
      { loadFields: ["id", "embedding"] },
      "loadFields",
      /lacks "tenant": Milvus loads the primary key and the partition key always/,
    ],
    [
      "a load without any vector field",
      { loadFields: ["id", "tenant", "title"] },
      "loadFields",
      /names no vector field/,
    ],
  ])("refuses %s", async (_what, more, property, rule) => {
    expect(await failuresOf(collectionLoad, { ...BASE, declaredCollection, ...more })).toEqual([
      { property, reason: expect.stringMatching(rule) as string },
    ]);
  });

  test("takes the fields that a load needs, in any order", async () => {
    const loadFields = ["embedding", "tenant", "id"];
    expect(await failuresOf(collectionLoad, { ...BASE, declaredCollection, loadFields })).toEqual([]);
  });

  test("keeps names by name, and nothing that is only for check", async () => {
    const { inputs } = await checked(collectionLoad, {
      ...BASE,
      declaredCollection: {},
      partitionNames: ["b", "a"],
    });
    expect(inputs).toEqual({ ...BASE, partitionNames: { a: true, b: true }, __provider: "handler" });
  });
});

const PROGRAM = {
  collectionName: "documents",
  collectionId: "447",
  databaseName: "default",
};
const STATE = { ...PROGRAM, replicaNumber: 1 };

describe("diff of a CollectionLoad", () => {
  const { input, timeout } = diffCases(STATE, PROGRAM);
  const nameSets = (name: string, more: Partial<DiffCase> = {}): DiffCase =>
    input(name, "update", [["t1"], ["t1", "t2"]], {
      same: [
        [["t1", "t2"], { t2: true, t1: true }],
        [
          ["t2", "t1"],
          ["t1", "t2"],
        ],
      ],
      ...more,
    });
  const table: DiffTable = {
    collectionName: input("collectionName", "update", ["documents", "papers"]),
    collectionId: input("collectionId", "replace", ["447", "500"], { leftOut: ["447", ""] }),
    databaseName: input("databaseName", "replace", ["default", "app"]),
    partitionNames: nameSets("partitionNames", {
      changes: [
        { from: ["t1"], to: ["t1", "t2"], old: "update", new: "update" },
        { from: undefined, to: ["t1"], old: "update", new: "update" },
        { from: ["t1"], to: undefined, old: "update", new: "update" },
      ],
    }),
    replicaNumber: input("replicaNumber", "update", [1, 2], { leftOut: [1, 2] }),
    resourceGroups: nameSets("resourceGroups", { leftOut: [["rg1"]] }),
    loadFields: nameSets("loadFields"),
    skipLoadDynamicField: input("skipLoadDynamicField", "update", [undefined, true], { leftOut: [false] }),
    declaredCollection: input("declaredCollection", "none", [undefined, { fieldTypes: {} }]),
    adopt: input("adopt", "none", [undefined, true]),
    timeouts: input("timeouts", "none", [{}, { create: 5 }], { leftOut: [{ create: 5 }] }),
    "timeouts.create": timeout("create"),
    "timeouts.update": timeout("update"),
    "timeouts.delete": timeout("delete"),
  };
  describeDiffOf(collectionLoad.inputs, table);

  test("replaces with the collection: the old load goes first when both have one name", async () => {
    const diff = (change: Values) => decisionOf(collectionLoad, STATE, { ...PROGRAM, ...change });
    expect(await diff({ collectionId: "500" })).toEqual({
      outcome: "replace",
      replaces: ["collectionId"],
      deleteBeforeReplace: true,
    });
    expect(await diff({ collectionName: "papers", collectionId: "500" })).toMatchObject({
      outcome: "replace",
      deleteBeforeReplace: false,
    });
  });

  test("waits for names that are not known yet", async () => {
    const provider = await configured(collectionLoad, { address: "127.0.0.1:1" });
    expect(
      await provider.diff?.("default/documents", STATE, { ...PROGRAM, partitionNames: [UNKNOWN] }),
    ).toMatchObject({ changes: true, replaces: [] });
  });

  test("asks no server when nothing changed", async () => {
    const provider = await configured(collectionLoad, { address: "127.0.0.1:1" });
    expect(await provider.diff?.("default/documents", STATE, PROGRAM)).toMatchObject({ changes: false });
  });
});

const FIELDS: readonly Field[] = [
  { name: "id", dataType: "Int64", isPrimaryKey: true },
  { name: "title", dataType: "VarChar", maxLength: 20 },
  { name: "embedding", dataType: "FloatVector", dim: 8 },
];

/** How Milvus loads, by its version: what it changes in place, what it refuses, and every call in order. */
class Server {
  readonly calls: string[] = [];
  partitions = ["_default", "a", "b"];
  indexed = ["embedding"];
  loaded: (LoadSpec & { names: string[] }) | undefined;
  nodes = 1;
  /** What a user without the privilege is not told. */
  tellsNodes = false;
  /** Takes a load of more replicas than there are nodes, where something is loaded already. */
  overbooks: "and stands still" | "and says loaded" | undefined;
  /** Made since the load. */
  hasNewIndex = false;
  /** Answers with success and nothing else. */
  isSilent = false;
  /** Its loads are not done in time. */
  isSlow = false;
  deadline = Date.now() + 5_000;

  constructor(private readonly version = "2.3.5") {}

  load(spec: LoadSpec): void {
    this.loaded = { ...spec, names: this.namesIn(spec) };
  }

  private namesIn({ partitionNames }: LoadSpec): string[] {
    return this.partitions.filter((name) => partitionNames?.includes(name) ?? true);
  }

  private refuse(reason: string): never {
    const failure = { operation: "LoadCollection", object: "it", address: "here", reason, code: 65535 };
    throw new MilvusError(failure);
  }

  private ask(spec: LoadSpec): string[] {
    const { replicaNumber = 0, loadFields } = spec;
    const names = this.namesIn(spec);
    this.calls.push(`load ${names.join(" ")}${replicaNumber > 1 ? ` x${replicaNumber}` : ""}`);
    if (this.indexed.length === 0) this.refuse("there is no vector index on collection");
    const before = this.loaded;
    if (replicaNumber > this.nodes && !(before && this.overbooks)) this.refuse("nodes not enough");
    if (before && JSON.stringify(before.loadFields) !== JSON.stringify(loadFields))
      this.refuse("can't change the load field list for loaded collection");
    if (before && this.hasNewIndex) {
      const what = names.length === this.partitions.length ? "collection" : "partitions";
      this.refuse(`can't change the index for loaded ${what}: invalid parameter`);
    }
    const inPlace = knows(parseVersion(this.version), "alterReplicas");
    if (before && !inPlace && (before.replicaNumber ?? 1) !== (replicaNumber || 1))
      this.refuse("can't change the replica number for loaded collection");
    this.loaded = { ...spec, names: [...new Set([...(before?.names ?? []), ...names])] };
    return names;
  }

  private loadedAs(): LoadedAs | undefined {
    if (!this.loaded) return undefined;
    const { names, replicaNumber, resourceGroups = [] } = this.loaded;
    return {
      replicaNumber: replicaNumber || 1,
      resourceGroups,
      ...(names.length < this.partitions.length && { partitionNames: names }),
    };
  }

  readonly run = new Run();

  private state(): string {
    return this.isSlow ? "loading" : this.loaded ? "loaded" : "not loaded";
  }

  get milvus(): Milvus {
    const described = { ...PROGRAM, fields: FIELDS, aliases: [], properties: {} };
    const milvus = {
      ...ofRun(this.run),
      address: "here",
      deadline: this.deadline,
      waitsUntil: this.deadline,
      whyNoLonger: "the time is up",
      within: () => milvus,
      supports: (feature: FeatureName) => Promise.resolve(knows(parseVersion(this.version), feature)),
      demand: async (feature: FeatureName, subject: string) =>
        demand(parseVersion(this.version), feature, subject),
      collections: { find: async () => described, describe: async () => described },
      partitions: { list: async () => this.partitions.map((partitionName) => ({ partitionName })) },
      indexes: { list: async () => this.indexed.map((fieldName) => ({ fieldName })) },
      loading: {
        isLoaded: async () => this.loaded !== undefined,
        isReleased: async () => !this.isSilent && this.loaded === undefined,
        loadedAs: async () => (this.isSilent ? undefined : this.loadedAs()),
        ask: async (_: unknown, spec: LoadSpec) => this.ask(spec),
        loadAs: async (_: unknown, spec: LoadSpec) => this.ask(spec),
        stateOf: async () => this.state(),
        untilLoaded: async () => {
          if (this.overbooks === "and stands still" && (this.loaded?.replicaNumber ?? 1) > this.nodes)
            throw new LoadStandsStill("no progress for 30 s: too few query nodes");
          return this.state();
        },
        howFar: async () => "37% loaded",
        tooFewNodesFor: async ({ replicaNumber = 1 }: Replicas) =>
          this.tellsNodes && replicaNumber > this.nodes ? "too few query nodes" : undefined,
        lackOfNodes: async (_: unknown, { replicaNumber = 1 }: Replicas) =>
          replicaNumber > this.nodes ? "too few query nodes" : undefined,
        releaseCollection: async () => {
          this.calls.push("release");
          this.loaded = undefined;
        },
        releasePartitions: async (_: unknown, names: string[]) => {
          this.calls.push(`release ${names.join(" ")}`);
          if (this.loaded) this.loaded.names = this.loaded.names.filter((name) => !names.includes(name));
        },
      },
    };
    return milvus as unknown as Milvus;
  }
}

const wanted = (more: Partial<CollectionLoadInputs> = {}): CollectionLoadInputs => ({ ...PROGRAM, ...more });

describe("a CollectionLoad that is made", () => {
  test("loads all, and says what the server made of it", async () => {
    const server = new Server();
    expect(await collectionLoad.create(server.milvus, wanted())).toEqual({ ...STATE });
    expect(server.calls).toEqual(["load _default a b"]);
  });

  test("loads the named partitions only", async () => {
    const server = new Server();
    const state = await collectionLoad.create(server.milvus, wanted({ partitionNames: ["b"] }));
    expect(state.partitionNames).toEqual(["b"]);
    expect(server.calls).toEqual(["load b"]);
  });

  test("takes over a load that is equal", async () => {
    const server = new Server();
    server.load({});
    await collectionLoad.create(server.milvus, wanted());
    expect(told).toContain("collection default/documents is loaded already, and its load is taken over");
    expect(server.calls).toEqual([]);
  });

  test("refuses to change a load that differs, with the difference and the way out", async () => {
    const server = new Server();
    server.load({});
    const made = collectionLoad.create(server.milvus, wanted({ partitionNames: ["a"] }));
    await expect(made).rejects.toThrow(
      /is loaded already and differs from the program in partitionNames .*`adopt: true`.*release it first/,
    );
    expect(server.calls).toEqual([]);
  });

  test("changes it with adopt", async () => {
    const server = new Server();
    server.load({});
    const state = await collectionLoad.create(server.milvus, wanted({ partitionNames: ["a"], adopt: true }));
    expect(state.partitionNames).toEqual(["a"]);
    expect(server.calls).toEqual(["release _default b"]);
  });

  test("finds out from the server that other fields are loaded, and loads anew with adopt", async () => {
    const server = new Server("2.5.0");
    server.load({ loadFields: ["id", "title", "embedding"] });
    const loadFields = ["id", "embedding"];
    await collectionLoad.create(server.milvus, wanted({ loadFields, adopt: true }));
    expect(server.loaded?.loadFields).toEqual(["embedding", "id"]);
    expect(server.calls).toEqual(["load _default a b", "release", "load _default a b"]);
  });

  test.each<[string, Partial<CollectionLoadInputs>, RegExp]>([
    ["loadFields", { loadFields: ["id", "embedding"] }, /loadFields .* needs Milvus 2\.5\.0 or later/],
    ["skipLoadDynamicField", { skipLoadDynamicField: true }, /skipLoadDynamicField .* needs Milvus 2\.5\.0/],
  ])("names the version that %s needs", async (_name, more, message) => {
    await expect(collectionLoad.create(new Server("2.4.9").milvus, wanted(more))).rejects.toThrow(message);
  });

  test.each<[string, (server: Server) => void, Partial<CollectionLoadInputs>, RegExp]>([
    [
      "an index",
      (server) => (server.indexed = []),
      {},
      /is not loaded as declared: Milvus loads a collection only when every vector field has an index, and embedding has none. Declare an Index/,
    ],
    [
      "a partition",
      () => undefined,
      { partitionNames: ["gone"] },
      /partitionNames names gone, and the collection has no such partition/,
    ],
  ])("waits for %s that is missing, and then says what to do", async (_what, prepare, more, message) => {
    const server = new Server();
    prepare(server);
    server.deadline = Date.now() + 1_200;
    await expect(collectionLoad.create(server.milvus, wanted(more))).rejects.toThrow(message);
    expect(told.filter((line) => line.includes("waits for what it needs"))).toHaveLength(1);
    expect(server.calls).toEqual([]);
  });

  test("waits for an index that is being replaced beside it, and asks for nothing before", async () => {
    const server = new Server();
    server.load({});
    const { milvus } = server;
    const replaced = oneAtATime(milvus, wanted(), async () => {
      await sleep(50);
      server.loaded = undefined;
      server.indexed = [];
    });
    const made = collectionLoad.create(milvus, wanted());
    await replaced;
    await sleep(100);
    server.indexed = ["embedding"];
    await made;
    expect(server.calls).toEqual(["load _default a b"]);
  });

  test("is kept in the state when its time is up, with how far it is", async () => {
    const server = new Server();
    server.isSlow = true;
    const error: unknown = await collectionLoad
      .create(server.milvus, wanted())
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unfinished);
    expect((error as Error).message).toMatch(/still being loaded \(37% loaded\) and the time is up/);
    expect(collectionLoad.id((error as Unfinished<never>).state)).toBe("default/documents");
  });
});

describe("a CollectionLoad that changes", () => {
  const change = async (server: Server, old: Values, now: Partial<CollectionLoadInputs>) =>
    collectionLoad.update(server.milvus, { ...STATE, ...old }, wanted(now));

  test("loads the partitions that come before it releases those that go", async () => {
    const server = new Server();
    server.load({ partitionNames: ["a"] });
    const state = await change(server, { partitionNames: ["a"] }, { partitionNames: ["b", "_default"] });
    expect(server.calls).toEqual(["load _default b", "release a"]);
    expect(state.partitionNames).toEqual(["_default", "b"]);
  });

  test("loads the rest when no partitions are named any more", async () => {
    const server = new Server();
    server.load({ partitionNames: ["a"] });
    expect((await change(server, { partitionNames: ["a"] }, {})).partitionNames).toBeUndefined();
    expect(server.calls).toEqual(["load _default a b"]);
  });

  test.each([
    ["2.4.13", ["load _default a b x2"]],
    ["2.4.12", ["release", "load _default a b x2"]],
  ])("of its replicas: Milvus %s", async (version, calls) => {
    const server = new Server(version);
    server.nodes = 2;
    server.load({ replicaNumber: 1 });
    expect((await change(server, {}, { replicaNumber: 2 })).replicaNumber).toBe(2);
    expect(server.calls).toEqual(calls);
  });

  test("of the replicas of single partitions releases on every server", async () => {
    const server = new Server("2.6.22");
    server.nodes = 2;
    server.load({ replicaNumber: 1, partitionNames: ["a"] });
    await change(server, { partitionNames: ["a"] }, { partitionNames: ["a"], replicaNumber: 2 });
    expect(server.calls).toEqual(["release", "load a x2"]);
    expect(told.join("\n")).toContain("released and loaded again, because replicas of single partitions");
  });

  test("keeps the replicas that the server chose when the program names none", async () => {
    const server = new Server("2.5.0");
    server.nodes = 2;
    server.load({ replicaNumber: 2 });
    server.loaded?.names.pop();
    await change(server, { replicaNumber: 2, partitionNames: ["_default", "a"] }, {});
    expect(server.calls).toEqual(["load _default a b x2"]);
  });

  test.each<[string, Partial<CollectionLoadInputs>, string]>([
    ["all", {}, "load _default a b"],
    ["others", { partitionNames: ["a", "b"] }, "load a b"],
  ])("releases for %s when the server refuses them since an index was made", async (_what, now, load) => {
    const server = new Server();
    server.load({ partitionNames: ["a"] });
    server.hasNewIndex = true;
    await change(server, { partitionNames: ["a"] }, now);
    expect(server.calls).toEqual([load, "release", load]);
    expect(told.join("\n")).toContain("can't change the index for loaded");
  });

  test("asks for nothing when all of it is loaded as declared", async () => {
    const server = new Server();
    server.load({});
    server.hasNewIndex = true;
    await change(server, {}, {});
    expect(server.calls).toEqual([]);
  });

  test("of its fields releases and loads again", async () => {
    const server = new Server("2.5.0");
    server.load({});
    await change(server, {}, { loadFields: ["id", "embedding"] });
    expect(server.calls).toEqual(["release", "load _default a b"]);
    expect(server.loaded?.loadFields).toEqual(["embedding", "id"]);
  });

  test("gives back what was loaded when the server does not load it as declared", async () => {
    const server = new Server();
    server.load({ replicaNumber: 1 });
    await expect(change(server, {}, { replicaNumber: 2 })).rejects.toThrow("nodes not enough");
    expect(server.calls).toEqual(["release", "load _default a b x2", "load _default a b"]);
    expect(told.join("\n")).toContain("is being loaded again as it was");
  });
});

describe("a CollectionLoad of more replicas than there are nodes", () => {
  const more = wanted({ replicaNumber: 2 });

  test.each([false, true])(
    "is refused before anything is asked for; loaded already: %s",
    async (isLoaded) => {
      const server = new Server("2.6.19");
      server.tellsNodes = true;
      if (isLoaded) server.load({ replicaNumber: 1 });
      server.deadline = Date.now() + 1_200;
      const made = isLoaded
        ? collectionLoad.update(server.milvus, STATE, more)
        : collectionLoad.create(server.milvus, more);
      await expect(made).rejects.toThrow(/is not loaded as declared: too few query nodes/);
      expect(server.calls).toEqual([]);
    },
  );

  test("waits for nodes that come meanwhile", async () => {
    const server = new Server("2.6.19");
    server.tellsNodes = true;
    const made = collectionLoad.create(server.milvus, more);
    await sleep(100);
    server.nodes = 2;
    expect((await made).replicaNumber).toBe(2);
    expect(server.calls).toEqual(["load _default a b x2"]);
  });

  test.each(["and stands still", "and says loaded"] as const)(
    "has its replicas as before when the server takes it %s",
    async (overbooks) => {
      const server = new Server("2.6.19");
      server.overbooks = overbooks;
      server.load({ replicaNumber: 1 });
      const error: unknown = await collectionLoad
        .update(server.milvus, STATE, more)
        .catch((thrown: unknown) => thrown);
      expect(error).not.toBeInstanceOf(Unfinished);
      expect((error as Error).message).toMatch(/too few query nodes/);
      expect(server.calls).toEqual(["load _default a b x2", "load _default a b"]);
      expect(told.join("\n")).toContain(
        "goes back to the replicas that it had (1), since it cannot be loaded as declared",
      );
    },
  );

  test("goes on being waited for by the next up when it stands still and nothing was loaded before", async () => {
    const server = new Server("2.6.19");
    server.nodes = 2;
    server.overbooks = "and stands still";
    const { milvus } = server;
    milvus.loading.untilLoaded = () => Promise.reject(new LoadStandsStill("no progress for 30 s"));
    await expect(collectionLoad.create(milvus, more)).rejects.toBeInstanceOf(Unfinished);
    expect(server.calls).toEqual(["load _default a b x2"]);
  });
});

describe("a CollectionLoad that goes", () => {
  test("releases the collection", async () => {
    const server = new Server();
    server.load({});
    await collectionLoad.delete(server.milvus, STATE);
    expect(server.calls).toEqual(["release"]);
    expect(told).toContain("released collection default/documents");
  });

  test("leaves partitions that others loaded", async () => {
    const server = new Server();
    server.load({});
    await collectionLoad.delete(server.milvus, { ...STATE, partitionNames: ["a", "gone"] });
    expect(server.calls).toEqual(["release a"]);
    expect(server.loaded?.names).toEqual(["_default", "b"]);
  });

  test("does nothing when somebody released it already", async () => {
    const server = new Server();
    await collectionLoad.delete(server.milvus, STATE);
    expect(server.calls).toEqual([]);
  });

  test("counts as gone when somebody else released it, and is said", async () => {
    const server = new Server();
    expect(await collectionLoad.read(server.milvus, STATE)).toBeUndefined();
    expect(told.join("\n")).toContain("is not loaded: somebody else released it");
  });

  test("is neither gone nor released for an answer that says nothing", async () => {
    const server = new Server();
    server.load({});
    server.isSilent = true;
    const nothing = /GetLoadState .* the answer says success and holds nothing/;
    await expect(collectionLoad.read(server.milvus, STATE)).rejects.toThrow(nothing);
    await expect(collectionLoad.delete(server.milvus, STATE)).rejects.toThrow(nothing);
  });

  test("is found with fewer partitions when somebody released some", async () => {
    const server = new Server();
    server.load({ partitionNames: ["b"] });
    expect(await collectionLoad.read(server.milvus, STATE)).toMatchObject({ partitionNames: ["b"] });
  });
});

describe("an index that goes beside a CollectionLoad", () => {
  const ref = { databaseName: "default", collectionName: "documents" };
  /** As before the index on the vector is dropped. */
  const releasedForDrop = async ({ milvus }: Server): Promise<LoadedAs | undefined> => {
    const loadedAs = await loadedInTheWay(milvus, await milvus.collections.describe(ref), ["embedding"]);
    if (loadedAs) await releaseForChange(milvus, ref);
    return loadedAs;
  };

  test("gives back the fields that the program declares", async () => {
    const server = new Server("2.5.0");
    const load = wanted({ loadFields: ["id", "embedding"] });
    const state = await collectionLoad.create(server.milvus, load);
    const loadedAs = await releasedForDrop(server);
    await loadAgainAfterDrop(server.milvus, ref, loadedAs as LoadedAs);
    expect(server.loaded?.loadFields).toEqual(["embedding", "id"]);
    expect(await collectionLoad.isLeftOtherwise?.(server.milvus, state, load)).toBe(false);
  });

  test("that leaves it released makes an update of what is declared as before", async () => {
    const server = new Server("2.5.0");
    const state = await collectionLoad.create(server.milvus, wanted());
    const loadedAs = await releasedForDrop(server);
    server.indexed = [];
    await loadAgainAfterDrop(server.milvus, ref, loadedAs as LoadedAs);
    expect(await collectionLoad.isLeftOtherwise?.(server.milvus, state, wanted())).toBe(true);
    server.indexed = ["embedding"];
    await collectionLoad.update(server.milvus, state, wanted());
    expect(await collectionLoad.isLeftOtherwise?.(server.milvus, state, wanted())).toBe(false);
    expect(server.loaded).toBeDefined();
  });

  test("that a run put in place which died has the load waited for that this run had still asked for", async () => {
    const server = new Server();
    const state = await collectionLoad.create(server.milvus, wanted());
    expect(await collectionLoad.isLeftOtherwise?.(server.milvus, state, wanted())).toBe(false);
    server.run.loads.mayBeLeftReleased(ref);
    server.isSlow = true;
    expect(await collectionLoad.isLeftOtherwise?.(server.milvus, state, wanted())).toBe(true);
    server.isSlow = false;
    expect(await collectionLoad.isLeftOtherwise?.(server.milvus, state, wanted())).toBe(false);
  });

  test("and that goes before the run has come to the load makes it load its fields again", async () => {
    const server = new Server("2.5.0");
    const load = wanted({ loadFields: ["id", "embedding"] });
    const state = await collectionLoad.create(server.milvus, load);
    await collectionLoad.delete(server.milvus, state);
    server.load({ loadFields: ["embedding", "id"] });
    const loadedAs = await releasedForDrop(server);
    await loadAgainAfterDrop(server.milvus, ref, loadedAs as LoadedAs);
    expect(server.loaded?.loadFields).toBeUndefined();
    expect(await collectionLoad.isLeftOtherwise?.(server.milvus, state, load)).toBe(true);
    await collectionLoad.update(server.milvus, state, load);
    expect(server.loaded?.loadFields).toEqual(["embedding", "id"]);
  });
});

describe("a partition that is made beside a CollectionLoad of others", () => {
  const ref = { databaseName: "default", collectionName: "documents" };
  const load = wanted({ partitionNames: ["a"] });
  const state = { ...STATE, partitionNames: ["a"] };
  let server: Server;

  /** Milvus loads it from the start: all were loaded once. */
  const make = (): void => {
    server.partitions = [...server.partitions, "new"];
    server.loaded?.names.push("new");
  };

  beforeEach(() => {
    server = new Server();
    server.load({ partitionNames: ["a"] });
  });

  test("is released at once when the run has come to the load", async () => {
    await collectionLoad.update(server.milvus, state, load);
    make();
    await releaseUnnamed(server.milvus, ref, ["new"]);
    expect(server.calls).toEqual(["release new"]);
    expect(told).toContain("released partition new of collection default/documents");
  });

  test("stays loaded when the load names it, or all", async () => {
    make();
    await collectionLoad.update(server.milvus, state, wanted({ partitionNames: ["a", "new"] }));
    await releaseUnnamed(server.milvus, ref, ["new"]);
    server.load({});
    await collectionLoad.update(server.milvus, state, wanted());
    await releaseUnnamed(server.milvus, ref, ["new"]);
    expect(server.calls).toEqual([]);
  });

  test("makes an update of a load that is declared as before, which releases it", async () => {
    make();
    await releaseUnnamed(server.milvus, ref, ["new"]);
    expect(server.calls).toEqual([]);
    expect(await collectionLoad.isLeftOtherwise?.(server.milvus, state, load)).toBe(true);
    await collectionLoad.update(server.milvus, state, load);
    expect(server.calls).toEqual(["release new"]);
    expect(await collectionLoad.isLeftOtherwise?.(server.milvus, state, load)).toBe(false);
  });

  test("is released with a load that goes", async () => {
    make();
    await releaseUnnamed(server.milvus, ref, ["new"]);
    await collectionLoad.delete(server.milvus, state);
    expect(server.loaded).toBeUndefined();
  });

  test("is no reason for an update when Milvus did not load it", async () => {
    server.partitions = [...server.partitions, "new"];
    await releaseUnnamed(server.milvus, ref, ["new"]);
    expect(await collectionLoad.isLeftOtherwise?.(server.milvus, state, load)).toBe(false);
  });
});

test("a preview report tells a load that goes as an outage of its collection", () => {
  const type = "pulumi-nodejs:dynamic/milvus:CollectionLoad";
  const [change] = plannedChanges({
    steps: [
      {
        op: "delete",
        urn: `urn:pulumi:dev::test::${type}::ready`,
        oldState: { type, id: "default/documents", outputs: STATE },
      },
    ],
  });
  expect(change).toMatchObject({ kind: "CollectionLoad", operation: "delete", id: "default/documents" });
  expect(collectionLoad.outage?.(STATE)).toBe(
    "collection default/documents is released and cannot be searched",
  );
});
