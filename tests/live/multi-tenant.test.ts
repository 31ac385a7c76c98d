/** examples/multi-tenant on a real Milvus with authorization on: everybody in the own tenant's database, nobody elsewhere. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { OperationResult, Workspace } from "../../tools/stack";
import { testServers } from "../support/servers";
import { type Outcome, TestAccess } from "./support/access";
import { accessTo, live, said } from "./support/live";

const EXAMPLE = join(__dirname, "..", "..", "examples", "multi-tenant", "index.ts");
const passwordOf = (user: string): string => `password-of-${user}`;

const milvus = () => context.milvus;
const access = () => new TestAccess(milvus(), suffix);
// Before the connections are closed, which live() sees to.
afterAll(() => access().cleanUp([]));
const context = live(testServers().quiet);
const suffix = context.name("");
// User names have 32 characters at most.
const [acme, globex] = ["acme", "globex"].map((name) => `${name}${suffix}`) as [string, string];

const usersOf = (tenant: string): string[] => [`${tenant}_reader`, `${tenant}_writer`];
const tenants = (...names: string[]) => ({ "test:tenants": JSON.stringify(names) });

const expectThat = (user: string, outcome: Outcome, database: string): Promise<void> =>
  access().expectListing({ name: user, password: passwordOf(user) }, outcome, database, "documents");

const databases = async (): Promise<string[]> => (await milvus().databasesOf(suffix)).sort();

describe("The example of a Milvus for many tenants", () => {
  let stack: Workspace;
  let up: OperationResult;

  beforeAll(async () => {
    const passwords = [acme, globex]
      .flatMap(usersOf)
      .map((user) => [`test:${user}_password`, { secret: passwordOf(user) }] as const);
    stack = await context.stack(readFileSync(EXAMPLE, "utf8"), {
      language: "ts",
      config: { ...accessTo(milvus().server), ...tenants(acme, globex), ...Object.fromEntries(passwords) },
    });
    up = await stack.up();
  });

  test("makes a database with a collection for each tenant, and two users in their roles", async () => {
    expect(await databases()).toEqual([acme, globex]);
    for (const user of [acme, globex].flatMap(usersOf)) {
      expect(await access().rolesOf(user)).toEqual([user]);
      expect((await access().grants(user, user.replace(/_(reader|writer)$/, ""))).length).toBeGreaterThan(5);
      expect(await access().grants(user, context.database)).toEqual([]);
    }
    expect((await stack.preview({ args: ["--expect-no-changes"] })).summary).toMatchObject({ update: 0 });
  });

  test("lets readers read in their tenant's database, and nobody in another's", async () => {
    await expectThat(`${acme}_reader`, "allowed", acme);
    await expectThat(`${acme}_reader`, "denied", globex);
    await expectThat(`${globex}_reader`, "allowed", globex);
    await expectThat(`${globex}_reader`, "denied", acme);
    await expectThat(`${globex}_reader`, "denied", context.database);
  });

  test("shows no password", async () => {
    const all = said(up) + JSON.stringify(await stack.stackExport());
    for (const user of [acme, globex].flatMap(usersOf)) expect(all).not.toContain(passwordOf(user));
  });

  test("takes a tenant out with all that it had, and leaves the other alone", async () => {
    await stack.config(tenants(acme));
    await stack.up();
    expect(await databases()).toEqual([acme]);
    expect((await access().roles()).sort()).toEqual(usersOf(acme));
    expect((await access().users()).sort()).toEqual(usersOf(acme));
    await expectThat(`${acme}_reader`, "allowed", acme);
    await expectThat(`${globex}_reader`, "not logged in", acme);
  });

  test("leaves nothing behind", async () => {
    await stack.destroy();
    expect(await databases()).toEqual([]);
    expect([await access().users(), await access().roles()]).toEqual([[], []]);
  });
});
