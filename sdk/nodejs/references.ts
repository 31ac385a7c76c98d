/** Resources that the engine refers to in a program, such as the collection of a partition in an async transform. */
import * as pulumi from "@pulumi/pulumi";

import { packageVersion, PLUGIN } from "./engines";
import { perRun } from "./per-run";

type ResourceClass = new (
  name: string,
  args: never,
  opts?: pulumi.CustomResourceOptions & { readonly urn?: pulumi.URN },
) => pulumi.Resource;

/** By their URNs. */
const ofRun = perRun(() => new Map<string, pulumi.Resource>());

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
