/** Resource groups through the real engine, on a Milvus 2.3.5 of this file's own: it has one query node to move. */
import { type Server, startMilvus } from "../../tools/servers";
import type { OperationResult, Workspace } from "../../tools/stack";
import { linesWith, live, program, said, stackLines } from "./support/live";
import { TestMilvus } from "./support/milvus";

const context = live();
const DEFAULT = "__default_resource_group";
const fast = context.name("fast");

let server: Server;
let milvus: TestMilvus;
let stack: Workspace;

const declare = (values: string): string =>
  program(`new milvus.ResourceGroup("fast", { resourceGroupName: "${fast}", ${values} });`);

async function nodesOf(resource_group: string): Promise<number | undefined> {
  const { resource_group: found } = await milvus.client.describeResourceGroup({ resource_group });
  return (found as { num_available_node: number } | null)?.num_available_node;
}

async function transfer(from: string, to: string): Promise<void> {
  await milvus.client.transferNode({ source_resource_group: from, target_resource_group: to, num_node: 1 });
}

beforeAll(async () => {
  server = await startMilvus();
  milvus = new TestMilvus(server);
  stack = await context.stack(declare(""), { config: { "milvus:address": server.address } });
});
afterAll(async () => {
  await milvus.close();
  await server.stop();
});

describe("A resource group", () => {
  test("is made without nodes where none are asked for, and nothing changes afterwards", async () => {
    expect((await stack.up()).summary).toMatchObject({ create: 2 });
    expect(await nodesOf(fast)).toBe(0);
    expect((await stack.preview({ args: ["--expect-no-changes"] })).summary).toMatchObject({ update: 0 });
  });

  test("gets the nodes that it requests, in place", async () => {
    stack.program(declare("requests: 1"));
    expect((await stack.up()).summary).toMatchObject({ update: 1, replace: 0 });
    expect([await nodesOf(fast), await nodesOf(DEFAULT)]).toEqual([1, 0]);
  });

  test("notices at refresh that somebody took them, and takes them back", async () => {
    await transfer(fast, DEFAULT);
    const refresh = await stack.refresh();
    expect(
      linesWith(refresh, `resource group ${fast}: requests is 0 on the server, the state had 1`),
    ).not.toEqual([]);
    expect((await stack.up()).summary).toMatchObject({ update: 1 });
    expect(await nodesOf(fast)).toBe(1);
  });

  describe("that requests more than there are", () => {
    let refused: OperationResult;
    beforeAll(async () => {
      stack.program(declare("requests: 2"));
      refused = await stack.up({ expectFailure: true });
    });

    test("says what it has, what it wants and what there is to give", () => {
      expect(refused.code).not.toBe(0);
      expect(said(refused)).toMatch(
        new RegExp(
          `resource group ${fast} has 1 node, wants 2 at least and 2 at most, and ${DEFAULT} has 0 nodes to give`,
        ),
      );
      expect(stackLines(refused)).toEqual([]);
    });

    test("stays in the state, and the next up goes on", async () => {
      stack.program(declare("requests: 0, limits: 1"));
      await stack.up();
      // As many as it may have.
      expect(await nodesOf(fast)).toBe(1);
    });
  });

  test("gives back what is beyond its limit", async () => {
    stack.program(declare("requests: 0, limits: 0"));
    expect((await stack.up()).summary).toMatchObject({ update: 1 });
    expect([await nodesOf(fast), await nodesOf(DEFAULT)]).toEqual([0, 1]);
  });

  test("is taken over when it is there already", async () => {
    const slow = context.name("slow");
    await milvus.client.createResourceGroup({ resource_group: slow });
    stack.program(`${declare("requests: 1")}
      new milvus.ResourceGroup("slow", { resourceGroupName: "${slow}" });`);
    const result = await stack.up();
    expect(linesWith(result, `resource group ${slow} exists already and is taken over`)).not.toEqual([]);
  });

  test("is gone at refresh once somebody dropped it, and is made again", async () => {
    await milvus.client.dropResourceGroup({ resource_group: context.name("slow") });
    expect((await stack.refresh()).summary).toMatchObject({ delete: 1 });
    expect((await stack.up()).summary).toMatchObject({ create: 1 });
  });

  test("gives its nodes back and is dropped when it is destroyed", async () => {
    const result = await stack.destroy();
    expect(linesWith(result, `dropped resource group ${fast}; 1 node went back to ${DEFAULT}`)).not.toEqual(
      [],
    );
    expect([await nodesOf(fast), await nodesOf(DEFAULT)]).toEqual([undefined, 1]);
  });

  test("cannot be Milvus's own", async () => {
    stack.program(program(`new milvus.ResourceGroup("own", { resourceGroupName: "${DEFAULT}" });`));
    const result = await stack.preview({ expectFailure: true });
    expect(said(result)).toContain("that is Milvus's own group");
  });
});

describe("On a server without authorization", () => {
  test("users and roles are managed, and a grant says what is missing", async () => {
    stack.program(
      program(
        `const user = new milvus.User("alice", { password: "correct-horse" });`,
        `const role = new milvus.Role("readers", {});`,
        `new milvus.RoleMembership("alice_reads", { userName: user.userName, roleName: role.roleName });`,
        `new milvus.Grant("search", { roleName: role.roleName, privilege: "Search", collectionName: "*" });`,
      ),
    );
    const result = await stack.up({ expectFailure: true });
    // The stack itself counts.
    expect(result.summary).toMatchObject({ create: 4 });
    expect(said(result)).toContain("cannot be made: the server runs without authorization");
    await stack.destroy();
    const { usernames } = await milvus.client.listUsers();
    expect(usernames).toEqual(["root"]);
  });
});
