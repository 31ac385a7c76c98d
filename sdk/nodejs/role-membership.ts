// Written by `npm run generate` from provider/resources; do not edit.

import * as pulumi from "@pulumi/pulumi";

import { isResource, registration, remember, shortenStack } from "./resource";
import { TimeoutsArgs } from "./shared";

/**
 * A user in a role: the user may do all that is granted to it.
 *
 * Removed from the program, the user is taken out of the role. Milvus:
 * https://milvus.io/docs/grant_roles.md
 */
export class RoleMembership extends pulumi.CustomResource {
  /** One that exists already, by its id; it is read, never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): RoleMembership {
    return new this(name, undefined as unknown as RoleMembershipArgs, { ...opts, id });
  }

  /** Also for objects of another copy of this package. */
  static override isInstance(value: unknown): value is RoleMembership {
    return isResource(value, "RoleMembership");
  }

  /** The user: best the `userName` of a User, so that it is made first and goes last. A change replaces. */
  declare readonly userName: pulumi.Output<string>;

  /** The role: best the `roleName` of a Role, so that it is made first and goes last. A change replaces. */
  declare readonly roleName: pulumi.Output<string>;

  constructor(name: string, args: RoleMembershipArgs, opts?: pulumi.CustomResourceOptions) {
    const { type, properties, options } = registration(
      new.target,
      "RoleMembership",
      name,
      args,
      OUTPUTS,
      opts,
    );
    const restoreStack = shortenStack();
    try {
      super(type, name, properties, options);
    } finally {
      restoreStack();
    }
    remember(this, args, options);
  }
}

const OUTPUTS = ["userName", "roleName"];

/** What a RoleMembership is declared with. */
export interface RoleMembershipArgs {
  /** The user: best the `userName` of a User, so that it is made first and goes last. A change replaces. */
  userName: pulumi.Input<string>;
  /** The role: best the `roleName` of a Role, so that it is made first and goes last. A change replaces. */
  roleName: pulumi.Input<string>;
  /**
   * How long operations may take, in seconds. A server that has not answered yet, and that nothing in
   * the stack makes, is given up after 8 seconds unless they are set. Never causes a change; a delete
   * uses what was recorded at the last create or update.
   */
  timeouts?: pulumi.Input<TimeoutsArgs>;
}
