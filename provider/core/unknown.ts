/**
 * What the engine sends in place of a value that is only known once another resource has been made
 * (pulumi/pulumi, sdk/nodejs/runtime/rpc.ts, `unknownValue`). It must never be validated, compared or shown as
 * if it were a value.
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** As messages call such a value. */
export const KNOWN_AFTER_UP = "known after up";

export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** Whether a value, or anything inside it, is not known yet. */
export function containsUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (value === null || typeof value !== "object") return false;
  return Object.values(value).some(containsUnknown);
}
