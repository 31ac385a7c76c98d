import { declare, the } from "../core/example";
import { log } from "../core/log";
import { required, type ValuesOf } from "../core/properties";
import { type Resource, type Standing, Unfinished } from "../core/resource";
import { nameSet, namesIn, type Report } from "../core/shapes";
import type { Milvus } from "../milvus/gateway";
import { aPrivilegeGroup } from "../milvus/names";
import { isBuiltInGroup, isPrivilege, levelOf } from "../milvus/privileges";
import { asError } from "../milvus/shared-reads";
import { READERS } from "./common/examples";
import { DEFAULT_TIMEOUTS, milvusName, timeouts } from "./common/inputs";
import { NOTHING_TO_TELL, takenOver } from "./common/standing";
import { checkPrivilege, privilegeShape } from "./common/privileges";

const inputs = {
  privilegeGroupName: required(milvusName("privilege group"), {
    doc: "The name of the group. Default: the logical name of the resource. A change replaces.",
    change: "replace",
    inId: true,
  }),
  privileges: required(nameSet(privilegeShape("must be the name of a privilege")), {
    doc:
      "The privileges in it, in any order, all about collections, all about databases or all about the server. " +
      "Added and removed in place; whoever has the group has what is in it.",
    change: "update",
  }),
  timeouts,
} as const;

const outputs = {} as const;

export type PrivilegeGroupInputs = ValuesOf<typeof inputs>;
export type PrivilegeGroupState = PrivilegeGroupInputs;

export const privilegeGroup: Resource<Milvus, PrivilegeGroupInputs, PrivilegeGroupState> = {
  kind: "PrivilegeGroup",
  doc:
    "A group of privileges, to be granted as one. Needs Milvus 2.5.\n\n" +
    "Pass its `privilegeGroupName` as the `privilege` of a `Grant`, which then comes after it and goes before it: Milvus " +
    "drops no group that a role has. Milvus: https://milvus.io/docs/privilege_group.md",
  example: [
    READERS,
    declare("PrivilegeGroup", "reading", { privileges: ["Search", "Query"] }),
    declare("Grant", "may_read", {
      roleName: the("readers", "roleName"),
      privilege: the("reading", "privilegeGroupName"),
      collectionName: "*",
    }),
  ],
  inputs,
  outputs,
  nameInput: "privilegeGroupName",

  check({ privilegeGroupName, privileges }, report, _, warn) {
    if (
      privilegeGroupName !== undefined &&
      (isBuiltInGroup(privilegeGroupName) || isPrivilege(privilegeGroupName))
    )
      report("privilegeGroupName", `cannot be ${privilegeGroupName}: Milvus has a privilege of that name`);
    for (const privilege of namesIn(privileges)) checkPrivilege("privileges", privilege, report, warn);
    if (privileges) refuseMixedLevels(namesIn(privileges), report);
  },

  describe: ({ privilegeGroupName }) => `privilege group ${privilegeGroupName}`,
  id: ({ privilegeGroupName }) => privilegeGroupName,
  fromId: (id) => ({ privilegeGroupName: id }),
  sameName: (old, wanted) => old.privilegeGroupName === wanted.privilegeGroupName,

  async list(milvus) {
    if (!(await milvus.supports("privilegeGroups"))) return [];
    const groups = await milvus.privilegeGroups.list();
    return groups
      .filter(({ privilegeGroupName }) => !isBuiltInGroup(privilegeGroupName))
      .map(({ privilegeGroupName, privileges }) => ({ privilegeGroupName, privileges: [...privileges] }));
  },

  async read(milvus, state) {
    const found = await milvus.privilegeGroups.find(String(state.privilegeGroupName));
    return found && { ...kept(state as PrivilegeGroupInputs), privileges: [...found.privileges] };
  },

  async standing(milvus, wanted) {
    if (!(await milvus.supports("privilegeGroups"))) return undefined;
    const found = await milvus.privilegeGroups.find(wanted.privilegeGroupName);
    return found && standingOf(wanted, found.privileges);
  },

  async create(milvus, wanted) {
    const operation = milvus.within(wanted.timeouts?.create ?? DEFAULT_TIMEOUTS.create);
    const { privilegeGroupName } = wanted;
    await operation.demand("privilegeGroups", aPrivilegeGroup(wanted));
    const existing = await operation.privilegeGroups.find(privilegeGroupName);
    if (existing) takenOver(aPrivilegeGroup(wanted), standingOf(wanted, existing.privileges));
    else await operation.privilegeGroups.create(privilegeGroupName);
    const has = existing?.privileges ?? [];
    await change(operation, wanted, has, has);
    return kept(wanted);
  },

  async update(milvus, old, wanted) {
    const operation = milvus.within(wanted.timeouts?.update ?? DEFAULT_TIMEOUTS.update);
    const found = await operation.privilegeGroups.find(wanted.privilegeGroupName);
    if (!found)
      throw new Error(`${aPrivilegeGroup(wanted)} is gone, and is not changed: run \`pulumi refresh\` first`);
    await change(operation, wanted, namesIn(old.privileges), found.privileges);
    return kept(wanted);
  },

  async delete(milvus, state) {
    const operation = milvus.within(state.timeouts?.delete ?? DEFAULT_TIMEOUTS.delete);
    if (!(await operation.privilegeGroups.find(state.privilegeGroupName))) return;
    await operation.privilegeGroups.drop(state.privilegeGroupName);
    log(`dropped ${aPrivilegeGroup(state)}`);
  },
};

function kept({ privilegeGroupName, privileges, timeouts }: PrivilegeGroupInputs): PrivilegeGroupState {
  return { privilegeGroupName, privileges: namesIn(privileges), ...(timeouts && { timeouts }) };
}

/** Milvus judges a grant of a group by the first privilege in it (2.5, rootcoord, validatePrivilegeGroupParams). */
function refuseMixedLevels(privileges: readonly string[], report: Report): void {
  const byLevel = new Map<string, string>();
  for (const privilege of privileges) {
    const level = levelOf(privilege);
    if (level !== undefined && !byLevel.has(level)) byLevel.set(level, privilege);
  }
  const [first, second] = [...byLevel];
  if (first && second)
    report(
      "privileges",
      `must all be about the same: ${first[1]} is of level ${first[0]}, ${second[1]} of level ${second[0]}. Make a ` +
        "group for each level",
    );
}

/** An empty one may be what a run that died has left. */
function standingOf(wanted: PrivilegeGroupInputs, existing: readonly string[]): Standing {
  const privileges = namesIn(wanted.privileges);
  const more = existing.filter((name) => !privileges.includes(name));
  const less = existing.length === 0 ? [] : privileges.filter((name) => !existing.includes(name));
  if (more.length === 0 && less.length === 0) return NOTHING_TO_TELL;
  const inWords = [...more.map((name) => `it has ${name}`), ...less.map((name) => `it has no ${name}`)].join(
    ", ",
  );
  return {
    inWords,
    refusal:
      `${aPrivilegeGroup(wanted)} exists already and differs from the program: ${inWords}. Declare it as it is, or ` +
      "choose another privilegeGroupName",
  };
}

/**
 * What came and went between the state and the program, as far as the server does not have it so already. Adds first, so
 * that nobody is without what stays. What was reached is kept when the rest fails.
 */
async function change(
  milvus: Milvus,
  wanted: PrivilegeGroupInputs,
  known: readonly string[],
  has: readonly string[],
): Promise<void> {
  const { privilegeGroupName } = wanted;
  const wants = namesIn(wanted.privileges);
  const come = wants.filter((name) => !known.includes(name));
  const gone = known.filter((name) => !wants.includes(name));
  const added = come.filter((name) => !has.includes(name));
  const removed = gone.filter((name) => has.includes(name));
  try {
    if (added.length > 0) await milvus.privilegeGroups.add(privilegeGroupName, added);
  } catch (error) {
    throw unfinished(wanted, known, error);
  }
  try {
    if (removed.length > 0) await milvus.privilegeGroups.remove(privilegeGroupName, removed);
  } catch (error) {
    throw unfinished(wanted, [...known, ...come], error);
  }
}

function unfinished(wanted: PrivilegeGroupInputs, privileges: readonly string[], error: unknown): Error {
  return new Unfinished({ ...kept(wanted), privileges: [...privileges].sort() }, asError(error).message);
}
