/**
 * How servers name themselves, through the gateway: fakes behind a proxy that answers GetVersion and Connect in their
 * place, and what resources do about a Zilliz Cloud. No Zilliz Cloud was asked: these are the words of public sources.
 */
import { lookUp } from "../../provider/engines/lookups";
import { collection } from "../../provider/resources/collection";
import { index } from "../../provider/resources/index";
import { resourceGroup } from "../../provider/resources/resource-group";
import { checked, configured, type Values } from "../support/declared";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { service } from "../support/fake-milvus/proto";
import { gatewayTo, uniqueName } from "../support/gateways";
import { type Answer, GrpcProxy } from "../support/grpc-proxy";

const BUILD = "unknown-20260608-7ea6e3526";
const CLOUD = "Zilliz Cloud Vector Database(Compatible with Milvus 2.6)";
const SUCCESS = { error_code: "Success", code: 0 };

const opened: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of opened.reverse()) await close();
});

/** A fake of that version which gives itself these names. */
async function named(version: string, names: { text: string; product?: string }): Promise<FakeMilvus> {
  const fake = await startFakeMilvus({ version });
  const proxy = await GrpcProxy.to(fake.address);
  opened.push(() => fake.stop());
  opened.push(() => proxy.off());
  const replies: Record<string, object> = {
    GetVersion: { status: SUCCESS, version: names.text },
    ...(names.product !== undefined && {
      Connect: { status: SUCCESS, identifier: 7, server_info: { build_tags: names.product } },
    }),
  };
  proxy.before = ({ method }) => replies[method] && replyTo(method, replies[method]);
  return { ...fake, address: proxy.address };
}

function replyTo(method: string, reply: object): Answer {
  const message = service[method]?.responseSerialize(reply) ?? Buffer.alloc(0);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return {
    headers: { ":status": 200, "content-type": "application/grpc" },
    trailers: { "grpc-status": "0" },
    body: Buffer.concat([head, message]),
  };
}

test.each<[text: string, product: string, expected: object]>([
  ["2.6-20260404-31fb3fc", "2.6-20260404-31fb3fc", { product: "Milvus", version: [2, 6, Infinity] }],
  [BUILD, CLOUD, { product: "Zilliz Cloud", version: [2, 6, Infinity] }],
  ["2.6.4", CLOUD, { product: "Zilliz Cloud", version: [2, 6, 4] }],
  [BUILD, BUILD, { product: "Milvus", version: [Infinity, Infinity, Infinity] }],
])("the gateway takes %s beside %s of Connect for what it is", async (text, product, expected) => {
  const server = await named("2.6.19", { text, product });
  const milvus = gatewayTo(server);
  opened.push(() => milvus.close());
  expect(await milvus.version()).toEqual({ ...expected, text });
});

test.each<[text: string, product: string, expected: object]>([
  ["v2.3.5-lite", "v2.3.5-lite", { product: "Milvus", version: "2.3.5", major: 2, minor: 3, patch: 5 }],
  ["2.6-20260404-31fb3fc", "", { product: "Milvus", version: "2.6", major: 2, minor: 6 }],
  [BUILD, CLOUD, { product: "Zilliz Cloud", version: "2.6", major: 2, minor: 6 }],
  [BUILD, "", { product: "Milvus" }],
])("programs look up %s beside %s with the numbers that there are", async (text, product, expected) => {
  const { address } = await named("2.6.19", { text, product });
  expect(await lookUp("getServerVersion", {}, (name) => (name === "address" ? address : undefined))).toEqual({
    ...expected,
    text,
  });
});

describe("on Zilliz Cloud", () => {
  let server: FakeMilvus;
  beforeAll(async () => {
    server = await named("2.6.19", { text: BUILD, product: CLOUD });
  });

  const provider = (kind: unknown) => configured(kind, { address: server.address });

  async function made(kind: unknown, program: Values) {
    const { inputs, failures } = await checked(kind, program);
    expect(failures).toEqual([]);
    const created = await (await provider(kind)).create?.(inputs);
    return { id: created?.id ?? "", outs: created?.outs as Values, inputs };
  }

  const newCollection = () =>
    made(collection, {
      collectionName: uniqueName("cloud"),
      fields: [
        { name: "id", dataType: "Int64", isPrimaryKey: true },
        { name: "title", dataType: "VarChar", maxLength: 20 },
        { name: "embedding", dataType: "FloatVector", dim: 4 },
        { name: "meta", dataType: "JSON" },
      ],
    });

  const indexOf = (outs: Values, more: Values): Values => ({
    collectionName: outs["collectionName"],
    collectionId: outs["collectionId"],
    indexName: "by_meaning",
    fieldName: "embedding",
    ...more,
  });

  test("what a release of that line changes in place is changed in place", async () => {
    const { id, outs, inputs } = await newCollection();
    const fields = (inputs["fields"] as Values[]).map((field) =>
      field["name"] === "title" ? { ...field, maxLength: 40 } : field,
    );
    const wanted = { ...inputs, description: "Else", consistencyLevel: "Strong", fields };
    const diff = await (await provider(collection)).diff?.(id, outs, wanted);
    expect(diff).toMatchObject({ changes: true, replaces: [] });
  });

  test("an index type that is not built there is made, with a word about it", async () => {
    const said = jest.spyOn(console, "log").mockImplementation();
    const { outs } = await newCollection();
    await made(
      index,
      indexOf(outs, { indexType: "HNSW", metricType: "L2", params: { M: 8, efConstruction: 64 } }),
    );
    const lines = said.mock.calls.map(([line]) => String(line));
    said.mockRestore();
    expect(lines.filter((line) => line.includes("AUTOINDEX"))).toEqual([
      expect.stringMatching(
        /warning: index by_meaning of .*Zilliz Cloud builds AUTOINDEX .* Declare indexType: "AUTOINDEX"/,
      ),
    ]);
  });

  test("AUTOINDEX in the place of what was declared is no change", async () => {
    const { outs } = await newCollection();
    const automatic = await made(index, indexOf(outs, { indexType: "AUTOINDEX", metricType: "L2" }));
    const declared = { ...automatic.inputs, indexType: "HNSW", params: { M: 8, efConstruction: 64 } };
    const diffOf = async (news: Values) => (await provider(index)).diff?.(automatic.id, automatic.outs, news);
    expect(await diffOf(declared)).toMatchObject({ changes: false });
    expect(await diffOf({ ...declared, metricType: "COSINE" })).toMatchObject({ replaces: ["metricType"] });
  });

  test("a resource group is refused", async () => {
    await expect(made(resourceGroup, { resourceGroupName: "fast" })).rejects.toThrow(
      /resource group fast uses resource groups, which Zilliz Cloud does not have; this server is Zilliz Cloud, unknown-/,
    );
  });

  test("an index on JSON says what it casts", async () => {
    const { outs } = await newCollection();
    const onMeta = (params: Values) =>
      made(index, indexOf(outs, { indexName: "by_year", fieldName: "meta", indexType: "INVERTED", params }));
    await expect(onMeta({})).rejects.toThrow(
      /index by_year of .*params: field meta is JSON.*json_path: 'meta\["year"\]', json_cast_type: "double"/,
    );
    const params = { json_path: 'meta["year"]', json_cast_type: "double" };
    expect((await onMeta(params)).outs).toMatchObject({ params });
  });
});
