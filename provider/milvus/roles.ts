import { type Caller, sharedAnswer } from "./caller";
import { emptyAnswer } from "./errors";
import { aMembership, aRole, type MembershipRef } from "./names";
import { loadSdk } from "./sdk";
import { SharedRead } from "./shared-reads";

export interface RoleDescription {
  readonly roleName: string;
  /** Missing or empty on servers that keep none. */
  readonly description?: string;
  /** The users in it, sorted. */
  readonly userNames: readonly string[];
}

/** Milvus's own: `admin` may do everything, and everybody is in `public`. It never drops them (code 1401). */
export const OWN_ROLES: readonly string[] = ["admin", "public"];

export class Roles {
  private readonly lists: SharedRead<string, RoleDescription[]>;

  constructor(
    private readonly caller: Caller,
    shared?: Roles,
  ) {
    this.lists =
      shared?.lists ??
      new SharedRead(
        () => "all",
        () => this.listNow(),
      );
  }

  /** Milvus's own among them. */
  list(): Promise<RoleDescription[]> {
    return sharedAnswer(this.caller, this.lists, "all", "SelectRole", ALL_ROLES);
  }

  async find(roleName: string): Promise<RoleDescription | undefined> {
    const roles = await this.list();
    return roles.find((role) => role.roleName === roleName);
  }

  async create({ roleName, description }: { roleName: string; description?: string }): Promise<void> {
    await this.caller.call({
      operation: "CreateRole",
      object: aRole({ roleName }),
      run: (client, timeout) =>
        client.createRole({ roleName, ...(description !== undefined && { description }), timeout }),
      settled: async () => (await this.find(roleName)) !== undefined,
    });
  }

  async setDescription(roleName: string, description: string): Promise<void> {
    await this.caller.call({
      operation: "AlterRole",
      object: aRole({ roleName }),
      run: (client, timeout) => client.alterRole({ roleName, description, timeout }),
    });
  }

  /**
   * With all grants that Milvus still keeps for it. It lists none of a database that is gone, so nobody can revoke
   * those; without `force_drop`, which the SDK does not send, they would come back with a role and a database of the
   * same names.
   */
  async drop(roleName: string): Promise<void> {
    const { promisify } = loadSdk();
    await this.caller.call({
      operation: "DropRole",
      object: aRole({ roleName }),
      run: (client, timeout) =>
        promisify(client.channelPool, "DropRole", { role_name: roleName, force_drop: true }, timeout),
      settled: async () => (await this.find(roleName)) === undefined,
    });
  }

  async addUser(ref: MembershipRef): Promise<void> {
    await this.caller.call({
      operation: "OperateUserRole",
      object: aMembership(ref),
      run: (client, timeout) =>
        client.addUserToRole({ username: ref.userName, roleName: ref.roleName, timeout }),
      settled: () => this.hasUser(ref),
    });
  }

  async removeUser(ref: MembershipRef): Promise<void> {
    await this.caller.call({
      operation: "OperateUserRole",
      object: aMembership(ref),
      run: (client, timeout) =>
        client.removeUserFromRole({ username: ref.userName, roleName: ref.roleName, timeout }),
      settled: async () => !(await this.hasUser(ref)),
    });
  }

  /** Not either when there is no such role or user. */
  async hasUser({ roleName, userName }: MembershipRef): Promise<boolean> {
    const role = await this.find(roleName);
    return role !== undefined && role.userNames.includes(userName);
  }

  private async listNow(): Promise<RoleDescription[]> {
    const reply = await this.caller.call({
      operation: "SelectRole",
      object: ALL_ROLES,
      run: (client, timeout) => client.listRoles({ timeout }),
    });
    // Every server has its own ones.
    if (reply.results.length === 0) throw emptyAnswer("SelectRole", ALL_ROLES, this.caller.address);
    return reply.results.map(({ role, users }) => ({
      roleName: role.name,
      description: role.description,
      userNames: users.map(({ name }) => name).sort(),
    }));
  }
}

const ALL_ROLES = "the roles of the server";
