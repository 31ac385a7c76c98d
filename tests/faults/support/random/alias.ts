import { type Editing, type Edits, free, on, remove } from "./editing";
import type { AnyDeclared } from "./program";
import { Code, type Statement, statement, variableOf } from "./text";

/** Given its collection as a resource, which it follows. */
export interface DeclaredAlias extends AnyDeclared {
  readonly kind: "Alias";
  aliasName?: string;
  /** The key of the collection that it points at. */
  of: number;
}

const MOST = 2;

export const aliasEdits: Edits = {
  "add alias": [
    2,
    (editing, at, form) => on(editing.program.collections, at, ({ key }) => add(editing, key, form)),
  ],
  "move alias": [
    2,
    (editing, at, form) =>
      on(freeAliases(editing), at, (one) =>
        on(editing.program.collections, form, ({ key }) => (one.of = key)),
      ),
  ],
  "rename alias": [
    1,
    (editing, at) =>
      on(freeAliases(editing), at, (one) => {
        one.aliasName = `b${++editing.program.made}${editing.suffix}`;
      }),
  ],
  "remove alias": [
    1,
    (editing, at) => on(freeAliases(editing), at, (one) => remove(editing.program.aliases, one)),
  ],
};

function freeAliases(editing: Editing): DeclaredAlias[] {
  return free(editing, editing.program.aliases);
}

function add({ program, suffix }: Editing, of: number, form: number): void {
  if (program.aliases.length >= MOST) return;
  const key = ++program.made;
  program.aliases.push({
    kind: "Alias",
    key,
    logicalName: `alias${key}${suffix}`,
    ...(form % 2 === 0 && { aliasName: `a${key}${suffix}` }),
    of,
  });
}

export function aliasStatement(one: DeclaredAlias): Statement {
  const { aliasName, of } = one;
  return statement(one, { collection: new Code(variableOf("Collection", of)), aliasName }, [of]);
}
