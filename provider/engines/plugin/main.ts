#!/usr/bin/env node
/** What the engine starts: it reads the port from the first line, and ends the process after the run. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { engineAddress } from "../../lifecycle/shared-claims";
import { Plugin } from "../plugin";
import { schemaOf } from "./schema";

/** In milliseconds. An engine that was killed ends nothing that it started. */
const LOOK_AT_PARENT = 1_000;

function versionOfPackage(): string {
  const file = join(__dirname, "../../../../package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

async function main(): Promise<void> {
  const version = versionOfPackage();
  const plugin = new Plugin({
    version,
    engine: engineAddress(process.argv),
    schema: () => JSON.stringify(schemaOf(version)),
  });
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, LOOK_AT_PARENT).unref();
  process.stdout.write(`${await plugin.serve()}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
