/** What differs, in words: on the server since the state was written, and in a program that replaces. */
import { log } from "../core/log";
import { differing, type DifferingPath, differingPaths, shown } from "../core/differing";
import type { Properties, Property } from "../core/properties";

type Values = Readonly<Record<string, unknown>>;

/** An input that somebody changed on the server. */
export interface Drifted {
  readonly input: string;
  /** Where it differs, with what was and is there: of a secret input neither. */
  readonly paths: readonly DifferingPath[];
  /** As a refresh tells it. */
  readonly inWords: string;
}

/** What differs between what the state has of an object and what the server has. */
export function driftOf(
  inputs: Properties,
  recorded: Values,
  found: Values,
  secrets: ReadonlySet<string>,
): Drifted[] {
  return Object.entries(inputs).flatMap(([input, property]) => {
    const [was, is] = [recorded[input], found[input]];
    // What the server chose, where a state has yet to record it.
    if (was === undefined && property.serverChooses) return [];
    const paths = differing(input, property, was, is);
    if (paths.length === 0) return [];
    if (property.secret || secrets.has(input))
      return [
        {
          input,
          paths: [{ path: input, inWords: asSecret(input) }],
          inWords: `${input} is another on the server than in the state; it is a secret and not shown`,
        },
      ];
    return [{ input, paths, inWords: onServer(input, property, was, is, paths) }];
  });
}

function onServer(
  input: string,
  { shape }: Property,
  was: unknown,
  is: unknown,
  paths: readonly DifferingPath[],
): string {
  if (shape.keyedBy !== undefined && shape.record)
    return `${input} on the server: ${paths.map(({ inWords }) => inWords).join(", ")}`;
  if (shape.difference && was !== undefined && is !== undefined)
    return `${input} on the server: ${shape.difference(was, is)}`;
  return `${input} is ${shown(is)} on the server, the state had ${shown(was)}`;
}

function asSecret(input: string): string {
  return `${input}, which is a secret and not shown`;
}

/** What somebody changed; the engine shows it with --diff only. Of a secret input it only says that it differs. */
export function logDrift(
  inputs: Properties,
  object: string,
  recorded: Values,
  found: Values,
  secrets: ReadonlySet<string>,
): void {
  for (const { inWords } of driftOf(inputs, recorded, found, secrets)) log(`${object}: ${inWords}`);
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
    if (property.secret || secrets.has(name)) return [asSecret(name)];
    return differingPaths(name, property, old[name], wanted[name]);
  });
}
