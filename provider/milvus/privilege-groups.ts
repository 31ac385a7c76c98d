import { type Caller, sharedAnswer } from "./caller";
import { emptyAnswer } from "./errors";
import { aPrivilegeGroup } from "./names";
import { SharedRead } from "./shared-reads";

export interface PrivilegeGroupDescription {
  readonly privilegeGroupName: string;
  /** Sorted. */
  readonly privileges: readonly string[];
}

const ALL_GROUPS = "the privilege groups of the server";

export class PrivilegeGroups {
  private readonly lists: SharedRead<string, PrivilegeGroupDescription[]>;

  constructor(
    private readonly caller: Caller,
    shared?: PrivilegeGroups,
  ) {
    this.lists =
      shared?.lists ??
      new SharedRead(
        () => "all",
        () => this.listNow(),
      );
  }

  /** The built-in ones among them. */
  list(): Promise<PrivilegeGroupDescription[]> {
    return sharedAnswer(this.caller, this.lists, "all", "ListPrivilegeGroups", ALL_GROUPS);
  }

  async find(privilegeGroupName: string): Promise<PrivilegeGroupDescription | undefined> {
    const groups = await this.list();
    return groups.find((group) => group.privilegeGroupName === privilegeGroupName);
  }

  async create(privilegeGroupName: string): Promise<void> {
    await this.caller.call({
      operation: "CreatePrivilegeGroup",
      object: aPrivilegeGroup({ privilegeGroupName }),
      run: (client, timeout) => client.createPrivilegeGroup({ group_name: privilegeGroupName, timeout }),
      settled: async () => (await this.find(privilegeGroupName)) !== undefined,
    });
  }

  async add(privilegeGroupName: string, privileges: readonly string[]): Promise<void> {
    await this.caller.call({
      operation: "OperatePrivilegeGroup",
      object: aPrivilegeGroup({ privilegeGroupName }),
      run: (client, timeout) =>
        client.addPrivilegesToGroup({ group_name: privilegeGroupName, privileges: [...privileges], timeout }),
      settled: async () => {
        const found = await this.find(privilegeGroupName);
        return privileges.every((privilege) => found?.privileges.includes(privilege));
      },
    });
  }

  async remove(privilegeGroupName: string, privileges: readonly string[]): Promise<void> {
    await this.caller.call({
      operation: "OperatePrivilegeGroup",
      object: aPrivilegeGroup({ privilegeGroupName }),
      run: (client, timeout) =>
        client.removePrivilegesFromGroup({
          group_name: privilegeGroupName,
          privileges: [...privileges],
          timeout,
        }),
      settled: async () => {
        const found = await this.find(privilegeGroupName);
        return !privileges.some((privilege) => found?.privileges.includes(privilege));
      },
    });
  }

  async drop(privilegeGroupName: string): Promise<void> {
    await this.caller.call({
      operation: "DropPrivilegeGroup",
      object: aPrivilegeGroup({ privilegeGroupName }),
      run: (client, timeout) => client.dropPrivilegeGroup({ group_name: privilegeGroupName, timeout }),
      settled: async () => (await this.find(privilegeGroupName)) === undefined,
    });
  }

  private async listNow(): Promise<PrivilegeGroupDescription[]> {
    const reply = await this.caller.call({
      operation: "ListPrivilegeGroups",
      object: ALL_GROUPS,
      run: (client, timeout) => client.listPrivilegeGroups({ timeout }),
    });
    // Every server that knows the call has its built-in ones.
    if (reply.privilege_groups.length === 0)
      throw emptyAnswer("ListPrivilegeGroups", ALL_GROUPS, this.caller.address);
    return reply.privilege_groups.map(({ group_name, privileges }) => ({
      privilegeGroupName: group_name,
      privileges: privileges.map(({ name }) => name).sort(),
    }));
  }
}
