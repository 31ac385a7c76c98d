// Written by `npm run generate` from provider/resources; do not edit.

import * as pulumi from "@pulumi/pulumi";

/** How long operations may take, a start of the server included. */
export interface TimeoutsArgs {
  /** How long creating may take, in seconds. Default: 600. */
  create?: pulumi.Input<number>;
  /** How long changing in place may take, in seconds. Default: 600. */
  update?: pulumi.Input<number>;
  /** How long releasing and dropping may take, in seconds. Default: 600. */
  delete?: pulumi.Input<number>;
}
