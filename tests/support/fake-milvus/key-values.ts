/** Lists of key and value, as Milvus sends and keeps maps: in the order in which they came. */

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

export function valueOf(pairs: readonly KeyValue[], key: string): string | undefined {
  return pairs.find((pair) => pair.key === key)?.value;
}

/** What is there keeps its place. */
export function merged(pairs: readonly KeyValue[], more: readonly KeyValue[]): KeyValue[] {
  const result = [...pairs];
  for (const pair of more) {
    const at = result.findIndex(({ key }) => key === pair.key);
    if (at < 0) result.push(pair);
    else result[at] = pair;
  }
  return result;
}

export function without(pairs: readonly KeyValue[], keys: readonly string[]): KeyValue[] {
  return pairs.filter(({ key }) => !keys.includes(key));
}

export function sameMap(a: readonly KeyValue[], b: readonly KeyValue[]): boolean {
  return a.length === b.length && a.every(({ key, value }) => valueOf(b, key) === value);
}
