/**
 * Users, roles, grants and privilege groups of Milvus 2.4 to 3.0, and what their resources and those of resource groups
 * make of them: the style of granting, what is changed in place and what is kept from which version on.
 */
import type * as dynamic from "@pulumi/pulumi/dynamic";

import { logTo } from "../../provider/core/log";
import type { Milvus } from "../../provider/milvus/gateway";
import { DEFAULT_RESOURCE_GROUP } from "../../provider/milvus/resource-groups";
import { parseVersion } from "../../provider/milvus/versions";
import { grant } from "../../provider/resources/grant";
import { privilegeGroup } from "../../provider/resources/privilege-group";
import { resourceGroup } from "../../provider/resources/resource-group";
import { role } from "../../provider/resources/role";
import { roleMembership } from "../../provider/resources/role-membership";
import { user } from "../../provider/resources/user";
import { configured, type Values } from "../support/declared";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { gatewayTo } from "../support/gateways";
import { accessContract } from "./access-contract";
import { accessFor } from "./support/expectations";

const said: string[] = [];
logTo((line) => void said.push(line));

describe.each(["2.3.5", "2.4.20", "2.5.4", "2.6.22", "3.0.4"])("the fake %s", (version) => {
  let fake: FakeMilvus;
  beforeAll(async () => {
    fake = await startFakeMilvus({ version, password: "s3cret of root" });
  });
  afterAll(() => fake.stop());

  accessContract(`the fake ${version}`, () => fake, accessFor(parseVersion(`v${version}`)));
});

const started: Server[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.close()));
});

/** What create answers with. */
interface Made {
  readonly id: string;
  readonly outs: Values;
}

class Server {
  private constructor(
    private readonly fake: FakeMilvus,
    readonly milvus: Milvus,
  ) {}

  static async start(version: string): Promise<Server> {
    const fake = await startFakeMilvus({ version, password: "s3cret of root" });
    return new Server(fake, gatewayTo(fake));
  }

  /** For one test. */
  static async of(version: string): Promise<Server> {
    const server = await Server.start(version);
    started.push(server);
    return server;
  }

  /** The resource as the engine calls it. */
  provider(resource: unknown): Promise<dynamic.ResourceProvider> {
    const { address, username, password } = this.fake;
    return configured(resource, { address, username: username ?? "", password: password ?? "" });
  }

  /** As a run does that no longer declares it. */
  async deleted(resource: unknown, { id, outs }: Made): Promise<void> {
    await (await this.provider(resource)).delete?.(id, outs);
  }

  callsOf(...names: string[]): string[] {
    return this.fake.calls.filter((name) => names.includes(name));
  }

  async close(): Promise<void> {
    await this.milvus.close();
    await this.fake.stop();
  }
}

interface Sample {
  readonly resource: unknown;
  readonly id: string;
  readonly wanted: Values;
  /** What it stands on. */
  readonly prepare?: (milvus: Milvus) => Promise<void>;
  /** As somebody does who knows nothing of the stack. */
  readonly drop: (milvus: Milvus) => Promise<void>;
  /** The calls that would drop it. */
  readonly drops: readonly string[];
}

const ALICE = { userName: "alice", password: "correct-horse" };
const MEMBERSHIP = { userName: "alice", roleName: "readers" };
const GRANT = { roleName: "readers", privilege: "Search", databaseName: "default" };

const SAMPLES: Readonly<Record<string, Sample>> = {
  User: {
    resource: user,
    id: "alice",
    wanted: { ...ALICE, description: "" },
    drop: (milvus) => milvus.users.drop("alice"),
    drops: ["DeleteCredential"],
  },
  Role: {
    resource: role,
    id: "readers",
    wanted: { roleName: "readers", description: "" },
    drop: (milvus) => milvus.roles.drop("readers"),
    drops: ["DropRole"],
  },
  RoleMembership: {
    resource: roleMembership,
    id: "readers/alice",
    wanted: MEMBERSHIP,
    prepare: async (milvus) => {
      await milvus.users.create(ALICE);
      await milvus.roles.create({ roleName: "readers" });
    },
    drop: (milvus) => milvus.roles.removeUser(MEMBERSHIP),
    drops: ["OperateUserRole"],
  },
  Grant: {
    resource: grant,
    id: "readers/default/documents/Search",
    wanted: { ...GRANT, collectionName: "documents" },
    prepare: (milvus) => milvus.roles.create({ roleName: "readers" }),
    drop: (milvus) => milvus.grants.revoke({ ...GRANT, objectName: "documents" }),
    drops: ["OperatePrivilege", "OperatePrivilegeV2"],
  },
  PrivilegeGroup: {
    resource: privilegeGroup,
    id: "reading",
    wanted: { privilegeGroupName: "reading", privileges: ["Query", "Search"] },
    drop: (milvus) => milvus.privilegeGroups.drop("reading"),
    drops: ["DropPrivilegeGroup", "OperatePrivilegeGroup"],
  },
  ResourceGroup: {
    resource: resourceGroup,
    id: "fast",
    wanted: { resourceGroupName: "fast", requests: 0, limits: 0 },
    drop: (milvus) => milvus.resourceGroups.drop("fast"),
    drops: ["DropResourceGroup", "UpdateResourceGroups", "TransferNode"],
  },
};

describe.each([
  ...Object.keys(SAMPLES).map((kind) => [kind, "3.0.4"] as const),
  ...Object.keys(SAMPLES)
    .filter((kind) => kind !== "PrivilegeGroup")
    .map((kind) => [kind, "2.3.5"] as const),
])("a %s on %s", (kind, version) => {
  const sample = SAMPLES[kind] as Sample;
  const { resource, id, wanted } = sample;
  let server: Server;
  let provider: dynamic.ResourceProvider;
  let made: Made;

  beforeAll(async () => {
    server = await Server.start(version);
    await sample.prepare?.(server.milvus);
    provider = await server.provider(resource);
    made = (await provider.create(wanted)) as Made;
  });
  afterAll(() => server.close());
  beforeEach(() => void said.splice(0));

  const dropsOf = async (work: Promise<void>): Promise<number> => {
    const before = server.callsOf(...sample.drops).length;
    await work;
    return server.callsOf(...sample.drops).length - before;
  };

  test("is found by its id alone, as it was made", async () => {
    expect(made).toEqual({ id, outs: wanted });
    const { password: _, ...known } = wanted;
    expect(await provider.read?.(id, {})).toEqual({ id, props: known });
    expect(await provider.read?.(id, made.outs)).toEqual({ id, props: made.outs });
  });

  test("that is there already, and equal, is taken over, which is said", async () => {
    expect(await provider.create(wanted)).toEqual(made);
    expect(said).toEqual([expect.stringMatching(/ exists already and is taken over/)]);
  });

  test("that another resource of the program declares as well stays when this one goes", async () => {
    await provider.check?.(wanted, wanted);
    expect(await dropsOf(provider.delete?.(id, made.outs) as Promise<void>)).toBe(0);
    expect((await provider.read?.(id, made.outs))?.id).toBe(id);
    expect(said).toEqual([expect.stringMatching(/ is not dropped: the program declares it now/)]);
  });

  test("that somebody dropped is gone for a refresh, and needs no drop", async () => {
    await sample.drop(server.milvus);
    expect(await provider.read?.(id, made.outs)).toEqual({});
    expect(await dropsOf(server.deleted(resource, made))).toBe(0);
    expect(said).toEqual([]);
  });
});

test.each(["User", "PrivilegeGroup", "ResourceGroup"])(
  "a %s that is gone is not changed, and the way out is said",
  async (kind) => {
    const { resource, id, wanted } = SAMPLES[kind] as Sample;
    const server = await Server.of("3.0.4");
    const provider = await server.provider(resource);
    await expect(provider.update?.(id, wanted, wanted)).rejects.toThrow(
      /is gone, and is not changed: run `pulumi refresh` first/,
    );
  },
);

const GRANT_CALLS = ["OperatePrivilege", "OperatePrivilegeV2"];

describe("a Grant", () => {
  test.each([
    ["2.4.20", "OperatePrivilege"],
    ["2.5.4", "OperatePrivilegeV2"],
    ["3.0.4", "OperatePrivilegeV2"],
  ])("is made and revoked on %s by %s", async (version, call) => {
    const server = await Server.of(version);
    await server.milvus.roles.create({ roleName: "readers" });
    const provider = await server.provider(grant);
    const wanted = { roleName: "readers", privilege: "Search", collectionName: "documents" };
    const made = (await provider.create(wanted)) as Made;
    const { id, outs } = made;
    expect(id).toBe("readers/default/documents/Search");
    expect(outs).toEqual({ ...wanted, databaseName: "default" });
    expect(await provider.read?.(id, outs)).toEqual({ id, props: outs });
    expect(await provider.read?.(id, {})).toEqual({ id, props: outs });
    await server.deleted(grant, made);
    expect(await provider.read?.(id, outs)).toEqual({});
    expect(server.callsOf(...GRANT_CALLS)).toEqual([call, call]);
  });

  test("is of a built-in group, in all databases, from 2.5 on", async () => {
    const server = await Server.of("2.5.4");
    await server.milvus.roles.create({ roleName: "operators" });
    const provider = await server.provider(grant);
    for (const wanted of [
      { privilege: "ClusterAdmin", databaseName: "*" },
      { privilege: "DatabaseReadOnly", databaseName: "*" },
      { privilege: "CollectionReadWrite", collectionName: "*" },
      { privilege: "SelectUser", userName: "root" },
    ]) {
      const { id, outs } = (await provider.create({ roleName: "operators", ...wanted })) as Made;
      expect((await provider.read?.(id, outs))?.id).toBe(id);
    }
    expect(await server.milvus.grants.listEverywhere("operators")).toHaveLength(4);
  });

  test("of every privilege of one type, which no program can declare, is not listed and goes with its role", async () => {
    const server = await Server.of("2.5.4");
    const { roles, grants } = server.milvus;
    await roles.create({ roleName: "readers" });
    const everything = { roleName: "readers", privilege: "*", databaseName: "default", objectName: "*" };
    await grants.grant(everything);
    expect(await grants.list("readers", "default")).toHaveLength(1);
    expect(await grant.list(server.milvus, "default")).toEqual([]);
    await server.deleted(role, { id: "readers", outs: { roleName: "readers" } });
    expect(await roles.find("readers")).toBeUndefined();
  });

  test("of a name that nobody knows says what is near it", async () => {
    const server = await Server.of("2.5.4");
    await server.milvus.roles.create({ roleName: "readers" });
    const provider = await server.provider(grant);
    await expect(
      provider.create({ roleName: "readers", privilege: "Serach", collectionName: "*" }),
    ).rejects.toThrow(
      /the server knows no privilege and no privilege group "Serach"; did you mean "Search"\?.*A group is made first/,
    );
  });
});

describe("a Role", () => {
  test.each(["2.4.20", "2.5.4", "2.6.22", "3.0.4"])(
    "of %s goes with all that was granted to it, in both styles and in every database",
    async (version) => {
      const server = await Server.of(version);
      const provider = await server.provider(role);
      const made = (await provider.create({ roleName: "readers" })) as Made;
      const { id } = made;
      const { grants } = server.milvus;
      for (const privilege of ["Search", "CreateAlias", "ListDatabases"])
        await grants.grant({ roleName: id, privilege, databaseName: "default", objectName: "*" });
      if (await server.milvus.supports("grantsOnCollections"))
        await grants.grant({ roleName: id, privilege: "ClusterAdmin", databaseName: "*", objectName: "*" });
      const held = (await grants.listEverywhere(id)).length;
      said.splice(0);
      await server.deleted(role, made);
      expect(said.filter((line) => line.startsWith("revoked grant of "))).toHaveLength(held);
      expect(await server.milvus.roles.find(id)).toBeUndefined();
      await provider.create({ roleName: "readers" });
      expect(await grants.listEverywhere(id)).toEqual([]);
    },
  );
});

describe("a description", () => {
  test.each<[string, unknown, Values]>([
    ["User", user, { userName: "alice", password: "correct-horse" }],
    ["Role", role, { roleName: "readers" }],
  ])("of a %s is kept and changed in place from 3.0 on", async (_kind, resource, base) => {
    const server = await Server.of("3.0.4");
    const provider = await server.provider(resource);
    const { id, outs } = (await provider.create({ ...base, description: "Reads" })) as Made;
    expect((await provider.read?.(id, outs))?.props).toMatchObject({ description: "Reads" });
    const wanted = { ...base, description: "Reads and writes" };
    expect(await provider.diff?.(id, outs, wanted)).toMatchObject({ changes: true, replaces: [] });
    const updated = await provider.update?.(id, outs, wanted);
    expect((await provider.read?.(id, updated?.outs as Values))?.props).toMatchObject({
      description: "Reads and writes",
    });
  });

  test("is refused before, and the version is named", async () => {
    const server = await Server.of("2.6.18");
    const provider = await server.provider(role);
    await expect(provider.create({ roleName: "readers", description: "Reads" })).rejects.toThrow(
      /role readers uses descriptions of users and roles, which needs Milvus 2\.6\.19 or later; this server is/,
    );
  });
});

describe("a PrivilegeGroup", () => {
  test.each(["2.5.4", "2.6.22", "3.0.4"])("of %s lives, and changes in place", async (version) => {
    const server = await Server.of(version);
    const provider = await server.provider(privilegeGroup);
    const declared = (...privileges: string[]) => ({ privilegeGroupName: "reading", privileges });
    const made = (await provider.create(declared("Search", "Query"))) as Made;
    const { id, outs } = made;
    const read = async () => (await provider.read?.(id, outs))?.props as Values | undefined;
    expect((await read())?.["privileges"]).toEqual(["Query", "Search"]);
    expect(await provider.diff?.(id, outs, declared("Query", "Insert"))).toMatchObject({
      changes: true,
      replaces: [],
    });
    await provider.update?.(id, outs, declared("Query", "Insert"));
    expect((await read())?.["privileges"]).toEqual(["Insert", "Query"]);
    await expect(provider.create(declared("Query"))).rejects.toThrow(
      /exists already and differs from the program: it has Insert/,
    );
    await provider.create(declared("Insert", "Query"));
    await server.milvus.roles.create({ roleName: "readers" });
    const granted = { roleName: "readers", privilege: "reading", databaseName: "default", objectName: "*" };
    await server.milvus.grants.grant(granted);
    await expect(server.deleted(privilegeGroup, made)).rejects.toThrow(/is used by role \[readers\]/);
    await server.milvus.grants.revoke(granted);
    await server.deleted(privilegeGroup, made);
    expect(await read()).toBeUndefined();
  });
});

describe("a ResourceGroup", () => {
  test("with more nodes than declared is not taken over on 2.3.5: what is loaded there would go", async () => {
    const server = await Server.of("2.3.5");
    const { resourceGroups } = server.milvus;
    await resourceGroups.create("fast");
    await resourceGroups.transferNodes(DEFAULT_RESOURCE_GROUP, "fast", 1);
    const provider = await server.provider(resourceGroup);
    await expect(provider.create({ resourceGroupName: "fast" })).rejects.toThrow(
      /exists already and differs from the program: it has 1 node, and limits is 0\. Declare it as it is/,
    );
    await provider.create({ resourceGroupName: "fast", limits: 1 });
    expect((await resourceGroups.find("fast"))?.nodes).toBe(1);
  });

  test.each(["2.4.20", "2.5.4", "3.0.4"])(
    "of %s says how many nodes it wants, changes that in place and goes with limits of 0",
    async (version) => {
      const server = await Server.of(version);
      const provider = await server.provider(resourceGroup);
      const { id, outs } = (await provider.create({
        resourceGroupName: "fast",
        requests: 1,
        limits: 2,
      })) as Made;
      const declared = async () => (await server.milvus.resourceGroups.find(id))?.declared;
      expect(await declared()).toEqual({ requests: 1, limits: 2 });
      const wanted = { resourceGroupName: "fast", requests: 2 };
      expect(await provider.diff?.(id, outs, wanted)).toMatchObject({
        changes: true,
        replaces: [],
      });
      const updated = await provider.update?.(id, outs, wanted);
      expect(await declared()).toEqual({ requests: 2, limits: 2 });
      await server.milvus.resourceGroups.declare(id, { requests: 0, limits: 5 });
      expect((await provider.read?.(id, updated?.outs as Values))?.props).toMatchObject({
        requests: 0,
        limits: 5,
      });
      await expect(provider.create(wanted)).rejects.toThrow(/requests is 0, limits is 5/);
      await server.deleted(resourceGroup, { id, outs: updated?.outs as Values });
      expect(await server.milvus.resourceGroups.find(id)).toBeUndefined();
      expect(server.callsOf("TransferNode")).toEqual([]);
    },
  );
});
