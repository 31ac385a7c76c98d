import { collection } from "../../provider/resources/collection";
import { checkCases, type CheckCase, type CheckTable, describeCheckOf } from "../support/check-table";
import { checked, failuresOf, UNKNOWN, type Values, withValue } from "../support/declared";

const ID = { name: "id", dataType: "Int64", isPrimaryKey: true };
const VECTOR = { name: "embedding", dataType: "FloatVector", dim: 8 };
const BASE = { collectionName: "documents", fields: [ID, VECTOR] };

const withField = (field: Values): Values => ({ ...BASE, fields: [ID, VECTOR, field] });

const NAME_RULE = /letters, digits and underscores only and starts with a letter or an underscore/;
const LONGEST_NAME = "n".repeat(255);
const BAD_NAMES = [
  ["bad-name", NAME_RULE],
  ["1st", NAME_RULE],
  ["", NAME_RULE],
  ["name with blanks", NAME_RULE],
  ["größe", NAME_RULE],
  [`${LONGEST_NAME}n`, /at most 255 characters, has 256/],
] as const;
const GOOD_NAMES = ["a", "_", "_private", "With_Digits_09", LONGEST_NAME];
const NO_TEXT = [[5, /must be a string, not a number/]] as const;
const NO_FLAG = [
  ["true", /must be true or false, not "true"/],
  [1, /must be true or false, not 1/],
] as const;
const NO_WHOLE = [
  ["8", /must be a whole number, not "8"/],
  [1.5, /must be a whole number, not 1.5/],
] as const;
const MISSING = [undefined, /is required and missing/] as const;

const { input } = checkCases(BASE);

/** A property of a field that is added to a valid collection. */
const inField = (field: Values, name: string, values: Omit<CheckCase, "at" | "put">): CheckCase => ({
  at: `fields[2].${name}`,
  put: (value) => withField(withValue({ name: "more", ...field }, name, value)),
  ...values,
});

/** A property of a member of an array of structs. */
const inMember = (member: Values, name: string, values: Omit<CheckCase, "at" | "put">): CheckCase => ({
  at: `fields[2].fields[0].${name}`,
  put: (value) =>
    withField({
      name: "parts",
      dataType: "Array",
      elementType: "Struct",
      maxCapacity: 10,
      fields: [withValue({ name: "part", ...member }, name, value)],
    }),
  ...values,
});

const TEXT_FIELD = { name: "words", dataType: "VarChar", maxLength: 100, enableAnalyzer: true };
const SPARSE = { name: "sparse", dataType: "SparseFloatVector" };
const BM25 = { name: "by_words", type: "BM25", inputFieldNames: ["words"], outputFieldNames: ["sparse"] };

const inFunction = (name: string, values: Omit<CheckCase, "at" | "put">, at = name): CheckCase => ({
  at: `functions[0].${at}`,
  put: (value) => ({
    ...BASE,
    fields: [ID, VECTOR, TEXT_FIELD, SPARSE],
    functions: [withValue(BM25, name, value)],
  }),
  ...values,
});

const timeout = (name: string): CheckCase => ({
  at: `timeouts.${name}`,
  put: (value) => ({ ...BASE, timeouts: { [name]: value } }),
  good: [1, 86_400],
  wrongType: NO_WHOLE,
  bad: [[0, /must be 1 or more, not 0/]],
});

const VARCHAR = { dataType: "VarChar", maxLength: 10 };
const ANALYZED = { ...VARCHAR, enableAnalyzer: true };
const ARRAY = { dataType: "Array", elementType: "Int64", maxCapacity: 10 };

const table: CheckTable = {
  collectionName: input("collectionName", { good: GOOD_NAMES, wrongType: NO_TEXT, bad: BAD_NAMES }),
  databaseName: input("databaseName", { good: GOOD_NAMES, wrongType: NO_TEXT, bad: BAD_NAMES }),
  description: input("description", {
    good: ["", "What the assistant may quote – “all”"],
    wrongType: NO_TEXT,
  }),
  fields: input("fields", {
    good: [[ID, VECTOR]],
    wrongType: [
      [{}, /must be a list, not an object/],
      ["id", /must be a list, not a string/],
    ],
    bad: [
      [[], /needs at least 1/],
      MISSING,
      [[VECTOR], /need a primary key/],
      [[ID], /at least one vector field/],
    ],
  }),
  "fields[].name": inField({ dataType: "Int64" }, "name", {
    good: GOOD_NAMES,
    wrongType: NO_TEXT,
    bad: [
      ...BAD_NAMES,
      MISSING,
      ["id", /"id" is the name of fields\[0\] already/],
      ["RowID", /"RowID" is reserved by Milvus/],
      ["Timestamp", /"Timestamp" is reserved by Milvus/],
    ],
  }),
  "fields[].dataType": inField({}, "dataType", {
    good: [
      "Bool",
      "Int8",
      "Int16",
      "Int32",
      "Int64",
      "Float",
      "Double",
      "JSON",
      "Geometry",
      "Text",
      "Timestamptz",
    ],
    wrongType: [[5, /5 is not one of Bool, Int8/]],
    bad: [
      MISSING,
      ["Int63", /"Int63" is not one of .*did you mean "Int64"/],
      ["varchar", /did you mean "VarChar"/],
      ["Struct", /"Struct" is not one of/],
    ],
  }),
  "fields[].isPrimaryKey": inField({ dataType: "Int64" }, "isPrimaryKey", {
    good: [false],
    wrongType: NO_FLAG,
    bad: [[true, /there can be one primary key only, and "id" is one already/]],
  }),
  "fields[].autoId": inField({ dataType: "Int64" }, "autoId", {
    good: [false],
    wrongType: NO_FLAG,
    bad: [[true, /is only for the primary key/]],
  }),
  "fields[].description": inField({ dataType: "Int64" }, "description", {
    good: ["", "why"],
    wrongType: NO_TEXT,
  }),
  "fields[].dim": inField({ dataType: "FloatVector" }, "dim", {
    good: [1, 2, 768, 32_768],
    wrongType: NO_WHOLE,
    bad: [
      [0, /must be 1 to 32768 for FloatVector, not 0/],
      [-8, /must be 1 to 32768 for FloatVector, not -8/],
      [32_769, /must be 1 to 32768 for FloatVector, not 32769/],
      [undefined, /is required for FloatVector: 1 to 32768/],
    ],
  }),
  "fields[].maxLength": inField({ dataType: "VarChar" }, "maxLength", {
    good: [1, 65_535],
    wrongType: NO_WHOLE,
    bad: [
      [0, /must be 1 or more, not 0/],
      [65_536, /must be 65535 or less, not 65536/],
      [undefined, /is required for VarChar: 1 to 65,535 bytes/],
    ],
  }),
  "fields[].elementType": inField({ dataType: "Array", maxCapacity: 10 }, "elementType", {
    good: ["Bool", "Int8", "Int16", "Int32", "Int64", "Float", "Double"],
    wrongType: [[5, /5 is not one of Bool, Int8/]],
    bad: [
      ["Int65", /did you mean "Int64"/],
      ["JSON", /an Array cannot hold JSON/],
      [undefined, /is required for Array/],
    ],
  }),
  "fields[].maxCapacity": inField(ARRAY, "maxCapacity", {
    good: [1, 4096],
    wrongType: NO_WHOLE,
    bad: [
      [0, /must be 1 or more, not 0/],
      [4097, /must be 4096 or less, not 4097/],
      [undefined, /is required for Array: 1 to 4,096 elements/],
    ],
  }),
  "fields[].isPartitionKey": inField({ dataType: "Int64" }, "isPartitionKey", {
    good: [true, false],
    wrongType: NO_FLAG,
  }),
  "fields[].isClusteringKey": inField({ dataType: "Int64" }, "isClusteringKey", {
    good: [true, false],
    wrongType: NO_FLAG,
  }),
  "fields[].nullable": inField({ dataType: "Int64" }, "nullable", {
    good: [true, false],
    wrongType: NO_FLAG,
  }),
  "fields[].defaultValue": inField({ dataType: "Int64" }, "defaultValue", {
    good: [
      0,
      -1,
      7,
      Number.MAX_SAFE_INTEGER,
      "9007199254740993",
      "9223372036854775807",
      "-9223372036854775808",
    ],
    wrongType: [
      [{}, /must be a string, a number, true or false, not an object/],
      [true, /must be a whole number that fits 64 bits for Int64, not true/],
      ["seven", /must be a whole number that fits 64 bits for Int64, not "seven"/],
    ],
    bad: [
      ["9223372036854775808", /must be a whole number that fits 64 bits/],
      ["-9223372036854775809", /must be a whole number that fits 64 bits/],
      [9007199254740993, /beyond the whole numbers that JavaScript keeps .*write it as a string, in quotes/],
      [-(2 ** 53), /write it as a string/],
      [1.5, /must be a whole number that fits 64 bits for Int64, not 1.5/],
    ],
  }),
  "fields[].enableAnalyzer": inField(VARCHAR, "enableAnalyzer", { good: [true, false], wrongType: NO_FLAG }),
  "fields[].enableMatch": inField(ANALYZED, "enableMatch", { good: [true, false], wrongType: NO_FLAG }),
  "fields[].analyzerParams": inField(ANALYZED, "analyzerParams", {
    good: [{ type: "english" }, { tokenizer: "standard", filter: ["lowercase"] }, {}],
    wrongType: [
      ["english", /must be an object, not a string/],
      [["english"], /must be an object, not a list/],
    ],
  }),
  "fields[].multiAnalyzerParams": inField(ANALYZED, "multiAnalyzerParams", {
    good: [{ by_field: "language", analyzers: { en: { type: "english" } } }],
    wrongType: [["english", /must be an object, not a string/]],
  }),
  "fields[].mmapEnabled": inField({ dataType: "JSON" }, "mmapEnabled", {
    good: [true, false],
    wrongType: NO_FLAG,
  }),
  "fields[].warmup": inField({ dataType: "JSON" }, "warmup", {
    good: ["sync", "disable"],
    wrongType: [[true, /true is not one of sync, disable/]],
    bad: [["async", /"async" is not one of sync, disable/]],
  }),
  "fields[].fields": inField({ dataType: "Array", elementType: "Struct", maxCapacity: 10 }, "fields", {
    good: [[{ name: "part", dataType: "Int64" }]],
    wrongType: [[{ name: "part", dataType: "Int64" }, /must be a list, not an object/]],
    bad: [[undefined, /go with elementType Struct, and it with them/]],
  }),
  "fields[].fields[].name": inMember({ dataType: "Int64" }, "name", {
    good: GOOD_NAMES,
    wrongType: NO_TEXT,
    bad: [...BAD_NAMES, MISSING],
  }),
  "fields[].fields[].dataType": inMember({}, "dataType", {
    good: ["Bool", "Int8", "Double", "Float"],
    wrongType: [[5, /5 is not one of Bool/]],
    bad: [MISSING, ["Flout", /did you mean "Float"/]],
  }),
  "fields[].fields[].description": inMember({ dataType: "Int64" }, "description", {
    good: ["x"],
    wrongType: NO_TEXT,
  }),
  "fields[].fields[].dim": inMember({ dataType: "FloatVector" }, "dim", {
    good: [1, 32_768],
    wrongType: NO_WHOLE,
    bad: [
      [0, /must be 1 to 32768/],
      [32_769, /must be 1 to 32768/],
      [undefined, /is required for FloatVector/],
    ],
  }),
  "fields[].fields[].maxLength": inMember({ dataType: "VarChar" }, "maxLength", {
    good: [1, 65_535],
    wrongType: NO_WHOLE,
    bad: [
      [0, /must be 1 or more/],
      [65_536, /must be 65535 or less/],
      [undefined, /is required for VarChar/],
    ],
  }),
  "fields[].fields[].enableAnalyzer": inMember(VARCHAR, "enableAnalyzer", {
    good: [true],
    wrongType: NO_FLAG,
  }),
  "fields[].fields[].enableMatch": inMember(ANALYZED, "enableMatch", { good: [true], wrongType: NO_FLAG }),
  "fields[].fields[].analyzerParams": inMember(ANALYZED, "analyzerParams", {
    good: [{ type: "english" }],
    wrongType: [["english", /must be an object/]],
  }),
  "fields[].fields[].multiAnalyzerParams": inMember(ANALYZED, "multiAnalyzerParams", {
    good: [{ by_field: "language" }],
    wrongType: [["english", /must be an object/]],
  }),
  "fields[].fields[].mmapEnabled": inMember({ dataType: "Int64" }, "mmapEnabled", {
    good: [true],
    wrongType: NO_FLAG,
  }),
  functions: {
    at: "functions",
    put: (value) => ({ ...BASE, fields: [ID, VECTOR, TEXT_FIELD, SPARSE], functions: value }),
    good: [[], [BM25]],
    wrongType: [[BM25, /must be a list, not an object/]],
  },
  "functions[].name": inFunction("name", {
    good: GOOD_NAMES,
    wrongType: NO_TEXT,
    bad: [...BAD_NAMES, MISSING],
  }),
  "functions[].type": inFunction("type", {
    good: ["BM25", "TextEmbedding", "Rerank", "MinHash", "MolFingerprint"],
    wrongType: [[1, /1 is not one of BM25/]],
    bad: [MISSING, ["BM52", /did you mean "BM25"/]],
  }),
  "functions[].inputFieldNames": inFunction("inputFieldNames", {
    good: [["words"]],
    wrongType: [["words", /must be a list, not a string/]],
    bad: [
      MISSING,
      [[], /needs at least 1/],
      [["id"], /BM25 reads a VarChar field with enableAnalyzer: true/],
    ],
  }),
  "functions[].outputFieldNames": inFunction("outputFieldNames", {
    good: [["sparse"]],
    wrongType: [["sparse", /must be a list, not a string/]],
    bad: [
      [undefined, /BM25 fills one SparseFloatVector field/],
      [[], /BM25 fills one SparseFloatVector field/],
      [["embedding"], /BM25 fills one SparseFloatVector field/],
    ],
  }),
  "functions[].params": inFunction("params", {
    good: [{ bm25_k1: 1.2 }, {}],
    wrongType: [["k1=1", /must be an object, not a string/]],
  }),
  "functions[].description": inFunction("description", { good: ["", "x"], wrongType: NO_TEXT }),
  enableDynamicField: input("enableDynamicField", { good: [true, false], wrongType: NO_FLAG }),
  consistencyLevel: input("consistencyLevel", {
    good: ["Strong", "Session", "Bounded", "Eventually"],
    wrongType: [[0, /0 is not one of Strong, Session, Bounded, Eventually/]],
    bad: [["strong", /did you mean "Strong"/]],
  }),
  shardsNum: input("shardsNum", {
    good: [1, 16],
    wrongType: NO_WHOLE,
    bad: [
      [0, /must be 1 or more, not 0/],
      [17, /must be 16 or less, not 17/],
    ],
  }),
  numPartitions: {
    at: "numPartitions",
    put: (value) => ({
      ...withField({ name: "tenant", dataType: "Int64", isPartitionKey: true }),
      numPartitions: value,
    }),
    good: [1, 4096],
    wrongType: NO_WHOLE,
    bad: [
      [0, /must be 1 or more, not 0/],
      [4097, /must be 4096 or less, not 4097/],
    ],
  },
  properties: input("properties", {
    good: [
      {},
      { "collection.ttl.seconds": "86400" },
      { "collection.ttl.seconds": 86400, "mmap.enabled": true },
    ],
    wrongType: [
      ["ttl", /must be an object of strings, not a string/],
      [[["ttl", "1"]], /must be an object of strings, not a list/],
    ],
  }),
  version: input("version", { good: ["", "2"], wrongType: [[2, /must be a string, not a number/]] }),
  protectData: input("protectData", { good: [true, false], wrongType: NO_FLAG }),
  servedThrough: input("servedThrough", {
    good: ["documents", "_a"],
    wrongType: [[5, /must be a string, not a number/]],
    bad: [["bad-name", /an? alias name has letters, digits and underscores only/]],
  }),
  adopt: input("adopt", { good: [true, false], wrongType: NO_FLAG }),
  timeouts: input("timeouts", {
    good: [{}, { create: 5 }],
    wrongType: [[60, /must be an object, not a number/]],
  }),
  "timeouts.create": timeout("create"),
  "timeouts.update": timeout("update"),
  "timeouts.delete": timeout("delete"),
};

describe("check of a Collection", () => {
  describeCheckOf(collection, table);
});

describe("a schema", () => {
  const schema = (...fields: Values[]): Values => ({ ...BASE, fields });
  const key = (values: Values): Values => ({ ...ID, ...values });

  test.each<[string, Values, string, RegExp]>([
    [
      "two fields of one name",
      schema(ID, VECTOR, VECTOR),
      "fields[2].name",
      /"embedding" is the name of fields\[1\]/,
    ],
    [
      "no primary key",
      schema({ name: "id", dataType: "Int64" }, VECTOR),
      "fields",
      /need a primary key: set isPrimaryKey on one field of dataType Int64 or VarChar/,
    ],
    [
      "two primary keys",
      schema(ID, VECTOR, { name: "second", dataType: "Int64", isPrimaryKey: true }),
      "fields[2].isPrimaryKey",
      /one primary key only, and "id"/,
    ],
    [
      "a primary key of another type",
      schema(key({ dataType: "Int32" }), VECTOR),
      "fields[0].dataType",
      /Int64 or VarChar, not Int32/,
    ],
    [
      "a nullable primary key",
      schema(key({ nullable: true }), VECTOR),
      "fields[0].nullable",
      /cannot be nullable/,
    ],
    [
      "a primary key with a default",
      schema(key({ defaultValue: 1 }), VECTOR),
      "fields[0].defaultValue",
      /no default value/,
    ],
    [
      "a primary key that is the partition key",
      schema(key({ isPartitionKey: true }), VECTOR),
      "fields[0].isPartitionKey",
      /cannot be the partition key/,
    ],
    [
      "two partition keys",
      schema(
        ID,
        VECTOR,
        { name: "a", dataType: "Int64", isPartitionKey: true },
        { name: "b", dataType: "Int64", isPartitionKey: true },
      ),
      "fields[3].isPartitionKey",
      /one partition key only, and "a"/,
    ],
    [
      "a partition key of another type",
      schema(ID, VECTOR, { name: "a", dataType: "Float", isPartitionKey: true }),
      "fields[2].dataType",
      /a partition key is Int64 or VarChar, not Float/,
    ],
    [
      "a nullable partition key",
      schema(ID, VECTOR, { name: "a", dataType: "Int64", isPartitionKey: true, nullable: true }),
      "fields[2].nullable",
      /a partition key cannot be nullable/,
    ],
    [
      "two clustering keys",
      schema(
        ID,
        VECTOR,
        { name: "a", dataType: "Int64", isClusteringKey: true },
        { name: "b", dataType: "Int64", isClusteringKey: true },
      ),
      "fields[3].isClusteringKey",
      /one clustering key only, and "a"/,
    ],
    [
      "a clustering key of type JSON",
      schema(ID, VECTOR, { name: "a", dataType: "JSON", isClusteringKey: true }),
      "fields[2].isClusteringKey",
      /a clustering key cannot be JSON/,
    ],
    ["no vector field", schema(ID), "fields", /need at least one vector field/],
    [
      "numPartitions without a partition key",
      { ...BASE, numPartitions: 4 },
      "numPartitions",
      /only for collections with a partition key/,
    ],
    [
      "a ttl that is no number",
      { ...BASE, properties: { "collection.ttl.seconds": "a day" } },
      "properties.collection.ttl.seconds",
      /whole number of seconds/,
    ],
    [
      "a property that is an object",
      { ...BASE, properties: { a: {} } },
      "properties.a",
      /must be a string, not an object/,
    ],
    [
      "a property without a value",
      { ...BASE, properties: { a: null } },
      "properties.a",
      /must be a string, not null/,
    ],
  ])("with %s is refused", async (_what, inputs, property, rule) => {
    expect(await failuresOf(collection, inputs)).toEqual([
      { property, reason: expect.stringMatching(rule) as string },
    ]);
  });

  test.each(["FloatVector", "Float16Vector", "BFloat16Vector", "Int8Vector"])(
    "takes %s of 1 to 32,768 dimensions",
    async (dataType) => {
      for (const dim of [1, 32_768])
        expect(await failuresOf(collection, withField({ name: "v", dataType, dim }))).toEqual([]);
      for (const dim of [0, 32_769])
        expect(await failuresOf(collection, withField({ name: "v", dataType, dim }))).toEqual([
          { property: "fields[2].dim", reason: `must be 1 to 32768 for ${dataType}, not ${dim}` },
        ]);
    },
  );

  test.each([
    [8, undefined],
    [262_144, undefined],
    [7, "must be a multiple of 8 for BinaryVector, not 7"],
    [12, "must be a multiple of 8 for BinaryVector, not 12"],
    [0, "must be 1 to 262144 for BinaryVector, not 0"],
    [262_152, "must be 1 to 262144 for BinaryVector, not 262152"],
    [undefined, "is required for BinaryVector: 1 to 262144"],
  ])("with a BinaryVector of dim %p is judged by Milvus's bits", async (dim, reason) => {
    const failures = await failuresOf(
      collection,
      withField(withValue({ name: "v", dataType: "BinaryVector" }, "dim", dim)),
    );
    expect(failures).toEqual(reason === undefined ? [] : [{ property: "fields[2].dim", reason }]);
  });

  test.each<[string, Values, string, RegExp]>([
    ["dim of a scalar", { dataType: "Int64", dim: 8 }, "dim", /only for vectors, and "more" is Int64/],
    [
      "dim of a sparse vector",
      { dataType: "SparseFloatVector", dim: 8 },
      "dim",
      /no fixed dim: leave it out/,
    ],
    [
      "maxLength of a number",
      { dataType: "Int64", maxLength: 8 },
      "maxLength",
      /only for VarChar, and "more" is Int64/,
    ],
    [
      "elementType of a scalar",
      { dataType: "Int64", elementType: "Int64" },
      "elementType",
      /only for Array, not for Int64/,
    ],
    [
      "maxCapacity of a scalar",
      { dataType: "Int64", maxCapacity: 8 },
      "maxCapacity",
      /only for Array, not for Int64/,
    ],
    [
      "members of a scalar",
      { dataType: "Int64", fields: [{ name: "a", dataType: "Int64" }] },
      "fields",
      /only for Array of Struct/,
    ],
    [
      "members of an Array of numbers",
      { ...ARRAY, fields: [{ name: "a", dataType: "Int64" }] },
      "fields",
      /go with elementType Struct/,
    ],
    [
      "an Array of VarChar without maxLength",
      { ...ARRAY, elementType: "VarChar" },
      "maxLength",
      /required for arrays of VarChar/,
    ],
    [
      "an Array of vectors",
      { ...ARRAY, elementType: "FloatVector", dim: 8 },
      "elementType",
      /an Array cannot hold FloatVector/,
    ],
    [
      "an ArrayOfVector of scalars",
      { dataType: "ArrayOfVector", elementType: "Int64", maxCapacity: 8 },
      "elementType",
      /elements of an ArrayOfVector are vectors, not Int64/,
    ],
    [
      "enableAnalyzer of a number",
      { dataType: "Int64", enableAnalyzer: true },
      "enableAnalyzer",
      /only for VarChar/,
    ],
    [
      "analyzerParams of a number",
      { dataType: "Int64", analyzerParams: {} },
      "analyzerParams",
      /only for VarChar/,
    ],
    [
      "multiAnalyzerParams of a number",
      { dataType: "Int64", multiAnalyzerParams: {} },
      "multiAnalyzerParams",
      /only for VarChar/,
    ],
    [
      "enableMatch without enableAnalyzer",
      { ...VARCHAR, enableMatch: true },
      "enableMatch",
      /needs enableAnalyzer: true/,
    ],
    [
      "a default of a vector",
      { dataType: "FloatVector", dim: 8, defaultValue: 1 },
      "defaultValue",
      /FloatVector has no default value/,
    ],
    [
      "a default of a JSON field",
      { dataType: "JSON", defaultValue: "{}" },
      "defaultValue",
      /JSON has no default value/,
    ],
    ["a default of an Array", { ...ARRAY, defaultValue: 1 }, "defaultValue", /Array has no default value/],
    [
      "a text as default of a Bool",
      { dataType: "Bool", defaultValue: "true" },
      "defaultValue",
      /true or false for Bool/,
    ],
    [
      "a text as default of a Float",
      { dataType: "Float", defaultValue: "1" },
      "defaultValue",
      /a number for Float, not "1"/,
    ],
    [
      "a number as default of a VarChar",
      { ...VARCHAR, defaultValue: 1 },
      "defaultValue",
      /a string for VarChar, not 1/,
    ],
    [
      "an Int8 default of 128",
      { dataType: "Int8", defaultValue: 128 },
      "defaultValue",
      /fits 8 bits for Int8, not 128/,
    ],
    [
      "an Int16 default of 32768",
      { dataType: "Int16", defaultValue: 32_768 },
      "defaultValue",
      /fits 16 bits/,
    ],
    [
      "an Int32 default of -2147483649",
      { dataType: "Int32", defaultValue: -2_147_483_649 },
      "defaultValue",
      /fits 32 bits/,
    ],
  ])("is refused for %s", async (_what, field, property, rule) => {
    expect(await failuresOf(collection, withField({ name: "more", ...field }))).toEqual([
      { property: `fields[2].${property}`, reason: expect.stringMatching(rule) as string },
    ]);
  });

  test.each<[string, Values]>([
    ["the bounds of Int8", { dataType: "Int8", defaultValue: -128 }],
    ["the bounds of Int16", { dataType: "Int16", defaultValue: 32_767 }],
    ["the bounds of Int32", { dataType: "Int32", defaultValue: 2_147_483_647 }],
    ["a Float default", { dataType: "Float", defaultValue: 0.25 }],
    ["a Double default", { dataType: "Double", defaultValue: -1e300 }],
    ["a Bool default", { dataType: "Bool", defaultValue: false }],
    ["an empty VarChar default", { ...VARCHAR, defaultValue: "" }],
    ["an Array of VarChar", { ...ARRAY, elementType: "VarChar", maxLength: 10 }],
    ["a sparse vector without dim", { dataType: "SparseFloatVector" }],
    ["an ArrayOfVector", { dataType: "ArrayOfVector", elementType: "FloatVector", dim: 8, maxCapacity: 10 }],
  ])("may have %s", async (_what, field) => {
    expect(await failuresOf(collection, withField({ name: "more", ...field }))).toEqual([]);
  });

  test("takes a VarChar primary key with autoId", async () => {
    const id = { name: "id", dataType: "VarChar", maxLength: 36, isPrimaryKey: true, autoId: true };
    expect(await failuresOf(collection, schema(id, VECTOR))).toEqual([]);
  });

  test("says every problem at once, each at its own field", async () => {
    const failures = await failuresOf(
      collection,
      schema(ID, { ...VECTOR, dim: 0 }, { name: "t", dataType: "VarChar" }),
    );
    expect(failures.map(({ property }) => property)).toEqual(["fields[1].dim", "fields[2].maxLength"]);
  });
});

describe("a function", () => {
  const withFunctions = (...functions: Values[]): Values => ({
    ...BASE,
    fields: [ID, VECTOR, TEXT_FIELD, SPARSE],
    functions,
  });

  test.each<[string, Values, string, RegExp]>([
    [
      "reads a field that is not there",
      { ...BM25, inputFieldNames: ["word"] },
      "functions[0].inputFieldNames[0]",
      /"word" is no field of the collection; did you mean "words"/,
    ],
    [
      "fills a field that is not there",
      { ...BM25, outputFieldNames: ["spars"] },
      "functions[0].outputFieldNames[0]",
      /did you mean "sparse"/,
    ],
    [
      "has an input that is not declared",
      { ...BM25, inputs: [] },
      "functions[0].inputs",
      /there is no such input.*inputFieldNames/,
    ],
  ])("that %s is refused", async (_what, declared, property, rule) => {
    expect(await failuresOf(collection, withFunctions(declared))).toContainEqual({
      property,
      reason: expect.stringMatching(rule) as string,
    });
  });

  test("needs a name of its own", async () => {
    expect(await failuresOf(collection, withFunctions(BM25, BM25))).toEqual([
      {
        property: "functions[1].name",
        reason: expect.stringMatching(/"by_words" is the name of functions\[0\]/) as string,
      },
    ]);
  });
});

describe("inputs that are not declared", () => {
  test.each<[string, Values, string, RegExp]>([
    [
      "at the top",
      { ...BASE, feilds: [] },
      "feilds",
      /there is no such input; did you mean "fields"\? Known are collectionName/,
    ],
    [
      "in a field",
      withField({ name: "a", dataType: "VarChar", max_length: 5, maxLength: 5 }),
      "fields[2].max_length",
      /did you mean "maxLength"/,
    ],
    ["in timeouts", { ...BASE, timeouts: { creation: 5 } }, "timeouts.creation", /did you mean "create"/],
    [
      "that look like nothing known",
      { ...BASE, zzzzzzzzzzzzzzzzzzzzzzzz: 1 },
      "zzzzzzzzzzzzzzzzzzzzzzzz",
      /there is no such input\. Known are/,
    ],
  ])("%s are refused with the nearest known one", async (_where, inputs, property, rule) => {
    expect(await failuresOf(collection, inputs)).toEqual([
      { property, reason: expect.stringMatching(rule) as string },
    ]);
  });

  test("named like something of every JavaScript object are refused too", async () => {
    const failures = await failuresOf(collection, { ...BASE, toString: "x", constructor: "y" });
    expect(failures.map(({ property }) => property)).toEqual(["toString", "constructor"]);
  });
});

describe("values that are not known yet", () => {
  test("are never shown, whatever else is wrong", async () => {
    const failures = await failuresOf(collection, {
      collectionName: "bad-name",
      description: UNKNOWN,
      fields: [ID, { name: UNKNOWN, dataType: "Int63", dim: UNKNOWN }],
      unheardOf: UNKNOWN,
    });
    expect(failures.map(({ property }) => property)).toEqual([
      "unheardOf",
      "collectionName",
      "fields[1].dataType",
    ]);
    expect(JSON.stringify(failures)).not.toContain(UNKNOWN);
  });

  test("anywhere in the fields put off the rules between them", async () => {
    expect(
      await failuresOf(collection, {
        ...BASE,
        fields: [{ name: "id", dataType: "Int64", isPrimaryKey: UNKNOWN }],
      }),
    ).toEqual([]);
    expect(await failuresOf(collection, { ...BASE, fields: [ID, UNKNOWN] })).toEqual([]);
    expect(await failuresOf(collection, { ...BASE, fields: UNKNOWN, numPartitions: 4 })).toEqual([]);
  });

  test("pass through as they came", async () => {
    const properties = { "collection.ttl.seconds": UNKNOWN, "mmap.enabled": true };
    const { inputs, failures } = await checked(collection, { ...BASE, properties });
    expect(failures).toEqual([]);
    expect(inputs["properties"]).toEqual(properties);
  });
});

describe("what check hands on", () => {
  test("takes the logical name for a collectionName left out", async () => {
    const { inputs } = await checked(collection, { fields: BASE.fields, logicalName: "documents" });
    expect(inputs["collectionName"]).toBe("documents");
    expect(inputs).not.toHaveProperty("logicalName");
  });

  test("keeps the name of the old inputs when the resource was renamed in the program", async () => {
    const { inputs } = await checked(
      collection,
      { fields: BASE.fields, logicalName: "renamed" },
      { collectionName: "documents" },
    );
    expect(inputs["collectionName"]).toBe("documents");
  });

  test("prefers a name of the program to everything else", async () => {
    const { inputs } = await checked(
      collection,
      { ...BASE, logicalName: "other" },
      { collectionName: "old" },
    );
    expect(inputs["collectionName"]).toBe("documents");
  });

  test("says what is wrong with a logical name that Milvus does not take", async () => {
    expect(await failuresOf(collection, { fields: BASE.fields, logicalName: "my-docs" })).toEqual([
      { property: "collectionName", reason: expect.stringMatching(NAME_RULE) as string },
    ]);
  });

  test("keeps the handler, turns property values into texts and drops what was left out", async () => {
    const { inputs } = await checked(collection, {
      ...BASE,
      description: undefined,
      shardsNum: null,
      properties: { "collection.ttl.seconds": 60, "mmap.enabled": false },
    });
    expect(inputs).toEqual({
      ...BASE,
      properties: { "collection.ttl.seconds": "60", "mmap.enabled": "false" },
      __provider: "handler",
    });
  });
});
