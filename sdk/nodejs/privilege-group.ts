// Written by `npm run generate` from provider/resources; do not edit.

import * as pulumi from "@pulumi/pulumi";

import { isResource, registration, remember, shortenStack } from "./resource";
import { TimeoutsArgs } from "./shared";

/**
 * A group of privileges, to be granted as one. Needs Milvus 2.5.
 *
 * Pass its `privilegeGroupName` as the `privilege` of a `Grant`, which then comes after it and goes
 * before it: Milvus drops no group that a role has. Milvus: https://milvus.io/docs/privilege_group.md
 */
export class PrivilegeGroup extends pulumi.CustomResource {
  /** One that exists already, by its id; it is read, never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): PrivilegeGroup {
    return new this(name, undefined as unknown as PrivilegeGroupArgs, { ...opts, id });
  }

  /** Also for objects of another copy of this package. */
  static override isInstance(value: unknown): value is PrivilegeGroup {
    return isResource(value, "PrivilegeGroup");
  }

  /** The name of the group. Default: the logical name of the resource. A change replaces. */
  declare readonly privilegeGroupName: pulumi.Output<string>;

  /**
   * The privileges in it, in any order, all about collections, all about databases or all about the
   * server. Added and removed in place; whoever has the group has what is in it.
   */
  declare readonly privileges: pulumi.Output<string[]>;

  constructor(name: string, args: PrivilegeGroupArgs, opts?: pulumi.CustomResourceOptions) {
    const { type, properties, options } = registration(
      new.target,
      "PrivilegeGroup",
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

const OUTPUTS = ["privilegeGroupName", "privileges"];

/** What a PrivilegeGroup is declared with. */
export interface PrivilegeGroupArgs {
  /** The name of the group. Default: the logical name of the resource. A change replaces. */
  privilegeGroupName?: pulumi.Input<string>;
  /**
   * The privileges in it, in any order, all about collections, all about databases or all about the
   * server. Added and removed in place; whoever has the group has what is in it.
   */
  privileges: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * How long operations may take, in seconds. A server that has not answered yet, and that nothing in
   * the stack makes, is given up after 8 seconds unless they are set. Never causes a change; a delete
   * uses what was recorded at the last create or update.
   */
  timeouts?: pulumi.Input<TimeoutsArgs>;
}
