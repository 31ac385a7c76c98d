// Written by `npm run generate` from provider/resources; do not edit.

import * as pulumi from "@pulumi/pulumi";

import { Collection } from "./collection";
import { isResource, registration, remember, shortenStack } from "./resource";
import { TimeoutsArgs } from "./shared";

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
export class CollectionLoad extends pulumi.CustomResource {
  /** One that exists already, by its id; it is read, never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): CollectionLoad {
    return new this(name, undefined as unknown as CollectionLoadArgs, { ...opts, id });
  }

  /** Also for objects of another copy of this package. */
  static override isInstance(value: unknown): value is CollectionLoad {
    return isResource(value, "CollectionLoad");
  }

  /** The name of the collection it stands in. */
  declare readonly collectionName: pulumi.Output<string>;

  /** The id that the server gave the collection. Empty on Milvus Lite, which gives none. */
  declare readonly collectionId: pulumi.Output<string>;

  /** The database. Default: that of the provider, `default` when it names none. A change replaces. */
  declare readonly databaseName: pulumi.Output<string>;

  /**
   * The partitions to keep loaded, in any order; `_default` is Milvus's own. Default: all, those to come
   * included. Names that are added are loaded and names that are removed are released in place. Not for
   * collections with a partition key.
   */
  declare readonly partitionNames: pulumi.Output<string[] | undefined>;

  /**
   * How many copies are kept in memory, each on query nodes of its own. Default: that of the collection
   * or the database, else 1. Changed in place from Milvus 2.4.13 when all partitions are loaded;
   * otherwise released and loaded again.
   */
  declare readonly replicaNumber: pulumi.Output<number | undefined>;

  /**
   * The resource groups whose query nodes hold the replicas, in any order. Default: those of the
   * collection or the database, else Milvus's default one. Changed like `replicaNumber`. Milvus:
   * https://milvus.io/docs/resource_group.md
   */
  declare readonly resourceGroups: pulumi.Output<string[] | undefined>;

  /**
   * The fields to load, in any order: the primary key, the partition and clustering key and at least one
   * vector field among them. Default: all. Needs Milvus 2.5. A change releases and loads again. Milvus
   * does not tell which fields are loaded, so a refresh finds no drift of it. Milvus:
   * https://milvus.io/docs/load-and-release.md
   */
  declare readonly loadFields: pulumi.Output<string[] | undefined>;

  /**
   * Whether to leave out the dynamic field, which holds what the schema does not name. Needs Milvus 2.5.
   * Default: `false`. A change releases and loads again.
   */
  declare readonly skipLoadDynamicField: pulumi.Output<boolean>;

  /**
   * How its collection was loaded before a run released it that could not load it again: the next
   * `pulumi up` does. Left out while nothing is owed.
   */
  declare readonly owedLoad: pulumi.Output<{ [key: string]: unknown } | undefined>;

  constructor(name: string, args: CollectionLoadArgs, opts?: pulumi.CustomResourceOptions) {
    const { type, properties, options } = registration(
      new.target,
      "CollectionLoad",
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

const OUTPUTS = [
  "collectionName",
  "collectionId",
  "databaseName",
  "partitionNames",
  "replicaNumber",
  "resourceGroups",
  "loadFields",
  "skipLoadDynamicField",
  "owedLoad",
];

/** What a CollectionLoad is declared with. */
export interface CollectionLoadArgs {
  /**
   * The collection it stands in: a Collection of the program, which it follows and goes with, or the
   * name of one.
   */
  collection: Collection | pulumi.Input<string>;
  /** The database. Default: that of the provider, `default` when it names none. A change replaces. */
  databaseName?: pulumi.Input<string>;
  /**
   * The partitions to keep loaded, in any order; `_default` is Milvus's own. Default: all, those to come
   * included. Names that are added are loaded and names that are removed are released in place. Not for
   * collections with a partition key.
   */
  partitionNames?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * How many copies are kept in memory, each on query nodes of its own. Default: that of the collection
   * or the database, else 1. Changed in place from Milvus 2.4.13 when all partitions are loaded;
   * otherwise released and loaded again.
   */
  replicaNumber?: pulumi.Input<number>;
  /**
   * The resource groups whose query nodes hold the replicas, in any order. Default: those of the
   * collection or the database, else Milvus's default one. Changed like `replicaNumber`. Milvus:
   * https://milvus.io/docs/resource_group.md
   */
  resourceGroups?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The fields to load, in any order: the primary key, the partition and clustering key and at least one
   * vector field among them. Default: all. Needs Milvus 2.5. A change releases and loads again. Milvus
   * does not tell which fields are loaded, so a refresh finds no drift of it. Milvus:
   * https://milvus.io/docs/load-and-release.md
   */
  loadFields?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Whether to leave out the dynamic field, which holds what the schema does not name. Needs Milvus 2.5.
   * Default: `false`. A change releases and loads again.
   */
  skipLoadDynamicField?: pulumi.Input<boolean>;
  /**
   * Whether to change a load that is there already and differs from what is declared. An equal one is
   * taken over either way. Default: `false`. Never causes a change.
   */
  adopt?: pulumi.Input<boolean>;
  /**
   * How long operations may take, in seconds. A server that has not answered yet, and that nothing in
   * the stack makes, is given up after 8 seconds unless they are set. Never causes a change; a delete
   * uses what was recorded at the last create or update.
   */
  timeouts?: pulumi.Input<TimeoutsArgs>;
}
