/** Check of users, roles, memberships, grants, privilege groups and resource groups. */
import { grant } from "../../provider/resources/grant";
import { privilegeGroup } from "../../provider/resources/privilege-group";
import { resourceGroup } from "../../provider/resources/resource-group";
import { role } from "../../provider/resources/role";
import { roleMembership } from "../../provider/resources/role-membership";
import { user } from "../../provider/resources/user";
import { checkCases, type CheckCase, type CheckTable, describeCheckOf } from "../support/check-table";
import { checked, failuresOf, UNKNOWN, type Values, withValue } from "../support/declared";

const LONGEST_NAME = "n".repeat(255);
const NO_TEXT = [[5, /must be a string, not a number/]] as const;

type Rest = Omit<CheckCase, "at" | "put">;

/** Cases of one input beside others that are sound. */
function casesOf(base: Values) {
  const { input, timeout } = checkCases(base);
  const timeouts: CheckTable = {
    timeouts: input("timeouts", { good: [{}], wrongType: [[60, /must be an object, not a number/]] }),
    "timeouts.create": timeout("create"),
    "timeouts.update": timeout("update"),
    "timeouts.delete": timeout("delete"),
  };
  return { input, timeouts };
}

const nameOf = (kind: string): Rest => ({
  good: ["a", "_private", "With_Digits_09", LONGEST_NAME],
  wrongType: NO_TEXT,
  bad: [
    ["bad-name", new RegExp(`"bad-name": a ${kind} name has letters, digits and underscores only`)],
    ["a/b", new RegExp(`a ${kind} name has letters, digits and underscores only`)],
    ["2024", new RegExp(`a ${kind} name .* starts with a letter or an underscore`)],
    [`${LONGEST_NAME}n`, /at most 255 characters, has 256/],
  ],
});

const USER_NAME: Rest = {
  good: ["a", "alice_2", "svc.reader-1", "n".repeat(32)],
  wrongType: NO_TEXT,
  bad: [
    ["_alice", /a user name .* starts with a letter/],
    ["ali/ce", /a user name has letters, digits and underscores only/],
    ["n".repeat(33), /at most 32 characters, has 33/],
  ],
};

const DESCRIPTION: Rest = { good: ["", "Reads what the assistant may quote"], wrongType: NO_TEXT };

describe("check of a User", () => {
  const BASE = { userName: "alice", password: "correct horse" };
  const { input, timeouts } = casesOf(BASE);
  describeCheckOf(user, {
    userName: input("userName", USER_NAME),
    password: input("password", {
      good: ["123456", "üüü", "p".repeat(72), "ü".repeat(36)],
      wrongType: [[123_456, /^must be a string$/]],
      bad: [
        ["12345", /^must have 6 bytes or more$/],
        ["üü1", /^must have 6 bytes or more$/],
        ["p".repeat(73), /^must have at most 72 bytes, in UTF-8/],
        ["ü".repeat(37), /^must have at most 72 bytes, in UTF-8/],
      ],
    }),
    description: input("description", DESCRIPTION),
    ...timeouts,
  });

  test("leaves the line end of a file off a password, and nothing else, and shows neither", async () => {
    const password = " with-blanks-4711 ";
    const given = { ...BASE, password: `${password}\r\n`, userName: `${password}/` };
    const { inputs, failures } = await checked(user, given);
    expect(inputs["password"]).toBe(password);
    expect(failures).toHaveLength(1);
    expect(JSON.stringify(failures)).not.toContain("4711");
    expect(await failuresOf(user, { ...BASE, password: "12345\n" })).toEqual([
      { property: "password", reason: "must have 6 bytes or more" },
    ]);
  });

  test("needs a password", async () => {
    expect(await failuresOf(user, { userName: "alice" })).toEqual([
      { property: "password", reason: "is required and missing" },
    ]);
  });

  test.each([["abc"], [987_654_321], [{ secret: "in here" }], ["p".repeat(300)]])(
    "says nothing of the password %p",
    async (password) => {
      const failures = await failuresOf(user, { ...BASE, password });
      expect(failures).toHaveLength(1);
      expect(JSON.stringify(failures)).not.toMatch(/abc|987654321|in here|ppp|300/);
    },
  );

  test("shows a password nowhere from then on, marked as a secret or not", async () => {
    const password = "shown_never_9d1";
    const failures = await failuresOf(user, { ...BASE, password, userName: password, [password]: 1 });
    expect(failures.length).toBeGreaterThan(0);
    expect(JSON.stringify(failures)).not.toContain(password);
  });

  test("takes the logical name", async () => {
    const { inputs } = await checked(user, { password: "correct horse" });
    expect(inputs["userName"]).toBe("logical_name");
  });
});

describe("check of a Role", () => {
  const { input, timeouts } = casesOf({ roleName: "readers" });
  describeCheckOf(role, {
    roleName: input("roleName", nameOf("role")),
    description: input("description", DESCRIPTION),
    ...timeouts,
  });

  test.each(["admin", "public"])("refuses Milvus's own role %s", async (roleName) => {
    expect(await failuresOf(role, { roleName })).toEqual([
      {
        property: "roleName",
        reason: expect.stringContaining("Milvus's own role and always there") as string,
      },
    ]);
  });
});

describe("check of a RoleMembership", () => {
  const { input, timeouts } = casesOf({ userName: "alice", roleName: "readers" });
  describeCheckOf(roleMembership, {
    userName: input("userName", USER_NAME),
    roleName: input("roleName", nameOf("role")),
    ...timeouts,
  });

  test("may name Milvus's own role", async () => {
    expect(await failuresOf(roleMembership, { userName: "alice", roleName: "admin" })).toEqual([]);
  });
});

describe("check of a Grant", () => {
  const BASE = { roleName: "readers", privilege: "Search", databaseName: "app", collectionName: "documents" };
  const { input, timeouts } = casesOf(BASE);
  const orAny = (kind: string): Rest => {
    const { good, wrongType, bad } = nameOf(kind);
    return { good: [...good, "*"], wrongType, bad: [...(bad ?? []), ["a*", /; or "\*" for all of them$/]] };
  };
  describeCheckOf(grant, {
    roleName: input("roleName", nameOf("role")),
    privilege: input("privilege", {
      good: ["Search", "CollectionAdmin", "my_group"],
      wrongType: NO_TEXT,
      bad: [
        ["*", /"\*": must be the name of a privilege or a privilege group/],
        ["Search/Query", /must be the name of a privilege/],
      ],
    }),
    databaseName: input("databaseName", orAny("database")),
    collectionName: input("collectionName", orAny("collection")),
    userName: {
      at: "userName",
      put: (value) => withValue({ roleName: "readers", privilege: "UpdateUser" }, "userName", value),
      ...USER_NAME,
    },
    ...timeouts,
  });

  test.each<[string, Values]>([
    ["a privilege about databases without a collection", { privilege: "CreateCollection" }],
    ["a privilege about databases on all collections", { privilege: "DropCollection", collectionName: "*" }],
    ["a privilege about the server", { privilege: "CreateDatabase", databaseName: "*" }],
    ["every privilege", { privilege: "All" }],
    ["a group of a user", { privilege: "my_group" }],
    ["a built-in group of the server", { privilege: "ClusterAdmin", databaseName: "*" }],
    ["a built-in group of databases", { privilege: "DatabaseReadOnly", databaseName: "app" }],
    ["what is about users", { privilege: "SelectUser" }],
    ["a collection that is not known yet", { privilege: "Search", collectionName: UNKNOWN }],
    ["a database that is not known yet", { privilege: "ClusterAdmin", databaseName: UNKNOWN }],
  ])("takes %s", async (_what, values) => {
    expect(await failuresOf(grant, { roleName: "readers", ...values })).toEqual([]);
  });

  test("says of a wrong collection only what is wrong with it", async () => {
    expect(await failuresOf(grant, { ...BASE, collectionName: "bad-name" })).toHaveLength(1);
  });

  test.each<[string, Values, string, RegExp]>([
    [
      "a privilege about collections without one",
      { privilege: "Search" },
      "collectionName",
      /is required for Search, which is about collections: name one, or "\*" for all of the database/,
    ],
    [
      "a group about collections without one",
      { privilege: "CollectionReadOnly" },
      "collectionName",
      /is required for CollectionReadOnly/,
    ],
    [
      "a privilege about databases on one collection",
      { privilege: "DropCollection", collectionName: "documents" },
      "collectionName",
      /cannot be "documents" for DropCollection, which is about databases: leave it out/,
    ],
    [
      "a privilege about the server on one collection",
      { privilege: "ListDatabases", collectionName: "documents" },
      "collectionName",
      /cannot be "documents" for ListDatabases, which is about the whole server/,
    ],
    [
      "a built-in group of the server in one database",
      { privilege: "ClusterAdmin", databaseName: "app" },
      "databaseName",
      /must be "\*" for ClusterAdmin/,
    ],
    [
      "a built-in group of the server in no database",
      { privilege: "ClusterReadOnly" },
      "databaseName",
      /must be "\*" for ClusterReadOnly/,
    ],
    [
      "a user for what is not about users",
      { privilege: "ListDatabases", userName: "alice" },
      "userName",
      /is only for UpdateUser and SelectUser, not for ListDatabases/,
    ],
  ])("refuses %s", async (_what, values, property, rule) => {
    expect(await failuresOf(grant, { roleName: "readers", ...values })).toEqual([
      { property, reason: expect.stringMatching(rule) as string },
    ]);
  });
});

describe("check of a PrivilegeGroup", () => {
  const { input, timeouts } = casesOf({ privilegeGroupName: "reading", privileges: ["Search", "Query"] });
  describeCheckOf(privilegeGroup, {
    privilegeGroupName: input("privilegeGroupName", nameOf("privilege group")),
    privileges: input("privileges", {
      good: [[], ["Search"], ["Query", "Search", "NewerThanTheTable"]],
      wrongType: [["Search", /must be a list, not a string/]],
      bad: [
        [["CreateCollection", "Search"], /CreateCollection is of level Database, Search of level Collection/],
      ],
    }),
    ...timeouts,
  });

  test.each(["ClusterAdmin", "Search"])("refuses %s, which Milvus has", async (privilegeGroupName) => {
    expect(await failuresOf(privilegeGroup, { privilegeGroupName, privileges: [] })).toEqual([
      {
        property: "privilegeGroupName",
        reason: `cannot be ${privilegeGroupName}: Milvus has a privilege of that name`,
      },
    ]);
  });
});

describe("check of a ResourceGroup", () => {
  const { input, timeouts } = casesOf({ resourceGroupName: "fast", requests: 1 });
  const NO_NUMBER = [["2", /must be a whole number, not "2"/]] as const;
  describeCheckOf(resourceGroup, {
    resourceGroupName: input("resourceGroupName", nameOf("resource group")),
    requests: input("requests", {
      good: [0, 1, 40],
      wrongType: NO_NUMBER,
      bad: [[-1, /must be 0 or more, not -1/]],
    }),
    limits: input("limits", {
      good: [1, 40],
      wrongType: NO_NUMBER,
      bad: [
        [0, /must be 1 or more, which is what the group requests, not 0/],
        [-1, /must be 0 or more, not -1/],
      ],
    }),
    ...timeouts,
  });

  test("refuses Milvus's own group", async () => {
    expect(await failuresOf(resourceGroup, { resourceGroupName: "__default_resource_group" })).toEqual([
      {
        property: "resourceGroupName",
        reason: expect.stringContaining("that is Milvus's own group") as string,
      },
    ]);
  });
});
