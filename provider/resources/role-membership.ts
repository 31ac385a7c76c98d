import { declare, the } from "../core/example";
import { log } from "../core/log";
import { required, type ValuesOf } from "../core/properties";
import type { Resource } from "../core/resource";
import type { Milvus } from "../milvus/gateway";
import { aMembership, aRole, aUser } from "../milvus/names";
import { OWN_ROLES } from "../milvus/roles";
import { ROOT } from "../milvus/users";
import { cannotBeMade, demandAccessControl, roleNameShape, userNameShape } from "./common/access-control";
import { ALICE, READERS } from "./common/examples";
import { DEFAULT_TIMEOUTS, timeouts } from "./common/inputs";
import { NOTHING_TO_TELL, takenOver } from "./common/standing";

const inputs = {
  userName: required(userNameShape, {
    doc: "The user: best the `userName` of a User, so that it is made first and goes last. A change replaces.",
    change: "replace",
    inId: true,
  }),
  roleName: required(roleNameShape, {
    doc: "The role: best the `roleName` of a Role, so that it is made first and goes last. A change replaces.",
    change: "replace",
    inId: true,
  }),
  timeouts,
} as const;

const outputs = {} as const;

export type RoleMembershipInputs = ValuesOf<typeof inputs>;
export type RoleMembershipState = RoleMembershipInputs;

export const roleMembership: Resource<Milvus, RoleMembershipInputs, RoleMembershipState> = {
  kind: "RoleMembership",
  doc:
    "A user in a role: the user may do all that is granted to it.\n\n" +
    "Removed from the program, the user is taken out of the role. Milvus: https://milvus.io/docs/grant_roles.md",
  example: [
    ALICE,
    READERS,
    declare("RoleMembership", "alice_reads", {
      userName: the("alice", "userName"),
      roleName: the("readers", "roleName"),
    }),
  ],
  inputs,
  outputs,

  describe: ({ userName, roleName }) => `membership of user ${userName} in role ${roleName}`,
  id: ({ roleName, userName }) => `${roleName}/${userName}`,
  fromId(id) {
    const [roleName, userName, ...others] = id.split("/");
    if (!roleName || !userName || others.length > 0)
      throw new Error(`${JSON.stringify(id)} is not the id of a role membership: it must be ROLE/USER`);
    return { roleName, userName };
  },
  sameName: (old, wanted) => old.userName === wanted.userName && old.roleName === wanted.roleName,

  async list(milvus) {
    if (!(await milvus.supports("accessControl"))) return [];
    const roles = await milvus.roles.list();
    // Everybody is in public, and root is an administrator, without anybody's doing.
    return roles
      .filter(({ roleName }) => roleName !== "public")
      .flatMap(({ roleName, userNames }) =>
        userNames
          .filter((userName) => userName !== ROOT || !OWN_ROLES.includes(roleName))
          .map((userName) => ({ userName, roleName })),
      );
  },

  async read(milvus, state) {
    const ref = state as RoleMembershipState;
    return (await milvus.roles.hasUser(ref)) ? kept(ref) : undefined;
  },

  standing: async (milvus, wanted) => ((await milvus.roles.hasUser(wanted)) ? NOTHING_TO_TELL : undefined),

  async create(milvus, wanted) {
    const operation = milvus.within(wanted.timeouts?.create ?? DEFAULT_TIMEOUTS.create);
    await demandAccessControl(operation, aMembership(wanted), {});
    const [found, inRole] = await Promise.all([
      operation.users.find(wanted.userName),
      operation.roles.find(wanted.roleName),
    ]);
    if (!found) throw cannotBeMade(aMembership(wanted), aUser(wanted), "User", "userName");
    if (!inRole) throw cannotBeMade(aMembership(wanted), aRole(wanted), "Role", "roleName");
    if (inRole.userNames.includes(wanted.userName)) takenOver(aMembership(wanted), NOTHING_TO_TELL);
    else await operation.roles.addUser(wanted);
    return kept(wanted);
  },

  /** Nothing of it can change in place. */
  update: (_, __, wanted) => Promise.resolve(kept(wanted)),

  /** Who, or what, is gone already took the membership along. */
  async delete(milvus, state) {
    const operation = milvus.within(state.timeouts?.delete ?? DEFAULT_TIMEOUTS.delete);
    if (!(await operation.roles.hasUser(state))) return;
    await operation.roles.removeUser(state);
    log(`removed ${aMembership(state)}`);
  },
};

function kept({ userName, roleName, timeouts }: RoleMembershipInputs): RoleMembershipState {
  return { userName, roleName, ...(timeouts && { timeouts }) };
}
