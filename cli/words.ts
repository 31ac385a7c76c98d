/** What reports say in the same words: kinds and numbers of objects, and their sections at a terminal. */
import { thousands } from "../provider/core/thousands";

/** `PrivilegeGroup`: "privilege group". */
export function inWords(kind: string): string {
  return kind.replace(/\B[A-Z]/g, " $&").toLowerCase();
}

/** "1 alias", "2 indexes", "1,000 partitions". */
export function counted(number: number, noun: string): string {
  const plural = /[sx]$/.test(noun) ? `${noun}es` : `${noun}s`;
  return `${thousands(number)} ${number === 1 ? noun : plural}`;
}

/** "1 collection, 2 indexes". */
export function countedByKind(kinds: readonly string[]): string {
  return [...new Set(kinds)]
    .map((kind) => counted(kinds.filter((one) => one === kind).length, inWords(kind)))
    .join(", ");
}

/** The title of what no server could be asked about. */
export const UNJUDGED = "Could not be judged";

/** Of a report at a terminal; nothing where it has no lines. */
export function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines.map((line) => `  ${line}`)];
}
