/** A plugin in the tests' own process, and an engine that keeps what it is told. */
import { credentials, type handleUnaryCall, Server, type ServiceError } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as protocol from "@pulumi/pulumi/proto/provider_pb";

import { Plugin } from "../../provider/engines/plugin";
import { listenLocally } from "./grpc-server";

export interface ServedPlugin {
  /** Lines for the user. */
  readonly told: string[];
  readonly client: ResourceProviderClient;
}

const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
});

async function engine(told: string[]): Promise<string> {
  const server = new Server();
  const log: handleUnaryCall<LogRequest, Empty> = ({ request }, done) => {
    told.push(request.getMessage());
    done(null, new Empty());
  };
  server.addService(EngineService, { log });
  const port = await listenLocally(server);
  closing.push(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}

/** Configured with an address that nobody listens at, unless there is another one. */
export async function servePlugin(settings: Readonly<Record<string, string>> = {}): Promise<ServedPlugin> {
  const told: string[] = [];
  const plugin = new Plugin({ version: "1.0.0", engine: await engine(told), schema: () => "{}" });
  const { port, stop } = await plugin.serve();
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  closing.push(() => client.close(), stop);
  const request = new protocol.ConfigureRequest().setArgs(
    Struct.fromJavaScript({ address: "127.0.0.1:1", ...settings }),
  );
  await answer<protocol.ConfigureResponse>((done) => client.configure(request, done));
  return { told, client };
}

export const answer = <T>(
  call: (done: (error: ServiceError | null, response: T) => void) => void,
): Promise<T> =>
  new Promise((resolve, reject) => call((error, response) => (error ? reject(error) : resolve(response))));
