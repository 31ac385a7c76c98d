/** What differs between an object as the state has it and as the program wants it, and what that asks for. */
import type {
  Change as WholeChange,
  Decision,
  Effect,
  Judge,
  Properties,
  Property,
  Refusal,
} from "./properties";
import type { RecordShape, Shape } from "./shapes";
import { containsUnknown, isUnknown } from "./unknown";

export interface Difference {
  /** Such as `description` or `fields["title"].maxLength`. */
  readonly path: string;
  /** The top-level input the path is in. */
  readonly input: string;
  readonly effect: Effect;
  /** Whether it is one only as long as the wanted value is not known. */
  readonly isOpen?: true;
}

type Values = Readonly<Record<string, unknown>>;
type Change = Omit<WholeChange<unknown>, "path" | "state" | "inputs">;

export async function differences(
  properties: Properties,
  state: Values,
  inputs: Values,
  judge: Judge,
): Promise<Difference[]> {
  const found: Difference[] = [];
  for (const [name, property] of Object.entries(properties)) {
    for (const { path, change, decision } of changesOf(property, state[name], inputs[name], name)) {
      const effect = await decide(decision, { ...change, path, state, inputs }, judge);
      if (effect !== "ignore")
        found.push({ path, input: name, effect, ...(change.unknown && { isOpen: true }) });
    }
  }
  return found;
}

export function isRefusal(effect: Effect): effect is Refusal {
  return typeof effect === "object";
}

/** What they ask for together. */
export function together(found: readonly Difference[]): Effect {
  const effects = found.map(({ effect }) => effect);
  if (effects.includes("replace")) return "replace";
  const refusals = effects.filter(isRefusal);
  if (refusals.length > 0)
    return {
      refuse: refusals.map(({ refuse }) => refuse).join("; "),
      instead: [...new Set(refusals.map(({ instead }) => instead))].join(". "),
    };
  return effects.length > 0 ? "update" : "ignore";
}

interface Undecided {
  readonly path: string;
  readonly change: Change;
  readonly decision: Decision<unknown>;
}

function changesOf(property: Property<unknown>, old: unknown, wanted: unknown, path: string): Undecided[] {
  if (property.change === "ignore") return [];
  const { keyedBy, record } = property.shape;
  const elementsKnown =
    keyedBy !== undefined && record && Array.isArray(wanted) && !hasUnknownKey(wanted, keyedBy);
  if (containsUnknown(wanted) && !elementsKnown)
    return [{ path, change: { old, new: undefined, unknown: true }, decision: property.change }];
  if (wanted === undefined && property.serverChooses) return [];
  const change = { old: old ?? property.default, new: wanted ?? property.default };
  if (sameValue(property.shape, change.old, change.new)) return [];
  if (keyedBy !== undefined && record) {
    const inside = elementChanges(record, keyedBy, change, path);
    if (inside) return inside;
  }
  return [{ path, change, decision: property.change }];
}

function sameValue(shape: Shape<unknown>, a: unknown, b: unknown): boolean {
  return a === undefined || b === undefined ? a === b : shape.equal(a, b);
}

/** Whether its elements cannot be told apart yet. */
export function hasUnknownKey(elements: readonly unknown[], keyedBy: string): boolean {
  return elements.some((element) => isUnknown(element) || isUnknown((element as Values)[keyedBy]));
}

/** The changes inside the elements of a keyed list; undefined when elements came or went, which the list decides. */
function elementChanges(
  record: RecordShape<Properties>,
  keyedBy: string,
  change: Change,
  path: string,
): Undecided[] | undefined {
  const old = byKey(change.old, keyedBy);
  const wanted = byKey(change.new, keyedBy);
  if (old.size !== wanted.size || [...old.keys()].some((key) => !wanted.has(key))) return undefined;
  return [...old].flatMap(([key, element]) =>
    Object.entries(record.properties).flatMap(([name, property]) =>
      changesOf(
        property,
        element[name],
        wanted.get(key)?.[name],
        `${path}[${JSON.stringify(key)}].${name}`,
      ).map((one) => withElement(one, wanted.get(key))),
    ),
  );
}

/** The innermost one counts. */
function withElement(undecided: Undecided, element: Values | undefined): Undecided {
  const { change } = undecided;
  return { ...undecided, change: { ...change, element: change.element ?? element } };
}

/** The elements of a list by the property that tells them apart. */
export function byKey(values: unknown, keyedBy: string): Map<string, Values> {
  const elements = Array.isArray(values) ? (values as unknown[]) : [];
  return new Map(
    elements
      .filter((one): one is Values => typeof one === "object" && one !== null)
      .map((one) => [String(one[keyedBy]), one]),
  );
}

async function decide(
  decision: Decision<unknown>,
  change: WholeChange<unknown>,
  judge: Judge,
): Promise<Effect> {
  return typeof decision === "function" ? decision(change, judge) : decision;
}
