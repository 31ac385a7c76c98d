import { index } from "../../provider/resources/field-index";
import { PARAMETER_NAMES } from "../../provider/resources/index-types/parameters";
import { checkCases, type CheckCase, type CheckTable, describeCheckOf } from "../support/check-table";
import { checked, failuresOf, UNKNOWN, type Values } from "../support/declared";

const BASE = { collectionName: "documents", indexName: "by_meaning", fieldName: "embedding" };
const LONGEST_NAME = "n".repeat(255);
const NO_FLAG = [["true", /must be true or false, not "true"/]] as const;
const NO_TEXT = [[5, /must be a string, not a number/]] as const;

const { input, timeout } = checkCases(BASE);

const nameInput = (name: string, kind: string): CheckCase =>
  input(name, {
    good: ["a", "_private", "With_Digits_09", LONGEST_NAME],
    wrongType: NO_TEXT,
    bad: [
      ["bad-name", new RegExp(`"bad-name": ${kind} name has letters, digits and underscores only`)],
      ["1st", new RegExp(`${kind} name .* starts with a letter or an underscore`)],
      [`${LONGEST_NAME}n`, /at most 255 characters, has 256/],
    ],
  });

const param = (
  name: string,
  values: Omit<CheckCase, "at" | "put" | "wrongType"> & Partial<Pick<CheckCase, "wrongType">>,
): CheckCase => ({
  at: `params.${name}`,
  put: (value) => ({ ...BASE, params: { [name]: value } }),
  wrongType: [["8", /must be a (whole )?number, not "8"|must be a number, not a string/]],
  ...values,
});
const tooSmall = (least: number) =>
  [least - 1, new RegExp(`must be ${least} or more, not ${least - 1}`)] as const;
const tooLarge = (most: number) =>
  [most + 1, new RegExp(`must be ${most} or less, not ${most + 1}`)] as const;
const FRACTION = [1.5, /must be a whole number, not 1.5/] as const;

const table: CheckTable = {
  collectionName: nameInput("collectionName", "a collection"),
  collectionId: input("collectionId", { good: ["", "447198123456789012"], wrongType: NO_TEXT }),
  databaseName: nameInput("databaseName", "a database"),
  indexName: nameInput("indexName", "an index"),
  fieldName: {
    ...nameInput("fieldName", "a field"),
    bad: [
      ["bad-name", /a field name has letters, digits and underscores only/],
      [undefined, /is required and missing/],
    ],
  },
  indexType: input("indexType", {
    good: ["HNSW", "IVF_FLAT", "FLAT", "AUTOINDEX", "DISKANN", "INVERTED", "Trie", "STL_SORT", "SPARSE_WAND"],
    wrongType: NO_TEXT,
    bad: [["HSNW", /"HSNW" is no index type; did you mean "HNSW"\? Known are AUTOINDEX, FLAT/]],
  }),
  metricType: input("metricType", {
    good: ["L2", "IP", "COSINE", "HAMMING", "JACCARD", "BM25", "MAX_SIM"],
    wrongType: NO_TEXT,
    bad: [["COSIN", /"COSIN" is no metric type; did you mean "COSINE"/]],
  }),
  params: input("params", {
    good: [{}, { M: 16, efConstruction: 200 }, { max_degree: 56, "mmap.enabled": true }],
    wrongType: [
      ["M=16", /must be an object, not a string/],
      [[16], /must be an object, not a list/],
    ],
  }),
  "params.M": param("M", { good: [1, 2, 2048], bad: [tooSmall(1), tooLarge(2048), FRACTION] }),
  "params.efConstruction": param("efConstruction", {
    good: [1, 2_147_483_647],
    bad: [tooSmall(1), FRACTION],
  }),
  "params.nlist": param("nlist", { good: [1, 65_536], bad: [tooSmall(1), tooLarge(65_536), FRACTION] }),
  "params.m": param("m", { good: [1, 64], bad: [tooSmall(1), FRACTION] }),
  "params.nbits": param("nbits", { good: [1, 64], bad: [tooSmall(1), tooLarge(64), FRACTION] }),
  "params.drop_ratio_build": param("drop_ratio_build", {
    good: [0, 0.5, 1],
    bad: [
      [-0.01, /must be 0 or more, not -0.01/],
      [1.01, /must be 1 or less, not 1.01/],
    ],
  }),
  ...Object.fromEntries(
    PARAMETER_NAMES.slice(6).map((name) => [
      `params.${name}`,
      param(name, {
        good: name === "json_path" ? ['meta["year"]'] : [1, "1", true],
        wrongType: [[[1], /must be a string(, a number, true or false)?, not a list/]],
      }),
    ]),
  ),
  waitForBuild: input("waitForBuild", { good: [true, false], wrongType: NO_FLAG }),
  declaredCollection: input("declaredCollection", {
    good: [{}, { fieldTypes: { embedding: "FloatVector" } }],
    wrongType: [["documents", /must be an object, not a string/]],
  }),
  adopt: input("adopt", { good: [true, false], wrongType: NO_FLAG }),
  timeouts: input("timeouts", { good: [{}], wrongType: [[60, /must be an object, not a number/]] }),
  "timeouts.create": timeout("create"),
  "timeouts.update": timeout("update"),
  "timeouts.delete": timeout("delete"),
};

describe("check of an Index", () => {
  describeCheckOf(index, table);

  test("needs a collection, called as the program calls it", async () => {
    expect(await failuresOf(index, { fieldName: "embedding" })).toEqual([
      { property: "collection", reason: "is required and missing" },
    ]);
  });

  test.each<[string, RegExp]>([
    ["fieldname", /did you mean "fieldName"/],
    ["index_type", /did you mean "indexType"/],
    ["colection", /did you mean "collection"/],
  ])("suggests the nearest input for %s", async (name, rule) => {
    expect(await failuresOf(index, { ...BASE, [name]: "x" })).toEqual([
      { property: name, reason: expect.stringMatching(rule) as string },
    ]);
  });

  test.each<[string, Values, Values, string]>([
    ["the logical name", {}, {}, "logical_name"],
    ["the old inputs", {}, { indexName: "before" }, "before"],
    ["the program", { indexName: "mine" }, { indexName: "before" }, "mine"],
  ])("takes the name from %s", async (_from, news, olds, name) => {
    const { inputs } = await checked(
      index,
      { collectionName: "documents", fieldName: "embedding", ...news },
      olds,
    );
    expect(inputs["indexName"]).toBe(name);
  });

  test("hands on nothing that is only for check", async () => {
    const { inputs } = await checked(index, {
      ...BASE,
      declaredCollection: { fieldTypes: { embedding: "FloatVector" } },
    });
    expect(inputs).toEqual({ ...BASE, __provider: "handler" });
  });
});

describe("check of an Index of a Collection in the program", () => {
  const FIELD_TYPES = {
    id: "Int64",
    title: "VarChar",
    flag: "Bool",
    score: "Float",
    meta: "JSON",
    tags: "Array",
    place: "Geometry",
    embedding: "FloatVector",
    half: "Float16Vector",
    bits: "BinaryVector",
    sparse: "SparseFloatVector",
    many: "ArrayOfVector",
  };
  const on = (fieldName: string, values: Values): Values => ({
    collectionName: "documents",
    indexName: "i",
    fieldName,
    declaredCollection: { fieldTypes: FIELD_TYPES },
    ...values,
  });

  test("refuses a field that the collection does not have, with the nearest one", async () => {
    expect(await failuresOf(index, on("titel", {}))).toEqual([
      { property: "fieldName", reason: 'the collection has no field "titel"; did you mean "title"?' },
    ]);
  });

  test.each<[string, string, string | undefined]>([
    ["embedding", "HNSW", "COSINE"],
    ["embedding", "IVF_PQ", "L2"],
    ["embedding", "DISKANN", "IP"],
    ["half", "HNSW", "L2"],
    ["bits", "BIN_FLAT", "HAMMING"],
    ["bits", "BIN_IVF_FLAT", "JACCARD"],
    ["sparse", "SPARSE_INVERTED_INDEX", "IP"],
    ["sparse", "SPARSE_INVERTED_INDEX", "BM25"],
    ["many", "HNSW", "MAX_SIM"],
    ["id", "STL_SORT", undefined],
    ["title", "Trie", undefined],
    ["title", "INVERTED", undefined],
    ["flag", "BITMAP", undefined],
    ["score", "STL_SORT", undefined],
    ["meta", "INVERTED", undefined],
    ["tags", "BITMAP", undefined],
    ["place", "RTREE", undefined],
    ["title", "AUTOINDEX", undefined],
  ])("lets field %s have %s with metric %s", async (fieldName, indexType, metricType) => {
    expect(await failuresOf(index, on(fieldName, { indexType, metricType }))).toEqual([]);
  });

  test.each<[string, string, RegExp]>([
    ["title", "HNSW", /"HNSW" is no index type for field title, which is VarChar.*Known are AUTOINDEX, Trie/],
    ["title", "TRIE", /did you mean "Trie"/],
    ["embedding", "STL_SORT", /no index type for field embedding, which is FloatVector/],
    ["bits", "IVF_FLAT", /did you mean "BIN_IVF_FLAT"|which is BinaryVector/],
    ["sparse", "HNSW", /which is SparseFloatVector/],
    ["id", "Trie", /which is Int64/],
    ["flag", "Trie", /which is Bool/],
    ["place", "INVERTED", /which is Geometry/],
    ["embedding", "toString", /"toString" is no index type for field embedding/],
  ])("refuses field %s having %s", async (fieldName, indexType, rule) => {
    expect(await failuresOf(index, on(fieldName, { indexType }))).toEqual([
      { property: "indexType", reason: expect.stringMatching(rule) as string },
    ]);
  });

  test.each<[string, string, string, RegExp]>([
    ["embedding", "HNSW", "HAMMING", /"HAMMING" is no metric type for field embedding, which is FloatVector/],
    [
      "bits",
      "BIN_FLAT",
      "COSINE",
      /no metric type for field bits, which is BinaryVector.*Known are HAMMING, JACCARD/,
    ],
    ["sparse", "SPARSE_WAND", "L2", /no metric type for field sparse/],
    [
      "title",
      "INVERTED",
      "L2",
      /only vector indexes have a metric: leave it out for field title, which is VarChar/,
    ],
    ["embedding", "FLAT", "cosine", /did you mean "COSINE"/],
  ])("refuses field %s having %s with metric %s", async (fieldName, indexType, metricType, rule) => {
    expect(await failuresOf(index, on(fieldName, { indexType, metricType }))).toEqual([
      { property: "metricType", reason: expect.stringMatching(rule) as string },
    ]);
  });

  test.each<[string, string, RegExp]>([
    ["HNSW", "BM25", /"BM25" is no metric type for HNSW/],
    ["INVERTED", "L2", /only vector indexes have a metric: leave it out for INVERTED/],
  ])("refuses %s with metric %s also when the field is not known", async (indexType, metricType, rule) => {
    expect(await failuresOf(index, { ...BASE, indexType, metricType })).toEqual([
      { property: "metricType", reason: expect.stringMatching(rule) as string },
    ]);
  });

  test("judges nothing by a value that is not known yet, and never shows it", async () => {
    expect(await failuresOf(index, on(UNKNOWN, { indexType: "HNSW", metricType: "COSINE" }))).toEqual([]);
    expect(await failuresOf(index, on("title", { indexType: UNKNOWN }))).toEqual([]);
    expect(await failuresOf(index, on("embedding", { indexType: UNKNOWN, metricType: "L2" }))).toEqual([]);
    expect(
      await failuresOf(index, on("embedding", { params: { M: UNKNOWN, other: { deep: [UNKNOWN] } } })),
    ).toEqual([]);
    const failures = await failuresOf(index, on("titel", { indexType: UNKNOWN, metricType: UNKNOWN }));
    expect(failures.map(({ property }) => property)).toEqual(["fieldName"]);
    expect(JSON.stringify(failures)).not.toContain(UNKNOWN);
  });
});
