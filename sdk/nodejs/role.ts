// Written by `npm run generate` from provider/resources; do not edit.

import * as pulumi from "@pulumi/pulumi";

import { isResource, registration, remember, shortenStack } from "./resource";
import { TimeoutsArgs } from "./shared";

/**
 * A role: what its users may do, by the `Grant`s to it.
 *
 * A new role has no grants, also where one of that name was dropped by hand and left some behind.
 * Removed from the program, all that is granted to it is revoked in every database, and the log names
 * what no `Grant` declares; then it is dropped. Pass its `roleName` to `Grant` and `RoleMembership`,
 * so that they go first. Milvus: https://milvus.io/docs/rbac.md
 */
export class Role extends pulumi.CustomResource {
  /** One that exists already, by its id; it is read, never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Role {
    return new this(name, undefined, { ...opts, id });
  }

  /** Also for objects of another copy of this package. */
  static override isInstance(value: unknown): value is Role {
    return isResource(value, "Role");
  }

  /** The name of the role. Default: the logical name of the resource. A change replaces. */
  declare readonly roleName: pulumi.Output<string>;

  /**
   * What the role is for. Needs Milvus 2.6.19, the first that was seen to keep one. Changed in place.
   * Default: none.
   */
  declare readonly description: pulumi.Output<string>;

  constructor(name: string, args?: RoleArgs, opts?: pulumi.CustomResourceOptions) {
    const given = args ?? (opts?.id === undefined ? {} : undefined);
    const { type, properties, options } = registration(new.target, "Role", name, given, OUTPUTS, opts);
    const restoreStack = shortenStack();
    try {
      super(type, name, properties, options);
    } finally {
      restoreStack();
    }
    remember(this, given, options);
  }
}

const OUTPUTS = ["roleName", "description"];

/** What a Role is declared with. */
export interface RoleArgs {
  /** The name of the role. Default: the logical name of the resource. A change replaces. */
  roleName?: pulumi.Input<string>;
  /**
   * What the role is for. Needs Milvus 2.6.19, the first that was seen to keep one. Changed in place.
   * Default: none.
   */
  description?: pulumi.Input<string>;
  /**
   * How long operations may take, in seconds. A server that has not answered yet, and that nothing in
   * the stack makes, is given up after 8 seconds unless they are set. Never causes a change; a delete
   * uses what was recorded at the last create or update.
   */
  timeouts?: pulumi.Input<TimeoutsArgs>;
}
