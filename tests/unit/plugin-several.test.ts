/** Several providers in one process, as one that an engine attaches to may serve: each has settings and lines of its own. */
import { credentials, type handleUnaryCall, Server, type ServiceError } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as protocol from "@pulumi/pulumi/proto/provider_pb";

import { Plugin } from "../../provider/engines/plugin";
import { listenLocally } from "../support/grpc-server";

interface Provider {
  readonly told: string[];
  readonly client: ResourceProviderClient;
}

const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
});

/** An engine that keeps what it is told. */
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

async function provider(database: string): Promise<Provider> {
  const told: string[] = [];
  const plugin = new Plugin({ version: "1.0.0", engine: await engine(told), schema: () => "{}" });
  const { port, stop } = await plugin.serve();
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  closing.push(() => client.close(), stop);
  const settings = Struct.fromJavaScript({ address: "127.0.0.1:1", database });
  const request = new protocol.ConfigureRequest().setArgs(settings);
  await answer<protocol.ConfigureResponse>((done) => client.configure(request, done));
  return { told, client };
}

const answer = <T>(call: (done: (error: ServiceError | null, response: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => call((error, response) => (error ? reject(error) : resolve(response))));

const URN = "urn:pulumi:dev::test::milvus:index:Collection::docs";

/** The database that a collection stands in when its program names none. */
async function databaseOf({ client }: Provider): Promise<unknown> {
  const fields = [
    { name: "id", dataType: "Int64", isPrimaryKey: true },
    { name: "embedding", dataType: "FloatVector", dim: 4 },
  ];
  const request = new protocol.CheckRequest().setUrn(URN).setNews(Struct.fromJavaScript({ fields }));
  const response = await answer<protocol.CheckResponse>((done) => client.check(request, done));
  return response.getInputs()?.toJavaScript()["databaseName"];
}

test("Each has its own settings", async () => {
  const [one, other] = await Promise.all([provider("one"), provider("other")]);
  expect(await Promise.all([databaseOf(one), databaseOf(other)])).toEqual(["one", "other"]);
});

test("Each tells its own engine", async () => {
  const both = await Promise.all([provider("one"), provider("other")]);
  await Promise.all(
    both.map(({ client }, at) => {
      const news = Struct.fromJavaScript({ address: "127.0.0.1:1", version: `${at + 2}.0.0` });
      const request = new protocol.CheckRequest()
        .setUrn("urn:pulumi:dev::test::pulumi:providers:milvus::default")
        .setNews(news);
      return answer<protocol.CheckResponse>((done) => client.checkConfig(request, done));
    }),
  );
  expect(both.map(({ told }) => told)).toEqual([
    [expect.stringContaining("asks for version 2.0.0")],
    [expect.stringContaining("asks for version 3.0.0")],
  ]);
});
