/** The measurements, each with the figures that it gives: what is counted first, and what takes long last. */
import type { Arena } from "./contenders";
import type { FigureName, Measured } from "./figures";
import { growing, partitionSet } from "./growing";
import { importedModules, importTime, typeCheck } from "./imports";
import type { Samples } from "./measure";
import { inYaml, overPlugin, pluginMemory, pluginStart } from "./plugin";
import { releaseCalls, releaseCallsOfSet, removing } from "./removing";
import { callsOfReplacing, replacing } from "./replacing";
import {
  callsOfFourCollections,
  fourCollections,
  inParallel,
  oneCollection,
  small,
  stateBytes,
} from "./stacks";

export interface Part {
  /** The figures, or what it is chosen by when it gives none. */
  readonly gives: readonly (FigureName | "parallel")[];
  readonly run: (arena: Arena, samples: Samples) => Promise<Measured>;
}

export const PARTS: readonly Part[] = [
  { gives: ["import_client_modules"], run: importedModules },
  { gives: ["import_ms"], run: (_, samples) => importTime(samples, 15) },
  { gives: ["typecheck_ms"], run: (_, samples) => typeCheck(samples, 7) },
  { gives: ["state_bytes_vs_textbook"], run: stateBytes },
  { gives: ["destroy200_drop_calls"], run: callsOfFourCollections },
  { gives: ["remove20_release_calls"], run: releaseCalls },
  { gives: ["set_remove20_release_calls"], run: releaseCallsOfSet },
  { gives: ["replace50_partition_releases"], run: callsOfReplacing },
  { gives: ["plugin_start_ms"], run: (_, samples) => pluginStart(samples, 9) },
  {
    gives: [
      "yaml_small_up_vs_typescript",
      "yaml_small_preview_vs_typescript",
      "yaml_small_destroy_vs_typescript",
      "yaml_small_up_vs_stub",
      "yaml_up200_vs_stub",
    ],
    run: (arena, samples) => inYaml(arena, samples, 3),
  },
  { gives: ["plugin_memory_vs_stub"], run: (arena, samples) => pluginMemory(arena, samples, 1) },
  {
    gives: ["plugin_small_up_vs_dynamic", "plugin_up200_vs_dynamic"],
    run: (arena, samples) => overPlugin(arena, samples, 3),
  },
  { gives: ["small_up_vs_floor"], run: (arena, samples) => small(arena, samples, 5) },
  {
    gives: ["up200_vs_textbook", "up200_vs_floor", "preview200_vs_floor"],
    run: (arena, samples) => oneCollection(arena, samples, 3),
  },
  { gives: ["parallel"], run: (arena, samples) => inParallel(arena, samples, 1) },
  {
    gives: ["refresh200_vs_floor", "destroy200_vs_floor"],
    run: (arena, samples) => fourCollections(arena, samples, 3),
  },
  {
    gives: ["remove20_vs_script", "set_remove20_vs_script"],
    run: (arena, samples) => removing(arena, samples, 3),
  },
  { gives: ["replace50_vs_script"], run: (arena, samples) => replacing(arena, samples, 3) },
  { gives: ["set1000_vs_script"], run: (arena, samples) => partitionSet(arena, samples, 3) },
  {
    gives: ["growth_up", "growth_preview", "growth_refresh", "growth_destroy", "memory_growth"],
    run: (arena, samples) => growing(arena, samples, 1),
  },
];
