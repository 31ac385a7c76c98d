/**
 * `pulumi-milvus migrate`: the state of dynamic resources goes over to the plugin and back, and no server is told to
 * change anything.
 */
import * as fs from "node:fs";
import * as path from "node:path";

import type { Deployment, Workspace } from "../../tools/stack";
import { MAIN, run } from "../support/built-cli";
import type { FakeMilvus } from "../support/fake-milvus";
import type { GrpcProxy } from "../support/grpc-proxy";
import { type Declaration, declareAll, KINDS, UNNAMED } from "./support/all-kinds";
import { withPlugin } from "./support/bundled";
import { accessTo, FIELDS, HNSW, live, program, providerArgs, said } from "./support/live";
import { rows } from "./support/milvus";
import { driftOn } from "./support/report";
import { startFakeOfEveryKind } from "./support/servers-of-every-kind";

const context = live();
const { milvus } = context;
const UNCHANGED = { args: ["--expect-no-changes"] };
const PASSWORD = "correct-horse";

const fakes: FakeMilvus[] = [];
afterAll(() => Promise.all(fakes.map((fake) => fake.stop())));

async function fake(): Promise<FakeMilvus> {
  const one = await startFakeOfEveryKind();
  fakes.push(one);
  return one;
}

const READS = /^(Connect|Describe|Get|Has|List|Select|Show)/;
const changesIn = (calls: readonly string[]): string[] => calls.filter((call) => !READS.test(call));

const RENAMED = "_renamed";
const overPlugin = (text: string): string => text.replace('"pulumi-milvus"', '"pulumi-milvus/plugin"');

/** Exports, migrates and imports the stack's state. Returns what was said, and how to undo it. */
async function migrate(stack: Workspace): Promise<{ said: string; undo: () => Promise<void> }> {
  const file = (name: string): string => path.join(stack.directory, name);
  const state = (command: string, name: string): Promise<unknown> =>
    stack.pulumi(["stack", command, "--stack", stack.stack, "--file", file(name)]);
  await state("export", "state.json");
  const { code, output } = await run(process.execPath, [MAIN, "migrate", file("state.json")], {});
  expect([code, output]).toEqual([0, output]);
  expect(fs.readFileSync(file("state.plugin.json"), "utf8")).not.toContain(PASSWORD);
  await state("import", "state.plugin.json");
  return { said: output, undo: async () => void (await state("import", "state.plugin.backup.json")) };
}

/** Without what is of a moment or of the engine alone, in one order, and with the names of before. */
function lasting({ deployment }: Deployment): unknown {
  const resources = (deployment.resources ?? [])
    .map(({ modified: _, sourcePosition: __, stackTrace: ___, dependencies = [], ...one }) => ({
      ...one,
      inputs: { ...one.inputs, __internal: undefined },
      // The SDK says it at each run, and only that it did stays.
      propertyDependencies: { ...(one["propertyDependencies"] as object), isPreview: undefined },
      dependencies: [...(dependencies as string[])].sort(),
    }))
    .sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return JSON.parse(JSON.stringify(resources).replaceAll(RENAMED, ""));
}

const OTHER = (server: FakeMilvus): string =>
  `const other = new milvus.Provider("other", ${providerArgs(server)});`;
const TENANT = `
  class Tenant extends pulumi.ComponentResource {
    constructor(name, opts) { super("test:index:Tenant", name, {}, opts); }
  }
  const tenant = new Tenant("tenant", { providers: [other] });`;

interface Scenario {
  readonly name: string;
  readonly declared: (server: FakeMilvus) => Declaration;
  /** What is said over the plugin. Default: the same. */
  readonly after?: Declaration;
  readonly config?: Record<string, string>;
}

const SCENARIOS: readonly Scenario[] = [
  { name: "with the provider of stack config", declared: () => ({}) },
  {
    name: "in a component that has a Provider",
    declared: (server) => ({ before: OTHER(server) + TENANT, options: "{ parent: tenant }" }),
  },
  {
    name: "without names, and renamed with aliases in the same step",
    declared: () => ({ inputs: UNNAMED }),
    after: { inputs: UNNAMED, suffix: RENAMED, options: "{ aliases: [{ name: kind }] }" },
  },
  {
    name: "with delete hooks",
    declared: () => ({}),
    config: { "milvus:previewDeletes": "true" },
  },
  {
    name: "with delete hooks and a Provider",
    declared: (server) => ({ before: OTHER(server), options: "{ provider: other }" }),
    config: { "milvus:previewDeletes": "true" },
  },
];

describe.each(SCENARIOS)("One of every kind, $name,", ({ declared, after, config }) => {
  let server: FakeMilvus;
  let stack: Workspace;
  let dynamic: string;
  let undo: () => Promise<void>;
  let imported: Deployment;

  beforeAll(async () => {
    server = await fake();
    dynamic = declareAll(declared(server));
    stack = await context.stack(dynamic, {
      config: { ...accessTo(server), ...config },
      env: await withPlugin(),
    });
    await stack.up();
  });

  test("is migrated, and the first preview and up change nothing, and find no drift", async () => {
    const migrated = await migrate(stack);
    undo = migrated.undo;
    expect(migrated.said).toContain(`resources of the plugin now: ${KINDS.length} (1 Alias, 1 Collection, `);
    imported = await stack.stackExport({ showSecrets: true });
    const known = server.calls.length;
    expect(await driftOn(stack, "--all-databases")).toMatchObject({
      compared: KINDS.length,
      drift: [],
      undeclared: [],
      unjudged: [],
    });
    stack.program(overPlugin(declareAll({ ...declared(server), ...after })));
    await stack.preview(UNCHANGED);
    await stack.up(UNCHANGED);
    expect(changesIn(server.calls.slice(known))).toEqual([]);
  });

  test("has the state then that the plugin would have written", async () => {
    expect(lasting(await stack.stackExport({ showSecrets: true }))).toEqual(lasting(imported));
  });

  test("is of dynamic resources again with the backup", async () => {
    await undo();
    stack.program(dynamic);
    const known = server.calls.length;
    await stack.preview(UNCHANGED);
    await stack.refresh(UNCHANGED);
    expect(changesIn(server.calls.slice(known))).toEqual([]);
  });
});

/** Of which the constructor keeps the policy of stack config, and that of the plugin does not. */
describe("A stack with data, delete hooks and a Provider", () => {
  const docs = context.name("documents");
  const declare = (partitions: readonly string[]): string =>
    program(
      `const other = new milvus.Provider("other", ${providerArgs(milvus.server, { address: "process.env.THROUGH" })});`,
      `const docs = new milvus.Collection("documents", { collectionName: "${docs}", fields: ${FIELDS} }, { provider: other });`,
      ...partitions.map((name) => `new milvus.Partition("${name}", { collection: docs });`),
      `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });
       new milvus.CollectionLoad("ready", { collection: docs });`,
    );
  let proxy: GrpcProxy;
  let stack: Workspace;

  beforeAll(async () => {
    proxy = await context.proxy();
    stack = await context.stack(declare(["y2023", "y2024"]), {
      config: { "milvus:previewDeletes": "true", "milvus:acknowledgedDataLoss": '["default/none"]' },
      env: { ...(await withPlugin()), THROUGH: proxy.address },
    });
    await stack.up();
    await milvus.insert(docs, rows(30), "y2023");
    await migrate(stack);
    stack.program(overPlugin(declare(["y2023", "y2024"])));
  });

  test("is refreshed and previewed as it is, with the settings in the state and in the program", async () => {
    proxy.forget();
    await stack.refresh(UNCHANGED);
    await stack.preview(UNCHANGED);
    expect(changesIn(proxy.calls)).toEqual([]);
  });

  test("loses a partition that leaves the program, counted at preview by its hook", async () => {
    stack.program(overPlugin(declare(["y2024"])));
    expect(said(await stack.preview())).toMatch(/warning: partition y2023 of collection \S+ will be dropped/);
    await stack.up();
    expect(await milvus.partitions(docs)).toEqual(["y2024"]);
    expect(await milvus.loadedPartitions(docs)).toContain("y2024");
  });

  test("is destroyed with one drop", async () => {
    proxy.forget();
    await stack.destroy({ args: ["--run-program"] });
    expect(proxy.calls.filter((call) => /^(Drop|Release)/.test(call))).toEqual(["DropCollection"]);
    expect(await milvus.exists(docs)).toBe(false);
  });
});

test("What stands beside and below is kept, and outputs name the resources as they are called now", async () => {
  const server = await fake();
  const text = program(
    `class Copy extends pulumi.dynamic.Resource {
       constructor(name, args, opts) {
         super({ create: async (inputs) => ({ id: "copy", outs: inputs }) }, name, args, opts);
       }
     }
     const docs = new milvus.Collection("docs", { fields: ${FIELDS} });
     new Copy("copy", { of: docs.collectionName }, { parent: docs });
     exports.docs = docs;
     exports.urn = docs.urn;`,
  );
  const stack = await context.stack(text, { config: accessTo(server), env: await withPlugin() });
  await stack.up();
  const { said: words } = await migrate(stack);
  expect(words).toContain("dynamic resources of others, which stay as they are: 1");
  const urn = "urn:pulumi:dev::test::milvus:index:Collection::docs";
  expect(await stack.outputs()).toMatchObject({ urn, docs: { urn } });
  const known = server.calls.length;
  stack.program(overPlugin(text));
  await stack.preview(UNCHANGED);
  await stack.up(UNCHANGED);
  expect(changesIn(server.calls.slice(known))).toEqual([]);
  expect((await stack.resources()).map((one) => one.urn).sort()).toEqual([
    "urn:pulumi:dev::test::milvus:index:Collection$pulumi-nodejs:dynamic:Resource::copy",
    urn,
  ]);
});
