/** What an update or a replacement changes of an object: each path with its old and its new value. */
import { differences } from "../../provider/core/diff";
import { differingPaths } from "../../provider/core/differing";
import { ANY_SERVER, type Properties } from "../../provider/core/properties";
import { isUnknown } from "../../provider/core/unknown";
import { argumentOf } from "../../provider/engines/plugin/collections";
import { secretInputsOf } from "../../provider/engines/dynamic";
import { whyReplaced } from "../../provider/lifecycle/drift";
import { resourceOf } from "../../provider/registry";
import { inDatabaseOf, type PlannedChange } from "./plan";
import { holdsSecret } from "./steps";

export interface Changed {
  /** The input of the program: `fields`. */
  readonly input: string;
  /** `fields.embedding.dim 8 -> 16`. Of a secret only that it is one, and of what is not known yet that it will be. */
  readonly inWords: string;
}

type Values = Readonly<Record<string, unknown>>;

export async function changesOf(change: PlannedChange): Promise<Changed[]> {
  const { kind, operation, old, wanted, reasons } = change;
  const resource = resourceOf(kind);
  if (!resource || !old || !wanted || (operation !== "update" && operation !== "replace")) return [];
  const { inputs } = resource;
  // States of older versions have no database either.
  const [before, after] = [inDatabaseOf(wanted, old), inDatabaseOf(old, wanted)];
  const hidden = hiddenInputs(inputs, before, after);
  const found = await differences(inputs, without(hidden, before), without(hidden, after), ANY_SERVER);
  const differing = new Set([...reasons, ...found.map(({ input }) => argumentOf(inputs, input))]);
  const inWords = (input: string): string[] =>
    input === COLLECTION
      ? anotherCollection(inputs, without(hidden, before), without(hidden, after))
      : whyReplaced(inputs, [input], before, after, hidden);
  const told = [...differing].flatMap((input) => inWords(input).map((words) => ({ input, inWords: words })));
  return [...told, ...perhapsChanged(change, hidden)];
}

const COLLECTION = "collection";

/** By its name as far as that changes: its id is the server's. */
function anotherCollection(inputs: Properties, old: Values, wanted: Values): string[] {
  const { collectionName: property } = inputs;
  const [was, is] = [old["collectionName"], wanted["collectionName"]];
  const isKnown = is !== undefined && !isUnknown(is);
  const paths = property && isKnown ? differingPaths(COLLECTION, property, was, is) : [];
  return paths.length > 0 ? paths : ["its collection, which becomes another one"];
}

/** Dynamic resources do not say which inputs an update is for, and the engine hides both values of a secret. */
function perhapsChanged(
  { operation, old = {}, reasons }: PlannedChange,
  hidden: ReadonlySet<string>,
): Changed[] {
  if (operation !== "update" || reasons.length > 0) return [];
  return [...hidden]
    .filter((input) => old[input] !== undefined)
    .map((input) => ({ input, inWords: `perhaps ${input}, which is a secret and not shown` }));
}

function hiddenInputs(inputs: Properties, ...sides: readonly Values[]): Set<string> {
  const marked = new Set(sides.flatMap((values) => [...secretInputsOf(values)]));
  const isHidden = (name: string): boolean =>
    inputs[name]?.secret === true || marked.has(name) || sides.some((values) => holdsSecret(values[name]));
  return new Set(Object.keys(inputs).filter(isHidden));
}

function without(names: ReadonlySet<string>, values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.has(name)));
}
