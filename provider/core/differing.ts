/** How one value of an input came to be another, in words: the paths that differ, with what was and is there. */
import type { Properties, Property } from "./properties";
import { byKey, hasUnknownKey } from "./diff";
import { asStrings, inside, type Shape, show } from "./shapes";
import { containsUnknown, isUnknown, KNOWN_AFTER_UP } from "./unknown";

type Values = Readonly<Record<string, unknown>>;
type Compared = Pick<Property, "shape" | "default" | "serverChooses" | "change">;

/** One place at which two values of an input differ. */
export interface DifferingPath {
  /** Such as `fields.embedding.dim`. */
  readonly path: string;
  /** Such as `fields.embedding.dim 8 -> 16`, `fields.title is new` and `partitionNames: y2023 is gone`. */
  readonly inWords: string;
}

/** In words; none where the values are the same. */
export function differingPaths(path: string, property: Compared, was: unknown, is: unknown): string[] {
  return differing(path, property, was, is).map(({ inWords }) => inWords);
}

/** None where the values are the same. */
export function differing(path: string, property: Compared, was: unknown, is: unknown): DifferingPath[] {
  const { shape, serverChooses } = property;
  // Left out, it is whatever the server chose.
  if (property.change === "ignore" || (is === undefined && serverChooses)) return [];
  const usual: unknown = property.default;
  const [before, after] = [was ?? usual, is ?? usual];
  if (before === undefined && after === undefined) return [];
  if (isOpen(shape, after))
    return [
      {
        path,
        inWords: shape.record
          ? `${path}: ${KNOWN_AFTER_UP}`
          : `${path} ${shownList(shape, before)} -> ${KNOWN_AFTER_UP}`,
      },
    ];
  if (shape.isMap) return keysDiffering(path, (before ?? {}) as Values, (after ?? {}) as Values, shownBare);
  if (before !== undefined && after !== undefined) {
    if (shape.equal(before, after)) return [];
    if (shape.difference) return [{ path, inWords: `${path}: ${shape.difference(before, after)}` }];
    if (shape.record && shape.keyedBy !== undefined)
      return elementsDiffering(path, shape.record.properties, shape.keyedBy, before, after);
    if (isObject(before) && isObject(after)) return keysDiffering(path, before, after);
  }
  return [changed(path, before, after)];
}

/** Nothing can be said of it yet: of a set of names or a list of elements neither what goes nor what comes. */
function isOpen(shape: Shape<unknown>, value: unknown): boolean {
  const { keyedBy } = shape;
  if (shape.difference !== undefined) return containsUnknown(value);
  return isUnknown(value) || (keyedBy !== undefined && Array.isArray(value) && hasUnknownKey(value, keyedBy));
}

function changed(path: string, was: unknown, is: unknown, inWords = shown): DifferingPath {
  return { path, inWords: `${path} ${inWords(was)} -> ${inWords(is)}` };
}

/** As a message shows a value that may be missing, or not known yet. */
export function shown(value: unknown): string {
  if (isUnknown(value)) return KNOWN_AFTER_UP;
  return value === undefined ? "nothing" : show(value);
}

/** A set of names as programs write it. */
function shownList(shape: Shape<unknown>, value: unknown): string {
  return shown(value !== undefined && shape.asList ? shape.asList(value) : value);
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function elementsDiffering(
  path: string,
  properties: Properties,
  keyedBy: string,
  was: unknown,
  is: unknown,
): DifferingPath[] {
  const [before, after] = [byKey(was, keyedBy), byKey(is, keyedBy)];
  const gone = [...before.keys()].filter((key) => !after.has(key));
  const come = [...after.keys()].filter((key) => !before.has(key));
  const stayed = [...before].flatMap(([key, element]) => {
    const now = after.get(key);
    if (!now) return [];
    return Object.entries(properties).flatMap(([name, property]) =>
      differing(inside(inside(path, key), name), property, element[name], now[name]),
    );
  });
  const became = (key: string, what: string): DifferingPath => ({
    path: inside(path, key),
    inWords: `${inside(path, key)} is ${what}`,
  });
  return [...stayed, ...gone.map((key) => became(key, "gone")), ...come.map((key) => became(key, "new"))];
}

/** Of an object whose values servers keep as strings. */
function keysDiffering(path: string, was: Values, is: Values, inWords = shown): DifferingPath[] {
  const [before, after] = [asStrings(was), asStrings(is)];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((key) => before[key] !== after[key])
    .map((key) => changed(inside(path, key), was[key], is[key], inWords));
}

/** Numbers and truth values that are kept as texts, as programs write them. */
function shownBare(value: unknown): string {
  return shown(value).replace(/^"(true|false|-?\d+(?:\.\d+)?)"$/, "$1");
}
