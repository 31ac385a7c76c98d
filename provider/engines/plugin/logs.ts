/** Lines for the user: what a plugin prints the engine does not show, so it is told with a call of its own. */
import { AsyncLocalStorage } from "node:async_hooks";

import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

const WARNING = "warning: ";

export class EngineLogs {
  private readonly engine: EngineClient | undefined;
  private readonly current = new AsyncLocalStorage<string>();
  /** Ends when all that was said so far has arrived. */
  private sent: Promise<void> = Promise.resolve();

  /** Without an engine nobody listens. */
  constructor(address: string | undefined) {
    this.engine = address === undefined ? undefined : new EngineClient(address, credentials.createInsecure());
  }

  /** What is said meanwhile is said of the resource, and has arrived before the answer. */
  async of<T>(urn: string, work: () => Promise<T>): Promise<T> {
    try {
      return await this.current.run(urn, work);
    } finally {
      await this.sent;
    }
  }

  readonly say = (line: string): void => {
    const isWarning = line.startsWith(WARNING);
    this.send(
      isWarning ? LogSeverity.WARNING : LogSeverity.INFO,
      isWarning ? line.slice(WARNING.length) : line,
    );
  };

  private send(severity: LogSeverity, message: string): void {
    const { engine } = this;
    if (!engine) return;
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setMessage(message);
    request.setUrn(this.current.getStore() ?? "");
    // One after another: the engine shows them as they arrive.
    this.sent = this.sent.then(() => new Promise<void>((resolve) => engine.log(request, () => resolve())));
  }
}
