/** Who may do what. Milvus: OperatePrivilege, OperatePrivilegeV2 and SelectGrant of internal/proxy/impl.go and internal/rootcoord. */
import type { Calls, Client } from "./calls";
import { BUILT_IN_GROUPS, isPrivilege, objectOf, OBJECTS } from "./privileges";
import { checkRoleName } from "./names";
import { roleMissing } from "./roles";
import { CODES, invalid, refusal, unexpected } from "./status";
import { DEFAULT_DATABASE, type Grant, type World } from "./world";

interface Entity {
  readonly role: { readonly name: string } | null;
  readonly object: { readonly name: string } | null;
  readonly object_name: string;
  readonly grantor: {
    readonly privilege: { readonly name: string } | null;
  } | null;
  readonly db_name: string;
}

interface Operate {
  readonly entity: Entity | null;
  readonly type: "Grant" | "Revoke";
}

interface OperateV2 {
  readonly role: { readonly name: string } | null;
  readonly grantor: Entity["grantor"];
  readonly type: "Grant" | "Revoke";
  readonly db_name: string;
  readonly collection_name: string;
}

interface Select {
  readonly entity: Entity | null;
}

export const grantCalls: Calls = {
  OperatePrivilege(world, { entity, type }: Operate, client) {
    demandUser(client);
    const role = entity?.role?.name ?? "";
    const object = entity?.object?.name ?? "";
    const privilege = entity?.grantor?.privilege?.name ?? "";
    checkRoleName(world, role);
    if (privilege !== "*") checkRoleName(world, privilege, "Privilege");
    checkRoleName(world, object, "ObjectType");
    // Milvus takes it for the name of a role when it says what is wrong.
    if (entity?.object_name !== "*")
      checkRoleName(world, entity?.object_name ?? "", world.isFrom("2.5") ? "object name" : "role name");
    if (!OBJECTS.includes(object) && world.isFrom("2.5"))
      throw failed(`${during(world)}the object entity in the request is nil or invalid`);
    if (!OBJECTS.includes(object))
      throw failed(
        `not found the object type[name: ${object}], supported the object types: [${OBJECTS.join(" ")}]`,
      );
    if (!world.roles.has(role)) throw roleMissing(world, "OperatePrivilegeFailure", role, during(world));
    if (world.isFrom("2.5") && BUILT_IN_GROUPS.has(privilege))
      throw failed(`can not operate the built-in privilege group [${privilege}]`);
    if (!isKnown(world, privilege) || !fits(world, privilege, object))
      throw failed(
        `not found the privilege name[${privilege}]${world.isFrom("2.5") ? ` in object[${object}]` : ""}`,
      );
    operate(world, type, {
      role,
      object,
      objectName: object === "Global" ? "*" : (entity?.object_name ?? ""),
      privilege,
      databaseName: entity?.db_name || DEFAULT_DATABASE,
      grantor: client.user ?? "root",
    });
    return undefined;
  },

  // 2.5: https://milvus.io/docs/grant_privileges.md; internal/rootcoord/root_coord.go, operatePrivilegeV2.
  OperatePrivilegeV2: {
    since: "2.5",
    answer(world, { role, grantor, type, db_name, collection_name }: OperateV2, client) {
      demandUser(client);
      const name = role?.name ?? "";
      const privilege = grantor?.privilege?.name ?? "";
      if (!world.roles.has(name)) throw roleMissing(world, "OperatePrivilegeFailure", name, during(world));
      if (db_name === "" || collection_name === "")
        throw invalid(`${db_name === "" ? "database" : "collection"} name should not be empty`);
      const level = BUILT_IN_GROUPS.get(privilege)?.level;
      if (level === "Cluster" && (db_name !== "*" || collection_name !== "*"))
        throw invalid("dbName and collectionName should be * for the cluster level privilege: " + privilege);
      if (level === "Database" && collection_name !== "*")
        throw invalid("collectionName should be * for the database level privilege: " + privilege);
      if (!isKnown(world, privilege)) throw failed(`not found the privilege name[${privilege}]`);
      operate(world, type, {
        role: name,
        object: objectOf(privilege),
        objectName: collection_name,
        privilege,
        databaseName: db_name,
        grantor: client.user ?? "root",
      });
      return undefined;
    },
  },

  SelectGrant(world, { entity }: Select) {
    const role = entity?.role?.name ?? "";
    if (!world.roles.has(role)) throw roleMissing(world, "SelectGrantFailure", role, "");
    const database = entity?.db_name || DEFAULT_DATABASE;
    const object = entity?.object?.name ?? "";
    const found = world.grants.filter(
      (grant) =>
        grant.role === role &&
        // 2.3 takes "*" for the name of a database.
        ((database === "*" && world.isFrom("2.4")) ||
          grant.databaseName === database ||
          isForAll(world, grant)) &&
        (object === "" || (grant.object === object && grant.objectName === entity?.object_name)),
    );
    return { entities: found.map(told) };
  },
};

function isForAll(world: World, { databaseName }: Grant): boolean {
  return databaseName === "*" && world.isFrom("2.4");
}

function told({ role, object, objectName, privilege, databaseName, grantor }: Grant): object {
  return {
    role: { name: role },
    object: { name: object },
    object_name: objectName,
    grantor: { user: { name: grantor }, privilege: { name: privilege } },
    db_name: databaseName,
  };
}

function isKnown(world: World, privilege: string): boolean {
  return (
    isPrivilege(privilege) ||
    world.privilegeGroups.has(privilege) ||
    (world.isFrom("2.5") && BUILT_IN_GROUPS.has(privilege))
  );
}

/** Each privilege is one on one type of object; groups are on any. */
function fits(world: World, privilege: string, object: string): boolean {
  return privilege === "*" || world.privilegeGroups.has(privilege) || objectOf(privilege) === object;
}

/** Without authorization nobody is there to grant: utils.go, GetCurUserFromContext. */
function demandUser({ sentCredentials }: Client): void {
  if (!sentCredentials) throw unexpected("fail to get authorization from the md, authorize:[authorization]");
}

function failed(reason: string) {
  return refusal(CODES.unexpected, reason).inOldStyle("OperatePrivilegeFailure");
}

/** What newer servers put before what they refuse. */
const during = (world: World): string =>
  world.isFrom("2.6") ? "failed to operate privilege common check: " : "";

/** Granting twice and revoking what is not granted are no errors. */
function operate(world: World, type: "Grant" | "Revoke", wanted: Grant): void {
  const others = world.grants.filter(
    ({ role, object, objectName, privilege, databaseName }) =>
      role !== wanted.role ||
      object !== wanted.object ||
      objectName !== wanted.objectName ||
      privilege !== wanted.privilege ||
      databaseName !== wanted.databaseName,
  );
  if (type === "Revoke") world.grants = others;
  else if (others.length === world.grants.length) world.grants = [...world.grants, wanted];
}
