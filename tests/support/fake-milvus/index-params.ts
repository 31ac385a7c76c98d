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
  if (world.isFrom("2.5")) checkVectorIndexFrom25(world, field, type, asked);
  else checkVectorIndex(world, field, type, asked);
  return [...asked];
}

const BAD_PARAMS = "[expected=valid index params][actual=invalid index params]";

/** What every check of parameters says on 2.5.27, and some on newer ones. */
function badParams(reason: string): Refusal {
  return refusal(CODES.invalidParameter, `${reason}: invalid parameter${BAD_PARAMS}`);
}

function unfit(world: World, reason: string): Refusal {
  return world.isFrom("2.6") || !world.isFrom("2.5") ? invalid(reason) : badParams(reason);
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
  // 2.6.19 names a wrong type before a missing cast.
  const castFirst = world.isFrom("3.0") || !/^(STL_SORT|TRIE)$/i.test(type);
  if (field.data_type === "JSON" && castFirst) checkCast(world, asked);
  // Read back empty by 2.5.27, 2.6.19 and 3.0.0, whatever is built then.
  if (type === "")
    return world.isFrom("2.5") ? [...asked] : [{ key: "index_type", value: "AUTOINDEX" }, ...asked];
  if (world.isFrom("2.5") && VECTOR_TYPES[type])
    throw unfit(world, `index ${type} only supports vector data type`);
  if (!SCALAR_TYPES_FROM_24.includes(type.toUpperCase()))
    throw world.isFrom("2.5") ? unknownType(type) : invalid(`invalid index type: ${type}`);
  const isNumber = /^(Int\d+|Float|Double|Timestamptz)$/.test(field.data_type);
  if (
    type.toUpperCase() === "STL_SORT" &&
    !isNumber &&
    !(world.isFrom("2.6") && field.data_type === "VarChar")
  )
    throw unfit(
      world,
      world.isFrom("2.6")
        ? `STL_SORT are only supported on numeric, varchar or timestamptz field, got ${field.data_type}`
        : "STL_SORT are only supported on numeric field",
    );
  if (type.toUpperCase() === "TRIE" && field.data_type !== "VarChar")
    throw unfit(world, "TRIE are only supported on varchar field");
  return [...asked];
}

/** Of what an index over JSON takes its values for. */
function checkCast(world: World, asked: readonly KeyValue[]): void {
  if (paramsOf(asked)["json_cast_type"] !== undefined) return;
  const reason = "json index must specify cast type: missing parameter[missing_param=json_cast_type]";
  throw world.isFrom("2.6") ? refusal(CODES.missingParameter, reason) : badParams(reason);
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
  if (world.isFrom("2.5")) {
    if (others.some(({ key }) => !BESIDE_AUTOINDEX.test(key)))
      throw unexpected("only metric type can be passed when use AutoIndex");
    checkMetric(field, metric);
  }
  return [
    { key: "index_type", value: type || "AUTOINDEX" },
    { key: "metric_type", value: metric },
    ...others,
  ];
}

/** internal/proxy/task_index.go, parseIndexParams: what says how an index is kept, not how it is built. */
const BESIDE_AUTOINDEX = /^(mmap\.enabled|warmup|offset_cache)/;

function unknownType(type: string): Refusal {
  return refusal(
    CODES.invalidParameter,
    `invalid parameter[expected=valid index][actual=invalid index type: ${type}]`,
  );
}

/** Before anything else is asked: measured on 2.5.27, 2.6.19 and 3.0.0. */
function checkMetric({ data_type }: Field, metric: string): void {
  if (data_type === "SparseFloatVector") {
    if (metric !== "IP" && metric !== "BM25")
      throw badParams("only IP&BM25 is the supported metric type for sparse index");
    return;
  }
  const isBinary = data_type === "BinaryVector";
  const kind = isBinary ? "binary" : data_type === "Int8Vector" ? "int" : "float";
  if (!(isBinary ? BINARY_METRICS : FLOAT_METRICS).includes(metric))
    throw badParams(`${kind} vector index does not support metric type: ${metric}`);
}

const SPARSE_TYPES = ["SPARSE_INVERTED_INDEX", "SPARSE_WAND"];

function checkVectorIndexFrom25(world: World, field: Field, type: string, asked: readonly KeyValue[]): void {
  const cannotBuild = () => unfit(world, `data type ${field.data_type} can't build with this index ${type}`);
  const rule = VECTOR_TYPES[type];
  if (!rule || (rule.since !== undefined && !world.isFrom(rule.since)))
    throw SCALAR_TYPES_FROM_24.includes(type) ? cannotBuild() : unknownType(type);
  const metric = valueOf(asked, "metric_type");
  if (metric === undefined) throw badParams("metric type not set for vector index");
  if (SPARSE_TYPES.includes(type) && field.data_type !== "SparseFloatVector") throw cannotBuild();
  checkMetric(field, metric);
  if (rule.onlyFor === "binary" && field.data_type !== "BinaryVector") throw cannotBuild();
  const params = paramsOf(asked);
  for (const [key, range] of Object.entries(rule.ranges)) checkRange(world, key, params[key], range);
  if (type === "IVF_PQ") checkPartsFrom25(world, field, params);
}

/** What is left out has a default. knowhere: the words are those of the recordings. */
function checkRange(
  world: World,
  key: string,
  value: unknown,
  [given, most]: readonly [number, number],
): void {
  if (value === undefined) return;
  const least = key === "M" ? 2 : given;
  const number = Number(value);
  if (!Number.isInteger(number))
    throw unfit(
      world,
      `invalid integer value, key: '${key}', value: '${typeof value === "string" ? value : JSON.stringify(value)}': invalid parameter`,
    );
  if (number < least || number > most)
    throw unfit(
      world,
      `Out of range in json: param '${key}' (${number}) should be in range [${least}, ${most}]`,
    );
}

function checkPartsFrom25(
  world: World,
  { type_params }: Field,
  { m }: Readonly<Record<string, unknown>>,
): void {
  if (m === undefined) throw unfit(world, "param 'm' not exist in json");
  const dim = Number(valueOf(type_params, "dim"));
  if (dim % Number(m) !== 0)
    throw unfit(
      world,
      "The dimension of a vector (dim) should be a multiple of the number of subquantizers (m). " +
        `Dimension: ${dim}, m: ${Number(m)}`,
    );
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
  checkRanges(rule, paramsOf(asked));
  if (type === "IVF_PQ") checkParts(field, paramsOf(asked));
  const metric = valueOf(asked, "metric_type");
  if (metric === undefined || !rule.metrics.includes(metric)) throw wrongMetric(rule.metrics);
  if (rule.onlyFor === "binary" && field.data_type !== "BinaryVector")
    throw unexpected("binary vector is only supported");
}

function checkRanges({ ranges }: Rule, params: Readonly<Record<string, unknown>>): void {
  for (const [key, [least, most]] of Object.entries(ranges)) {
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
