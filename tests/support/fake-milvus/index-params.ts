/** Which index fits which field, with which parameters. Milvus: internal/proxy/task_index.go, pkg/util/indexparamcheck. */
import { type KeyValue, valueOf } from "./key-values";
import { isVector } from "./schema";
import { CODES, invalid, refusal, type Refusal, unexpected } from "./status";
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
  if (expected === undefined)
    throw refusal(
      CODES.invalidParameter,
      `create index on ${field.data_type} field is not supported: ` +
        `invalid parameter[expected=supported field][actual=create index on ${field.data_type} field]`,
    );
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
  const others = asked.filter(({ key }) => key !== "index_type" && key !== "metric_type");
  if (!world.isFrom("2.4")) {
    if (others.length > 0) throw unexpected("only metric type can be passed when use AutoIndex");
    const asFor = valueOf(asked, "metric_type");
    if (asFor !== undefined && !HNSW_METRICS.includes(asFor)) throw wrongMetric(HNSW_METRICS);
  }
  const metric = valueOf(asked, "metric_type") ?? defaultMetric(world, field);
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
const BINARY_METRICS = ["HAMMING", "JACCARD", "SUBSTRUCTURE", "SUPERSTRUCTURE"];
/** HNSW takes binary vectors as well. */
const HNSW_METRICS = [...FLOAT_METRICS, "HAMMING", "JACCARD"];

function wrongMetric(metrics: readonly string[]): Refusal {
  return unexpected(`metric type not found or not supported, supported: [${metrics.join(" ")}]`);
}

interface Rule {
  readonly metrics: readonly string[];
  /** The first Milvus that has it. */
  readonly since?: string;
  readonly onlyFor?: "binary";
  /** Whole numbers that have to be there, with what they may be. */
  readonly ranges: Readonly<Record<string, readonly [least: number, most: number]>>;
}

const HNSW = { efConstruction: [1, 2_147_483_647], M: [1, 2048] } as const;
const IVF = { nlist: [1, 65_536] } as const;

const VECTOR_TYPES: Readonly<Record<string, Rule>> = {
  FLAT: { metrics: FLOAT_METRICS, ranges: {} },
  HNSW: { metrics: HNSW_METRICS, ranges: HNSW },
  IVF_FLAT: { metrics: FLOAT_METRICS, ranges: IVF },
  IVF_SQ8: { metrics: FLOAT_METRICS, ranges: IVF },
  SCANN: { metrics: FLOAT_METRICS, ranges: IVF },
  DISKANN: { metrics: FLOAT_METRICS, ranges: {} },
  IVF_PQ: { metrics: FLOAT_METRICS, ranges: IVF },
  BIN_FLAT: { metrics: BINARY_METRICS, ranges: {}, onlyFor: "binary" },
  BIN_IVF_FLAT: { metrics: BINARY_METRICS, ranges: IVF, onlyFor: "binary" },
  SPARSE_INVERTED_INDEX: { metrics: ["IP", "BM25"], since: "2.4", ranges: {} },
  SPARSE_WAND: { metrics: ["IP", "BM25"], since: "2.4", ranges: {} },
  IVF_RABITQ: { metrics: FLOAT_METRICS, since: "2.6", ranges: {} },
  HNSW_SQ: { metrics: FLOAT_METRICS, since: "2.5", ranges: {} },
  HNSW_PQ: { metrics: FLOAT_METRICS, since: "2.5", ranges: {} },
};

function checkVectorIndex(world: World, field: Field, type: string, asked: readonly KeyValue[]): void {
  const rule = VECTOR_TYPES[type];
  if (!rule || (rule.since !== undefined && !world.isFrom(rule.since)))
    throw unexpected(`invalid index type: ${type}`);
  checkRanges(world, rule, paramsOf(asked));
  if (type === "IVF_PQ") checkParts(field, paramsOf(asked));
  const metric = valueOf(asked, "metric_type");
  if (metric === undefined || !rule.metrics.includes(metric)) throw wrongMetric(rule.metrics);
  if (rule.onlyFor === "binary" && field.data_type !== "BinaryVector")
    throw unexpected("binary vector is only supported");
}

/** From 2.5 (knowhere checks for itself) what is left out has a default: pkg/util/indexparamcheck/vector_index_checker.go. */
function checkRanges(world: World, { ranges }: Rule, params: Readonly<Record<string, unknown>>): void {
  for (const [key, [least, most]] of Object.entries(ranges)) {
    if (params[key] === undefined && world.isFrom("2.5")) continue;
    const value = Number(params[key]);
    if (!(value >= least && value <= most)) throw unexpected(`${key} out of range: [${least}, ${most}]`);
  }
}

/** The parts that a vector is cut into are of one length. */
function checkParts({ type_params }: Field, { m }: Readonly<Record<string, unknown>>): void {
  if (m === undefined) throw unexpected("parameter `m` not found");
  const dim = Number(valueOf(type_params, "dim"));
  if (dim % Number(m) !== 0)
    throw unexpected(`dimension must be able to be divided by \`m\`, dimension: ${dim}, m: ${Number(m)}`);
}

/** Some are sent by themselves, most inside one text. */
function paramsOf(asked: readonly KeyValue[]): Record<string, unknown> {
  const text = valueOf(asked, "params");
  const inside: unknown = text === undefined ? {} : JSON.parse(text);
  return { ...Object.fromEntries(asked.map(({ key, value }) => [key, value])), ...(inside as object) };
}
