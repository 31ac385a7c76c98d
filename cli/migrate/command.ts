import { readFileSync, writeFileSync } from "node:fs";

import { packageVersion } from "../../sdk/nodejs/engines";
import { refuseOverwriting } from "../files";
import { type Exported, type Migrated, migrateState } from "./state";

export interface MigrateOptions {
  readonly out?: string;
  readonly force?: boolean;
}

/** Asks no server and no engine. */
export function migrate(
  file: string,
  { out = `${withoutEnd(file)}.plugin.json`, force = false }: MigrateOptions,
): void {
  const text = readFileSync(file, "utf8");
  const backup = `${withoutEnd(out)}.backup.json`;
  const migrated = migrateState(parse(text, file), packageVersion());
  refuseOverwriting([backup, out], force);
  // First what undoes it: `out` may be the file itself.
  write(backup, text);
  write(out, `${JSON.stringify(migrated.state, undefined, 4)}\n`);
  console.log(tell(migrated, out, backup));
}

function parse(text: string, file: string): Exported {
  try {
    return JSON.parse(text) as Exported;
  } catch (error) {
    throw new Error(`${file} is no JSON, as \`pulumi stack export\` writes it: ${(error as Error).message}`);
  }
}

function withoutEnd(file: string): string {
  return file.replace(/\.json$/, "");
}

/** It may have been exported with its secrets in plain text. */
function write(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
}

function tell({ kinds, providers, others }: Migrated, out: string, backup: string): string {
  const counts = [...new Set(kinds)]
    .sort()
    .map((kind) => `${kinds.filter((one) => one === kind).length} ${kind}`);
  return [
    `resources of the plugin now: ${kinds.length} (${counts.join(", ")})`,
    `their providers: ${providers.join(", ")}`,
    ...(others > 0 ? [`dynamic resources of others, which stay as they are: ${others}`] : []),
    "",
    `Take it over:  pulumi stack import --file ${out}`,
    '               and in the program import "pulumi-milvus/plugin" instead of "pulumi-milvus"',
    "Check:         pulumi preview --expect-no-changes",
    `Undo:          pulumi stack import --file ${backup}`,
  ].join("\n");
}
