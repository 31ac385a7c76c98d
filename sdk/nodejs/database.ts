// Written by `npm run generate` from provider/resources; do not edit.

import * as pulumi from "@pulumi/pulumi";

import { isResource, registration, remember, shortenStack } from "./resource";
import { TimeoutsArgs } from "./shared";

/**
 * A database: a name space for collections, their aliases and grants.
 *
 * Give it to what stands in it as `databaseName: db.databaseName`: then it is made first and dropped
 * last. Removed from the program, it is dropped, unless there are collections in it: then the error
 * says which. Milvus: https://milvus.io/docs/manage_databases.md
 */
export class Database extends pulumi.CustomResource {
  /** One that exists already, by its id; it is read, never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Database {
    return new this(name, undefined, { ...opts, id });
  }

  /** Also for objects of another copy of this package. */
  static override isInstance(value: unknown): value is Database {
    return isResource(value, "Database");
  }

  /** The name of the database. Default: the logical name of the resource. A change replaces. */
  declare readonly databaseName: pulumi.Output<string>;

  /**
   * Properties of the database: `"database.replica.number"` and `"database.resource_groups"` (names with
   * commas between them) are what its collections are loaded with when the load names none;
   * `"database.max.collections"`, `"database.diskQuota.mb"`, `"database.force.deny.writing"` and
   * `"database.force.deny.reading"` limit what may be done in it. Need Milvus 2.4.3. Set in place;
   * removed in place from Milvus 2.5. Milvus: https://milvus.io/docs/manage_databases.md
   */
  declare readonly properties: pulumi.Output<{ [key: string]: string }>;

  constructor(name: string, args?: DatabaseArgs, opts?: pulumi.CustomResourceOptions) {
    const given = args ?? (opts?.id === undefined ? {} : undefined);
    const { type, properties, options } = registration(new.target, "Database", name, given, OUTPUTS, opts);
    const restoreStack = shortenStack();
    try {
      super(type, name, properties, options);
    } finally {
      restoreStack();
    }
    remember(this, given, options);
  }
}

const OUTPUTS = ["databaseName", "properties"];

/** What a Database is declared with. */
export interface DatabaseArgs {
  /** The name of the database. Default: the logical name of the resource. A change replaces. */
  databaseName?: pulumi.Input<string>;
  /**
   * Properties of the database: `"database.replica.number"` and `"database.resource_groups"` (names with
   * commas between them) are what its collections are loaded with when the load names none;
   * `"database.max.collections"`, `"database.diskQuota.mb"`, `"database.force.deny.writing"` and
   * `"database.force.deny.reading"` limit what may be done in it. Need Milvus 2.4.3. Set in place;
   * removed in place from Milvus 2.5. Milvus: https://milvus.io/docs/manage_databases.md
   */
  properties?: pulumi.Input<{ [key: string]: pulumi.Input<string | number | boolean> }>;
  /**
   * Whether to take over a database of this name that exists already, equals what is declared and has
   * collections with data in them. Without it only what is equal and holds no data is taken over.
   * Default: `false`. Never causes a change.
   */
  adopt?: pulumi.Input<boolean>;
  /**
   * How long operations may take, in seconds. A server that has not answered yet, and that nothing in
   * the stack makes, is given up after 8 seconds unless they are set. Never causes a change; a delete
   * uses what was recorded at the last create or update.
   */
  timeouts?: pulumi.Input<TimeoutsArgs>;
}
