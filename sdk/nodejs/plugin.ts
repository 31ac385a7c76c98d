// Written by `npm run generate` from provider/resources; do not edit.

/** The resources of pulumi-milvus over its plugin, which has to be installed: the same classes and arguments. */
import { type Classes, CollectionBehindAlias as Component } from "./collection-behind-alias";
import { registersOverPlugin } from "./engines";
import * as dynamic from "./index";
import { registerReferences } from "./references";

/**
 * A database: a name space for collections, their aliases and grants.
 *
 * Give it to what stands in it as `databaseName: db.databaseName`: then it is made first and dropped
 * last. Removed from the program, it is dropped, unless there are collections in it: then the error
 * says which. Milvus: https://milvus.io/docs/manage_databases.md
 */
export class Database extends dynamic.Database {}
registersOverPlugin(Database);

/**
 * A collection: a schema and the entities in it.
 *
 * Removed from the program, it is dropped at the next `pulumi up`, **with all data in it**. Milvus:
 * https://milvus.io/docs/manage-collections.md
 */
export class Collection extends dynamic.Collection {}
registersOverPlugin(Collection);

/**
 * A partition of a collection.
 *
 * Removed from the program, it is released and dropped at the next `pulumi up`, **with all data in
 * it**; the rest of the collection stays loaded. Milvus: https://milvus.io/docs/manage-partitions.md
 */
export class Partition extends dynamic.Partition {}
registersOverPlugin(Partition);

/**
 * Many partitions of one collection as one resource: one entry in the state, one release for all that
 * go.
 *
 * For collections with hundreds of partitions, such as one for each tenant; a few are better declared
 * as `Partition`. Removed from the program, all of its partitions are dropped. Milvus:
 * https://milvus.io/docs/manage-partitions.md
 */
export class PartitionSet extends dynamic.PartitionSet {}
registersOverPlugin(PartitionSet);

/**
 * An index on a field of a collection.
 *
 * Removed from the program, the collection is released where the server demands it and the index is
 * dropped. When every vector field still has an index, the collection is loaded again as it was;
 * otherwise it is no longer searchable, and the log says so. Milvus:
 * https://milvus.io/docs/manage-indexes.md
 */
export class Index extends dynamic.Index {}
registersOverPlugin(Index);

/**
 * Keeps a collection loaded, which is what makes it searchable.
 *
 * Made after the partitions and indexes of the collection that the program declares before it; of
 * those declared later it waits some seconds for the indexes that Milvus demands, one on every vector
 * field. When a change of an index releases the collection, it is loaded again as declared here.
 * Removed from the program, the collection is released at the next `pulumi up`, and no data is lost.
 * One that somebody else released counts as gone: after a `pulumi refresh` the next `pulumi up` loads
 * it again. Milvus: https://milvus.io/docs/load-and-release.md
 */
export class CollectionLoad extends dynamic.CollectionLoad {}
registersOverPlugin(CollectionLoad);

/**
 * A second name of a collection, for those who search in it.
 *
 * Pointed at another collection, it moves in one step: whoever searches through it finds the one or
 * the other, and never nothing. It comes after what the program declares in the collection before it,
 * its load as well. When its `Collection` is replaced it follows. Removed from the program, it is
 * dropped if it still points where it was pointed. Milvus: https://milvus.io/docs/manage-aliases.md
 */
export class Alias extends dynamic.Alias {}
registersOverPlugin(Alias);

/**
 * A user of the server, who logs in with a password.
 *
 * A user may do what is granted to the roles that it is in: see `RoleMembership`, `Role` and `Grant`.
 * Removed from the program, the user is dropped with its memberships, and its open connections are
 * refused at once. `root` is never dropped. Milvus: https://milvus.io/docs/authenticate.md
 */
export class User extends dynamic.User {}
registersOverPlugin(User);

/**
 * A role: what its users may do, by the `Grant`s to it.
 *
 * A new role has no grants, also where one of that name was dropped by hand and left some behind.
 * Removed from the program, all that is granted to it is revoked in every database, and the log names
 * what no `Grant` declares; then it is dropped. Pass its `roleName` to `Grant` and `RoleMembership`,
 * so that they go first. Milvus: https://milvus.io/docs/rbac.md
 */
export class Role extends dynamic.Role {}
registersOverPlugin(Role);

/**
 * A user in a role: the user may do all that is granted to it.
 *
 * Removed from the program, the user is taken out of the role. Milvus:
 * https://milvus.io/docs/grant_roles.md
 */
export class RoleMembership extends dynamic.RoleMembership {}
registersOverPlugin(RoleMembership);

/**
 * A privilege, or a group of privileges, that a role has.
 *
 * Granted in the style that the server's version knows: on an object up to Milvus 2.4, on a collection
 * of a database from 2.5 on. Removed from the program, it is revoked. It needs a server with
 * authorization on. Milvus: https://milvus.io/docs/grant_privileges.md
 */
export class Grant extends dynamic.Grant {}
registersOverPlugin(Grant);

/**
 * A group of privileges, to be granted as one. Needs Milvus 2.5.
 *
 * Pass its `privilegeGroupName` as the `privilege` of a `Grant`, which then comes after it and goes
 * before it: Milvus drops no group that a role has. Milvus: https://milvus.io/docs/privilege_group.md
 */
export class PrivilegeGroup extends dynamic.PrivilegeGroup {}
registersOverPlugin(PrivilegeGroup);

/**
 * Query nodes for the collections that are loaded into them.
 *
 * Removed from the program, its nodes go back to Milvus's own group, which is never dropped, and the
 * group is dropped. Milvus: https://milvus.io/docs/resource_group.md
 */
export class ResourceGroup extends dynamic.ResourceGroup {}
registersOverPlugin(ResourceGroup);

/** A collection that is replaced behind an alias, which goes on serving. */
export class CollectionBehindAlias extends Component {
  /** @internal What it is made of. */
  protected override get classes(): Classes {
    return { Collection, PartitionSet, Index, CollectionLoad, Alias };
  }
}

/** A Milvus server for the resources of this entry that are given it with the option `provider`. */
export class Provider extends dynamic.Provider {}
registersOverPlugin(Provider);

registerReferences({
  Database,
  Collection,
  Partition,
  PartitionSet,
  Index,
  CollectionLoad,
  Alias,
  User,
  Role,
  RoleMembership,
  Grant,
  PrivilegeGroup,
  ResourceGroup,
});

export type {
  CollectionBehindAliasArgs,
  ProviderArgs,
  TlsArgs,
  DatabaseArgs,
  CollectionArgs,
  PartitionArgs,
  PartitionSetArgs,
  IndexArgs,
  CollectionLoadArgs,
  AliasArgs,
  UserArgs,
  RoleArgs,
  RoleMembershipArgs,
  GrantArgs,
  PrivilegeGroupArgs,
  ResourceGroupArgs,
} from "./index";
export * from "./enums";
export * from "./lookups";
export * from "./shared";
