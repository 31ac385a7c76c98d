/**
 * The one table of index types: which fields and metrics each fits, its parameters with their ranges and defaults, and from
 * which Milvus on. Ranges are the widest of all versions, so that nothing is refused here that some server takes.
 *
 * Read: the configurations of zilliztech/knowhere (v2.2.3, which Milvus 2.3 builds with, v2.3.12, v2.5.14, v2.6.18 and
 * v3.0.8; src/index), milvus-io/milvus (internal/util/indexparamcheck), and the page of each type. Measured on a real 2.3.5,
 * and on the control plane of 2.5.27, 2.6.19 and 3.0.0: what `measured` says.
 */
import { DENSE, DENSE_TYPES, FLOAT_VECTORS, NLIST } from "./dense";
import { CHECKERS, DOCS, flag, type IndexType, number, text, whole } from "./parameters";

const INTEGERS = ["Int8", "Int16", "Int32", "Int64"];
const NUMBERS = [...INTEGERS, "Float", "Double"];
const SCALARS = [...NUMBERS, "Bool", "VarChar", "Text", "JSON", "Array", "Geometry", "Timestamptz"];

const SPARSE = {
  drop_ratio_build: number(0, 1, { default: 0 }),
  inverted_index_algo: text(
    ["DAAT_MAXSCORE", "DAAT_WAND", "TAAT_NAIVE", "BLOCK_MAX_MAXSCORE", "BLOCK_MAX_WAND", "SINDI"],
    { default: "DAAT_MAXSCORE", from: "2.5", note: "the last three from 3.0 on" },
  ),
  bm25_k1: number(0, 3, { default: 1.2, from: "2.5" }),
  bm25_b: number(0, 1, { default: 0.75, from: "2.5" }),
  bm25_avgdl: number(0, undefined, { default: 100, from: "2.5" }),
  inverted_index_codec: text(["block_streamvbyte", "block_maskedvbyte", "block_adaptive"], { from: "3.0" }),
  quant_type: text(["fp16", "fp32", "u16", "u32"], { from: "3.0" }),
  block_max_block_size: whole(1, undefined, { default: 128, from: "3.0" }),
  sindi_window_size: whole(1024, 65_535, { default: 65_535, from: "3.0" }),
};
const CAST = {
  json_path: text(),
  json_cast_type: text(["BOOL", "DOUBLE", "VARCHAR", "ARRAY_BOOL", "ARRAY_DOUBLE", "ARRAY_VARCHAR", "JSON"]),
  json_cast_function: text(["STRING_TO_DOUBLE"]),
};

export const INDEX_TYPES: Readonly<Record<string, IndexType>> = {
  AUTOINDEX: {
    fields: [...DENSE, "BinaryVector", "SparseFloatVector", ...SCALARS],
    params: CAST,
    source: `${DOCS}/index-explained.md`,
    measured: "2.3.5, 2.5.27, 2.6.19, 3.0.0: parameters of a vector's are refused",
  },
  ...DENSE_TYPES,
  BIN_FLAT: { fields: ["BinaryVector"], params: {}, source: `${DOCS}/bin-flat.md` },
  BIN_IVF_FLAT: { fields: ["BinaryVector"], params: NLIST, source: `${DOCS}/bin-ivf-flat.md` },
  MINHASH_LSH: {
    fields: ["BinaryVector"],
    params: {
      mh_lsh_band: whole(undefined, undefined, { default: 1 }),
      mh_element_bit_width: whole(8, 256, { default: 8 }),
      with_raw_data: flag({ default: false }),
      mh_lsh_code_in_mem: flag({ default: true }),
      mh_lsh_aligned_block_size: whole(4096, undefined, { default: 4096 }),
      mh_lsh_shared_bloom_filter: flag({ default: false }),
      mh_lsh_bloom_false_positive_prob: number(0, 1, { default: 0.01 }),
    },
    from: "2.6",
    source: `${DOCS}/minhash-lsh.md`,
  },
  SPARSE_INVERTED_INDEX: {
    fields: ["SparseFloatVector"],
    params: SPARSE,
    from: "2.4",
    source: `${DOCS}/sparse-inverted-index.md`,
  },
  SPARSE_WAND: {
    fields: ["SparseFloatVector"],
    params: SPARSE,
    from: "2.4",
    source: `${DOCS}/sparse-wand.md`,
  },
  Trie: { fields: ["VarChar"], params: {}, source: `${DOCS}/scalar_index.md` },
  STL_SORT: {
    fields: [...NUMBERS, "Bool", "VarChar", "JSON", "Timestamptz"],
    params: {},
    source: `${DOCS}/stl-sort.md`,
  },
  INVERTED: {
    fields: [...NUMBERS, "Bool", "VarChar", "Text", "JSON", "Array", "Timestamptz"],
    params: CAST,
    from: "2.4",
    source: `${DOCS}/inverted.md`,
    measured: "2.5.27, 2.6.19, 3.0.0: json_cast_type is demanded of a JSON field",
  },
  BITMAP: {
    fields: [...INTEGERS, "Bool", "VarChar", "JSON", "Array"],
    params: CAST,
    from: "2.5",
    source: `${DOCS}/bitmap.md`,
  },
  NGRAM: {
    fields: ["VarChar", "Text", "JSON"],
    params: {
      min_gram: whole(1, undefined, { required: true }),
      max_gram: whole(1, undefined, { required: true }),
      ...CAST,
    },
    from: "2.6",
    source: `${DOCS}/ngram.md`,
  },
  FMINDEX: {
    fields: ["VarChar", "Text"],
    params: {
      fm_sa_sample_rate: whole(4, 256, { default: 8 }),
      fm_block_bytes: whole(8, 128, { default: 64 }),
    },
    from: "3.0",
    source: `${CHECKERS}/fm_index_checker.go`,
  },
  RTREE: { fields: ["Geometry"], params: {}, from: "2.6", source: `${DOCS}/rtree.md` },
};

export const INDEX_TYPE_NAMES: readonly string[] = Object.keys(INDEX_TYPES);

const FLOAT_METRICS = ["L2", "IP", "COSINE"];
const LIST_METRICS = ["MAX_SIM", "MAX_SIM_COSINE", "MAX_SIM_IP", "MAX_SIM_L2", "DTW_COSINE", "DTW_IP"];

/** By the data type of the field; scalars have none. Milvus: https://milvus.io/docs/metric.md */
export const METRICS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(FLOAT_VECTORS.map((type) => [type, FLOAT_METRICS])),
  BinaryVector: ["HAMMING", "JACCARD", "TANIMOTO", "SUBSTRUCTURE", "SUPERSTRUCTURE", "MHJACCARD"],
  SparseFloatVector: ["IP", "BM25"],
  ArrayOfVector: [...LIST_METRICS, ...FLOAT_METRICS],
};

const distinct = (names: readonly string[]): string[] => [...new Set(names)];
export const METRIC_TYPE_NAMES: readonly string[] = distinct(Object.values(METRICS).flat());

export function indexTypeOf(name: string | undefined): IndexType | undefined {
  return name !== undefined && Object.hasOwn(INDEX_TYPES, name) ? INDEX_TYPES[name] : undefined;
}

/** All of the fields that it fits. */
export function metricsOf({ fields }: IndexType): string[] {
  return distinct(fields.flatMap((dataType) => METRICS[dataType] ?? []));
}
