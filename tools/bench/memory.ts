/** How much memory the engine's provider process takes, which nobody but the system knows. */
import { existsSync, readdirSync, readFileSync } from "node:fs";

import { sleep } from "../progress";

/** The engine starts it by this name, of a script that may hand over to the module. */
const PROVIDER = /pulumi-resource-(?:pulumi-nodejs|milvus|stub)|dynamic-provider/;

interface Process {
  readonly pid: number;
  readonly parent: number;
}

/** Megabytes at the most, of the provider that the work's engine starts. Linux tells; elsewhere it is not measured. */
export async function mostMemory(
  work: (onStart: (pid: number) => void) => Promise<unknown>,
): Promise<number> {
  if (!existsSync("/proc/self/status")) throw new Error("memory is measured on Linux only");
  let engine: number | undefined;
  let done = false;
  let most = 0;
  const working = work((pid) => (engine = pid)).finally(() => (done = true));
  while (!done) {
    if (engine !== undefined) for (const pid of providersOf(engine)) most = Math.max(most, peakOf(pid));
    await sleep(50);
  }
  await working;
  return most;
}

function providersOf(engine: number): number[] {
  const all = processes();
  const isBelow = ({ parent }: Process): boolean => {
    if (parent === engine) return true;
    const next = all.find(({ pid }) => pid === parent);
    return next !== undefined && isBelow(next);
  };
  return all
    .filter(isBelow)
    .map(({ pid }) => pid)
    .filter((pid) => PROVIDER.test(readIfThere(`/proc/${pid}/cmdline`)));
}

function processes(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      const stat = readIfThere(`/proc/${name}/stat`);
      // The name in parentheses may hold anything, blanks too.
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      return { pid: Number(name), parent };
    });
}

function peakOf(pid: number): number {
  const [, kilobytes = "0"] = /^VmHWM:\s+(\d+) kB$/m.exec(readIfThere(`/proc/${pid}/status`)) ?? [];
  return Number(kilobytes) / 1024;
}

/** Processes end while one reads about them. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
