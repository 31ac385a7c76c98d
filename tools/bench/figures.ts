/** What `npm run bench` measures. Each figure compares two things that were measured in turn in one run. */
import { cpus } from "node:os";

export interface Figure {
  readonly name: string;
  readonly what: string;
  /** Met by this or less. */
  readonly goal: number;
  /** Counted, so the same on every machine: a miss is a failure. All others are timings. */
  readonly counted?: true;
}

/** How many operations the engine has under way at once. */
const PARALLEL = 4 * cpus().length;

const FLOOR = "a literal stub that does nothing";
const TEXTBOOK = "a textbook dynamic.Resource that does nothing";
const STUB_PLUGIN = "over a plugin that does nothing";
const ONE_BY_ONE = "an SDK script, one call after another";

export const FIGURES = [
  { name: "up200_vs_textbook", goal: 0.65, what: `up of 1 collection and 200 partitions / ${TEXTBOOK}` },
  { name: "up200_vs_floor", goal: 1.15, what: `the same / ${FLOOR}` },
  { name: "small_up_vs_floor", goal: 1.2, what: `up of 1 collection, 2 partitions and 1 index / ${FLOOR}` },
  { name: "preview200_vs_floor", goal: 1.1, what: `preview of 200 without changes / ${FLOOR}` },
  { name: "refresh200_vs_floor", goal: 1.15, what: `refresh of 200 in 4 collections / ${FLOOR}` },
  { name: "destroy200_vs_floor", goal: 1.1, what: `destroy of 200 in 4 collections / ${FLOOR}` },
  { name: "destroy200_drop_calls", goal: 4, counted: true, what: "the same: drop calls in all" },
  {
    name: "state_bytes_vs_textbook",
    goal: 0.4,
    counted: true,
    what: `bytes of state for each partition / ${TEXTBOOK}`,
  },
  { name: "remove20_vs_script", goal: 0.3, what: `removing 20 loaded partitions with data / ${ONE_BY_ONE}` },
  {
    name: "remove20_release_calls",
    // Not `counted`: how many of them the engine asks for at once hangs on how busy the machine is.
    goal: 20 / PARALLEL + 1,
    what: "the same: ReleasePartitions calls",
  },
  { name: "set_remove20_vs_script", goal: 0.2, what: `the same out of a PartitionSet / ${ONE_BY_ONE}` },
  { name: "set_remove20_release_calls", goal: 1, counted: true, what: "the same: ReleasePartitions calls" },
  {
    name: "replace50_vs_script",
    goal: 1.3,
    what: "replacing a collection of 50 loaded partitions with data / an SDK script and the stub",
  },
  {
    name: "replace50_partition_releases",
    goal: 0,
    counted: true,
    what: "the same: releases of single partitions",
  },
  {
    name: "set1000_vs_script",
    goal: 1.3,
    what: "up of a PartitionSet of 1,000 / an SDK script, all at once, and the stub",
  },
  { name: "growth_up", goal: 1.2, what: "up, for each of 1,000 / of 100 partitions, over the stub's ratio" },
  { name: "growth_preview", goal: 1.2, what: "the same: preview without changes" },
  { name: "growth_refresh", goal: 1.2, what: "the same: refresh" },
  { name: "growth_destroy", goal: 1.2, what: "the same: destroy" },
  { name: "plugin_start_ms", goal: 150, what: "start of the plugin beyond Node's own, ms" },
  {
    name: "plugin_small_up_vs_dynamic",
    goal: 0.7,
    what: "up of 1 collection, 2 partitions and 1 index over the plugin / over dynamic resources",
  },
  { name: "plugin_up200_vs_dynamic", goal: 0.8, what: "up of 1 collection and 200 partitions, the same" },
  {
    name: "yaml_small_up_vs_typescript",
    goal: 0.3,
    what: "the small up, a YAML program over the plugin / a TypeScript program over dynamic resources",
  },
  { name: "yaml_small_preview_vs_typescript", goal: 0.3, what: "the same: preview without changes" },
  { name: "yaml_small_destroy_vs_typescript", goal: 0.5, what: "the same: destroy" },
  {
    name: "yaml_small_up_vs_stub",
    goal: 1.3,
    what: `the small up, a YAML program over the plugin / ${STUB_PLUGIN}`,
  },
  { name: "yaml_up200_vs_stub", goal: 1.15, what: "up of 1 collection and 200 partitions, the same" },
  {
    name: "plugin_memory_vs_stub",
    goal: 1.5,
    what: "memory of the plugin's process, up of 1,000 partitions / the same of the stub",
  },
  { name: "memory_growth", goal: 1.3, what: "memory of the provider, 1,000 partitions / 10" },
  { name: "import_ms", goal: 20, what: "importing the SDK after @pulumi/pulumi, ms" },
  {
    name: "import_client_modules",
    goal: 0,
    counted: true,
    what: "modules of the Milvus client or gRPC loaded by it",
  },
  { name: "typecheck_ms", goal: 150, what: "type-checking a small program and the SDK, ms" },
] as const satisfies readonly Figure[];

export type FigureName = (typeof FIGURES)[number]["name"];
export type Measured = Partial<Record<FigureName, number>>;

export function isMet({ goal }: Figure, measured: number): boolean {
  return measured <= goal;
}
