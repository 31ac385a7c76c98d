// Written by `npm run generate` from provider/resources; do not edit.

import * as pulumi from "@pulumi/pulumi";

import { Collection } from "./collection";
import { isResource, registration, remember, shortenStack } from "./resource";
import { TimeoutsArgs } from "./shared";

/**
 * An index on a field of a collection.
 *
 * Removed from the program, the collection is released where the server demands it and the index is
 * dropped. When every vector field still has an index, the collection is loaded again as it was;
 * otherwise it is no longer searchable, and the log says so. Milvus:
 * https://milvus.io/docs/manage-indexes.md
 */
export class Index extends pulumi.CustomResource {
  /** One that exists already, by its id; it is read, never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Index {
    return new this(name, undefined as unknown as IndexArgs, { ...opts, id });
  }

  /** Also for objects of another copy of this package. */
  static override isInstance(value: unknown): value is Index {
    return isResource(value, "Index");
  }

  /** The name of the collection it stands in. */
  declare readonly collectionName: pulumi.Output<string>;

  /** The id that the server gave the collection. Empty on Milvus Lite, which gives none. */
  declare readonly collectionId: pulumi.Output<string>;

  /** The database. Default: that of the provider, `default` when it names none. A change replaces. */
  declare readonly databaseName: pulumi.Output<string>;

  /** The name of the index. Default: the logical name of the resource. A change replaces. */
  declare readonly indexName: pulumi.Output<string>;

  /** The field to index. A change replaces. */
  declare readonly fieldName: pulumi.Output<string>;

  /**
   * Such as `HNSW`, `IVF_FLAT`, `AUTOINDEX`, `INVERTED`. Default: the server's choice. A change
   * replaces. Zilliz Cloud builds its `AUTOINDEX` on vectors whatever is named here, which is no change
   * then.
   */
  declare readonly indexType: pulumi.Output<string | undefined>;

  /**
   * How vectors are compared: `COSINE`, `IP`, `L2`, `HAMMING`, ... Default: the server's. A change
   * replaces.
   */
  declare readonly metricType: pulumi.Output<string | undefined>;

  /** Parameters of the index type, such as `{ M: 16, efConstruction: 200 }`. A change replaces. */
  declare readonly params: pulumi.Output<IndexParams>;

  /**
   * How its collection was loaded before a run released it that could not load it again: the next
   * `pulumi up` does. Left out while nothing is owed.
   */
  declare readonly owedLoad: pulumi.Output<{ [key: string]: unknown } | undefined>;

  constructor(name: string, args: KnownIndexArgs, opts?: pulumi.CustomResourceOptions);
  constructor(name: string, args: IndexArgs, opts?: pulumi.CustomResourceOptions);
  constructor(name: string, args: IndexArgs, opts?: pulumi.CustomResourceOptions) {
    const { type, properties, options } = registration(new.target, "Index", name, args, OUTPUTS, opts);
    const restoreStack = shortenStack();
    try {
      super(type, name, properties, options);
    } finally {
      restoreStack();
    }
    remember(this, args, options);
  }
}

const OUTPUTS = [
  "collectionName",
  "collectionId",
  "databaseName",
  "indexName",
  "fieldName",
  "indexType",
  "metricType",
  "params",
  "owedLoad",
];

/** What an Index is declared with. */
export interface IndexArgs {
  /**
   * The collection it stands in: a Collection of the program, which it follows and goes with, or the
   * name of one.
   */
  collection: Collection | pulumi.Input<string>;
  /** The database. Default: that of the provider, `default` when it names none. A change replaces. */
  databaseName?: pulumi.Input<string>;
  /** The name of the index. Default: the logical name of the resource. A change replaces. */
  indexName?: pulumi.Input<string>;
  /** The field to index. A change replaces. */
  fieldName: pulumi.Input<string>;
  /**
   * Such as `HNSW`, `IVF_FLAT`, `AUTOINDEX`, `INVERTED`. Default: the server's choice. A change
   * replaces. Zilliz Cloud builds its `AUTOINDEX` on vectors whatever is named here, which is no change
   * then.
   */
  indexType?: pulumi.Input<IndexType>;
  /**
   * How vectors are compared: `COSINE`, `IP`, `L2`, `HAMMING`, ... Default: the server's. A change
   * replaces.
   */
  metricType?: pulumi.Input<MetricType>;
  /** Parameters of the index type, such as `{ M: 16, efConstruction: 200 }`. A change replaces. */
  params?: pulumi.Input<IndexParamsArgs>;
  /**
   * Whether to wait until the rows that are there are indexed. When the time is up the resource is kept
   * and the next `pulumi up` goes on waiting. Default: `true`. Never causes a change.
   */
  waitForBuild?: pulumi.Input<boolean>;
  /**
   * Whether to take over an object of this name that exists already, equals what is declared and holds
   * data. Without it only what is equal and provably empty is taken over. Default: `false`. Never causes
   * a change.
   */
  adopt?: pulumi.Input<boolean>;
  /**
   * How long operations may take, in seconds. A server that has not answered yet, and that nothing in
   * the stack makes, is given up after 8 seconds unless they are set. Never causes a change; a delete
   * uses what was recorded at the last create or update.
   */
  timeouts?: pulumi.Input<TimeoutsArgs>;
}

/** Parameters of an index type. Milvus: https://milvus.io/docs/index-explained.md */
export interface IndexParamsArgs {
  /** Connections of a node. HNSW, HNSW_SQ, HNSW_PQ, HNSW_PRQ: 2 to 2,048, default 30. */
  M?: pulumi.Input<number>;
  /**
   * Candidates looked at while building. HNSW, HNSW_SQ, HNSW_PQ, HNSW_PRQ: 1 to 2,147,483,647, default
   * 360.
   */
  efConstruction?: pulumi.Input<number>;
  /**
   * Clusters. IVF_FLAT, IVF_SQ8, IVF_PQ, IVF_RABITQ, SCANN, GPU_IVF_FLAT, GPU_IVF_SQ8, GPU_IVF_PQ,
   * RAFT_IVF_FLAT, RAFT_IVF_PQ, BIN_IVF_FLAT: 1 to 65,536, default 128.
   */
  nlist?: pulumi.Input<number>;
  /**
   * Parts a vector is cut into. IVF_PQ: 1 to 65,536, divides `dim`, required. HNSW_PQ: 1 to 65,536,
   * divides `dim`, default 32. HNSW_PRQ: 1 to 65,536, divides `dim`, default 2. GPU_IVF_PQ, RAFT_IVF_PQ:
   * 1 to 65,536, left out, the server chooses.
   */
  m?: pulumi.Input<number>;
  /**
   * Bits of a part. IVF_PQ, HNSW_PQ, HNSW_PRQ, RAFT_IVF_PQ: 1 to 64, default 8, from 2.5 on 1 to 24.
   * GPU_IVF_PQ: 4 to 8, default 8.
   */
  nbits?: pulumi.Input<number>;
  /**
   * Share of the smallest values left out, which Milvus from 2.5 on takes and leaves unused.
   * SPARSE_INVERTED_INDEX, SPARSE_WAND: 0 to 1, default 0.
   */
  drop_ratio_build?: pulumi.Input<number>;
  /** Residual quantizers. HNSW_PRQ: 1 to 16, default 2. */
  nrq?: pulumi.Input<number | string>;
  /**
   * How a dimension is kept. IVF_SQ8: SQ4, SQ6 or SQ8, default SQ8, from Milvus 2.6. HNSW_SQ: SQ4U, SQ6,
   * SQ8, FP16 or BF16, default SQ8, SQ4U from 2.6 on.
   */
  sq_type?: pulumi.Input<"SQ4" | "SQ6" | "SQ8" | "SQ4U" | "FP16" | "BF16" | (string & {})>;
  /**
   * Whether finer vectors are kept beside, to look at again in a search. IVF_SQ8, IVF_PQ: default false,
   * from Milvus 2.6. IVF_RABITQ, HNSW_SQ, HNSW_PQ, HNSW_PRQ: default false.
   */
  refine?: pulumi.Input<boolean | string>;
  /**
   * How the finer vectors are kept. IVF_SQ8, IVF_PQ: SQ6, SQ8, FP16, BF16, FP32 or FLAT, from Milvus
   * 2.6. IVF_RABITQ: SQ6, SQ8, FP16, BF16, FP32 or FLAT. HNSW_SQ, HNSW_PQ, HNSW_PRQ: SQ4U, SQ6, SQ8,
   * FP16, BF16, FP32 or FLAT.
   */
  refine_type?: pulumi.Input<"SQ6" | "SQ8" | "FP16" | "BF16" | "FP32" | "FLAT" | "SQ4U" | (string & {})>;
  /** Bits of a dimension. IVF_RABITQ: 1 to 9, default 1, from Milvus 3.0. */
  rbq_bits?: pulumi.Input<number | string>;
  /**
   * Whether the vectors themselves are kept in the index. SCANN: default true. MINHASH_LSH: default
   * false.
   */
  with_raw_data?: pulumi.Input<boolean | string>;
  /** Dimensions of a part. SCANN: 1 to 65,536, divides `dim`, default 2, from Milvus 2.5. */
  sub_dim?: pulumi.Input<number | string>;
  /** Connections of a node. DISKANN, AISAQ: 1 to 2,048, default 56. */
  max_degree?: pulumi.Input<number | string>;
  /** Candidates looked at while building. DISKANN, AISAQ: 1 to 2,147,483,647, default 100. */
  search_list_size?: pulumi.Input<number | string>;
  /** Size of the compressed vectors, as a share of the vectors. DISKANN, AISAQ: 0 or more, default 0.125. */
  pq_code_budget_gb_ratio?: pulumi.Input<number | string>;
  /** Size of the cached nodes, as a share of the vectors. DISKANN, AISAQ: 0 or more, default 0.1. */
  search_cache_budget_gb_ratio?: pulumi.Input<number | string>;
  /** Compressed vectors kept in a node. AISAQ: 0 to 2,048. */
  inline_pq?: pulumi.Input<number | string>;
  /** Whether compressed vectors are put in order for a search. AISAQ. */
  rearrange?: pulumi.Input<boolean | string>;
  /** Entry points of the graph. AISAQ: 0 or more. */
  num_entry_points?: pulumi.Input<number | string>;
  /** Cache of compressed vectors, in bytes. AISAQ: 0 or more. */
  pq_cache_size?: pulumi.Input<number | string>;
  /** Cache of pages for each thread, in bytes. AISAQ: 0 or more. */
  pq_read_page_cache_size?: pulumi.Input<number | string>;
  /**
   * Algorithm that lists are walked with. SPARSE_INVERTED_INDEX, SPARSE_WAND: DAAT_MAXSCORE, DAAT_WAND,
   * TAAT_NAIVE, BLOCK_MAX_MAXSCORE, BLOCK_MAX_WAND or SINDI, default DAAT_MAXSCORE, from Milvus 2.5, the
   * last three from 3.0 on.
   */
  inverted_index_algo?: pulumi.Input<
    | "DAAT_MAXSCORE"
    | "DAAT_WAND"
    | "TAAT_NAIVE"
    | "BLOCK_MAX_MAXSCORE"
    | "BLOCK_MAX_WAND"
    | "SINDI"
    | (string & {})
  >;
  /**
   * How lists are packed. SPARSE_INVERTED_INDEX, SPARSE_WAND: block_streamvbyte, block_maskedvbyte or
   * block_adaptive, from Milvus 3.0.
   */
  inverted_index_codec?: pulumi.Input<
    "block_streamvbyte" | "block_maskedvbyte" | "block_adaptive" | (string & {})
  >;
  /**
   * How values are kept: the first two are for IP, the others for BM25. SPARSE_INVERTED_INDEX,
   * SPARSE_WAND: fp16, fp32, u16 or u32, from Milvus 3.0.
   */
  quant_type?: pulumi.Input<"fp16" | "fp32" | "u16" | "u32" | (string & {})>;
  /** Entries of a block. SPARSE_INVERTED_INDEX, SPARSE_WAND: 1 or more, default 128, from Milvus 3.0. */
  block_max_block_size?: pulumi.Input<number | string>;
  /**
   * Window of SINDI. SPARSE_INVERTED_INDEX, SPARSE_WAND: 1,024 to 65,535, default 65,535, from Milvus
   * 3.0.
   */
  sindi_window_size?: pulumi.Input<number | string>;
  /**
   * Weight of how often a term occurs. SPARSE_INVERTED_INDEX, SPARSE_WAND: 0 to 3, default 1.2, from
   * Milvus 2.5.
   */
  bm25_k1?: pulumi.Input<number | string>;
  /**
   * Weight of the length of a document. SPARSE_INVERTED_INDEX, SPARSE_WAND: 0 to 1, default 0.75, from
   * Milvus 2.5.
   */
  bm25_b?: pulumi.Input<number | string>;
  /**
   * Average length of a document. SPARSE_INVERTED_INDEX, SPARSE_WAND: 0 or more, default 100, from
   * Milvus 2.5.
   */
  bm25_avgdl?: pulumi.Input<number | string>;
  /** Bands that a signature is cut into. MINHASH_LSH: default 1. */
  mh_lsh_band?: pulumi.Input<number | string>;
  /** Bits of a hash in the vector, a multiple of 8. MINHASH_LSH: 8 to 256, default 8. */
  mh_element_bit_width?: pulumi.Input<number | string>;
  /** Whether hashes are kept in memory. MINHASH_LSH: default true. */
  mh_lsh_code_in_mem?: pulumi.Input<boolean | string>;
  /** Size of a block in the file. MINHASH_LSH: 4,096 or more, default 4,096. */
  mh_lsh_aligned_block_size?: pulumi.Input<number | string>;
  /** Whether all bands share a Bloom filter. MINHASH_LSH: default false. */
  mh_lsh_shared_bloom_filter?: pulumi.Input<boolean | string>;
  /** How often the Bloom filter errs. MINHASH_LSH: 0 to 1, default 0.01. */
  mh_lsh_bloom_false_positive_prob?: pulumi.Input<number | string>;
  /** Connections of a node before pruning, at least `graph_degree`. GPU_CAGRA: default 128. */
  intermediate_graph_degree?: pulumi.Input<number | string>;
  /** Connections of a node. GPU_CAGRA: default 64. */
  graph_degree?: pulumi.Input<number | string>;
  /** How the graph is built. GPU_CAGRA: IVF_PQ, NN_DESCENT or ITERATIVE, default NN_DESCENT. */
  build_algo?: pulumi.Input<"IVF_PQ" | "NN_DESCENT" | "ITERATIVE" | (string & {})>;
  /** Rounds of NN_DESCENT. GPU_CAGRA: default 20. */
  nn_descent_niter?: pulumi.Input<number | string>;
  /**
   * Whether the vectors are kept on the GPU. GPU_IVF_FLAT, GPU_IVF_PQ, GPU_CAGRA, RAFT_IVF_FLAT,
   * RAFT_IVF_PQ: default false.
   */
  cache_dataset_on_device?: pulumi.Input<boolean | string>;
  /** Whether searches run on the CPU. GPU_CAGRA: default false. */
  adapt_for_cpu?: pulumi.Input<boolean | string>;
  /** Rounds of k-means. GPU_IVF_FLAT, GPU_IVF_PQ, RAFT_IVF_FLAT, RAFT_IVF_PQ: default 20. */
  kmeans_n_iters?: pulumi.Input<number | string>;
  /**
   * Share of the vectors that k-means learns from. GPU_IVF_FLAT, GPU_IVF_PQ, RAFT_IVF_FLAT, RAFT_IVF_PQ:
   * default 0.5.
   */
  kmeans_trainset_fraction?: pulumi.Input<number | string>;
  /** Trees. ANNOY: 1 to 1,024. */
  n_trees?: pulumi.Input<number | string>;
  /** Path of the values that are indexed, such as `meta["year"]`. AUTOINDEX, INVERTED, BITMAP, NGRAM. */
  json_path?: pulumi.Input<string>;
  /**
   * Type that the values are indexed as. AUTOINDEX, INVERTED, BITMAP, NGRAM: BOOL, DOUBLE, VARCHAR,
   * ARRAY_BOOL, ARRAY_DOUBLE, ARRAY_VARCHAR or JSON.
   */
  json_cast_type?: pulumi.Input<
    "BOOL" | "DOUBLE" | "VARCHAR" | "ARRAY_BOOL" | "ARRAY_DOUBLE" | "ARRAY_VARCHAR" | "JSON" | (string & {})
  >;
  /** How values become that type. AUTOINDEX, INVERTED, BITMAP, NGRAM: STRING_TO_DOUBLE. */
  json_cast_function?: pulumi.Input<"STRING_TO_DOUBLE" | (string & {})>;
  /** Letters of the shortest part, at most `max_gram`. NGRAM: 1 or more, required. */
  min_gram?: pulumi.Input<number | string>;
  /** Letters of the longest part. NGRAM: 1 or more, required. */
  max_gram?: pulumi.Input<number | string>;
  /** One in how many positions is kept. FMINDEX: 4 to 256, default 8. */
  fm_sa_sample_rate?: pulumi.Input<number | string>;
  /** Size of a block, a power of two. FMINDEX: 8 to 128, default 64. */
  fm_block_bytes?: pulumi.Input<number | string>;
  [parameter: string]: unknown;
}

/** Parameters of an index type. Milvus: https://milvus.io/docs/index-explained.md */
export interface IndexParams {
  /** Connections of a node. HNSW, HNSW_SQ, HNSW_PQ, HNSW_PRQ: 2 to 2,048, default 30. */
  M?: number;
  /**
   * Candidates looked at while building. HNSW, HNSW_SQ, HNSW_PQ, HNSW_PRQ: 1 to 2,147,483,647, default
   * 360.
   */
  efConstruction?: number;
  /**
   * Clusters. IVF_FLAT, IVF_SQ8, IVF_PQ, IVF_RABITQ, SCANN, GPU_IVF_FLAT, GPU_IVF_SQ8, GPU_IVF_PQ,
   * RAFT_IVF_FLAT, RAFT_IVF_PQ, BIN_IVF_FLAT: 1 to 65,536, default 128.
   */
  nlist?: number;
  /**
   * Parts a vector is cut into. IVF_PQ: 1 to 65,536, divides `dim`, required. HNSW_PQ: 1 to 65,536,
   * divides `dim`, default 32. HNSW_PRQ: 1 to 65,536, divides `dim`, default 2. GPU_IVF_PQ, RAFT_IVF_PQ:
   * 1 to 65,536, left out, the server chooses.
   */
  m?: number;
  /**
   * Bits of a part. IVF_PQ, HNSW_PQ, HNSW_PRQ, RAFT_IVF_PQ: 1 to 64, default 8, from 2.5 on 1 to 24.
   * GPU_IVF_PQ: 4 to 8, default 8.
   */
  nbits?: number;
  /**
   * Share of the smallest values left out, which Milvus from 2.5 on takes and leaves unused.
   * SPARSE_INVERTED_INDEX, SPARSE_WAND: 0 to 1, default 0.
   */
  drop_ratio_build?: number;
  /** Residual quantizers. HNSW_PRQ: 1 to 16, default 2. */
  nrq?: number | string;
  /**
   * How a dimension is kept. IVF_SQ8: SQ4, SQ6 or SQ8, default SQ8, from Milvus 2.6. HNSW_SQ: SQ4U, SQ6,
   * SQ8, FP16 or BF16, default SQ8, SQ4U from 2.6 on.
   */
  sq_type?: "SQ4" | "SQ6" | "SQ8" | "SQ4U" | "FP16" | "BF16" | (string & {});
  /**
   * Whether finer vectors are kept beside, to look at again in a search. IVF_SQ8, IVF_PQ: default false,
   * from Milvus 2.6. IVF_RABITQ, HNSW_SQ, HNSW_PQ, HNSW_PRQ: default false.
   */
  refine?: boolean | string;
  /**
   * How the finer vectors are kept. IVF_SQ8, IVF_PQ: SQ6, SQ8, FP16, BF16, FP32 or FLAT, from Milvus
   * 2.6. IVF_RABITQ: SQ6, SQ8, FP16, BF16, FP32 or FLAT. HNSW_SQ, HNSW_PQ, HNSW_PRQ: SQ4U, SQ6, SQ8,
   * FP16, BF16, FP32 or FLAT.
   */
  refine_type?: "SQ6" | "SQ8" | "FP16" | "BF16" | "FP32" | "FLAT" | "SQ4U" | (string & {});
  /** Bits of a dimension. IVF_RABITQ: 1 to 9, default 1, from Milvus 3.0. */
  rbq_bits?: number | string;
  /**
   * Whether the vectors themselves are kept in the index. SCANN: default true. MINHASH_LSH: default
   * false.
   */
  with_raw_data?: boolean | string;
  /** Dimensions of a part. SCANN: 1 to 65,536, divides `dim`, default 2, from Milvus 2.5. */
  sub_dim?: number | string;
  /** Connections of a node. DISKANN, AISAQ: 1 to 2,048, default 56. */
  max_degree?: number | string;
  /** Candidates looked at while building. DISKANN, AISAQ: 1 to 2,147,483,647, default 100. */
  search_list_size?: number | string;
  /** Size of the compressed vectors, as a share of the vectors. DISKANN, AISAQ: 0 or more, default 0.125. */
  pq_code_budget_gb_ratio?: number | string;
  /** Size of the cached nodes, as a share of the vectors. DISKANN, AISAQ: 0 or more, default 0.1. */
  search_cache_budget_gb_ratio?: number | string;
  /** Compressed vectors kept in a node. AISAQ: 0 to 2,048. */
  inline_pq?: number | string;
  /** Whether compressed vectors are put in order for a search. AISAQ. */
  rearrange?: boolean | string;
  /** Entry points of the graph. AISAQ: 0 or more. */
  num_entry_points?: number | string;
  /** Cache of compressed vectors, in bytes. AISAQ: 0 or more. */
  pq_cache_size?: number | string;
  /** Cache of pages for each thread, in bytes. AISAQ: 0 or more. */
  pq_read_page_cache_size?: number | string;
  /**
   * Algorithm that lists are walked with. SPARSE_INVERTED_INDEX, SPARSE_WAND: DAAT_MAXSCORE, DAAT_WAND,
   * TAAT_NAIVE, BLOCK_MAX_MAXSCORE, BLOCK_MAX_WAND or SINDI, default DAAT_MAXSCORE, from Milvus 2.5, the
   * last three from 3.0 on.
   */
  inverted_index_algo?:
    | "DAAT_MAXSCORE"
    | "DAAT_WAND"
    | "TAAT_NAIVE"
    | "BLOCK_MAX_MAXSCORE"
    | "BLOCK_MAX_WAND"
    | "SINDI"
    | (string & {});
  /**
   * How lists are packed. SPARSE_INVERTED_INDEX, SPARSE_WAND: block_streamvbyte, block_maskedvbyte or
   * block_adaptive, from Milvus 3.0.
   */
  inverted_index_codec?: "block_streamvbyte" | "block_maskedvbyte" | "block_adaptive" | (string & {});
  /**
   * How values are kept: the first two are for IP, the others for BM25. SPARSE_INVERTED_INDEX,
   * SPARSE_WAND: fp16, fp32, u16 or u32, from Milvus 3.0.
   */
  quant_type?: "fp16" | "fp32" | "u16" | "u32" | (string & {});
  /** Entries of a block. SPARSE_INVERTED_INDEX, SPARSE_WAND: 1 or more, default 128, from Milvus 3.0. */
  block_max_block_size?: number | string;
  /**
   * Window of SINDI. SPARSE_INVERTED_INDEX, SPARSE_WAND: 1,024 to 65,535, default 65,535, from Milvus
   * 3.0.
   */
  sindi_window_size?: number | string;
  /**
   * Weight of how often a term occurs. SPARSE_INVERTED_INDEX, SPARSE_WAND: 0 to 3, default 1.2, from
   * Milvus 2.5.
   */
  bm25_k1?: number | string;
  /**
   * Weight of the length of a document. SPARSE_INVERTED_INDEX, SPARSE_WAND: 0 to 1, default 0.75, from
   * Milvus 2.5.
   */
  bm25_b?: number | string;
  /**
   * Average length of a document. SPARSE_INVERTED_INDEX, SPARSE_WAND: 0 or more, default 100, from
   * Milvus 2.5.
   */
  bm25_avgdl?: number | string;
  /** Bands that a signature is cut into. MINHASH_LSH: default 1. */
  mh_lsh_band?: number | string;
  /** Bits of a hash in the vector, a multiple of 8. MINHASH_LSH: 8 to 256, default 8. */
  mh_element_bit_width?: number | string;
  /** Whether hashes are kept in memory. MINHASH_LSH: default true. */
  mh_lsh_code_in_mem?: boolean | string;
  /** Size of a block in the file. MINHASH_LSH: 4,096 or more, default 4,096. */
  mh_lsh_aligned_block_size?: number | string;
  /** Whether all bands share a Bloom filter. MINHASH_LSH: default false. */
  mh_lsh_shared_bloom_filter?: boolean | string;
  /** How often the Bloom filter errs. MINHASH_LSH: 0 to 1, default 0.01. */
  mh_lsh_bloom_false_positive_prob?: number | string;
  /** Connections of a node before pruning, at least `graph_degree`. GPU_CAGRA: default 128. */
  intermediate_graph_degree?: number | string;
  /** Connections of a node. GPU_CAGRA: default 64. */
  graph_degree?: number | string;
  /** How the graph is built. GPU_CAGRA: IVF_PQ, NN_DESCENT or ITERATIVE, default NN_DESCENT. */
  build_algo?: "IVF_PQ" | "NN_DESCENT" | "ITERATIVE" | (string & {});
  /** Rounds of NN_DESCENT. GPU_CAGRA: default 20. */
  nn_descent_niter?: number | string;
  /**
   * Whether the vectors are kept on the GPU. GPU_IVF_FLAT, GPU_IVF_PQ, GPU_CAGRA, RAFT_IVF_FLAT,
   * RAFT_IVF_PQ: default false.
   */
  cache_dataset_on_device?: boolean | string;
  /** Whether searches run on the CPU. GPU_CAGRA: default false. */
  adapt_for_cpu?: boolean | string;
  /** Rounds of k-means. GPU_IVF_FLAT, GPU_IVF_PQ, RAFT_IVF_FLAT, RAFT_IVF_PQ: default 20. */
  kmeans_n_iters?: number | string;
  /**
   * Share of the vectors that k-means learns from. GPU_IVF_FLAT, GPU_IVF_PQ, RAFT_IVF_FLAT, RAFT_IVF_PQ:
   * default 0.5.
   */
  kmeans_trainset_fraction?: number | string;
  /** Trees. ANNOY: 1 to 1,024. */
  n_trees?: number | string;
  /** Path of the values that are indexed, such as `meta["year"]`. AUTOINDEX, INVERTED, BITMAP, NGRAM. */
  json_path?: string;
  /**
   * Type that the values are indexed as. AUTOINDEX, INVERTED, BITMAP, NGRAM: BOOL, DOUBLE, VARCHAR,
   * ARRAY_BOOL, ARRAY_DOUBLE, ARRAY_VARCHAR or JSON.
   */
  json_cast_type?:
    "BOOL" | "DOUBLE" | "VARCHAR" | "ARRAY_BOOL" | "ARRAY_DOUBLE" | "ARRAY_VARCHAR" | "JSON" | (string & {});
  /** How values become that type. AUTOINDEX, INVERTED, BITMAP, NGRAM: STRING_TO_DOUBLE. */
  json_cast_function?: "STRING_TO_DOUBLE" | (string & {});
  /** Letters of the shortest part, at most `max_gram`. NGRAM: 1 or more, required. */
  min_gram?: number | string;
  /** Letters of the longest part. NGRAM: 1 or more, required. */
  max_gram?: number | string;
  /** One in how many positions is kept. FMINDEX: 4 to 256, default 8. */
  fm_sa_sample_rate?: number | string;
  /** Size of a block, a power of two. FMINDEX: 8 to 128, default 64. */
  fm_block_bytes?: number | string;
  [parameter: string]: unknown;
}

/** Types of index that some Milvus has. Milvus: https://milvus.io/docs/index-explained.md */
export type IndexType =
  | "AUTOINDEX"
  | "FLAT"
  | "IVF_FLAT"
  | "IVF_SQ8"
  | "IVF_PQ"
  | "IVF_RABITQ"
  | "HNSW"
  | "HNSW_SQ"
  | "HNSW_PQ"
  | "HNSW_PRQ"
  | "DISKANN"
  | "AISAQ"
  | "SCANN"
  | "ANNOY"
  | "GPU_FLAT"
  | "GPU_IVF_FLAT"
  | "GPU_IVF_SQ8"
  | "GPU_IVF_PQ"
  | "GPU_BRUTE_FORCE"
  | "GPU_CAGRA"
  | "RAFT_IVF_FLAT"
  | "RAFT_IVF_PQ"
  | "BIN_FLAT"
  | "BIN_IVF_FLAT"
  | "MINHASH_LSH"
  | "SPARSE_INVERTED_INDEX"
  | "SPARSE_WAND"
  | "Trie"
  | "STL_SORT"
  | "INVERTED"
  | "BITMAP"
  | "NGRAM"
  | "FMINDEX"
  | "RTREE"
  | (string & {});

/** How some Milvus compares vectors. Milvus: https://milvus.io/docs/metric.md */
export type MetricType =
  | "L2"
  | "IP"
  | "COSINE"
  | "HAMMING"
  | "JACCARD"
  | "TANIMOTO"
  | "SUBSTRUCTURE"
  | "SUPERSTRUCTURE"
  | "MHJACCARD"
  | "BM25"
  | "MAX_SIM"
  | "MAX_SIM_COSINE"
  | "MAX_SIM_IP"
  | "MAX_SIM_L2"
  | "DTW_COSINE"
  | "DTW_IP"
  | (string & {});

/** The metrics of each kind of vector field. */
export interface MetricTypes {
  /** Of a field that is FloatVector. */
  FloatVector: "L2" | "IP" | "COSINE";
  /** Of a field that is Float16Vector. */
  Float16Vector: "L2" | "IP" | "COSINE";
  /** Of a field that is BFloat16Vector. */
  BFloat16Vector: "L2" | "IP" | "COSINE";
  /** Of a field that is Int8Vector. */
  Int8Vector: "L2" | "IP" | "COSINE";
  /** Of a field that is BinaryVector. */
  BinaryVector: "HAMMING" | "JACCARD" | "TANIMOTO" | "SUBSTRUCTURE" | "SUPERSTRUCTURE" | "MHJACCARD";
  /** Of a field that is SparseFloatVector. */
  SparseFloatVector: "IP" | "BM25";
  /** Of a field that is ArrayOfVector. */
  ArrayOfVector:
    | "MAX_SIM"
    | "MAX_SIM_COSINE"
    | "MAX_SIM_IP"
    | "MAX_SIM_L2"
    | "DTW_COSINE"
    | "DTW_IP"
    | "L2"
    | "IP"
    | "COSINE";
}

/** An index of one type, with the metrics and the parameters that the type has. */
interface IndexOf<Type extends string, Vector extends keyof MetricTypes, Parameter extends string> {
  indexType: Type;
  metricType?: pulumi.Input<MetricTypes[Vector]>;
  params?: pulumi.Input<Pick<IndexParamsArgs, Parameter> & { [parameter: string]: unknown }>;
}

/** What an Index of a known type is declared with: editors complete its metrics and its parameters. */
export type KnownIndexArgs = Omit<IndexArgs, "indexType" | "metricType" | "params"> &
  (
    | IndexOf<
        "AUTOINDEX",
        | "FloatVector"
        | "Float16Vector"
        | "BFloat16Vector"
        | "Int8Vector"
        | "ArrayOfVector"
        | "BinaryVector"
        | "SparseFloatVector",
        "json_path" | "json_cast_type" | "json_cast_function"
      >
    | IndexOf<
        "FLAT",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        never
      >
    | IndexOf<
        "IVF_FLAT",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        "nlist"
      >
    | IndexOf<
        "IVF_SQ8",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        "nlist" | "sq_type" | "refine" | "refine_type"
      >
    | IndexOf<
        "IVF_PQ",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        "nlist" | "m" | "nbits" | "refine" | "refine_type"
      >
    | IndexOf<
        "IVF_RABITQ",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        "nlist" | "refine" | "refine_type" | "rbq_bits"
      >
    | IndexOf<
        "HNSW",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector" | "BinaryVector",
        "M" | "efConstruction"
      >
    | IndexOf<
        "HNSW_SQ",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        "M" | "efConstruction" | "sq_type" | "refine" | "refine_type"
      >
    | IndexOf<
        "HNSW_PQ",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        "M" | "efConstruction" | "m" | "nbits" | "refine" | "refine_type"
      >
    | IndexOf<
        "HNSW_PRQ",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        "M" | "efConstruction" | "m" | "nrq" | "nbits" | "refine" | "refine_type"
      >
    | IndexOf<
        "DISKANN",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        "max_degree" | "search_list_size" | "pq_code_budget_gb_ratio" | "search_cache_budget_gb_ratio"
      >
    | IndexOf<
        "AISAQ",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        | "max_degree"
        | "search_list_size"
        | "pq_code_budget_gb_ratio"
        | "search_cache_budget_gb_ratio"
        | "inline_pq"
        | "rearrange"
        | "num_entry_points"
        | "pq_cache_size"
        | "pq_read_page_cache_size"
      >
    | IndexOf<
        "SCANN",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        "nlist" | "with_raw_data" | "sub_dim"
      >
    | IndexOf<
        "ANNOY",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        "n_trees"
      >
    | IndexOf<
        "GPU_FLAT",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        never
      >
    | IndexOf<
        "GPU_IVF_FLAT",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        "nlist" | "cache_dataset_on_device" | "kmeans_n_iters" | "kmeans_trainset_fraction"
      >
    | IndexOf<
        "GPU_IVF_SQ8",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        "nlist"
      >
    | IndexOf<
        "GPU_IVF_PQ",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        "nlist" | "m" | "nbits" | "cache_dataset_on_device" | "kmeans_n_iters" | "kmeans_trainset_fraction"
      >
    | IndexOf<
        "GPU_BRUTE_FORCE",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        never
      >
    | IndexOf<
        "GPU_CAGRA",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        | "intermediate_graph_degree"
        | "graph_degree"
        | "build_algo"
        | "nn_descent_niter"
        | "cache_dataset_on_device"
        | "adapt_for_cpu"
      >
    | IndexOf<
        "RAFT_IVF_FLAT",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        "nlist" | "cache_dataset_on_device" | "kmeans_n_iters" | "kmeans_trainset_fraction"
      >
    | IndexOf<
        "RAFT_IVF_PQ",
        "FloatVector" | "Float16Vector" | "BFloat16Vector" | "Int8Vector" | "ArrayOfVector",
        "nlist" | "m" | "nbits" | "cache_dataset_on_device" | "kmeans_n_iters" | "kmeans_trainset_fraction"
      >
    | IndexOf<"BIN_FLAT", "BinaryVector", never>
    | IndexOf<"BIN_IVF_FLAT", "BinaryVector", "nlist">
    | IndexOf<
        "MINHASH_LSH",
        "BinaryVector",
        | "mh_lsh_band"
        | "mh_element_bit_width"
        | "with_raw_data"
        | "mh_lsh_code_in_mem"
        | "mh_lsh_aligned_block_size"
        | "mh_lsh_shared_bloom_filter"
        | "mh_lsh_bloom_false_positive_prob"
      >
    | IndexOf<
        "SPARSE_INVERTED_INDEX",
        "SparseFloatVector",
        | "drop_ratio_build"
        | "inverted_index_algo"
        | "bm25_k1"
        | "bm25_b"
        | "bm25_avgdl"
        | "inverted_index_codec"
        | "quant_type"
        | "block_max_block_size"
        | "sindi_window_size"
      >
    | IndexOf<
        "SPARSE_WAND",
        "SparseFloatVector",
        | "drop_ratio_build"
        | "inverted_index_algo"
        | "bm25_k1"
        | "bm25_b"
        | "bm25_avgdl"
        | "inverted_index_codec"
        | "quant_type"
        | "block_max_block_size"
        | "sindi_window_size"
      >
    | IndexOf<"Trie", never, never>
    | IndexOf<"STL_SORT", never, never>
    | IndexOf<"INVERTED", never, "json_path" | "json_cast_type" | "json_cast_function">
    | IndexOf<"BITMAP", never, "json_path" | "json_cast_type" | "json_cast_function">
    | IndexOf<"NGRAM", never, "min_gram" | "max_gram" | "json_path" | "json_cast_type" | "json_cast_function">
    | IndexOf<"FMINDEX", never, "fm_sa_sample_rate" | "fm_block_bytes">
    | IndexOf<"RTREE", never, never>
  );
