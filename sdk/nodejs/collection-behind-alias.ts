import * as pulumi from "@pulumi/pulumi";

import { Alias } from "./alias";
import { Collection, CollectionArgs } from "./collection";
import { CollectionLoad, CollectionLoadArgs } from "./collection-load";
import { PartitionSet } from "./partition-set";
import { Index, IndexArgs } from "./field-index";
import { type Declared, named, STAND_FOR } from "../../provider/components/name-of-collection";

/** What is known, beside the new collection, to whatever fills it. */
export interface ToFill {
  /** The alias, which points at the old collection until the new one is filled; at none at the first `pulumi up`. */
  aliasName: pulumi.Output<string>;
  /** The partitions and indexes of the new collection, for the option of that name: rows go into partitions. */
  dependsOn: pulumi.Resource[];
}

/** What a CollectionBehindAlias is declared with: a collection without its name, and what stands in it. */
export interface CollectionBehindAliasArgs extends Omit<
  CollectionArgs,
  "collectionName" | "version" | "servedThrough"
> {
  /** The name that programs search through. Default: the logical name of the component. */
  aliasName?: pulumi.Input<string>;
  /** The indexes by their names. A change of one on a vector field makes a new collection. */
  indexes?: { [indexName: string]: Omit<IndexArgs, "collection" | "databaseName" | "indexName"> };
  /** The names of the partitions, in any order. Changed in place. Default: Milvus's own alone. */
  partitionNames?: pulumi.Input<pulumi.Input<string>[]>;
  /** How it is kept loaded; `false`: not at all. Default: `true`, all of it with the server's replicas. */
  load?: boolean | Omit<CollectionLoadArgs, "collection" | "databaseName">;
  /** Any text: a change makes a new collection although nothing else asks for one. */
  version?: pulumi.Input<string>;
  /**
   * Makes what fills a new collection, such as a resource that copies rows into it: see examples/blue-green. It is given
   * the collection, the alias, and the partitions and indexes that are made in it. The alias moves once that is there,
   * with a warning where the new collection holds fewer entities than the old one. Default: nothing fills it,
   * and while the old collection holds entities `pulumi up` refuses to move the alias: see `startsEmpty`.
   */
  filledBy?: (collection: Collection, more: ToFill) => pulumi.Resource | pulumi.Resource[];
  /**
   * Whether the alias may move to a collection that holds fewer entities than the one that it points at, such as a new one
   * that is filled later. Take it out again afterwards: it counts for each new collection. Default: `false`.
   */
  startsEmpty?: pulumi.Input<boolean>;
  /**
   * Whether an old collection stays while it holds data, unless its id is in `milvus:acknowledgedDataLoss`. The new one
   * serves all the same; the drop of the old one is an error until then, also at destroy. `false`: `milvus:protectData`
   * alone counts, and by default a change that needs a new collection is refused while the old one holds data that is
   * not acknowledged. Default: `true`.
   */
  protectData?: pulumi.Input<boolean>;
}

/**
 * A collection that is searched through an alias, and changed without an interruption.
 *
 * What Milvus can change in place is changed in place. Any other change, of the schema or of an index on a vector
 * field, makes a new collection beside the old one, with its partitions and indexes, fills it (`filledBy`), loads it,
 * and only then points the alias at it, in one step. One that would hold fewer entities than the old one is not pointed
 * at, unless `filledBy` or `startsEmpty` says so. The old one goes last; while it holds data that is not
 * acknowledged it stays, and `pulumi up` says so until it is.
 *
 * The collection is called like the alias with a suffix that stands for what was declared. Where a server changes in
 * place what others cannot, such as a description, the collection is renamed by that; the alias stays. A server that is
 * too old for it refuses the change: change `version` as well to have a new collection with it.
 * A scalar index that is changed or removed releases the collection for some seconds before Milvus 2.6.4, and so do
 * other replicas before 2.4.13: change `version` as well to have a new collection instead.
 */
export class CollectionBehindAlias extends pulumi.ComponentResource {
  /** The collection that serves now. */
  readonly collection: Collection;

  /** The alias that points at it. */
  readonly alias: Alias;

  /** The indexes by their names. */
  readonly indexes: { readonly [indexName: string]: Index };

  /** The name to search through. */
  readonly aliasName: pulumi.Output<string>;

  /** The name of the collection that serves now; it changes with each new one. */
  readonly collectionName: pulumi.Output<string>;

  constructor(name: string, args: CollectionBehindAliasArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-milvus:index:CollectionBehindAlias", name, {}, opts);
    const { aliasName = name, indexes = {}, partitionNames, load = true, version, ...others } = args;
    const { filledBy, startsEmpty = false, ...own } = others;
    const inside = { parent: this };
    const { adopt, protectData = true } = own;
    const identity = standFor(aliasName, { ...own, indexes, version });
    const servedThrough = filledBy && aliasName;
    const { Collection, PartitionSet, Index, CollectionLoad, Alias } = this.classes;
    this.collection = new Collection(name, { ...own, ...identity, protectData, servedThrough }, inside);
    const collection = this.collection;
    const partitions =
      partitionNames === undefined
        ? []
        : [new PartitionSet(name, { collection, partitionNames, adopt }, inside)];
    this.indexes = Object.fromEntries(
      Object.entries(indexes).map(([indexName, index]) => [
        indexName,
        new Index(`${name}-${indexName}`, { ...index, collection, indexName }, inside),
      ]),
    );
    const filled = filledBy?.(collection, {
      aliasName: pulumi.output(aliasName),
      dependsOn: [...partitions, ...Object.values(this.indexes)],
    });
    if (load !== false) {
      const how = load === true ? {} : load;
      new CollectionLoad(name, { adopt, ...how, collection }, { ...inside, dependsOn: filled });
    }
    const fills = [filled ?? []].flat().length > 0;
    const fewerEntities = pulumi
      .output(startsEmpty)
      .apply((mayBeEmpty) => (mayBeEmpty ? "allow" : fills ? "warn" : "refuse"));
    this.alias = new Alias(
      name,
      { aliasName, collection, adopt, fewerEntities },
      { ...inside, dependsOn: filled },
    );
    this.aliasName = this.alias.aliasName;
    this.collectionName = collection.collectionName;
    this.registerOutputs({ aliasName: this.aliasName, collectionName: this.collectionName });
  }

  /** @internal What it is made of. */
  protected get classes(): Classes {
    return { Collection, PartitionSet, Index, CollectionLoad, Alias };
  }
}

/** @internal */
export type Classes = Pick<
  typeof import("./index"),
  "Collection" | "PartitionSet" | "Index" | "CollectionLoad" | "Alias"
>;

/** The name is known once all that it stands for is. */
function standFor(
  aliasName: pulumi.Input<string>,
  declared: Pick<CollectionBehindAliasArgs, keyof Declared>,
): { collectionName: pulumi.Output<string>; version: pulumi.Output<string> } {
  const own = Object.fromEntries(STAND_FOR.map((input) => [input, declared[input]])) as Declared;
  const known = pulumi.output({ aliasName, own });
  // Names cannot be secrets, and a digest tells nothing of what it was made of.
  const open = pulumi.unsecret(known.apply((all) => named(all.aliasName, all.own)));
  return { collectionName: open.collectionName, version: open.version };
}
