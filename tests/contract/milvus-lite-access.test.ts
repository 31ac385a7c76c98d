/** A real Milvus Lite 3.2.2 knows nothing of all this, and the errors say so. */
import { UnsupportedError } from "../../provider/milvus/errors";
import type { Milvus } from "../../provider/milvus/gateway";
import { grant } from "../../provider/resources/grant";
import { privilegeGroup } from "../../provider/resources/privilege-group";
import { resourceGroup } from "../../provider/resources/resource-group";
import { role } from "../../provider/resources/role";
import { roleMembership } from "../../provider/resources/role-membership";
import { user } from "../../provider/resources/user";
import { gatewayTo } from "../support/gateways";
import { testServers } from "../support/servers";

const milvus = gatewayTo(testServers().lite);
afterAll(() => milvus.close());

const USER = { userName: "alice", password: "correct-horse-1" };
const ROLE = { roleName: "readers" };
const GRANT = { ...ROLE, privilege: "Search", databaseName: "default", collectionName: "documents" };
const PRIVILEGE_GROUP = { privilegeGroupName: "reading", privileges: ["Search"] };
const RESOURCE_GROUP = { resourceGroupName: "fast" };

interface Making {
  create(server: Milvus, inputs: unknown): Promise<unknown>;
  list(server: Milvus, databaseName: string): Promise<unknown>;
}
const RESOURCES: readonly (readonly [string, unknown, object])[] = [
  ["user alice", user, USER],
  ["role readers", role, ROLE],
  ["membership of user alice in role readers", roleMembership, { ...USER, ...ROLE }],
  ["grant of Search on default/documents to role readers", grant, GRANT],
  ["privilege group reading", privilegeGroup, PRIVILEGE_GROUP],
  ["resource group fast", resourceGroup, RESOURCE_GROUP],
];

describe("Milvus Lite", () => {
  test.each(RESOURCES)(
    "has no %s to make, says what it lacks, and is listed without",
    async (name, any, inputs) => {
      const resource = any as Making;
      const error: unknown = await resource.create(milvus, inputs).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UnsupportedError);
      expect((error as Error).message).toMatch(
        new RegExp(
          `^${name} uses .*, which Milvus Lite does not have; this server is milvus_lite-3\\.2\\.2$`,
        ),
      );
      expect(await resource.list(milvus, "default")).toEqual([]);
    },
  );

  test.each<[string, () => Promise<unknown>]>([
    ["SelectUser", () => milvus.users.find("alice")],
    ["CreateCredential", () => milvus.users.create(USER)],
    ["UpdateCredential", () => milvus.users.changePassword("alice", "correct-horse-1", "battery-staple-2")],
    ["DeleteCredential", () => milvus.users.drop("alice")],
    ["SelectRole", () => milvus.roles.find("readers")],
    ["CreateRole", () => milvus.roles.create(ROLE)],
    ["OperateUserRole", () => milvus.roles.addUser({ ...USER, ...ROLE })],
    ["SelectGrant", () => milvus.grants.list("readers", "default")],
    ["DropRole", () => milvus.roles.drop("readers")],
    ["ListPrivilegeGroups", () => milvus.privilegeGroups.list()],
    ["DescribeResourceGroup", () => milvus.resourceGroups.find("fast")],
    ["DropResourceGroup", () => milvus.resourceGroups.drop("fast")],
  ])("%s is a call that it does not know", async (operation, call) => {
    const error: unknown = await call().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnsupportedError);
    expect((error as Error).message).toMatch(
      new RegExp(
        `^${operation} of .* failed on .*: Milvus Lite does not know this call; it needs a full Milvus$`,
      ),
    );
  });
});
