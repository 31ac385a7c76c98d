import { type Editing, type Edits, free, on, remove } from "./editing";
import type { AnyDeclared } from "./program";
import { type Statement, statement } from "./text";

export interface DeclaredRole extends AnyDeclared {
  readonly kind: "Role";
  roleName?: string;
}

const MOST = 2;

export const roleEdits: Edits = {
  "add role": [4, (editing, _at, form) => add(editing, form)],
  /** Made anew, with all that the program grants to it. */
  "rename role": [
    1,
    (editing, at) =>
      on(free(editing, editing.program.roles), at, (one) => {
        one.roleName = `role${++editing.program.made}${editing.suffix}`;
      }),
  ],
  "remove role": [
    1,
    (editing, at) =>
      on(free(editing, editing.program.roles), at, (one) => remove(editing.program.roles, one)),
  ],
};

function add({ program, suffix }: Editing, form: number): void {
  if (program.roles.length >= MOST) return;
  const key = ++program.made;
  program.roles.push({
    kind: "Role",
    key,
    logicalName: `readers${key}${suffix}`,
    ...(form % 2 === 0 && { roleName: `role${key}${suffix}` }),
  });
}

export function roleStatement(one: DeclaredRole): Statement {
  return statement(one, { roleName: one.roleName });
}
