/** Privilege groups, from 2.5. Milvus: internal/rootcoord/root_coord.go; https://milvus.io/docs/privilege_group.md. */
import type { Calls } from "./calls";
import { checkRoleName } from "./names";
import { BUILT_IN_GROUPS, isPrivilege } from "./privileges";
import { CODES, refusal, type Refusal } from "./status";
import type { World } from "./world";

interface OfGroup {
  readonly group_name: string;
}

interface Operate extends OfGroup {
  readonly privileges: readonly { readonly name: string }[];
  readonly type: "AddPrivilegesToGroup" | "RemovePrivilegesFromGroup";
}

const since = "2.5";

function failed(error_code: string, reason: string): Refusal {
  return refusal(CODES.invalidParameter, `${reason}: invalid parameter`).as(error_code);
}

function failedWithoutDetail(error_code: string, reason: string): Refusal {
  return failed(error_code, reason).inOldStyle(error_code);
}

export const privilegeGroupCalls: Calls = {
  CreatePrivilegeGroup: {
    since,
    answer(world, { group_name }: OfGroup) {
      checkRoleName(world, group_name, "privilege group name");
      if (world.privilegeGroups.has(group_name) || BUILT_IN_GROUPS.has(group_name))
        throw failed("CreatePrivilegeGroupFailure", `privilege group [${group_name}] already exists`);
      if (isPrivilege(group_name))
        throw failed(
          "CreatePrivilegeGroupFailure",
          `privilege group name [${group_name}] is defined by built in privileges or privilege groups in system`,
        );
      world.privilegeGroups.set(group_name, new Set());
      return undefined;
    },
  },

  /** One that is missing is no error; one that is granted stays. */
  DropPrivilegeGroup: {
    since,
    answer(world, { group_name }: OfGroup) {
      if (!world.privilegeGroups.has(group_name)) return undefined;
      const granted = world.grants.find(({ privilege }) => privilege === group_name);
      if (granted)
        throw failed(
          "DropPrivilegeGroupFailure",
          `privilege group [${group_name}] is used by role [${granted.role}], Use REVOKE API to revoke it first`,
        );
      world.privilegeGroups.delete(group_name);
      return undefined;
    },
  },

  /** The built-in ones among them. */
  ListPrivilegeGroups: {
    since,
    answer(world) {
      const all: (readonly [name: string, privileges: Iterable<string>])[] = [
        ...[...BUILT_IN_GROUPS].map(([name, { privileges }]) => [name, privileges] as const),
        ...world.privilegeGroups,
      ];
      return {
        privilege_groups: all.map(([group_name, privileges]) => ({
          group_name,
          privileges: [...privileges].map((name) => ({ name })),
        })),
      };
    },
  },

  OperatePrivilegeGroup: {
    since,
    answer(world, { group_name, privileges, type }: Operate) {
      const group = groupOf(world, group_name);
      const unknown = privileges.find(({ name }) => !isPrivilege(name) && !world.privilegeGroups.has(name));
      if (unknown)
        throw failed(
          "OperatePrivilegeGroupFailure",
          `there is no privilege name or privilege group name [${unknown.name}] defined in system to operate`,
        );
      for (const { name } of privileges)
        if (type === "AddPrivilegesToGroup") group.add(name);
        else group.delete(name);
      return undefined;
    },
  },
};

function groupOf(world: World, name: string): Set<string> {
  if (BUILT_IN_GROUPS.has(name))
    throw failed("OperatePrivilegeGroupFailure", `the privilege group ${name} is built in and not changed`);
  const group = world.privilegeGroups.get(name);
  if (!group)
    throw (world.isFrom("2.6") ? failed : failedWithoutDetail)(
      "OperatePrivilegeGroupFailure",
      world.isFrom("2.6")
        ? `failed to check if privilege group alterable: there is no privilege group name [${name}] defined in system to operate`
        : `there is no privilege group name [${name}] to operate`,
    );
  return group;
}
