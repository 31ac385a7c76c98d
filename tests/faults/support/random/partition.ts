import type { DeclaredCollection } from "./collection";
import { type Edits, type Editing, free, freeCollections, on, pick, remove } from "./editing";
import { adoptIn, type InCollection, REFERENCES, statementIn } from "./in-collection";
import type { Statement } from "./text";

export interface DeclaredPartition extends InCollection {
  readonly kind: "Partition";
  partitionName?: string;
}

/** Names of single ones, and of those in a set, that a collection can have. */
export const MOST_PARTITIONS = 5;

export const partitionEdits: Edits = {
  "add partition": [
    6,
    (editing, at, form) => on(withoutPartitionKey(editing), at, (one) => add(editing, one, form)),
  ],
  "remove partition": [
    4,
    (editing, at, form) =>
      on(freeCollections(editing), at, (one) =>
        on(free(editing, one.partitions), form, (partition) => remove(one.partitions, partition)),
      ),
  ],
  "rename partition": [
    2,
    (editing, at) =>
      on(freePartitions(editing), at, (one) => (one.partitionName = `q${++editing.program.made}`)),
  ],
  "leave out partition name": [
    2,
    (editing, at) => on(freePartitions(editing), at, (one) => delete one.partitionName),
  ],
  "move partition": [
    2,
    (editing, at, form) =>
      on(freePartitions(editing), at, (one) =>
        on(withoutPartitionKey(editing), form, (to) => {
          for (const from of editing.program.collections)
            from.partitions = from.partitions.filter((some) => some !== one);
          to.partitions.push(one);
        }),
      ),
  ],
};

/** In those with one Milvus makes all partitions itself. */
export function withoutPartitionKey(editing: Editing): DeclaredCollection[] {
  return freeCollections(editing).filter(({ schema }) => !schema.partitionKey);
}

function freePartitions(editing: Editing): DeclaredPartition[] {
  return free(
    editing,
    editing.program.collections.flatMap(({ partitions }) => partitions),
  );
}

/** Names come back some versions later, but not in the version that gives them up. */
export function partitionNamesTaken({ program, before, namesInUse }: Editing): Set<string> {
  const collections = [...program.collections, ...before.collections];
  const single = collections.flatMap(({ partitions }) => partitions);
  return new Set([
    ...namesInUse,
    ...single.flatMap(({ logicalName, partitionName = logicalName }) => [logicalName, partitionName]),
    ...collections.flatMap(({ set }) => set?.partitionNames ?? []),
  ]);
}

function add(editing: Editing, one: DeclaredCollection, form: number): void {
  const logicalName = `p${one.key}_${form % MOST_PARTITIONS}`;
  const given = form % 2 === 0 ? undefined : `q${one.key}_${form % MOST_PARTITIONS}`;
  const taken = partitionNamesTaken(editing);
  if (taken.has(logicalName) || (given !== undefined && taken.has(given))) return;
  one.partitions.push({
    kind: "Partition",
    key: ++editing.program.made,
    logicalName,
    partitionName: given,
    reference: pick(REFERENCES, form),
  });
}

export function partitionStatement(of: DeclaredCollection, one: DeclaredPartition): Statement {
  return statementIn(of, one, { partitionName: one.partitionName, adopt: adoptIn(of, one) });
}
