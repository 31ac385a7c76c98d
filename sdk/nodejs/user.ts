// Written by `npm run generate` from provider/resources; do not edit.

import * as pulumi from "@pulumi/pulumi";

import { isResource, registration, remember, shortenStack } from "./resource";
import { TimeoutsArgs } from "./shared";

/**
 * A user of the server, who logs in with a password.
 *
 * A user may do what is granted to the roles that it is in: see `RoleMembership`, `Role` and `Grant`.
 * Removed from the program, the user is dropped with its memberships, and its open connections are
 * refused at once. `root` is never dropped. Milvus: https://milvus.io/docs/authenticate.md
 */
export class User extends pulumi.CustomResource {
  /** One that exists already, by its id; it is read, never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): User {
    return new this(name, undefined as unknown as UserArgs, { ...opts, id });
  }

  /** Also for objects of another copy of this package. */
  static override isInstance(value: unknown): value is User {
    return isResource(value, "User");
  }

  /** The name of the user. Default: the logical name of the resource. A change replaces. */
  declare readonly userName: pulumi.Output<string>;

  /**
   * What the user is for. Needs Milvus 2.6.19, the first that was seen to keep one. Changed in place.
   * Default: none.
   */
  declare readonly description: pulumi.Output<string>;

  constructor(name: string, args: UserArgs, opts?: pulumi.CustomResourceOptions) {
    const { type, properties, options } = registration(new.target, "User", name, args, OUTPUTS, opts, {
      secrets: SECRETS,
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

const OUTPUTS = ["userName", "description"];
const SECRETS = ["password"];

/** What a User is declared with. */
export interface UserArgs {
  /** The name of the user. Default: the logical name of the resource. A change replaces. */
  userName?: pulumi.Input<string>;
  /**
   * The password: 6 to 72 bytes in UTF-8. Encrypted in the state whether or not it is given as a secret,
   * and never shown. Line ends behind it, which a file has, are no part of it. Changed in place; Milvus
   * wants the old one for that, which comes from the state. It cannot be read back, so a change by
   * somebody else is only noticed when it is changed here.
   */
  password: pulumi.Input<string>;
  /**
   * What the user is for. Needs Milvus 2.6.19, the first that was seen to keep one. Changed in place.
   * Default: none.
   */
  description?: pulumi.Input<string>;
  /**
   * How long operations may take, in seconds. A server that has not answered yet, and that nothing in
   * the stack makes, is given up after 8 seconds unless they are set. Never causes a change; a delete
   * uses what was recorded at the last create or update.
   */
  timeouts?: pulumi.Input<TimeoutsArgs>;
}
