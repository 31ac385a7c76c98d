/** The plugin as the engine finds it, bundled as it is published. */
import { delimiter, join } from "node:path";

import { ensureEngine } from "../../../tools/engine";
import { BUNDLED, LAUNCHER } from "../../../tools/plugin/bundle";

/** What a stack sees whose engine starts the plugin of this checkout, as it was built last. */
export async function withPlugin(): Promise<Record<string, string>> {
  const { env } = await ensureEngine();
  return { PATH: `${BUNDLED}${delimiter}${env["PATH"] ?? ""}` };
}

/** The file that the engine starts. */
export const PLUGIN = join(BUNDLED, LAUNCHER);
