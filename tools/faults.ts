/**
 * `npm run faults`: every fault at every call, random programs, bad input, security, the soak, of which `npm test` runs a
 * sample, and the live tests once more with the plugin in their programs, which `npm test` runs over dynamic resources.
 * Further arguments go to Jest, such as a part of a file's name; with `live` before them, to the live tests over the plugin
 * alone. The last line counts: `faults: N tried, N converged, N lost`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { startServers, stopServers } from "../tests/support/servers";
import type { FaultCase } from "../tests/faults/support/tally";
import { ensureEngine } from "./engine";
import { runBin } from "./bin";
import { removeTemporary, temporaryFolder } from "./processes";

function readCases(file: string): FaultCase[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as FaultCase);
}

const having = (cases: readonly FaultCase[], outcome: FaultCase["outcome"]): number =>
  cases.filter((one) => one.outcome === outcome).length;

function printTable(cases: readonly FaultCase[]): void {
  const kinds = [...new Set(cases.map(({ kind }) => kind))].sort();
  const width = Math.max(...kinds.map((kind) => kind.length), "kind".length);
  console.log(`\n${"kind".padEnd(width)}  tried  converged  lost`);
  for (const kind of kinds) {
    const some = cases.filter((one) => one.kind === kind);
    const [tried, converged, lost] = [some.length, having(some, "converged"), having(some, "lost")];
    console.log(
      `${kind.padEnd(width)}  ${String(tried).padStart(5)}  ${String(converged).padStart(9)}  ${String(lost).padStart(4)}`,
    );
  }
  for (const { kind, name, outcome, reason } of cases)
    if (outcome !== "converged") console.log(`\n${outcome}: ${kind}: ${name}\n  ${reason}`);
}

/** The live tests over the plugin. */
const LIVE = "live";

async function main(args: readonly string[]): Promise<void> {
  const folder = temporaryFolder("pulumi-milvus-faults-");
  const tally = join(folder, "cases.jsonl");
  writeFileSync(tally, "");
  process.env["PULUMI_MILVUS_FAULT_TALLY"] = tally;
  process.env["PULUMI_MILVUS_FAULTS_FULL"] = "true";
  const started = Date.now();
  await ensureEngine();
  await startServers();
  const codes: (number | null)[] = [];
  try {
    const [first, ...others] = args;
    const isLiveAlone = first === LIVE;
    if (!isLiveAlone)
      codes.push(await runBin("jest", ["--selectProjects", "faults", "--maxWorkers=4", ...args]));
    process.env["PULUMI_MILVUS_TEST_ENGINE"] = "plugin";
    if (isLiveAlone || first === undefined)
      codes.push(await runBin("jest", ["--selectProjects", "live", "--maxWorkers=3", ...others]));
  } finally {
    await stopServers();
  }
  const cases = readCases(tally);
  removeTemporary(folder);
  printTable(cases);
  console.log(`\n${Math.round((Date.now() - started) / 60_000)} minutes`);
  console.log(
    `faults: ${cases.length} tried, ${having(cases, "converged")} converged, ${having(cases, "lost")} lost`,
  );
  process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  console.log("faults: 0 tried, 0 converged, 0 lost");
  process.exitCode = 1;
});
