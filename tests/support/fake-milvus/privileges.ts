/** The names of privileges. Milvus: pkg/util/constant.go (ObjectPrivileges) and milvus.proto. */

export const OBJECTS: readonly string[] = ["Collection", "Global", "User"];

const COLLECTION = (
  "CreateIndex DropIndex IndexDetail Load GetLoadingProgress GetLoadState Release Insert Delete Upsert Search Flush " +
  "GetFlushState Query GetStatistics Compaction Import LoadBalance CreatePartition DropPartition ShowPartitions " +
  "HasPartition"
).split(" ");

const USER = ["UpdateUser", "SelectUser"];

const GLOBAL = (
  "All CreateCollection DropCollection DescribeCollection ShowCollections RenameCollection FlushAll CreateOwnership " +
  "DropOwnership SelectOwnership ManageOwnership CreateResourceGroup DropResourceGroup DescribeResourceGroup " +
  "ListResourceGroups TransferNode TransferReplica CreateDatabase ListDatabases DropDatabase CreateAlias DropAlias " +
  "DescribeAlias ListAliases AlterDatabase DescribeDatabase UpdateResourceGroups BackupRBAC RestoreRBAC " +
  "CreatePrivilegeGroup DropPrivilegeGroup ListPrivilegeGroups OperatePrivilegeGroup AddCollectionField " +
  "AddCollectionFunction AlterCollectionFunction DropCollectionFunction GetImportProgress ListImport"
).split(" ");

/** Built-in groups and the level that each is granted at; from 2.5: https://milvus.io/docs/privilege_group.md. */
export const BUILT_IN_GROUPS: Readonly<Record<string, "Cluster" | "Database" | "Collection">> = {
  ClusterReadOnly: "Cluster",
  ClusterReadWrite: "Cluster",
  ClusterAdmin: "Cluster",
  DatabaseReadOnly: "Database",
  DatabaseReadWrite: "Database",
  DatabaseAdmin: "Database",
  CollectionReadOnly: "Collection",
  CollectionReadWrite: "Collection",
  CollectionAdmin: "Collection",
};

export function isPrivilege(name: string): boolean {
  return name === "*" || COLLECTION.includes(name) || USER.includes(name) || GLOBAL.includes(name);
}

/** Where a grant without an object belongs. */
export function objectOf(privilege: string): string {
  if (COLLECTION.includes(privilege)) return "Collection";
  return USER.includes(privilege) ? "User" : "Global";
}
