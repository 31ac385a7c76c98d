/** An example of each resource, for its page: a fragment of a program, and the values that make its id. */

export interface Example {
  readonly program: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const IN_DOCUMENTS = { databaseName: "default", collectionName: "documents" };

export const EXAMPLES: Readonly<Record<string, Example>> = {
  Database: {
    program: `const app = new milvus.Database("app", { properties: { "database.max.collections": "100" } });
new milvus.Collection("documents", { databaseName: app.databaseName, fields });`,
    values: { databaseName: "app" },
  },
  Collection: {
    program: `const documents = new milvus.Collection("documents", {
  description: "What the assistant may quote",
  fields: [
    { name: "id", dataType: "Int64", isPrimaryKey: true },
    { name: "title", dataType: "VarChar", maxLength: 512 },
    { name: "embedding", dataType: "FloatVector", dim: 768 },
  ],
  properties: { "collection.ttl.seconds": "86400" },
});`,
    values: IN_DOCUMENTS,
  },
  Partition: {
    program: `new milvus.Partition("y2024", { collection: documents });`,
    values: { ...IN_DOCUMENTS, partitionName: "y2024" },
  },
  PartitionSet: {
    program: `new milvus.PartitionSet("tenants", { collection: documents, partitionNames: ["acme", "globex"] });`,
    values: { ...IN_DOCUMENTS, partitionNames: ["acme", "globex"] },
  },
  Index: {
    program: `new milvus.Index("by_meaning", {
  collection: documents,
  fieldName: "embedding",
  indexType: "HNSW",
  metricType: "COSINE",
  params: { M: 16, efConstruction: 200 },
});`,
    values: { ...IN_DOCUMENTS, indexName: "by_meaning" },
  },
  CollectionLoad: {
    program: `const index = new milvus.Index("by_meaning", { collection: documents, fieldName: "embedding" });
new milvus.CollectionLoad("loaded", { collection: documents, replicaNumber: 2 }, { dependsOn: index });`,
    values: IN_DOCUMENTS,
  },
  Alias: {
    program: `new milvus.Alias("current", { collection: documents });`,
    values: { ...IN_DOCUMENTS, aliasName: "current" },
  },
  User: {
    program: `new milvus.User("alice", { password: config.requireSecret("alicePassword") });`,
    values: { userName: "alice" },
  },
  Role: {
    program: `new milvus.Role("readers", {});`,
    values: { roleName: "readers" },
  },
  RoleMembership: {
    program: `const alice = new milvus.User("alice", { password: config.requireSecret("alicePassword") });
const readers = new milvus.Role("readers", {});
new milvus.RoleMembership("alice_reads", { userName: alice.userName, roleName: readers.roleName });`,
    values: { userName: "alice", roleName: "readers" },
  },
  Grant: {
    program: `const readers = new milvus.Role("readers", {});
new milvus.Grant("may_search", {
  roleName: readers.roleName,
  privilege: "Search",
  collectionName: documents.collectionName,
});`,
    values: { ...IN_DOCUMENTS, roleName: "readers", privilege: "Search" },
  },
  PrivilegeGroup: {
    program: `const reading = new milvus.PrivilegeGroup("reading", { privileges: ["Search", "Query"] });
new milvus.Grant("may_read", { roleName: "readers", privilege: reading.privilegeGroupName, collectionName: "*" });`,
    values: { privilegeGroupName: "reading" },
  },
  ResourceGroup: {
    program: `const fast = new milvus.ResourceGroup("fast", { requests: 1, limits: 2 });
new milvus.CollectionLoad("loaded", { collection: documents, resourceGroups: [fast.resourceGroupName] });`,
    values: { resourceGroupName: "fast" },
  },
};
