/** What a CollectionBehindAlias declares, and when it declares another collection. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { collectionBehindAlias } from "../../provider/components/collection-behind-alias";
import { PRINTERS } from "../../provider/engines/plugin/examples";
import { resources } from "../../provider/registry";
import * as milvus from "../../sdk/nodejs";
import type { Values } from "../support/declared";
import { valueOf, withoutEngine } from "../support/pulumi-mocks";

const FIELDS = [
  { name: "id", dataType: "Int64" as const, isPrimaryKey: true },
  { name: "year", dataType: "Int64" as const },
  { name: "embedding", dataType: "FloatVector" as const, dim: 8 },
];
const INDEXES = {
  by_meaning: { fieldName: "embedding", indexType: "HNSW", metricType: "COSINE", params: { M: 16 } },
  by_year: { fieldName: "year", indexType: "STL_SORT" },
};
const BASE: milvus.CollectionBehindAliasArgs = { fields: FIELDS, indexes: INDEXES };

const registered = withoutEngine();

let made = 0;

/** The name of the collection that is declared so, each in a component of its own. */
async function nameOf(args: Partial<milvus.CollectionBehindAliasArgs>): Promise<string> {
  const one = new milvus.CollectionBehindAlias(`one${++made}`, { aliasName: "docs", ...BASE, ...args });
  return valueOf(one.collectionName);
}

describe("a CollectionBehindAlias", () => {
  test("declares a collection, what stands in it, its load and the alias", async () => {
    const one = new milvus.CollectionBehindAlias("documents", { ...BASE, partitionNames: ["t1"] });
    expect(await valueOf(one.aliasName)).toBe("documents");
    const collectionName = await valueOf(one.collectionName);
    expect(collectionName).toMatch(/^documents_[0-9a-f]{8}$/);
    await valueOf(one.indexes["by_year"]?.id ?? pulumi.output(""));
    expect(registered.get("Collection documents")?.inputs).toMatchObject({
      collectionName,
      protectData: true,
    });
    expect(registered.get("PartitionSet documents")?.inputs).toMatchObject({ collectionName });
    expect(registered.get("CollectionLoad documents")?.inputs).toMatchObject({ collectionName });
    expect(registered.get("Index documents-by_year")?.inputs).toMatchObject({
      collectionName,
      indexName: "by_year",
      indexType: "STL_SORT",
    });
    expect(registered.get("Alias documents")?.inputs).toMatchObject({
      collectionName,
      aliasName: "documents",
    });
  });

  test("makes what fills a new collection before the alias, and can be left unloaded and unprotected", async () => {
    const given: milvus.Collection[] = [];
    const one = new milvus.CollectionBehindAlias("plain", {
      ...BASE,
      load: false,
      protectData: false,
      filledBy: (collection) => {
        given.push(collection);
        return new milvus.Database("stands_for_a_copy", {});
      },
    });
    await valueOf(one.alias.id);
    expect(given).toEqual([one.collection]);
    expect(registered.has("CollectionLoad plain")).toBe(false);
    expect(registered.get("Collection plain")?.inputs).toMatchObject({ protectData: false });
  });
});

describe("its alias", () => {
  const filledBy = () => new milvus.Database(`stands_for_a_copy_${made}`, {});

  test.each<[string, string, Partial<milvus.CollectionBehindAliasArgs>]>([
    ["refuses to serve less when nothing fills a new collection", "refuse", {}],
    ["refuses to serve less when nothing came of what fills it", "refuse", { filledBy: () => [] }],
    ["warns of less when something fills it", "warn", { filledBy }],
    ["serves less when the program says so", "allow", { startsEmpty: true }],
    ["serves less when an output says so", "allow", { startsEmpty: pulumi.output(true), filledBy }],
  ])("%s", async (_, expected, args) => {
    const one = new milvus.CollectionBehindAlias(`served${++made}`, { ...BASE, ...args });
    await valueOf(one.alias.id);
    expect(registered.get(`Alias served${made}`)?.inputs).toMatchObject({ fewerEntities: expected });
  });

  test("is handed to what fills the collection, with the partitions and indexes to wait for", async () => {
    const given: milvus.ToFill[] = [];
    const one = new milvus.CollectionBehindAlias("handed", {
      ...BASE,
      partitionNames: ["t1"],
      filledBy: (_, more) => {
        given.push(more);
        return [];
      },
    });
    const [more] = given;
    expect(await valueOf(more?.aliasName ?? pulumi.output(""))).toBe("handed");
    expect(more?.dependsOn).toEqual(expect.arrayContaining(Object.values(one.indexes)));
    expect(more?.dependsOn).toHaveLength(3);
  });

  test("is named to a collection that something fills, which may go without an acknowledgement then", async () => {
    const names = await Promise.all(
      [{ filledBy }, {}].map(async (args) => {
        const name = `through${++made}`;
        const one = new milvus.CollectionBehindAlias(name, { ...BASE, ...args });
        await valueOf(one.alias.id);
        return (registered.get(`Collection ${name}`)?.inputs as Values | undefined)?.["servedThrough"];
      }),
    );
    expect(names[1]).toBeUndefined();
    expect(names[0]).toMatch(/^through\d+$/);
  });
});

describe("its collection keeps its name", () => {
  test("for ever: another one, or another version, would make every collection of every stack anew", async () => {
    expect(await nameOf({ description: "What may be quoted" })).toBe("docs_aaadb4b7");
    expect(registered.get(`Collection one${made}`)?.inputs).toMatchObject({ version: "67941b22" });
  });

  test.each<[string, Partial<milvus.CollectionBehindAliasArgs>]>([
    ["when nothing changes", {}],
    ["whatever the order of fields and keys is", { fields: [...FIELDS].reverse() }],
    [
      "when the defaults of a collection are written out",
      { consistencyLevel: "Bounded", shardsNum: 1, functions: [] },
    ],
    [
      "when a default of a field is written out",
      { fields: FIELDS.map((field) => ({ ...field, nullable: false })) },
    ],
    [
      "when properties change, which every server does in place",
      { properties: { "collection.ttl.seconds": 60 } },
    ],
    ["when partitions come and go", { partitionNames: ["t1", "t2"] }],
    ["when it is loaded otherwise", { load: { replicaNumber: 2 } }],
    ["when an index on another field changes", { indexes: { by_meaning: INDEXES.by_meaning } }],
    [
      "when its protection, adoption or timeouts change",
      { protectData: false, adopt: true, timeouts: { create: 5 } },
    ],
    ["when the same comes as outputs", { fields: pulumi.output(FIELDS) }],
  ])("%s", async (_, args) => {
    expect(await nameOf(args)).toBe(await nameOf({}));
  });
});

describe("its collection has another name", () => {
  const withVector = (more: object) => FIELDS.map((field) => (field.dim ? { ...field, ...more } : field));
  const changes: readonly (readonly [string, Partial<milvus.CollectionBehindAliasArgs>])[] = [
    ["with another dimension", { fields: withVector({ dim: 16 }) }],
    ["with a field more", { fields: [...FIELDS, { name: "more", dataType: "JSON" }] }],
    [
      "with a default that is false",
      { fields: [...FIELDS, { name: "read", dataType: "Bool", defaultValue: false }] },
    ],
    ["with another vector index", { indexes: { by_meaning: { ...INDEXES.by_meaning, params: { M: 32 } } } }],
    ["with another description, which old servers change only in a new collection", { description: "new" }],
    [
      "with another consistency level, which old servers change only in a new collection",
      { consistencyLevel: "Strong" },
    ],
    ["with a dynamic field", { enableDynamicField: true }],
    ["with more shards", { shardsNum: 2 }],
    ["with another version", { version: "2" }],
    ["under another alias", { aliasName: "papers" }],
  ];

  test.each(changes)("%s", async (_, args) => {
    expect(await nameOf(args)).not.toBe(await nameOf({}));
  });

  test("for each of these changes", async () => {
    const names = await Promise.all(changes.map(([, args]) => nameOf(args)));
    expect(new Set(names).size).toBe(changes.length);
  });
});

test("the name is none that a secret in its declaration would make secret", async () => {
  const one = new milvus.CollectionBehindAlias("secretive", {
    ...BASE,
    description: pulumi.secret("hidden"),
  });
  expect(await pulumi.isSecret(one.collection.collectionName)).toBe(false);
});

describe("its page", () => {
  const page = readFileSync(
    join(__dirname, "..", "..", "docs", "resources", "collection-behind-alias.md"),
    "utf8",
  );

  test("has what the plugin takes beside the inputs of a collection, and what Node programs have alone", () => {
    const ofCollection = Object.keys(resources.collection.inputs);
    const own = Object.keys(collectionBehindAlias.inputs).filter(
      (name) => !ofCollection.includes(name) || ["version", "protectData"].includes(name),
    );
    const told = [...page.matchAll(/^\| `(\w+)` /gm)].map(([, name]) => name);
    expect(told.sort()).toEqual([...own, "filledBy"].sort());
  });

  test.each(["python", "go", "yaml"])("has the example of the schema in %s", (language) => {
    const print = PRINTERS[language];
    expect(page).toContain(`\`\`\`${language}\n${print?.(collectionBehindAlias.example)}\n\`\`\``);
  });
});
