/** The plugin as the engine finds it, for programs that name its resources by their types. */
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { resources } from "../../../provider/registry";
import { ensureEngine } from "../../../tools/engine";
import { program } from "./live";

const MAIN = join(__dirname, "../../../dist/provider/engines/plugin/main.js");

const LAUNCHER = "pulumi-resource-milvus";

/** What a stack sees whose engine starts the plugin of this clone. */
export async function withPlugin(): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-milvus-plugin-"));
  const file = join(folder, LAUNCHER);
  writeFileSync(file, `#!/bin/sh\nexec node ${JSON.stringify(MAIN)} "$@"\n`);
  chmodSync(file, 0o755);
  const { env } = await ensureEngine();
  return { PATH: `${folder}${delimiter}${env["PATH"] ?? ""}` };
}

/** The file that the engine starts. */
export function launcherIn({ PATH = "" }: Readonly<Record<string, string>>): string {
  const [folder = ""] = PATH.split(delimiter);
  return join(folder, LAUNCHER);
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
