// Written by `npm run generate` from provider/resources; do not edit.

import * as pulumi from "@pulumi/pulumi";

import { Collection } from "./collection";
import { isResource, registration, remember, shortenStack } from "./resource";
import { TimeoutsArgs } from "./shared";

/**
 * A partition of a collection.
 *
 * Removed from the program, it is released and dropped at the next `pulumi up`, **with all data in
 * it**; the rest of the collection stays loaded. Milvus: https://milvus.io/docs/manage-partitions.md
 */
export class Partition extends pulumi.CustomResource {
  /** One that exists already, by its id; it is read, never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Partition {
    return new this(name, undefined as unknown as PartitionArgs, { ...opts, id });
  }

  /** Also for objects of another copy of this package. */
  static override isInstance(value: unknown): value is Partition {
    return isResource(value, "Partition");
  }

  /** The name of the collection it stands in. */
  declare readonly collectionName: pulumi.Output<string>;

  /** The id that the server gave the collection. Empty on Milvus Lite, which gives none. */
  declare readonly collectionId: pulumi.Output<string>;

  /** The database. Default: that of the provider, `default` when it names none. A change replaces. */
  declare readonly databaseName: pulumi.Output<string>;

  /** The name of the partition. Default: the logical name of the resource. A change replaces. */
  declare readonly partitionName: pulumi.Output<string>;

  /** The id that the server gave the partition. Empty on Milvus Lite, which gives none. */
  declare readonly partitionId: pulumi.Output<string>;

  constructor(name: string, args: PartitionArgs, opts?: pulumi.CustomResourceOptions) {
    const { type, properties, options } = registration(new.target, "Partition", name, args, OUTPUTS, opts);
    const restoreStack = shortenStack();
    try {
      super(type, name, properties, options);
    } finally {
      restoreStack();
    }
    remember(this, args, options);
  }
}

const OUTPUTS = ["collectionName", "collectionId", "databaseName", "partitionName", "partitionId"];

/** What a Partition is declared with. */
export interface PartitionArgs {
  /**
   * The collection it stands in: a Collection of the program, which it follows and goes with, or the
   * name of one.
   */
  collection: Collection | pulumi.Input<string>;
  /** The database. Default: that of the provider, `default` when it names none. A change replaces. */
  databaseName?: pulumi.Input<string>;
  /** The name of the partition. Default: the logical name of the resource. A change replaces. */
  partitionName?: pulumi.Input<string>;
  /**
   * Whether to take over an object of this name that exists already, equals what is declared and holds
   * data. Without it only what is equal and provably empty is taken over. Default: `false`. Never causes
   * a change.
   */
  adopt?: pulumi.Input<boolean>;
  /**
   * How long operations may take, in seconds. A server that has not answered yet, and that nothing in
   * the stack makes, is given up after 8 seconds unless they are set. Never causes a change; a delete
   * uses what was recorded at the last create or update.
   */
  timeouts?: pulumi.Input<TimeoutsArgs>;
}
