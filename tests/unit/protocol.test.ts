/** What the provider's client sends and reads, beside what the SDK's own would. */
import { createRequire } from "node:module";

import type { ServiceDefinition } from "@grpc/grpc-js";
import { fromJSON } from "@grpc/proto-loader";
import milvusProto from "@zilliz/milvus2-sdk-node/dist/milvus/proto-json/milvus";
import { type INamespace, Root, Service } from "protobufjs";

import { withPlainProtocol } from "../../provider/milvus/protocol";
import { newClient } from "../../provider/milvus/sdk";

const requireAsSdk = createRequire(require.resolve("@zilliz/milvus2-sdk-node"));
/** As the SDK reads it. */
const READABLE = { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true };
const SERVICES = ["milvus.proto.milvus.MilvusService", "milvus.proto.milvus.ClientTelemetryService"];

type Definitions = Record<string, ServiceDefinition>;
const loader = requireAsSdk("@grpc/proto-loader") as {
  fromJSON(json: unknown, options: object): Definitions;
};
const plain = withPlainProtocol(requireAsSdk, () => loader.fromJSON(milvusProto, READABLE));
const full = fromJSON(milvusProto as INamespace, READABLE) as unknown as Definitions;

const shapeOf = (service: ServiceDefinition | undefined) =>
  Object.entries(service ?? {}).map(([name, { path, requestStream, responseStream }]) => ({
    name,
    path,
    requestStream,
    responseStream,
  }));

test.each(SERVICES)("%s has the same calls", (name) => {
  expect(shapeOf(plain[name]).length).toBeGreaterThan(0);
  expect(shapeOf(plain[name])).toEqual(shapeOf(full[name]));
});

test.each(SERVICES)("every message of %s has the same fields and defaults", (name) => {
  const none = Buffer.alloc(0);
  const messages = (definitions: Definitions) =>
    Object.entries(definitions[name] ?? {}).map(([call, { requestDeserialize, responseDeserialize }]) => ({
      call,
      request: requestDeserialize(none) as object,
      response: responseDeserialize(none) as object,
    }));
  expect(messages(plain).length).toBeGreaterThan(0);
  expect(messages(plain)).toEqual(messages(full));
});

test("requests and replies are the same bytes and the same values", () => {
  const request = { db_name: "default", collection_name: "docs", partition_name: "y2024" };
  const reply = { status: { code: 0 }, partition_names: ["y2024"], partitionIDs: ["450000000000000001"] };
  const seen = [plain, full].map((definitions) => {
    const calls = definitions["milvus.proto.milvus.MilvusService"];
    const [create, show] = [calls?.["CreatePartition"], calls?.["ShowPartitions"]];
    const sent = create?.requestSerialize(request);
    const answered = show?.responseSerialize(reply);
    return {
      sent,
      answered,
      received: create?.requestDeserialize(sent as Buffer) as object,
      read: show?.responseDeserialize(answered as Buffer) as object,
    };
  });
  expect(seen[0]).toEqual(seen[1]);
  expect(seen[0]?.received).toMatchObject(request);
  expect(seen[0]?.read).toMatchObject({ partition_names: ["y2024"], partitionIDs: ["450000000000000001"] });
});

test("a client still finds what a collection is made of", async () => {
  const client = newClient({ address: "127.0.0.1:1", telemetry: { enabled: false } });
  client.connectPromise.catch(() => undefined);
  const { schemaProto } = client as unknown as { schemaProto: Root };
  const type = schemaProto.lookupType("milvus.proto.schema.CollectionSchema");
  expect(type.decode(type.encode({ name: "docs" }).finish())).toMatchObject({ name: "docs" });
  await client.closeConnection();
});

test("others read protocols as before", () => {
  expect(Object.keys(loader.fromJSON(milvusProto, READABLE))).toEqual(Object.keys(full));
  const root = Root.fromJSON({ nested: { Greeter: { methods: {} } } });
  expect(root.get("Greeter")).toBeInstanceOf(Service);
});
