/** Resources that the engine refers to in a program, such as the collection of a partition in an async transform. */
import * as pulumi from "@pulumi/pulumi";

import { packageVersion, PLUGIN } from "./engines";

type ResourceClass = new (
  name: string,
  args: never,
  opts?: pulumi.CustomResourceOptions & { readonly urn?: pulumi.URN },
) => pulumi.Resource;

/** Those of one run of a program, by their URNs: an inline program may run twice in one process. */
const byRun = new WeakMap<object, Map<string, pulumi.Resource>>();
/** Under mocks there is no stack. */
const NO_STACK = {};

function ofRun(): Map<string, pulumi.Resource> {
  const run = pulumi.runtime.getStackResource() ?? NO_STACK;
  let known = byRun.get(run);
  if (!known) byRun.set(run, (known = new Map<string, pulumi.Resource>()));
  return known;
}

/** Called once it is registered. */
export function mayBeReferredTo(resource: pulumi.Resource): void {
  const known = ofRun();
  resource.urn.apply((urn) => known.set(urn, resource));
}

/**
 * Without it Pulumi would give the program the id in place of the resource, and the engine in place of what it sent. What the
 * program has made itself is that very object, and costs no call.
 */
export function registerReferences(classes: Readonly<Record<string, ResourceClass>>): void {
  pulumi.runtime.registerResourceModule(PLUGIN.package, "index", {
    version: packageVersion(),
    construct(name, type, urn) {
      const known = ofRun().get(urn);
      if (known) return known;
      const kind = Object.keys(classes).find((one) => PLUGIN.typeOf(one) === type);
      const resourceClass = kind === undefined ? undefined : classes[kind];
      if (!resourceClass) throw new Error(`${type} is no resource of this version of pulumi-milvus`);
      return new resourceClass(name, undefined as never, { urn });
    },
  });
}
