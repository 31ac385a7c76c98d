import { databaseNameOf } from "./database";
import { type Edits, free, on, pick, remove } from "./editing";
import type { AnyDeclared, Program } from "./program";
import { outputOf, type Statement, statement } from "./text";

interface Granted {
  /** Its key. */
  role: number;
  privilege: string;
  /** The key of a collection; `*` is every collection of the database. None: it is about something else. */
  on?: number | "*";
  /** The key of a database; a collection is in its own. None is the one that is always there. */
  database?: number;
}

export interface DeclaredGrant extends AnyDeclared, Granted {
  readonly kind: "Grant";
}

const MOST = 5;

/** With what Milvus 2.3.5 lists them as. */
export const ABOUT_COLLECTIONS = ["Search", "Insert", "Query", "CreateIndex"];
export const OBJECT_TYPES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(ABOUT_COLLECTIONS.map((privilege) => [privilege, "Collection"])),
  ShowCollections: "Global",
  SelectUser: "User",
};

export const grantEdits: Edits = {
  "add grant": [
    6,
    (editing, at, form) => {
      const { program } = editing;
      if (program.grants.length >= MOST) return;
      on(program.roles, at, ({ key: role }) => {
        const granted = { role, ...about(program, form) };
        const key = ++program.made;
        if (!isDeclared(program, granted))
          program.grants.push({ kind: "Grant", key, logicalName: `grant${key}`, ...granted });
      });
    },
  ],
  /** Two may change places. */
  "change grant": [
    2,
    (editing, at, form) =>
      on(free(editing, editing.program.grants), at, (one) => {
        const granted = { role: one.role, ...about(editing.program, form) };
        if (isDeclared(editing.program, granted)) return;
        delete one.on;
        delete one.database;
        Object.assign(one, granted);
      }),
  ],
  "remove grant": [
    2,
    (editing, at) =>
      on(free(editing, editing.program.grants), at, (one) => remove(editing.program.grants, one)),
  ],
};

function about({ collections, databases }: Program, form: number): Omit<Granted, "role"> {
  const database = pick([undefined, ...databases.map(({ key }) => key)], form);
  const inDatabase = database === undefined ? {} : { database };
  if (form % 6 === 4) return { privilege: "ShowCollections", ...inDatabase };
  if (form % 6 === 5) return { privilege: "SelectUser", ...inDatabase };
  const privilege = pick(ABOUT_COLLECTIONS, form);
  if (form % 2 === 0 || collections.length === 0) return { privilege, on: "*", ...inDatabase };
  return { privilege, on: pick(collections, form).key };
}

function isDeclared({ grants }: Program, { role, privilege, on: object, database }: Granted): boolean {
  return grants.some(
    (one) =>
      one.role === role && one.privilege === privilege && one.on === object && one.database === database,
  );
}

export function grantStatement(one: DeclaredGrant): Statement {
  const { role, privilege, on: object, database } = one;
  const needs = [role, ...(database === undefined ? [] : [database])];
  const isOne = typeof object === "number";
  const args = {
    roleName: outputOf("Role", role, "roleName"),
    privilege,
    databaseName: isOne ? outputOf("Collection", object, "databaseName") : databaseNameOf(database),
    collectionName: isOne ? outputOf("Collection", object, "collectionName") : object,
  };
  return statement(one, args, isOne ? [...needs, object] : needs);
}
