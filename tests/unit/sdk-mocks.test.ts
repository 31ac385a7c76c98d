/** What a program finds under Pulumi's mocks, as its own tests run it. */
import * as pulumi from "@pulumi/pulumi";

import * as milvus from "../../sdk/nodejs";
import * as plugin from "../../sdk/nodejs/plugin";
import { FIELDS, valueOf } from "../support/pulumi-mocks";

const asked: pulumi.runtime.MockCallArgs[] = [];
beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: `id of ${name}`, state: inputs as object }),
    call: (args) => {
      asked.push(args);
      return args.token.endsWith("hasPartition") ? { result: true } : { collectionId: "447" };
    },
  }),
);
afterAll(() => pulumi.runtime.disconnect());

describe.each([
  ["dynamic resources", milvus],
  ["the plugin", plugin],
])("With %s,", (_, sdk) => {
  test("a name that is left out is the logical name", async () => {
    const documents = new sdk.Collection("documents", { fields: FIELDS });
    expect(await valueOf(documents.collectionName)).toBe("documents");
    expect(await valueOf(new sdk.Partition("y2024", { collection: documents }).partitionName)).toBe("y2024");
    expect(await valueOf(new sdk.Database("app", { databaseName: "other" }).databaseName)).toBe("other");
  });

  test.each<[string, () => unknown, string]>([
    [
      "a wrong type",
      () => new sdk.Collection("docs", { fields: [{ name: "id", dataType: "Int46", isPrimaryKey: true }] }),
      'Collection "docs": fields[0].dataType: "Int46" is not one of',
    ],
    [
      "a misspelt parameter",
      () =>
        new sdk.Index("by_meaning", {
          collection: "docs",
          fieldName: "embedding",
          indexType: "HNSW",
          metricType: "COSINE",
          params: { M: 16, efConstrution: 200 },
        }),
      'did you mean "efConstruction"?',
    ],
    ["a wrong name", () => new sdk.Role("no-hyphens"), 'Role "no-hyphens": roleName:'],
  ])("%s is refused as at preview", (_what, program, reason) => {
    expect(program).toThrow(reason);
  });

  test("an output is not judged", async () => {
    const later = pulumi.output("anything at all");
    await valueOf(new sdk.Role("readers", { roleName: later }).urn);
  });
});

test("A look-up goes to the mocks", async () => {
  const wanted = { collectionName: "docs", databaseName: "app" };
  expect(await milvus.getCollection(wanted)).toEqual({ collectionId: "447" });
  expect(await milvus.hasPartition({ collection: "docs", partitionName: "y2024" })).toBe(true);
  expect(asked.map(({ token, inputs }) => [token, inputs as unknown])).toEqual([
    ["milvus:index:getCollection", wanted],
    ["milvus:index:hasPartition", { collection: "docs", partitionName: "y2024" }],
  ]);
});
