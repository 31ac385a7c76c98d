/** Lines for the user: what a plugin prints the engine does not show, so it is told with a call of its own. */
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

import { loggingTo, type LogKind, type Printer } from "../../core/log";

const WARNING = "warning: ";

export class EngineLogs {
  private readonly engine: EngineClient | undefined;
  /** Ends when all that was said so far has arrived. */
  private sent: Promise<void> = Promise.resolve();

  /** Without an engine nobody listens. */
  constructor(address: string | undefined) {
    this.engine = address === undefined ? undefined : new EngineClient(address, credentials.createInsecure());
  }

  /** What is said meanwhile is said of the resource, and has arrived before the answer. */
  async of<T>(urn: string, work: () => Promise<T>): Promise<T> {
    let hasStatus = false;
    const say: Printer = (line, kind) => {
      hasStatus ||= kind === "status";
      this.send(urn, line, kind);
    };
    try {
      return await loggingTo(say, work);
    } finally {
      // How far it was stands there no longer when it is through.
      if (hasStatus) this.send(urn, "", "status");
      await this.sent;
    }
  }

  /** A status stands beside the resource until the next line, and is not repeated at the end. */
  private send(urn: string, line: string, kind: LogKind): void {
    const { engine } = this;
    if (!engine) return;
    const isWarning = line.startsWith(WARNING);
    const request = new LogRequest();
    request.setSeverity(isWarning ? LogSeverity.WARNING : LogSeverity.INFO);
    request.setMessage(isWarning ? line.slice(WARNING.length) : line);
    request.setEphemeral(kind === "status");
    request.setUrn(urn);
    // One after another: the engine shows them as they arrive.
    this.sent = this.sent.then(() => new Promise<void>((resolve) => engine.log(request, () => resolve())));
  }
}
