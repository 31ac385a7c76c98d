/**
 * Users, roles and grants through the real engine, on a real Milvus with authorization on: who may do what, and that
 * nobody may do more; where passwords must not stand; what drift, removal and replacement mean.
 */
import { type FeatureName, knows } from "../../provider/milvus/versions";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

import type { OperationResult, StateResource, Workspace } from "../../tools/stack";
import { environmentOf, testServers, testVersion } from "../support/servers";
import {
  accessTo,
  expectUnreachable,
  FIELDS,
  linesWith,
  live,
  program,
  said,
  stackLines,
} from "./support/live";
import { type Outcome, TestAccess } from "./support/access";

// Before the connections are closed, which live() sees to.
afterAll(() => access.cleanUp([database]));
const context = live(testServers().quiet);
const { milvus, database: here } = context;
const suffix = context.name("");
const access = new TestAccess(milvus, suffix);

const database = context.name("tenant");
const readers = context.name("readers");
const alice = context.name("alice");
const docs = context.name("docs");
const CLI = join(__dirname, "..", "..", "dist", "cli", "main.js");
const PASSWORDS = {
  first: `first-${suffix}-horse`,
  second: `second-${suffix}-battery`,
  third: `third-${suffix}-staple`,
  theirs: `theirs-${suffix}-else`,
};
const everyPassword = Object.values(PASSWORDS);

const CONFIG = `const own = new pulumi.Config("own");`;
const ROLE = `const readers = new milvus.Role("readers", { roleName: "${readers}" });`;
const USER = `const alice = new milvus.User("alice", { userName: "${alice}", password: own.requireSecret("password") });`;
const MEMBERSHIP = `const membership = new milvus.RoleMembership("alice_reads", {
  userName: alice.userName, roleName: readers.roleName });`;
const COLLECTION = `const docs = new milvus.Collection("documents", {
  databaseName: "${database}", collectionName: "${docs}", fields: ${FIELDS} });`;
const GRANT = `new milvus.Grant("may_list", { roleName: readers.roleName, privilege: "ShowPartitions",
  databaseName: "${database}", collectionName: docs.collectionName });`;
const GRANT_ALL = `new milvus.Grant("may_search", { roleName: readers.roleName, privilege: "Search",
  databaseName: "${database}", collectionName: "*" });`;
const GRANT_GLOBAL = `new milvus.Grant("may_look", { roleName: readers.roleName, privilege: "ShowCollections",
  databaseName: "${database}" });`;
const ALL = [CONFIG, ROLE, USER, MEMBERSHIP, COLLECTION, GRANT, GRANT_ALL, GRANT_GLOBAL];

const configOf = (password: string, address?: string) => ({
  ...accessTo(milvus.server, address),
  "own:password": { secret: password },
});

const expectAlice = (password: string, outcome: Outcome, db = database): Promise<void> =>
  access.expectListing({ name: alice, password }, outcome, db, docs);

const ofKind = (resources: readonly StateResource[], kind: string): StateResource | undefined =>
  resources.find(({ type }) => type.endsWith(`:${kind}`));

const withoutPasswords = (text: string): void => {
  for (const password of everyPassword) {
    expect(text).not.toContain(password);
    expect(text).not.toContain(Buffer.from(password).toString("base64"));
  }
};

/** In all that a call says and in the state, engine's diffs and debug output included. */
async function expectNoPasswords(stack: Workspace, ...results: OperationResult[]): Promise<void> {
  for (const result of results) withoutPasswords(said(result));
  withoutPasswords(JSON.stringify(await stack.stackExport()));
}

beforeAll(async () => {
  await access.createDatabase(database);
  // Its namesake, which nothing is granted on.
  await milvus.createCollection(docs);
});

describe("A stack of users, roles and grants", () => {
  let stack: Workspace;
  let up: OperationResult;

  beforeAll(async () => {
    stack = await context.stack(program(...ALL), { config: configOf(PASSWORDS.first) });
    up = await stack.up({ args: ["--debug", "--diff"] });
  });

  test("makes them as they are declared, each grant in its database", async () => {
    expect(await access.users()).toEqual([alice]);
    expect(await access.roles()).toEqual([readers]);
    expect(await access.rolesOf(alice)).toEqual([readers]);
    expect(await access.grants(readers, database)).toEqual([
      "Collection * Search",
      `Collection ${docs} ShowPartitions`,
      "Global * ShowCollections",
    ]);
    expect(await access.grants(readers, here)).toEqual([]);
    expect(up.summary).toMatchObject({ create: 8 });
  });

  test("lets the user do what is granted, there and nowhere else", async () => {
    await expectAlice(PASSWORDS.first, "allowed");
    await expectAlice(PASSWORDS.first, "denied", here);
    await expectAlice(PASSWORDS.second, "not logged in");
  });

  test("has ids that tell what they are the ids of", async () => {
    const resources = await stack.resources();
    expect(ofKind(resources, "User")?.id).toBe(alice);
    expect(ofKind(resources, "Role")?.id).toBe(readers);
    expect(ofKind(resources, "RoleMembership")?.id).toBe(`${readers}/${alice}`);
    const grants = resources.filter(({ type }) => type.endsWith(":Grant")).map(({ id }) => id);
    expect(grants).toContain(`${readers}/${database}/${docs}/ShowPartitions`);
    expect(grants).toContain(`${readers}/${database}/*/ShowCollections`);
  });

  test("keeps the password encrypted, in inputs and outputs both, and shows it nowhere", async () => {
    await expectNoPasswords(stack, up);
    const secret = { ciphertext: expect.any(String) as string };
    const found = ofKind(await stack.resources(), "User");
    expect(found?.inputs?.["password"]).toMatchObject(secret);
    expect(found?.outputs?.["password"]).toMatchObject(secret);
  });

  test("shows no changes at a second preview, nor after a refresh, and the password stays encrypted", async () => {
    const none = { create: 0, update: 0, delete: 0, replace: 0 };
    expect((await stack.preview({ args: ["--expect-no-changes"] })).summary).toMatchObject(none);
    const refresh = await stack.refresh({ args: ["--debug", "--diff"] });
    expect(refresh.summary).toMatchObject(none);
    await expectNoPasswords(stack, refresh);
    expect(ofKind(await stack.resources(), "User")?.outputs?.["password"]).toMatchObject({
      ciphertext: expect.any(String) as string,
    });
    expect((await stack.preview({ args: ["--expect-no-changes"] })).summary).toMatchObject(none);
  });

  describe("whose password changes", () => {
    let preview: OperationResult;
    let changed: OperationResult;
    beforeAll(async () => {
      await stack.config({ "own:password": { secret: PASSWORDS.second } });
      preview = await stack.preview({ args: ["--debug", "--diff"] });
      changed = await stack.up({ args: ["--debug", "--diff"] });
    });

    test("changes it in place, and leaves what depends on the user alone", () => {
      const one = { create: 0, update: 1, delete: 0, replace: 0 };
      expect(preview.summary).toMatchObject(one);
      expect(changed.summary).toMatchObject(one);
    });

    test("lets the user in with the new one only", async () => {
      await expectAlice(PASSWORDS.second, "allowed");
      await expectAlice(PASSWORDS.first, "not logged in");
    });

    test("shows neither of them", () => expectNoPasswords(stack, preview, changed));
  });

  describe("whose password somebody else changed", () => {
    let refused: OperationResult;
    beforeAll(async () => {
      await access.setPassword(alice, PASSWORDS.second, PASSWORDS.theirs);
      await stack.config({ "own:password": { secret: PASSWORDS.third } });
      refused = await stack.up({ expectFailure: true });
    });

    test("says that the old one in the state is not right any more, and the two ways out", () => {
      expect(refused.code).not.toBe(0);
      const text = said(refused);
      expect(text).toContain(`the password of user ${alice} is not changed: Milvus wants the old one`);
      expect(text).toContain("Declare the password that the user has now and run `pulumi up`");
      expect(text).toContain("When nobody knows it, drop the user on the server");
      expect(stackLines(refused)).toEqual([]);
    });

    test("shows none of the passwords", () => expectNoPasswords(stack, refused));

    test("leaves the user as it is", async () => {
      await expectAlice(PASSWORDS.theirs, "allowed");
    });

    test("goes on once the right one is declared, and changes it from there", async () => {
      await stack.config({ "own:password": { secret: PASSWORDS.theirs } });
      await stack.up();
      await stack.config({ "own:password": { secret: PASSWORDS.third } });
      await stack.up();
      await expectAlice(PASSWORDS.third, "allowed");
    });

    test("or has the user made anew, with the memberships, once somebody dropped it", async () => {
      await access.dropUser(alice);
      expect((await stack.refresh()).summary).toMatchObject({ delete: 2 });
      const result = await stack.up();
      expect(result.summary).toMatchObject({ create: 2, replace: 0 });
      expect(await access.rolesOf(alice)).toEqual([readers]);
      await expectAlice(PASSWORDS.third, "allowed");
      await expectNoPasswords(stack, result);
    });
  });

  describe("of which somebody else took parts away", () => {
    let refresh: OperationResult;
    let again: OperationResult;
    beforeAll(async () => {
      await access.revoke(readers, database, "Search");
      await access.takeOutOf(readers, alice);
      refresh = await stack.refresh();
      again = await stack.up();
    });

    test("notices it at refresh", () => {
      expect(refresh.summary).toMatchObject({ delete: 2 });
    });

    test("makes it whole at the next up", async () => {
      expect(again.summary).toMatchObject({ create: 2, update: 0, delete: 0, replace: 0 });
      expect(await access.grants(readers, database)).toContain("Collection * Search");
      await expectAlice(PASSWORDS.third, "allowed");
    });
  });

  describe("from which a grant and a membership are removed", () => {
    test("revokes the grant, and refuses from then on what it allowed", async () => {
      stack.program(program(...ALL.filter((statement) => statement !== GRANT)));
      const result = await stack.up();
      expect(result.summary).toMatchObject({ delete: 1, replace: 0 });
      expect(linesWith(result, `revoked grant of ShowPartitions on ${database}/${docs}`)).not.toEqual([]);
      await expectAlice(PASSWORDS.third, "denied");
    });

    test("takes the user out of the role", async () => {
      stack.program(program(...ALL.filter((statement) => statement !== MEMBERSHIP)));
      await stack.up();
      expect(await access.rolesOf(alice)).toEqual([]);
      await expectAlice(PASSWORDS.third, "denied");
      stack.program(program(...ALL));
      await stack.up();
      await expectAlice(PASSWORDS.third, "allowed");
    });
  });

  describe("whose role gets another name", () => {
    const writers = context.name("writers");
    let result: OperationResult;
    beforeAll(async () => {
      stack.program(program(...ALL.map((statement) => statement.replace(readers, writers))));
      result = await stack.up();
    });

    test("makes the new one with all that the old one had, and drops the old one", async () => {
      expect(result.summary).toMatchObject({ replace: 5 });
      expect(await access.roles()).toEqual([writers]);
      expect(await access.grants(writers, database)).toHaveLength(3);
      expect(await access.rolesOf(alice)).toEqual([writers]);
      await expectAlice(PASSWORDS.third, "allowed");
    });

    test("says of none of its grants that nothing declares it", () => {
      expect(said(result)).not.toContain("which no Grant that depends on the role declares");
    });

    test("and back", async () => {
      stack.program(program(...ALL));
      await stack.up();
      expect(await access.roles()).toEqual([readers]);
    });
  });

  describe("whose role goes with grants that the stack does not know,", () => {
    let removed: OperationResult;
    let made: OperationResult;
    beforeAll(async () => {
      await access.grant(readers, database, "Insert");
      await access.grant(readers, here, "Delete");
      stack.program(program(CONFIG, USER, COLLECTION));
      removed = await stack.up();
      stack.program(program(CONFIG, ROLE, USER, MEMBERSHIP, COLLECTION));
      made = await stack.up();
    });

    test("revokes them in every database, and names them", () => {
      for (const grant of [`Insert on ${database}/*`, `Delete on ${here}/*`])
        expect(
          linesWith(
            removed,
            `revoked grant of ${grant} to role ${readers}, which no Grant that depends on the role declares`,
          ),
        ).not.toEqual([]);
      expect(linesWith(removed, `dropped role ${readers}`)).not.toEqual([]);
    });

    test("has a role of that name without any of them afterwards", async () => {
      expect(made.summary).toMatchObject({ create: 2 });
      expect(await access.grants(readers, database)).toEqual([]);
      expect(await access.grants(readers, here)).toEqual([]);
      await expectAlice(PASSWORDS.third, "denied");
    });
  });

  describe("whose role was dropped by hand and left a grant behind,", () => {
    test("gets a new one without it, and says so", async () => {
      await access.grant(readers, database, "Insert");
      // Milvus looks into the default database only.
      await milvus.client.dropRole({ roleName: readers });
      await stack.refresh();
      const result = await stack.up();
      expect(await access.roles()).toEqual([readers]);
      expect(await access.grants(readers, database)).toEqual([]);
      expect(
        linesWith(
          result,
          `revoked grant of Insert on ${database}/* to role ${readers}, which a role of the same`,
        ),
      ).not.toEqual([]);
    });
  });

  describe("that is destroyed", () => {
    let destroy: OperationResult;
    beforeAll(async () => {
      stack.program(program(...ALL));
      await stack.up();
      destroy = await stack.destroy({ args: ["--debug"] });
    });

    test("leaves nothing on the server, and nothing in the state", async () => {
      expect([await access.users(), await access.roles()]).toEqual([[], []]);
      expect(await stack.resources()).toEqual([]);
      await expectNoPasswords(stack, destroy);
    });

    test("says of none of its grants that nothing declares it", () => {
      expect(said(destroy)).not.toContain("which no Grant that depends on the role declares");
    });
  });
});

describe("What exists already", () => {
  const bob = context.name("bob");
  const writers = context.name("writers");
  const declared = program(
    CONFIG,
    `const user = new milvus.User("bob", { userName: "${bob}", password: own.requireSecret("password") });`,
    `const role = new milvus.Role("writers", { roleName: "${writers}" });`,
    `new milvus.RoleMembership("bob_writes", { userName: user.userName, roleName: role.roleName });`,
    `new milvus.Grant("insert", { roleName: role.roleName, privilege: "Insert", databaseName: "${database}",
       collectionName: "*" });`,
  );
  let stack: Workspace;

  beforeAll(async () => {
    await access.createUser(bob, PASSWORDS.theirs);
    await access.createRole(writers);
    await access.grant(writers, database, "Insert");
    stack = await context.stack(declared, { config: configOf(PASSWORDS.first) });
  });

  test("is a user whose password is another one: an error that says so, and shows none", async () => {
    const refused = await stack.up({ expectFailure: true });
    expect(said(refused)).toContain(`user ${bob} exists already and differs from the program in password`);
    expect(stackLines(refused)).toEqual([]);
    await expectNoPasswords(stack, refused);
  });

  test("is taken over when it is equal, and the log says so", async () => {
    await stack.config({ "own:password": { secret: PASSWORDS.theirs } });
    const taken = await stack.up();
    for (const line of [
      `user ${bob} exists already and is taken over`,
      `grant of Insert on ${database}/* to role ${writers} exists already and is taken over`,
    ])
      expect(linesWith(taken, line)).not.toEqual([]);
    expect(await access.rolesOf(bob)).toEqual([writers]);
  });

  test("can be read by its ids", async () => {
    stack.program(
      `${declared}
       const role_ = milvus.Role.get("found_role", "${writers}");
       const user_ = milvus.User.get("found_user", "${bob}");
       const membership_ = milvus.RoleMembership.get("found_membership", "${writers}/${bob}");
       const grant_ = milvus.Grant.get("found_grant", "${writers}/${database}/*/Insert");
       exports.found = pulumi.all([role_.roleName, user_.userName, membership_.userName, grant_.privilege,
         grant_.databaseName, grant_.collectionName]);`,
    );
    await stack.up();
    expect((await stack.outputs())["found"]).toEqual([writers, bob, bob, "Insert", database, "*"]);
    await expectNoPasswords(stack);
  });

  test("is exported, each secret left to the config, and taken over by the exported program as it is", async () => {
    const all = execFileSync(process.execPath, [CLI, "export"], {
      env: { ...process.env, ...environmentOf(milvus.server) },
      encoding: "utf8",
    });
    withoutPasswords(all);
    const [head = "", ...statements] = all.split(/\n(?=new |\nconst \w+ = new milvus)/);
    const ours = statements.filter(
      (statement) => statement.includes(suffix) && !/Collection/.test(statement),
    );
    expect(ours.map((statement) => /new milvus\.(\w+)/.exec(statement)?.[1]).sort()).toEqual(
      expect.arrayContaining(["Grant", "Role", "RoleMembership", "User"]),
    );
    const other = await context.stack([head, ...ours].join("\n"), {
      language: "ts",
      config: { ...accessTo(milvus.server), [`test:${bob}_password`]: { secret: PASSWORDS.theirs } },
    });
    const taken = await other.up();
    expect(linesWith(taken, `user ${bob} exists already and is taken over`)).not.toEqual([]);
    expect((await other.preview({ args: ["--expect-no-changes"] })).summary).toMatchObject({ update: 0 });
  });

  test("goes with the stack", async () => {
    await stack.destroy();
    expect([await access.users(), await access.roles()]).toEqual([[], []]);
  });
});

describe("When the server is unreachable,", () => {
  test("refresh and destroy fail and take nothing for gone", async () => {
    const proxy = await context.proxy();
    const stack = await context.stack(program(...ALL.map((one) => one.replace(docs, `${docs}_2`))), {
      config: configOf(PASSWORDS.first, proxy.address),
    });
    await stack.up();
    const before = (await stack.resources()).map(({ urn, id }) => [urn, id]);
    proxy.off();
    for (const command of ["refresh", "destroy"] as const) {
      const result = await stack[command]({ expectFailure: true });
      expectUnreachable(result, proxy.address);
      withoutPasswords(said(result));
    }
    expect((await stack.resources()).map(({ urn, id }) => [urn, id])).toEqual(before);
    await proxy.on();
    await stack.destroy();
    expect([await access.users(), await access.roles()]).toEqual([[], []]);
  });
});

describe("What is wrong", () => {
  /** With the feature whose servers take it. */
  const wrong: readonly (readonly [string, string, string, FeatureName?])[] = [
    [
      "a privilege that there is not",
      `new milvus.Grant("wrong", { roleName: "public", privilege: "Serach", collectionName: "*" });`,
      'Milvus has no privilege "Serach"; did you mean "Search"?',
    ],
    [
      "a built-in group, which this server does not have",
      `new milvus.Grant("wrong", { roleName: "public", privilege: "CollectionReadOnly", collectionName: "*" });`,
      "uses privilege groups, which needs Milvus 2.5.0 or later; this server is v",
      "privilegeGroups",
    ],
    [
      "all databases, which this server cannot say",
      `new milvus.Grant("wrong", { roleName: "public", privilege: "ListDatabases", databaseName: "*" });`,
      "uses grants for all databases, which needs Milvus 2.5.0 or later",
      "grantsOnCollections",
    ],
    [
      "a privilege that this server grants on all collections",
      `new milvus.Grant("wrong", { roleName: "public", privilege: "DescribeCollection", collectionName: "docs" });`,
      'before Milvus 2.5 DescribeCollection is granted on all collections of a database or on none. Set collectionName to "*"',
      "grantsOnCollections",
    ],
    [
      "a role that there is not",
      `new milvus.Grant("wrong", { roleName: "${context.name("nobody")}", privilege: "Search", collectionName: "*" });`,
      "Declare the Role in the program and pass its roleName, so that it is made first",
    ],
    [
      "a user that there is not",
      `new milvus.RoleMembership("wrong", { userName: "${context.name("nobody")}", roleName: "public" });`,
      "Declare the User in the program and pass its userName, so that it is made first",
    ],
    [
      "a privilege group",
      `new milvus.PrivilegeGroup("wrong", { privileges: ["Search"] });`,
      "privilege group wrong uses privilege groups, which needs Milvus 2.5.0 or later",
      "privilegeGroups",
    ],
  ];
  const told = wrong
    .filter(([, , , feature]) => feature === undefined || !knows(testVersion(), feature))
    .map(([what, statement, words]) => [what, statement, words] as const);
  let stack: Workspace;
  beforeAll(async () => {
    stack = await context.stack(program());
  });

  test.each(told)("is told: %s", async (_what, statement, words) => {
    stack.program(program(statement));
    const result = await stack.up({ expectFailure: true });
    expect(result.code).not.toBe(0);
    expect(said(result)).toContain(words);
    expect(stackLines(result)).toEqual([]);
  });
});
