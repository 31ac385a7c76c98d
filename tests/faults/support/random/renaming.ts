/** Any resource gets another logical name, with the option `aliases` or without it. */
import type { DeclaredCollection } from "./collection";
import { type Editing, type Edits, free, isAsBefore, on } from "./editing";
import { allOf, contentsOf, type Declared, type Program } from "./program";

export const renamingEdits: Edits = {
  "rename resource with alias": [
    2,
    (editing, at, form) =>
      on(free(editing, allOf(editing.program)), at + 12 * form, (one) => rename(editing, one)),
  ],
  "rename resource without alias": [
    2,
    (editing, at, form) =>
      on(free(editing, allOf(editing.program)).filter(hasGivenName), at + 12 * form, (one) =>
        makeAnother(editing, one),
      ),
  ],
};

/** The logical name plays no part in what it is called on the server. */
function hasGivenName(one: Declared): boolean {
  switch (one.kind) {
    case "Database":
      return one.databaseName !== undefined;
    case "Collection":
      return one.collectionName !== undefined;
    case "Partition":
      return one.partitionName !== undefined;
    case "Index":
      return one.indexName !== undefined;
    case "Alias":
      return one.aliasName !== undefined;
    case "User":
      return one.userName !== undefined;
    case "Role":
      return one.roleName !== undefined;
    case "PartitionSet":
    case "CollectionLoad":
    case "RoleMembership":
    case "Grant":
      return true;
  }
}

function newName({ program, suffix }: Editing, { kind }: Declared): string {
  const isInCollection = ["Partition", "PartitionSet", "Index", "CollectionLoad"].includes(kind);
  return `r${++program.made}${isInCollection ? "" : suffix}`;
}

function rename(editing: Editing, one: Declared): void {
  const old = allOf(editing.before).find(({ key }) => key === one.key);
  if (!old || one.alias !== undefined) return;
  one.alias = old.logicalName;
  one.logicalName = newName(editing, one);
}

/**
 * To the engine the old one goes and another comes, which stands for the same object on the server. Only where nothing
 * else of it changes in this version: the engine takes what goes with a resource for gone when that goes.
 */
function makeAnother(editing: Editing, one: Declared): void {
  const { program, before, touched } = editing;
  const owner = collectionOf(program, one);
  const [all, allBefore] = [allOf(program), allOf(before)];
  const database = all.find(({ key }) => key === owner?.database);
  const involved = [one, ...(owner ? [owner] : []), ...(database ? [database] : [])];
  if (!involved.every((some) => isAsBefore(allBefore, some))) return;
  for (const some of [...involved, ...(owner ? contentsOf(owner) : [])]) touched.add(some.key);
  const oldKey = one.key;
  one.logicalName = newName(editing, one);
  one.key = program.made;
  touched.add(one.key);
  pointToNew(program, oldKey, one.key);
  // What is not empty is taken over on demand alone.
  if (one.kind === "Collection" || one.kind === "Database") one.adopt = true;
}

/** What it is, stands in or points at. */
function collectionOf({ collections }: Program, one: Declared): DeclaredCollection | undefined {
  if (one.kind === "Alias") return collections.find(({ key }) => key === one.of);
  return collections.find((some) => some === one || contentsOf(some).some((content) => content === one));
}

function pointToNew(program: Program, old: number, now: number): void {
  const moved = <T>(key: T): T | number => (key === old ? now : key);
  for (const one of program.collections) {
    if (one.database === old) one.database = now;
    if (one.load?.partitions) one.load.partitions = one.load.partitions.map(moved);
  }
  for (const one of program.aliases) if (one.of === old) one.of = now;
  for (const one of program.memberships) {
    if (one.user === old) one.user = now;
    if (one.role === old) one.role = now;
  }
  for (const one of program.grants) {
    if (one.role === old) one.role = now;
    if (one.on === old) one.on = now;
    if (one.database === old) one.database = now;
  }
}
