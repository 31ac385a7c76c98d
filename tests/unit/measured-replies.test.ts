/**
 * Replies that were measured on the control planes of 2.5.27, 2.6.19 and 3.0.0, where newer servers word or number them
 * in another way than 2.3.5: what the provider takes each for.
 */
import { differences } from "../../provider/core/diff";
import { isAliasTaken } from "../../provider/milvus/aliases";
import type { CollectionDescription } from "../../provider/milvus/collections";
import { MilvusError } from "../../provider/milvus/errors";
import type { Milvus } from "../../provider/milvus/gateway";
import type { IndexDescription } from "../../provider/milvus/indexes";
import { type Status, verdictOn } from "../../provider/milvus/status";
import { isWrongPassword } from "../../provider/milvus/users";
import { collection, type CollectionState } from "../../provider/resources/collection";
import { index, type IndexState } from "../../provider/resources/field-index";
import { isStillLoaded } from "../../provider/resources/loads/while-released";
import { judgeOf, ofRun } from "../support/declared";

function failure(code: number, reason: string): MilvusError {
  return new MilvusError({ operation: "Any", object: "it", address: "here", reason, code });
}

describe("what is refused because it is loaded", () => {
  test.each<[code: number, reason: string]>([
    [65535, "partition cannot be dropped, partition is loaded, please release it first"],
    [1100, "partition cannot be dropped, partition is loaded, please release it first: invalid parameter"],
    [65535, "index cannot be dropped, collection is loaded, please release it first"],
    [1100, "vector index cannot be dropped on loaded collection: 447: invalid parameter"],
    [104, "can not alter mmap properties if collection loaded"],
    [104, "can not alter collection field properties if collection loaded"],
  ])("is known by %i %s", (code, reason) => {
    expect(isStillLoaded(failure(code, reason))).toBe(true);
  });

  test.each<[code: number, reason: string]>([
    [101, "failed to query: collection not loaded[collection=447]"],
    [201, "failed to search/query delegator: partition not loaded[partition=[447]]"],
    [700, "index not found[collection=documents]"],
    [1100, "default partition cannot be deleted: invalid parameter"],
    [
      1100,
      "unable to drop the collection [a] because it has associated aliases [b], please remove all aliases",
    ],
  ])("is not %i %s", (code, reason) => {
    expect(isStillLoaded(failure(code, reason))).toBe(false);
  });
});

test.each<[status: Status, kind: string]>([
  [{ error_code: "UnexpectedError", code: 800, reason: "database not found[database=app]" }, "missing"],
  [{ error_code: "IndexNotExist", code: 700, reason: "index not found[collection=documents]" }, "missing"],
  [{ error_code: "UnexpectedError", code: 300, reason: "resource group not found[rg=fast]" }, "missing"],
  [{ error_code: "UnexpectedError", code: 303, reason: "requests or limits is required" }, "failed"],
  [{ error_code: "UnexpectedError", code: 301, reason: "resource group already exist" }, "failed"],
  [
    { error_code: "IllegalArgument", code: 1100, reason: 'user "nobody" not found: invalid parameter' },
    "failed",
  ],
  [
    { error_code: "IllegalArgument", code: 1100, reason: "not found the role, maybe the role isn't existed" },
    "failed",
  ],
  [{ error_code: "IllegalArgument", code: 1101, reason: "json index must specify cast type" }, "failed"],
])("%p is %s", (status, kind) => {
  expect(verdictOn(status).kind).toBe(kind);
});

test("an alias and a password are known by their codes, not by what else has the same words", () => {
  expect(isAliasTaken(failure(1602, "alias already exist[database=default][alias=live]"))).toBe(true);
  expect(
    isAliasTaken(failure(1601, "alias and collection name conflict[database=default][alias=live]")),
  ).toBe(false);
  expect(isWrongPassword(failure(1400, "old password not correct for alice: not authenticated"))).toBe(true);
  expect(isWrongPassword(failure(1100, "invalid password length: invalid parameter"))).toBe(false);
});

const ID = { name: "id", dataType: "Int64", isPrimaryKey: true } as const;
const VECTOR = { name: "embedding", dataType: "FloatVector", dim: 4 } as const;
const REF = { databaseName: "default", collectionName: "documents" };

const serverWith = (described: Partial<CollectionDescription>, indexes: IndexDescription[] = []): Milvus => {
  const found = {
    ...REF,
    collectionId: "447",
    fields: [ID, VECTOR],
    functions: [],
    aliases: [],
    ...described,
  };
  return {
    ...ofRun(),
    address: "here",
    collections: { find: () => Promise.resolve(found) },
    indexes: { find: () => Promise.resolve(indexes[0]) },
  } as unknown as Milvus;
};

describe("properties that a server adds by itself", () => {
  const inputs = { ...REF, fields: [ID, VECTOR], properties: { "collection.ttl.seconds": "60" } };
  const state = { ...inputs, collectionId: "447" } as unknown as CollectionState;

  test.each<[version: string, properties: Record<string, string>]>([
    ["3.0.0", { timezone: "UTC", "namespace.sharding.enabled": "false", max_field_id: "102" }],
    ["2.6.19", { timezone: "UTC" }],
    ["2.5.27", { consistency_level: "Strong", "dynamicfield.enabled": "true" }],
  ])("on %s are no drift", async (version, own) => {
    const server = serverWith({ properties: { ...inputs.properties, ...own } });
    const read = await collection.read(server, state);
    expect(read?.properties).toEqual(inputs.properties);
    const found = await differences(collection.inputs, { ...read }, inputs, judgeOf(version));
    expect(found.filter(({ path }) => path.startsWith("properties"))).toEqual([]);
  });

  test("count when the program sets them", async () => {
    const server = serverWith({ properties: { timezone: "UTC" } });
    const declared = { ...state, properties: { timezone: "Asia/Tokyo" } };
    expect((await collection.read(server, declared))?.properties).toEqual({ timezone: "UTC" });
  });
});

test.each(["2.5.27", "2.6.19", "3.0.0"])(
  "an index whose type was left to %s, which tells none, is no drift",
  async (version) => {
    const ref = { ...REF, indexName: "by_id", fieldName: "id" };
    const silent = { ...ref, params: {}, state: "finished", indexedRows: 0, totalRows: 0 } as const;
    const state = { ...ref, collectionId: "447", params: {} } as IndexState;
    const read = await index.read(serverWith({}, [silent]), state);
    expect(read).toEqual({ ...ref, collectionId: "447", params: {} });
    expect(await differences(index.inputs, { ...read }, ref, judgeOf(version))).toEqual([]);
  },
);
