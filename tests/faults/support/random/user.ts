import { type Editing, type Edits, free, on, remove } from "./editing";
import type { AnyDeclared } from "./program";
import { type Statement, statement } from "./text";

export interface DeclaredUser extends AnyDeclared {
  readonly kind: "User";
  userName?: string;
  password: string;
}

const MOST = 2;

export const userEdits: Edits = {
  "add user": [4, (editing, _at, form) => add(editing, form)],
  "change password": [
    2,
    (editing, at, form) => on(freeUsers(editing), at, (one) => (one.password = `password ${form}`)),
  ],
  /** Made anew. */
  "rename user": [
    1,
    (editing, at) =>
      on(freeUsers(editing), at, (one) => {
        one.userName = `user${++editing.program.made}${editing.suffix}`;
      }),
  ],
  "remove user": [
    1,
    (editing, at) => on(freeUsers(editing), at, (one) => remove(editing.program.users, one)),
  ],
};

function freeUsers(editing: Editing): DeclaredUser[] {
  return free(editing, editing.program.users);
}

function add({ program, suffix }: Editing, form: number): void {
  if (program.users.length >= MOST) return;
  const key = ++program.made;
  program.users.push({
    kind: "User",
    key,
    logicalName: `reader${key}${suffix}`,
    ...(form % 2 === 0 && { userName: `user${key}${suffix}` }),
    password: `password ${form}`,
  });
}

export function userStatement(one: DeclaredUser): Statement {
  const { userName, password } = one;
  return statement(one, { userName, password });
}
