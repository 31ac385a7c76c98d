/**
 * What a program declares of its collections, for the checks of what stands in them: as it was registered, after
 * transformations, defaults and the database of the provider.
 */
import { isUnknown } from "../core/unknown";

type Values = Readonly<Record<string, unknown>>;

export class DeclaredCollections {
  private readonly known = new Map<string, Values>();

  /** Nothing of one whose schema is not known yet. */
  declare(collection: Values, declared: Values | undefined): void {
    const key = keyOf(collection);
    if (key === undefined) return;
    if (declared) this.known.set(key, declared);
    else this.known.delete(key);
  }

  /** What is declared of the collection that the inputs name. */
  of(inputs: Values): Values | undefined {
    const key = keyOf(inputs);
    return key === undefined ? undefined : this.known.get(key);
  }
}

/** Without settings no database is known, of the collection and of what stands in it alike. */
function keyOf({ databaseName, collectionName }: Values): string | undefined {
  if (typeof collectionName !== "string" || isUnknown(collectionName)) return undefined;
  const database = typeof databaseName === "string" && !isUnknown(databaseName) ? databaseName : "";
  return `${database}/${collectionName}`;
}
