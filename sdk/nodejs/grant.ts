// Written by `npm run generate` from provider/resources; do not edit.

import * as pulumi from "@pulumi/pulumi";

import { isResource, registration, remember, shortenStack } from "./resource";
import { TimeoutsArgs } from "./shared";

/**
 * A privilege, or a group of privileges, that a role has.
 *
 * Granted in the style that the server's version knows: on an object up to Milvus 2.4, on a collection
 * of a database from 2.5 on. Removed from the program, it is revoked. It needs a server with
 * authorization on. Milvus: https://milvus.io/docs/grant_privileges.md
 */
export class Grant extends pulumi.CustomResource {
  /** One that exists already, by its id; it is read, never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Grant {
    return new this(name, undefined as unknown as GrantArgs, { ...opts, id });
  }

  /** Also for objects of another copy of this package. */
  static override isInstance(value: unknown): value is Grant {
    return isResource(value, "Grant");
  }

  /** The role: best the `roleName` of a Role, so that it is made first and goes last. A change replaces. */
  declare readonly roleName: pulumi.Output<string>;

  /**
   * A privilege such as `Search`, `Insert` or `CreateCollection`, or from Milvus 2.5 on a group of them:
   * a built-in one such as `CollectionReadOnly` or `ClusterAdmin`, or the `privilegeGroupName` of a
   * PrivilegeGroup. A change replaces. Milvus: https://milvus.io/docs/grant_privileges.md
   */
  declare readonly privilege: pulumi.Output<string>;

  /**
   * The database that it is granted in. Default: that of the provider, `default` when it names none.
   * From Milvus 2.5 on `"*"` is all databases, which privileges about the whole server need. A change
   * replaces.
   */
  declare readonly databaseName: pulumi.Output<string>;

  /**
   * The collection that it is about, or `"*"` for all of the database. Privileges about collections need
   * one or the other; for those about databases or the server it is left out. A change replaces.
   */
  declare readonly collectionName: pulumi.Output<string>;

  /** For `UpdateUser` and `SelectUser`: the user that it is about. Default: all users. A change replaces. */
  declare readonly userName: pulumi.Output<string | undefined>;

  constructor(name: string, args: GrantArgs, opts?: pulumi.CustomResourceOptions) {
    const { type, properties, options } = registration(new.target, "Grant", name, args, OUTPUTS, opts);
    const restoreStack = shortenStack();
    try {
      super(type, name, properties, options);
    } finally {
      restoreStack();
    }
    remember(this, args, options);
  }
}

const OUTPUTS = ["roleName", "privilege", "databaseName", "collectionName", "userName"];

/** What a Grant is declared with. */
export interface GrantArgs {
  /** The role: best the `roleName` of a Role, so that it is made first and goes last. A change replaces. */
  roleName: pulumi.Input<string>;
  /**
   * A privilege such as `Search`, `Insert` or `CreateCollection`, or from Milvus 2.5 on a group of them:
   * a built-in one such as `CollectionReadOnly` or `ClusterAdmin`, or the `privilegeGroupName` of a
   * PrivilegeGroup. A change replaces. Milvus: https://milvus.io/docs/grant_privileges.md
   */
  privilege: pulumi.Input<string>;
  /**
   * The database that it is granted in. Default: that of the provider, `default` when it names none.
   * From Milvus 2.5 on `"*"` is all databases, which privileges about the whole server need. A change
   * replaces.
   */
  databaseName?: pulumi.Input<string>;
  /**
   * The collection that it is about, or `"*"` for all of the database. Privileges about collections need
   * one or the other; for those about databases or the server it is left out. A change replaces.
   */
  collectionName?: pulumi.Input<string>;
  /** For `UpdateUser` and `SelectUser`: the user that it is about. Default: all users. A change replaces. */
  userName?: pulumi.Input<string>;
  /**
   * How long operations may take, in seconds. A server that has not answered yet, and that nothing in
   * the stack makes, is given up after 8 seconds unless they are set. Never causes a change; a delete
   * uses what was recorded at the last create or update.
   */
  timeouts?: pulumi.Input<TimeoutsArgs>;
}
