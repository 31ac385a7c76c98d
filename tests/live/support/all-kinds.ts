/**
 * One object of every kind in one stack, and what of each stands on the server: for the matrices of Pulumi's options and of
 * languages.
 */
import { inJavaScript } from "../../../provider/engines/plugin/examples/typescript";
import { resources } from "../../../provider/registry";
import type { OperationResult, StateResource } from "../../../tools/stack";
import { type ByKind, CHANGES, COMES_AFTER, eachKind, INPUTS, type Kind, KINDS } from "./kinds";
import { program, said } from "./live";
import { good, type TestMilvus } from "./milvus";

export * from "./kinds";

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

/** Of either engine. */
export const kindOfType = (type: string): Kind | undefined =>
  KINDS.find((kind) => type.split(":").at(-1) === resources[kind].kind);

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

function construct(kind: Kind): string {
  const { [kind]: others = [] } = COMES_AFTER;
  const options = others.length > 0 ? `, { dependsOn: [${others.join(", ")}] }` : "";
  return `const ${kind} = make("${kind}", ${inJavaScript(INPUTS[kind])}${options});`;
}

/** A program with one of every kind. */
export function declareAll(declaration: Declaration = {}): string {
  const { changed = [], only = KINDS, options = "{}", suffix = "", inputs = "{}" } = declaration;
  const names = KINDS.map((kind) => `${kind}: "${resources[kind].kind}"`).join(", ");
  const classes = KINDS.map((kind) => `${kind}: milvus.${resources[kind].kind}`).join(", ");
  return program(
    `const classNames = { ${names} };`,
    `const kindOf = (type) => Object.keys(classes).find((kind) => type.split(":").at(-1) === classNames[kind]);`,
    `const classes = { ${classes} };`,
    `const changes = ${JSON.stringify(CHANGES)};`,
    `const config = { requireSecret: () => pulumi.secret("correct-horse") };`,
    `const changed = ${JSON.stringify(changed)};`,
    declaration.before ?? "",
    `const declare = (optionsOf, suffix, inputsOf = () => ({})) => {
       const make = (kind, inputs, options = {}) => {
         const name = kind + suffix;
         const change = changed.includes(kind) ? changes[kind] : {};
         return new classes[kind](name, { ...inputs, ...change, ...inputsOf(kind) }, { ...options, ...optionsOf(kind, name) });
       };
       ${KINDS.filter((kind) => only.includes(kind))
         .map(construct)
         .join("\n")}
     };`,
    declaration.after ??
      `declare((kind, name) => (${options}), ${JSON.stringify(suffix)}, (kind) => (${inputs}));`,
  );
}

/** What is done to resources, as the engine reports it at the end of each step: "created", "updated", "replaced". */
export function operations(result: OperationResult): ByKind<readonly string[]> {
  return operationsIn(said(result));
}

/** The same in what a user reads. */
export function operationsIn(text: string): ByKind<readonly string[]> {
  return wordsOf(text, DONE);
}

/** What a preview would do: "create", "update", "replace", "delete". */
export function plannedIn(text: string): ByKind<readonly string[]> {
  return wordsOf(text, PLANNED);
}

function wordsOf(text: string, pattern: RegExp): ByKind<readonly string[]> {
  const found = text.split("\n").flatMap((line) => {
    const { groups } = pattern.exec(line) ?? {};
    return groups ? [groups] : [];
  });
  return eachKind((kind) =>
    found
      .filter((one) => resources[kind].kind === one["kind"])
      .map((one) => String(one["word"]))
      .sort(),
  );
}

const DONE =
  /milvus:(index:)?(?<kind>\w+) \S+ (?<word>created replacement|deleted original|created|updated|replaced|deleted|read|discarded)( |$)/;
const PLANNED = /milvus:(index:)?(?<kind>\w+) \S+ (?<word>create|update|replace|delete)( |$)/;

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
