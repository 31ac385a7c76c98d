/** Which index fits which field, with which parameters. Milvus: internal/proxy/task_index.go, pkg/util/indexparamcheck. */
import { type KeyValue, valueOf } from "./key-values";
import { isVector } from "./schema";
import { invalid, refusal, CODES, unexpected } from "./status";
import type { Collection, Field, World } from "./world";

/** The parameters as they are read back; throws when they do not fit the field. */
export function checkedParams(
  world: World,
  _collection: Collection,
  field: Field,
  asked: readonly KeyValue[],
): KeyValue[] {
  const type = valueOf(asked, "index_type") ?? "";
  if (!isVector(field)) return scalarParams(world, field, type, asked);
  if (type === "" || type === "AUTOINDEX") return automatic(world, field, type, asked);
  checkVectorIndex(world, field, type, asked);
  return [...asked];
}

const SCALAR_TYPES: Readonly<Record<string, readonly string[]>> = {
  VarChar: ["Trie", ""],
  Bool: [],
  JSON: [],
  Array: [],
};

function scalarParams(world: World, field: Field, type: string, asked: readonly KeyValue[]): KeyValue[] {
  if (world.isFrom("2.4")) return scalarParamsFrom24(world, field, type, asked);
  const allowed = SCALAR_TYPES[field.data_type] ?? ["STL_SORT", ""];
  const [expected] = allowed;
  if (expected === undefined) throw invalid(`create index on ${field.data_type} field is not supported`);
  if (!allowed.includes(type))
    throw refusal(
      CODES.invalidParameter,
      `index type not match: invalid parameter[expected=${expected}][actual=${type}]`,
    );
  return [...asked];
}

/** Names count whatever their case from 2.4 on; INVERTED came with it, BITMAP with 2.5. */
const SCALAR_TYPES_FROM_24 = [
  "STL_SORT",
  "TRIE",
  "INVERTED",
  "BITMAP",
  "AUTOINDEX",
  "NGRAM",
  "RTREE",
  "HYBRID",
];

function scalarParamsFrom24(
  world: World,
  field: Field,
  type: string,
  asked: readonly KeyValue[],
): KeyValue[] {
  if (field.data_type === "JSON" && !world.isFrom("2.5.6"))
    throw invalid(`create auto index on ${field.data_type} field is not supported`);
  if (type === "") return [{ key: "index_type", value: "AUTOINDEX" }, ...asked];
  if (!SCALAR_TYPES_FROM_24.includes(type.toUpperCase())) throw invalid(`invalid index type: ${type}`);
  const isNumber = /^(Int\d+|Float|Double|Timestamptz)$/.test(field.data_type);
  if (type.toUpperCase() === "STL_SORT" && !isNumber && field.data_type !== "VarChar")
    throw invalid("STL_SORT are only supported on numeric, varchar or timestamptz field");
  if (type.toUpperCase() === "TRIE" && field.data_type !== "VarChar")
    throw invalid("TRIE are only supported on varchar field");
  return [...asked];
}

/** Left to the server: COSINE from 2.4 (autoIndex.params.build), IP before. */
function automatic(world: World, field: Field, type: string, asked: readonly KeyValue[]): KeyValue[] {
  const metric = valueOf(asked, "metric_type") ?? defaultMetric(world, field);
  const others = asked.filter(({ key }) => key !== "index_type" && key !== "metric_type");
  return [
    { key: "index_type", value: type || "AUTOINDEX" },
    { key: "metric_type", value: metric },
    ...others,
  ];
}

function defaultMetric(world: World, { data_type }: Field): string {
  if (!world.isFrom("2.4")) return "IP";
  if (data_type === "BinaryVector") return "HAMMING";
  return data_type === "SparseFloatVector" ? "IP" : "COSINE";
}

const FLOAT_METRICS = ["L2", "IP", "COSINE"];

interface Rule {
  readonly metrics: readonly string[];
  /** The first Milvus that has it. */
  readonly since?: string;
  /** Whole numbers that have to be there, with what they may be. */
  readonly ranges: Readonly<Record<string, readonly [least: number, most: number]>>;
}

const HNSW = { M: [1, 2048], efConstruction: [1, 2_147_483_647] } as const;
const IVF = { nlist: [1, 65_536] } as const;

const VECTOR_TYPES: Readonly<Record<string, Rule>> = {
  FLAT: { metrics: FLOAT_METRICS, ranges: {} },
  HNSW: { metrics: FLOAT_METRICS, ranges: HNSW },
  IVF_FLAT: { metrics: FLOAT_METRICS, ranges: IVF },
  IVF_SQ8: { metrics: FLOAT_METRICS, ranges: IVF },
  SCANN: { metrics: FLOAT_METRICS, ranges: IVF },
  DISKANN: { metrics: FLOAT_METRICS, ranges: {} },
  BIN_FLAT: { metrics: ["HAMMING", "JACCARD", "SUBSTRUCTURE", "SUPERSTRUCTURE"], ranges: {} },
  BIN_IVF_FLAT: { metrics: ["HAMMING", "JACCARD"], ranges: IVF },
  SPARSE_INVERTED_INDEX: { metrics: ["IP", "BM25"], since: "2.4", ranges: {} },
  SPARSE_WAND: { metrics: ["IP", "BM25"], since: "2.4", ranges: {} },
  IVF_RABITQ: { metrics: FLOAT_METRICS, since: "2.6", ranges: {} },
  HNSW_SQ: { metrics: FLOAT_METRICS, since: "2.5", ranges: {} },
  HNSW_PQ: { metrics: FLOAT_METRICS, since: "2.5", ranges: {} },
};

function checkVectorIndex(world: World, _field: Field, type: string, asked: readonly KeyValue[]): void {
  const rule = VECTOR_TYPES[type];
  if (!rule || (rule.since !== undefined && !world.isFrom(rule.since)))
    throw unexpected(`invalid index type: ${type}`);
  checkRanges(world, rule, paramsOf(asked));
  const metric = valueOf(asked, "metric_type");
  if (metric === undefined || !rule.metrics.includes(metric))
    throw unexpected(`metric type not found or not supported, supported: [${rule.metrics.join(" ")}]`);
}

/** From 2.5 (knowhere checks for itself) what is left out has a default: pkg/util/indexparamcheck/vector_index_checker.go. */
function checkRanges(world: World, { ranges }: Rule, params: Readonly<Record<string, unknown>>): void {
  for (const [key, [least, most]] of Object.entries(ranges)) {
    if (params[key] === undefined && world.isFrom("2.5")) continue;
    const value = Number(params[key]);
    if (!(value >= least && value <= most)) throw unexpected(`${key} out of range: [${least}, ${most}]`);
  }
}

/** Some are sent by themselves, most inside one text. */
function paramsOf(asked: readonly KeyValue[]): Record<string, unknown> {
  const text = valueOf(asked, "params");
  const inside: unknown = text === undefined ? {} : JSON.parse(text);
  return { ...Object.fromEntries(asked.map(({ key, value }) => [key, value])), ...(inside as object) };
}
