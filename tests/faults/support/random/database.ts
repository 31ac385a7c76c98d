/** Databases come, get other names, and go with all that is in them. Milvus 2.3.5 keeps no properties of them. */
import { type Edits, type Editing, free, on, remove } from "./editing";
import type { AnyDeclared } from "./program";
import { outputOf, type Code, type Statement, statement } from "./text";

export interface DeclaredDatabase extends AnyDeclared {
  readonly kind: "Database";
  databaseName?: string;
  adopt?: true;
}

const MOST = 2;

export const databaseEdits: Edits = {
  "add database": [2, (editing, _at, form) => add(editing, form)],
  /** Made anew, with all that is in it. */
  "rename database": [
    1,
    (editing, at) => {
      const { program, suffix } = editing;
      on(
        free(editing, program.databases),
        at,
        (one) => (one.databaseName = `renamed${++program.made}${suffix}`),
      );
    },
  ],
  "remove database": [
    1,
    (editing, at) => on(free(editing, editing.program.databases), at, removeWithAll(editing)),
  ],
};

function add({ program, suffix }: Editing, form: number): void {
  if (program.databases.length >= MOST) return;
  const key = ++program.made;
  program.databases.push({
    kind: "Database",
    key,
    logicalName: `app${key}${suffix}`,
    ...(form % 2 === 0 && { databaseName: `given${key}${suffix}` }),
  });
}

function removeWithAll(editing: Editing): (one: DeclaredDatabase) => void {
  const { program } = editing;
  return (one) => {
    const inIt = program.collections.filter(({ database }) => database === one.key);
    if (free(editing, inIt).length < inIt.length) return;
    for (const collection of inIt) remove(program.collections, collection);
    remove(program.databases, one);
  };
}

export function databaseStatement(one: DeclaredDatabase): Statement {
  const { databaseName, adopt } = one;
  return statement(one, { databaseName, adopt });
}

/** Nothing is the database that is always there. */
export function databaseNameOf(database: number | undefined): Code | undefined {
  return database === undefined ? undefined : outputOf("Database", database, "databaseName");
}
