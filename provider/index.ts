/**
 * What states call: `exports.handler = () => require("pulumi-milvus/provider").partition;`. This subpath and the
 * names in the registry are a promise to every state ever written.
 */
import type * as dynamic from "@pulumi/pulumi/dynamic";

import type { DeclaredInRun } from "./engines/declared";
import { dynamicProvider } from "./engines/dynamic";
import { resources } from "./registry";

type Providers = { readonly [Name in keyof typeof resources]: dynamic.ResourceProvider };

/** One process serves all kinds of one run. */
const inRun: DeclaredInRun = new Set();

const providers = Object.fromEntries(
  Object.entries(resources).map(([name, resource]) => [name, dynamicProvider(resource as never, inRun)]),
) as Providers;

export = providers;
