/** The checkout's own tools, such as Jest. */
import { join } from "node:path";

import { spawnGuarded } from "./processes";

const CHECKOUT = join(__dirname, "..");

/** Runs it with our output as its own, and ends it with this process; resolves to its exit code. */
export async function runBin(command: string, args: readonly string[]): Promise<number> {
  const guarded = spawnGuarded(join(CHECKOUT, "node_modules", ".bin", command), [...args], {
    cwd: CHECKOUT,
    env: process.env,
    stdio: ["ignore", "inherit", "inherit"],
    graceSeconds: 20,
  });
  const { code } = await guarded.exited;
  return code ?? 1;
}
