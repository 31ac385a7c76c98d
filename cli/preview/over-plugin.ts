/** What the plugin's resources and Providers have in a state and a plan, in the form that dynamic ones have it in. */
import type { Properties } from "../../provider/core/properties";
import { normalizeProperties } from "../../provider/core/shapes";
import { UNKNOWN } from "../../provider/core/unknown";
import { CollectionsOfProgram, ResourceReference } from "../../provider/engines/plugin/collections";
import { resourceOf } from "../../provider/registry";
import { holdsSecret, type Preview, type StepState } from "./steps";

type Values = Readonly<Record<string, unknown>>;

const TYPE = /^milvus:index:(\w+)$/;
const PROVIDER = "pulumi:providers:milvus";

/** With what the plugin's resources and Providers have in its steps in the form that dynamic ones have it in. */
export function asDynamic({ steps, ...preview }: Preview): Preview {
  if (!steps) return preview;
  const collections = new CollectionsOfProgram();
  for (const { urn, newState } of steps)
    if (TYPE.exec(newState?.type ?? "")?.[1] === "Collection")
      collections.declared(urn, { ...newState?.inputs, ...newState?.outputs });
  const convert = (state: StepState | undefined): StepState | undefined => {
    if (state?.type === PROVIDER) return { ...state, inputs: asConfig(state.inputs) };
    const resource = resourceOf(TYPE.exec(state?.type ?? "")?.[1] ?? "");
    if (!state || !resource) return state;
    const { inputs: declared } = resource;
    const { inputs, outputs } = state;
    return {
      ...state,
      ...(inputs && { inputs: normalized(declared, collections.named(declared, withReference(inputs))) }),
      ...(outputs && { outputs: normalized(declared, outputs) }),
    };
  };
  const converted = steps.map((step) => ({
    ...step,
    oldState: convert(step.oldState),
    newState: convert(step.newState),
  }));
  return { ...preview, steps: converted };
}

/** What is hidden has no normal form. */
function normalized(declared: Properties, values: Values): Values {
  const hidden = Object.entries(values).filter(([, value]) => holdsSecret(value));
  return { ...normalizeProperties(declared, values), ...Object.fromEntries(hidden) };
}

export function isProvider(type: string): boolean {
  return type === "pulumi:providers:pulumi-nodejs" || type === PROVIDER;
}

/** Of a provider, by its URN. */
export function isOverPlugin({ urn }: { readonly urn: string }): boolean {
  return urn.split("::")[2] === PROVIDER;
}

/** The inputs of a Provider by their keys in stack config, as texts. */
export function asConfig(inputs: Values = {}): Values {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name.includes(":") ? name : `milvus:${name}`,
      value === undefined || typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** A plan has the URN and the id of a collection that is given as a resource. */
function withReference({ collection, ...others }: Values): Values {
  if (typeof collection !== "object" || collection === null)
    return { ...others, ...(collection !== undefined && { collection }) };
  const { urn, id } = collection as { readonly urn: string; readonly id?: string };
  return { ...others, collection: new ResourceReference(urn, id || UNKNOWN) };
}
