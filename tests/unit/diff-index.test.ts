import { index } from "../../provider/resources/field-index";
import { PARAMETER_NAMES } from "../../provider/resources/index-types/parameters";
import { collectionKey } from "../../provider/resources/in-collection/decided";
import { Run } from "../../provider/run";
import { configured, UNKNOWN, type Values, withValue } from "../support/declared";
import {
  diffCases,
  decisionOf,
  describeDiffOf,
  type DiffCase,
  type DiffTable,
  type Outcome,
} from "../support/diff-table";

const PROGRAM = {
  collectionName: "documents",
  collectionId: "447",
  databaseName: "default",
  indexName: "by_meaning",
  fieldName: "embedding",
  indexType: "HNSW",
  metricType: "COSINE",
  params: { M: 16, efConstruction: 200 },
};
const STATE = PROGRAM;

const { input, timeout } = diffCases(STATE, PROGRAM);

const replaces = (from: unknown, to: unknown) => ({ from, to, old: "replace", new: "replace" }) as const;

const param = (name: string, from: number, to: number): DiffCase => ({
  // Parameters are compared as a whole: any change of them replaces.
  at: "params",
  state: (value) => ({ ...STATE, params: withValue({}, name, value) }),
  program: (value) => ({ ...PROGRAM, params: withValue({}, name, value) }),
  changes: [replaces(from, to), replaces(from, undefined), replaces(undefined, to)],
  same: [[String(from), from]],
});

const table: DiffTable = {
  // The id is the same: the collection was renamed, and its indexes went along.
  collectionName: input("collectionName", "update", ["documents", "papers"]),
  collectionId: input("collectionId", "replace", ["447", "500"], { leftOut: ["447", ""] }),
  databaseName: input("databaseName", "replace", ["default", "app"]),
  indexName: input("indexName", "replace", ["by_meaning", "other"]),
  fieldName: input("fieldName", "replace", ["embedding", "other"]),
  indexType: input("indexType", "replace", ["HNSW", "FLAT"], { leftOut: ["HNSW", "AUTOINDEX"] }),
  metricType: input("metricType", "replace", ["COSINE", "L2"], { leftOut: ["COSINE", "IP"] }),
  params: input("params", "replace", [{ M: 16 }, { M: 32 }], {
    leftOut: [{}],
    same: [
      [
        { M: "16", efConstruction: "200" },
        { M: 16, efConstruction: 200 },
      ],
      [
        { efConstruction: 200, M: 16 },
        { M: 16, efConstruction: 200 },
      ],
      [
        { free: "true", nested: '{"a":1}' },
        { nested: { a: 1 }, free: true },
      ],
    ],
  }),
  "params.M": param("M", 8, 16),
  "params.efConstruction": param("efConstruction", 64, 128),
  "params.nlist": param("nlist", 128, 1024),
  "params.m": param("m", 4, 8),
  "params.nbits": param("nbits", 8, 9),
  "params.drop_ratio_build": param("drop_ratio_build", 0.1, 0.2),
  ...Object.fromEntries(PARAMETER_NAMES.slice(6).map((name) => [`params.${name}`, param(name, 1, 2)])),
  waitForBuild: input("waitForBuild", "none", [undefined, false]),
  declaredCollection: input("declaredCollection", "none", [undefined, { fieldTypes: {} }]),
  adopt: input("adopt", "none", [undefined, true]),
  timeouts: input("timeouts", "none", [{}, { create: 5 }], { leftOut: [{ create: 5 }] }),
  "timeouts.create": timeout("create"),
  "timeouts.update": timeout("update"),
  "timeouts.delete": timeout("delete"),
};

let run: Run;
beforeEach(() => {
  run = new Run();
});

const diffOf = (olds: Values, news: Values) => decisionOf(index, olds, news, run);

describe("diff of an Index", () => {
  describeDiffOf(index.inputs, table);

  test.each<[string, Values, Outcome]>([
    ["AUTOINDEX", { indexType: "AUTOINDEX" }, "none"],
    ["a type left out", {}, "none"],
    ["HNSW", { indexType: "HNSW" }, "replace"],
  ])(
    "with %s and no parameters in the program compares those on the server accordingly",
    async (_what, program, outcome) => {
      const { params: _, indexType: __, ...rest } = PROGRAM;
      const state = {
        ...STATE,
        indexType: program["indexType"] ?? "AUTOINDEX",
        params: { M: 18, efConstruction: 240 },
      };
      expect((await diffOf(state, { ...rest, ...program })).outcome).toBe(outcome);
      expect((await diffOf(state, { ...rest, ...program, params: {} })).outcome).toBe(outcome);
    },
  );

  test("counts parameters that are not known yet as a change", async () => {
    expect((await diffOf(STATE, { ...PROGRAM, params: { M: UNKNOWN } })).outcome).toBe("replace");
  });
});

describe("the order of an Index's replacement", () => {
  test.each<[string, Values, boolean]>([
    ["deletes first when only the parameters change", { params: { M: 32 } }, true],
    [
      "deletes first under another name on the same field: a field holds one index",
      { indexName: "other" },
      true,
    ],
    ["deletes first on another field under the same name", { fieldName: "other" }, true],
    ["creates first when both change", { indexName: "other", fieldName: "second" }, false],
    ["creates first in another collection", { collectionName: "papers", collectionId: "500" }, false],
    ["creates first in another database", { databaseName: "app" }, false],
  ])("%s", async (_what, change, deleteBeforeReplace) => {
    expect(await diffOf(STATE, { ...PROGRAM, ...change })).toMatchObject({
      outcome: "replace",
      deleteBeforeReplace,
    });
  });
});

describe("an Index of a collection whose id is not known yet", () => {
  test.each<[string, string, "replace" | "update" | "none", string, Outcome]>([
    ["is replaced with its collection", "1001", "replace", "documents", "replace"],
    ["stays when its collection is changed in place", "1002", "update", "documents", "none"],
    ["follows its renamed collection in place", "1003", "update", "papers", "update"],
    ["stays when its collection does", "1004", "none", "documents", "none"],
  ])("%s", async (_what, collectionId, decision, collectionName, outcome) => {
    run.decisions.remember(collectionKey({ databaseName: "default", collectionId }), decision);
    const program = { ...PROGRAM, collectionName, collectionId: UNKNOWN };
    expect((await diffOf({ ...STATE, collectionId }, program)).outcome).toBe(outcome);
  });

  test("needs no drop of its own when its collection goes in the same run", async () => {
    run.decisions.remember(collectionKey({ databaseName: "default", collectionId: "1005" }), "replace");
    const provider = await configured(index, { address: "127.0.0.1:1" }, run);
    await expect(provider.delete?.("id", { ...STATE, collectionId: "1005" })).resolves.toBeUndefined();
  });
});
