/**
 * How servers name themselves, through the gateway: fakes behind a proxy that answers GetVersion and Connect in their
 * place, and what resources do about a Zilliz Cloud. No Zilliz Cloud was asked: these are the words of public sources.
 */
import { lookUp } from "../../provider/engines/lookups";
import { collection } from "../../provider/resources/collection";
import { index } from "../../provider/resources/field-index";
import { resourceGroup } from "../../provider/resources/resource-group";
import { checked, configured, type Values } from "../support/declared";
import type { FakeMilvus } from "../support/fake-milvus";
import { gatewayTo, uniqueName } from "../support/gateways";
import {
  BUILD_WITHOUT_VERSION as BUILD,
  type Names,
  startNamedFake,
  ZILLIZ_CLOUD as CLOUD,
} from "../support/named-server";

const opened: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of opened.reverse()) await close();
});

async function named(version: string, names: Names): Promise<FakeMilvus> {
  const server = await startNamedFake({ version }, names);
  opened.push(() => server.stop());
  return server;
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
