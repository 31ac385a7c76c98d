/** The same stack over the plugin, over dynamic resources, and with nothing but the engine's own machinery. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter } from "node:path";

import { withPlugin } from "../../tests/live/support/bundled";
import { ensureLanguages } from "../languages";
import type { WorkspaceOptions } from "../stack";
import { type Arena, ours, partitionNames, type Shape } from "./contenders";
import type { Measured } from "./figures";
import { inTurn, type Samples } from "./measure";

type Contender = "plugin" | "dynamic";

const ENTRIES = { plugin: "pulumi-milvus/plugin", dynamic: "pulumi-milvus" } as const;

function programOf(contender: Contender, shape: Shape): string {
  return ours(shape).replace('"pulumi-milvus"', `"${ENTRIES[contender]}"`);
}

/** Up, preview and destroy of four resources; up and destroy of 200 partitions. */
export async function overPlugin(arena: Arena, samples: Samples, rounds: number): Promise<Measured> {
  const env = await withPlugin();
  const run = (contender: Contender, name: string, shape: Omit<Shape, "collections">) => async () => {
    const collections = arena.names(1);
    const program = programOf(contender, { ...shape, collections });
    await arena.within(
      program,
      collections,
      async (stack) => {
        await samples.time(`${name} up, ${contender}`, () => stack.up());
        await samples.time(`${name} preview, ${contender}`, () => stack.preview());
        await samples.time(`${name} refresh, ${contender}`, () => stack.refresh());
        await samples.time(`${name} destroy, ${contender}`, () => stack.destroy());
      },
      { env },
    );
  };
  const small = { partitions: partitionNames(2), index: true };
  const large = { partitions: partitionNames(200) };
  await inTurn(rounds, [run("plugin", "small", small), run("dynamic", "small", small)]);
  await inTurn(rounds, [run("plugin", "200", large), run("dynamic", "200", large)]);
  return {
    plugin_small_up_vs_dynamic: samples.ratio("small up, plugin", "small up, dynamic"),
    plugin_up200_vs_dynamic: samples.ratio("200 up, plugin", "200 up, dynamic"),
  };
}

/** A program in YAML over the plugin, beside one in TypeScript over dynamic resources. */
export async function inYaml(arena: Arena, samples: Samples, rounds: number): Promise<Measured> {
  const { PATH } = await withPlugin();
  const { folder } = await ensureLanguages();
  const shape = (): Shape => ({ collections: arena.names(1), partitions: partitionNames(2), index: true });
  const run = (name: string, program: (shape: Shape) => string, options: WorkspaceOptions) => async () => {
    const declared = shape();
    await arena.within(
      program(declared),
      declared.collections,
      async (stack) => {
        await samples.time(`small up, ${name}`, () => stack.up());
        await samples.time(`small preview, ${name}`, () => stack.preview());
        await samples.time(`small destroy, ${name}`, () => stack.destroy());
      },
      options,
    );
  };
  await inTurn(rounds, [
    run("YAML", yaml, { language: "yaml", env: { PATH: `${PATH}${delimiter}${folder}` } }),
    run("TypeScript", typeScript, { language: "ts" }),
  ]);
  return { yaml_small_up_vs_typescript: samples.ratio("small up, YAML", "small up, TypeScript") };
}

function typeScript(shape: Shape): string {
  return ours(shape).replace(
    'const milvus = require("pulumi-milvus");',
    'import * as milvus from "pulumi-milvus";',
  );
}

function yaml({ collections: [name = ""], partitions }: Shape): string {
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
        - { name: embedding, dataType: FloatVector, dim: 8 }${children.join("")}
  by_meaning:
    type: milvus:Index
    properties:
      { collection: "\${docs}", fieldName: embedding, indexType: HNSW, metricType: COSINE,
        params: { M: 8, efConstruction: 64 } }
    options: { deletedWith: "\${docs}" }
`;
}

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
