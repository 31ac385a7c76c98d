/** Checks the inputs of a resource before anything is asked of a server. */
import { Resource } from "./resource";
import type { Judge } from "./properties";
import { checkProperties, normalizeProperties } from "./shapes";
import { containsUnknown } from "./unknown";

export interface Problem {
  readonly property: string;
  readonly reason: string;
}

export interface Checked {
  readonly inputs: Record<string, unknown>;
  readonly problems: Problem[];
}

export function checkInputs(
  resource: Resource<Judge, never, never>,
  values: Record<string, unknown>,
): Checked {
  const problems: Problem[] = [];
  const report = (property: string, reason: string): void => {
    problems.push({ property, reason });
  };
  checkProperties(resource.inputs, values, report);
  const inputs = normalizeProperties(resource.inputs, values);
  if (problems.length === 0) resource.check?.(knownOf(inputs) as never, report);
  return { inputs, problems };
}

function knownOf(inputs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => !containsUnknown(value)));
}
