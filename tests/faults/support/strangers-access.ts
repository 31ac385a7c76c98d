/** What others do to the users, roles and grants of a stack. */
import type { TestAccess } from "../../live/support/access";
import { type Granted, keyOf, type StandingRole } from "./expected-access";
import { DEFAULT_DATABASE, type World } from "./expected-server";
import { ABOUT_COLLECTIONS } from "./random/grant";

export interface Done {
  /** In words; nothing when there was nothing to do it to. */
  readonly what?: string;
  /** The stack learns of it by a refresh only. */
  readonly needsRefresh?: boolean;
}

export const NOTHING: Done = {};

export const ACCESS_DEEDS = [
  "drop a user",
  "put in a role",
  "take out of a role",
  "grant by hand",
  "revoke a grant",
  "drop a role",
] as const;

export type AccessDeed = (typeof ACCESS_DEEDS)[number];

export class AccessStranger {
  constructor(
    private readonly world: World,
    private readonly access: TestAccess,
  ) {}

  does(kind: AccessDeed, at: number, form: number): Promise<Done> {
    const user = nth([...this.world.access.users.keys()], form);
    const [name, role] = nth([...this.world.access.roles], at) ?? [];
    if (kind === "drop a user") return this.dropUser(user);
    if (name === undefined || role === undefined) return Promise.resolve(NOTHING);
    switch (kind) {
      case "put in a role":
        return this.putInRole(name, role, user);
      case "take out of a role":
        return this.takeOutOfRole(name, role, nth([...role.users], form));
      case "grant by hand":
        return this.grant(name, role, form);
      case "revoke a grant":
        return this.revoke(name, role, nth([...role.grants.values()], form));
      case "drop a role":
        return this.dropRole(name, role);
    }
  }

  private async dropUser(user: string | undefined): Promise<Done> {
    if (user === undefined) return NOTHING;
    await this.access.dropUser(user);
    this.world.access.users.delete(user);
    for (const { users } of this.world.access.roles.values()) users.delete(user);
    return { what: `user ${user} dropped`, needsRefresh: true };
  }

  private async putInRole(name: string, { users }: StandingRole, user: string | undefined): Promise<Done> {
    if (user === undefined || users.has(user)) return NOTHING;
    await this.access.putInto(name, user);
    users.add(user);
    return { what: `user ${user} put into role ${name}` };
  }

  private async takeOutOfRole(
    name: string,
    { users }: StandingRole,
    user: string | undefined,
  ): Promise<Done> {
    if (user === undefined) return NOTHING;
    await this.access.takeOutOf(name, user);
    users.delete(user);
    return { what: `user ${user} taken out of role ${name}`, needsRefresh: true };
  }

  private async grant(name: string, { grants }: StandingRole, form: number): Promise<Done> {
    const database = nth([DEFAULT_DATABASE, ...this.world.databases], form) ?? DEFAULT_DATABASE;
    const privilege = nth(ABOUT_COLLECTIONS, form) ?? "";
    const granted = { database, grant: `Collection * ${privilege}` };
    await this.access.grant(name, database, privilege);
    grants.set(keyOf(granted), granted);
    return { what: `${privilege} on ${database}/* granted to role ${name}` };
  }

  private async revoke(name: string, { grants }: StandingRole, granted: Granted | undefined): Promise<Done> {
    if (granted === undefined || !this.isThere(granted.database)) return NOTHING;
    await this.access.revokeGrant(name, granted.database, granted.grant);
    grants.delete(keyOf(granted));
    return { what: `${keyOf(granted)} revoked from role ${name}`, needsRefresh: true };
  }

  /** Milvus asks for the grants in its own database alone to be revoked first, and gives the others to the next of that name. */
  private async dropRole(name: string, { grants }: StandingRole): Promise<Done> {
    for (const { database, grant } of grants.values())
      if (database === DEFAULT_DATABASE) await this.access.revokeGrant(name, database, grant);
      else this.world.access.leftBehindIn.add(database);
    await this.access.dropRole(name);
    this.world.access.roles.delete(name);
    return { what: `role ${name} dropped`, needsRefresh: true };
  }

  private isThere(database: string): boolean {
    return database === DEFAULT_DATABASE || this.world.databases.has(database);
  }
}

function nth<T>(all: readonly T[], at: number): T | undefined {
  return all[at % all.length];
}
