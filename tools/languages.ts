/**
 * Pulumi for other languages than Node: its YAML language host, and the generators of SDKs. Built from the Go module
 * registry (tools/languages/go.mod pins them), as neither comes with an engine that was built so.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { ensureEntry, shortHash } from "./cache";
import { buildWithGo } from "./go";

const SOURCES = path.join(__dirname, "languages");
const PINS = ["go.mod", "go.sum", "tools.go", "sdks/main.go"];

export interface Languages {
  /** To be put on PATH: holds `pulumi-language-yaml`. */
  readonly folder: string;
  /** `sdks SCHEMA FOLDER LANGUAGE...` */
  readonly sdks: string;
}

export async function ensureLanguages(): Promise<Languages> {
  const pins = PINS.map((name) => fs.readFileSync(path.join(SOURCES, name)));
  const entry = `languages-${process.platform}-${process.arch}-${shortHash(...pins)}`;
  const folder = await ensureEntry(entry, (output) =>
    buildWithGo({
      name: "Pulumi's YAML host and SDK generators",
      takes: "1 to 3 minutes",
      module: SOURCES,
      packages: ["github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml", "./sdks"],
      output: output + path.sep,
      linkerFlags: "-s -w",
      otherwise: "which the tests of other languages need.",
    }),
  );
  return { folder, sdks: path.join(folder, "sdks") };
}
