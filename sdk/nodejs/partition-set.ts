// Written by `npm run generate` from provider/resources; do not edit.

import * as pulumi from "@pulumi/pulumi";

import { Collection } from "./collection";
import { isResource, registration, remember, shortenStack } from "./resource";
import { TimeoutsArgs } from "./shared";

/**
 * Many partitions of one collection as one resource: one entry in the state, one release for all that
 * go.
 *
 * For collections with hundreds of partitions, such as one for each tenant; a few are better declared
 * as `Partition`. Removed from the program, all of its partitions are dropped. Milvus:
 * https://milvus.io/docs/manage-partitions.md
 */
export class PartitionSet extends pulumi.CustomResource {
  /** One that exists already, by its id; it is read, never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): PartitionSet {
    return new this(name, undefined as unknown as PartitionSetArgs, { ...opts, id });
  }

  /** Also for objects of another copy of this package. */
  static override isInstance(value: unknown): value is PartitionSet {
    return isResource(value, "PartitionSet");
  }

  /** The name of the collection it stands in. */
  declare readonly collectionName: pulumi.Output<string>;

  /** The id that the server gave the collection. Empty on Milvus Lite, which gives none. */
  declare readonly collectionId: pulumi.Output<string>;

  /** The database. Default: that of the provider, `default` when it names none. A change replaces. */
  declare readonly databaseName: pulumi.Output<string>;

  /**
   * The names of the partitions, in any order. Names that are added are created at the next `pulumi up`,
   * names that are removed are released in one call and dropped, **with all data in them**.
   */
  declare readonly partitionNames: pulumi.Output<string[]>;

  /** The ids that the server gave the partitions, by name. Empty on Milvus Lite, which gives none. */
  declare readonly partitionIds: pulumi.Output<{ [key: string]: string } | undefined>;

  constructor(name: string, args: PartitionSetArgs, opts?: pulumi.CustomResourceOptions) {
    const { type, properties, options } = registration(new.target, "PartitionSet", name, args, OUTPUTS, opts);
    const restoreStack = shortenStack();
    try {
      super(type, name, properties, options);
    } finally {
      restoreStack();
    }
    remember(this, args, options);
  }
}

const OUTPUTS = ["collectionName", "collectionId", "databaseName", "partitionNames", "partitionIds"];

/** What a PartitionSet is declared with. */
export interface PartitionSetArgs {
  /**
   * The collection it stands in: a Collection of the program, which it follows and goes with, or the
   * name of one.
   */
  collection: Collection | pulumi.Input<string>;
  /** The database. Default: that of the provider, `default` when it names none. A change replaces. */
  databaseName?: pulumi.Input<string>;
  /**
   * The names of the partitions, in any order. Names that are added are created at the next `pulumi up`,
   * names that are removed are released in one call and dropped, **with all data in them**.
   */
  partitionNames: pulumi.Input<pulumi.Input<string>[]>;
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
