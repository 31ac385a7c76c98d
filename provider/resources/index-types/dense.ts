/** Types of index for dense vectors: the greater part of the table in types.ts, which says what it rests on. */
import { CHECKERS, DOCS, flag, type IndexType, KNOWHERE, number, text, whole } from "./parameters";

export const FLOAT_VECTORS = ["FloatVector", "Float16Vector", "BFloat16Vector", "Int8Vector"];
export const DENSE = [...FLOAT_VECTORS, "ArrayOfVector"];

const REFINE_TYPES = ["SQ6", "SQ8", "FP16", "BF16", "FP32", "FLAT"];
const refined = (from?: string, more: readonly string[] = []): IndexType["params"] => ({
  refine: flag({ default: false, from }),
  refine_type: text([...more, ...REFINE_TYPES], { from }),
});

export const NLIST = { nlist: whole(1, 65_536, { default: 128 }) };
const GRAPH = {
  M: whole(2, 2048, { default: 30 }),
  efConstruction: whole(1, 2_147_483_647, { default: 360 }),
};
const BITS = whole(1, 64, { default: 8, note: "from 2.5 on 1 to 24" });
const PARTS = "m parts of one length";
const ON_GPU = {
  cache_dataset_on_device: flag({ default: false }),
  kmeans_n_iters: whole(undefined, undefined, { default: 20 }),
  kmeans_trainset_fraction: number(undefined, undefined, { default: 0.5 }),
};
/** Milvus takes 0 too, for what leaving it out does. */
const GPU_PARTS = whole(1, 65_536, { note: "left out, the server chooses" });
const GPU_BITS = whole(4, 8, { default: 8 });
const DISK = {
  max_degree: whole(1, 2048, { default: 56 }),
  search_list_size: whole(1, 2_147_483_647, { default: 100 }),
  pq_code_budget_gb_ratio: number(0, undefined, { default: 0.125 }),
  search_cache_budget_gb_ratio: number(0, undefined, { default: 0.1 }),
};
const dense = (params: IndexType["params"], more: Omit<IndexType, "fields" | "params">): IndexType => ({
  fields: DENSE,
  params,
  ...more,
});

export const DENSE_TYPES: Readonly<Record<string, IndexType>> = {
  FLAT: dense({}, { source: `${DOCS}/flat.md` }),
  IVF_FLAT: dense(NLIST, {
    source: `${DOCS}/ivf-flat.md`,
    measured: "2.3.5, 2.6.19, 3.0.0: nlist of 65,537 is refused; 2.3.5 demands nlist",
  }),
  IVF_SQ8: dense(
    { ...NLIST, sq_type: text(["SQ4", "SQ6", "SQ8"], { default: "SQ8", from: "2.6" }), ...refined("2.6") },
    { source: `${DOCS}/ivf-sq8.md`, measured: "2.3.5: sq_type is left unused" },
  ),
  IVF_PQ: dense(
    {
      ...NLIST,
      m: whole(1, 65_536, { required: true, parts: PARTS }),
      nbits: BITS,
      ...refined("2.6"),
    },
    {
      source: `${DOCS}/ivf-pq.md`,
      measured:
        "2.3.5, 2.6.19, 3.0.0: m is demanded, and has to divide dim; 2.3.5 builds with nbits of 24, and never with 65",
    },
  ),
  IVF_RABITQ: dense(
    { ...NLIST, ...refined(), rbq_bits: whole(1, 9, { default: 1, from: "3.0" }) },
    { from: "2.6", source: `${DOCS}/ivf-rabitq.md` },
  ),
  HNSW: {
    ...dense(
      {
        ...GRAPH,
        M: whole(2, 2048, {
          default: 30,
          tooLittle: "Milvus 2.3 never ends building it, newer ones refuse it",
        }),
      },
      {
        source: `${DOCS}/hnsw.md`,
        measured:
          "2.3.5: M of 1 is taken and never built, M and efConstruction are demanded, and parameters of other types are " +
          "left unused; 2.5.27, 2.6.19, 3.0.0: M of 1 and of 2,049, efConstruction of 0 are " +
          "refused",
      },
    ),
    fields: [...DENSE, "BinaryVector"],
  },
  HNSW_SQ: dense(
    {
      ...GRAPH,
      sq_type: text(["SQ4U", "SQ6", "SQ8", "FP16", "BF16"], { default: "SQ8", note: "SQ4U from 2.6 on" }),
      ...refined(undefined, ["SQ4U"]),
    },
    { from: "2.5", source: `${DOCS}/hnsw-sq.md` },
  ),
  HNSW_PQ: dense(
    {
      ...GRAPH,
      m: whole(1, 65_536, { default: 32, parts: PARTS }),
      nbits: BITS,
      ...refined(undefined, ["SQ4U"]),
    },
    { from: "2.5", source: `${DOCS}/hnsw-pq.md` },
  ),
  HNSW_PRQ: dense(
    {
      ...GRAPH,
      m: whole(1, 65_536, { default: 2, parts: PARTS }),
      nrq: whole(1, 16, { default: 2 }),
      nbits: BITS,
      ...refined(undefined, ["SQ4U"]),
    },
    { from: "2.5", source: `${DOCS}/hnsw-prq.md` },
  ),
  DISKANN: dense(DISK, {
    source: `${DOCS}/diskann.md`,
    measured: "2.3.5: max_degree of 5,000 is taken and never built",
  }),
  AISAQ: dense(
    {
      ...DISK,
      inline_pq: whole(0, 2048),
      rearrange: flag(),
      num_entry_points: whole(0),
      pq_cache_size: whole(0),
      pq_read_page_cache_size: whole(0),
    },
    { from: "2.6.4", source: `${DOCS}/aisaq.md` },
  ),
  SCANN: dense(
    {
      ...NLIST,
      with_raw_data: flag({ default: true }),
      sub_dim: whole(1, 65_536, { default: 2, parts: "parts of sub_dim dimensions", from: "2.5" }),
    },
    { source: `${DOCS}/scann.md`, measured: "2.3.5: with_raw_data that is neither is taken and never built" },
  ),
  ANNOY: dense({ n_trees: whole(1, 1024) }, { source: `${CHECKERS}, until 2.2` }),
  GPU_FLAT: dense({}, { source: `${KNOWHERE}/gpu` }),
  GPU_IVF_FLAT: dense({ ...NLIST, ...ON_GPU }, { source: `${DOCS}/gpu-ivf-flat.md` }),
  GPU_IVF_SQ8: dense(NLIST, { source: `${KNOWHERE}/gpu` }),
  GPU_IVF_PQ: dense(
    { ...NLIST, m: GPU_PARTS, nbits: GPU_BITS, ...ON_GPU },
    { source: `${DOCS}/gpu-ivf-pq.md` },
  ),
  GPU_BRUTE_FORCE: dense({}, { from: "2.4", source: `${DOCS}/gpu-brute-force.md` }),
  GPU_CAGRA: dense(
    {
      intermediate_graph_degree: whole(undefined, undefined, { default: 128 }),
      graph_degree: whole(undefined, undefined, { default: 64 }),
      build_algo: text(["IVF_PQ", "NN_DESCENT", "ITERATIVE"], { default: "NN_DESCENT" }),
      nn_descent_niter: whole(undefined, undefined, { default: 20 }),
      cache_dataset_on_device: flag({ default: false }),
      adapt_for_cpu: flag({ default: false }),
    },
    { from: "2.4", source: `${DOCS}/gpu-cagra.md` },
  ),
  RAFT_IVF_FLAT: dense({ ...NLIST, ...ON_GPU }, { source: `${KNOWHERE}/ivf_raft` }),
  RAFT_IVF_PQ: dense({ ...NLIST, m: GPU_PARTS, nbits: BITS, ...ON_GPU }, { source: `${KNOWHERE}/ivf_raft` }),
};
