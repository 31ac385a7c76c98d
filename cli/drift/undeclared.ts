/** What stands on the servers of a stack's objects that no resource of the stack declares. */
import { isInCollection } from "../../provider/core/properties";
import type { AnyResource } from "../../provider/registry";
import type { Compared } from "./compare";
import type { Values } from "./recorded";

/** An object that a server has. */
export interface ListedObject {
  readonly resource: AnyResource;
  readonly state: Values;
  /** The address of its server. */
  readonly server: string;
  /** Whether the server knows it by the name that a program gave it. Milvus Lite forgets those of indexes. */
  readonly isNamed: boolean;
}

export interface Undeclared {
  readonly standing: ListedObject;
  /** What stands in it or belongs to it, all of it undeclared as well. */
  readonly contains: readonly ListedObject[];
  /** Replaced by an earlier `pulumi up`, which could not drop it. */
  readonly isLeftOver: boolean;
}

/** Tells objects apart, on one server. */
type Key = string;

const keyOf = (kind: string, id: string): Key => `${kind} ${id}`;

/** Each object of the state, as it is named now: who has another name keeps nothing under the old one. */
export class DeclaredObjects {
  private readonly byServer = new Map<string | undefined, Set<Key>>();

  constructor(compared: readonly Compared[]) {
    for (const one of compared) {
      const keys = this.byServer.get(one.server) ?? new Set();
      this.byServer.set(one.server, keys);
      for (const key of keysOf(one)) keys.add(key);
    }
  }

  has(server: string, key: Key): boolean {
    // Whose server nobody knows may stand on this one.
    return [server, undefined].some((where) => this.byServer.get(where)?.has(key) === true);
  }
}

/** What a resource declares, which for a set is many objects. */
function keysOf({ recorded: { resource }, known, found = known }: Compared): Key[] {
  if (resource.parts) return resource.parts(found).map(({ kind, id }) => keyOf(kind, id));
  return [keyOf(resource.kind, resource.id(found)), ...byField(resource, found)];
}

/** A field has one index, by which one is known that has no name. */
function byField({ kind }: AnyResource, { databaseName, collectionName, fieldName }: Values): Key[] {
  if (kind !== "Index") return [];
  return [keyOf(kind, `the one on ${String(databaseName)}/${String(collectionName)}/${String(fieldName)}`)];
}

export function keyOfListed({ resource, state, isNamed }: ListedObject): Key {
  const own = keyOf(resource.kind, resource.id(state));
  return isNamed ? own : (byField(resource, state)[0] ?? own);
}

/** What stands in something that is undeclared as well is told with that. */
export function undeclaredAmong(
  standing: readonly ListedObject[],
  compared: readonly Compared[],
  leftOver: readonly Compared[] = [],
): Undeclared[] {
  const [declared, left] = [new DeclaredObjects(compared), new DeclaredObjects(leftOver)];
  const strangers = standing.filter((one) => !declared.has(one.server, keyOfListed(one)));
  const place = (server: string, key: Key): string => `${server} ${key}`;
  const byPlace = new Map(strangers.map((one) => [place(one.server, keyOfListed(one)), one]));
  const outermost = (one: ListedObject): ListedObject => {
    const above = aboveOf(one)
      .map((key) => byPlace.get(place(one.server, key)))
      .find((found) => found !== undefined);
    return above ? outermost(above) : one;
  };
  const contents = new Map<ListedObject, ListedObject[]>(strangers.map((one) => [one, []]));
  for (const one of strangers) {
    const within = outermost(one);
    if (within !== one) contents.get(within)?.push(one);
  }
  return strangers
    .filter((one) => outermost(one) === one)
    .map((one) => ({
      standing: one,
      contains: contents.get(one) ?? [],
      isLeftOver: left.has(one.server, keyOfListed(one)),
    }));
}

/** What goes when those go, the nearest first. */
function aboveOf({ resource: { kind, inputs }, state }: ListedObject): Key[] {
  const { databaseName, collectionName, roleName, userName } = state;
  const has = (input: string): boolean => Object.hasOwn(inputs, input);
  return [
    ...(isInCollection(inputs)
      ? [keyOf("Collection", `${String(databaseName)}/${String(collectionName)}`)]
      : []),
    ...(has("roleName") && kind !== "Role" ? [keyOf("Role", String(roleName))] : []),
    ...(kind === "RoleMembership" ? [keyOf("User", String(userName))] : []),
    ...(has("databaseName") && kind !== "Database" ? [keyOf("Database", String(databaseName))] : []),
  ];
}
