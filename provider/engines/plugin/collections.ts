/**
 * The collection of what stands in one. A program gives it as a resource, of which the engine passes on nothing but the
 * URN and the id, or by its name: the life cycle takes the names and the id that the server gave it.
 */
import { isInCollection, type Properties } from "../../core/properties";
import { UNKNOWN } from "../../core/unknown";
import type { Values } from "./values";

/** The input of a program that the names come from. */
const ARGUMENT = "collection";

/** A resource of the program that is given as a value. */
export class ResourceReference {
  constructor(
    readonly urn: string,
    /** Unknown as long as it is not made. */
    readonly id: string,
  ) {}
}

interface KnownCollection {
  readonly collectionName: unknown;
  readonly databaseName: unknown;
  /** Unknown as long as it is not made; missing where this run was told nothing of it. */
  readonly collectionId?: unknown;
}

/** Those of the program, as this run heard of them, by their URNs. */
export class CollectionsOfProgram {
  private readonly known = new Map<string, KnownCollection>();

  /** By a check: its names may be other ones than before. */
  declared(urn: string, { collectionName, databaseName }: Values): void {
    this.known.set(urn, { ...this.known.get(urn), collectionName, databaseName });
  }

  /** By a diff: which collection the state has, or that there will be another one. */
  decided(urn: string, collectionId: unknown): void {
    const known = this.known.get(urn);
    if (known) this.known.set(urn, { ...known, collectionId });
  }

  /** As the server has it. */
  found(urn: string, { collectionName, databaseName, collectionId }: Values): void {
    this.known.set(urn, { collectionName, databaseName, collectionId });
  }

  /** The inputs of a program as the life cycle takes them. */
  named(inputs: Properties, values: Values): Values {
    const { [ARGUMENT]: collection, ...others } = values;
    // What has none refuses one, and what has one misses it.
    if (!isInCollection(inputs) || collection === undefined) return values;
    if (collection instanceof ResourceReference) return { ...this.of(collection), ...others };
    // What is not known may be another collection.
    return {
      collectionName: collection,
      ...(collection === UNKNOWN && { collectionId: UNKNOWN }),
      ...others,
    };
  }

  /** The arguments of a look-up: most take the names of a collection from one, and some the name of the collection itself. */
  lookedUp({ [ARGUMENT]: collection, ...others }: Values): Values {
    if (!(collection instanceof ResourceReference))
      return { ...others, ...(collection !== undefined && { [ARGUMENT]: collection }) };
    const { collectionName, databaseName } = this.of(collection);
    return { databaseName, ...others, [ARGUMENT]: collectionName };
  }

  private of({ urn, id }: ResourceReference): Values {
    const known = this.known.get(urn);
    if (id === UNKNOWN)
      return { collectionName: UNKNOWN, databaseName: UNKNOWN, ...known, collectionId: UNKNOWN };
    if (known) return { ...known };
    // As an import was given it: the database may be left out.
    const [collectionName, databaseName] = id.split("/").reverse();
    return { databaseName, collectionName };
  }
}

/** What a program does not know of: it gives the collection instead. */
export function withoutNames(inputs: Properties, values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => inputs[name]?.argument !== ARGUMENT));
}

/** The input of a program that a declared one comes from. */
export function argumentOf(inputs: Properties, name: string): string {
  return inputs[name]?.argument ?? name;
}
