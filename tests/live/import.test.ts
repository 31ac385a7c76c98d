/**
 * `pulumi import` over the plugin, of every kind of object, on a real Milvus 2.3.5 and on a fake of a newer one, which alone
 * has privilege groups: what Pulumi prints is the program, and that program changes nothing.
 */
import { KINDS as IN_ORDER } from "../../cli/export/order";
import { type FeatureName, knows, parseVersion } from "../../provider/milvus/versions";
import type { StateResource, Workspace } from "../../tools/stack";
import { gatewayTo } from "../support/gateways";
import { GrpcProxy } from "../support/grpc-proxy";
import type { TestServer } from "../support/servers";
import { KINDS, kindOfType } from "./support/all-kinds";
import { ImportingStack, PRINTED_IN } from "./support/importing";
import { accessTo, FIELDS, HNSW, live, program, providerArgs, said } from "./support/live";
import { onServersOfEveryKind } from "./support/servers-of-every-kind";

const context = live();
const named = (text: string): string => context.name(text);
const PASSWORD = `horse-${named("battery")}`;

/** One of each kind has the name of the kind as its logical name: that one is imported alone as well. */
const declared = (has: (feature: FeatureName) => boolean): string[] => [
  `const database = new milvus.Database("database", { databaseName: "${named("app")}",
     properties: { ${has("databaseProperties") ? `"database.max.collections": "100"` : ""} } });
   const databaseName = database.databaseName;`,
  `const docs = new milvus.Collection("collection", { collectionName: "${named("docs")}", databaseName,
     description: 'What "the assistant"\\nmay \${quote}', enableDynamicField: true, consistencyLevel: "Strong", shardsNum: 2,
     properties: { "collection.ttl.seconds": "86400" },
     fields: [
       { name: "id", dataType: "VarChar", maxLength: 64, isPrimaryKey: true, description: "What it is called" },
       { name: "flag", dataType: "Bool", defaultValue: false },
       { name: "year", dataType: "Int64", defaultValue: 7 },
       { name: "ratio", dataType: "Double", defaultValue: 0.1 },
       { name: "text", dataType: "VarChar", maxLength: 128, defaultValue: "none" },
       { name: "json", dataType: "JSON" },
       { name: "texts", dataType: "Array", elementType: "VarChar", maxLength: 32, maxCapacity: 8 },
       { name: "embedding", dataType: "FloatVector", dim: 8 },
     ] });`,
  `const keyed = new milvus.Collection("keyed", { collectionName: "${named("keyed")}", numPartitions: 4,
     fields: [
       { name: "id", dataType: "Int64", isPrimaryKey: true, autoId: true },
       { name: "tenant", dataType: "VarChar", maxLength: 32, isPartitionKey: true },
       { name: "bits", dataType: "BinaryVector", dim: 64 },
     ] });`,
  `const plain = new milvus.Collection("plain", { collectionName: "${named("plain")}", databaseName, fields: ${FIELDS} });`,
  `new milvus.Partition("partition", { collection: docs, partitionName: "y2024" });`,
  `new milvus.PartitionSet("partitionSet", { collection: plain, partitionNames: ["t2", "t1"] });`,
  `new milvus.Index("index", { collection: docs, indexName: "by_meaning", fieldName: "embedding", ${HNSW} });`,
  `new milvus.Index("by_year", { collection: docs, fieldName: "year", indexType: "STL_SORT" });`,
  `new milvus.Index("chosen", { collection: plain, fieldName: "embedding" });`,
  `new milvus.Index("by_bits", { collection: keyed, fieldName: "bits", indexType: "BIN_IVF_FLAT", metricType: "JACCARD",
     params: { nlist: 16 } });`,
  `new milvus.CollectionLoad("collectionLoad", { collection: docs, partitionNames: ["y2024"] });`,
  `new milvus.CollectionLoad("all", { collection: keyed });`,
  `new milvus.Alias("alias", { collection: docs, aliasName: "${named("current")}" });`,
  `const user = new milvus.User("user", { userName: "${named("alice")}",
     password: new pulumi.Config("own").requireSecret("password") });`,
  `const role = new milvus.Role("role", { roleName: "${named("readers")}" });`,
  `new milvus.RoleMembership("roleMembership", { userName: user.userName, roleName: role.roleName });`,
  `const grant = (name, args) => new milvus.Grant(name, { roleName: role.roleName, ...args });
   grant("grant", { privilege: "Search", databaseName, collectionName: docs.collectionName });
   grant("of_all", { privilege: "Insert", collectionName: "*" });
   grant("of_users", { privilege: "UpdateUser", userName: user.userName });
   grant("of_server", { privilege: "CreateCollection" });`,
  `new milvus.ResourceGroup("resourceGroup", { resourceGroupName: "${named("fast")}" });`,
  ...(has("privilegeGroups") ? NEWER : []),
];

const NEWER = [
  `const group = new milvus.PrivilegeGroup("privilegeGroup", { privilegeGroupName: "${named("reading")}",
     privileges: ["Search", "Query"] });
   grant("of_group", { privilege: group.privilegeGroupName, collectionName: "*" });`,
  `new milvus.ResourceGroup("slow", { resourceGroupName: "${named("slow")}", requests: 0, limits: 2 });`,
  `const newer = new milvus.Collection("newer", { collectionName: "${named("newer")}", databaseName,
     fields: [
       { name: "id", dataType: "Int64", isPrimaryKey: true },
       { name: "day", dataType: "Int64", isClusteringKey: true },
       { name: "note", dataType: "VarChar", maxLength: 8, nullable: true },
       { name: "text", dataType: "VarChar", maxLength: 512, enableAnalyzer: true, enableMatch: true,
         analyzerParams: { type: "english" } },
       { name: "sparse", dataType: "SparseFloatVector" },
       { name: "chunks", dataType: "Array", elementType: "Struct", maxCapacity: 10,
         fields: [{ name: "page", dataType: "Int64" }, { name: "vector", dataType: "FloatVector", dim: 8 }] },
     ],
     functions: [{ name: "score", type: "BM25", inputFieldNames: ["text"], outputFieldNames: ["sparse"] }] });
   new milvus.Index("by_text", { collection: newer, fieldName: "sparse", indexType: "SPARSE_INVERTED_INDEX",
     metricType: "BM25", params: { bm25_k1: 1.2, inverted_index_algo: "DAAT_MAXSCORE" } });`,
];

/** How Milvus calls what changes something. */
const CHANGING = /^(Create|Drop|Alter|Add|Load|Release|Rename|Operate|Update|Transfer|Delete|Insert|Flush)/;

describe.each(onServersOfEveryKind())("Objects on %s", (_name, version, serverOf) => {
  const has = (feature: FeatureName): boolean => knows(parseVersion(version), feature);
  let server: TestServer;
  let proxy: GrpcProxy;
  let maker: Workspace;
  let made: readonly StateResource[];
  const changing = (): string[] => proxy.calls.filter((call) => CHANGING.test(call));
  const throughProxy = (): TestServer => ({ ...server, address: proxy.address, tls: undefined });

  beforeAll(async () => {
    server = serverOf();
    proxy = await GrpcProxy.to(server);
    maker = await context.stack(program(...declared(has)), {
      config: { ...accessTo(server), "own:password": { secret: PASSWORD } },
    });
    await maker.up();
    made = await maker.resources();
  });
  afterAll(async () => {
    await maker.destroy();
    proxy.off();
  });

  describe.each(PRINTED_IN)("as a program in %s", (language) => {
    let stack: ImportingStack;

    beforeEach(async () => {
      stack = await ImportingStack.in(language, context, { config: accessTo(server, proxy.address) });
      proxy.forget();
    });

    /** As printed, but for the password, which no server gives back. */
    const changesNothing = async (): Promise<void> => {
      expect(changing()).toEqual([]);
      stack.edit(/password: ""/, `password: "${PASSWORD}"`);
      await stack.compile();
      expect(await stack.changes()).toEqual([expect.stringMatching(/^update milvus:index:User /)]);
    };
    const staysSo = async (): Promise<void> => {
      await stack.workspace.up();
      expect(await stack.changes()).toEqual([]);
      // Milvus checks a password by changing it into itself.
      expect(new Set(changing())).toEqual(new Set(["UpdateCredential"]));
    };

    // Many commands: what is read and printed is the same all at once, which is tried everywhere.
    if (language === "yaml" && version === "2.3.5")
      test("are imported one by one, and the printed code changes nothing", async () => {
        const nameOf = (urn: string): string => urn.split("::").at(-1) ?? "";
        const alone = made.filter(({ urn, type }) => nameOf(urn) === kindOfType(type));
        expect(alone).toHaveLength(has("privilegeGroups") ? KINDS.length : KINDS.length - 1);
        for (const { urn, type, id = "" } of alone) {
          const told = await stack.import(`milvus:index:${type.split(":").at(-1)}`, nameOf(urn), id);
          expect(told).not.toContain("failed to validate");
        }
        await changesNothing();
        await staysSo();
      });

    test("are imported all at once, by what pulumi-milvus export --import writes", async () => {
      const exported = await stack.exported(throughProxy());
      // Others may use the server as well.
      const own = exported.resources.filter(({ id }) => id.includes(named("")));
      // The set of two partitions is two partitions.
      expect(own).toHaveLength(made.length + 1);
      const kinds = IN_ORDER.filter(
        (kind) => kind !== "PartitionSet" && (kind !== "PrivilegeGroup" || has("privilegeGroups")),
      );
      expect([...new Set(own.map(({ type }) => type.split(":").at(-1)))]).toEqual(kinds);
      const told = await stack.importAll({ resources: own });
      expect(told).not.toContain("failed to validate");
      expect(told).toContain("no server gives back the password: write it into the printed code");
      await changesNothing();
      // The name of a collection is the variable of it here.
      stack.edit(/collection: "?(\w+)"?/g, language === "ts" ? "collection: $1" : "collection: ${$1}");
      await staysSo();
    });
  });
});

test("An imported user keeps its password until the right one is given, which can be changed then", async () => {
  const { milvus } = context;
  const username = named("bob");
  await milvus.client.createUser({ username, password: PASSWORD });
  const stack = await ImportingStack.in("yaml", context);
  await stack.import("milvus:index:User", "bob", username);
  stack.edit(/password: ""/, "password: not-the-right-one");
  expect(said(await stack.workspace.up({ expectFailure: true }))).toContain(
    `the password of user ${username} is not changed: Milvus wants the old one for that, and the state has none`,
  );
  for (const password of [PASSWORD, `${PASSWORD}_2`]) {
    stack.edit(/password: .*/, `password: ${password}`);
    await stack.workspace.up();
    const gateway = gatewayTo(milvus.server);
    expect(await gateway.users.hasPassword(username, password)).toBe(true);
    await gateway.close();
  }
  await milvus.client.deleteUser({ username });
});

test("What stands under a parent and an explicit Provider is imported there", async () => {
  const { milvus, database } = context;
  const docs = named("parented");
  await milvus.createCollection(docs);
  await milvus.createPartition(docs, "y2024");
  const declares = `import * as pulumi from "@pulumi/pulumi";
import * as milvus from "pulumi-milvus/plugin";

const tenant = new pulumi.ComponentResource("test:index:Tenant", "tenant");
const other = new milvus.Provider("other", ${providerArgs(milvus.server)});
`;
  const stack = await ImportingStack.in("ts", context, {
    program: declares,
    config: { "milvus:address": "127.0.0.1:1" },
  });
  await stack.workspace.up();
  const { deployment } = await stack.workspace.stackExport();
  const urnOf = (name: string): string =>
    deployment.resources?.find(({ urn }) => urn.endsWith(`::${name}`))?.urn ?? "";

  const flags = ["--database", database, "--collection", docs, "--provider", `other=${urnOf("other")}`];
  const exported = await stack.exported(milvus.server, ...flags);
  expect(exported).toEqual({
    nameTable: { other: urnOf("other") },
    resources: [
      { type: "milvus:index:Collection", name: docs, id: `${database}/${docs}`, provider: "other" },
      {
        type: "milvus:index:Partition",
        name: `${docs}_y2024`,
        id: `${database}/${docs}/y2024`,
        provider: "other",
      },
    ],
  });
  const parents = ["tenant", docs];
  await stack.importAll({
    nameTable: { ...exported.nameTable, tenant: urnOf("tenant") },
    resources: exported.resources.map((one, at) => ({ ...one, parent: parents[at] })),
  });
  await stack.compile();
  expect(await stack.changes()).toEqual([]);
  await milvus.dropCollection(docs);
});

test.each([
  ["Partition", "docs", '"docs" is not an id: it must be DATABASE/COLLECTION/NAME'],
  ["Collection", named("nowhere"), `there is no object with the id "${named("nowhere")}" on Milvus at`],
])("A %s with the id %s is not imported, and it is said why", async (kind, id, why) => {
  const stack = await ImportingStack.in("yaml", context);
  const { workspace } = stack;
  const args = ["import", `milvus:index:${kind}`, "wrong", id, "--skip-preview", "--stack", workspace.stack];
  expect(said(await workspace.pulumi(args, { expectFailure: true }))).toContain(why);
  expect(await workspace.resources()).toEqual([]);
});
