/** The checkout's own tools, such as Jest. */
import { spawn } from "node:child_process";
import { join } from "node:path";

const CHECKOUT = join(__dirname, "..");

/** Runs it with our output as its own; resolves to its exit code. */
export function runBin(command: string, args: readonly string[]): Promise<number> {
  const child = spawn(join(CHECKOUT, "node_modules", ".bin", command), args, {
    cwd: CHECKOUT,
    stdio: "inherit",
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
