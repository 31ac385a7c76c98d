/** What is in a folder. */
import * as fs from "node:fs";
import * as path from "node:path";

/** All files below a folder, in the order of their paths; a file is itself. */
export function filesBelow(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  if (fs.statSync(folder).isFile()) return [folder];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}
