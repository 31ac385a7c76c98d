/** How a load is waited for. */
import type { Caller, OperationCall } from "../../provider/milvus/caller";

import { MilvusError } from "../../provider/milvus/errors";
import { Loading, LoadStandsStill } from "../../provider/milvus/loading";
import type { Partitions } from "../../provider/milvus/partitions";
import { logTo } from "../../provider/core/log";
import { parseVersion } from "../../provider/milvus/versions";

const REF = { databaseName: "default", collectionName: "documents" };
const WHOLE = { replicaNumber: 1, resourceGroups: [] };

/** Nothing waits for real. */
let mockNow = 0;
jest.mock("node:timers/promises", () => ({
  setTimeout: (milliseconds: number) => {
    mockNow += milliseconds;
    return Promise.resolve();
  },
}));
beforeEach(() => {
  mockNow = 1_000_000;
  jest.spyOn(Date, "now").mockImplementation(() => mockNow);
});
afterEach(() => jest.restoreAllMocks());

function timeIsUp(operation: string): MilvusError {
  const reason = "the operation's time was up before there was an answer";
  return new MilvusError({
    operation,
    object: "",
    address: "here",
    reason,
    code: "grpc 4",
    saysNothing: true,
  });
}

/** A server that is asked how a load is for the given number of times before it gives its last answer. */
function loadingOf(
  looks: number,
  last: string,
  seconds = 60,
  /** The look from which on there is no time for an answer. */
  without = Infinity,
): { loading: Loading; calls: string[] } {
  const calls: string[] = [];
  const caller: Caller = {
    address: "here",
    since: Infinity,
    deadline: Date.now() + seconds * 1_000,
    waitsUntil: Date.now() + seconds * 1_000,
    whyNoLonger: "the time is up",
    version: () => Promise.resolve(parseVersion("v2.3.5")),
    call: <T>({ operation }: OperationCall<T>) => {
      calls.push(operation);
      if (calls.length >= without) return Promise.reject(timeIsUp(operation));
      const state = looks-- > 0 ? "LoadStateLoading" : last;
      return Promise.resolve({ state } as T);
    },
  };
  const partitions = { list: () => Promise.resolve([{ partitionName: "_default" }]) };
  return { loading: new Loading(caller, partitions as unknown as Partitions), calls };
}

describe("a load", () => {
  test.each([
    ["LoadStateLoaded", "loaded"],
    ["LoadStateNotLoad", "not loaded"],
  ])("is waited for until the server says %s", async (last, state) => {
    const { loading, calls } = loadingOf(3, last);
    expect(await loading.untilLoaded(REF)).toBe(state);
    expect(calls).toHaveLength(4);
  });

  test("that is not done when the time is up is still loading", async () => {
    const { loading } = loadingOf(Infinity, "", 2);
    expect(await loading.untilLoaded(REF)).toBe("loading");
    expect(mockNow).toBeLessThanOrEqual(1_002_000);
  });

  test("is still loading when the last look had no time for an answer, and not that it had none", async () => {
    const { loading, calls } = loadingOf(Infinity, "", 600, 3);
    expect(await loading.untilLoaded(REF)).toBe("loading");
    expect(calls).toHaveLength(3);
    const { loading: first } = loadingOf(Infinity, "", 600, 1);
    await expect(first.untilLoaded(REF)).rejects.toThrow(/time was up/);
  });

  test("is told of every few seconds", async () => {
    const told: number[] = [];
    const { loading } = loadingOf(60, "LoadStateLoaded");
    await loading.untilLoaded(REF, undefined, () => {
      told.push(mockNow - 1_000_000);
      return Promise.resolve();
    });
    expect(told.map((at) => Math.floor(at / 1_000))).toEqual([5, 10, 15]);
  });
});

describe("a load as it was", () => {
  test("is asked for again when somebody released it meanwhile", async () => {
    const { loading, calls } = loadingOf(0, "LoadStateNotLoad", 1);
    await expect(loading.loadAs(REF, WHOLE)).rejects.toThrow(
      "collection default/documents was asked to load and is not loaded yet: the time is up",
    );
    expect(calls.filter((call) => call === "LoadCollection").length).toBeGreaterThan(1);
  });

  test("that is not done in time says so", async () => {
    const { loading, calls } = loadingOf(Infinity, "", 1);
    await expect(loading.loadAs(REF, WHOLE)).rejects.toThrow("the time is up");
    expect(calls.filter((call) => call === "LoadCollection")).toHaveLength(1);
  });
});

interface Answers {
  readonly state: (at: number) => string;
  readonly progress: (at: number) => number;
  /** Percentages of the partitions, by name. */
  readonly inMemory?: (at: number) => Record<string, number>;
  /** Of the default resource group; nothing when the user may not see them. */
  readonly nodes?: number;
  /** How many nodes each replica has. */
  readonly replicas?: readonly number[];
  readonly version?: string;
}

/** A server whose answers depend on how many milliseconds went by, and when each call was made. */
function serverOf(answers: Answers): { loading: Loading; calls: string[] } {
  const { version = "2.6.19", replicas = [1], nodes } = answers;
  const started = Date.now();
  const calls: string[] = [];
  const answer = (operation: string): object => {
    const at = Date.now() - started;
    switch (operation) {
      case "GetLoadState":
        return { state: answers.state(at) };
      case "GetLoadingProgress":
        return { progress: String(answers.progress(at)) };
      case "ShowPartitions":
        return {
          data: Object.entries(answers.inMemory?.(at) ?? {}).map(([name, percentage]) => ({
            name,
            loadedPercentage: String(percentage),
          })),
        };
      case "DescribeResourceGroup": {
        const failure = {
          operation,
          object: "it",
          address: "here",
          reason: "denied",
          code: "grpc 7",
        } as const;
        if (nodes === undefined) throw new MilvusError(failure);
        return { resource_group: { name: "__default_resource_group", num_available_node: nodes } };
      }
      case "GetReplicas":
        return {
          replicas: replicas.map((count) => ({
            resource_group_name: "__default_resource_group",
            node_ids: Array.from({ length: count }, (_, id) => String(id)),
          })),
        };
      default:
        return {};
    }
  };
  const caller: Caller = {
    address: "here",
    since: Infinity,
    deadline: started + 600_000,
    waitsUntil: started + 600_000,
    whyNoLonger: "the time is up",
    version: () => Promise.resolve(parseVersion(version)),
    call: async <T>({ operation }: OperationCall<T>) => {
      calls.push(operation);
      return Promise.resolve().then(() => answer(operation) as T);
    },
  };
  const partitions = { list: () => Promise.resolve([{ partitionName: "_default" }]) };
  return { loading: new Loading(caller, partitions as unknown as Partitions), calls };
}

const STUCK = { state: () => "LoadStateLoading", progress: () => 50 };
const TWO = { replicaNumber: 2, resourceGroups: [] };

describe("a load that stands still", () => {
  test.each<[string, Partial<Answers>, RegExp]>([
    [
      "a resource group with too few nodes",
      { nodes: 1 },
      /documents on Milvus at here is still being loaded \(50% loaded\), with no progress for 3\d s: too few query nodes: 2 replicas take a query node each, and resource group __default_resource_group has 1\. Ask for fewer replicas/,
    ],
    [
      "a replica that has no node",
      { replicas: [1, 0] },
      /with no progress for 3\d s: too few query nodes: 1 of 2 replicas have none\./,
    ],
  ])("ends soon with %s", async (_what, more, message) => {
    const { loading } = serverOf({ ...STUCK, ...more });
    const error: unknown = await loading
      .untilLoaded(REF, undefined, undefined, TWO)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LoadStandsStill);
    expect((error as Error).message).toMatch(message);
    expect(mockNow).toBeLessThan(1_045_000);
  });

  test.each<[string, Partial<Answers>, object]>([
    ["has nodes for its replicas", { nodes: 2, replicas: [1, 1] }, TWO],
    ["may not see the nodes", { replicas: [1, 1] }, TWO],
    ["has one replica", { nodes: 0, replicas: [0] }, { replicaNumber: 1 }],
  ])("is waited for until the time is up when it %s", async (_what, more, replicas) => {
    const { loading } = serverOf({ ...STUCK, ...more });
    expect(await loading.untilLoaded(REF, undefined, undefined, replicas)).toBe("loading");
    expect(mockNow).toBeGreaterThan(1_590_000);
  });

  test("is waited for as long as it goes on", async () => {
    const { loading } = serverOf({
      state: (at) => (at < 200_000 ? "LoadStateLoading" : "LoadStateLoaded"),
      progress: (at) => Math.floor(at / 20_000),
      nodes: 1,
    });
    expect(await loading.untilLoaded(REF, undefined, undefined, TWO)).toBe("loaded");
  });

  test("and is to be as it was says how far it is, and then why it goes no further", async () => {
    const told: string[] = [];
    logTo((line) => void told.push(line));
    const { loading } = serverOf({ ...STUCK, nodes: 1 });
    await expect(loading.loadAs(REF, TWO)).rejects.toThrow(LoadStandsStill);
    expect(told.length).toBeGreaterThan(3);
    expect(new Set(told)).toEqual(new Set(["collection default/documents: 50% loaded"]));
  });
});

test.each<[string, Partial<Answers>, object, string | undefined]>([
  ["one replica", { nodes: 0 }, { replicaNumber: 1 }, undefined],
  ["as many replicas as nodes", { nodes: 2 }, TWO, undefined],
  ["nodes that nobody may see", {}, TWO, undefined],
  ["more replicas than nodes", { nodes: 1 }, TWO, "too few query nodes"],
  ["a group that is not there", { nodes: 1 }, { ...TWO, resourceGroups: ["fast"] }, undefined],
  ["Milvus Lite", { nodes: 0, version: "Milvus-Lite 2.4" }, TWO, undefined],
])("too few nodes are seen before a load: %s", async (_what, answers, replicas, lack) => {
  const found = await serverOf({ ...STUCK, ...answers }).loading.tooFewNodesFor(replicas);
  expect(found?.slice(0, lack?.length)).toBe(lack);
});

describe("the moment after a release of partitions", () => {
  const PASSING = {
    state: (at: number) => (at < 250 ? "LoadStateLoading" : "LoadStateLoaded"),
    progress: (at: number) => (at < 250 ? 0 : 100),
    inMemory: (at: number) => (at < 250 ? { a: 0, b: 0 } : { a: 100, b: 100 }),
  };
  const waited = (): number => mockNow - 1_000_000;

  test("is over when the release is done", async () => {
    await serverOf(PASSING).loading.releasePartitions(REF, ["c"]);
    expect(waited()).toBeGreaterThanOrEqual(250);
  });

  test("does not make loaded partitions look as if they were not", async () => {
    expect(await serverOf(PASSING).loading.loadedPartitions(REF)).toEqual(["a", "b"]);
    expect(waited()).toBeLessThan(400);
  });

  test("nor the collection as if it were being loaded", async () => {
    expect(await serverOf(PASSING).loading.stateOf(REF, ["a"])).toBe("loaded");
    expect(waited()).toBeLessThan(400);
  });

  test("is none on servers that have no such moment", async () => {
    const { loading, calls } = serverOf({ ...PASSING, version: "2.5.27" });
    await loading.releasePartitions(REF, ["c"]);
    expect(await loading.stateOf(REF)).toBe("loading");
    expect(await loading.loadedPartitions(REF)).toEqual([]);
    expect(waited()).toBe(0);
    expect(calls).toEqual(["ReleasePartitions", "GetLoadState", "ShowPartitions"]);
  });

  test("is not waited for longer than it lasts: a load has only just begun", async () => {
    const { loading } = serverOf({
      state: () => "LoadStateLoading",
      progress: () => 0,
      inMemory: () => ({ a: 0 }),
    });
    await loading.releasePartitions(REF, ["c"]);
    expect(waited()).toBeLessThanOrEqual(2_000);
    expect(await loading.loadedPartitions(REF)).toEqual([]);
    expect(waited()).toBeLessThanOrEqual(4_000);
  });

  test("is not waited for while some of them are loaded", async () => {
    const { loading } = serverOf({ ...PASSING, inMemory: () => ({ a: 100, b: 0 }) });
    expect(await loading.loadedPartitions(REF)).toEqual(["a"]);
    expect(waited()).toBe(0);
  });
});
