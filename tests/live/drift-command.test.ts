/** `pulumi-milvus drift` on a real stack, of dynamic resources and of the plugin: it says what a refresh then records. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { DriftReport } from "../../cli/drift/report";
import type { Deployment, Workspace } from "../../tools/stack";
import type { GrpcProxy } from "../support/grpc-proxy";
import { withPlugin } from "./support/bundled";
import { accessTo, FIELDS, HNSW, live, program, providerArgs } from "./support/live";
import { good } from "./support/milvus";
import { drift } from "./support/report";

const context = live();
const { milvus } = context;
/** That of stack config, and that of explicit Providers. */
const names = { main: context.name("main"), side: context.name("side"), denied: context.name("denied") };
const [main, side] = [milvus.within(names.main), milvus.within(names.side)];
/** Whose objects are dynamic resources, and whose are the plugin's. */
const ENGINES = ["dynamic", "plugin"] as const;
const aliasOf = (engine: string): string => `${engine}_${context.name("current")}`;

const TTL = "collection.ttl.seconds";
/** Of a property that the program calls a secret, before and after somebody changes it. */
const [SECRET, OTHER_SECRET] = ["7700101", "7700202"];
const READS = /^(Connect|Describe|Get|Has|List|Select|Show)/;

/** The same over both engines. */
const PROGRAM = program(
  `const fields = ${FIELDS};
   const sdks = { dynamic: milvus, plugin: require("pulumi-milvus/plugin") };
   for (const [engine, sdk] of Object.entries(sdks)) {
     const other = new sdk.Provider(engine + "_other", ${providerArgs(milvus.server, { database: JSON.stringify(names.side) })});
     const docs = new sdk.Collection(engine + "_docs", { fields, properties: { "${TTL}": 86400 } });
     new sdk.Partition(engine + "_y2024", { collection: docs });
     new sdk.Index(engine + "_by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });
     new sdk.Index(engine + "_by_year", { collection: docs, fieldName: "year", indexType: "STL_SORT" });
     new sdk.Alias(engine + "_alias", { aliasName: engine + "_${context.name("current")}", collection: docs });
     const tenants = new sdk.Collection(engine + "_tenants", { fields, properties: { "${TTL}": pulumi.secret("${SECRET}") } });
     new sdk.PartitionSet(engine + "_tenants", { collection: tenants, partitionNames: ["t1", "t2"] });
     new sdk.Collection(engine + "_elsewhere", { fields }, { provider: other });
     sdk.Collection.get(engine + "_theirs", "theirs");
   }`,
);

async function changeByHand(engine: string): Promise<void> {
  await main.createPartition(`${engine}_docs`, "by_hand");
  await main.setProperties(`${engine}_docs`, { [TTL]: "60" });
  await main.dropIndex(`${engine}_docs`, `${engine}_by_year`, "year");
  await main.createCollection(`${engine}_foreign`);
  await main.createPartition(`${engine}_foreign`, "within");
  await main.alterAlias(aliasOf(engine), `${engine}_foreign`);
  await main.dropPartition(`${engine}_tenants`, "t2");
  await main.setProperties(`${engine}_tenants`, { [TTL]: OTHER_SECRET });
  await side.setProperties(`${engine}_elsewhere`, { [TTL]: "5" });
}

/** `OBJECT is gone`, and each of its changes. */
function differences({ drift: drifted }: DriftReport): string[] {
  return drifted.flatMap(({ object, status, changes }) =>
    status === "gone" ? [`${object} is gone`] : changes.map(({ inWords }) => `${object}: ${inWords}`),
  );
}

async function expectedOf(engine: string): Promise<string[]> {
  const [docs, foreign] = [`${engine}_docs`, `${engine}_foreign`];
  const [before, after] = [await main.collectionId(docs), await main.collectionId(foreign)];
  return [
    `collection ${docs}: properties.${TTL} 86400 -> 60`,
    `index ${engine}_by_year of collection ${docs} is gone`,
    `alias ${aliasOf(engine)}: collectionName "${docs}" -> "${foreign}"`,
    `alias ${aliasOf(engine)}: collectionId "${before}" -> "${after}"`,
    `collection ${engine}_tenants: properties, which is a secret and not shown`,
    `partition set of collection ${engine}_tenants: partitionNames: t2 is gone`,
    `collection ${engine}_elsewhere: properties.${TTL} nothing -> 5`,
  ];
}

describe("A stack of dynamic resources and of the plugin's", () => {
  const outputs: string[] = [];
  let stack: Workspace;
  let proxy: GrpcProxy;
  let before: Deployment;

  /** And keeps all that was printed. */
  const run = async (...args: string[]) => {
    const ended = await drift(stack, ...args);
    outputs.push(ended.stdout, ended.stderr);
    return ended;
  };

  beforeAll(async () => {
    await milvus.createDatabase(names.main);
    await milvus.createDatabase(names.side);
    await main.createCollection("theirs");
    stack = await context.stack(PROGRAM, {
      config: { ...accessTo(milvus.server), "milvus:database": names.main },
      env: await withPlugin(),
    });
    await stack.up();
    proxy = await context.proxy();
    await stack.config({ "milvus:address": proxy.address });
    before = await stack.stackExport();
  });

  afterAll(async () => {
    for (const engine of ENGINES) await main.dropAlias(aliasOf(engine));
  });

  test("has no drift as it was made, and nothing undeclared", async () => {
    const { code, stdout } = await run();
    expect([code, stdout]).toEqual([0, "pulumi-milvus: nothing differs from the state\n"]);
  });

  describe("that was changed by hand", () => {
    let code: number;
    let report: DriftReport;
    let markdown: string;
    beforeAll(async () => {
      for (const engine of ENGINES) await changeByHand(engine);
      await main.setProperties("theirs", { [TTL]: "6" });
      proxy.forget();
      const file = join(stack.directory, "drift.md");
      const ended = await run("--json", "--markdown", file);
      code = ended.code;
      report = JSON.parse(ended.stdout) as DriftReport;
      markdown = readFileSync(file, "utf8");
      outputs.push(markdown);
    });

    test("is told of all that differs, by the settings of each one's provider", async () => {
      const expected = await Promise.all(ENGINES.map(expectedOf));
      expect(differences(report).sort()).toEqual(expected.flat().sort());
      expect([code, report.exitCode, report.version, report.unjudged]).toEqual([2, 2, 1, []]);
    });

    test("is told of what is undeclared, once, and not of what it only reads", () => {
      const found = report.undeclared?.map(({ id, contains }) => [id, ...contains.map((one) => one.id)]);
      const inMain = (id: string): string => `${names.main}/${id}`;
      const expected = ENGINES.flatMap((engine) => [
        [inMain(`${engine}_foreign`), inMain(`${engine}_foreign/within`)],
        [inMain(`${engine}_docs/by_hand`)],
      ]);
      expect(found?.sort()).toEqual(expected.sort());
    });

    test("is only read, and so is the server", async () => {
      expect(proxy.calls.length).toBeGreaterThan(0);
      expect(proxy.calls.filter((call) => !READS.test(call))).toEqual([]);
      expect(await stack.stackExport()).toEqual(before);
    });

    test("is told in Markdown with the same title and a table", () => {
      expect(markdown.split("\n")[0]).toBe(`### ⚠️ Milvus drift of stack ${stack.stack}: ${report.verdict}`);
      expect(markdown).toContain(`/dynamic_docs\` | \`properties.${TTL} 86400 -> 60\` |`);
    });

    test("is what a refresh records, after which only what is undeclared is left", async () => {
      // What the stack only reads is refreshed as well.
      const changed = 2 * 5 + 2;
      expect((await stack.refresh()).summary).toMatchObject({ update: changed, delete: 2 });
      const { code: ended, stdout } = await run("--undeclared", "count");
      expect(ended).toBe(2);
      expect(stdout).toContain(
        "pulumi-milvus: nothing differs from the state; 4 objects on the server are declared by no resource\n",
      );
      expect(stdout).toContain(
        `  collection plugin_foreign (${names.main}/plugin_foreign), with 1 partition\n`,
      );
    });
  });

  test("is not judged where nobody answers, and nothing of that is gone", async () => {
    proxy.off();
    const { code, stdout } = await run("--json");
    const report = JSON.parse(stdout) as DriftReport;
    expect([code, report.drift]).toEqual([3, []]);
    // Explicit Providers have an address of their own.
    expect(report.compared).toBe(ENGINES.length);
    const objects = report.unjudged.map(({ object }) => object);
    expect(objects).toEqual(
      expect.arrayContaining([
        "collection dynamic_docs",
        `alias ${aliasOf("plugin")}`,
        "partition set of collection plugin_tenants",
        `what else stands on ${proxy.address}`,
      ]),
    );
  });

  test("has its secrets shown nowhere", () => {
    const all = outputs.join("\n");
    for (const secret of [context.secret, SECRET, OTHER_SECRET]) expect(all).not.toContain(secret);
  });
});

describe("A user who may not look", () => {
  const [user, password] = [context.name("nobody"), context.name("pw")];
  let stack: Workspace;
  beforeAll(async () => {
    await milvus.createDatabase(names.denied);
    good(await milvus.client.createUser({ username: user, password }));
    stack = await context.stack(
      program(
        `const docs = new milvus.Collection("documents", { fields: ${FIELDS} });
         new milvus.Partition("y2024", { collection: docs });`,
      ),
      { config: { ...accessTo(milvus.server), "milvus:database": names.denied } },
    );
    await stack.up();
    await stack.config({ "milvus:token": { secret: `${user}:${password}` } });
  });
  afterAll(() => milvus.client.deleteUser({ username: user }));

  test("is told what could not be judged, and that nothing is gone", async () => {
    const { code, stdout, stderr } = await drift(stack);
    expect([code, stdout]).toEqual([3, expect.stringContaining("partition y2024 of collection documents: ")]);
    expect(stdout).not.toContain("gone");
    expect(stdout + stderr).not.toContain(password);
  });

  test("is told of a stack that there is not, which fails the command", async () => {
    const { code, stderr } = await drift({ ...stack, stack: "missing" } as Workspace);
    expect([code, stderr]).toEqual([1, expect.stringContaining("pulumi-milvus: pulumi ")]);
  });
});
