/** One who begins: with a packed clone, an empty folder beside it, and commands that are pasted out of the docs. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { ensureEngine } from "../../../tools/engine";
import { temporaryFolder } from "../../../tools/processes";
import { runOrFail, runProgram } from "../../../tools/programs";
import { Workspace } from "../../../tools/stack";

const ROOT = join(__dirname, "..", "..", "..");

/** Asks the registry for no more than npm's cache lacks. */
const NPM = {
  npm_config_audit: "false",
  npm_config_fund: "false",
  npm_config_prefer_offline: "true",
  npm_config_update_notifier: "false",
};

/** A folder with the clone, `pulumi-milvus`, in which is what `npm pack` makes. */
export async function withPackedClone(): Promise<string> {
  const folder = temporaryFolder("pulumi-milvus-newcomer-");
  const clone = join(folder, "pulumi-milvus");
  mkdirSync(clone);
  // Without the build, which others are using.
  await runOrFail("npm", ["pack", "--ignore-scripts", "--pack-destination", clone], { cwd: ROOT });
  return folder;
}

export class Newcomer {
  readonly directory: string;

  private constructor(private readonly workspace: Workspace) {
    this.directory = workspace.directory;
  }

  /** In a new folder beside the clone. */
  static async in(beside: string, name: string, env: Readonly<Record<string, string>>): Promise<Newcomer> {
    const directory = join(beside, name);
    mkdirSync(directory);
    return new Newcomer(new Workspace(await ensureEngine(), { directory, env: { ...NPM, ...env } }));
  }

  /** What is shown in a block for a shell, as one who pastes it gets it. */
  async paste(script: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
    const env = { ...this.workspace.env, ...more };
    const { code, output } = await runProgram("bash", ["-e", "-c", script], { cwd: this.directory, env });
    // The report ends so where data would be lost.
    const expected = script.includes("pulumi-milvus preview") ? 2 : 0;
    if (code !== expected) throw new Error(`${script}ended with exit code ${code}:\n${output}`);
    return output;
  }

  read(file: string): string {
    return readFileSync(join(this.directory, file), "utf8");
  }

  save(file: string, text: string): void {
    writeFileSync(join(this.directory, file), text);
  }

  edit(file: string, change: (text: string) => string): void {
    const before = this.read(file);
    const after = change(before);
    if (after === before) throw new Error(`${file} has nothing to change so:\n${before}`);
    this.save(file, after);
  }

  dispose(): void {
    this.workspace.dispose();
  }
}

/** In seconds. */
export function secondsSince(begun: number): string {
  return ((Date.now() - begun) / 1000).toFixed(0);
}
