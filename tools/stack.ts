/**
 * Runs the real engine on a program in a folder of its own, with a backend, secrets and PULUMI_HOME of its own, so
 * that nothing of the user's Pulumi is seen or touched. For the quickstart, the live tests and the bench.
 */
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { ensureEngine, type Engine } from "./engine";
import { removeTemporaryFolder, spawnGuarded, temporaryFolder } from "./processes";
import { tail } from "./progress";

const CHECKOUT = path.dirname(__dirname);
/** What a program gets of the checkout's packages; @pulumi/pulumi must be the very one pulumi-milvus resolves. */
const LINKED_PACKAGES = ["@pulumi/pulumi", "typescript", "ts-node", "@types/node"];

export interface WorkspaceOptions {
  /** A project that is there already, used in place. Default: a temporary project. */
  directory?: string;
  /** Program text of a temporary project. */
  program?: string;
  /** Default "ts". JavaScript programs start about a second faster. */
  language?: "ts" | "js";
  /** Default "test". */
  project?: string;
  /** Default "dev". */
  stack?: string;
  /** Stack configuration; secrets as { secret: text }. */
  config?: Record<string, string | { secret: string }>;
  /** Added to what the engine and the program see, e.g. MILVUS_ADDRESS. */
  env?: Record<string, string | undefined>;
  /** Records every call between engine, program and providers; see `rpcCalls`. */
  rpcLog?: boolean;
  /** Further files of a temporary project: path to text. */
  files?: Record<string, string>;
  /** Further lines of a temporary project's Pulumi.yaml, e.g. "main: app". */
  projectSettings?: string;
}

export interface CommandOptions {
  /** Do not throw when the command fails. */
  expectFailure?: boolean;
  env?: Record<string, string | undefined>;
  /** Gets the output as it comes, for a command that narrates. */
  onOutput?: (text: string) => void;
  /** Ends the command with SIGINT, as Ctrl-C would. */
  abort?: AbortSignal;
}

export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** What the engine says it did (or would do), by operation, from its "Resources:" block. */
export interface Summary {
  create: number;
  update: number;
  delete: number;
  replace: number;
  unchanged: number;
}

export interface OperationResult extends CommandResult {
  summary: Summary;
}

/** Arguments on top of the defaults, e.g. ["--target", urn]. */
export interface OperationOptions extends CommandOptions {
  args?: string[];
}

export interface RpcCall {
  method: string;
  request: unknown;
  response?: unknown;
  metadata?: unknown;
  errors?: unknown[];
}

export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  [key: string]: unknown;
}

export interface Deployment {
  version: number;
  deployment: { resources?: StateResource[]; [key: string]: unknown };
}

export class PulumiCommandFailed extends Error {
  constructor(
    readonly args: string[],
    readonly result: CommandResult,
  ) {
    super(
      `pulumi ${args.join(" ")} ended with exit code ${result.code}\n` +
        `--- stdout\n${tail(result.stdout, 60)}\n--- stderr\n${tail(result.stderr, 30)}`,
    );
    this.name = "PulumiCommandFailed";
  }
}

/** Makes the project and its stack; `dispose` removes them again. */
export async function createWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  const engine = await ensureEngine();
  const workspace = new Workspace(engine, options);
  try {
    await workspace.initialize();
    return workspace;
  } catch (error) {
    workspace.dispose();
    throw error;
  }
}

export class Workspace {
  /** Where Pulumi.yaml is. */
  readonly directory: string;
  readonly stack: string;
  /** What the engine runs with; handy to run something else beside it. */
  readonly env: NodeJS.ProcessEnv;
  private readonly home: string;
  private readonly rpcLogFile: string | undefined;

  constructor(
    engine: Engine,
    private readonly options: WorkspaceOptions,
  ) {
    this.home = temporaryFolder("pulumi-milvus-stack-");
    this.stack = options.stack ?? "dev";
    this.directory = options.directory ?? path.join(this.home, "project");
    this.rpcLogFile = options.rpcLog ? path.join(this.home, "rpc.jsonl") : undefined;
    const backend = path.join(this.home, "backend");
    fs.mkdirSync(backend);
    this.env = {
      ...withoutOwnSettings(process.env),
      ...engine.env,
      PULUMI_HOME: path.join(this.home, "home"),
      PULUMI_BACKEND_URL: `file://${backend}`,
      PULUMI_CONFIG_PASSPHRASE: crypto.randomBytes(18).toString("base64url"),
      ...(this.rpcLogFile === undefined ? {} : { PULUMI_DEBUG_GRPC: this.rpcLogFile }),
      ...options.env,
    };
  }

  async initialize(): Promise<void> {
    if (this.options.directory === undefined) {
      this.writeProject();
    }
    await this.pulumi(["stack", "init", this.stack]);
    await this.config(this.options.config ?? {});
  }

  private writeProject(): void {
    const { project = "test", files = {}, projectSettings = "" } = this.options;
    fs.mkdirSync(this.directory);
    this.write("Pulumi.yaml", `name: ${project}\nruntime: nodejs\n${projectSettings}\n`);
    this.write("package.json", JSON.stringify({ name: project, private: true }, undefined, 2));
    this.linkPackage("pulumi-milvus", CHECKOUT);
    for (const name of LINKED_PACKAGES) {
      this.linkPackage(name, path.join(CHECKOUT, "node_modules", name));
    }
    for (const [name, text] of Object.entries(files)) {
      this.write(name, text);
    }
    this.program(this.options.program ?? "");
  }

  private linkPackage(name: string, target: string): void {
    const link = path.join(this.directory, "node_modules", name);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(target, link, "dir");
  }

  /** Writes a file of the project. */
  write(name: string, text: string): void {
    const file = path.join(this.directory, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }

  /** Replaces the program of a temporary project. */
  program(text: string): void {
    this.write(`index.${this.options.language ?? "ts"}`, text);
  }

  /** Sets stack configuration. */
  async config(values: Record<string, string | { secret: string }>): Promise<void> {
    const args = Object.entries(values).flatMap(([key, value]) =>
      typeof value === "string" ? ["--plaintext", `${key}=${value}`] : ["--secret", `${key}=${value.secret}`],
    );
    if (args.length > 0) {
      await this.pulumi(["config", "set-all", "--stack", this.stack, ...args]);
    }
  }

  up(options: OperationOptions = {}): Promise<OperationResult> {
    return this.operation(["up", "--skip-preview", "--yes"], options);
  }

  preview(options: OperationOptions = {}): Promise<OperationResult> {
    return this.operation(["preview"], options);
  }

  refresh(options: OperationOptions = {}): Promise<OperationResult> {
    return this.operation(["refresh", "--skip-preview", "--yes"], options);
  }

  destroy(options: OperationOptions = {}): Promise<OperationResult> {
    return this.operation(["destroy", "--skip-preview", "--yes"], options);
  }

  private async operation(
    command: string[],
    { args = [], ...options }: OperationOptions,
  ): Promise<OperationResult> {
    const result = await this.pulumi([...command, "--stack", this.stack, ...args], options);
    return { ...result, summary: parseSummary(result.stdout) };
  }

  /** The stack's state as the engine stores it. */
  async stackExport(options: { showSecrets?: boolean } = {}): Promise<Deployment> {
    const secrets = options.showSecrets ? ["--show-secrets"] : [];
    const { stdout } = await this.pulumi(["stack", "export", "--stack", this.stack, ...secrets]);
    return JSON.parse(stdout) as Deployment;
  }

  async stackImport(deployment: Deployment): Promise<void> {
    const file = path.join(this.home, "import.json");
    fs.writeFileSync(file, JSON.stringify(deployment));
    await this.pulumi(["stack", "import", "--stack", this.stack, "--file", file]);
  }

  /** The resources in the state without stack and providers. */
  async resources(): Promise<StateResource[]> {
    const { deployment } = await this.stackExport();
    return (deployment.resources ?? []).filter(
      ({ type }) => type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:"),
    );
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await this.pulumi([
      "stack",
      "output",
      "--json",
      "--show-secrets",
      "--stack",
      this.stack,
    ]);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** The calls recorded so far (option `rpcLog`), all or those of one method, e.g. "ResourceProvider/Delete". */
  rpcCalls(method?: string): RpcCall[] {
    if (this.rpcLogFile === undefined || !fs.existsSync(this.rpcLogFile)) {
      return [];
    }
    const lines = fs.readFileSync(this.rpcLogFile, "utf8").split("\n");
    const calls = lines.filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as RpcCall);
    return method === undefined ? calls : calls.filter((call) => call.method.endsWith(method));
  }

  forgetRpcCalls(): void {
    if (this.rpcLogFile !== undefined) {
      fs.rmSync(this.rpcLogFile, { force: true });
    }
  }

  /** Any command of the engine, in the project's folder. Throws with the end of its output when it fails. */
  async pulumi(args: string[], options: CommandOptions = {}): Promise<CommandResult> {
    const all = [...args, "--non-interactive", "--color", "never"];
    const guarded = spawnGuarded("pulumi", all, {
      cwd: this.directory,
      env: { ...this.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      graceSeconds: 15,
    });
    const interrupt = () => guarded.signal("SIGINT");
    options.abort?.addEventListener("abort", interrupt);
    const stdout = collect(guarded.child.stdout, options.onOutput);
    const stderr = collect(guarded.child.stderr, options.onOutput);
    const { code } = await guarded.exited;
    const result = { code: code ?? -1, stdout: await stdout, stderr: await stderr };
    options.abort?.removeEventListener("abort", interrupt);
    if (result.code !== 0 && !options.expectFailure) {
      throw new PulumiCommandFailed(args, result);
    }
    return result;
  }

  /** Removes everything but a directory that was given. What the stack holds is not destroyed: that is `destroy`. */
  dispose(): void {
    removeTemporaryFolder(this.home);
    if (this.options.directory !== undefined) {
      fs.rmSync(path.join(this.directory, `Pulumi.${this.stack}.yaml`), { force: true });
    }
  }
}

/** The user's MILVUS_* and PULUMI_* settings are for his own stacks. */
function withoutOwnSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(MILVUS|PULUMI)_/.test(name)));
}

function collect(stream: NodeJS.ReadableStream | null, onOutput?: (text: string) => void): Promise<string> {
  return new Promise((resolve) => {
    if (stream === null) {
      resolve("");
      return;
    }
    let text = "";
    stream.setEncoding("utf8");
    stream.on("data", (part: string) => {
      text += part;
      onOutput?.(part);
    });
    stream.on("close", () => resolve(text));
  });
}

const SUMMARY_LINES: [keyof Summary, RegExp][] = [
  ["create", /^\s+\+ (\d+) (?:to create|created)/m],
  ["update", /^\s+~ (\d+) (?:to update|updated)/m],
  ["delete", /^\s+- (\d+) (?:to delete|deleted)/m],
  ["replace", /^\s+\+?-\+? ?(\d+) (?:to replace|replaced)/m],
  ["unchanged", /^\s+(\d+) unchanged/m],
];

function parseSummary(output: string): Summary {
  const block = output.slice(Math.max(output.lastIndexOf("\nResources:"), 0));
  const counts = SUMMARY_LINES.map(([name, pattern]) => [name, Number(pattern.exec(block)?.[1] ?? 0)]);
  return Object.fromEntries(counts) as Record<keyof Summary, number>;
}
