import type { DeclaredCollection } from "./collection";
import { type Editing, type Edits, free, freeCollections, on, pick } from "./editing";
import { type InCollection, REFERENCES, statementIn } from "./in-collection";
import { outputOf, type Statement } from "./text";

export interface DeclaredLoad extends InCollection {
  readonly kind: "CollectionLoad";
  /** The keys of Partitions, and names in the set; left out, all that there are and that come. */
  partitions?: (number | string)[];
  replicaNumber?: 1;
}

export const collectionLoadEdits: Edits = {
  "add load": [6, (editing, at, form) => on(loadable(editing), at, (one) => add(editing, one, form))],
  "change load": [
    3,
    (editing, at, form) => on(loaded(editing), at, ({ one, load }) => change(one, load, form)),
  ],
  "remove load": [1, (editing, at) => on(loaded(editing), at, ({ one }) => delete one.load)],
};

/** Milvus loads nothing without an index on its vector field. */
function isLoadable({ indexes }: DeclaredCollection): boolean {
  return indexes.some(({ fieldName }) => fieldName === "embedding");
}

function loadable(editing: Editing): DeclaredCollection[] {
  return freeCollections(editing).filter((one) => isLoadable(one) && !one.load);
}

function loaded(editing: Editing): { one: DeclaredCollection; load: DeclaredLoad }[] {
  return freeCollections(editing).flatMap((one) =>
    free(editing, one.load ? [one.load] : []).map((load) => ({ one, load })),
  );
}

function add({ program }: Editing, one: DeclaredCollection, form: number): void {
  one.load = {
    kind: "CollectionLoad",
    key: ++program.made,
    logicalName: `load${program.made}`,
    reference: pick(REFERENCES, form),
    ...(form % 2 === 1 && { partitions: some(one, form) }),
    ...(form % 3 === 0 && { replicaNumber: 1 }),
  };
}

function change(one: DeclaredCollection, load: DeclaredLoad, form: number): void {
  load.partitions = form % 3 === 0 ? undefined : some(one, form);
  load.replicaNumber = form % 4 === 0 ? 1 : undefined;
}

/**
 * Never Milvus's own partition: named with all others it would make a load of all, those to come included. None: all.
 */
function some({ partitions, set }: DeclaredCollection, form: number): (number | string)[] | undefined {
  const all = [...partitions.map(({ key }) => key), ...(set?.partitionNames ?? [])];
  const chosen = all.filter((_, at) => (form + at) % 3 !== 0);
  return chosen.length === 0 ? undefined : chosen;
}

/** After all edits: a load names what is there, and goes with the index that it needs. */
export function settleLoad(one: DeclaredCollection): void {
  const { load, partitions, set } = one;
  if (!load) return;
  const present = [...partitions.map(({ key }) => key), ...(set?.partitionNames ?? [])];
  const left = load.partitions?.filter((some) => present.includes(some)) ?? [];
  load.partitions = left.length === 0 ? undefined : left;
  if (!isLoadable(one)) delete one.load;
}

/** What was a partition of its own is one of a set now, or the other way round. */
export function loadInstead(
  { load }: DeclaredCollection,
  before: number | string,
  now: number | string,
): void {
  if (load?.partitions) load.partitions = load.partitions.map((some) => (some === before ? now : some));
}

export function collectionLoadStatement(of: DeclaredCollection, one: DeclaredLoad): Statement {
  const { partitions, replicaNumber } = one;
  const partitionNames = partitions?.map((some) =>
    typeof some === "number" ? outputOf("Partition", some, "partitionName") : some,
  );
  const needs = (partitions ?? []).filter((some) => typeof some === "number");
  // Somebody else may have loaded it otherwise.
  return statementIn(of, one, { partitionNames, replicaNumber, adopt: true }, needs);
}
