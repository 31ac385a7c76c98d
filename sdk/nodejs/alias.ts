// Written by `npm run generate` from provider/resources; do not edit.

import * as pulumi from "@pulumi/pulumi";

import { Collection } from "./collection";
import { isResource, registration, remember, shortenStack } from "./resource";
import { TimeoutsArgs } from "./shared";

/**
 * A second name of a collection, for those who search in it.
 *
 * Pointed at another collection, it moves in one step: whoever searches through it finds the one or
 * the other, and never nothing. It comes after what the program declares in the collection before it,
 * its load as well. When its `Collection` is replaced it follows. Removed from the program, it is
 * dropped if it still points where it was pointed. Milvus: https://milvus.io/docs/manage-aliases.md
 */
export class Alias extends pulumi.CustomResource {
  /** One that exists already, by its id; it is read, never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Alias {
    return new this(name, undefined as unknown as AliasArgs, { ...opts, id });
  }

  /** Also for objects of another copy of this package. */
  static override isInstance(value: unknown): value is Alias {
    return isResource(value, "Alias");
  }

  /** The name of the collection that it points at. Changed in place, in one step. */
  declare readonly collectionName: pulumi.Output<string>;

  /** The id that the server gave the collection. Empty on Milvus Lite, which gives none. */
  declare readonly collectionId: pulumi.Output<string>;

  /** The database. Default: that of the provider, `default` when it names none. A change replaces. */
  declare readonly databaseName: pulumi.Output<string>;

  /**
   * The name of the alias; no collection of the database may have it. Default: the logical name of the
   * resource. A change replaces.
   */
  declare readonly aliasName: pulumi.Output<string>;

  constructor(name: string, args: AliasArgs, opts?: pulumi.CustomResourceOptions) {
    const { type, properties, options } = registration(new.target, "Alias", name, args, OUTPUTS, opts, {
      outlivesCollection: true,
    });
    const restoreStack = shortenStack();
    try {
      super(type, name, properties, options);
    } finally {
      restoreStack();
    }
    remember(this, args, options);
  }
}

const OUTPUTS = ["collectionName", "collectionId", "databaseName", "aliasName"];

/** What an Alias is declared with. */
export interface AliasArgs {
  /** The collection: a Collection of the program, which it follows, or the name of one. */
  collection: Collection | pulumi.Input<string>;
  /** The database. Default: that of the provider, `default` when it names none. A change replaces. */
  databaseName?: pulumi.Input<string>;
  /**
   * The name of the alias; no collection of the database may have it. Default: the logical name of the
   * resource. A change replaces.
   */
  aliasName?: pulumi.Input<string>;
  /**
   * What becomes of a move to a collection that holds fewer entities than the one that the alias points
   * at: `refuse` it, before anything is changed, at preview where the numbers are certain; `warn`; or
   * `allow` it, without counting. A CollectionBehindAlias sets it. Default: `allow`. Never causes a
   * change.
   */
  fewerEntities?: pulumi.Input<"allow" | "warn" | "refuse">;
  /**
   * Whether to take over an alias of this name that exists already and points at another collection: it
   * is pointed at the declared one. Default: `false`. Never causes a change.
   */
  adopt?: pulumi.Input<boolean>;
  /**
   * How long operations may take, in seconds. A server that has not answered yet, and that nothing in
   * the stack makes, is given up after 8 seconds unless they are set. Never causes a change; a delete
   * uses what was recorded at the last create or update.
   */
  timeouts?: pulumi.Input<TimeoutsArgs>;
}
