/** What the parameters of indexes mean, and what the range of one is made of. Which type has which: types.ts. */
import type { Range } from "../../core/shapes";

export const DOCS = "milvus.io/docs";
export const KNOWHERE = "zilliztech/knowhere src/index";
export const CHECKERS = "milvus-io/milvus internal/util/indexparamcheck";

/** What a type of index takes for a parameter: the widest range of all Milvus from 2.3 to 3.0. */
export interface Limits extends Range {
  readonly kind: "whole" | "number" | "flag" | "text";
  /** Values that are known, whatever their case; newer servers may know more. */
  readonly known?: readonly string[];
  /** What Milvus builds with when it is left out; where it is missing, the documents name none. */
  readonly default?: number | string | boolean;
  /** Left out, every Milvus refuses the index. */
  readonly required?: true;
  /** It divides the dim of the field, a vector being cut into so many, or so large, parts. */
  readonly parts?: string;
  /** The first Milvus that knows it, where that is a later one than that of the type. */
  readonly from?: string;
  /** What the range says of some servers only, in words. */
  readonly note?: string;
}

export const whole = (min?: number, max?: number, more: Partial<Limits> = {}): Limits => ({
  kind: "whole",
  min,
  max,
  ...more,
});
export const number = (min?: number, max?: number, more: Partial<Limits> = {}): Limits => ({
  kind: "number",
  min,
  max,
  ...more,
});
export const flag = (more: Partial<Limits> = {}): Limits => ({
  kind: "flag",
  known: ["true", "false"],
  ...more,
});
export const text = (known: readonly string[] = [], more: Partial<Limits> = {}): Limits => ({
  kind: "text",
  known,
  ...more,
});

/** In the order of the SDK. */
export const MEANINGS = {
  M: "connections of a node",
  efConstruction: "candidates looked at while building",
  nlist: "clusters",
  m: "parts a vector is cut into",
  nbits: "bits of a part",
  drop_ratio_build: "share of the smallest values left out, which Milvus from 2.5 on takes and leaves unused",
  nrq: "residual quantizers",
  sq_type: "how a dimension is kept",
  refine: "whether finer vectors are kept beside, to look at again in a search",
  refine_type: "how the finer vectors are kept",
  rbq_bits: "bits of a dimension",
  with_raw_data: "whether the vectors themselves are kept in the index",
  sub_dim: "dimensions of a part",
  max_degree: "connections of a node",
  search_list_size: "candidates looked at while building",
  pq_code_budget_gb_ratio: "size of the compressed vectors, as a share of the vectors",
  search_cache_budget_gb_ratio: "size of the cached nodes, as a share of the vectors",
  inline_pq: "compressed vectors kept in a node",
  rearrange: "whether compressed vectors are put in order for a search",
  num_entry_points: "entry points of the graph",
  pq_cache_size: "cache of compressed vectors, in bytes",
  pq_read_page_cache_size: "cache of pages for each thread, in bytes",
  inverted_index_algo: "algorithm that lists are walked with",
  inverted_index_codec: "how lists are packed",
  quant_type: "how values are kept: the first two are for IP, the others for BM25",
  block_max_block_size: "entries of a block",
  sindi_window_size: "window of SINDI",
  bm25_k1: "weight of how often a term occurs",
  bm25_b: "weight of the length of a document",
  bm25_avgdl: "average length of a document",
  mh_lsh_band: "bands that a signature is cut into",
  mh_element_bit_width: "bits of a hash in the vector, a multiple of 8",
  mh_lsh_code_in_mem: "whether hashes are kept in memory",
  mh_lsh_aligned_block_size: "size of a block in the file",
  mh_lsh_shared_bloom_filter: "whether all bands share a Bloom filter",
  mh_lsh_bloom_false_positive_prob: "how often the Bloom filter errs",
  intermediate_graph_degree: "connections of a node before pruning, at least `graph_degree`",
  graph_degree: "connections of a node",
  build_algo: "how the graph is built",
  nn_descent_niter: "rounds of NN_DESCENT",
  cache_dataset_on_device: "whether the vectors are kept on the GPU",
  adapt_for_cpu: "whether searches run on the CPU",
  kmeans_n_iters: "rounds of k-means",
  kmeans_trainset_fraction: "share of the vectors that k-means learns from",
  n_trees: "trees",
  json_path: 'path of the values that are indexed, such as `meta["year"]`',
  json_cast_type: "type that the values are indexed as",
  json_cast_function: "how values become that type",
  min_gram: "letters of the shortest part, at most `max_gram`",
  max_gram: "letters of the longest part",
  fm_sa_sample_rate: "one in how many positions is kept",
  fm_block_bytes: "size of a block, a power of two",
} as const;

export type ParameterName = keyof typeof MEANINGS;
export const PARAMETER_NAMES = Object.keys(MEANINGS) as ParameterName[];

export interface IndexType {
  /** Data types of the fields it fits. */
  readonly fields: readonly string[];
  readonly params: Readonly<Partial<Record<ParameterName, Limits>>>;
  /** The first Milvus that has it; missing for those that 2.3 had already. */
  readonly from?: string;
  /** The page of the documents, or the source, that tells of it. */
  readonly source: string;
  /** What was tried on real servers, beyond that they take the type. */
  readonly measured?: string;
}

/**
 * Beside the parameters of a type: how an index is kept and loaded (milvus-io/milvus, pkg/common/common.go), and from 3.0 on
 * how lists of vectors are indexed (knowhere, BaseConfig).
 */
export const OF_EVERY_TYPE: readonly string[] = [
  "mmap.enabled", "warmup", "indexoffsetcache.enabled", "index.nonEncoding", "dim", "num_build_thread",
  "emb_list_strategy", "muvera_num_projections", "muvera_num_repeats", "muvera_seed",
]; // prettier-ignore
