/** Diff of users, roles, memberships, grants, privilege groups and resource groups. */
import type { Resource } from "../../provider/core/resource";
import type { Milvus } from "../../provider/milvus/gateway";
import { grant } from "../../provider/resources/grant";
import { privilegeGroup } from "../../provider/resources/privilege-group";
import { resourceGroup } from "../../provider/resources/resource-group";
import { role } from "../../provider/resources/role";
import { roleMembership } from "../../provider/resources/role-membership";
import { user } from "../../provider/resources/user";
import { UNKNOWN, type Values } from "../support/declared";
import { diffCases, decisionOf, describeDiffOf, type DiffCase, type DiffTable } from "../support/diff-table";

function casesOf(base: Values) {
  const { input, timeout } = diffCases(base, base);
  const timeouts: DiffTable = {
    timeouts: input("timeouts", "none", [{}, { create: 5 }], { leftOut: [{ create: 5 }] }),
    "timeouts.create": timeout("create"),
    "timeouts.update": timeout("update"),
    "timeouts.delete": timeout("delete"),
  };
  return { input, timeouts };
}

const descriptionOf = (input: ReturnType<typeof casesOf>["input"]): DiffCase =>
  input("description", "update", ["", "Reads"], {
    changes: [
      {
        from: "",
        to: "Reads",
        old: /this server keeps no descriptions of users and roles \(needs Milvus 2\.6\.19 or later, it is v2\.3\.5-lite\)/,
        new: "update",
      },
    ],
    leftOut: [""],
  });

describe("diff of a User", () => {
  const { input, timeouts } = casesOf({ userName: "alice", password: "correct horse" });
  describeDiffOf(user.inputs, {
    userName: input("userName", "replace", ["alice", "bob"]),
    password: input("password", "update", ["correct horse", "battery staple"]),
    description: descriptionOf(input),
    ...timeouts,
  });
});

describe("diff of a Role", () => {
  const { input, timeouts } = casesOf({ roleName: "readers" });
  describeDiffOf(role.inputs, {
    roleName: input("roleName", "replace", ["readers", "writers"]),
    description: descriptionOf(input),
    ...timeouts,
  });
});

describe("diff of a RoleMembership", () => {
  const { input, timeouts } = casesOf({ userName: "alice", roleName: "readers" });
  describeDiffOf(roleMembership.inputs, {
    userName: input("userName", "replace", ["alice", "bob"]),
    roleName: input("roleName", "replace", ["readers", "writers"]),
    ...timeouts,
  });
});

const GRANT = { roleName: "readers", privilege: "Search", databaseName: "app", collectionName: "documents" };

describe("diff of a Grant", () => {
  const { input, timeouts } = casesOf(GRANT);
  describeDiffOf(grant.inputs, {
    roleName: input("roleName", "replace", ["readers", "writers"]),
    privilege: input("privilege", "replace", ["Search", "Query"]),
    databaseName: input("databaseName", "replace", ["app", "other"]),
    collectionName: input("collectionName", "replace", ["documents", "papers"], { leftOut: ["*"] }),
    userName: input("userName", "replace", ["alice", "bob"]),
    ...timeouts,
  });
});

describe("diff of a PrivilegeGroup", () => {
  const { input, timeouts } = casesOf({ privilegeGroupName: "reading", privileges: ["Query", "Search"] });
  describeDiffOf(privilegeGroup.inputs, {
    privilegeGroupName: input("privilegeGroupName", "replace", ["reading", "writing"]),
    privileges: input("privileges", "update", [["Query"], ["Query", "Search"]], {
      same: [[["Query", "Search"], { Search: true, Query: true }]],
    }),
    ...timeouts,
  });
});

describe("diff of a ResourceGroup", () => {
  const { input, timeouts } = casesOf({ resourceGroupName: "fast", requests: 1 });
  describeDiffOf(resourceGroup.inputs, {
    resourceGroupName: input("resourceGroupName", "replace", ["fast", "slow"]),
    requests: input("requests", "update", [1, 2]),
    // Left out, it is what the group requests.
    limits: input("limits", "update", [1, 2], { leftOut: [1] }),
    ...timeouts,
  });

  test("a limit that is left out is as many as are requested", async () => {
    const state = { resourceGroupName: "fast", requests: 1, limits: 3 };
    expect((await decisionOf(resourceGroup, state, { resourceGroupName: "fast", requests: 1 })).outcome).toBe(
      "update",
    );
  });

  test("a limit that is not known yet may be another one", async () => {
    const state = { resourceGroupName: "fast", requests: 1, limits: 1 };
    expect((await decisionOf(resourceGroup, state, { ...state, limits: UNKNOWN })).outcome).toBe("update");
  });
});

describe("what another name stands for", () => {
  test.each<[string, unknown, Values, Values]>([
    ["user", user, { userName: "alice", password: "x" }, { userName: "bob", password: "x" }],
    ["role", role, { roleName: "readers" }, { roleName: "writers" }],
    [
      "membership",
      roleMembership,
      { userName: "alice", roleName: "readers" },
      { userName: "alice", roleName: "writers" },
    ],
    ["grant", grant, GRANT, { ...GRANT, privilege: "Query" }],
    [
      "privilege group",
      privilegeGroup,
      { privilegeGroupName: "a", privileges: [] },
      { privilegeGroupName: "b", privileges: [] },
    ],
    ["resource group", resourceGroup, { resourceGroupName: "a" }, { resourceGroupName: "b" }],
  ])("a %s is made before the old one goes", async (_kind, resource, olds, news) => {
    const decision = await decisionOf(resource as Resource<Milvus, object, object>, olds, news);
    expect(decision).toMatchObject({ outcome: "replace", deleteBeforeReplace: false });
  });
});

describe("when the engine asks what a replacement under the same name means for what depends on it", () => {
  test.each(["userName", "roleName"])("a membership whose %s is recreated is recreated", async (name) => {
    const state = { userName: "alice", roleName: "readers" };
    expect((await decisionOf(roleMembership, state, { ...state, [name]: UNKNOWN })).outcome).toBe("replace");
  });

  test("a grant to a role that is recreated is recreated", async () => {
    expect((await decisionOf(grant, GRANT, { ...GRANT, roleName: UNKNOWN })).outcome).toBe("replace");
  });

  test.each(["collectionName", "databaseName"])(
    "a grant stays when what its %s names is recreated: Milvus keeps it",
    async (name) => {
      expect((await decisionOf(grant, GRANT, { ...GRANT, [name]: UNKNOWN })).outcome).toBe("update");
    },
  );
});

describe("an id", () => {
  const server = { database: "app" } as Milvus;

  test.each<[string, unknown, string, Values]>([
    ["user", user, "alice", { userName: "alice" }],
    ["role", role, "readers", { roleName: "readers" }],
    ["membership", roleMembership, "readers/alice", { roleName: "readers", userName: "alice" }],
    ["grant", grant, "readers/app/documents/Search", GRANT],
    [
      "grant on everything",
      grant,
      "readers/*/*/All",
      { ...GRANT, databaseName: "*", collectionName: "*", privilege: "All" },
    ],
    [
      "grant about a user",
      grant,
      "readers/app/alice/UpdateUser",
      {
        roleName: "readers",
        databaseName: "app",
        privilege: "UpdateUser",
        collectionName: "*",
        userName: "alice",
      },
    ],
    ["privilege group", privilegeGroup, "reading", { privilegeGroupName: "reading" }],
    ["resource group", resourceGroup, "fast", { resourceGroupName: "fast" }],
  ])("of a %s says what it is the id of, and back", (_kind, any, id, state) => {
    const resource = any as Resource<Milvus, object, object>;
    expect(resource.fromId(id, server)).toEqual(state);
    expect(resource.id(state)).toBe(id);
  });

  test.each([
    ["readers", roleMembership, /must be ROLE\/USER/],
    ["a/b/c", roleMembership, /must be ROLE\/USER/],
    ["readers/app/Search", grant, /must be ROLE\/DATABASE\/COLLECTION\/PRIVILEGE/],
    ["readers/app/documents/Search/more", grant, /must be ROLE\/DATABASE\/COLLECTION\/PRIVILEGE/],
  ])("%s is refused", (id, resource, message) => {
    expect(() => resource.fromId(id, server)).toThrow(message);
  });
});
