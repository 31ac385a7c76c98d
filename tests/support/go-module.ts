/** Modules of Go programs that use the SDK of this checkout, with all versions pinned. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const CHECKOUT = join(__dirname, "..", "..");
const PINNED = join(CHECKOUT, "tests", "live", "support", "go-program");
const SDK = join("sdk", "go", "milvus");

/** The program that its files make part of: it runs itself, by the Automation API. */
export const AUTOMATION = join(PINNED, "main.go");

export function writeGoModule(folder: string, files: Readonly<Record<string, string>>): void {
  const pins = readFileSync(join(PINNED, "go.mod"), "utf8");
  const here = pins.replace(/=> \S+$/m, `=> ${join(CHECKOUT, SDK)}`);
  for (const [name, text] of Object.entries({ ...files, "go.mod": here })) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  cpSync(join(PINNED, "go.sum"), join(folder, "go.sum"));
}
