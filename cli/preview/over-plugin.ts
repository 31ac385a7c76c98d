/** What the plugin's resources and Providers have in a state and a plan, in the form that dynamic ones have it in. */
import { isInCollection } from "../../provider/core/properties";
import { normalizeProperties } from "../../provider/core/shapes";
import { UNKNOWN } from "../../provider/core/unknown";
import { resourceOf } from "../../provider/registry";
import type { Preview, Step, StepState } from "./steps";

type Values = Readonly<Record<string, unknown>>;

const TYPE = /^milvus:index:(\w+)$/;
const PROVIDER = "pulumi:providers:milvus";

/** With the steps of the plugin's resources as steps of dynamic ones, and all others as they are. */
export function asDynamic(preview: Preview): Preview {
  return preview.steps ? { ...preview, steps: asDynamicSteps(preview.steps) } : preview;
}

function asDynamicSteps(steps: readonly Step[]): Step[] {
  const wanted = new Map(steps.flatMap(({ urn, newState }) => (newState ? [[urn, newState] as const] : [])));
  const convert = (state: StepState | undefined): StepState | undefined => {
    if (state?.type === PROVIDER) return { ...state, inputs: asConfig(state.inputs) };
    const kind = TYPE.exec(state?.type ?? "")?.[1];
    if (state === undefined || kind === undefined) return state;
    const { inputs, outputs } = state;
    return {
      ...state,
      type: `pulumi-nodejs:dynamic/milvus:${kind}`,
      ...(inputs && { inputs: normalized(kind, withNames(kind, inputs, wanted)) }),
      ...(outputs && { outputs: normalized(kind, outputs) }),
    };
  };
  return steps.map((step) => ({
    ...step,
    oldState: convert(step.oldState),
    newState: convert(step.newState),
  }));
}

export function isProvider(type: string): boolean {
  return type === "pulumi:providers:pulumi-nodejs" || type === PROVIDER;
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

function normalized(kind: string, values: Values): Values {
  const resource = resourceOf(kind);
  return resource ? normalizeProperties(resource.inputs, values) : values;
}

interface Reference {
  readonly urn: string;
  readonly id?: string;
}

/** A collection is given by its resource, of which a plan has the URN, or by its name. */
function withNames(kind: string, values: Values, wanted: ReadonlyMap<string, StepState>): Values {
  const resource = resourceOf(kind);
  const { collection, ...others } = values;
  if (!resource || !isInCollection(resource.inputs) || collection === undefined) return values;
  if (typeof collection === "string") return { collectionName: collection, ...others };
  const { urn, id } = collection as Reference;
  const { collectionName, databaseName } = { ...wanted.get(urn)?.inputs, ...wanted.get(urn)?.outputs };
  if (collectionName !== undefined) return { collectionName, databaseName, ...others };
  const [database, name] = id?.split("/") ?? [];
  return name === undefined
    ? { collectionName: UNKNOWN, ...others }
    : { collectionName: name, databaseName: database, ...others };
}
