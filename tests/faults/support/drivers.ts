/** Two ways to run a program: the small engine of these tests, and Pulumi's own. */
import { execFileSync } from "node:child_process";

import { resources } from "../../../provider/registry";
import type { Workspace } from "../../../tools/stack";
import { ProviderProcess } from "./provider-process";
import { type Program, refresh, StackState, up } from "./small-engine";

export interface Driver {
  /** One `pulumi up`, after whatever step the engine itself asked for. What went wrong; nothing when all went well. */
  up(program: Program): Promise<string[]>;
  /** One `pulumi refresh`. */
  refresh(): Promise<void>;
  /** SIGKILL, while an up is under way. */
  killProvider(): void;
  /** SIGKILL, while an up is under way: nothing that comes after is in the state. */
  killEngine(): void;
  /** What the last up said. */
  readonly output: string;
}

/** How long a provider goes on that lost its engine: what it had sent is done, what it had not is not. */
const ORPHANED = 200;

export class SmallDriver implements Driver {
  output = "";
  private state = new StackState();
  private provider: ProviderProcess | undefined;
  private afterKill: StackState | undefined;

  constructor(private readonly config: Readonly<Record<string, string>>) {}

  async up(program: Program): Promise<string[]> {
    const provider = (this.provider = new ProviderProcess(this.config));
    const errors = await up(program, this.state, provider);
    await provider.end();
    this.output = provider.output;
    if (!this.afterKill) return errors;
    this.state = this.afterKill;
    this.afterKill = undefined;
    return ["the engine was killed"];
  }

  async refresh(): Promise<void> {
    const provider = new ProviderProcess(this.config);
    await refresh(this.state, provider);
    await provider.end();
  }

  killProvider(): void {
    this.provider?.kill();
  }

  killEngine(): void {
    this.afterKill ??= this.state.copy();
    const orphan = this.provider;
    setTimeout(() => orphan?.kill(), ORPHANED);
  }
}

/** How programs reach the provider through Pulumi's engine. */
export interface Engine {
  /** What they import. */
  readonly entry: string;
  /** By what its processes are known. */
  readonly processes: readonly string[];
}

export const DYNAMIC: Engine = {
  entry: "pulumi-milvus",
  processes: ["pulumi-resource-pulumi-nodejs", "dynamic-provider"],
};

export const PLUGIN: Engine = { entry: "pulumi-milvus/plugin", processes: ["pulumi-resource-milvus"] };

export class PulumiDriver implements Driver {
  output = "";
  private pid: number | undefined;
  private engineWasKilled = false;

  constructor(
    private readonly workspace: Workspace,
    private readonly engine: Engine,
  ) {}

  async up(program: Program): Promise<string[]> {
    this.workspace.program(asJavaScript(program, this.engine));
    if (this.engineWasKilled) await this.unlock();
    this.engineWasKilled = false;
    const { code, stdout, stderr } = await this.workspace.up({
      expectFailure: true,
      onStart: (pid) => (this.pid = pid),
    });
    this.output = stdout + stderr;
    return code === 0 ? [] : [this.output || "the engine was killed"];
  }

  async refresh(): Promise<void> {
    await this.workspace.refresh();
  }

  killProvider(): void {
    const { processes } = this.engine;
    for (const { pid, command } of descendants(this.pid))
      if (processes.some((name) => command.includes(name))) kill(pid);
  }

  /** What it had started ends too, a little later: nobody is left to be told. */
  killEngine(): void {
    const started = descendants(this.pid);
    this.engineWasKilled = true;
    if (this.pid !== undefined) kill(this.pid);
    setTimeout(() => started.forEach(({ pid }) => kill(pid)), ORPHANED);
  }

  /** A killed engine leaves its lock behind, and the next one asks for this step. */
  private async unlock(): Promise<void> {
    await this.workspace.pulumi(["cancel", "--yes", "--stack", this.workspace.stack]);
  }
}

interface ProcessSeen {
  readonly pid: number;
  readonly command: string;
}

function descendants(root: number | undefined): ProcessSeen[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  const all = lines.map((line) => {
    const [, pid, parent, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), parent: Number(parent), command };
  });
  const found: ProcessSeen[] = [];
  for (let parents = [root]; parents.length > 0;) {
    const children = all.filter(({ parent }) => parents.includes(parent));
    found.push(...children);
    parents = children.map(({ pid }) => pid);
  }
  return found;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Ended by itself.
  }
}

function asJavaScript(program: Program, { entry }: Engine): string {
  const made = program.map(({ name, resource, args, collection, after = [] }) => {
    const given = collection === undefined ? "" : `collection: ${collection}, `;
    const declared = JSON.stringify(args).replace(/^\{/, `{ ${given}`);
    const options = after.length === 0 ? "" : `, { dependsOn: [${after.join(", ")}] }`;
    return `const ${name} = new milvus.${resources[resource].kind}("${name}", ${declared}${options});`;
  });
  return [`const milvus = require("${entry}");`, ...made].join("\n");
}
