/** One object of every kind as data, and a change of each. A kind that joins the registry has to join this. */
import { type ExampleInputs, secretSetting, the } from "../../../provider/core/example";
import { resources } from "../../../provider/registry";

export type Kind = keyof typeof resources;
export const KINDS = Object.keys(resources) as Kind[];

export type ByKind<T> = Readonly<Record<Kind, T>>;

export function eachKind<T>(valueOf: (kind: Kind) => T): ByKind<T> {
  return Object.fromEntries(KINDS.map((kind) => [kind, valueOf(kind)])) as ByKind<T>;
}

/** `rows` of milvus.ts fit it. */
export const SMALL_FIELDS: ExampleInputs["fields"] = [
  { name: "id", dataType: "Int64", isPrimaryKey: true },
  { name: "year", dataType: "Int64" },
  { name: "embedding", dataType: "FloatVector", dim: 8 },
];

/** Logical names are those of the kinds. */
export const INPUTS: ByKind<ExampleInputs> = {
  database: { databaseName: "app", properties: { "database.diskQuota.mb": "1001" } },
  collection: {
    collectionName: "docs",
    databaseName: the("database", "databaseName"),
    fields: SMALL_FIELDS,
  },
  partition: { collection: the("collection"), partitionName: "y2024" },
  partitionSet: { collection: the("collection"), partitionNames: ["t1", "t2"] },
  index: {
    collection: the("collection"),
    indexName: "by_meaning",
    fieldName: "embedding",
    indexType: "HNSW",
    metricType: "COSINE",
    params: { M: 8, efConstruction: 64 },
  },
  collectionLoad: { collection: the("collection"), replicaNumber: 1 },
  alias: { collection: the("collection"), aliasName: "current" },
  user: { userName: "alice", password: secretSetting("password") },
  role: { roleName: "readers" },
  roleMembership: { userName: the("user", "userName"), roleName: the("role", "roleName") },
  grant: {
    roleName: the("role", "roleName"),
    privilege: "Search",
    databaseName: the("database", "databaseName"),
    collectionName: the("collection", "collectionName"),
  },
  privilegeGroup: { privilegeGroupName: "reading", privileges: ["Search"] },
  resourceGroup: { resourceGroupName: "fast" },
};

/**
 * The changed membership names another role, and still comes after this one: with --target the engine writes a state in
 * the wrong order when a resource that is not a target has lost what it depended on.
 */
export const COMES_AFTER: Partial<ByKind<readonly Kind[]>> = { roleMembership: ["role"] };

/** Inputs of another program, which change each object and no other; what they do to it is in {@link EFFECTS}. */
export const CHANGES: ByKind<ExampleInputs> = {
  database: { properties: { "database.diskQuota.mb": "1002" } },
  collection: { description: "changed" },
  partition: { partitionName: "y2025" },
  partitionSet: { partitionNames: ["t1", "t3"] },
  index: { params: { M: 16, efConstruction: 64 } },
  collectionLoad: { replicaNumber: 2 },
  alias: { aliasName: "changed" },
  user: { description: "changed" },
  role: { description: "changed" },
  roleMembership: { roleName: "admin" },
  grant: { privilege: "Query" },
  privilegeGroup: { privileges: ["Insert"] },
  resourceGroup: { requests: 1 },
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

/** What the engine says of a replacement, sorted. */
export const REPLACED: readonly string[] = ["created replacement", "deleted original", "replaced"];

/** What the engine says of a kind's change. */
export function saidOfChange(kind: Kind): readonly string[] {
  return EFFECTS[kind] === "updated" ? ["updated"] : REPLACED;
}
