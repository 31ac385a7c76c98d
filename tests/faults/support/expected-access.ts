/** The users, roles, memberships and grants of {@link World}, and those that the server has. */
import type { TestAccess } from "../../live/support/access";
import { DEFAULT_DATABASE, nameIn, type World } from "./expected-server";
import { type DeclaredGrant, OBJECT_TYPES } from "./random/grant";
import type { Program } from "./random/program";

/** One privilege of a role. */
export interface Granted {
  readonly database: string;
  /** As the server lists it. */
  readonly grant: string;
}

export interface StandingRole {
  /** Those of somebody else are among them. */
  readonly users: Set<string>;
  /** The same, by {@link keyOf}. */
  readonly grants: Map<string, Granted>;
}

export interface Access {
  /** Their passwords. */
  readonly users: Map<string, string>;
  readonly roles: Map<string, StandingRole>;
  /** What is declared of a role, as the state has it. */
  readonly declared: Map<string, StandingRole>;
  /** Databases in which a role that somebody dropped has left grants behind. */
  readonly leftBehindIn: Set<string>;
}

export function keyOf({ database, grant }: Granted): string {
  return `${database} ${grant}`;
}

/** What of the world they are once the program is up, which its databases and collections are already. */
export function accessAfter(before: World, world: World, program: Program): void {
  const { users, roles, declared, leftBehindIn } = world.access;
  const named = { before, world };
  for (const name of before.access.leftBehindIn) leftBehindIn.add(name);
  for (const one of program.users) users.set(nameIn(named, one, one.userName), one.password);
  for (const one of program.roles) declared.set(nameIn(named, one, one.roleName), noRole());
  const nameOf = (key: number): string => world.managed.get(key)?.names[0] ?? "";
  for (const { user, role } of program.memberships) declared.get(nameOf(role))?.users.add(nameOf(user));
  for (const one of program.grants) {
    const granted = grantedBy(world, one);
    declared.get(nameOf(one.role))?.grants.set(keyOf(granted), granted);
  }
  for (const [name, { users: members, grants }] of declared) {
    const old = before.access.roles.get(name) ?? noRole();
    const managed = before.access.declared.get(name) ?? noRole();
    const stays = [...old.users].filter((user) => !managed.users.has(user) && users.has(user));
    const kept = [...old.grants].filter(([key]) => !managed.grants.has(key));
    roles.set(name, { users: new Set([...stays, ...members]), grants: new Map([...kept, ...grants]) });
  }
}

function noRole(): StandingRole {
  return { users: new Set(), grants: new Map() };
}

function grantedBy({ managed }: World, { privilege, on, database }: DeclaredGrant): Granted {
  const collection = typeof on === "number" ? managed.get(on) : undefined;
  const [inDatabase] = collection?.at?.split("/") ?? managed.get(database ?? 0)?.names ?? [];
  return {
    database: inDatabase ?? DEFAULT_DATABASE,
    grant: `${OBJECT_TYPES[privilege]} ${collection?.names[0] ?? "*"} ${privilege}`,
  };
}

/** Users, roles and grants in the terms in which those that are expected and those that are there are compared. */
export interface AccessSeen {
  readonly users: readonly string[];
  readonly withTheirPasswords: readonly string[];
  readonly members: Readonly<Record<string, readonly string[]>>;
  /** By role. */
  readonly grants: Readonly<Record<string, readonly string[]>>;
}

export function expectedAccess({ access: { users, roles }, databases }: World): AccessSeen {
  const names = [...users.keys()].sort();
  return {
    users: names,
    withTheirPasswords: names,
    members: ofRoles(roles, (role) => [...role.users]),
    // Those of a database that is gone nobody can list.
    grants: ofRoles(roles, ({ grants }) =>
      [...grants.values()]
        .filter(({ database }) => database === DEFAULT_DATABASE || databases.has(database))
        .map(keyOf),
    ),
  };
}

function ofRoles<T>(roles: ReadonlyMap<string, T>, find: (role: T) => string[]): Record<string, string[]> {
  return Object.fromEntries([...roles].map(([name, role]) => [name, find(role).sort()]));
}

export async function accessSeen(
  access: TestAccess,
  { access: { users }, databases }: World,
): Promise<AccessSeen> {
  const members = await access.members();
  const grantsOf = async (role: string): Promise<string[]> => {
    const found = await Promise.all(
      [DEFAULT_DATABASE, ...databases].map(async (database) =>
        (await access.grants(role, database)).map((grant) => keyOf({ database, grant })),
      ),
    );
    return found.flat().sort();
  };
  const grants = await Promise.all(
    Object.keys(members).map(async (role) => [role, await grantsOf(role)] as const),
  );
  const right = await Promise.all(
    [...users].map(async ([name, password]) => ((await access.hasPassword(name, password)) ? [name] : [])),
  );
  return {
    users: (await access.users()).sort(),
    withTheirPasswords: right.flat().sort(),
    members,
    grants: Object.fromEntries(grants),
  };
}
