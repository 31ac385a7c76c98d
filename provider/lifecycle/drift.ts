/** What differs, in words: on the server since the state was written, and in a program that replaces. */
import { log } from "../core/log";
import { differingPaths } from "../core/differing";
import type { Properties } from "../core/properties";
import { show } from "../core/shapes";

type Values = Readonly<Record<string, unknown>>;

/** What somebody changed; the engine shows it with --diff only. Of a secret input it only says that it differs. */
export function logDrift(
  inputs: Properties,
  object: string,
  recorded: Values,
  found: Values,
  secrets: ReadonlySet<string>,
): void {
  for (const [name, property] of Object.entries(inputs)) {
    const { shape, change } = property;
    const [was, is] = [recorded[name], found[name]];
    if (change === "ignore" || was === undefined || is === undefined || shape.equal(was, is)) continue;
    if (shape.keyedBy !== undefined && shape.record && !secrets.has(name)) {
      const paths = differingPaths(name, property, was, is);
      if (paths.length > 0) log(`${object}: ${name} on the server: ${paths.join(", ")}`);
      continue;
    }
    const difference = shape.difference?.(was, is);
    log(
      secrets.has(name)
        ? `${object}: ${name} is another on the server than in the state; it is a secret and not shown`
        : difference === undefined
          ? `${object}: ${name} is ${show(is)} on the server, the state had ${show(was)}`
          : `${object}: ${name} on the server: ${difference}`,
    );
  }
}

/** What differs in the inputs because of which something is replaced; that what it stands in goes is said there. */
export function whyReplaced(
  inputs: Properties,
  because: readonly string[],
  old: Values,
  wanted: Values,
  secrets: ReadonlySet<string>,
): string[] {
  return because.flatMap((name) => {
    const property = inputs[name];
    if (!property || property.argument !== undefined) return [];
    if (property.secret || secrets.has(name)) return [`${name}, which is a secret and not shown`];
    return differingPaths(name, property, old[name], wanted[name]);
  });
}
