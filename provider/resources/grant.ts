import { declare, the } from "../core/example";
import { log } from "../core/log";
import { type Change, type Effect, optional, required, type ValuesOf } from "../core/properties";
import type { Resource } from "../core/resource";
import { type Report, type Shape, show } from "../core/shapes";
import { MilvusError, UnsupportedError } from "../milvus/errors";
import type { Milvus } from "../milvus/gateway";
import { ANY, type GrantDescription } from "../milvus/grants";
import { aGrant, aRole, type GrantRef } from "../milvus/names";
import { isBuiltInGroup, isPrivilege, levelOf, nearestPrivilege, objectTypeOf } from "../milvus/privileges";
import { OWN_ROLES } from "../milvus/roles";
import { DEFAULT_DATABASE } from "../milvus/settings";
import {
  cannotBeMade,
  demandAccessControl,
  roleNameShape,
  oneRoleAtATime,
  userNameShape,
} from "./common/access-control";
import { DOCUMENTS, READERS } from "./common/examples";
import { DEFAULT_TIMEOUTS, milvusName, timeouts } from "./common/inputs";
import { NOTHING_TO_TELL, takenOver } from "./common/standing";
import { checkPrivilege, privilegeShape } from "./common/privileges";

/** A name, or all of them. */
function orAny(name: Shape<string>): Shape<string> {
  return {
    ...name,
    check: (value, path, report) => {
      if (value !== ANY)
        name.check(value, path, (at, reason) => report(at, `${reason}; or "*" for all of them`));
    },
  };
}

/**
 * A grant outlives what it names, so a collection or database that is recreated in this run under the same name is no
 * reason to recreate the grant.
 */
function anotherObject({ unknown, old = ANY, new: wanted = ANY }: Change<string>): Effect {
  if (unknown) return "update";
  return wanted === old ? "ignore" : "replace";
}

const inputs = {
  roleName: required(roleNameShape, {
    doc: "The role: best the `roleName` of a Role, so that it is made first and goes last. A change replaces.",
    change: "replace",
    inId: true,
  }),
  privilege: required(privilegeShape("must be the name of a privilege or a privilege group"), {
    doc:
      "A privilege such as `Search`, `Insert` or `CreateCollection`, or from Milvus 2.5 on a group of them: a built-in " +
      "one such as `CollectionReadOnly` or `ClusterAdmin`, or the `privilegeGroupName` of a PrivilegeGroup. A change " +
      "replaces. Milvus: https://milvus.io/docs/grant_privileges.md",
    change: "replace",
    inId: true,
  }),
  databaseName: optional(orAny(milvusName("database")), {
    doc:
      "The database that it is granted in. Default: that of the provider, `default` when it names none. From Milvus " +
      '2.5 on `"*"` is all databases, which privileges about the whole server need. A change replaces.',
    change: anotherObject,
    inId: true,
  }),
  collectionName: optional(orAny(milvusName("collection")), {
    doc:
      'The collection that it is about, or `"*"` for all of the database. Privileges about collections need one or the ' +
      "other; for those about databases or the server it is left out. A change replaces.",
    change: anotherObject,
    inId: true,
  }),
  userName: optional(userNameShape, {
    doc: "For `UpdateUser` and `SelectUser`: the user that it is about. Default: all users. A change replaces.",
    change: "replace",
    inId: true,
  }),
  timeouts,
} as const;

const outputs = {} as const;

export type GrantInputs = ValuesOf<typeof inputs> & { databaseName: string };
export type GrantState = GrantInputs;

export const grant: Resource<Milvus, GrantInputs, GrantState> = {
  kind: "Grant",
  doc:
    "A privilege, or a group of privileges, that a role has.\n\n" +
    "Granted in the style that the server's version knows: on an object up to Milvus 2.4, on a collection of a database " +
    "from 2.5 on. Removed from the program, it is revoked. It needs a server with authorization on. Milvus: " +
    "https://milvus.io/docs/grant_privileges.md",
  example: [
    DOCUMENTS,
    READERS,
    declare("Grant", "may_search", {
      roleName: the("readers", "roleName"),
      privilege: "Search",
      collectionName: the("documents", "collectionName"),
    }),
  ],
  inputs,
  outputs,

  check: checkGrant,

  describe: ({ privilege, databaseName, collectionName, userName, roleName }) =>
    `grant of ${privilege} on ${databaseName}/${userName ?? collectionName ?? ANY} to role ${roleName}`,
  id: (state) => {
    const { roleName, databaseName, objectName, privilege } = refOf(state);
    return `${roleName}/${databaseName}/${objectName}/${privilege}`;
  },
  fromId(id) {
    const [roleName, databaseName, objectName, privilege, ...others] = id.split("/");
    if (!roleName || !databaseName || !objectName || !privilege || others.length > 0)
      throw new Error(
        `${JSON.stringify(id)} is not the id of a grant: it must be ROLE/DATABASE/COLLECTION/PRIVILEGE, with * for ` +
          "all collections",
      );
    return { roleName, databaseName, privilege, ...namesIn(privilege, objectName) };
  },
  sameName: (old, wanted) => grant.id(old) === grant.id(wanted),

  async list(milvus, databaseName) {
    if (!(await milvus.supports("accessControl"))) return [];
    const roles = (await milvus.roles.list()).filter(({ roleName }) => !OWN_ROLES.includes(roleName));
    // Those for all databases stand beside those of the database that every server has.
    const databases = databaseName === DEFAULT_DATABASE ? [databaseName, ANY] : [databaseName];
    const found = await Promise.all(
      roles.flatMap(({ roleName }) => databases.map((database) => milvus.grants.list(roleName, database))),
    );
    // Which privileges `*` are hangs on the type of object, which a program does not name.
    const declarable = found.flat().filter(({ privilege }) => privilege !== ANY);
    return declarable.map((one) => stateOf(one, {}));
  },

  async read(milvus, state) {
    const found = await milvus.grants.find(refOf(state as GrantState));
    return found && stateOf(found, state);
  },

  standing: async (milvus, wanted) =>
    (await milvus.grants.find(refOf(wanted))) ? NOTHING_TO_TELL : undefined,

  async create(milvus, wanted) {
    const operation = milvus.within(wanted.timeouts?.create ?? DEFAULT_TIMEOUTS.create);
    const ref = refOf(wanted);
    await demandAccessControl(operation, aGrant(ref), {});
    await refuseWhatTheServerCannotSay(operation, ref);
    await oneRoleAtATime(operation, ref.roleName, async () => {
      if (!(await operation.roles.find(ref.roleName)))
        throw cannotBeMade(aGrant(ref), aRole(ref), "Role", "roleName");
      if (await operation.grants.find(ref)) takenOver(aGrant(ref), NOTHING_TO_TELL);
      else await operation.grants.grant(ref).catch(explain(ref));
    });
    return kept(wanted);
  },

  /** Nothing of it can change in place. */
  update: (_, __, wanted) => Promise.resolve(kept(wanted)),

  /** A role that is gone took its grants along. */
  async delete(milvus, state) {
    const operation = milvus.within(state.timeouts?.delete ?? DEFAULT_TIMEOUTS.delete);
    const ref = refOf(state);
    await oneRoleAtATime(operation, ref.roleName, async () => {
      const found = await operation.grants.find(ref);
      if (!found) return;
      await operation.grants.revoke(found);
      log(`revoked ${aGrant(ref)}`);
    });
  },
};

function refOf({ roleName, privilege, databaseName, collectionName, userName }: GrantInputs): GrantRef {
  return { roleName, privilege, databaseName, objectName: userName ?? collectionName ?? ANY };
}

function namesIn(privilege: string, objectName: string): { userName?: string; collectionName?: string } {
  return objectTypeOf(privilege) === "User" && objectName !== ANY
    ? { userName: objectName, collectionName: ANY }
    : { collectionName: objectName };
}

function kept({
  roleName,
  privilege,
  databaseName,
  collectionName,
  userName,
  timeouts,
}: GrantInputs): GrantState {
  return {
    roleName,
    privilege,
    databaseName,
    collectionName: collectionName ?? ANY,
    ...(userName !== undefined && { userName }),
    ...(timeouts && { timeouts }),
  };
}

function stateOf(found: GrantDescription, known: Partial<GrantState>): GrantState {
  const { roleName, privilege, databaseName, objectName } = found;
  return {
    roleName,
    privilege,
    databaseName,
    ...namesIn(privilege, objectName),
    ...(known.timeouts && { timeouts: known.timeouts }),
  };
}

function checkGrant(
  { privilege, databaseName, collectionName, userName }: Partial<GrantInputs>,
  report: Report,
  isOpen: (input: string) => boolean,
  warn: Report,
): void {
  if (privilege === undefined) return;
  checkPrivilege("privilege", privilege, report, warn);
  const level = levelOf(privilege);
  const isAboutUsers = objectTypeOf(privilege) === "User";
  if (userName !== undefined && isPrivilege(privilege) && !isAboutUsers)
    report("userName", `is only for UpdateUser and SelectUser, not for ${privilege}`);
  if (level === "Collection" && collectionName === undefined && !isOpen("collectionName"))
    report(
      "collectionName",
      `is required for ${privilege}, which is about collections: name one, or "*" for all of the database`,
    );
  if ((level === "Database" || level === "Cluster") && collectionName !== undefined && collectionName !== ANY)
    report(
      "collectionName",
      `cannot be ${show(collectionName)} for ${privilege}, which is about ` +
        `${isAboutUsers ? "users" : level === "Database" ? "databases" : "the whole server"}: leave it out`,
    );
  if (isBuiltInGroup(privilege) && level === "Cluster" && databaseName !== ANY && !isOpen("databaseName"))
    report("databaseName", `must be "*" for ${privilege}, which is about the whole server`);
}

/** The old style has no word for all databases, nor for groups, and grants on every collection what it has no object for. */
async function refuseWhatTheServerCannotSay(milvus: Milvus, ref: GrantRef): Promise<void> {
  if (await milvus.supports("grantsOnCollections")) return;
  if (ref.databaseName === ANY) await milvus.demand("grantsOnCollections", aGrant(ref));
  if (isBuiltInGroup(ref.privilege)) await milvus.demand("privilegeGroups", aGrant(ref));
  if (!isPrivilege(ref.privilege))
    throw new UnsupportedError(
      `${aGrant(ref)}: ${show(ref.privilege)} is no privilege${nearestPrivilege(ref.privilege) || "."} Privilege groups need ` +
        "Milvus 2.5",
    );
  if (objectTypeOf(ref.privilege) === "Global" && ref.objectName !== ANY)
    throw new UnsupportedError(
      `${aGrant(ref)}: before Milvus 2.5 ${ref.privilege} is granted on all collections of a database or on none. Set ` +
        'collectionName to "*"',
    );
}

/** What a user can do about the server's words. */
function explain(ref: GrantRef): (error: unknown) => never {
  return (error) => {
    const reason = error instanceof MilvusError ? error.failure.reason : "";
    if (/not found the privilege name/.test(reason) && !isPrivilege(ref.privilege))
      throw new Error(
        `${aGrant(ref)}: the server knows no privilege and no privilege group ${show(ref.privilege)}` +
          `${nearestPrivilege(ref.privilege) || "."} A group is made first when its privilegeGroupName is passed as privilege`,
        { cause: error },
      );
    if (/fail to get authorization from the md/.test(reason))
      throw new Error(
        `${aGrant(ref)} cannot be made: the server runs without authorization. Switch it on ` +
          "(common.security.authorizationEnabled) and connect with a user and a password",
        { cause: error },
      );
    throw error;
  };
}
