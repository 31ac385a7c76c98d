/**
 * What runs a workflow of GitHub Actions on this machine (act), and what checks one (actionlint): built from the Go module
 * registry, tools/actions/go.mod pins them.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { ensureEntry, shortHash } from "./cache";
import { buildWithGo } from "./go";

const SOURCES = path.join(__dirname, "actions");
const PINS = ["go.mod", "go.sum", "tools.go"];

export interface Actions {
  readonly act: string;
  readonly actionlint: string;
}

export async function ensureActions(): Promise<Actions> {
  const pins = PINS.map((name) => fs.readFileSync(path.join(SOURCES, name)));
  const entry = `actions-${process.platform}-${process.arch}-${shortHash(...pins)}`;
  const folder = await ensureEntry(entry, (output) =>
    buildWithGo({
      name: "a runner of GitHub Actions",
      takes: "1 to 3 minutes",
      module: SOURCES,
      packages: ["github.com/nektos/act", "github.com/rhysd/actionlint/cmd/actionlint"],
      output: output + path.sep,
      linkerFlags: "-s -w",
      otherwise: "which the test of the action needs.",
    }),
  );
  return { act: path.join(folder, "act"), actionlint: path.join(folder, "actionlint") };
}
