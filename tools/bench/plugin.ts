/** The same stack over the plugin, over dynamic resources, and with nothing but the engine's own machinery. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter } from "node:path";

import { withPlugin } from "../../tests/live/support/bundled";
import { ensureLanguages } from "../languages";
import type { Workspace, WorkspaceOptions } from "../stack";
import { type Arena, ours, partitionNames, pluginFloor, type Shape } from "./contenders";
import type { Measured } from "./figures";
import { inTurn, type Samples } from "./measure";
import { mostMemory } from "./memory";
import { bundleStubPlugin } from "./stub-plugin";

type Program = (shape: Shape) => string;

const SMALL = { partitions: partitionNames(2), index: true };

const overDynamic: Program = ours;
const overThePlugin: Program = (shape) => ours(shape).replace('"pulumi-milvus"', '"pulumi-milvus/plugin"');
const inTypeScript: Program = (shape) =>
  ours(shape).replace('const milvus = require("pulumi-milvus");', 'import * as milvus from "pulumi-milvus";');

/** Up, preview, refresh and destroy of one collection, timed as `NAME up, CONTENDER`. */
function life(
  arena: Arena,
  samples: Samples,
  [name, contender]: readonly [string, string],
  program: Program,
  shape: Omit<Shape, "collections">,
  options?: WorkspaceOptions,
): () => Promise<void> {
  return () => {
    const collections = arena.names(1);
    const operations = async (stack: Workspace): Promise<void> => {
      for (const operation of ["up", "preview", "refresh", "destroy"] as const)
        await samples.time(`${name} ${operation}, ${contender}`, () => stack[operation]());
    };
    return arena.within(program({ ...shape, collections }), collections, operations, options);
  };
}

/** Of four resources, and of 200 partitions. */
export async function overPlugin(arena: Arena, samples: Samples, rounds: number): Promise<Measured> {
  const env = await withPlugin();
  for (const [name, shape] of [
    ["small", SMALL],
    ["200", { partitions: partitionNames(200) }],
  ] as const)
    await inTurn(rounds, [
      life(arena, samples, [name, "plugin"], overThePlugin, shape, { env }),
      life(arena, samples, [name, "dynamic"], overDynamic, shape, { env }),
    ]);
  return {
    plugin_small_up_vs_dynamic: samples.ratio("small up, plugin", "small up, dynamic"),
    plugin_up200_vs_dynamic: samples.ratio("200 up, plugin", "200 up, dynamic"),
  };
}

/** A program in YAML over the plugin, beside one over a stub, and one in TypeScript over dynamic resources. */
export async function inYaml(arena: Arena, samples: Samples, rounds: number): Promise<Measured> {
  const options = await overEitherPlugin();
  await inTurn(rounds, [
    life(arena, samples, ["small", "YAML"], yaml, SMALL, options),
    life(arena, samples, ["small", "stub in YAML"], stubInYaml, SMALL, options),
    life(arena, samples, ["small", "TypeScript"], inTypeScript, SMALL, { language: "ts" }),
  ]);
  const many = { partitions: partitionNames(200) };
  await inTurn(rounds, [
    life(arena, samples, ["200", "YAML"], yaml, many, options),
    life(arena, samples, ["200", "stub in YAML"], stubInYaml, many, options),
  ]);
  const overTypeScript = (operation: string): number =>
    samples.ratio(`small ${operation}, YAML`, `small ${operation}, TypeScript`);
  return {
    yaml_small_up_vs_typescript: overTypeScript("up"),
    yaml_small_preview_vs_typescript: overTypeScript("preview"),
    yaml_small_destroy_vs_typescript: overTypeScript("destroy"),
    yaml_small_up_vs_stub: samples.ratio("small up, YAML", "small up, stub in YAML"),
    yaml_up200_vs_stub: samples.ratio("200 up, YAML", "200 up, stub in YAML"),
  };
}

/** Of the plugin's process, at its most, while a stack comes up: of a program in JavaScript, which takes half as long. */
export async function pluginMemory(arena: Arena, samples: Samples, rounds: number): Promise<Measured> {
  const { env } = await overEitherPlugin();
  const run =
    ([name, program]: readonly [string, Program]) =>
    async (): Promise<void> => {
      const collections = arena.names(1);
      const text = program({ collections, partitions: partitionNames(1000) });
      const up = async (stack: Workspace): Promise<void> =>
        samples.add(`MB of ${name}, up 1000`, await mostMemory((onStart) => stack.up({ onStart })));
      await arena.within(text, collections, up, { env });
    };
  await inTurn(rounds, [run(["the plugin", overThePlugin]), run(["the stub plugin", pluginFloor])]);
  return {
    plugin_memory_vs_stub: samples.ratio("MB of the plugin, up 1000", "MB of the stub plugin, up 1000"),
  };
}

async function overEitherPlugin(): Promise<WorkspaceOptions> {
  const { PATH } = await withPlugin();
  const { folder } = await ensureLanguages();
  return { language: "yaml", env: { PATH: [PATH, folder, await bundleStubPlugin()].join(delimiter) } };
}

function stubInYaml({ collections: [name = ""], partitions, index = false }: Shape): string {
  const children = [...partitions, ...(index ? ["by_meaning"] : [])].map(
    (child) => `
  ${child}:
    type: stub:Thing
    properties: { name: ${child}, parentId: "\${docs.objectId}" }
    options: { deletedWith: "\${docs}" }`,
  );
  return `
resources:
  docs:
    type: stub:Thing
    properties: { name: ${name}, version: 0 }${children.join("")}
`;
}

function yaml({ collections: [name = ""], partitions, index = false }: Shape): string {
  const children = partitions.map(
    (partition) => `
  ${partition}:
    type: milvus:Partition
    properties: { collection: "\${docs}" }
    options: { deletedWith: "\${docs}" }`,
  );
  return `
resources:
  docs:
    type: milvus:Collection
    properties:
      collectionName: ${name}
      fields:
        - { name: id, dataType: Int64, isPrimaryKey: true }
        - { name: year, dataType: Int64 }
        - { name: embedding, dataType: FloatVector, dim: 8 }${children.join("")}${index ? INDEX_IN_YAML : ""}
`;
}

const INDEX_IN_YAML = `
  by_meaning:
    type: milvus:Index
    properties:
      { collection: "\${docs}", fieldName: embedding, indexType: HNSW, metricType: COSINE,
        params: { M: 8, efConstruction: 64 } }
    options: { deletedWith: "\${docs}" }`;

/** From the start of the process until the engine could call it, beyond a Node that prints a line. */
export async function pluginStart(samples: Samples, rounds: number): Promise<Measured> {
  const env = { ...process.env, ...(await withPlugin()) };
  const untilLine = (name: string, command: string, args: readonly string[]) => async () => {
    const started = performance.now();
    const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    samples.add(name, performance.now() - started);
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  await inTurn(rounds, [
    untilLine("start of the plugin", "pulumi-resource-milvus", ["127.0.0.1:1"]),
    untilLine("start of Node", "node", ["-e", "console.log(1); setInterval(() => 0, 1000)"]),
  ]);
  return { plugin_start_ms: samples.median("start of the plugin") - samples.median("start of Node") };
}
