/** One resource of a state: a dynamic one, and the same over the plugin. */
import { isInCollection, type Properties } from "../../provider/core/properties";
import { listed } from "../../provider/engines/answers";
import { HOOK_PROVIDER, MARKS, PROVIDER } from "../../provider/engines/dynamic";
import { argumentOf, withoutNames } from "../../provider/engines/plugin/collections";
import { isReference, isSecret, referenceTo } from "../../provider/engines/plugin/marks";
import { type AnyResource, resources } from "../../provider/registry";
import { DYNAMIC, PLUGIN } from "../../sdk/nodejs/engines";
import type { Named } from "./urns";

type Values = Readonly<Record<string, unknown>>;
type ByUrn = ReadonlyMap<string, StateResource>;
type Lists = Readonly<Record<string, readonly string[]>>;

/** As far as it is read here. */
export interface StateResource extends Named {
  readonly id?: string;
  readonly provider?: string;
  readonly inputs?: Values;
  readonly outputs?: Values;
  /** What each input comes from, as URNs. */
  readonly propertyDependencies?: Lists;
  /** Replaced, and yet to be deleted. */
  readonly delete?: boolean;
}

const BY_TYPE = new Map(
  (Object.values(resources) as unknown as AnyResource[]).map((one) => [DYNAMIC.typeOf(one.kind), one]),
);

/** Nothing for what is no dynamic resource of this package. */
export function declarationOf({ type }: StateResource): AnyResource | undefined {
  return BY_TYPE.get(type);
}

/** Whether only its type is that of one of ours. */
export function isHomeMade({ inputs, outputs }: StateResource): boolean {
  const handler = { ...inputs, ...outputs }[PROVIDER];
  return typeof handler !== "string" || !handler.includes('require("pulumi-milvus/provider")');
}

/** A resource of before and of after. */
export type Converted = [before: StateResource, after: StateResource];

/** With the URNs of before. */
export function asPlugin(ours: readonly StateResource[]): Converted[] {
  const live = ours.filter((one) => !one.delete);
  const byUrn = new Map(live.map((one) => [one.urn, one]));
  return ours.map((one) => [one, overPlugin(one, byUrn)]);
}

function overPlugin(one: StateResource, ours: ByUrn): StateResource {
  const { kind = "", inputs: declared = {} } = declarationOf(one) ?? {};
  const { inputs = {}, outputs = {} } = one;
  const collection = isInCollection(declared) ? collectionOf(one, ours) : undefined;
  return {
    ...one,
    type: PLUGIN.typeOf(kind),
    inputs: {
      ...withoutNames(declared, kept(declared, inputs)),
      ...(inputs[HOOK_PROVIDER] !== undefined && { [HOOK_PROVIDER]: inputs[HOOK_PROVIDER] }),
      ...(collection !== undefined && { collection }),
    },
    outputs: kept(declared, outputs),
    propertyDependencies: dependenciesOf(one, declared, isReference(collection)),
  };
}

/** What is encrypted is left in the form that it has, which the plugin takes as well. */
function kept(declared: Properties, values: Values): Values {
  const own = Object.entries(values).filter(([name]) => !MARKS.includes(name));
  const open = own.filter(([, value]) => !isSecret(value));
  return { ...Object.fromEntries(own), ...listed(declared, Object.fromEntries(open)) };
}

/** The program gave a Collection where the collection's id comes from one, and its name otherwise. */
function collectionOf({ inputs, propertyDependencies }: StateResource, ours: ByUrn): unknown {
  const [urn = ""] = propertyDependencies?.["collectionId"] ?? [];
  const given = ours.get(urn);
  return given ? referenceTo(given.urn, given.id ?? "") : inputs?.["collectionName"];
}

/** By the inputs of a program, in which a Collection stands for its database as well. */
function dependenciesOf(
  { propertyDependencies = {} }: StateResource,
  declared: Properties,
  isInCollectionOfProgram: boolean,
): Lists {
  const found = new Map<string, readonly string[]>();
  for (const [name, urns] of Object.entries(propertyDependencies)) {
    if (!Object.hasOwn(declared, name) && name !== HOOK_PROVIDER) continue;
    const argument =
      name === "databaseName" && isInCollectionOfProgram ? "collection" : argumentOf(declared, name);
    found.set(argument, [...new Set([...(found.get(argument) ?? []), ...urns])]);
  }
  return Object.fromEntries(found);
}
