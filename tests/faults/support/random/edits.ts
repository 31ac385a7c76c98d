/** All edits, and what they make of a program. A new object is a file here and a line in each of two lists. */
import * as fc from "fast-check";

import { aliasEdits, aliasStatement } from "./alias";
import { collectionEdits, collectionStatement } from "./collection";
import { collectionLoadEdits, collectionLoadStatement, settleLoad } from "./collection-load";
import { databaseEdits, databaseStatement } from "./database";
import type { Edits, Surroundings } from "./editing";
import { grantEdits, grantStatement } from "./grant";
import { inCollectionEdits } from "./in-collection";
import { indexEdits, indexStatement } from "./index";
import { partitionEdits, partitionStatement } from "./partition";
import { partitionSetEdits, partitionSetStatement } from "./partition-set";
import { allOf, type Program } from "./program";
import { renamingEdits } from "./renaming";
import { roleEdits, roleStatement } from "./role";
import { roleMembershipEdits, roleMembershipStatement } from "./role-membership";
import { inSomeOrder, type Statement } from "./text";
import { userEdits, userStatement } from "./user";

const EDITS: Edits = {
  ...databaseEdits,
  ...collectionEdits,
  ...partitionEdits,
  ...partitionSetEdits,
  ...indexEdits,
  ...collectionLoadEdits,
  ...inCollectionEdits,
  ...aliasEdits,
  ...userEdits,
  ...roleEdits,
  ...roleMembershipEdits,
  ...grantEdits,
  ...renamingEdits,
};

/** Objects of the package that these programs do without, and why. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  PrivilegeGroup: "needs Milvus 2.5",
  ResourceGroup:
    "is of the whole server, and on Milvus 2.3 nothing but nodes that are moved, of which there is one",
};

export interface Edit {
  readonly kind: string;
  readonly at: number;
  readonly form: number;
}

const anyNumber = fc.nat({ max: 11 });

function anyOf(kinds: readonly string[]): fc.Arbitrary<Edit> {
  const weighted = kinds.flatMap((kind) => Array<string>(EDITS[kind]?.[0] ?? 0).fill(kind));
  return fc.record({ kind: fc.constantFrom(...weighted), at: anyNumber, form: anyNumber });
}

export const anyEdit = anyOf(Object.keys(EDITS));

const ADDITIONS = Object.keys(EDITS).filter((kind) => kind.startsWith("add "));

/** The first version declares something; what others need comes before them. */
export const firstEdits: fc.Arbitrary<Edit[]> = fc
  .tuple(anyOf(["add collection"]), fc.array(anyOf(ADDITIONS), { minLength: 4, maxLength: 20, size: "max" }))
  .map(([collection, others]) =>
    [collection, ...others].sort((a, b) => ADDITIONS.indexOf(a.kind) - ADDITIONS.indexOf(b.kind)),
  );

/** The program after the edits. */
export function edited(before: Program, edits: readonly Edit[], surroundings: Surroundings): Program {
  const program = structuredClone(before);
  for (const one of allOf(program)) delete one.alias;
  const editing = { program, before, touched: new Set<number>(), ...surroundings };
  for (const { kind, at, form } of edits) EDITS[kind]?.[1](editing, at, form);
  settle(program);
  return program;
}

/** What names another thing goes with it at the latest. */
function settle(program: Program): void {
  for (const one of program.collections) settleLoad(one);
  const keys = new Set<unknown>(allOf(program).map(({ key }) => key));
  const isThere = (key: unknown): boolean => key === undefined || key === "*" || keys.has(key);
  program.aliases = program.aliases.filter(({ of }) => isThere(of));
  program.memberships = program.memberships.filter(({ user, role }) => isThere(user) && isThere(role));
  program.grants = program.grants.filter((one) => [one.role, one.on, one.database].every(isThere));
}

/** Of declarations that may stand anywhere after what they use. */
export function textOf(program: Program, order: number): string {
  return ['const milvus = require("pulumi-milvus");', ...inSomeOrder(statementsOf(program), order)].join(
    "\n",
  );
}

function statementsOf(program: Program): Statement[] {
  return [
    ...program.databases.map(databaseStatement),
    ...program.collections.flatMap((one) => [
      collectionStatement(one),
      ...one.partitions.map((some) => partitionStatement(one, some)),
      ...(one.set ? [partitionSetStatement(one, one.set)] : []),
      ...one.indexes.map((some) => indexStatement(one, some)),
      ...(one.load ? [collectionLoadStatement(one, one.load)] : []),
    ]),
    ...program.aliases.map(aliasStatement),
    ...program.users.map(userStatement),
    ...program.roles.map(roleStatement),
    ...program.memberships.map(roleMembershipStatement),
    ...program.grants.map(grantStatement),
  ];
}
