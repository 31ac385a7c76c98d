/**
 * What comes in place of what goes. The engine hands a delete nothing but the old state; what the program wants there
 * was seen by the diff of the same run, also where the replacement is asked for by somebody else (a taint, `--replace`).
 */
import type { CollectionIdentity } from "./decided";

export class Successors {
  private readonly wanted = new Map<string, object>();

  /** `key` is of the object as the state has it. */
  remember(key: string, wanted: object): void {
    this.wanted.set(key, wanted);
  }

  /** What the program wants there; nothing of what it no longer has. */
  of<Inputs extends object>(key: string): Inputs | undefined {
    return this.wanted.get(key) as Inputs | undefined;
  }
}

/** By the id of the collection, which stays when this run renames it. */
export function indexKey({
  databaseName,
  collectionId,
  collectionName,
  indexName,
}: CollectionIdentity & { readonly indexName: string }): string {
  return `index ${databaseName}/${collectionId || collectionName}/${indexName}`;
}
