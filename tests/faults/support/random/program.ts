/** What one version of a random program declares. Each object has a file of its own here: its edits and its text. */
import type { DeclaredAlias } from "./alias";
import type { DeclaredCollection } from "./collection";
import type { DeclaredLoad } from "./collection-load";
import type { DeclaredDatabase } from "./database";
import type { DeclaredGrant } from "./grant";
import type { DeclaredIndex } from "./index";
import type { DeclaredPartition } from "./partition";
import type { DeclaredPartitionSet } from "./partition-set";
import type { DeclaredRole } from "./role";
import type { DeclaredMembership } from "./role-membership";
import type { DeclaredUser } from "./user";

/** Anything that a program declares, whatever it is. */
export interface AnyDeclared {
  /** As its class is called. */
  readonly kind: string;
  /** Stays the same as long as it is the same resource to the engine. */
  key: number;
  logicalName: string;
  /** The logical name of the version before, when it was renamed with `aliases`. */
  alias?: string;
}

export type Declared =
  | DeclaredDatabase
  | DeclaredCollection
  | DeclaredPartition
  | DeclaredPartitionSet
  | DeclaredIndex
  | DeclaredLoad
  | DeclaredAlias
  | DeclaredUser
  | DeclaredRole
  | DeclaredMembership
  | DeclaredGrant;

/** What stands in a collection and goes with it. */
export type Content = DeclaredPartition | DeclaredPartitionSet | DeclaredIndex | DeclaredLoad;

export interface Program {
  databases: DeclaredDatabase[];
  collections: DeclaredCollection[];
  aliases: DeclaredAlias[];
  users: DeclaredUser[];
  roles: DeclaredRole[];
  memberships: DeclaredMembership[];
  grants: DeclaredGrant[];
  /** For keys and names that no other object has or had. */
  made: number;
}

export const EMPTY: Program = {
  databases: [],
  collections: [],
  aliases: [],
  users: [],
  roles: [],
  memberships: [],
  grants: [],
  made: 0,
};

export function contentsOf({ partitions, set, indexes, load }: DeclaredCollection): Content[] {
  return [...partitions, ...(set ? [set] : []), ...indexes, ...(load ? [load] : [])];
}

export function allOf(program: Program): Declared[] {
  const { databases, collections, aliases, users, roles, memberships, grants } = program;
  return [
    ...databases,
    ...collections.flatMap((one) => [one, ...contentsOf(one)]),
    ...aliases,
    ...users,
    ...roles,
    ...memberships,
    ...grants,
  ];
}
