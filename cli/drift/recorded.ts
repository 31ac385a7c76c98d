/** The Milvus objects of a stack's state, of dynamic resources and of the plugin's alike. Asks nobody anything. */
import { hide } from "../../provider/core/printable";
import { normalizeProperties } from "../../provider/core/shapes";
import { MARKS, secretInputsOf } from "../../provider/engines/dynamic";
import { type AnyResource, resourceOf } from "../../provider/registry";
import { type RecordedResource, withoutSecretMarks } from "../preview/engine";
import { kindOf } from "../preview/plan";

export type Values = Readonly<Record<string, unknown>>;

export interface RecordedObject {
  readonly urn: string;
  readonly id: string;
  readonly resource: AnyResource;
  /** As it was when the state was written. Secrets in plain text: never to be shown. */
  readonly state: Values;
  /** The inputs that hold something which is a secret. */
  readonly secrets: ReadonlySet<string>;
  /** `urn::id` of its provider. */
  readonly provider?: string;
  /** Read by the program, and not managed by the stack. */
  readonly isExternal: boolean;
  /** Replaced, and yet to be deleted by the next `pulumi up`. */
  readonly isLeftOver: boolean;
}

/** No message shows any secret of the state from now on. */
export function recordedObjects(resources: readonly RecordedResource[]): RecordedObject[] {
  for (const { inputs, outputs } of resources) withoutSecretMarks([inputs, outputs], hide);
  return resources.flatMap((one) => {
    const resource = resourceOf(kindOf(one.type) ?? "");
    return resource ? [recordedObject(one, resource)] : [];
  });
}

function recordedObject(one: RecordedResource, resource: AnyResource): RecordedObject {
  const { urn, id = "", provider, inputs = {}, outputs = {} } = one;
  const plain = withoutSecretMarks(outputs) as Values;
  const own = Object.entries(plain).filter(([name]) => !MARKS.includes(name));
  const secrets = new Set([...secretsIn(inputs), ...secretsIn(outputs), ...secretInputsOf(plain)]);
  for (const [name, value] of own) if (resource.inputs[name]?.secret) hide(value);
  return {
    urn,
    id,
    resource,
    state: normalizeProperties(resource.inputs, Object.fromEntries(own)),
    secrets,
    ...(provider !== undefined && { provider }),
    isExternal: one.external === true,
    isLeftOver: one.delete === true,
  };
}

/** The names of the values that are secrets, or hold one. */
function secretsIn(values: Values): string[] {
  return Object.keys(values).filter((name) => {
    const found: unknown[] = [];
    withoutSecretMarks(values[name], (secret) => found.push(secret));
    return found.length > 0;
  });
}
