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
  const wrong = new Set(problems.map(({ property }) => topOf(property)));
  const sound = Object.entries(inputs).filter(([name, value]) => !wrong.has(name) && !containsUnknown(value));
  resource.check?.(Object.fromEntries(sound) as never, report);
  const kept = Object.entries(inputs).filter(([name]) => !resource.inputs[name]?.checkOnly);
  return { inputs: Object.fromEntries(kept), problems };
}

/** The input that a path such as `fields[0].dim` is in. */
function topOf(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? path;
}
