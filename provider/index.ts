/**
 * What states call: `exports.handler = () => require("pulumi-milvus/provider").partition;`. This subpath and the
 * names in the registry are a promise to every state ever written.
 */
import type * as dynamic from "@pulumi/pulumi/dynamic";

import { dynamicProvider } from "./engines/dynamic";
import { SharedClaims } from "./lifecycle/shared-claims";
import { resources } from "./registry";
import { Run } from "./run";

type Providers = { readonly [Name in keyof typeof resources]: dynamic.ResourceProvider };

/** The engine has a process for each configured provider in a run, which serves all kinds. */
const run = new Run(new SharedClaims());

const providers = Object.fromEntries(
  Object.entries(resources).map(([name, resource]) => [name, dynamicProvider(resource as never, run)]),
) as Providers;

export = providers;
