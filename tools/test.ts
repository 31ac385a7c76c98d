/**
 * `npm test`: everything, each step with its own result, and one closing line that counts them all:
 * `N passed, N failed, N skipped`. A static check counts as one test.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

import { startServers, stopServers } from "../tests/support/servers";
import { runBin } from "./bin";
import { cacheFolder } from "./cache";
import { ensureEngine } from "./engine";
import { progress } from "./progress";

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
  /** One for each file; times in milliseconds since the epoch. */
  readonly testResults: readonly {
    readonly name: string;
    readonly startTime: number;
    readonly endTime: number;
  }[];
}

const CHECKS: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ["format", "prettier", "--check", "."],
  ["lint", "eslint", "."],
  ["types", "tsc", "--noEmit"],
  ["what is generated is current", "ts-node", "--transpile-only", "tools/generate.ts", "--check"],
];

const TESTS = join(__dirname, "..", "tests");

/** Jest would leave one of two cores to itself. */
const IN_TWO = ["--maxWorkers=2"];
/** Much of the time these wait for servers, and two would leave the processors idle. */
const IN_THREE = ["--maxWorkers=3"];

async function check([name, command, ...args]: (typeof CHECKS)[number]): Promise<Count> {
  const passed = (await runBin(command, args)) === 0;
  console.log(`${passed ? "PASS" : "FAIL"} ${name}`);
  return { passed: Number(passed), failed: Number(!passed), skipped: 0 };
}

async function jest(projects: readonly string[], ...args: string[]): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-milvus-jest-"));
  const file = join(folder, "report.json");
  try {
    const code = await runBin("jest", [
      "--selectProjects",
      ...projects,
      "--json",
      "--outputFile",
      file,
      ...args,
    ]);
    const report = JSON.parse(readFileSync(file, "utf8")) as JestReport;
    tellSlowest(report);
    const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
    return {
      passed: report.numPassedTests,
      failed: failed === 0 && code !== 0 ? 1 : failed,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whoever adds to a long run sees what it consists of. */
const MOST_TOLD = 20;

function tellSlowest({ testResults }: JestReport): void {
  const told = testResults
    .map(({ name, startTime, endTime }) => ({ name, seconds: Math.round((endTime - startTime) / 1_000) }))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, MOST_TOLD)
    .map(({ name, seconds }) => `${relative(TESTS, name).replace(/\.test\.ts$/, "")} ${seconds} s`);
  console.log(`the slowest files: ${told.join(", ")}`);
}

function sum(counts: readonly Count[]): Count {
  const total = (key: keyof Count): number => counts.reduce((so_far, count) => so_far + count[key], 0);
  return { passed: total("passed"), failed: total("failed"), skipped: total("skipped") };
}

function sayWhatComes(): void {
  progress(
    "every check and test, on servers that are started for it: about 65 minutes on 2 cores, some more the first time",
  );
  progress(
    `Pulumi, Milvus and other tools are made once and kept in ${cacheFolder()} (XDG_CACHE_HOME moves it)`,
  );
}

async function main(): Promise<void> {
  sayWhatComes();
  const counts: Count[] = [];
  for (const one of CHECKS) counts.push(await check(one));
  counts.push(await jest(["unit"], ...IN_TWO));
  await ensureEngine();
  await startServers();
  try {
    // Together, so that what waits for a server runs beside what keeps the processors busy.
    counts.push(await jest(["contract", "live", "faults"], ...IN_THREE));
  } finally {
    await stopServers();
  }
  const { passed, failed, skipped } = sum(counts);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = failed === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  console.log("0 passed, 1 failed, 0 skipped");
  process.exitCode = 1;
});
