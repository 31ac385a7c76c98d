/** A plugin's process: the engine reads the port from the first line, and ends the process after the run. */
import { engineAddress } from "../../lifecycle/shared-claims";
import { Plugin } from "../plugin";
import { schemaOf } from "./schema";
import { stackConfigIn } from "./stack-config";

/** In milliseconds. An engine that was killed ends nothing that it started. */
const LOOK_AT_PARENT = 1_000;

async function serve(version: string): Promise<void> {
  const plugin = new Plugin({
    version,
    engine: engineAddress(process.argv),
    stackConfig: stackConfigIn(process.env),
    schema: () => JSON.stringify(schemaOf(version)),
  });
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, LOOK_AT_PARENT).unref();
  const { port } = await plugin.serve();
  process.stdout.write(`${port}\n`);
}

export function start(version: string): void {
  serve(version).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
}
