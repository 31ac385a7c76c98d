import { differences } from "../../provider/core/diff";
import { UnsupportedError } from "../../provider/milvus/errors";
import { collection } from "../../provider/resources/collection";
import { configured, judgeOf, UNKNOWN, type Values, withValue } from "../support/declared";
import {
  decisionOf,
  describeDiffOf,
  type DiffCase,
  type DiffTable,
  NEW_SERVER,
  OLD_SERVER,
  type Outcome,
} from "../support/diff-table";

const ID = { name: "id", dataType: "Int64", isPrimaryKey: true };
const VECTOR = { name: "embedding", dataType: "FloatVector", dim: 8 };
const PROGRAM = { collectionName: "documents", databaseName: "default", fields: [ID, VECTOR] };
const STATE = {
  ...PROGRAM,
  description: "",
  functions: [],
  enableDynamicField: false,
  consistencyLevel: "Bounded",
  shardsNum: 1,
  properties: {},
  collectionId: "447",
};

type Ages = readonly [old: Outcome, onNew: Outcome];
const REPLACES: Ages = ["replace", "replace"];
const IN_PLACE: Ages = ["update", "update"];
const IN_PLACE_IF_NEW: Ages = ["replace", "update"];
const NOTHING: Ages = ["none", "none"];

const change = (from: unknown, to: unknown, [old, onNew]: Ages) => ({ from, to, old, new: onNew });

const input = (
  name: string,
  ages: Ages,
  values: readonly [unknown, unknown],
  more: Partial<DiffCase> = {},
): DiffCase => ({
  state: (value) => withValue(STATE, name, value),
  program: (value) => withValue(PROGRAM, name, value),
  changes: [change(values[0], values[1], ages), change(values[1], values[0], ages)],
  ...more,
});

const inField = (
  name: string,
  ages: Ages,
  values: readonly [unknown, unknown],
  more: Partial<DiffCase> = {},
): DiffCase => {
  const field = (value: unknown): Values => withValue({ name: "more", dataType: "Int64" }, name, value);
  const fields = (value: unknown): Values[] => [ID, VECTOR, field(value)];
  return {
    at: `fields["more"].${name}`,
    state: (value) => ({ ...STATE, fields: fields(value) }),
    program: (value) => ({ ...PROGRAM, fields: fields(value) }),
    changes: [change(values[0], values[1], ages), change(values[1], values[0], ages)],
    ...more,
  };
};

const inMember = (
  name: string,
  ages: Ages,
  values: readonly [unknown, unknown],
  more: Partial<DiffCase> = {},
): DiffCase => {
  const parts = (value: unknown): Values => ({
    name: "parts",
    dataType: "Array",
    elementType: "Struct",
    maxCapacity: 10,
    fields: [withValue({ name: "part", dataType: "Int64" }, name, value)],
  });
  return {
    at: `fields["parts"].fields["part"].${name}`,
    state: (value) => ({ ...STATE, fields: [ID, VECTOR, parts(value)] }),
    program: (value) => ({ ...PROGRAM, fields: [ID, VECTOR, parts(value)] }),
    changes: [change(values[0], values[1], ages), change(values[1], values[0], ages)],
    ...more,
  };
};

const BM25 = { name: "by_words", type: "BM25", inputFieldNames: ["words"], outputFieldNames: ["sparse"] };

const inFunction = (
  name: string,
  values: readonly [unknown, unknown],
  more: Partial<DiffCase> = {},
): DiffCase => ({
  at: `functions["by_words"].${name}`,
  state: (value) => ({ ...STATE, functions: [withValue(BM25, name, value)] }),
  program: (value) => ({ ...PROGRAM, functions: [withValue(BM25, name, value)] }),
  changes: [change(values[0], values[1], REPLACES), change(values[1], values[0], REPLACES)],
  ...more,
});

const timeout = (name: string): DiffCase => ({
  state: (value) => ({ ...STATE, timeouts: { [name]: value } }),
  program: (value) => ({ ...PROGRAM, timeouts: { [name]: value } }),
  changes: [change(60, 90, NOTHING), change(undefined, 90, NOTHING), change(60, undefined, NOTHING)],
});

const OTHER_FIELD = { name: "year", dataType: "Int64" };
const SMALL_STRUCT = [{ name: "a", dataType: "Int64" }];
const LARGE_STRUCT = [...SMALL_STRUCT, { name: "b", dataType: "Int64" }];

const table: DiffTable = {
  collectionName: input("collectionName", IN_PLACE, ["documents", "papers"]),
  databaseName: input("databaseName", REPLACES, ["default", "app"]),
  description: input("description", IN_PLACE_IF_NEW, ["before", "after"], {
    changes: [change("", "after", IN_PLACE_IF_NEW), change("before", undefined, IN_PLACE_IF_NEW)],
    leftOut: [""],
  }),
  fields: input(
    "fields",
    REPLACES,
    [
      [ID, VECTOR],
      [ID, VECTOR, OTHER_FIELD],
    ],
    {
      same: [
        [
          [ID, VECTOR, OTHER_FIELD],
          [OTHER_FIELD, VECTOR, ID],
        ],
      ],
    },
  ),
  "fields[].name": inField("name", REPLACES, ["more", "less"], { at: "fields" }),
  "fields[].dataType": inField("dataType", REPLACES, ["Int64", "Int32"]),
  "fields[].isPrimaryKey": inField("isPrimaryKey", REPLACES, [false, true], { leftOut: [false] }),
  "fields[].autoId": inField("autoId", REPLACES, [false, true], { leftOut: [false] }),
  "fields[].description": inField("description", REPLACES, ["before", "after"], { leftOut: [""] }),
  "fields[].dim": inField("dim", REPLACES, [8, 16]),
  "fields[].maxLength": inField("maxLength", IN_PLACE_IF_NEW, [10, 20]),
  "fields[].elementType": inField("elementType", REPLACES, ["Int64", "Int32"]),
  "fields[].maxCapacity": inField("maxCapacity", IN_PLACE_IF_NEW, [10, 20]),
  "fields[].isPartitionKey": inField("isPartitionKey", REPLACES, [false, true], { leftOut: [false] }),
  "fields[].isClusteringKey": inField("isClusteringKey", REPLACES, [false, true], { leftOut: [false] }),
  "fields[].nullable": inField("nullable", REPLACES, [false, true], { leftOut: [false] }),
  "fields[].defaultValue": inField("defaultValue", REPLACES, [1, 2], {
    changes: [
      change(1, 2, REPLACES),
      change(undefined, 0, REPLACES),
      change(0, undefined, REPLACES),
      change("", undefined, REPLACES),
      change("9223372036854775807", "9223372036854775806", REPLACES),
    ],
    // What Milvus keeps of a Float has the precision of a Float; large numbers are written as texts.
    same: [
      [0.10000000149011612, 0.1],
      ["9223372036854775807", "9223372036854775807"],
      [7, "7"],
    ],
  }),
  "fields[].enableAnalyzer": inField("enableAnalyzer", REPLACES, [false, true], { leftOut: [false] }),
  "fields[].enableMatch": inField("enableMatch", REPLACES, [false, true], { leftOut: [false] }),
  "fields[].analyzerParams": inField("analyzerParams", REPLACES, [{ type: "english" }, { type: "chinese" }], {
    same: [
      [
        { tokenizer: "standard", filter: ["lowercase"] },
        { filter: ["lowercase"], tokenizer: "standard" },
      ],
    ],
  }),
  "fields[].multiAnalyzerParams": inField("multiAnalyzerParams", REPLACES, [
    { by_field: "a" },
    { by_field: "b" },
  ]),
  "fields[].mmapEnabled": inField("mmapEnabled", IN_PLACE, [false, true], { leftOut: [false] }),
  "fields[].fields": inField("fields", REPLACES, [SMALL_STRUCT, LARGE_STRUCT], {
    same: [[LARGE_STRUCT, [...LARGE_STRUCT].reverse()]],
  }),
  "fields[].fields[].name": inMember("name", REPLACES, ["part", "other"], { at: 'fields["parts"].fields' }),
  "fields[].fields[].dataType": inMember("dataType", REPLACES, ["Int64", "Int32"]),
  "fields[].fields[].description": inMember("description", REPLACES, ["a", "b"], { leftOut: [""] }),
  "fields[].fields[].dim": inMember("dim", REPLACES, [8, 16]),
  "fields[].fields[].maxLength": inMember("maxLength", IN_PLACE_IF_NEW, [8, 16]),
  "fields[].fields[].enableAnalyzer": inMember("enableAnalyzer", REPLACES, [false, true], {
    leftOut: [false],
  }),
  "fields[].fields[].enableMatch": inMember("enableMatch", REPLACES, [false, true], { leftOut: [false] }),
  "fields[].fields[].analyzerParams": inMember("analyzerParams", REPLACES, [{ type: "a" }, { type: "b" }]),
  "fields[].fields[].multiAnalyzerParams": inMember("multiAnalyzerParams", REPLACES, [
    { by_field: "a" },
    { by_field: "b" },
  ]),
  "fields[].fields[].mmapEnabled": inMember("mmapEnabled", IN_PLACE, [false, true], { leftOut: [false] }),
  functions: input("functions", REPLACES, [[BM25], [BM25, { ...BM25, name: "second" }]], {
    changes: [change(undefined, [BM25], REPLACES), change([BM25], undefined, REPLACES)],
    leftOut: [[]],
    same: [
      [
        [BM25, { ...BM25, name: "second" }],
        [{ ...BM25, name: "second" }, BM25],
      ],
    ],
  }),
  "functions[].name": inFunction("name", ["by_words", "other"], { at: "functions" }),
  "functions[].type": inFunction("type", ["BM25", "MinHash"]),
  "functions[].inputFieldNames": inFunction("inputFieldNames", [["words"], ["title"]]),
  "functions[].outputFieldNames": inFunction("outputFieldNames", [["sparse"], ["other"]]),
  "functions[].params": inFunction("params", [{ bm25_k1: 1.2 }, { bm25_k1: 1.5 }], {
    // Milvus keeps them as texts.
    same: [
      [{ bm25_k1: "1.2" }, { bm25_k1: 1.2 }],
      [
        { model: '{"dim":8}', on: "true" },
        { on: true, model: { dim: 8 } },
      ],
    ],
  }),
  "functions[].description": inFunction("description", ["a", "b"], { leftOut: [""] }),
  enableDynamicField: input("enableDynamicField", REPLACES, [false, true], {
    changes: [
      change(false, true, IN_PLACE_IF_NEW),
      change(true, false, REPLACES),
      change(true, undefined, REPLACES),
    ],
    leftOut: [false],
  }),
  consistencyLevel: input("consistencyLevel", IN_PLACE_IF_NEW, ["Strong", "Eventually"], {
    leftOut: ["Bounded"],
  }),
  shardsNum: input("shardsNum", REPLACES, [1, 2], { leftOut: [1, 2] }),
  numPartitions: input("numPartitions", REPLACES, [16, 32], { leftOut: [16, 64] }),
  properties: input("properties", IN_PLACE, [{}, {}], {
    changes: [
      change({}, { "collection.ttl.seconds": "60" }, IN_PLACE),
      change({ "collection.ttl.seconds": "60" }, { "collection.ttl.seconds": "90" }, IN_PLACE),
      change(
        { "mmap.enabled": "true" },
        { "mmap.enabled": "true", "collection.ttl.seconds": "60" },
        IN_PLACE,
      ),
    ],
    leftOut: [{}],
    same: [
      [
        { "collection.ttl.seconds": "60", "mmap.enabled": "true" },
        { "mmap.enabled": "true", "collection.ttl.seconds": "60" },
      ],
    ],
  }),
  version: input("version", REPLACES, ["1", "2"]),
  protectData: input("protectData", IN_PLACE, [false, true], { leftOut: [false] }),
  adopt: input("adopt", NOTHING, [undefined, true]),
  timeouts: input("timeouts", NOTHING, [{}, { create: 5 }], { leftOut: [{ create: 5 }] }),
  "timeouts.create": timeout("create"),
  "timeouts.update": timeout("update"),
  "timeouts.delete": timeout("delete"),
};

describe("diff of a Collection", () => {
  describeDiffOf(collection.inputs, table);

  test("finds every change, each with its own effect", async () => {
    const program = {
      ...PROGRAM,
      collectionName: "papers",
      description: "new",
      fields: [ID, { ...VECTOR, dim: 16, nullable: true }],
    };
    expect(await differences(collection.inputs, STATE, program, judgeOf(NEW_SERVER))).toEqual([
      { path: "collectionName", input: "collectionName", effect: "update" },
      { path: "description", input: "description", effect: "update" },
      { path: 'fields["embedding"].dim', input: "fields", effect: "replace" },
      { path: 'fields["embedding"].nullable', input: "fields", effect: "replace" },
    ]);
  });

  test("of a property removed says on an old server why that cannot be, and updates on a new one", async () => {
    const state = { ...STATE, properties: { "collection.ttl.seconds": "60" } };
    await expect(differences(collection.inputs, state, PROGRAM, judgeOf(OLD_SERVER))).rejects.toThrow(
      new UnsupportedError(
        "properties: this server cannot remove collection.ttl.seconds (needs Milvus 2.5); set another value instead, " +
          'for example "collection.ttl.seconds": "0" to keep entities for ever',
      ),
    );
    expect(await differences(collection.inputs, state, PROGRAM, judgeOf(NEW_SERVER))).toEqual([
      { path: "properties", input: "properties", effect: "update" },
    ]);
    expect(await differences(collection.inputs, state, PROGRAM, judgeOf("milvus_lite-3.2.2"))).toHaveLength(
      1,
    );
  });

  test.each<[string, unknown, Outcome]>([
    ["shardsNum", UNKNOWN, "replace"],
    ["collectionName", UNKNOWN, "update"],
    ["properties", { "collection.ttl.seconds": UNKNOWN }, "update"],
  ])("counts %s that is not known yet as a change", async (name, value, effect) => {
    const found = await differences(
      collection.inputs,
      STATE,
      withValue(PROGRAM, name, value),
      judgeOf(NEW_SERVER),
    );
    expect(found).toEqual([{ path: name, input: name, effect }]);
  });
});

describe("diff of a Collection as the engine asks for it", () => {
  const diffOf = async (olds: Values, news: Values, config: Readonly<Record<string, string>> = {}) => {
    const provider = await configured(collection, { address: "127.0.0.1:1", ...config });
    return provider.diff?.(
      "default/documents",
      { ...olds, __provider: "old" },
      { ...news, __provider: "new" },
    );
  };

  test("says nothing for the same program, whatever the handler's text is", async () => {
    expect(await diffOf(STATE, PROGRAM)).toEqual({
      changes: false,
      replaces: [],
      deleteBeforeReplace: false,
    });
  });

  test("renames in place", async () => {
    expect(await diffOf(STATE, { ...PROGRAM, collectionName: "papers" })).toEqual({
      changes: true,
      replaces: [],
      deleteBeforeReplace: false,
    });
  });

  test("takes the provider's database for one left out", async () => {
    const { databaseName: _, ...program } = PROGRAM;
    expect((await diffOf(STATE, program))?.changes).toBe(false);
    expect((await diffOf({ ...STATE, databaseName: "app" }, program, { database: "app" }))?.changes).toBe(
      false,
    );
  });

  test("asks no server for what needs none, and says why it cannot go on when one is needed", async () => {
    const provider = await configured(collection, { address: "HOST/PATH" });
    expect((await provider.diff?.("id", STATE, { ...PROGRAM, collectionName: "papers" }))?.changes).toBe(
      true,
    );
    await expect(provider.diff?.("id", STATE, { ...PROGRAM, description: "new" })).rejects.toThrow(
      /the Milvus address must be HOST, HOST:PORT/,
    );
  });
});

describe("the order of a Collection's replacement", () => {
  test("names the inputs that replace, each once", async () => {
    const fields = [
      { ...ID, autoId: true },
      { ...VECTOR, dim: 16 },
    ];
    const program = { ...PROGRAM, shardsNum: 2, fields };
    expect((await decisionOf(collection, STATE, program)).replaces).toEqual(["fields", "shardsNum"]);
  });

  test.each<[string, Values, boolean]>([
    ["deletes first when the name stays", { shardsNum: 2 }, true],
    ["creates first under another name", { shardsNum: 2, collectionName: "papers" }, false],
    ["creates first in another database", { databaseName: "app" }, false],
  ])("%s", async (_what, change, deleteBeforeReplace) => {
    const decision = await decisionOf(collection, STATE, { ...PROGRAM, ...change });
    expect(decision).toMatchObject({ outcome: "replace", deleteBeforeReplace });
  });
});
