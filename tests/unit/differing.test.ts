import { differingPaths } from "../../provider/core/differing";
import { driftOf, logDrift, whyReplaced } from "../../provider/lifecycle/drift";
import { collection } from "../../provider/resources/collection";
import { collectionLoad } from "../../provider/resources/collection-load";
import { index } from "../../provider/resources/field-index";
import { partitionSet } from "../../provider/resources/partition-set";
import type { Properties } from "../../provider/core/properties";
import { UNKNOWN } from "../support/declared";

const ID = { name: "id", dataType: "Int64", isPrimaryKey: true };
const VECTOR = { name: "embedding", dataType: "FloatVector", dim: 8 };
const TITLE = { name: "title", dataType: "VarChar", maxLength: 100 };
const STRUCTS = {
  name: "chunks",
  dataType: "Array",
  elementType: "Struct",
  maxCapacity: 8,
  fields: [{ name: "text", dataType: "VarChar", maxLength: 10 }],
};

const pathsOf = (inputs: Properties, name: string, was: unknown, is: unknown): string[] => {
  const property = inputs[name];
  return property ? differingPaths(name, property, was, is) : [];
};

describe("what differs", () => {
  test.each<[what: string, was: unknown, is: unknown, paths: string[]]>([
    ["nothing, in another order", [ID, VECTOR], [VECTOR, ID], []],
    [
      "a default that is written out",
      [ID, VECTOR],
      [ID, { ...VECTOR, nullable: false, description: "" }],
      [],
    ],
    ["what the server chose", [ID, { ...VECTOR, warmup: "sync" }], [ID, VECTOR], []],
    ["a dim", [ID, VECTOR], [ID, { ...VECTOR, dim: 16 }], ["fields.embedding.dim 8 -> 16"]],
    [
      "a limit that comes",
      [ID, { ...TITLE, maxLength: undefined }],
      [ID, TITLE],
      ["fields.title.maxLength nothing -> 100"],
    ],
    [
      "a flag that comes",
      [ID, TITLE],
      [ID, { ...TITLE, nullable: true }],
      ["fields.title.nullable false -> true"],
    ],
    [
      "several at once",
      [ID, VECTOR, TITLE],
      [{ ...ID, dataType: "VarChar", maxLength: 9 }, VECTOR, { ...TITLE, name: "heading" }],
      [
        'fields.id.dataType "Int64" -> "VarChar"',
        "fields.id.maxLength nothing -> 9",
        "fields.title is gone",
        "fields.heading is new",
      ],
    ],
    [
      "a field of structs",
      [ID, STRUCTS],
      [ID, { ...STRUCTS, fields: [{ ...STRUCTS.fields[0], maxLength: 20 }] }],
      ["fields.chunks.fields.text.maxLength 10 -> 20"],
    ],
    [
      "what is not known yet",
      [ID, VECTOR],
      [ID, { ...VECTOR, dim: UNKNOWN }],
      ["fields.embedding.dim 8 -> known after up"],
    ],
    ["fields that are not known yet", [ID, VECTOR], UNKNOWN, ["fields: known after up"]],
    ["one that is not known yet", [ID, VECTOR], [ID, UNKNOWN], ["fields: known after up"]],
    [
      "the name of one that is not known yet",
      [ID, VECTOR],
      [ID, { ...VECTOR, name: UNKNOWN }],
      ["fields: known after up"],
    ],
  ])("in fields: %s", (_what, was, is, paths) => {
    expect(pathsOf(collection.inputs, "fields", was, is)).toEqual(paths);
  });

  test("in the parameters of an index is named by parameter, whether number or text", () => {
    expect(
      pathsOf(index.inputs, "params", { M: 8, nlist: "16" }, { M: 16, nlist: 16, sq_type: "SQ8" }),
    ).toEqual(["params.M 8 -> 16", 'params.sq_type nothing -> "SQ8"']);
  });

  test("in properties is named by key", () => {
    const [was, is] = [
      { "collection.ttl.seconds": "60", note: "a" },
      { "collection.ttl.seconds": "9", note: "a" },
    ];
    expect(pathsOf(collection.inputs, "properties", was, is)).toEqual([
      "properties.collection.ttl.seconds 60 -> 9",
    ]);
  });

  test("in a set of names is said in the words of the set", () => {
    expect(pathsOf(partitionSet.inputs, "partitionNames", ["a", "b"], ["b", "c"])).toEqual([
      "partitionNames: a is gone, c is new",
    ]);
  });

  test.each([[UNKNOWN], [["b", UNKNOWN]]])("in a set of names with %j is open", (names) => {
    expect(pathsOf(partitionSet.inputs, "partitionNames", ["a", "b"], names)).toEqual([
      'partitionNames ["a","b"] -> known after up',
    ]);
  });

  test("in properties is named by key, numbers and truth values as programs write them", () => {
    const was = { "collection.ttl.seconds": "60", "mmap.enabled": "true", timezone: "UTC" };
    const is = { "collection.ttl.seconds": "120", timezone: UNKNOWN, "lazyload.enabled": "007" };
    expect(pathsOf(collection.inputs, "properties", was, is)).toEqual([
      "properties.collection.ttl.seconds 60 -> 120",
      "properties.mmap.enabled true -> nothing",
      'properties.timezone "UTC" -> known after up',
      "properties.lazyload.enabled nothing -> 007",
    ]);
    expect(pathsOf(collection.inputs, "properties", was, was)).toEqual([]);
    expect(pathsOf(collection.inputs, "properties", undefined, { timezone: "UTC" })).toEqual([
      'properties.timezone nothing -> "UTC"',
    ]);
    expect(pathsOf(collection.inputs, "properties", was, UNKNOWN)).toEqual([
      expect.stringMatching(/^properties \{.* -> known after up$/),
    ]);
  });

  test("in a field with a name that a terminal would obey is shown as a string", () => {
    const odd = { ...VECTOR, name: "a\u001b[2J" };
    expect(pathsOf(collection.inputs, "fields", [odd], [{ ...odd, dim: 9 }])).toEqual([
      String.raw`fields["a\u001b[2J"].dim 8 -> 9`,
    ]);
  });
});

describe("why something is replaced", () => {
  const old = { fields: [ID, VECTOR], version: "one", collectionName: "docs" };
  const wanted = { fields: [ID, { ...VECTOR, dim: 16 }], version: "two", collectionName: "docs" };

  test("is told by its inputs", () => {
    expect(whyReplaced(collection.inputs, ["fields", "version"], old, wanted, new Set())).toEqual([
      "fields.embedding.dim 8 -> 16",
      'version "one" -> "two"',
    ]);
  });

  test("is not shown of a secret", () => {
    expect(whyReplaced(collection.inputs, ["version"], old, wanted, new Set(["version"]))).toEqual([
      "version, which is a secret and not shown",
    ]);
  });

  test("is not said again of what stands in something that is replaced", () => {
    const [was, is] = [{ collectionId: "1" }, { collectionId: UNKNOWN }];
    expect(whyReplaced(index.inputs, ["collectionId"], was, is, new Set())).toEqual([]);
  });
});

describe("drift of a schema", () => {
  const told: string[] = [];
  const drift = (found: object, secrets: ReadonlySet<string> = new Set()): string[] => {
    told.length = 0;
    const recorded = { fields: [ID, VECTOR, TITLE] };
    logDrift(collection.inputs, "collection docs", recorded, { fields: found }, secrets);
    return [...told];
  };
  beforeAll(() => jest.spyOn(console, "log").mockImplementation((line: string) => void told.push(line)));
  afterAll(() => jest.restoreAllMocks());

  test("names the paths that differ, with what was and is there", () => {
    expect(
      drift([ID, { ...VECTOR, dim: 16 }, { ...TITLE, maxLength: 200 }, { ...TITLE, name: "heading" }]),
    ).toEqual([
      "collection docs: fields on the server: fields.embedding.dim 8 -> 16, fields.title.maxLength 100 -> 200, " +
        "fields.heading is new",
    ]);
  });

  test("is none where only what goes without saying differs", () => {
    expect(drift([VECTOR, { ...TITLE, nullable: false }, ID])).toEqual([]);
  });

  test("is not shown of a secret", () => {
    expect(drift([ID], new Set(["fields"]))).toEqual([
      "collection docs: fields is another on the server than in the state; it is a secret and not shown",
    ]);
  });
});

describe("drift of any input", () => {
  const drift = (inputs: Properties, recorded: object, found: object) =>
    driftOf(inputs, { ...recorded }, { ...found }, new Set());

  test("has the paths that differ, and the words of a refresh", () => {
    expect(drift(collection.inputs, { fields: [ID, VECTOR] }, { fields: [ID] })).toEqual([
      {
        input: "fields",
        paths: [{ path: "fields.embedding", inWords: "fields.embedding is gone" }],
        inWords: "fields on the server: fields.embedding is gone",
      },
    ]);
  });

  test("is there as well where the state had nothing", () => {
    const [found] = drift(collectionLoad.inputs, {}, { partitionNames: ["y2024"] });
    expect(found?.inWords).toBe('partitionNames is ["y2024"] on the server, the state had nothing');
  });

  test("is none where the state has yet to record what the server chose, or a default", () => {
    expect(drift(collectionLoad.inputs, {}, { replicaNumber: 1 })).toEqual([]);
    expect(drift(collection.inputs, {}, { properties: {}, enableDynamicField: false, shardsNum: 2 })).toEqual(
      [],
    );
  });
});
