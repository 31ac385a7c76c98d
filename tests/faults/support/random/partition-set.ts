/** Names come to a set and go from it; single partitions move into one, and a whole set into single ones. */
import type { DeclaredCollection } from "./collection";
import { loadInstead } from "./collection-load";
import { type Editing, type Edits, free, isAsBefore, on, pick, remove } from "./editing";
import { adoptIn, type InCollection, REFERENCES, statementIn } from "./in-collection";
import { MOST_PARTITIONS, partitionNamesTaken, withoutPartitionKey } from "./partition";
import type { Statement } from "./text";

export interface DeclaredPartitionSet extends InCollection {
  readonly kind: "PartitionSet";
  partitionNames: string[];
}

export const partitionSetEdits: Edits = {
  "add partition set": [
    4,
    (editing, at, form) => on(withoutPartitionKey(editing), at, (one) => add(editing, one, form)),
  ],
  "change partition set": [
    4,
    (editing, at, form) => on(withSet(editing), at, ({ one, set }) => change(editing, one, set, form)),
  ],
  "remove partition set": [1, (editing, at) => on(withSet(editing), at, ({ one }) => delete one.set)],
  "move partition into set": [
    2,
    (editing, at, form) => on(withSet(editing), at, ({ one, set }) => moveInto(editing, one, set, form)),
  ],
  "make partitions of set": [
    1,
    (editing, at) => on(withSet(editing), at, ({ one, set }) => makeSingle(editing, one, set)),
  ],
};

interface WithSet {
  readonly one: DeclaredCollection;
  readonly set: DeclaredPartitionSet;
}

function withSet(editing: Editing): WithSet[] {
  return withoutPartitionKey(editing).flatMap((one) =>
    free(editing, one.set ? [one.set] : []).map((set) => ({ one, set })),
  );
}

function add(editing: Editing, one: DeclaredCollection, form: number): void {
  if (one.set) return;
  const taken = partitionNamesTaken(editing);
  const candidates = Array.from({ length: 1 + (form % 3) }, (_, more) => nameIn(one, form + more));
  one.set = {
    kind: "PartitionSet",
    key: ++editing.program.made,
    logicalName: `set${editing.program.made}`,
    partitionNames: candidates.filter((name) => !taken.has(name)),
    reference: pick(REFERENCES, form),
  };
}

function nameIn({ key }: DeclaredCollection, at: number): string {
  return `s${key}_${at % MOST_PARTITIONS}`;
}

/** A name comes and another one goes, or both come or go. */
function change(editing: Editing, one: DeclaredCollection, set: DeclaredPartitionSet, form: number): void {
  const taken = partitionNamesTaken(editing);
  for (const name of [nameIn(one, form), nameIn(one, form * 3 + 1)])
    if (set.partitionNames.includes(name)) remove(set.partitionNames, name);
    else if (!taken.has(name)) set.partitionNames.push(name);
}

/** Nothing changes on the server. Only where nothing else of them changes in this version. */
function moveInto(editing: Editing, one: DeclaredCollection, set: DeclaredPartitionSet, form: number): void {
  on(free(editing, one.partitions), form, (partition) => {
    const { key, partitionName } = partition;
    if (partitionName === undefined || !areAsBefore(editing, one, [partition, set])) return;
    remove(one.partitions, partition);
    set.partitionNames.push(partitionName);
    loadInstead(one, key, partitionName);
    for (const some of [one, set]) editing.touched.add(some.key);
  });
}

/** A name that leaves a set which stays would be dropped, so all go. */
function makeSingle(editing: Editing, one: DeclaredCollection, set: DeclaredPartitionSet): void {
  const { program, touched } = editing;
  if (!areAsBefore(editing, one, [set])) return;
  delete one.set;
  for (const partitionName of set.partitionNames) {
    const key = ++program.made;
    const { reference } = set;
    one.partitions.push({ kind: "Partition", key, logicalName: `single${key}`, partitionName, reference });
    loadInstead(one, partitionName, key);
    touched.add(key);
  }
  touched.add(one.key);
}

function areAsBefore(
  { before }: Editing,
  one: DeclaredCollection,
  contents: readonly (DeclaredCollection["partitions"][number] | DeclaredPartitionSet)[],
): boolean {
  const old = before.collections.find(({ key }) => key === one.key);
  if (!old || !isAsBefore([without(old)], without(one))) return false;
  return contents.every((some) => isAsBefore([...old.partitions, ...(old.set ? [old.set] : [])], some));
}

/** What is declared of the collection itself. */
function without(one: DeclaredCollection): DeclaredCollection {
  return { ...one, partitions: [], set: undefined, indexes: [], load: undefined };
}

export function partitionSetStatement(of: DeclaredCollection, one: DeclaredPartitionSet): Statement {
  return statementIn(of, one, { partitionNames: one.partitionNames, adopt: adoptIn(of, one) });
}
