import { existsSync } from "node:fs";

/** Before anything is asked or written. */
export function refuseOverwriting(files: readonly string[], force = false): void {
  const there = files.find((file) => existsSync(file));
  if (there !== undefined && !force)
    throw new Error(`${there} is there already: give another file with --out, or --force to overwrite it`);
}
