/** What check says of the parameters of an index: what is refused, what is warned of, and what goes to the server. */
import { logTo } from "../../provider/core/log";
import { index } from "../../provider/resources/field-index";
import { MEANINGS, PARAMETER_NAMES } from "../../provider/resources/index-types/parameters";
import { INDEX_TYPES, METRICS } from "../../provider/resources/index-types/types";
import { VECTOR_TYPES } from "../../provider/resources/collection-schema/schema";
import { configured, failuresOf, UNKNOWN, type Values } from "../support/declared";

let told: string[] = [];
beforeAll(() => logTo((line) => void told.push(line)));
afterAll(() => logTo((line) => console.log(line)));
beforeEach(() => void (told = []));

const on = (indexType: string | undefined, params: Values, dim = 8): Values => ({
  collectionName: "documents",
  indexName: "i",
  fieldName: "embedding",
  ...(indexType !== undefined && { indexType }),
  params,
  declaredCollection: { fieldTypes: { embedding: "FloatVector" }, fieldDims: { embedding: dim } },
});

const warned = (property: string, reason: string): string =>
  `warning: Index "logical_name": ${property}: ${reason}`;

describe("a parameter of an index", () => {
  test.each<[string | undefined, Values]>([
    ["HNSW", { M: 2, efConstruction: 1 }],
    ["HNSW", { M: 2048, efConstruction: 2_147_483_647, "mmap.enabled": true }],
    ["IVF_PQ", { nlist: 1, m: 4, nbits: 64 }],
    ["IVF_PQ", { m: 8, refine: true, refine_type: "fp32" }],
    ["HNSW_PRQ", { m: 2, nrq: 16, nbits: 24 }],
    ["HNSW_SQ", { sq_type: "sq8", refine: "true", refine_type: "FP16" }],
    ["SCANN", { nlist: 128, with_raw_data: "false" }],
    ["DISKANN", { max_degree: "56", search_list_size: 100, pq_code_budget_gb_ratio: 0.125 }],
    ["GPU_CAGRA", { build_algo: "NN_DESCENT", cache_dataset_on_device: "true" }],
    [undefined, { M: 16 }],
  ])("of %s passes without a word: %j", async (indexType, params) => {
    expect(await failuresOf(index, on(indexType, params))).toEqual([]);
    expect(told).toEqual([]);
  });

  test.each<[string | undefined, Values, string, RegExp]>([
    ["HNSW", { efConstrution: 200 }, "efConstrution", /did you mean "efConstruction"/],
    ["HNSW", { efconstruction: 200 }, "efconstruction", /did you mean "efConstruction"/],
    [undefined, { nlits: 200 }, "nlits", /did you mean "nlist"/],
    ["AUTOINDEX", { "mmap.enable": true }, "mmap.enable", /did you mean "mmap.enabled"/],
    ["HNSW", { M: 1 }, "M", /must be 2 or more for HNSW, not 1: Milvus 2.3 never ends building it/],
    ["GPU_IVF_PQ", { nbits: 9 }, "nbits", /must be 8 or less for GPU_IVF_PQ, not 9/],
    ["HNSW_PRQ", { m: 2, nrq: 17 }, "nrq", /must be 16 or less for HNSW_PRQ, not 17/],
    ["HNSW_PRQ", { m: 2, nrq: "17" }, "nrq", /must be 16 or less for HNSW_PRQ, not 17/],
    ["DISKANN", { max_degree: 1.5 }, "max_degree", /must be a whole number for DISKANN, not 1.5/],
    ["DISKANN", { max_degree: "many" }, "max_degree", /must be a whole number for DISKANN, not "many"/],
    ["DISKANN", { max_degree: "" }, "max_degree", /must be a whole number for DISKANN, not ""/],
    [
      "IVF_PQ",
      { m: 3 },
      "m",
      /IVF_PQ cuts a vector into m parts of one length, and 3 does not divide the dim .*, 8/,
    ],
    ["HNSW_PQ", { m: 3 }, "m", /HNSW_PQ cuts a vector into m parts of one length, and 3 does not divide/],
    [
      "SCANN",
      { sub_dim: 3 },
      "sub_dim",
      /SCANN cuts a vector into parts of sub_dim dimensions, and 3 does not/,
    ],
    ["HNSW_SQ", { refine_type: "FP61" }, "refine_type", /"FP61" is not one of .*; did you mean "FP16"/],
  ])("of %s is refused: %j", async (indexType, params, name, rule) => {
    expect(await failuresOf(index, on(indexType, params))).toEqual([
      { property: `params.${name}`, reason: expect.stringMatching(rule) as string },
    ]);
  });

  test.each<[string | undefined, Values, string, string]>([
    ["HNSW", { nrq: 99 }, "nrq", "is a parameter of HNSW_PRQ, not of HNSW. Milvus leaves it unused"],
    [
      "AUTOINDEX",
      { nrq: 2 },
      "nrq",
      "is a parameter of HNSW_PRQ, not of AUTOINDEX. Milvus refuses it for AUTOINDEX on vectors",
    ],
    [
      "HNSW",
      { something_new: { deep: 1 } },
      "something_new",
      "is no parameter of an index that this version of pulumi-milvus knows. It goes to the server as it is",
    ],
    [
      undefined,
      { ef: 5 },
      "ef",
      "is no parameter of an index that this version of pulumi-milvus knows. It goes to the server as it is",
    ],
    ["IVF_PQ", { nlist: 5 }, "m", "is missing, and Milvus builds no IVF_PQ without it"],
    [
      "HNSW_PQ",
      { M: 5 },
      "m",
      "is left out, which is 32: HNSW_PQ cuts a vector into m parts of one length, and 32 does not divide the dim of " +
        "field embedding, 8",
    ],
    [
      "HNSW_SQ",
      { sq_type: "INT2" },
      "sq_type",
      '"INT2" is not one of SQ4U, SQ6, SQ8, FP16, BF16. It goes to the server as it is',
    ],
  ])("of %s is warned of and goes to the server: %j", async (indexType, params, name, reason) => {
    expect(await failuresOf(index, on(indexType, params))).toEqual([]);
    expect(told).toEqual([warned(`params.${name}`, reason)]);
  });

  test("of NGRAM has the shorter part first", async () => {
    const inputs = { ...on("NGRAM", { min_gram: 4, max_gram: 3 }), declaredCollection: {} };
    expect(await failuresOf(index, inputs)).toEqual([
      { property: "params.min_gram", reason: "must be max_gram, 3, or less, not 4" },
    ]);
  });

  test("is not judged while it is not known", async () => {
    expect(await failuresOf(index, on("HNSW", { M: UNKNOWN, nrq: UNKNOWN }))).toEqual([]);
    expect(await failuresOf(index, on(UNKNOWN, { nlist: 5, something_new: 1, M: 1 }))).toEqual([]);
    expect(told.filter((line) => line.includes(UNKNOWN))).toEqual([]);
  });
});

test.each<[string, string, Values]>([
  ["index type", "CARDINAL_TIERED", { indexType: "CARDINAL_TIERED" }],
  ["metric type", "HYPERBOLIC", { indexType: "HNSW", metricType: "HYPERBOLIC" }],
])("an %s that is like none we know is for the server to judge: %s", async (what, name, values) => {
  expect(await failuresOf(index, { ...on(undefined, {}), ...values })).toEqual([]);
  expect(told).toEqual([
    warned(
      what === "index type" ? "indexType" : "metricType",
      `"${name}" is no ${what} that this version of pulumi-milvus knows. It goes to the server as it is`,
    ),
  ]);
});

test("what is warned of is said once in a run, whose previews and ups check again", async () => {
  const provider = await configured(index, {});
  for (let time = 0; time < 2; time++)
    await provider.check?.({}, { logicalName: "i", __provider: "handler", ...on("HNSW", { M: 8, nrq: 2 }) });
  expect(told.length).toBe(1);
});

describe("the table of index types", () => {
  test("has every parameter that it gives a meaning, and no other", () => {
    const used = Object.values(INDEX_TYPES).flatMap(({ params }) => Object.keys(params));
    expect([...new Set(used)].sort()).toEqual([...PARAMETER_NAMES].sort());
    expect(Object.keys(MEANINGS).length).toBe(PARAMETER_NAMES.length);
  });

  test.each(Object.entries(INDEX_TYPES))(
    "says of %s what it rests on, and builds with its own defaults",
    (_, type) => {
      expect(type.source).toMatch(/^(milvus\.io\/docs\/|milvus-io\/milvus |zilliztech\/knowhere )/);
      for (const { default: byDefault, min, max } of Object.values(type.params))
        if (typeof byDefault === "number") {
          expect(byDefault).toBeGreaterThanOrEqual(min ?? byDefault);
          expect(byDefault).toBeLessThanOrEqual(max ?? byDefault);
        }
    },
  );

  test("has metrics for each kind of vector", () => {
    expect(Object.keys(METRICS).sort()).toEqual([...VECTOR_TYPES, "ArrayOfVector"].sort());
  });
});
