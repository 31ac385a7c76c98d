// Written by `npm run generate` from provider/resources; do not edit.

import * as pulumi from "@pulumi/pulumi";

import { Collection } from "./collection";
import { isResource, registration, remember, shortenStack } from "./resource";
import { TimeoutsArgs } from "./shared";

/**
 * An index on a field of a collection.
 *
 * Removed from the program, the collection is released where the server demands it and the index is
 * dropped. When every vector field still has an index, the collection is loaded again as it was;
 * otherwise it is no longer searchable, and the log says so. Milvus:
 * https://milvus.io/docs/manage-indexes.md
 */
export class Index extends pulumi.CustomResource {
  /** One that exists already, by its id; it is read, never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Index {
    return new this(name, undefined as unknown as IndexArgs, { ...opts, id });
  }

  /** Also for objects of another copy of this package. */
  static override isInstance(value: unknown): value is Index {
    return isResource(value, "Index");
  }

  /** The name of the collection it stands in. */
  declare readonly collectionName: pulumi.Output<string>;

  /** The id that the server gave the collection. Empty on Milvus Lite, which gives none. */
  declare readonly collectionId: pulumi.Output<string>;

  /** The database. Default: that of the provider, `default` when it names none. A change replaces. */
  declare readonly databaseName: pulumi.Output<string>;

  /** The name of the index. Default: the logical name of the resource. A change replaces. */
  declare readonly indexName: pulumi.Output<string>;

  /** The field to index. A change replaces. */
  declare readonly fieldName: pulumi.Output<string>;

  /**
   * Such as `HNSW`, `IVF_FLAT`, `AUTOINDEX`, `INVERTED`. Default: the server's choice. A change
   * replaces. Zilliz Cloud builds its `AUTOINDEX` on vectors whatever is named here, which is no change
   * then.
   */
  declare readonly indexType: pulumi.Output<string | undefined>;

  /**
   * How vectors are compared: `COSINE`, `IP`, `L2`, `HAMMING`, ... Default: the server's. A change
   * replaces.
   */
  declare readonly metricType: pulumi.Output<string | undefined>;

  /** Parameters of the index type, such as `{ M: 16, efConstruction: 200 }`. A change replaces. */
  declare readonly params: pulumi.Output<IndexParams>;

  /**
   * How its collection was loaded before a run released it that could not load it again: the next
   * `pulumi up` does. Left out while nothing is owed.
   */
  declare readonly owedLoad: pulumi.Output<{ [key: string]: unknown } | undefined>;

  constructor(name: string, args: IndexArgs, opts?: pulumi.CustomResourceOptions) {
    const { type, properties, options } = registration(new.target, "Index", name, args, OUTPUTS, opts);
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
  "indexName",
  "fieldName",
  "indexType",
  "metricType",
  "params",
  "owedLoad",
];

/** What an Index is declared with. */
export interface IndexArgs {
  /**
   * The collection it stands in: a Collection of the program, which it follows and goes with, or the
   * name of one.
   */
  collection: Collection | pulumi.Input<string>;
  /** The database. Default: that of the provider, `default` when it names none. A change replaces. */
  databaseName?: pulumi.Input<string>;
  /** The name of the index. Default: the logical name of the resource. A change replaces. */
  indexName?: pulumi.Input<string>;
  /** The field to index. A change replaces. */
  fieldName: pulumi.Input<string>;
  /**
   * Such as `HNSW`, `IVF_FLAT`, `AUTOINDEX`, `INVERTED`. Default: the server's choice. A change
   * replaces. Zilliz Cloud builds its `AUTOINDEX` on vectors whatever is named here, which is no change
   * then.
   */
  indexType?: pulumi.Input<string>;
  /**
   * How vectors are compared: `COSINE`, `IP`, `L2`, `HAMMING`, ... Default: the server's. A change
   * replaces.
   */
  metricType?: pulumi.Input<string>;
  /** Parameters of the index type, such as `{ M: 16, efConstruction: 200 }`. A change replaces. */
  params?: pulumi.Input<IndexParamsArgs>;
  /**
   * Whether to wait until the rows that are there are indexed. When the time is up the resource is kept
   * and the next `pulumi up` goes on waiting. Default: `true`. Never causes a change.
   */
  waitForBuild?: pulumi.Input<boolean>;
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

/** Parameters of an index type. Milvus: https://milvus.io/docs/index-explained.md */
export interface IndexParamsArgs {
  /** HNSW: connections of a node, 2 to 2,048. */
  M?: pulumi.Input<number>;
  /** HNSW: candidates looked at while building. */
  efConstruction?: pulumi.Input<number>;
  /** IVF: clusters, 1 to 65,536. */
  nlist?: pulumi.Input<number>;
  /** IVF_PQ: parts a vector is cut into; divides `dim`. */
  m?: pulumi.Input<number>;
  /** IVF_PQ: bits of a part, 1 to 64. */
  nbits?: pulumi.Input<number>;
  /** Sparse: share of the smallest values left out, 0 to 1. */
  drop_ratio_build?: pulumi.Input<number>;
  [parameter: string]: unknown;
}

/** Parameters of an index type. Milvus: https://milvus.io/docs/index-explained.md */
export interface IndexParams {
  /** HNSW: connections of a node, 2 to 2,048. */
  M?: number;
  /** HNSW: candidates looked at while building. */
  efConstruction?: number;
  /** IVF: clusters, 1 to 65,536. */
  nlist?: number;
  /** IVF_PQ: parts a vector is cut into; divides `dim`. */
  m?: number;
  /** IVF_PQ: bits of a part, 1 to 64. */
  nbits?: number;
  /** Sparse: share of the smallest values left out, 0 to 1. */
  drop_ratio_build?: number;
  [parameter: string]: unknown;
}
