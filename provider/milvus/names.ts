/** Objects as messages and ids name them. */

export interface CollectionRef {
  readonly databaseName: string;
  readonly collectionName: string;
}

export interface PartitionRef extends CollectionRef {
  readonly partitionName: string;
}

export interface IndexRef extends CollectionRef {
  readonly indexName: string;
}

export interface AliasRef {
  readonly databaseName: string;
  readonly aliasName: string;
}

export const aDatabase = (databaseName: string): string => `database ${databaseName}`;

export const anAlias = ({ databaseName, aliasName }: AliasRef): string =>
  `alias ${databaseName}/${aliasName}`;

export interface UserRef {
  readonly userName: string;
}

export interface RoleRef {
  readonly roleName: string;
}

export interface MembershipRef extends UserRef, RoleRef {}

export interface GrantRef extends RoleRef {
  /** A privilege, or a group of them. */
  readonly privilege: string;
  /** `*` for all of them. */
  readonly databaseName: string;
  /** A collection or, for privileges about users, a user; `*` for all of them. */
  readonly objectName: string;
}

export interface PrivilegeGroupRef {
  readonly privilegeGroupName: string;
}

export interface ResourceGroupRef {
  readonly resourceGroupName: string;
}

export const aCollection = ({ databaseName, collectionName }: CollectionRef): string =>
  `collection ${databaseName}/${collectionName}`;

export const aPartition = (ref: PartitionRef): string =>
  `partition ${ref.partitionName} of ${aCollection(ref)}`;

export const anIndex = (ref: IndexRef): string => `index ${ref.indexName} of ${aCollection(ref)}`;

export const aUser = ({ userName }: UserRef): string => `user ${userName}`;

export const aRole = ({ roleName }: RoleRef): string => `role ${roleName}`;

export const aMembership = (ref: MembershipRef): string => `membership of ${aUser(ref)} in ${aRole(ref)}`;

export const aGrant = (ref: GrantRef): string =>
  `grant of ${ref.privilege} on ${ref.databaseName}/${ref.objectName} to ${aRole(ref)}`;

export const aPrivilegeGroup = ({ privilegeGroupName }: PrivilegeGroupRef): string =>
  `privilege group ${privilegeGroupName}`;

export const aResourceGroup = ({ resourceGroupName }: ResourceGroupRef): string =>
  `resource group ${resourceGroupName}`;

/** Tells collections of one server apart, for queues and batches. */
export const keyOf = ({ databaseName, collectionName }: CollectionRef): string =>
  `${databaseName}/${collectionName}`;

/** The wire's words for a collection. */
export const wire = ({ databaseName, collectionName }: CollectionRef) => ({
  db_name: databaseName,
  collection_name: collectionName,
});
