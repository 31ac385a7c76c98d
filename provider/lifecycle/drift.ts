/** What somebody changed on the server since the state was written; the engine shows it with --diff only. */
import { log } from "../core/log";
import type { Properties } from "../core/properties";
import { show } from "../core/shapes";

type Values = Readonly<Record<string, unknown>>;

/** Of a secret input it only says that it differs. */
export function logDrift(
  inputs: Properties,
  object: string,
  recorded: Values,
  found: Values,
  secrets: ReadonlySet<string>,
): void {
  for (const [name, { shape, change }] of Object.entries(inputs)) {
    const [was, is] = [recorded[name], found[name]];
    if (change === "ignore" || was === undefined || is === undefined || shape.equal(was, is)) continue;
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
