/** What every engine is answered: what is wrong with inputs, and what a state keeps. */
import type { Problem } from "../core/check";
import { printable } from "../core/printable";
import type { Properties } from "../core/properties";
import { UNKNOWN } from "../core/unknown";

/** More would bury the first ones. */
const MOST_FAILURES = 50;

/** The engine would print the whole value of a property it is given, as it is, secrets and control characters too. */
export function reasonsOf(problems: readonly Problem[]): string[] {
  const reasons = problems
    .slice(0, MOST_FAILURES)
    .map(({ property, reason }) => (property === "" ? reason : `${property}: ${reason}`));
  const more = problems.length - MOST_FAILURES;
  if (more > 0) reasons.push(`and ${more} more problems, which are reported once these are fixed`);
  return reasons.map(printable);
}

/** What steers the provider only is no output. */
export function outputsOf(inputs: Properties, state: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(state).filter(([name, value]) => value !== undefined && !inputs[name]?.inputOnly),
  );
}

/** Sets of names as the lists that an engine with a schema has. */
export function listed(
  inputs: Properties,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const { shape } = inputs[name] ?? {};
      return [name, shape?.asList && value !== UNKNOWN && value !== undefined ? shape.asList(value) : value];
    }),
  );
}
