/** Whether a user may make a call: internal/proxy/privilege_interceptor.go, by what the proto says each call needs. */
import { status as grpc } from "@grpc/grpc-js";

import { BUILT_IN_GROUPS } from "./privileges";
import { type NeededPrivilege, privilegeFor } from "./proto";
import { GrpcFailure } from "./status";
import type { Grant, World } from "./world";

type Request = Readonly<Record<string, unknown>>;

/** What everybody may do: the role public of internal/rootcoord/root_coord.go. */
const PUBLIC = new Set(["DescribeCollection", "ShowCollections", "IndexDetail"]);

export function demandPermission(world: World, method: string, request: object, user: string): void {
  const needed = privilegeFor(method);
  if (!needed || PUBLIC.has(needed.privilege) || isAdministrator(world, user)) return;
  const asked = request as Request;
  if (
    isItself(needed, asked, user) ||
    grantsOf(world, user).some((grant) => allows(world, grant, needed, asked))
  )
    return;
  throw new GrpcFailure(grpc.PERMISSION_DENIED, `Privilege${needed.privilege}: permission deny to ${user}`);
}

function isAdministrator(world: World, user: string): boolean {
  return user === "root" || (world.users.get(user)?.roles.has("admin") ?? false);
}

/** Everybody may read and change what is said of themselves. */
function isItself({ objectType, objectField }: NeededPrivilege, request: Request, user: string): boolean {
  return objectType === "User" && objectField !== undefined && nameOf(request[objectField]) === user;
}

function nameOf(part: unknown): unknown {
  return typeof part === "object" && part !== null && "name" in part ? part.name : part;
}

function grantsOf(world: World, user: string): Grant[] {
  const roles = world.users.get(user)?.roles;
  return world.grants.filter(({ role }) => roles?.has(role) || role === "public");
}

function allows(world: World, grant: Grant, needed: NeededPrivilege, request: Request): boolean {
  const { databaseName, objectName, privilege } = grant;
  if (databaseName !== "*" && "db_name" in request && request["db_name"] !== databaseName) return false;
  if (!covers(world, privilege, needed.privilege)) return false;
  // What is global is so whatever the grant names.
  if (needed.objectType === "Global" || objectName === "*" || needed.objectField === undefined) return true;
  return request[needed.objectField] === objectName;
}

function covers(world: World, granted: string, needed: string): boolean {
  if (granted === needed || granted === "All" || granted === "*") return true;
  return (
    (world.privilegeGroups.get(granted)?.has(needed) ?? false) ||
    (BUILT_IN_GROUPS.get(granted)?.privileges.includes(needed) ?? false)
  );
}
