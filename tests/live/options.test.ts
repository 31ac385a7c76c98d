/** Options of Pulumi's own on every kind of resource, through the real engine on a fake of a server that has all kinds. */
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";

import { resources } from "../../provider/registry";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { ENTRY, accessTo, FIELDS, HNSW, linesWith, live, program, said, stackLines } from "./support/live";
import { good, TestMilvus } from "./support/milvus";

const context = live();

let fake: FakeMilvus;
let milvus: TestMilvus;
beforeAll(async () => {
  fake = await startFakeMilvus({ version: "3.0.4", password: "s3cret of root", queryNodes: 2, loadTime: 20 });
  milvus = new TestMilvus(fake);
});
afterAll(async () => {
  await milvus.close();
  await fake.stop();
});

const unchanged = { create: 0, update: 0, replace: 0, delete: 0 };

describe("ignoreChanges", () => {
  /** One of every kind; `more` is what differs from one program to the next. */
  const declare = (options: string, more: "" | "2"): string =>
    program(
      `const options = ${options};`,
      `const app = new milvus.Database("app", { properties: { "database.diskQuota.mb": 10${more} } }, options);`,
      `const docs = new milvus.Collection("docs", { description: "docs ${more}", databaseName: app.databaseName,
         fields: ${FIELDS}, properties: { "collection.ttl.seconds": 10${more} } }, options);`,
      `new milvus.Partition("y2024", { collection: docs, partitionName: "y2024${more}" }, options);`,
      `const tenants = new milvus.PartitionSet("tenants", { collection: docs, partitionNames: ["t1", "t${more}"] }, options);`,
      `const meaning = new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} }, options);`,
      `new milvus.CollectionLoad("ready", { collection: docs, partitionNames: ["t1", "_default", "t${more}"] },
         { ...options, dependsOn: [tenants, meaning] });`,
      `new milvus.Alias("current", { collection: docs, aliasName: "current${more}" }, options);`,
      `const user = new milvus.User("alice", { password: pulumi.secret("correct-horse${more}") }, options);`,
      `const role = new milvus.Role("readers", { description: "readers ${more}" }, options);`,
      `new milvus.RoleMembership("member", { userName: user.userName, roleName: role.roleName }, options);`,
      `new milvus.Grant("search", { roleName: role.roleName, privilege: "${more === "" ? "Search" : "Query"}",
         databaseName: app.databaseName, collectionName: docs.collectionName }, options);`,
      `new milvus.PrivilegeGroup("reading", { privileges: ["Search"${more && `, "Query"`}] }, options);`,
      `new milvus.ResourceGroup("fast", { requests: ${more === "" ? 0 : 1} }, options);`,
    );

  test("of everything leaves every kind as it is, whatever the program says", async () => {
    const stack = await context.stack(declare("{}", ""), { config: accessTo(fake) });
    await stack.up();
    stack.program(declare(`{ ignoreChanges: ["*"] }`, "2"));
    expect((await stack.up()).summary).toMatchObject(unchanged);
    // What is ignored in the state of one run is ignored in the next one's.
    expect((await stack.up()).summary).toMatchObject(unchanged);
    stack.program(declare("{}", ""));
    expect((await stack.preview({ args: ["--expect-no-changes"] })).summary).toMatchObject(unchanged);
    await stack.destroy();
  });

  test("of the names of a set leaves the set, and changes what else the program says", async () => {
    const sets = (options: string, names: string, replicas: number): string =>
      program(
        `const docs = new milvus.Collection("docs", { fields: ${FIELDS} });`,
        `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });`,
        `new milvus.PartitionSet("tenants", { collection: docs, partitionNames: ${names} }, ${options});`,
        `new milvus.CollectionLoad("ready", { collection: docs, partitionNames: ${names}, replicaNumber: ${replicas} },
           ${options});`,
      );
    const stack = await context.stack(sets("{}", `["t2", "t1"]`, 1), { config: accessTo(fake) });
    await stack.up();
    stack.program(sets(`{ ignoreChanges: ["partitionNames"] }`, `["t1"]`, 2));
    const changed = await stack.up();
    expect(changed.summary).toMatchObject({ ...unchanged, update: 1 });
    expect(stackLines(changed)).toEqual([]);
    const { partition_names } = good(await milvus.client.showPartitions({ collection_name: "docs" }));
    expect([...partition_names].sort()).toEqual(["_default", "t1", "t2"]);
    expect(said(changed)).not.toContain("must be a list");
    await stack.destroy();
  });
});

describe("get", () => {
  const MISSING: Readonly<Record<keyof typeof resources, string>> = {
    database: "nowhere",
    collection: "default/nowhere",
    partition: "default/nowhere/y2024",
    partitionSet: "default/nowhere",
    index: "default/nowhere/by_meaning",
    collectionLoad: "default/nowhere",
    alias: "default/nowhere",
    user: "nobody",
    role: "nothing",
    roleMembership: "nothing/nobody",
    grant: "nothing/default/*/Search",
    privilegeGroup: "nothing",
    resourceGroup: "nowhere",
  };
  const kinds = Object.keys(MISSING) as (keyof typeof MISSING)[];

  test("of what is not there fails for every kind, and names it", async () => {
    const gets = kinds.map((kind) => `milvus.${resources[kind].kind}.get("${kind}", "${MISSING[kind]}");`);
    const stack = await context.stack("", { config: accessTo(fake) });
    for (const [at, get] of gets.entries()) {
      stack.program(program(get));
      const failed = await stack.preview({ expectFailure: true });
      const id = MISSING[kinds[at] as keyof typeof MISSING];
      expect([get, failed.code === 0, linesWith(failed, `no object with the id "${id}"`).length > 0]).toEqual(
        [get, false, true],
      );
      expect(said(failed)).toContain(`on Milvus at ${fake.address}`);
      expect(stackLines(failed)).toEqual([]);
    }
  });

  test("of what goes later is gone for a refresh, and an error for the next up", async () => {
    good(await milvus.client.createRole({ roleName: "passing" }));
    const stack = await context.stack(program(`milvus.Role.get("passing", "passing");`), {
      config: accessTo(fake),
    });
    await stack.up();
    good(await milvus.client.dropRole({ roleName: "passing" }));
    expect((await stack.refresh()).code).toBe(0);
    expect(said(await stack.up({ expectFailure: true }))).toContain(`no object with the id "passing"`);
  });

  test("gives a collection whose children are dropped at destroy, since it stays", async () => {
    const own = await context.stack(program(`new milvus.Collection("theirs", { fields: ${FIELDS} });`), {
      config: accessTo(fake),
    });
    await own.up();
    const stack = await context.stack(
      program(
        `const theirs = milvus.Collection.get("theirs", "default/theirs");`,
        `new milvus.Partition("y2024", { collection: theirs });`,
        `new milvus.PartitionSet("tenants", { collection: theirs, partitionNames: ["t1"] });`,
        `const index = new milvus.Index("by_meaning", { collection: theirs, fieldName: "embedding", ${HNSW} });`,
        `new milvus.CollectionLoad("ready", { collection: theirs }, { dependsOn: [index] });`,
      ),
      { config: accessTo(fake) },
    );
    await stack.up();
    await stack.destroy();
    expect(await milvus.partitions("theirs")).toEqual([]);
    expect(await milvus.indexes("theirs")).toEqual([]);
    expect(await milvus.loadState("theirs")).toBe("LoadStateNotLoad");
    await own.destroy();
  });
});

describe("An inline program of the Automation API", () => {
  test("runs from any working directory, when the project's main is where this package is", async () => {
    const stack = await context.stack(program(), { config: accessTo(fake) });
    const elsewhere = path.join(stack.directory, "..", `${path.basename(stack.directory)}-elsewhere`);
    fs.mkdirSync(elsewhere);
    const script = path.join(stack.directory, "automation.js");
    fs.writeFileSync(
      script,
      `const { LocalWorkspace } = require("@pulumi/pulumi/automation");
       const milvus = require("${ENTRY}");
       const project = { name: "inline", runtime: "nodejs", main: __dirname };
       const program = async () => void new milvus.Role("inline", {});
       (async () => {
         const stack = await LocalWorkspace.createOrSelectStack(
           { stackName: "inline", projectName: "inline", program },
           { workDir: process.cwd(), projectSettings: project },
         );
         const config = ${JSON.stringify(accessTo(fake))};
         for (const [key, value] of Object.entries(config))
           await stack.setConfig(key, { value: value.secret ?? value, secret: value.secret !== undefined });
         const { summary } = await stack.up();
         await stack.destroy();
         console.log(JSON.stringify(summary.resourceChanges));
       })();`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, [script], {
      cwd: elsewhere,
      env: stack.env,
    });
    fs.rmSync(elsewhere, { recursive: true });
    expect(JSON.parse(stdout)).toMatchObject({ create: 2 });
  });
});

describe("A misspelt key of stack config", () => {
  test.each([
    ["a resource", `new milvus.Role("readers", {});`],
    ["a look-up", `milvus.getServerVersion();`],
  ])("is an error in the program with %s, which names the setting that was meant", async (_, statement) => {
    const stack = await context.stack(program(statement), {
      config: { ...accessTo(fake), "milvus:protectdata": "true" },
    });
    const failed = await stack.preview({ expectFailure: true });
    expect(failed.code).not.toBe(0);
    expect(said(failed)).toContain(
      'stack config has "milvus:protectdata", and there is no such setting; did you mean "protectData"?',
    );
    // The line of the program may be shown, and nothing of the insides of this package.
    expect(stackLines(failed).filter((line) => !line.includes(stack.directory))).toEqual([]);
  });
});
