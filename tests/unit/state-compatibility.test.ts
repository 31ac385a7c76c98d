/**
 * What states hold is a promise: a state that any version wrote has to reach the provider of every later one and show
 * no change there. A text of this file that has to be edited breaks the stacks of users.
 */
import * as fs from "node:fs";
import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import type * as dynamic from "@pulumi/pulumi/dynamic";

import providers from "../../provider/index";
import { collection } from "../../provider/resources/collection";
import { index } from "../../provider/resources/field-index";
import { partition } from "../../provider/resources/partition";
import * as milvus from "../../sdk/nodejs";
import type { Values } from "../support/declared";

const HANDLERS = {
  database: 'exports.handler = () => require("pulumi-milvus/provider").database;',
  collection: 'exports.handler = () => require("pulumi-milvus/provider").collection;',
  partition: 'exports.handler = () => require("pulumi-milvus/provider").partition;',
  partitionSet: 'exports.handler = () => require("pulumi-milvus/provider").partitionSet;',
  index: 'exports.handler = () => require("pulumi-milvus/provider").index;',
  collectionLoad: 'exports.handler = () => require("pulumi-milvus/provider").collectionLoad;',
  alias: 'exports.handler = () => require("pulumi-milvus/provider").alias;',
  user: 'exports.handler = () => require("pulumi-milvus/provider").user;',
  role: 'exports.handler = () => require("pulumi-milvus/provider").role;',
  roleMembership: 'exports.handler = () => require("pulumi-milvus/provider").roleMembership;',
  grant: 'exports.handler = () => require("pulumi-milvus/provider").grant;',
  privilegeGroup: 'exports.handler = () => require("pulumi-milvus/provider").privilegeGroup;',
  resourceGroup: 'exports.handler = () => require("pulumi-milvus/provider").resourceGroup;',
} as const;

type Kind = keyof typeof HANDLERS;

const TYPES: Readonly<Record<Kind, string>> = {
  database: "pulumi-nodejs:dynamic/milvus:Database",
  collection: "pulumi-nodejs:dynamic/milvus:Collection",
  partition: "pulumi-nodejs:dynamic/milvus:Partition",
  partitionSet: "pulumi-nodejs:dynamic/milvus:PartitionSet",
  index: "pulumi-nodejs:dynamic/milvus:Index",
  collectionLoad: "pulumi-nodejs:dynamic/milvus:CollectionLoad",
  alias: "pulumi-nodejs:dynamic/milvus:Alias",
  user: "pulumi-nodejs:dynamic/milvus:User",
  role: "pulumi-nodejs:dynamic/milvus:Role",
  roleMembership: "pulumi-nodejs:dynamic/milvus:RoleMembership",
  grant: "pulumi-nodejs:dynamic/milvus:Grant",
  privilegeGroup: "pulumi-nodejs:dynamic/milvus:PrivilegeGroup",
  resourceGroup: "pulumi-nodejs:dynamic/milvus:ResourceGroup",
};

const KINDS = Object.keys(HANDLERS) as Kind[];
const ROOT = path.join(__dirname, "..", "..");

describe("what the SDK registers", () => {
  const registered = new Map<string, pulumi.runtime.MockResourceArgs>();

  beforeAll(async () => {
    await pulumi.runtime.setMocks({
      newResource: (args) => {
        registered.set(args.name, args);
        return { id: `default/${args.name}`, state: { collectionId: "447", ...(args.inputs as Values) } };
      },
      call: () => ({}),
    });
    const docs = new milvus.Collection("documents", {
      fields: [
        { name: "id", dataType: "Int64", isPrimaryKey: true },
        { name: "embedding", dataType: "FloatVector", dim: 8 },
      ],
    });
    const y2024 = new milvus.Partition("y2024", { collection: docs });
    const tenants = new milvus.PartitionSet("tenants", { collection: docs, partitionNames: ["t1"] });
    const byMeaning = new milvus.Index("by_meaning", { collection: "documents", fieldName: "embedding" });
    const ready = new milvus.CollectionLoad("ready", { collection: docs });
    const app = new milvus.Database("app", {});
    const current = new milvus.Alias("current", { collection: docs, databaseName: app.databaseName });
    const ids = [docs.id, y2024.id, tenants.id, byMeaning.id, ready.id, app.id, current.id].map(
      (id) => new Promise((resolve) => void id.apply(resolve)),
    );
    await Promise.all(ids);
  });

  test.each<[Kind, string]>([
    ["collection", "documents"],
    ["partition", "y2024"],
    ["index", "by_meaning"],
    ["collectionLoad", "ready"],
    ["database", "app"],
    ["alias", "current"],
  ])("as type and handler of a %s never changes", (kind, name) => {
    const registration = registered.get(name);
    expect(registration?.type).toBe(TYPES[kind]);
    expect(registration?.inputs).toMatchObject({ __provider: HANDLERS[kind] });
  });

  test("carries the logical name, and of the collection its name and id", () => {
    expect(registered.get("documents")?.inputs).toMatchObject({ logicalName: "documents" });
    expect(registered.get("y2024")?.inputs).toMatchObject({
      logicalName: "y2024",
      collectionId: "447",
    });
    expect(registered.get("by_meaning")?.inputs).toMatchObject({
      logicalName: "by_meaning",
      collectionName: "documents",
      fieldName: "embedding",
    });
  });
});

describe("what a handler finds", () => {
  const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
    name: string;
    exports: Record<string, { types: string; default: string }>;
  };

  test("is a provider of that name in provider/index.ts", () => {
    expect(Object.keys(providers)).toEqual(expect.arrayContaining(KINDS));
    for (const kind of KINDS)
      expect(Object.keys(providers[kind])).toEqual(
        expect.arrayContaining(["configure", "check", "diff", "create", "read", "update", "delete"]),
      );
  });

  test("is exported by the package under the subpath of the handlers", () => {
    expect(manifest.name).toBe("pulumi-milvus");
    expect(manifest.exports["./provider"]).toEqual({
      types: "./dist/provider/index.d.ts",
      default: "./dist/provider/index.js",
    });
  });
});

describe("ids", () => {
  const ref = { databaseName: "app", collectionName: "documents" };

  test("are database, collection and name with slashes between", () => {
    expect(collection.id({ ...ref, fields: [] })).toBe("app/documents");
    expect(partition.id({ ...ref, partitionName: "y2024" })).toBe("app/documents/y2024");
    expect(index.id({ ...ref, indexName: "by_meaning", fieldName: "embedding" })).toBe(
      "app/documents/by_meaning",
    );
  });

  /** All that ids need of a server is the database of resources that name none. */
  const server = { database: "fallback" } as Parameters<typeof collection.fromId>[1];

  test("are read back, and the database may be left out", () => {
    expect(collection.fromId("app/documents", server)).toEqual(ref);
    expect(collection.fromId("documents", server)).toEqual({ ...ref, databaseName: "fallback" });
    expect(partition.fromId("app/documents/y2024", server)).toEqual({ ...ref, partitionName: "y2024" });
    expect(partition.fromId("documents/y2024", server)).toEqual({
      databaseName: "fallback",
      collectionName: "documents",
      partitionName: "y2024",
    });
    expect(index.fromId("app/documents/by_meaning", server)).toEqual({ ...ref, indexName: "by_meaning" });
  });

  test.each(["", "a/b/c", "a/"])("that are none (%j) are refused for a collection, with the form", (id) => {
    expect(() => collection.fromId(id, server)).toThrow(
      /is not the id of a collection: it must be DATABASE\/COLLECTION/,
    );
  });

  test.each(["", "a", "a/b/c/d", "a/"])("that are none (%j) are refused for what stands in one", (id) => {
    for (const resource of [partition, index])
      expect(() => resource.fromId(id, server)).toThrow(
        /is not an id: it must be DATABASE\/COLLECTION\/NAME/,
      );
  });
});

interface Recorded {
  readonly type: string;
  readonly id: string;
  /** What the SDK sent for the program. */
  readonly program: Values;
  readonly inputs: Values;
  readonly outputs: Values;
}

/** Recorded with the real engine: the state after one `pulumi up`, and what the program sent. */
describe.each(["state-0.1.0-milvus-2.3.5.json", "state-0.1.0-milvus-lite-3.2.2.json"])(
  "the state in %s",
  (file) => {
    const recorded = JSON.parse(
      fs.readFileSync(path.join(__dirname, "fixtures", file), "utf8"),
    ) as Recorded[];
    const cases = recorded.map((one) => [one.id, one] as const);

    /** As the engine finds it: by the text in the state. */
    const providerOf = async ({ outputs, type }: Recorded): Promise<dynamic.ResourceProvider> => {
      const kind = KINDS.find((one) => HANDLERS[one] === outputs["__provider"]);
      if (kind === undefined) throw new Error(`nothing answers to ${String(outputs["__provider"])}`);
      expect(type).toBe(TYPES[kind]);
      const provider = providers[kind];
      const get = (name: string): string | undefined =>
        name === "milvus:address" ? "127.0.0.1:1" : undefined;
      await provider.configure?.({ config: { get, require: (name) => get(name) ?? "" } });
      return provider;
    };

    test("holds one resource of each kind that there was", () => {
      const { collection, partition, index } = TYPES;
      expect(new Set(recorded.map(({ type }) => type))).toEqual(new Set([collection, partition, index]));
    });

    test.each(cases)("has the same inputs for the same program: %s", async (_id, one) => {
      const provider = await providerOf(one);
      const checked = await provider.check?.(one.inputs, one.program);
      expect(checked?.failures).toEqual([]);
      expect(checked?.inputs).toEqual(one.inputs);
    });

    test.each(cases)("shows no change for the same program: %s", async (id, one) => {
      const provider = await providerOf(one);
      expect(await provider.diff?.(id, one.outputs, one.inputs)).toEqual({
        changes: false,
        replaces: [],
        deleteBeforeReplace: false,
      });
    });

    test.each(cases)("has an id that names the object: %s", (id, { outputs }) => {
      const names = ["databaseName", "collectionName", "partitionName", "indexName"].map(
        (name) => outputs[name],
      );
      expect(names.filter((name) => typeof name === "string").join("/")).toBe(id);
    });

    test("is small: a partition takes less than 600 bytes of it beside what the engine adds", () => {
      for (const { type, inputs, outputs } of recorded.filter(({ type }) => type === TYPES.partition))
        expect([type, JSON.stringify({ inputs, outputs }).length < 600]).toEqual([type, true]);
    });
  },
);
