// Written by `npm run generate` from provider/resources; do not edit.

import * as pulumi from "@pulumi/pulumi";

import { isResource, registration, remember, shortenStack } from "./resource";
import { TimeoutsArgs } from "./shared";

/**
 * Query nodes for the collections that are loaded into them.
 *
 * Removed from the program, its nodes go back to Milvus's own group, which is never dropped, and the
 * group is dropped. Milvus: https://milvus.io/docs/resource_group.md
 */
export class ResourceGroup extends pulumi.CustomResource {
  /** One that exists already, by its id; it is read, never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ResourceGroup {
    return new this(name, undefined, { ...opts, id });
  }

  /** Also for objects of another copy of this package. */
  static override isInstance(value: unknown): value is ResourceGroup {
    return isResource(value, "ResourceGroup");
  }

  /** The name of the resource group. Default: the logical name of the resource. A change replaces. */
  declare readonly resourceGroupName: pulumi.Output<string>;

  /**
   * How many query nodes it should have at least. From Milvus 2.4.1 on the server moves nodes as they
   * come; before, they are taken out of Milvus's own group at once, which must have them. Default: 0.
   * Changed in place.
   */
  declare readonly requests: pulumi.Output<number>;

  /**
   * How many query nodes it may have at most; those beyond go back to Milvus's own group. Default:
   * `requests`. Changed in place.
   */
  declare readonly limits: pulumi.Output<number | undefined>;

  constructor(name: string, args?: ResourceGroupArgs, opts?: pulumi.CustomResourceOptions) {
    const given = args ?? (opts?.id === undefined ? {} : undefined);
    const { type, properties, options } = registration(
      new.target,
      "ResourceGroup",
      name,
      given,
      OUTPUTS,
      opts,
    );
    const restoreStack = shortenStack();
    try {
      super(type, name, properties, options);
    } finally {
      restoreStack();
    }
    remember(this, given, options);
  }
}

const OUTPUTS = ["resourceGroupName", "requests", "limits"];

/** What a ResourceGroup is declared with. */
export interface ResourceGroupArgs {
  /** The name of the resource group. Default: the logical name of the resource. A change replaces. */
  resourceGroupName?: pulumi.Input<string>;
  /**
   * How many query nodes it should have at least. From Milvus 2.4.1 on the server moves nodes as they
   * come; before, they are taken out of Milvus's own group at once, which must have them. Default: 0.
   * Changed in place.
   */
  requests?: pulumi.Input<number>;
  /**
   * How many query nodes it may have at most; those beyond go back to Milvus's own group. Default:
   * `requests`. Changed in place.
   */
  limits?: pulumi.Input<number>;
  /**
   * How long operations may take, in seconds. A server that has not answered yet, and that nothing in
   * the stack makes, is given up after 8 seconds unless they are set. Never causes a change; a delete
   * uses what was recorded at the last create or update.
   */
  timeouts?: pulumi.Input<TimeoutsArgs>;
}
