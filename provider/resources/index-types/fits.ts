/** Which index and metric types fit which field, as far as it needs no server. */
import { type Report, show, suggestion } from "../../core/shapes";

const FLOAT_INDEXES = [
  "AUTOINDEX", "FLAT", "IVF_FLAT", "IVF_SQ8", "IVF_PQ", "IVF_RABITQ", "HNSW", "HNSW_SQ", "HNSW_PQ", "HNSW_PRQ",
  "DISKANN", "AISAQ", "SCANN", "ANNOY",
  "GPU_FLAT", "GPU_IVF_FLAT", "GPU_IVF_SQ8", "GPU_IVF_PQ", "GPU_BRUTE_FORCE", "GPU_CAGRA", "RAFT_IVF_FLAT", "RAFT_IVF_PQ",
] as const; // prettier-ignore
const FLOAT_METRICS = ["L2", "IP", "COSINE"];
const LIST_METRICS = ["MAX_SIM", "MAX_SIM_COSINE", "MAX_SIM_IP", "MAX_SIM_L2", "DTW_COSINE", "DTW_IP"];

interface Fitting {
  readonly indexTypes: readonly string[];
  /** None for scalars. */
  readonly metricTypes: readonly string[];
}

const scalar = (...indexTypes: string[]): Fitting => ({
  indexTypes: ["AUTOINDEX", ...indexTypes],
  metricTypes: [],
});
const floats: Fitting = { indexTypes: FLOAT_INDEXES, metricTypes: FLOAT_METRICS };
const numbers = scalar("STL_SORT", "INVERTED", "BITMAP");

/** Milvus: https://milvus.io/docs/index-explained.md and the index types of SDK 3.0.6. */
const FITTING: Readonly<Record<string, Fitting>> = {
  FloatVector: floats,
  Float16Vector: floats,
  BFloat16Vector: floats,
  Int8Vector: floats,
  BinaryVector: {
    indexTypes: ["AUTOINDEX", "BIN_FLAT", "BIN_IVF_FLAT", "MINHASH_LSH", "HNSW"],
    metricTypes: ["HAMMING", "JACCARD", "TANIMOTO", "SUBSTRUCTURE", "SUPERSTRUCTURE", "MHJACCARD"],
  },
  SparseFloatVector: {
    indexTypes: ["AUTOINDEX", "SPARSE_INVERTED_INDEX", "SPARSE_WAND"],
    metricTypes: ["IP", "BM25"],
  },
  ArrayOfVector: { indexTypes: FLOAT_INDEXES, metricTypes: [...LIST_METRICS, ...FLOAT_METRICS] },
  Bool: scalar("INVERTED", "BITMAP", "STL_SORT"),
  Int8: numbers,
  Int16: numbers,
  Int32: numbers,
  Int64: numbers,
  Float: scalar("STL_SORT", "INVERTED"),
  Double: scalar("STL_SORT", "INVERTED"),
  VarChar: scalar("Trie", "INVERTED", "BITMAP", "STL_SORT", "NGRAM", "FMINDEX"),
  Text: scalar("INVERTED", "NGRAM", "FMINDEX"),
  JSON: scalar("INVERTED", "NGRAM", "BITMAP", "STL_SORT"),
  Array: scalar("INVERTED", "BITMAP"),
  Geometry: scalar("RTREE"),
  Timestamptz: scalar("STL_SORT", "INVERTED"),
};

const distinct = (names: readonly string[]): string[] => [...new Set(names)];
export const INDEX_TYPES = distinct(Object.values(FITTING).flatMap(({ indexTypes }) => indexTypes));
export const METRIC_TYPES = distinct(Object.values(FITTING).flatMap(({ metricTypes }) => metricTypes));

function fittingField(dataType: string): Fitting | undefined {
  return Object.hasOwn(FITTING, dataType) ? FITTING[dataType] : undefined;
}

interface Wanted {
  readonly fieldName?: string;
  readonly indexType?: string;
  readonly metricType?: string;
}

/** Without the type of the field only what fits no field at all is found. */
export function checkFits(
  { fieldName, indexType, metricType }: Wanted,
  dataType: string | undefined,
  report: Report,
): void {
  const fitting = dataType === undefined ? fittingOf(indexType) : fittingField(dataType);
  if (!fitting) return;
  const field = dataType === undefined ? "" : ` for field ${fieldName}, which is ${dataType}`;
  if (indexType && !fitting.indexTypes.includes(indexType))
    report(
      "indexType",
      `${show(indexType)} is no index type${field}${suggestion(indexType, fitting.indexTypes) || "."} ` +
        `Known are ${fitting.indexTypes.join(", ")}`,
    );
  if (metricType === undefined || fitting.metricTypes.includes(metricType)) return;
  const subject = field || (indexType ? ` for ${indexType}` : "");
  report(
    "metricType",
    fitting.metricTypes.length === 0
      ? `only vector indexes have a metric: leave it out${subject}`
      : `${show(metricType)} is no metric type${subject}${suggestion(metricType, fitting.metricTypes) || "."} ` +
          `Known are ${fitting.metricTypes.join(", ")}`,
  );
}

/** All that fits the fields which an index type fits; all there is when it is left out or unknown. */
function fittingOf(indexType: string | undefined): Fitting {
  const fittings = Object.values(FITTING).filter(
    ({ indexTypes }) => indexType && indexTypes.includes(indexType),
  );
  const all = fittings.length > 0 ? fittings : Object.values(FITTING);
  return {
    indexTypes: INDEX_TYPES,
    metricTypes: distinct(all.flatMap(({ metricTypes }) => metricTypes)),
  };
}
