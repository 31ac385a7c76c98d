import { log } from "../core/log";
import { required, type ValuesOf } from "../core/properties";
import type { Resource, Standing } from "../core/resource";
import type { Milvus } from "../milvus/gateway";
import type { GrantDescription } from "../milvus/grants";
import { aGrant, aRole } from "../milvus/names";
import { OWN_ROLES, type RoleDescription } from "../milvus/roles";
import { demandAccessControl, description, roleNameShape, oneRoleAtATime } from "./common/access-control";
import { READERS } from "./common/examples";
import { DEFAULT_TIMEOUTS, timeouts } from "./common/inputs";
import { takenOver } from "./common/standing";

const inputs = {
  roleName: required(roleNameShape, {
    doc: "The name of the role. Default: the logical name of the resource. A change replaces.",
    change: "replace",
    inId: true,
  }),
  description: description("role"),
  timeouts,
} as const;

const outputs = {} as const;

export type RoleInputs = ValuesOf<typeof inputs>;
export type RoleState = RoleInputs;

export const role: Resource<Milvus, RoleInputs, RoleState> = {
  kind: "Role",
  doc:
    "A role: what its users may do, by the `Grant`s to it.\n\n" +
    "A new role has no grants, also where one of that name was dropped by hand and left some behind. Removed from the " +
    "program, all that is granted to it is revoked in every database, and the log names what no `Grant` declares; then " +
    "it is dropped. Pass its `roleName` to `Grant` and `RoleMembership`, so that they go first. Milvus: " +
    "https://milvus.io/docs/rbac.md",
  example: [READERS],
  inputs,
  outputs,
  nameInput: "roleName",

  check({ roleName }, report) {
    if (roleName !== undefined && OWN_ROLES.includes(roleName))
      report(
        "roleName",
        `cannot be ${roleName}: that is Milvus's own role and always there. Grant and RoleMembership may name it as it is`,
      );
  },

  describe: ({ roleName }) => `role ${roleName}`,
  id: ({ roleName }) => roleName,
  fromId: (id) => ({ roleName: id }),
  sameName: (old, wanted) => old.roleName === wanted.roleName,

  async list(milvus) {
    if (!(await milvus.supports("accessControl"))) return [];
    const roles = await milvus.roles.list();
    return roles.filter(({ roleName }) => !OWN_ROLES.includes(roleName)).map((found) => stateOf(found, {}));
  },

  async read(milvus, state) {
    const found = await milvus.roles.find(String(state.roleName));
    return found && stateOf(found, state);
  },

  async standing(milvus, wanted) {
    const found = await milvus.roles.find(wanted.roleName);
    return found && standingOf(milvus, wanted, found);
  },

  async create(milvus, wanted) {
    const operation = milvus.within(wanted.timeouts?.create ?? DEFAULT_TIMEOUTS.create);
    await demandAccessControl(operation, aRole(wanted), wanted);
    await oneRoleAtATime(operation, wanted.roleName, async () => {
      const existing = await operation.roles.find(wanted.roleName);
      if (existing) takenOver(aRole(wanted), await standingOf(operation, wanted, existing));
      else await make(operation, wanted);
    });
    return stateOf(wanted, wanted);
  },

  async update(milvus, old, wanted) {
    const operation = milvus.within(wanted.timeouts?.update ?? DEFAULT_TIMEOUTS.update);
    if ((wanted.description ?? "") !== (old.description ?? "")) {
      await operation.demand("describedUsers", aRole(wanted));
      await operation.roles.setDescription(wanted.roleName, wanted.description ?? "");
    }
    return stateOf(wanted, wanted);
  },

  async delete(milvus, state) {
    if (OWN_ROLES.includes(state.roleName)) {
      log(`${aRole(state)} is Milvus's own role: it is not dropped`);
      return;
    }
    const operation = milvus.within(state.timeouts?.delete ?? DEFAULT_TIMEOUTS.delete);
    await oneRoleAtATime(operation, state.roleName, () => drop(operation, state));
  },
};

function stateOf(
  found: Pick<RoleDescription, "roleName" | "description">,
  known: Partial<RoleState>,
): RoleState {
  return {
    roleName: found.roleName,
    description: found.description ?? "",
    ...(known.timeouts && { timeouts: known.timeouts }),
  };
}

/** A role holds no data, so an equal one is simply taken over, with what was granted to it. */
async function standingOf(milvus: Milvus, wanted: RoleInputs, existing: RoleDescription): Promise<Standing> {
  const grants = await milvus.grants.listEverywhere(wanted.roleName);
  const inWords = `it has ${counted(grants.length, "grant")} and ${counted(existing.userNames.length, "user")}`;
  if ((wanted.description ?? "") === (existing.description ?? "")) return { inWords };
  return {
    inWords,
    refusal:
      `${aRole(wanted)} exists already and differs from the program in description. Declare it as it is, or choose ` +
      "another roleName",
  };
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Milvus before 2.6 drops a role although it has grants in other databases, and gives them to the next of that name. */
async function make(milvus: Milvus, wanted: RoleInputs): Promise<void> {
  await milvus.roles.create(wanted);
  const leftOver = await milvus.grants.listEverywhere(wanted.roleName);
  await revokeAll(
    milvus,
    leftOver,
    (grant) => `revoked ${grant}, which a role of the same name had left behind when it was dropped`,
  );
}

async function drop(milvus: Milvus, state: RoleState): Promise<void> {
  const found = await milvus.roles.find(state.roleName);
  if (!found) return;
  const grants = await milvus.grants.listEverywhere(state.roleName);
  await revokeAll(
    milvus,
    grants,
    (grant) => `revoked ${grant}, which no Grant that depends on the role declares, since its role goes`,
  );
  await milvus.roles.drop(state.roleName);
  const { length } = found.userNames;
  log(`dropped ${aRole(state)}${length > 0 ? `, which ${counted(length, "user")} had` : ""}`);
}

async function revokeAll(
  milvus: Milvus,
  grants: readonly GrantDescription[],
  told: (grant: string) => string,
): Promise<void> {
  await Promise.all(grants.map((grant) => milvus.grants.revoke(grant)));
  for (const grant of grants) log(told(aGrant(grant)));
}
