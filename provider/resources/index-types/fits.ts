/** Which index and metric types fit which field, as far as it needs no server. */
import { distance } from "fastest-levenshtein";

import { nearest, type Report, show, suggestion } from "../../core/shapes";

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
  readonly params?: Readonly<Record<string, unknown>>;
}

/** What is known of the field. */
interface Indexed {
  readonly dataType?: string;
  readonly dim?: number;
}

/** Without the type of the field only what fits no field at all is found. */
export function checkFits(wanted: Wanted, { dataType, dim }: Indexed, report: Report): void {
  const { fieldName, indexType, metricType } = wanted;
  checkParts(wanted, dim, report);
  checkConnections(wanted, report);
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

/**
 * Milvus says so itself when the index is declared (measured: 2.3.5; knowhere, IvfPqConfig, for newer ones), which a
 * preview does not ask it.
 */
function checkParts({ fieldName, indexType, params }: Wanted, dim: number | undefined, report: Report): void {
  const m = params?.["m"];
  if (indexType !== "IVF_PQ" || dim === undefined || m === undefined) return;
  const parts = Number(m);
  if (!Number.isInteger(parts) || parts < 1 || dim % parts === 0) return;
  report(
    "params.m",
    `IVF_PQ cuts a vector into m parts of one length, and ${parts} does not divide the dim of field ${fieldName}, ${dim}`,
  );
}

/** Measured: Milvus 2.3.5 declares such an index and never ends building it; 2.5.27, 2.6.19 and 3.0.0 refuse it. */
function checkConnections({ indexType, params }: Wanted, report: Report): void {
  if (indexType === "HNSW" && Number(params?.["M"]) === 1)
    report(
      "params.M",
      "must be 2 or more for HNSW, not 1: Milvus 2.3 never ends building it, newer ones refuse it",
    );
}

/** Of what Milvus's pages on index types name, those that are long enough to be known again when they are misspelt. */
const PARAMETERS = [
  "efConstruction", "nlist", "nbits", "drop_ratio_build", "inverted_index_algo", "bm25_k1", "bm25_avgdl", "sq_type",
  "refine", "refine_type", "with_raw_data", "build_algo", "intermediate_graph_degree", "graph_degree",
  "cache_dataset_on_device", "adapt_for_cpu", "json_path", "json_cast_type", "json_cast_function", "min_gram", "max_gram",
  "mh_lsh_band", "mh_element_bit_width", "n_trees", "max_degree", "search_list_size",
] as const; // prettier-ignore

/** Milvus from 2.5 on takes a misspelt parameter for one that it does not need, and builds with its default. */
export function checkParams(params: Readonly<Record<string, unknown>>, report: Report): void {
  for (const name of Object.keys(params)) {
    const meant = (PARAMETERS as readonly string[]).includes(name) ? undefined : misspelt(name);
    if (meant !== undefined)
      report(
        `params.${name}`,
        `Milvus knows no parameter ${show(name)}; did you mean ${show(meant)}? Newer servers build without a word with the ` +
          "default of what is misspelt",
      );
  }
}

/** One letter off; two in a long name, which two that changed places are. */
function misspelt(name: string): string | undefined {
  const meant = nearest(name, PARAMETERS);
  if (meant === undefined || name.length < 4) return undefined;
  return distance(name, meant) <= (meant.length > 9 ? 2 : 1) || name.toLowerCase() === meant.toLowerCase()
    ? meant
    : undefined;
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
