import { type Editing, type Edits, free, on, remove } from "./editing";
import type { AnyDeclared } from "./program";
import { outputOf, type Statement, statement } from "./text";

export interface DeclaredMembership extends AnyDeclared {
  readonly kind: "RoleMembership";
  /** Keys. */
  user: number;
  role: number;
}

export const roleMembershipEdits: Edits = {
  "add membership": [
    8,
    (editing, at, form) => {
      const { program } = editing;
      on(program.users, at, (user) =>
        on(program.roles, form, (role) => {
          if (isDeclared(editing, user.key, role.key)) return;
          const key = ++program.made;
          const logicalName = `member${key}`;
          program.memberships.push({
            kind: "RoleMembership",
            key,
            logicalName,
            user: user.key,
            role: role.key,
          });
        }),
      );
    },
  ],
  /** Two may change places. */
  "move membership": [
    1,
    (editing, at, form) =>
      on(free(editing, editing.program.memberships), at, (one) =>
        on(editing.program.users, form, ({ key: user }) =>
          on(editing.program.roles, Math.floor(form / 2), ({ key: role }) => {
            if (!isDeclared(editing, user, role)) Object.assign(one, { user, role });
          }),
        ),
      ),
  ],
  "remove membership": [
    1,
    (editing, at) =>
      on(free(editing, editing.program.memberships), at, (one) => remove(editing.program.memberships, one)),
  ],
};

function isDeclared({ program }: Editing, user: number, role: number): boolean {
  return program.memberships.some((one) => one.user === user && one.role === role);
}

export function roleMembershipStatement(one: DeclaredMembership): Statement {
  const { user, role } = one;
  const args = { userName: outputOf("User", user, "userName"), roleName: outputOf("Role", role, "roleName") };
  return statement(one, args, [user, role]);
}
