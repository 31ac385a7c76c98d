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

type Level = "Cluster" | "Database" | "Collection";

interface BuiltIn {
  readonly level: Level;
  readonly privileges: readonly string[];
}

/** What each level adds to the one before: reading, writing, administering. */
const BY_LEVEL: Readonly<Record<Level, readonly [read: string, write: string, administer: string]>> = {
  Collection: [
    "Query Search IndexDetail GetFlushState GetLoadState GetLoadingProgress HasPartition ShowPartitions " +
      "DescribeCollection DescribeAlias GetStatistics ListAliases",
    "Load Release Insert Delete Upsert Import Flush Compaction LoadBalance CreateIndex DropIndex CreatePartition " +
      "DropPartition",
    "CreateAlias DropAlias",
  ],
  Database: ["ShowCollections DescribeDatabase", "AlterDatabase", "CreateCollection DropCollection"],
  Cluster: [
    "ListDatabases SelectOwnership SelectUser DescribeResourceGroup ListResourceGroups ListPrivilegeGroups",
    "FlushAll TransferNode TransferReplica UpdateResourceGroups",
    "BackupRBAC RestoreRBAC CreateDatabase DropDatabase CreateOwnership DropOwnership ManageOwnership " +
      "CreateResourceGroup DropResourceGroup UpdateUser RenameCollection CreatePrivilegeGroup DropPrivilegeGroup " +
      "OperatePrivilegeGroup",
  ],
};

/** Built-in groups and the level that each is granted at; from 2.5: https://milvus.io/docs/privilege_group.md. */
export const BUILT_IN_GROUPS: ReadonlyMap<string, BuiltIn> = new Map(
  (Object.keys(BY_LEVEL) as Level[]).flatMap((level) =>
    ["ReadOnly", "ReadWrite", "Admin"].map((what, at): [string, BuiltIn] => [
      `${level}${what}`,
      { level, privileges: BY_LEVEL[level].slice(0, at + 1).flatMap((names) => names.split(" ")) },
    ]),
  ),
);

export function isPrivilege(name: string): boolean {
  return name === "*" || COLLECTION.includes(name) || USER.includes(name) || GLOBAL.includes(name);
}

/** Where a grant without an object belongs. */
export function objectOf(privilege: string): string {
  if (COLLECTION.includes(privilege)) return "Collection";
  return USER.includes(privilege) ? "User" : "Global";
}
