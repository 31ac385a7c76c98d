/** Options of Pulumi's own on every kind of resource, through the real engine on a fake of a server that has all kinds. */
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { accessTo, FIELDS, HNSW, live, program, said, stackLines } from "./support/live";
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
