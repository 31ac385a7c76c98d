/** The plugin as the engine finds it, bundled as it is published. */
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { ensureEngine } from "../../../tools/engine";
import { bundlePlugin, LAUNCHER } from "../../../tools/plugin/bundle";

/** What a stack sees whose engine starts the plugin of this checkout. */
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
