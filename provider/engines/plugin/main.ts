#!/usr/bin/env node
/** What the engine starts of the npm package; the bundle starts itself. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { start } from "./start";

const file = join(__dirname, "../../../../package.json");
start((JSON.parse(readFileSync(file, "utf8")) as { version: string }).version);
