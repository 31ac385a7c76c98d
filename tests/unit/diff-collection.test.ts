import { differences, together } from "../../provider/core/diff";
import { logTo } from "../../provider/core/log";
import type { Effect, Judge } from "../../provider/core/properties";
import { MilvusError } from "../../provider/milvus/errors";
import { collection } from "../../provider/resources/collection";
import { configured, judgeOf, ofRun, UNKNOWN, type Values, withValue } from "../support/declared";
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

type Ages = readonly [old: Outcome | RegExp, onNew: Outcome | RegExp];
const REPLACES: Ages = ["replace", "replace"];
const IN_PLACE: Ages = ["update", "update"];
const IN_PLACE_IF_NEW: Ages = [
  /: this server cannot change it in place \(needs Milvus 2\.\d\.\d+ or later, it is v2\.3\.5-lite\)$/,
  "update",
];
const DECLARED_IF_NEW: Ages = [/: this server does not know it \(needs Milvus 2\./, "update"];
/** The newer server of the tables is a 2.6. */
const SWITCHED_OFF: Ages = [
  /\(needs Milvus 3\.0\.0 or later/,
  /\(needs Milvus 3\.0\.0 or later, it is 2\.6\.22\)/,
];
const NEVER: Ages = [/: no Milvus so far changes it in place$/, /: no Milvus so far changes it in place$/];
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
  ages: Ages = REPLACES,
): DiffCase => ({
  at: `functions["by_words"].${name}`,
  state: (value) => ({ ...STATE, functions: [withValue(BM25, name, value)] }),
  program: (value) => ({ ...PROGRAM, functions: [withValue(BM25, name, value)] }),
  changes: [change(values[0], values[1], ages), change(values[1], values[0], ages)],
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
  "fields[].description": inField("description", IN_PLACE_IF_NEW, ["before", "after"], { leftOut: [""] }),
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
    // Large numbers are written as strings; states of before values had one form have others.
    same: [
      ["007", 7],
      ["-0", 0],
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
  "fields[].mmapEnabled": inField("mmapEnabled", DECLARED_IF_NEW, [false, true], { leftOut: [false] }),
  "fields[].warmup": inField("warmup", DECLARED_IF_NEW, ["sync", "disable"], {
    leftOut: ["sync", "disable"],
  }),
  "fields[].fields": inField("fields", REPLACES, [SMALL_STRUCT, LARGE_STRUCT], {
    same: [[LARGE_STRUCT, [...LARGE_STRUCT].reverse()]],
  }),
  "fields[].fields[].name": inMember("name", REPLACES, ["part", "other"], { at: 'fields["parts"].fields' }),
  "fields[].fields[].dataType": inMember("dataType", REPLACES, ["Int64", "Int32"]),
  "fields[].fields[].description": inMember("description", NEVER, ["a", "b"], { leftOut: [""] }),
  "fields[].fields[].dim": inMember("dim", REPLACES, [8, 16]),
  "fields[].fields[].maxLength": inMember("maxLength", NEVER, [8, 16]),
  "fields[].fields[].enableAnalyzer": inMember("enableAnalyzer", REPLACES, [false, true], {
    leftOut: [false],
  }),
  "fields[].fields[].enableMatch": inMember("enableMatch", REPLACES, [false, true], { leftOut: [false] }),
  "fields[].fields[].analyzerParams": inMember("analyzerParams", REPLACES, [{ type: "a" }, { type: "b" }]),
  "fields[].fields[].multiAnalyzerParams": inMember("multiAnalyzerParams", REPLACES, [
    { by_field: "a" },
    { by_field: "b" },
  ]),
  "fields[].fields[].mmapEnabled": inMember("mmapEnabled", NEVER, [false, true], { leftOut: [false] }),
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
  "functions[].description": inFunction("description", ["a", "b"], { leftOut: [""] }, NEVER),
  enableDynamicField: input("enableDynamicField", REPLACES, [false, true], {
    changes: [
      change(false, true, IN_PLACE_IF_NEW),
      change(true, false, SWITCHED_OFF),
      change(true, undefined, SWITCHED_OFF),
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
  servedThrough: input("servedThrough", IN_PLACE, ["documents", "papers"]),
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
    expect(await differences(collection.inputs, state, PROGRAM, judgeOf(OLD_SERVER))).toEqual([
      {
        path: "properties",
        input: "properties",
        effect: {
          refuse: "properties: this server cannot remove collection.ttl.seconds (needs Milvus 2.5)",
          instead:
            'Set another value instead, for example "collection.ttl.seconds": "0" to keep entities for ever',
        },
      },
    ]);
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
    expect(found).toEqual([{ path: name, input: name, effect, isOpen: true }]);
  });
});

test("properties that are not known yet take none for removed, on a server that cannot remove them", async () => {
  const state = { ...STATE, properties: { "collection.ttl.seconds": "60" } };
  const wanted = { ...PROGRAM, properties: { "collection.ttl.seconds": UNKNOWN } };
  expect(await differences(collection.inputs, state, wanted, judgeOf(OLD_SERVER))).toEqual([
    { path: "properties", input: "properties", effect: "update", isOpen: true },
  ]);
});

describe("a schema of which parts come and go", () => {
  const YEAR = { name: "year", dataType: "Int64", nullable: true };
  const IMAGE = { name: "image", dataType: "FloatVector", dim: 8, nullable: true };
  const PARTS = {
    name: "parts",
    dataType: "Array",
    elementType: "Struct",
    maxCapacity: 4,
    nullable: true,
    fields: [{ name: "part", dataType: "Int64" }],
  };
  const WORDS = { name: "words", dataType: "VarChar", maxLength: 20, enableAnalyzer: true };
  const SPARSE = { name: "sparse", dataType: "SparseFloatVector" };
  const told: string[] = [];
  beforeAll(() => logTo((line) => void told.push(line)));

  const whole = { fields: [ID, VECTOR, WORDS], functions: [] as unknown[] };
  const with_ = (...fields: unknown[]) => ({ ...whole, fields: [...whole.fields, ...fields] });
  const searched = { fields: [...whole.fields, SPARSE], functions: [BM25] };

  test.each<[string, object, object, string, string, RegExp]>([
    [
      "a nullable field",
      whole,
      with_(YEAR),
      "2.5.27",
      "2.6.0",
      /adding a nullable field in place needs Milvus 2.6.0 or/,
    ],
    [
      "a nullable vector",
      whole,
      with_(IMAGE),
      "2.6.17",
      "2.6.18",
      /nullable vector field in place needs Milvus 2.6.18/,
    ],
    [
      "a nullable array of structs",
      whole,
      with_(PARTS),
      "2.6.22",
      "3.0.0",
      /array of structs in place needs Milvus 3.0.0/,
    ],
    [
      "a dropped field",
      with_(YEAR),
      whole,
      "2.6.22",
      "3.0.0",
      /dropping a field in place needs Milvus 3.0.0/,
    ],
    [
      "a BM25 function with its field",
      whole,
      searched,
      "2.6.22",
      "3.0.0",
      /adding a BM25 function .* needs Milvus 3.0.0/,
    ],
    [
      "a function that goes with its field",
      searched,
      whole,
      "2.6.22",
      "3.0.0",
      /dropping a function .* Milvus 3.0.0/,
    ],
    [
      "a field for another",
      with_(YEAR),
      with_({ ...YEAR, name: "month" }),
      "2.6.22",
      "3.0.0",
      /dropping a field in place/,
    ],
  ])("is changed in place from the version that can: %s", async (what, old, now, before, since, message) => {
    const name = `named_${what.replaceAll(/\W/g, "_")}`;
    const effects = async (version: string) => {
      const found = await differences(
        collection.inputs,
        { ...STATE, collectionName: name, ...old },
        { ...PROGRAM, collectionName: name, ...now },
        judgeOf(version),
      );
      return [...new Set(found.map(({ effect }) => effect))];
    };
    expect(await effects(since)).toEqual(["update"]);
    expect(told.filter((line) => line.includes(name))).toEqual([]);
    expect(await effects(before)).toEqual(["replace"]);
    expect(told.filter((line) => line.includes(name))).toEqual([
      expect.stringMatching(
        new RegExp(`^collection ${name} will be replaced: .*${message.source}`),
      ) as string,
    ]);
  });

  test.each<[string, object, object, RegExp]>([
    [
      "a field that is not nullable",
      whole,
      with_({ ...YEAR, nullable: false }),
      /year is added in place only when it has nullable: true/,
    ],
    [
      "a partition key",
      whole,
      with_({ ...YEAR, isPartitionKey: true }),
      /year is a key, and Milvus adds none/,
    ],
    [
      "a partition key that goes",
      with_({ ...YEAR, isPartitionKey: true }),
      whole,
      /year is a key, and Milvus drops none/,
    ],
    [
      "a function that is not BM25",
      whole,
      { ...searched, functions: [{ ...BM25, type: "TextEmbedding" }] },
      /only when it is of type BM25/,
    ],
    ["a function on a field that is there", with_(SPARSE), searched, /its one output field is new as well/],
    [
      "a function whose field stays",
      searched,
      with_(SPARSE),
      /dropped in place only together with the field that it fills, sparse/,
    ],
  ])("is replaced on every server for %s, and says why", async (what, old, now, message) => {
    const name = `never_${what.replaceAll(/\W/g, "_")}`;
    const found = await differences(
      collection.inputs,
      { ...STATE, collectionName: name, ...old },
      { ...PROGRAM, collectionName: name, ...now },
      judgeOf("3.0.4"),
    );
    expect(found.map(({ effect }) => effect)).toContain("replace");
    expect(told.filter((line) => line.includes(name)).join()).toMatch(message);
  });

  test("is replaced when a field that stays changes as well in what is never changed in place", async () => {
    const now = { fields: [ID, { ...VECTOR, dim: 16 }, WORDS, YEAR], functions: [] };
    const found = await differences(
      collection.inputs,
      { ...STATE, ...whole },
      { ...PROGRAM, ...now },
      judgeOf("3.0.4"),
    );
    expect(found.map(({ effect }) => effect)).toEqual(["replace"]);
  });

  test("is changed in place when a field that stays is only longer", async () => {
    const now = { fields: [ID, VECTOR, { ...WORDS, maxLength: 40 }, YEAR], functions: [] };
    const found = await differences(
      collection.inputs,
      { ...STATE, ...whole },
      { ...PROGRAM, ...now },
      judgeOf("3.0.4"),
    );
    expect(found.map(({ effect }) => effect)).toEqual(["update"]);
  });

  test("changes mmap of a field, and says what that costs", async () => {
    const name = "mmap_of_a_field";
    const found = await differences(
      collection.inputs,
      { ...STATE, collectionName: name },
      { ...PROGRAM, collectionName: name, fields: [ID, { ...VECTOR, mmapEnabled: true }] },
      judgeOf("2.5.0"),
    );
    expect(found.map(({ effect }) => effect)).toEqual(["update"]);
    expect(told.filter((line) => line.includes(name)).join()).toMatch(
      /will be released .* searches fail meanwhile/,
    );
  });
});

/** Refused, with what in words and what to do instead; or what becomes of the collection. */
async function effectOn(version: string, state: Values, program: Values): Promise<Effect> {
  return together(await differences(collection.inputs, state, program, judgeOf(version)));
}

describe("what is not worth the data of a collection", () => {
  const WORD = { name: "word", dataType: "VarChar", maxLength: 20 };
  const TAGS = { name: "tags", dataType: "Array", elementType: "Int64", maxCapacity: 8 };
  const whole = [ID, VECTOR, WORD, TAGS];
  const withFields = (...fields: Values[]): Values => ({ fields });

  test.each<[what: string, before: string, since: string, was: Values, now: Values, path: string]>([
    ["description", "2.5.11", "2.5.12", {}, { description: "new" }, "description"],
    ["consistencyLevel", "2.5.4", "2.5.5", {}, { consistencyLevel: "Strong" }, "consistencyLevel"],
    ["enableDynamicField on", "2.6.5", "2.6.6", {}, { enableDynamicField: true }, "enableDynamicField"],
    ["enableDynamicField off", "2.6.22", "3.0.0", { enableDynamicField: true }, {}, "enableDynamicField"],
    [
      "maxLength",
      "2.5.1",
      "2.5.2",
      {},
      withFields(ID, VECTOR, { ...WORD, maxLength: 30 }, TAGS),
      'fields["word"].maxLength',
    ],
    [
      "maxCapacity",
      "2.5.10",
      "2.5.11",
      {},
      withFields(ID, VECTOR, WORD, { ...TAGS, maxCapacity: 9 }),
      'fields["tags"].maxCapacity',
    ],
    [
      "mmapEnabled",
      "2.4.23",
      "2.5.0",
      {},
      withFields(ID, { ...VECTOR, mmapEnabled: true }, WORD, TAGS),
      'fields["embedding"].mmapEnabled',
    ],
    [
      "the description of a field",
      "2.6.8",
      "2.6.9",
      {},
      withFields(ID, { ...VECTOR, description: "new" }, WORD, TAGS),
      'fields["embedding"].description',
    ],
  ])(
    "is refused and never replaced: %s on %s, in place from %s",
    async (_w, before, since, was, now, path) => {
      const [state, program] = [
        { ...STATE, fields: whole, ...was },
        { ...PROGRAM, fields: whole, ...now },
      ];
      expect(await effectOn(before, state, program)).toEqual({
        refuse: `${path}: this server cannot change it in place (needs Milvus ${since} or later, it is ${before})`,
        instead: expect.stringContaining("change the input `version` of the collection") as string,
      });
      expect(await effectOn(since, state, program)).toBe("update");
    },
  );

  test("is refused all at once, with one way out", async () => {
    const program = { ...PROGRAM, description: "new", consistencyLevel: "Strong" };
    expect(await effectOn("2.4.23", STATE, program)).toEqual({
      refuse: expect.stringMatching(/^description: .*; consistencyLevel: /) as string,
      instead: expect.not.stringContaining(". ") as string,
    });
  });

  test.each<[string, Values]>([
    ["version", { version: "2" }],
    ["the database", { databaseName: "app" }],
    ["the number of shards", { shardsNum: 2 }],
    ["a dimension", { fields: [ID, { ...VECTOR, dim: 16 }] }],
    ["a field that is a key", { fields: [ID, VECTOR, { ...WORD, isPartitionKey: true }] }],
  ])("comes with the new collection when %s replaces it anyway", async (_what, more) => {
    const program = { ...PROGRAM, description: "new", consistencyLevel: "Strong", ...more };
    expect(await effectOn("2.4.23", { ...STATE, version: "1" }, program)).toBe("replace");
  });

  test("is no reason for a refusal where a change of the schema replaces, which is worth it", async () => {
    const program = { ...PROGRAM, fields: [ID, VECTOR, { ...WORD, nullable: true }] };
    expect(await effectOn("2.5.27", STATE, program)).toBe("replace");
  });

  test("is refused in a field that stays, also when another one comes in place", async () => {
    const fields = [ID, { ...VECTOR, description: "new" }, { ...WORD, nullable: true }];
    expect(await effectOn("2.6.8", STATE, { ...PROGRAM, fields })).toMatchObject({
      refuse: expect.stringContaining('fields["embedding"].description') as string,
    });
  });

  test("is no refusal while it is not known yet", async () => {
    for (const input of ["description", "consistencyLevel", "enableDynamicField"])
      expect(await effectOn("2.4.23", STATE, { ...PROGRAM, [input]: UNKNOWN })).toBe("update");
  });

  test("of an array of structs is refused on every server: its description", async () => {
    const parts = {
      name: "parts",
      dataType: "Array",
      elementType: "Struct",
      maxCapacity: 4,
      fields: [{ name: "part", dataType: "Int64" }],
    };
    const fields = [ID, VECTOR, parts];
    const changed = [ID, VECTOR, { ...parts, description: "new" }];
    expect(await effectOn("3.0.4", { ...STATE, fields }, { ...PROGRAM, fields: changed })).toMatchObject({
      refuse: 'fields["parts"].description: no Milvus so far changes it in place',
    });
  });

  test("on Milvus Lite is refused in its name", async () => {
    expect(await effectOn("milvus_lite-3.2.2", STATE, { ...PROGRAM, description: "new" })).toMatchObject({
      refuse:
        "description: this server cannot change it in place (Milvus Lite does not have it, it is milvus_lite-3.2.2)",
    });
  });
});

describe("a server that does not answer", () => {
  const silent = (code: "grpc 14" | "grpc 16"): Judge => {
    const failure = { operation: "GetVersion", object: "the server", address: "there:1", reason: "no", code };
    const supports = () => Promise.reject(new MilvusError(failure));
    return { ...ofRun(), supports, lacks: supports };
  };
  const program = { ...PROGRAM, description: "new", enableDynamicField: true };

  test("is asked when it is changed, which is said once", async () => {
    const told: string[] = [];
    logTo((line) => void told.push(line));
    const found = await differences(collection.inputs, STATE, program, silent("grpc 14"));
    expect(together(found)).toBe("update");
    expect(told).toEqual([
      "warning: Milvus at there:1 does not answer: what it can change in place is asked when it is changed",
    ]);
  });

  test("is another thing than one that refuses who asks", async () => {
    await expect(differences(collection.inputs, STATE, program, silent("grpc 16"))).rejects.toThrow(
      MilvusError,
    );
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
