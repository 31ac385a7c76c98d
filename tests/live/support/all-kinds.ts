/**
 * One object of every kind in one stack, each with a change of its own, and what of each stands on the server: for the
 * matrix of Pulumi's options. A kind that joins the registry has to join this.
 */
import { resources } from "../../../provider/registry";
import type { OperationResult, StateResource } from "../../../tools/stack";
import { FIELDS, HNSW, program, said } from "./live";
import { good, type TestMilvus } from "./milvus";

export type Kind = keyof typeof resources;
export const KINDS = Object.keys(resources) as Kind[];

export type ByKind<T> = Readonly<Record<Kind, T>>;

export function eachKind<T>(valueOf: (kind: Kind) => T): ByKind<T> {
  return Object.fromEntries(KINDS.map((kind) => [kind, valueOf(kind)])) as ByKind<T>;
}

/** Inputs of another program, which change each object and no other; what they do to it is in {@link EFFECTS}. */
export const CHANGES: ByKind<string> = {
  database: `{ properties: { "database.diskQuota.mb": 1002 } }`,
  collection: `{ description: "changed" }`,
  partition: `{ partitionName: "y2025" }`,
  partitionSet: `{ partitionNames: ["t1", "t3"] }`,
  index: `{ params: { M: 16, efConstruction: 64 } }`,
  collectionLoad: `{ replicaNumber: 2 }`,
  alias: `{ aliasName: "changed" }`,
  user: `{ description: "changed" }`,
  role: `{ description: "changed" }`,
  roleMembership: `{ roleName: "admin" }`,
  grant: `{ privilege: "Query" }`,
  privilegeGroup: `{ privileges: ["Insert"] }`,
  resourceGroup: `{ requests: 1 }`,
};

/** What the engine does for a change: in place where Milvus can. */
export const EFFECTS: ByKind<"updated" | "replaced"> = {
  database: "updated",
  collection: "updated",
  partition: "replaced",
  partitionSet: "updated",
  index: "replaced",
  collectionLoad: "updated",
  alias: "replaced",
  user: "updated",
  role: "updated",
  roleMembership: "replaced",
  grant: "replaced",
  privilegeGroup: "updated",
  resourceGroup: "updated",
};

/** What of each stands on the server after a program, without the server's own ids. */
export const STANDS: Readonly<Record<"declared" | "changed", ByKind<readonly unknown[]>>> = {
  declared: standsWhere({ quota: "1001", text: "", nodes: 0 }),
  changed: {
    ...standsWhere({ quota: "1002", text: "changed", nodes: 1 }),
    partition: [{ name: "y2025" }],
    partitionSet: [{ name: "t1" }, { name: "t3" }],
    index: indexWith(16),
    collectionLoad: [{ state: "LoadStateLoaded", replicas: 2 }],
    alias: [{ alias: "changed", collection_name: "docs" }],
    roleMembership: ["alice in admin"],
    grant: ["readers/app/docs/Query"],
    privilegeGroup: [{ group_name: "reading", privileges: ["Insert"] }],
  },
};

function standsWhere(values: { quota: string; text: string; nodes: number }): ByKind<readonly unknown[]> {
  const { quota, text: description, nodes: node_num } = values;
  return {
    database: [{ db_name: "app", properties: [{ key: "database.diskQuota.mb", value: quota }] }],
    collection: [{ db_name: "app", collection_name: "docs", description }],
    partition: [{ name: "y2024" }],
    partitionSet: [{ name: "t1" }, { name: "t2" }],
    index: indexWith(8),
    collectionLoad: [{ state: "LoadStateLoaded", replicas: 1 }],
    alias: [{ alias: "current", collection_name: "docs" }],
    user: [{ username: "alice", description }],
    role: [{ name: "readers", description }],
    roleMembership: ["alice in readers"],
    grant: ["readers/app/docs/Search"],
    privilegeGroup: [{ group_name: "reading", privileges: ["Search"] }],
    resourceGroup: [{ resource_group: "fast", requests: { node_num }, limits: { node_num } }],
  };
}

function indexWith(M: number): readonly unknown[] {
  const built = { key: "params", value: JSON.stringify({ M, efConstruction: 64 }) };
  return [{ index_name: "by_meaning", params: expect.arrayContaining([built]) as unknown }];
}

/**
 * Other names, after which every object is another one: what stands in a database or a collection is made in the new
 * one.
 */
export const RENAMED = `({ database: { databaseName: "app2" }, user: { userName: "bob" }, role: { roleName: "writers" },
  privilegeGroup: { privilegeGroupName: "writing" }, resourceGroup: { resourceGroupName: "slow" } })[kind]`;

/** Whatever can be taken over with what it holds. */
export const ADOPT = `(${JSON.stringify(KINDS.filter((kind) => "adopt" in resources[kind].inputs))}.includes(kind)
  ? { adopt: true } : {})`;

/** Names that a program leaves out: then they are the logical ones. */
export const UNNAMED = `({ ${KINDS.flatMap((kind) => {
  const { nameInput } = resources[kind];
  return nameInput === undefined ? [] : [`${kind}: { ${nameInput}: undefined }`];
}).join(", ")} })[kind]`;

export const kindOfType = (type: string): Kind | undefined =>
  KINDS.find((kind) => type.endsWith(`milvus:${resources[kind].kind}`));

export interface Declaration {
  /** Which kinds have their change. Default: none. */
  readonly changed?: readonly Kind[];
  /** Which kinds are declared at all. Default: all. */
  readonly only?: readonly Kind[];
  /** JavaScript of the options, where `kind` and `name` are known. Default: none. */
  readonly options?: string;
  /** Logical names: the kind with this behind it. */
  readonly suffix?: string;
  /** Further inputs of every resource, where `kind` is known. Default: none. */
  readonly inputs?: string;
  /** Statements before the resources. */
  readonly before?: string;
  /** Statements after them. */
  readonly after?: string;
}

/**
 * The changed membership names another role, and still comes after this one: with --target the engine writes a state in
 * the wrong order when a resource that is not a target has lost what it depended on.
 */
const CONSTRUCTORS: ByKind<string> = {
  database: `const app = make("database", { databaseName: "app", properties: { "database.diskQuota.mb": 1001 } });`,
  collection: `const docs = make("collection", { collectionName: "docs", databaseName: app.databaseName, fields: ${FIELDS} });`,
  partition: `make("partition", { collection: docs, partitionName: "y2024" });`,
  partitionSet: `const tenants = make("partitionSet", { collection: docs, partitionNames: ["t1", "t2"] });`,
  index: `const index = make("index", { collection: docs, indexName: "by_meaning", fieldName: "embedding", ${HNSW} });`,
  collectionLoad: `make("collectionLoad", { collection: docs, replicaNumber: 1 });`,
  alias: `make("alias", { collection: docs, aliasName: "current" });`,
  user: `const user = make("user", { userName: "alice", password: pulumi.secret("correct-horse") });`,
  role: `const role = make("role", { roleName: "readers" });`,
  roleMembership: `make("roleMembership", { userName: user.userName, roleName: role.roleName }, { dependsOn: [role] });`,
  grant: `make("grant", { roleName: role.roleName, privilege: "Search", databaseName: app.databaseName,
    collectionName: docs.collectionName });`,
  privilegeGroup: `make("privilegeGroup", { privilegeGroupName: "reading", privileges: ["Search"] });`,
  resourceGroup: `make("resourceGroup", { resourceGroupName: "fast" });`,
};

/** A program with one of every kind. */
export function declareAll(declaration: Declaration = {}): string {
  const { changed = [], only = KINDS, options = "{}", suffix = "", inputs = "{}" } = declaration;
  const names = KINDS.map((kind) => `${kind}: "${resources[kind].kind}"`).join(", ");
  const classes = KINDS.map((kind) => `${kind}: milvus.${resources[kind].kind}`).join(", ");
  const changes = KINDS.map((kind) => `${kind}: ${CHANGES[kind]}`).join(", ");
  return program(
    `const classNames = { ${names} };`,
    `const kindOf = (type) => Object.keys(classes).find((kind) => type.endsWith(\`milvus:\${classNames[kind]}\`));`,
    `const classes = { ${classes} };`,
    `const changes = { ${changes} };`,
    `const changed = ${JSON.stringify(changed)};`,
    declaration.before ?? "",
    `const declare = (optionsOf, suffix, inputsOf = () => ({})) => {
       const make = (kind, inputs, options = {}) => {
         const name = kind + suffix;
         const change = changed.includes(kind) ? changes[kind] : {};
         return new classes[kind](name, { ...inputs, ...change, ...inputsOf(kind) }, { ...options, ...optionsOf(kind, name) });
       };
       ${KINDS.filter((kind) => only.includes(kind))
         .map((kind) => CONSTRUCTORS[kind])
         .join("\n")}
     };`,
    declaration.after ??
      `declare((kind, name) => (${options}), ${JSON.stringify(suffix)}, (kind) => (${inputs}));`,
  );
}

/** What is done to resources, as the engine reports it at the end of each step: "created", "updated", "replaced". */
export function operations(result: OperationResult): ByKind<readonly string[]> {
  const done = said(result)
    .split("\n")
    .flatMap((line) => {
      const found = DONE.exec(line)?.groups;
      return found ? [{ kind: kindOfType(`milvus:${found["kind"]}`), word: String(found["word"]) }] : [];
    });
  return eachKind((kind) =>
    done
      .filter((one) => one.kind === kind)
      .map(({ word }) => word)
      .sort(),
  );
}

const DONE =
  /milvus:(?<kind>\w+) \S+ (?<word>created replacement|deleted original|created|updated|replaced|deleted|read|discarded)( |$)/;

/** What stands on a server of one kind, as plain values: equal when nothing was changed, dropped or made. */
export type Standing = ByKind<unknown>;

/** Read by Milvus's own client, and nothing of this package. */
export async function standingOn({ client }: TestMilvus): Promise<Standing> {
  const databases = (await client.listDatabases()).db_names.filter((name) => name !== "default");
  const collections: { readonly db_name: string; readonly collection_name: string }[] = [];
  for (const db_name of [...databases, "default"])
    for (const { name } of good(await client.showCollections({ db_name })).data)
      collections.push({ db_name, collection_name: name });
  const inEach = async <T>(list: (collection: (typeof collections)[number]) => Promise<T[]>): Promise<T[]> =>
    (await Promise.all(collections.map(list))).flat();

  const partitions = await inEach(async (collection) =>
    good(await client.showPartitions(collection)).data.map(({ name, id }) => ({ name, id })),
  );
  const isOfSet = ({ name }: { name: string }): boolean => /^t\d/.test(name);
  const roles = good(await client.listRoles()).results.map(({ role, users }) => ({
    name: role.name,
    users: users.map(({ name }) => name),
  }));
  const own = roles.filter(({ name }) => !["admin", "public"].includes(name));
  return {
    database: await Promise.all(
      databases.map(async (db_name) => {
        const { dbID, properties } = good(await client.describeDatabase({ db_name }));
        return { db_name, dbID, properties };
      }),
    ),
    collection: await inEach(async (collection) => {
      const { collectionID, schema, properties } = good(await client.describeCollection(collection));
      return [{ ...collection, collectionID, description: schema.description, properties }];
    }),
    partition: partitions.filter((one) => one.name !== "_default" && !isOfSet(one)),
    partitionSet: partitions.filter(isOfSet),
    index: await inEach(async (collection) => {
      const { status, index_descriptions } = await client.describeIndex(collection);
      if (status.code === NO_INDEX) return [];
      good({ status });
      return index_descriptions.map(({ index_name, indexID, params }) => ({ index_name, indexID, params }));
    }),
    collectionLoad: await inEach(async (collection) => {
      const state = String((await client.getLoadState(collection)).state);
      if (state === "LoadStateNotLoad") return [];
      const { collectionID } = await client.describeCollection(collection);
      const { replicas } = good(await client.getReplicas({ ...collection, collectionID }));
      return [{ collectionID, state, replicas: replicas.length }];
    }),
    alias: await inEach(async (collection) => {
      const { aliases } = good(await client.describeCollection(collection));
      return [...aliases].sort().map((alias) => ({ alias, ...collection }));
    }),
    user: await Promise.all(
      good(await client.listUsers())
        .usernames.filter((name) => name !== "root")
        .map(async (username) => {
          const [found] = good(await client.describeUser({ username })).results;
          return { username, description: found?.description };
        }),
    ),
    role: await Promise.all(
      own.map(async ({ name }) => {
        const [found] = good(await client.describeRole({ roleName: name })).results;
        return { name, description: found?.role.description };
      }),
    ),
    roleMembership: roles.flatMap(({ name, users }) =>
      users.filter((user) => user !== "root").map((user) => `${user} in ${name}`),
    ),
    grant: (
      await Promise.all(
        own.map(async ({ name }) => good(await client.listGrants({ roleName: name, db_name: "*" })).entities),
      )
    )
      .flat()
      .map(({ role, object_name, grantor, db_name }) =>
        [role.name, db_name, object_name, grantor.privilege.name].join("/"),
      ),
    privilegeGroup: good(await client.listPrivilegeGroups())
      .privilege_groups.filter(({ group_name }) => !/^(Cluster|Database|Collection)/.test(group_name))
      .map(({ group_name, privileges }) => ({ group_name, privileges: privileges.map(({ name }) => name) })),
    resourceGroup: await Promise.all(
      good(await client.listResourceGroups())
        .resource_groups.filter((name) => name !== "__default_resource_group")
        .map(async (resource_group) => {
          const { config } = (await client.describeResourceGroup({ resource_group })).resource_group;
          return { resource_group, requests: config?.requests, limits: config?.limits };
        }),
    ),
  };
}

const NO_INDEX = 700;

/** Of a state, by kind. */
export function inState(resources_: readonly StateResource[]): ByKind<StateResource | undefined> {
  return eachKind((kind) => resources_.find(({ type }) => kindOfType(type) === kind));
}
