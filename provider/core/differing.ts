/** How one value of an input came to be another, in words: the paths that differ, with what was and is there. */
import type { Properties, Property } from "./properties";
import { byKey } from "./diff";
import { asStrings, inside, show } from "./shapes";

type Values = Readonly<Record<string, unknown>>;
type Compared = Pick<Property, "shape" | "default" | "serverChooses" | "change">;

/** Such as `fields.embedding.dim 8 -> 16` and `fields.title is new`; none where the values are the same. */
export function differingPaths(path: string, property: Compared, was: unknown, is: unknown): string[] {
  const { shape, serverChooses } = property;
  // Left out, it is whatever the server chose.
  if (property.change === "ignore" || (is === undefined && serverChooses)) return [];
  const usual: unknown = property.default;
  const [before, after] = [was ?? usual, is ?? usual];
  if (before === undefined && after === undefined) return [];
  if (before !== undefined && after !== undefined) {
    if (shape.equal(before, after)) return [];
    if (shape.difference) return [`${path}: ${shape.difference(before, after)}`];
    if (shape.record && shape.keyedBy !== undefined)
      return elementsDiffering(path, shape.record.properties, shape.keyedBy, before, after);
    if (shape.record) return keysDiffering(path, before as Values, after as Values);
  }
  return [`${path} ${shown(before)} -> ${shown(after)}`];
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : show(value);
}

function elementsDiffering(
  path: string,
  properties: Properties,
  keyedBy: string,
  was: unknown,
  is: unknown,
): string[] {
  const [before, after] = [byKey(was, keyedBy), byKey(is, keyedBy)];
  const gone = [...before.keys()].filter((key) => !after.has(key));
  const come = [...after.keys()].filter((key) => !before.has(key));
  const changed = [...before].flatMap(([key, element]) => {
    const now = after.get(key);
    if (!now) return [];
    return Object.entries(properties).flatMap(([name, property]) =>
      differingPaths(inside(inside(path, key), name), property, element[name], now[name]),
    );
  });
  return [
    ...changed,
    ...gone.map((key) => `${inside(path, key)} is gone`),
    ...come.map((key) => `${inside(path, key)} is new`),
  ];
}

/** Of an object whose values servers keep as strings. */
function keysDiffering(path: string, was: Values, is: Values): string[] {
  const [before, after] = [asStrings(was), asStrings(is)];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((key) => before[key] !== after[key])
    .map((key) => `${inside(path, key)} ${shown(was[key])} -> ${shown(is[key])}`);
}
