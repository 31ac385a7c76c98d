/** Starts provider-child.js and calls it. */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";

import type { resources } from "../../../provider/registry";

export type Values = Record<string, unknown>;
export type ResourceName = keyof typeof resources;

/** What a call threw, as the engine would see it. */
export class ProviderError extends Error {
  constructor(
    message: string,
    /** Of a resource that exists and is not finished. */
    readonly unfinished?: { readonly id: string; readonly properties: Values },
  ) {
    super(message);
  }
}

interface Reply {
  readonly call: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly id?: string; readonly properties?: Values };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class ProviderProcess {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private calls = 0;
  private log = "";

  constructor(config: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
    this.child = fork(join(__dirname, "provider-child.js"), {
      env: { PATH: process.env["PATH"], ...env },
      execArgv: [],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "advanced",
    });
    this.child.stdout?.on("data", (text: Buffer) => (this.log += text.toString()));
    this.child.stderr?.on("data", (text: Buffer) => (this.log += text.toString()));
    this.child.on("message", (reply: Reply) => this.settle(reply));
    this.child.on("exit", () => this.abandon());
    this.child.send(config);
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** What the provider logged so far. */
  get output(): string {
    return this.log;
  }

  call<T>(resource: ResourceName, method: string, ...args: readonly unknown[]): Promise<T> {
    const call = this.calls++;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(call, { resolve: (result) => resolve(result as T), reject });
      this.child.send({ call, resource, method, args }, (error) => error && this.abandon());
    });
  }

  /** SIGKILL: nothing is tidied up, and every call that waits fails. */
  kill(): void {
    this.child.kill("SIGKILL");
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.child.once("exit", resolve));
    this.kill();
    await exited;
  }

  private settle({ call, result, error }: Reply): void {
    const waiting = this.waiting.get(call);
    this.waiting.delete(call);
    if (!error) return waiting?.resolve(result);
    const { message, id, properties } = error;
    waiting?.reject(new ProviderError(message, id && properties ? { id, properties } : undefined));
  }

  private abandon(): void {
    for (const { reject } of this.waiting.values()) reject(new ProviderError("the provider process ended"));
    this.waiting.clear();
  }
}
