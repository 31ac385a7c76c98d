/**
 * Runs the real engine on a program in a folder of its own, with a backend, secrets and PULUMI_HOME of its own, so
 * that nothing of the user's Pulumi is seen or touched. For the quickstart, the live tests and the bench.
 */
import * as crypto from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { ensureEngine, type Engine } from "./engine";
import { keepTemporary, removeAtEnd, removeTemporary, spawnGuarded, temporaryFolder } from "./processes";
import { tail } from "./progress";

const CHECKOUT = path.dirname(__dirname);
/** What a program gets of the checkout's packages; @pulumi/pulumi must be the very one pulumi-milvus resolves. */
const LINKED_PACKAGES = [
  "@pulumi/pulumi",
  "typescript",
  "ts-node",
  "@types/node",
  "@zilliz/milvus2-sdk-node",
];

export interface WorkspaceOptions {
  /** A project that is there already, used in place. Default: a temporary project. */
  directory?: string;
  /** Program text of a temporary project. */
  program?: string;
  /** Default "ts". JavaScript programs start about a second faster; a YAML one is what follows in Pulumi.yaml. */
  language?: "ts" | "js" | "python" | "yaml";
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
  /** Told the engine's process id once it runs. */
  onStart?: (pid: number) => void;
}

export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** What the engine says it did (or would do), by operation, from its "Resources:" block. The stack itself counts. */
export interface Summary {
  create: number;
  update: number;
  delete: number;
  replace: number;
  unchanged: number;
  errored: number;
}

export interface OperationResult extends CommandResult {
  summary: Summary;
}

/** Arguments on top of the defaults, e.g. ["--target", urn]. */
export interface OperationOptions extends CommandOptions {
  args?: string[];
}

/** One finished call between engine, program and provider, as the engine recorded it. */
export interface RpcCall {
  /** "/pulumirpc.ResourceProvider/Create" */
  method: string;
  request: Record<string, unknown>;
  response?: Record<string, unknown>;
  errors?: string[];
  metadata?: Record<string, unknown>;
  /** RFC 3339, when it ended. */
  timestamp: string;
  /** Nanoseconds. */
  duration: number;
}

/** A step of `pulumi preview --json`. */
export interface PlannedStep {
  /** "create", "update", "delete", "replace", "create-replacement", "delete-replaced", "same", "read" */
  op: string;
  urn: string;
  oldState?: StateResource;
  newState?: StateResource;
  diffReasons?: string[] | null;
  replaceReasons?: string[] | null;
  detailedDiff?: Record<string, { kind: string; inputDiff: boolean }> | null;
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
  private readonly temporary: string[];
  private readonly rpcLogFile: string | undefined;

  constructor(
    engine: Engine,
    private readonly options: WorkspaceOptions,
  ) {
    this.home = temporaryFolder("pulumi-milvus-stack-");
    this.stack = options.stack ?? "dev";
    this.directory = options.directory ?? path.join(this.home, "project");
    this.rpcLogFile = options.rpcLog ? path.join(this.home, "rpc.jsonl") : undefined;
    this.temporary = [this.home, ...this.configurationToRemove()];
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

  /** The engine writes Pulumi.STACK.yaml into a given directory: removed again, unless it is the user's own. */
  private configurationToRemove(): string[] {
    const file = path.join(this.directory, `Pulumi.${this.stack}.yaml`);
    if (this.options.directory === undefined || fs.existsSync(file)) {
      return [];
    }
    removeAtEnd(file);
    return [file];
  }

  async initialize(): Promise<void> {
    if (this.options.directory === undefined) {
      this.writeProject();
    }
    await this.pulumi(["stack", "init", this.stack]);
    await this.config(this.options.config ?? {});
  }

  private writeProject(): void {
    const { project = "test", files = {}, language } = this.options;
    fs.mkdirSync(this.directory);
    if (language !== "yaml") this.writeSettings(language === "python" ? "python" : "nodejs");
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

  private writeSettings(runtime: "nodejs" | "python" | "yaml", program = ""): void {
    const { project = "test", projectSettings = "" } = this.options;
    this.write("Pulumi.yaml", `name: ${project}\nruntime: ${runtime}\n${projectSettings}\n${program}`);
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
    const { language = "ts" } = this.options;
    if (language === "yaml") this.writeSettings("yaml", text);
    else this.write(language === "python" ? "__main__.py" : `index.${language}`, text);
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

  /** What `preview` would do, step by step. */
  async plan({ args = [], ...options }: OperationOptions = {}): Promise<PlannedStep[]> {
    const { stdout } = await this.pulumi(["preview", "--json", "--stack", this.stack, ...args], options);
    return (JSON.parse(stdout) as { steps?: PlannedStep[] }).steps ?? [];
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
  rpcCalls(method = ""): RpcCall[] {
    if (this.rpcLogFile === undefined || !fs.existsSync(this.rpcLogFile)) {
      return [];
    }
    const lines = fs.readFileSync(this.rpcLogFile, "utf8").split("\n");
    return lines
      .filter((line) => line.trim() !== "")
      .map((line) => JSON.parse(line) as RpcCall & { progress: string })
      .filter((call) => call.progress === "response_completed" && call.method.endsWith(method));
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
    options.onStart?.(guarded.pid);
    const interrupt = () => guarded.signal("SIGINT");
    options.abort?.addEventListener("abort", interrupt);
    const stdout = collect(guarded.child.stdout, options.onOutput);
    const stderr = collect(guarded.child.stderr, options.onOutput);
    const { code } = await guarded.exited;
    const result = { code: code ?? -1, stdout: plain(await stdout), stderr: plain(await stderr) };
    options.abort?.removeEventListener("abort", interrupt);
    if (result.code !== 0 && !options.expectFailure) {
      throw new PulumiCommandFailed(args, result);
    }
    return result;
  }

  /** Leaves state and project behind when this process ends, to play with; `env` says how to reach them. */
  keep(): void {
    for (const file of this.temporary) {
      keepTemporary(file);
    }
  }

  /** Removes everything but a directory that was given. What the stack holds is not destroyed: that is `destroy`. */
  dispose(): void {
    for (const file of this.temporary) {
      removeTemporary(file);
    }
  }
}

/** The user's MILVUS_* and PULUMI_* settings are for his own stacks, our TS_NODE_* for our own scripts. */
function withoutOwnSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(MILVUS|PULUMI|TS_NODE)_/.test(name)));
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

/** The engine leaves out colours when asked to, the program's stack traces have them all the same. */
function plain(text: string): string {
  return stripVTControlCharacters(text);
}

/** Lines like "    + 3 to create", "    +-1 replaced", "    2 unchanged". */
const SUMMARY_LINE = /^\s+[^\w\s]*\s*(\d+) (?:to )?(\w+)$/;

const OPERATIONS: Record<string, keyof Summary> = {
  created: "create",
  updated: "update",
  deleted: "delete",
  replaced: "replace",
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  unchanged: "unchanged",
  errored: "errored",
};

function parseSummary(output: string): Summary {
  const summary: Summary = { create: 0, update: 0, delete: 0, replace: 0, unchanged: 0, errored: 0 };
  const start = output.lastIndexOf("Resources:\n");
  for (const line of start < 0 ? [] : output.slice(start).split("\n").slice(1)) {
    const [, count, word] = SUMMARY_LINE.exec(line) ?? [];
    const operation = word === undefined ? undefined : OPERATIONS[word];
    if (operation !== undefined) {
      summary[operation] = Number(count);
    }
  }
  return summary;
}
