/** Where the policy on data may stand, and that the report goes by what `pulumi up` goes by. */
import type { Judged } from "../../cli/preview/judge";
import { makeReport } from "../../cli/preview/report";
import { Servers } from "../../cli/preview/servers";
import { refuseProtectedLoss } from "../../provider/lifecycle/protection";
import type { Milvus } from "../../provider/milvus/gateway";
import { readSettings } from "../../provider/milvus/settings";

const ID = "default/documents";
const URN = "urn:pulumi:s::p::pulumi:providers:pulumi-nodejs::prod::1";
const EXPLICIT = { "milvus:explicit": "true", "milvus:address": "prod.example.com" };
const VARIABLE = "MILVUS_ACKNOWLEDGED_DATA_LOSS";

afterEach(() => {
  delete process.env[VARIABLE];
});

describe.each<[string, string, boolean]>([
  ["the collection", ID, true],
  ["a partition inside", `${ID}/y2023`, false],
  ["another", "default/other", false],
])("acknowledged is %s", (_, acknowledged, isFree) => {
  test.each<[string, Record<string, string>, Record<string, string>, string | undefined]>([
    ["an explicit Provider", { ...EXPLICIT, "milvus:acknowledgedDataLoss": acknowledged }, {}, URN],
    ["stack config", {}, { "milvus:address": "a", "milvus:acknowledgedDataLoss": acknowledged }, undefined],
    ["the environment", {}, { "milvus:address": "a" }, undefined],
    ["the environment, for an explicit Provider", EXPLICIT, {}, URN],
  ])("by %s", async (place, provider, config, urn) => {
    if (place.startsWith("the environment")) process.env[VARIABLE] = acknowledged;
    const servers = new Servers(new Map([[URN, provider]]), config);
    const change = {
      urn: "u",
      kind: "Collection",
      name: "documents",
      id: ID,
      operation: "delete",
      reasons: [],
      object: "collection documents",
      provider: urn,
      facts: { exists: true, count: { kind: "exact", rows: 3 }, aliases: [] },
    } as unknown as Judged;
    const report = makeReport({ changes: [change], acknowledgedOf: (one) => servers.acknowledgedOf(one) });
    expect(report.losses).toMatchObject([{ acknowledged: isFree }]);
    const inputs: Record<string, string> = { ...provider, ...config, "milvus:protectData": "true" };
    const settings = readSettings(
      (name) => inputs[`milvus:${name}`],
      (name) => process.env[name],
    );
    const loss = { id: ID, object: "collection documents", held: "3 entities", certain: true };
    const up = refuseProtectedLoss({ losses: () => Promise.resolve([loss]) }, {} as Milvus, settings, {});
    expect(
      await up.then(
        () => true,
        () => false,
      ),
    ).toBe(isFree);
  });
});

test("what a Provider sets itself wins over the environment, and its address never comes from there", () => {
  const environment = { MILVUS_PROTECT_DATA: "true", MILVUS_ADDRESS: "env.example.com" };
  const read = (inputs: Record<string, string>) =>
    readSettings(
      (name) => ({ explicit: "true", ...inputs })[name as "explicit"],
      (name) => environment[name as keyof typeof environment],
    );
  expect(read({ address: "a" }).protectData).toBe(true);
  expect(read({ address: "a", protectData: "false" }).protectData).toBe(false);
  expect(() => read({})).toThrow("no Milvus address");
});
