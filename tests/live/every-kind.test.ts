/**
 * One object of every kind in one stack, on a real Milvus 2.3.5 and on a fake of a newer one, which alone has privilege
 * groups: made, found as it is, without drift, missing, out of reach, and gone. A kind that joins the registry has to join this.
 */
import { knows, parseVersion } from "../../provider/milvus/versions";
import { type AnyResource, resources } from "../../provider/registry";
import type { Workspace } from "../../tools/stack";
import { gatewayTo } from "../support/gateways";
import { GrpcProxy } from "../support/grpc-proxy";
import { accessTo, expectUnreachable, FIELDS, HNSW, live, OF_ENGINE, program, said } from "./support/live";
import { driftOn } from "./support/report";
import { onServersOfEveryKind } from "./support/servers-of-every-kind";

type Kind = keyof typeof resources;

const context = live();
const named = (text: string): string => context.name(text);
const PASSWORD = `horse-${named("battery")}`;

/** In the order in which they can be declared. */
const STATEMENTS: Readonly<Record<Kind, string>> = {
  database: `const app = new milvus.Database("app", { databaseName: "${named("app")}" });`,
  collection: `const docs = new milvus.Collection("docs", { databaseName: app.databaseName, fields: ${FIELDS},
    timeouts: { delete: 8 } });`,
  partition: `new milvus.Partition("y2024", { collection: docs });`,
  partitionSet: `new milvus.PartitionSet("tenants", { collection: docs, partitionNames: ["t1", "t2"] });`,
  index: `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });`,
  collectionLoad: `new milvus.CollectionLoad("ready", { collection: docs });`,
  alias: `new milvus.Alias("current", { collection: docs });`,
  user: `const user = new milvus.User("alice", { userName: "${named("alice")}",
    password: new pulumi.Config("own").requireSecret("password") });`,
  role: `const role = new milvus.Role("readers", { roleName: "${named("readers")}" });`,
  roleMembership: `new milvus.RoleMembership("alice_reads", { userName: user.userName, roleName: role.roleName });`,
  grant: `new milvus.Grant("search", { roleName: role.roleName, privilege: "Search",
    databaseName: app.databaseName, collectionName: docs.collectionName });`,
  privilegeGroup: `new milvus.PrivilegeGroup("reading", { privileges: ["Search", "Query"] });`,
  resourceGroup: `new milvus.ResourceGroup("fast", { resourceGroupName: "${named("fast")}" });`,
};

/** Those that go with their collection, without a call, and so out of the state when its drop fails. */
const INSIDE: readonly Kind[] = ["partition", "partitionSet", "index", "collectionLoad"];

describe.each(onServersOfEveryKind())("One object of every kind on %s", (_name, version, server) => {
  const hasGroups = knows(parseVersion(version), "privilegeGroups");
  const kinds = (Object.keys(resources) as Kind[]).filter((kind) => hasGroups || kind !== "privilegeGroup");
  const typeOf = (kind: Kind): string => OF_ENGINE.typeOf(resources[kind].kind);
  const typesOf = (some: readonly Kind[]): string[] => some.map(typeOf).sort();

  let proxy: GrpcProxy;
  let stack: Workspace;
  const inState = async (): Promise<string[]> => (await stack.resources()).map(({ type }) => type).sort();
  const unchanged = { create: 0, update: 0, replace: 0, delete: 0 };

  beforeAll(async () => {
    proxy = await GrpcProxy.to(server().address);
    stack = await context.stack(program(...kinds.map((kind) => STATEMENTS[kind])), {
      config: { ...accessTo(server(), proxy.address), "own:password": { secret: PASSWORD } },
    });
  });
  afterAll(() => proxy.off());

  test("is made", async () => {
    await stack.up();
    expect(await inState()).toEqual(typesOf(kinds));
  });

  test("is found as it was made, by a preview and by a refresh", async () => {
    expect((await stack.preview({ args: ["--expect-no-changes"] })).summary).toMatchObject(unchanged);
    expect((await stack.refresh()).summary).toMatchObject(unchanged);
    expect((await stack.preview({ args: ["--expect-no-changes"] })).summary).toMatchObject(unchanged);
  });

  test("has no drift, and none of it is undeclared", async () => {
    const { drift, undeclared = [], unjudged, compared } = await driftOn(stack);
    expect([compared, drift, unjudged]).toEqual([kinds.length, [], []]);
    const ours = named("");
    expect(undeclared.filter(({ id }) => id.includes(ours))).toEqual([]);
  });

  test("that somebody dropped is gone for a refresh, and made again by the next up", async () => {
    const milvus = gatewayTo(server());
    const made = await stack.resources();
    for (const kind of [...kinds].reverse()) {
      const { outputs = {} } = made.find(({ type }) => type === typeOf(kind)) ?? {};
      await (resources[kind] as unknown as AnyResource).delete(milvus, outputs);
    }
    await milvus.close();
    const { drift } = await driftOn(stack, "--undeclared", "skip");
    expect(
      drift
        .filter(({ status }) => status === "gone")
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(kinds.map((kind) => resources[kind].kind).sort());
    expect((await stack.refresh()).summary).toMatchObject({ ...unchanged, delete: kinds.length });
    expect(await inState()).toEqual([]);
    expect((await stack.up()).summary).toMatchObject({ ...unchanged, create: kinds.length });
  });

  test("is not taken for gone while nobody answers, and is whole again afterwards", async () => {
    proxy.off();
    for (const command of ["refresh", "destroy"] as const) {
      const result = await stack[command]({ expectFailure: true });
      expectUnreachable(result, proxy.address);
      expect(said(result)).not.toContain(PASSWORD);
      const left = command === "refresh" ? kinds : kinds.filter((kind) => !INSIDE.includes(kind));
      expect(await inState()).toEqual(expect.arrayContaining(typesOf(left)));
    }
    await proxy.on();
    await stack.up();
    expect(await inState()).toEqual(typesOf(kinds));
    expect((await stack.preview({ args: ["--expect-no-changes"] })).summary).toMatchObject(unchanged);
  });

  test("goes at destroy, and nothing is left on the server", async () => {
    const made = await stack.resources();
    await stack.destroy();
    const milvus = gatewayTo(server());
    for (const kind of kinds) {
      const resource = resources[kind] as unknown as AnyResource;
      const { outputs = {}, id = "" } = made.find(({ type }) => type === typeOf(kind)) ?? {};
      const known = { ...resource.fromId(id, milvus), ...outputs };
      const found = await resource.read(milvus, known).catch((error: unknown) => (error as Error).name);
      // In a database that is gone there is nothing to read.
      expect([kind, found]).toEqual([kind, found === "NotFoundError" ? found : undefined]);
    }
    await milvus.close();
  });
});
