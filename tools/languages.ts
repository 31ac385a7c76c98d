/**
 * What an engine that was built from the Go module registry lacks: Pulumi's YAML language host, the generators of SDKs, and
 * that of the TypeScript which `pulumi import` prints. Built from there as well (tools/languages/go.mod pins them).
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { ensureEntry, shortHash } from "./cache";
import { buildWithGo } from "./go";

const SOURCES = path.join(__dirname, "languages");
const PINS = ["go.mod", "go.sum", "tools.go", "sdks/main.go", "print-nodejs/main.go"];

export interface Languages {
  /** To be put on PATH: holds `pulumi-language-yaml`, and `print-nodejs` for tools/engine/pulumi-language-nodejs.js. */
  readonly folder: string;
  /** `sdks SCHEMA FOLDER LANGUAGE...` */
  readonly sdks: string;
}

export async function ensureLanguages(): Promise<Languages> {
  const pins = PINS.map((name) => fs.readFileSync(path.join(SOURCES, name)));
  const entry = `languages-${process.platform}-${process.arch}-${shortHash(...pins)}`;
  const folder = await ensureEntry(entry, (output) =>
    buildWithGo({
      name: "Pulumi's YAML host and its generators",
      takes: "1 to 3 minutes",
      module: SOURCES,
      packages: ["github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml", "./sdks", "./print-nodejs"],
      output: output + path.sep,
      linkerFlags: "-s -w",
      otherwise: "which the tests of other languages need.",
    }),
  );
  return { folder, sdks: path.join(folder, "sdks") };
}
