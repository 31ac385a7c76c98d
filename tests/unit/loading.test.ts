/** How a load is waited for. */
import type { Caller } from "../../provider/milvus/caller";
import type { Call } from "../../provider/milvus/connection";
import { Loading } from "../../provider/milvus/loading";
import type { Partitions } from "../../provider/milvus/partitions";
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

/** A server that is asked how a load is for the given number of times before it gives its last answer. */
function loadingOf(looks: number, last: string, seconds = 60): { loading: Loading; calls: string[] } {
  const calls: string[] = [];
  const caller: Caller = {
    address: "here",
    since: Infinity,
    deadline: Date.now() + seconds * 1_000,
    version: () => Promise.resolve(parseVersion("v2.3.5")),
    call: <T>({ operation }: Omit<Call<T>, "deadline">) => {
      calls.push(operation);
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
      "collection default/documents was asked to load and is not loaded yet: the operation's time is up",
    );
    expect(calls.filter((call) => call === "LoadCollection").length).toBeGreaterThan(1);
  });

  test("that is not done in time says so", async () => {
    const { loading, calls } = loadingOf(Infinity, "", 1);
    await expect(loading.loadAs(REF, WHOLE)).rejects.toThrow("the operation's time is up");
    expect(calls.filter((call) => call === "LoadCollection")).toHaveLength(1);
  });
});
