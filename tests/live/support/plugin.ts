/** The plugin as the engine finds it, for programs that name its resources by their types. */
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { mkdtemp } from "node:fs/promises";

import { resources } from "../../../provider/registry";
import { ensureEngine } from "../../../tools/engine";
import { bundlePlugin, LAUNCHER } from "../../../tools/plugin/bundle";
import { program } from "./live";

/** What a stack sees whose engine starts the plugin of this clone, bundled as it is published. */
export async function withPlugin(): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-milvus-plugin-"));
  await bundlePlugin(folder);
  const { env } = await ensureEngine();
  return { PATH: `${folder}${delimiter}${env["PATH"] ?? ""}` };
}

/** Called when no stack needs it any more. */
export function removePlugin(env: Readonly<Record<string, string>>): void {
  rmSync(folderIn(env), { recursive: true, force: true });
}

function folderIn({ PATH = "" }: Readonly<Record<string, string>>): string {
  return PATH.split(delimiter)[0] ?? "";
}

/** The file that the engine starts. */
export function launcherIn(env: Readonly<Record<string, string>>): string {
  return join(folderIn(env), LAUNCHER);
}

/** A program of the plugin's resources, as every language registers them. */
export function pluginProgram(...statements: string[]): string {
  return program(
    `const outputs = { Collection: ["collectionName", "collectionId", "databaseName"], Partition: ["partitionId"], Index: ["indexType"] };
     const kinds = ${JSON.stringify(Object.values(resources).map(({ kind }) => kind))};
     const plugin = Object.fromEntries(kinds.map((kind) => [kind, class extends pulumi.CustomResource {
       constructor(name, inputs, options) {
         const placeholders = Object.fromEntries((outputs[kind] ?? []).map((output) => [output, undefined]));
         super("milvus:index:" + kind, name, { ...placeholders, ...inputs }, options);
       }
     }]));`,
    ...statements,
  );
}
