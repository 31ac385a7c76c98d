/** Roles and who has them. Milvus: internal/proxy/impl.go, internal/rootcoord/root_coord.go. */
import type { Calls } from "./calls";
import { checkRoleName } from "./names";
import { CODES, refusal, type Refusal, unexpected } from "./status";
import { keepsDescriptions } from "./users";
import { DEFAULT_DATABASE, type World } from "./world";

interface Create {
  readonly entity: { readonly name: string; readonly description: string } | null;
}

interface Alter {
  readonly role_name: string;
  readonly description: string;
}

interface Drop {
  readonly role_name: string;
  readonly force_drop: boolean;
}

interface Operate {
  readonly username: string;
  readonly role_name: string;
  readonly type: "AddUserToRole" | "RemoveUserFromRole";
}

interface Select {
  readonly role: { readonly name: string } | null;
  readonly include_user_info: boolean;
}

const DEFAULT_ROLES = ["admin", "public"];

function failed(error_code: string, reason: string): Refusal {
  return refusal(CODES.unexpected, reason).inOldStyle(error_code);
}

/** `while` says what was under way, which newer servers tell. */
export function roleMissing(world: World, error_code: string, name: string, during: string): Refusal {
  return world.isFrom("2.6")
    ? unexpected(`${during}the role "${name}" does not exist`)
    : roleNotFound(error_code);
}

export function roleNotFound(error_code: string): Refusal {
  return failed(error_code, "not found the role, maybe the role isn't existed or internal system error");
}

export const roleCalls: Calls = {
  CreateRole(world, { entity }: Create) {
    const { name = "", description = "" } = entity ?? {};
    checkRoleName(world, name);
    if (world.roles.has(name)) throw failed("CreateRoleFailure", `role [name:"${name}"] already exists`);
    world.roles.set(name, keepsDescriptions(world) ? description : "");
    return undefined;
  },

  AlterRole: {
    since: "2.6.19",
    answer(world, { role_name, description }: Alter) {
      if (!world.roles.has(role_name)) throw roleNotFound("UnexpectedError");
      world.roles.set(role_name, description);
      return undefined;
    },
  },

  /** A missing one is an error here. */
  DropRole(world, { role_name, force_drop }: Drop) {
    checkRoleName(world, role_name);
    if (DEFAULT_ROLES.includes(role_name))
      throw refusal(
        CODES.privilegeNotPermitted,
        `the role[${role_name}] is a default role, which can't be dropped: privilege not permitted`,
      );
    if (!world.roles.has(role_name)) throw roleNotFound("DropRoleFailure");
    // Pull request 35863, 2.4.11; older servers take no notice of it.
    const forced = force_drop && world.isFrom("2.4.11");
    if (hasGrants(world, role_name) && !forced)
      throw failed(
        "DropRoleFailure",
        `${world.isFrom("2.6") ? "failed to check if drop role: " : ""}fail to drop the role that it has privileges. Use REVOKE API to revoke privileges`,
      );
    // 2.5.27 leaves them: they are there again with another role of that name. 2.6.19 does not; older ones are as the
    // pull request says.
    if (forced && (world.isFrom("2.6") || !world.isFrom("2.5.27")))
      world.grants = world.grants.filter(({ role }) => role !== role_name);
    world.roles.delete(role_name);
    for (const { roles } of world.users.values()) roles.delete(role_name);
    return undefined;
  },

  /** Twice the same is no error. */
  OperateUserRole(world, { username, role_name, type }: Operate) {
    checkRoleName(world, role_name);
    if (!world.roles.has(role_name)) throw roleNotFound("OperateUserRoleFailure");
    const user = world.users.get(username);
    if (!user && type === "RemoveUserFromRole") return undefined;
    if (!user)
      throw failed(
        "OperateUserRoleFailure",
        world.isFrom("2.6")
          ? `failed to check if operate user role: user "${username}" not found`
          : "not found the user, maybe the user isn't existed or internal system error",
      );
    if (type === "AddUserToRole") user.roles.add(role_name);
    else user.roles.delete(role_name);
    return undefined;
  },

  /** One that is missing is a success with nothing in it. */
  SelectRole(world, { role, include_user_info }: Select) {
    if (role) checkRoleName(world, role.name);
    const all = [...world.roles].filter(([name]) => role === null || name === role.name);
    return {
      results: all.map(([name, description]) => ({
        role: { name, ...(keepsDescriptions(world) && { description }) },
        users: include_user_info ? usersOf(world, name) : [],
      })),
    };
  },
};

function usersOf(world: World, role: string): object[] {
  return [...world.users].filter(([, { roles }]) => roles.has(role)).map(([name]) => ({ name }));
}

/** Before 2.5 (pull request 38342) in the default database alone: other grants come back with a role of that name. */
function hasGrants(world: World, role: string): boolean {
  return world.grants.some(
    (grant) => grant.role === role && (world.isFrom("2.5") || grant.databaseName === DEFAULT_DATABASE),
  );
}
