/** The SDK's own client of a test server, for what tests do and see past the gateway. */
import { type ClientConfig, MilvusClient } from "@zilliz/milvus2-sdk-node";

import { clientTls } from "../../provider/milvus/tls";
import type { TestServer } from "./servers";

export function clientOf(server: TestServer, more: Partial<ClientConfig> = {}): MilvusClient {
  const { address, username, password, token, tls, database } = server;
  const client = new MilvusClient({
    address,
    username,
    password,
    token,
    database,
    ...(tls && { ssl: true, tls: clientTls(tls) }),
    timeout: 30_000,
    // Under Jest the SDK would print every request.
    logLevel: "error",
    telemetry: { enabled: false },
    ...more,
  });
  client.connectPromise.catch(() => undefined);
  return client;
}
