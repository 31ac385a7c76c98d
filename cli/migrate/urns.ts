/** The names of resources in a state: each holds the types of all that the resource stands below. */

/** A resource of a state, as far as URNs go. */
export interface Named {
  readonly urn: string;
  readonly type: string;
  readonly parent?: string;
}

interface Urn {
  /** Up to the project. */
  readonly start: string;
  /** The types of what it stands below, and its own. */
  readonly types: string;
}

function parse(urn: string): Urn {
  const [stack, project, types = ""] = urn.split("::");
  return { start: `${stack}::${project}`, types };
}

/** New URNs by old ones, for resources that get another type or name, and for what stands below them. */
export function movedUrns<Resource extends Named>(
  resources: readonly Resource[],
  become: (one: Resource) => { readonly type: string; readonly name: string },
): ReadonlyMap<string, string> {
  const moved = new Map<string, string>();
  // Parents come first in every state.
  for (const one of resources) {
    const { start, types } = parse(one.urn);
    const { parent = "" } = one;
    const above = types.slice(0, -one.type.length);
    // The stack is the parent of many, and stands in no URN.
    const isBelowParent = above === `${parse(parent).types}$`;
    const newAbove = isBelowParent ? `${parse(moved.get(parent) ?? parent).types}$` : above;
    const { type, name } = become(one);
    const urn = `${start}::${newAbove}${type}::${name}`;
    if (urn !== one.urn) moved.set(one.urn, urn);
  }
  return moved;
}

/** With each text that is in the map replaced, wherever it stands as a whole. */
export function rewritten<T>(value: T, texts: ReadonlyMap<string, string>): T {
  if (typeof value === "string") return (texts.get(value) ?? value) as T;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one: unknown) => rewritten(one, texts)) as T;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, rewritten(one, texts)])) as T;
}
