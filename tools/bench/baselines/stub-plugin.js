/**
 * The floor of a plugin: it takes what it is given and does nothing. What the engine and a program in YAML take for it is
 * what they take for any plugin. Bundled as ours is, by tools/bench/stub-plugin.ts.
 */
const { Server, ServerCredentials } = require("@grpc/grpc-js");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { Value } = require("google-protobuf/google/protobuf/struct_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");
const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const protocol = require("@pulumi/pulumi/proto/provider_pb");

const inputProperties = {
  name: { type: "string" },
  version: { type: "number" },
  parentId: { type: "string" },
};
const SCHEMA = JSON.stringify({
  name: "stub",
  version: "0.1.0",
  resources: {
    "stub:index:Thing": {
      inputProperties,
      properties: { ...inputProperties, objectId: { type: "string" } },
      required: ["objectId"],
    },
  },
});

let made = 0;
function create(request) {
  const id = `${process.pid}-${++made}`;
  const properties = request.getProperties();
  properties.getFieldsMap().set("objectId", new Value().setStringValue(id));
  return new protocol.CreateResponse().setId(id).setProperties(properties);
}

const ANSWERS = {
  handshake: () => new protocol.ProviderHandshakeResponse(),
  getSchema: () => new protocol.GetSchemaResponse().setSchema(SCHEMA),
  getPluginInfo: () => new PluginInfo().setVersion("0.1.0"),
  checkConfig: (request) => new protocol.CheckResponse().setInputs(request.getNews()),
  diffConfig: () => new protocol.DiffResponse(),
  configure: () => new protocol.ConfigureResponse(),
  check: (request) => new protocol.CheckResponse().setInputs(request.getNews()),
  diff: () => new protocol.DiffResponse().setChanges(protocol.DiffResponse.DiffChanges.DIFF_NONE),
  create,
  read: (request) =>
    new protocol.ReadResponse()
      .setId(request.getId())
      .setProperties(request.getProperties())
      .setInputs(request.getInputs()),
  delete: () => new Empty(),
  cancel: () => new Empty(),
  attach: () => new Empty(),
};

const server = new Server();
server.addService(
  ResourceProviderService,
  Object.fromEntries(
    Object.entries(ANSWERS).map(([name, answer]) => [
      name,
      ({ request }, done) => done(null, answer(request)),
    ]),
  ),
);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(port);
});
