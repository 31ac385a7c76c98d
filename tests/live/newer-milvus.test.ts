/** What only newer servers do, through the real engine on fakes: no package registry carries those servers. */
import type { OperationResult, Workspace } from "../../tools/stack";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { accessTo, FIELDS, HNSW, linesWith, live, program, said, stackLines } from "./support/live";
import { good, rows, TestMilvus } from "./support/milvus";

const context = live();

const opened: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of opened) await close();
});

interface On {
  readonly fake: FakeMilvus;
  readonly milvus: TestMilvus;
  readonly stack: (program: string) => Promise<Workspace>;
}

async function on(version: string): Promise<On> {
  const fake = await startFakeMilvus({
    version,
    password: "s3cret of root",
    queryNodes: 2,
    loadTime: 20,
    storageV3: true,
  });
  const milvus = new TestMilvus(fake);
  opened.push(async () => {
    await milvus.close();
    await fake.stop();
  });
  return { fake, milvus, stack: (text) => context.stack(text, { config: accessTo(fake) }) };
}

const ROLE = `const role = new milvus.Role("readers", {});`;
const group = (privileges: string, name = "reading"): string =>
  `const group = new milvus.PrivilegeGroup("reading", { privilegeGroupName: "${name}", privileges: ${privileges} });`;
const GRANT = `new milvus.Grant("may_read", { roleName: role.roleName, privilege: group.privilegeGroupName,
  collectionName: "*" });`;

describe("A privilege group", () => {
  let server: On;
  let stack: Workspace;

  const groups = async (): Promise<Record<string, string[]>> => {
    const { privilege_groups } = good(await server.milvus.client.listPrivilegeGroups());
    return Object.fromEntries(
      privilege_groups
        .filter(({ group_name }) => !/^(Cluster|Database|Collection)/.test(group_name))
        .map(({ group_name, privileges }) => [group_name, privileges.map(({ name }) => name).sort()]),
    );
  };
  const granted = async (): Promise<string[]> => {
    const { entities } = good(
      await server.milvus.client.listGrants({ roleName: "readers", db_name: "default" }),
    );
    return entities.map(({ grantor }) => grantor.privilege.name);
  };

  beforeAll(async () => {
    server = await on("2.5.4");
    stack = await server.stack(program(ROLE, group(`["Search", "Query"]`), GRANT));
  });

  test("is made with its privileges, and granted as one", async () => {
    await stack.up();
    expect(await groups()).toEqual({ reading: ["Query", "Search"] });
    expect(await granted()).toEqual(["reading"]);
    await stack.preview({ args: ["--expect-no-changes"] });
  });

  test("is got by its name", async () => {
    stack.program(
      program(ROLE, group(`["Search", "Query"]`), GRANT).concat(
        `\nexports.found = milvus.PrivilegeGroup.get("found", "reading").privileges;`,
      ),
    );
    await stack.up();
    expect(Object.values((await stack.outputs())["found"] as object).length).toBe(2);
  });

  test("gets and loses privileges in place, and leaves the grant alone", async () => {
    stack.program(program(ROLE, group(`["Query", "Insert"]`), GRANT));
    expect((await stack.up()).summary).toMatchObject({ update: 1, replace: 0 });
    expect(await groups()).toEqual({ reading: ["Insert", "Query"] });
    expect(await granted()).toEqual(["reading"]);
  });

  test("that somebody changed is seen by a refresh and put right by the next up", async () => {
    await server.milvus.client.addPrivilegesToGroup({ group_name: "reading", privileges: ["Delete"] });
    await server.milvus.client.removePrivilegesFromGroup({ group_name: "reading", privileges: ["Query"] });
    const refresh = await stack.refresh();
    expect(
      linesWith(refresh, "privilege group reading: privileges on the server: Query is gone, Delete is new"),
    ).not.toEqual([]);
    expect((await stack.up()).summary).toMatchObject({ update: 1 });
    expect(await groups()).toEqual({ reading: ["Insert", "Query"] });
  });

  test("with another name is made and granted before the old one goes", async () => {
    stack.program(program(ROLE, group(`["Query", "Insert"]`, "writing"), GRANT));
    expect((await stack.up()).summary).toMatchObject({ replace: 2 });
    expect(await groups()).toEqual({ writing: ["Insert", "Query"] });
    expect(await granted()).toEqual(["writing"]);
  });

  test("that somebody dropped is gone for a refresh and made again by the next up", async () => {
    const revoked = { roleName: "readers", object: "Global" as never, objectName: "*" };
    good(await server.milvus.client.revokePrivilege({ ...revoked, privilegeName: "writing" }));
    good(await server.milvus.client.dropPrivilegeGroup({ group_name: "writing" }));
    expect((await stack.refresh()).summary).toMatchObject({ delete: 2 });
    expect((await stack.up()).summary).toMatchObject({ create: 2 });
    expect(await granted()).toEqual(["writing"]);
  });

  test("that differs from one that is there already is not taken over, and the difference is said", async () => {
    good(await server.milvus.client.createPrivilegeGroup({ group_name: "theirs" }));
    good(await server.milvus.client.addPrivilegesToGroup({ group_name: "theirs", privileges: ["Delete"] }));
    const other = await server.stack(program(group(`["Query"]`, "theirs")));
    const refused = await other.up({ expectFailure: true });
    expect(said(refused)).toContain("it has Delete, it has no Query. Declare it as it is");
    expect(stackLines(refused)).toEqual([]);
    other.program(program(group(`["Delete"]`, "theirs")));
    expect(linesWith(await other.up(), "exists already and is taken over")).not.toEqual([]);
    await other.destroy();
  });

  test("goes at destroy, after its grant, and nothing is left", async () => {
    await stack.destroy();
    expect(await groups()).toEqual({});
  });
});

describe("The description of a user and of a role", () => {
  test("is changed in place, and what somebody made of it is put right", async () => {
    const { milvus, stack: make } = await on("3.0.4");
    const declare = (description: string): string =>
      program(
        `new milvus.User("alice", { password: "correct-horse", description: "${description}" });`,
        `new milvus.Role("readers", { description: "${description}" });`,
      );
    const described = async (): Promise<unknown[]> => {
      const [user] = good(await milvus.client.describeUser({ username: "alice" })).results;
      const [role] = good(await milvus.client.describeRole({ roleName: "readers" })).results;
      return [user?.description, role?.role.description];
    };
    const stack = await make(declare("Reads"));
    await stack.up();
    expect(await described()).toEqual(["Reads", "Reads"]);
    stack.program(declare("Reads and writes"));
    expect((await stack.up()).summary).toMatchObject({ update: 2, replace: 0 });
    expect(await described()).toEqual(["Reads and writes", "Reads and writes"]);
    good(await milvus.client.alterRole({ roleName: "readers", description: "Something else" }));
    await stack.refresh();
    expect((await stack.up()).summary).toMatchObject({ update: 1 });
    expect(await described()).toEqual(["Reads and writes", "Reads and writes"]);
    await stack.destroy();
  });
});

describe("A resource group that says how many nodes it wants", () => {
  test("is changed in place, and what somebody else declared is put right", async () => {
    const { milvus, stack: make } = await on("2.4.20");
    const declare = (numbers: string): string => program(`new milvus.ResourceGroup("fast", { ${numbers} });`);
    const declared = async (): Promise<unknown> => {
      const { resource_group } = await milvus.client.describeResourceGroup({ resource_group: "fast" });
      const { requests, limits } = resource_group?.config ?? {};
      return [requests?.node_num, limits?.node_num];
    };
    const stack = await make(declare("requests: 1"));
    await stack.up();
    expect(await declared()).toEqual([1, 1]);
    stack.program(declare("requests: 1, limits: 2"));
    expect((await stack.up()).summary).toMatchObject({ update: 1, replace: 0 });
    const numbers = { requests: { node_num: 0 }, limits: { node_num: 5 } };
    await milvus.client.updateResourceGroups({ resource_groups: { fast: numbers } });
    expect(linesWith(await stack.refresh(), "requests is 0 on the server, the state had 1")).not.toEqual([]);
    await stack.up();
    expect(await declared()).toEqual([1, 2]);
    await stack.destroy();
    expect(good(await milvus.client.listResourceGroups()).resource_groups).not.toContain("fast");
  });
});

describe("A collection that is loaded and has an alias", () => {
  const declare = (dim: number, replicaNumber: number): string =>
    program(
      `const docs = new milvus.Collection("docs", { fields: ${FIELDS.replace("dim: 8", `dim: ${dim}`)} });`,
      `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });`,
      `new milvus.CollectionLoad("ready", { collection: docs, replicaNumber: ${replicaNumber} });`,
      `new milvus.Alias("current", { collection: docs });`,
    );

  test.each([
    ["2.4.12", 1],
    ["2.4.13", 0],
    ["2.6.22", 0],
  ])("gets another replica on %s with %d releases", async (version, releases) => {
    const { fake, milvus, stack: make } = await on(version);
    const stack = await make(declare(8, 1));
    await stack.up();
    stack.program(declare(8, 2));
    const preview = await stack.preview();
    expect(said(preview).includes("searches fail meanwhile")).toBe(releases > 0);
    expect((await stack.up()).summary).toMatchObject({ update: 1, replace: 0 });
    expect(fake.calls.filter((call) => call === "ReleaseCollection")).toHaveLength(releases);
    const { replicas } = good(
      await milvus.client.getReplicas({
        collectionID: await milvus.collectionId("docs"),
        collection_name: "docs",
      }),
    );
    expect(replicas).toHaveLength(2);
    await stack.preview({ args: ["--expect-no-changes"] });
    await stack.destroy();
  });

  test("is replaced under its name on a server that drops none with an alias, and has both again", async () => {
    const { milvus, stack: make } = await on("3.0.4");
    const stack = await make(declare(8, 1));
    await stack.up();
    await milvus.insert("docs", rows(5));
    stack.program(declare(16, 1));
    const refused = await stack.up({ expectFailure: true });
    expect(said(refused)).toContain(
      "default/docs holds 5 entities and is not replaced, because a replacement",
    );
    expect(await milvus.count("docs")).toBe(5);
    await stack.config({ "milvus:acknowledgedDataLoss": "default/docs" });
    const replaced: OperationResult = await stack.up();
    expect(linesWith(replaced, "dropped collection default/docs with 5 entities")).not.toEqual([]);
    expect(await milvus.aliasTarget("current")).toBe("docs");
    expect(await milvus.loadState("docs")).toBe("LoadStateLoaded");
    await stack.preview({ args: ["--expect-no-changes"] });
    await stack.destroy();
    expect(await milvus.exists("docs")).toBe(false);
  });
});
