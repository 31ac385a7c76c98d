/**
 * Every privilege of Milvus, the type of object that the old style of granting wants with it, and what it is about.
 * From milvus/pkg/util/constant.go (2.3.5, 2.5, master) and, for what came since, the proto of the SDK 3.0.6.
 */
import { misspelt } from "../core/misspelt";
import { suggestion } from "../core/shapes";

export type ObjectType = "Collection" | "Global" | "User";
/** What a privilege is about: collections, databases or the whole server. */
export type Level = "Collection" | "Database" | "Cluster";

interface Privilege {
  readonly objectType: ObjectType;
  /** Missing where versions of Milvus differ. */
  readonly level?: Level;
}

const named = (names: string, privilege: Privilege): [string, Privilege][] =>
  names.split(/\s+/).map((name) => [name, privilege]);

/** Built-in groups, from 2.5 on. */
const GROUPS: readonly [string, Privilege][] = (["Collection", "Database", "Cluster"] as const).flatMap(
  (level) => named(`${level}ReadOnly ${level}ReadWrite ${level}Admin`, { objectType: "Global", level }),
);

const PRIVILEGES = new Map<string, Privilege>([
  ...named(
    "Load Release Compaction Insert Delete Upsert GetStatistics CreateIndex IndexDetail DropIndex Search Flush Query " +
      "LoadBalance Import GetLoadingProgress GetLoadState CreatePartition DropPartition ShowPartitions HasPartition " +
      "GetFlushState AddCollectionField AlterCollectionSchema",
    { objectType: "Collection", level: "Collection" },
  ),
  ...named("DescribeCollection CreateAlias DropAlias DescribeAlias ListAliases", {
    objectType: "Global",
    level: "Collection",
  }),
  ...named("ShowCollections CreateCollection DropCollection DescribeDatabase AlterDatabase", {
    objectType: "Global",
    level: "Database",
  }),
  ...named(
    "CreateDatabase DropDatabase ListDatabases RenameCollection FlushAll CreateOwnership DropOwnership " +
      "SelectOwnership ManageOwnership BackupRBAC RestoreRBAC CreateResourceGroup UpdateResourceGroups " +
      "DropResourceGroup DescribeResourceGroup ListResourceGroups TransferReplica TransferNode CreatePrivilegeGroup " +
      "DropPrivilegeGroup ListPrivilegeGroups OperatePrivilegeGroup AddFileResource RemoveFileResource " +
      "ListFileResources UpdateReplicateConfiguration GetReplicateConfiguration",
    { objectType: "Global", level: "Cluster" },
  ),
  ...named("UpdateUser SelectUser", { objectType: "User", level: "Cluster" }),
  ...named(
    "CreateSnapshot DropSnapshot DescribeSnapshot ListSnapshots RestoreSnapshot RefreshExternalCollection ReadOnly " +
      "ReadWrite",
    { objectType: "Collection" },
  ),
  ...named(
    "All Admin GetImportProgress ListImport PinSnapshotData UnpinSnapshotData RestoreExternalSnapshot ExportSnapshot",
    { objectType: "Global" },
  ),
  ...GROUPS,
]);

export const PRIVILEGE_NAMES: readonly string[] = [...PRIVILEGES.keys()];

/** Nothing for a privilege group of a user, and for a privilege that is newer than this table. */
export function objectTypeOf(privilege: string): ObjectType | undefined {
  return PRIVILEGES.get(privilege)?.objectType;
}

export function levelOf(privilege: string): Level | undefined {
  return PRIVILEGES.get(privilege)?.level;
}

export function isPrivilege(name: string): boolean {
  return PRIVILEGES.has(name);
}

/** `ClusterAdmin` and its like. */
export function isBuiltInGroup(name: string): boolean {
  return GROUPS.some(([group]) => group === name);
}

/** `; did you mean "Search"?` */
export function nearestPrivilege(name: string): string {
  return suggestion(name, PRIVILEGE_NAMES);
}

/** The privilege that a name is, misspelt. */
export function misspeltPrivilege(name: string): string | undefined {
  return misspelt(name, PRIVILEGE_NAMES);
}

/** Whether somebody may well have called a privilege group so: `Admins`, `readonly`. */
export function couldBeGroup(name: string, like: string): boolean {
  return name.toLowerCase().startsWith(like.toLowerCase());
}
