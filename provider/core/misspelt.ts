/** Which names are a known one, misspelt: servers move faster than our tables, so what is merely unknown is none. */
import { distance } from "fastest-levenshtein";

import { nearest } from "./shapes";

/** Shorter ones are near too many others. */
const SHORTEST = 4;
/** From here on two letters may be wrong. */
const LONG = 10;

/** The known name that is meant; nothing for a known name, and for one that is like none of them. */
export function misspelt(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name) || name.length < SHORTEST) return undefined;
  const swapped = known.find((candidate) => isSwapped(name, candidate));
  const meant = swapped ?? nearest(name, known);
  if (meant === undefined) return undefined;
  const isNear =
    swapped !== undefined ||
    name.toLowerCase() === meant.toLowerCase() ||
    distance(name, meant) <= (meant.length < LONG ? 1 : 2);
  return isNear ? meant : undefined;
}

/** Whether two neighbours changed places. */
function isSwapped(name: string, other: string): boolean {
  const at = [...name].findIndex((letter, index) => letter !== other[index]);
  return (
    name.length === other.length && name.slice(0, at) + name[at + 1] + name[at] + name.slice(at + 2) === other
  );
}
