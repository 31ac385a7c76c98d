/** Kinds and numbers of objects, as messages name them. */

/** `PrivilegeGroup`: "privilege group". */
export function inWords(kind: string): string {
  return kind.replace(/\B[A-Z]/g, " $&").toLowerCase();
}

/** "1 alias", "2 indexes", "1,000 partitions". */
export function counted(number: number, noun: string): string {
  const plural = /[sx]$/.test(noun) ? `${noun}es` : `${noun}s`;
  return `${number.toLocaleString("en-US")} ${number === 1 ? noun : plural}`;
}

/** "1 collection, 2 indexes". */
export function countedByKind(kinds: readonly string[]): string {
  return [...new Set(kinds)]
    .map((kind) => counted(kinds.filter((one) => one === kind).length, inWords(kind)))
    .join(", ");
}
