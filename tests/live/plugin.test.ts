/** The provider as a plugin: the same resource files, called by an engine that knows no dynamic provider of ours. */
import { statSync } from "node:fs";
import { join } from "node:path";

import { resources } from "../../provider/registry";
import { packPlugin } from "../../tools/plugin";
import { packageVersion } from "../../tools/plugin/bundle";
import { removeTemporary, temporaryFolder } from "../../tools/processes";
import type { OperationResult, Workspace } from "../../tools/stack";
import { PLUGIN, withPlugin } from "./support/bundled";
import { FIELDS, HNSW, live, providerArgs, said } from "./support/live";
import { rows } from "./support/milvus";
import { pluginProgram } from "./support/plugin";

const context = live();
const { milvus, database } = context;
const docs = context.name("documents");

interface Declared {
  readonly partitions: readonly string[];
  readonly dim?: number;
  readonly ttl?: number;
}

function program({ partitions, dim = 8, ttl = 3600 }: Declared): string {
  return pluginProgram(
    `const fields = ${FIELDS.replace("dim: 8", `dim: ${dim}`)};
     const docs = new plugin.Collection("documents", { collectionName: "${docs}", fields,
       properties: { "collection.ttl.seconds": ${ttl} } });
     exports.id = docs.collectionId;`,
    ...partitions.map(
      (name) => `new plugin.Partition("${name}", { collection: docs }, { deletedWith: docs });`,
    ),
    `new plugin.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} }, { deletedWith: docs });`,
  );
}

const unchanged = (stack: Workspace): Promise<OperationResult> =>
  stack.preview({ args: ["--expect-no-changes"] });

let env: Record<string, string>;
beforeAll(async () => {
  env = await withPlugin();
});

describe("A stack over the plugin", () => {
  let stack: Workspace;
  let up: OperationResult;

  beforeAll(async () => {
    stack = await context.stack(program({ partitions: ["y2023", "y2024"] }), { env });
    up = await stack.up();
  });

  test("makes what is declared", async () => {
    expect(up.summary).toMatchObject({ create: 5 });
    expect(await milvus.partitions(docs)).toEqual(["y2023", "y2024"]);
    expect(await milvus.indexes(docs)).toMatchObject([
      { name: "by_meaning", type: "HNSW", metric: "COSINE" },
    ]);
    expect(await stack.outputs()).toEqual({ id: await milvus.collectionId(docs) });
  });

  test("changes nothing of an unchanged program, before and after a refresh", async () => {
    await unchanged(stack);
    await stack.refresh({ args: ["--expect-no-changes"] });
    await unchanged(stack);
  });

  test("names what changes by its path, and changes it in place", async () => {
    stack.program(program({ partitions: ["y2023", "y2024"], ttl: 7200 }));
    const [changed, ...others] = (await stack.plan()).filter(({ op }) => op !== "same");
    expect([changed?.op, Object.keys(changed?.detailedDiff ?? {}), others]).toEqual([
      "update",
      ["properties"],
      [],
    ]);
    await stack.up();
    expect(await milvus.property(docs, "collection.ttl.seconds")).toBe("7200");
    await unchanged(stack);
  });

  test("releases and drops a loaded partition that leaves the program", async () => {
    await milvus.load(docs);
    stack.program(program({ partitions: ["y2024"], ttl: 7200 }));
    const { summary } = await stack.up();
    expect(summary).toMatchObject({ delete: 1 });
    expect(await milvus.partitions(docs)).toEqual(["y2024"]);
    expect(await milvus.loadedPartitions(docs)).toContain("y2024");
  });

  test("replaces a collection of no entities, and what stands in it goes with it and follows", async () => {
    const proxy = await context.proxy();
    await stack.config({ "milvus:address": proxy.address });
    const before = await milvus.collectionId(docs);
    stack.program(program({ partitions: ["y2024"], dim: 16 }));
    await stack.up();
    expect(proxy.calls.filter((call) => /^(DropIndex|DropPartition|Release)/.test(call))).toEqual([]);
    expect(await milvus.collectionId(docs)).not.toBe(before);
    expect(await milvus.partitions(docs)).toEqual(["y2024"]);
    expect(await milvus.indexNames(docs)).toEqual(["by_meaning"]);
    await unchanged(stack);
  });

  test("refuses at preview to replace one that holds data", async () => {
    const before = await milvus.collectionId(docs);
    await milvus.insert(
      docs,
      rows(30).map((row) => ({
        ...row,
        embedding: [...(row["embedding"] as number[]), ...Array<number>(8).fill(1)],
      })),
    );
    await milvus.flush(docs);
    stack.program(program({ partitions: ["y2024"], dim: 32 }));
    for (const result of [
      await stack.preview({ expectFailure: true }),
      await stack.up({ expectFailure: true }),
    ]) {
      expect(result.code).not.toBe(0);
      expect(said(result)).toContain(
        `error: ${database}/${docs} holds an unknown number of entities (not loaded: 30 rows`,
      );
      expect(said(result)).toContain("and is not replaced, because a replacement drops it");
    }
    expect(await milvus.collectionId(docs)).toBe(before);
    expect(await milvus.indexNames(docs)).toEqual(["by_meaning"]);
  });

  test("imports what somebody made by hand, without a difference to the program that declares it", async () => {
    await milvus.createPartition(docs, "by_hand");
    const importing = ["import", "milvus:index:Partition", "by_hand", `${database}/${docs}/by_hand`];
    await stack.pulumi([
      ...importing,
      "--yes",
      "--generate-code=false",
      "--protect=false",
      "--stack",
      stack.stack,
    ]);
    const imported = (await stack.resources()).find(({ id }) => id === `${database}/${docs}/by_hand`);
    expect(imported?.inputs).toMatchObject({ collection: docs, partitionName: "by_hand" });
  });

  test("is destroyed with one drop", async () => {
    const proxy = await context.proxy();
    stack.program(program({ partitions: ["y2024", "by_hand"], dim: 16 }));
    await stack.config({ "milvus:address": proxy.address });
    await stack.up();
    proxy.forget();
    await stack.destroy();
    expect(proxy.calls.filter((call) => /^(Drop|Release)/.test(call))).toEqual(["DropCollection"]);
    expect(await milvus.exists(docs)).toBe(false);
  });
});

test("The packed plugin, once installed, serves a program that asks for its version", async () => {
  const folder = temporaryFolder("pulumi-milvus-packed-");
  const name = context.name("packed");
  const stack = await context.stack(
    `const milvus = require("pulumi-milvus/plugin");
     new milvus.Collection("packed", { collectionName: "${name}", fields: ${FIELDS} });`,
    { env: {} },
  );
  try {
    const tarball = packPlugin(folder);
    expect(statSync(tarball).size).toBeLessThan(3 * 1024 * 1024);
    await stack.pulumi(["plugin", "install", "resource", "milvus", packageVersion(), "--file", tarball]);
  } finally {
    removeTemporary(folder);
  }
  const up = await stack.up();
  expect(said(up)).not.toContain("from $PATH");
  expect(await milvus.exists(name)).toBe(true);
  const [made] = (await stack.resources()).filter(({ type }) => type === "milvus:index:Collection");
  expect(made?.id).toBe(`${database}/${name}`);
  await stack.destroy();
});

test("The plugin of the npm package serves a project that names its folder", async () => {
  const name = context.name("by_path");
  const stack = await context.stack(
    `const milvus = require("pulumi-milvus/plugin");
     new milvus.Collection("by_path", { collectionName: "${name}", fields: ${FIELDS} });`,
    {
      env: {},
      projectSettings:
        "plugins: { providers: [{ name: milvus, path: node_modules/pulumi-milvus/dist/plugin }] }",
    },
  );
  await stack.up();
  expect(await milvus.exists(name)).toBe(true);
  await stack.destroy();
  expect(await milvus.exists(name)).toBe(false);
});

test("A plugin of another version than the program asks for says so, and one of the same says nothing", async () => {
  const withVersion = (version: string): string => `
    const milvus = require("pulumi-milvus/plugin");
    new milvus.Collection("docs", { collectionName: "${docs}", fields: ${FIELDS} }, { version: "${version}" });`;
  const stack = await context.stack(withVersion("7.1.0"), { env });
  const told = /asks for version 7\.1\.0 of the plugin, and the engine has started (\S+),/;
  expect(told.exec(said(await stack.preview()))?.[1]).toBe(packageVersion());
  stack.program(withVersion(packageVersion()));
  expect(said(await stack.preview())).not.toContain("asks for version");
});

test("The plugin answers with a schema that Pulumi's own check takes, with every kind", async () => {
  const stack = await context.stack(pluginProgram(), { env });
  const { stdout } = await stack.pulumi(["package", "get-schema", PLUGIN]);
  const schema = JSON.parse(stdout) as { resources: Record<string, unknown> };
  expect(Object.keys(schema.resources).sort()).toEqual(
    Object.values(resources)
      .map(({ kind }) => `milvus:index:${kind}`)
      .concat("milvus:index:CollectionBehindAlias")
      .sort(),
  );
  stack.write("schema.json", stdout);
  const { code } = await stack.pulumi(["schema", "check", join(stack.directory, "schema.json")]);
  expect(code).toBe(0);
});

describe("Over the plugin, as over the dynamic provider,", () => {
  test.each([
    [
      `new plugin.Collection("wrong", { fields: [{ name: "id", dataType: "Int46", isPrimaryKey: true }] });`,
      'fields[0].dataType: "Int46" is not one of',
    ],
    [`new plugin.Partition("homeless", {});`, "collection: is required and missing"],
    [`new plugin.Database("app", { collection: "docs" });`, "collection: there is no such input"],
    [
      `new plugin.User("app", { password: "s3cret-of-the-app", description: 7 });`,
      "description: must be a string, not a number",
    ],
  ])("%s is refused in the same words", async (statement, reason) => {
    const stack = await context.stack(pluginProgram(statement), { env });
    const text = said(await stack.preview({ expectFailure: true }));
    expect(text).toContain(reason);
    expect(text).not.toContain("s3cret-of-the-app");
  });

  test("no secret is kept in plain text", async () => {
    const user = context.name("app");
    const stack = await context.stack(
      pluginProgram(`new plugin.User("${user}", { password: pulumi.secret("s3cret-of-the-app") });`),
      { env },
    );
    await stack.up();
    await unchanged(stack);
    expect(JSON.stringify(await stack.stackExport())).not.toContain("s3cret-of-the-app");
    await stack.destroy();
  });

  test("an explicit provider has its own address, and what is misspelt in it is named", async () => {
    const own = (args: string): string =>
      pluginProgram(
        `class Provider extends pulumi.ProviderResource { constructor(name, args) { super("milvus", name, args); } }
         const provider = new Provider("other", ${args});
         new plugin.Collection("${docs}", { fields: ${FIELDS} }, { provider });`,
      );
    const stack = await context.stack(own(`{ ...(${providerArgs(milvus.server)}), protectdata: true }`), {
      env,
      config: { "milvus:address": "127.0.0.1:1" },
    });
    const misspelt = said(await stack.preview({ expectFailure: true }));
    expect(misspelt).toContain('is given "protectdata", and there is no such argument');
    stack.program(own(`JSON.parse(${JSON.stringify(providerArgs(milvus.server))})`));
    await stack.up();
    expect(await milvus.exists(docs)).toBe(true);
    await stack.destroy();
    expect(await milvus.exists(docs)).toBe(false);
  });
});
