import { type Caller, sharedAnswer } from "./caller";
import { emptyAnswer, MilvusError } from "./errors";
import { aUser } from "./names";
import { SharedRead } from "./shared-reads";

export interface UserDescription {
  readonly userName: string;
  /** Missing or empty on servers that keep none. */
  readonly description?: string;
  /** The roles that the user is in, sorted. */
  readonly roleNames: readonly string[];
}

export interface UserSpec {
  readonly userName: string;
  readonly password: string;
  readonly description?: string;
}

/** Milvus's own administrator, which it never deletes (code 1401). */
export const ROOT = "root";

/** Of `CredentialNotFound` and of a password that is not right; see milvus/pkg/util/merr, ErrPrivilegeNotAuthenticated. */
const NOT_AUTHENTICATED = 1400;

export class Users {
  private readonly descriptions: SharedRead<string, UserDescription | undefined>;

  constructor(
    private readonly caller: Caller,
    shared?: Users,
  ) {
    this.descriptions =
      shared?.descriptions ??
      new SharedRead(
        (name) => name,
        (name) => this.findNow(name),
      );
  }

  /** All names, sorted; there is always one at least. */
  async list(): Promise<string[]> {
    const reply = await this.caller.call({
      operation: "ListCredUsers",
      object: "the users of the server",
      run: (client, timeout) => client.listUsers({ timeout }),
    });
    if (reply.usernames.length === 0)
      throw emptyAnswer("ListCredUsers", "the users of the server", this.caller.address);
    return [...reply.usernames].sort();
  }

  find(userName: string): Promise<UserDescription | undefined> {
    return sharedAnswer(this.caller, this.descriptions, userName, "SelectUser", aUser({ userName }));
  }

  async create({ userName, password, description }: UserSpec): Promise<void> {
    await this.caller.call({
      operation: "CreateCredential",
      object: aUser({ userName }),
      run: (client, timeout) =>
        client.createUser({
          username: userName,
          password,
          ...(description !== undefined && { description }),
          timeout,
        }),
      settled: async () => (await this.find(userName)) !== undefined,
    });
  }

  /** Milvus wants the old password whoever asks. */
  async changePassword(userName: string, oldPassword: string, newPassword: string): Promise<void> {
    await this.caller.call({
      operation: "UpdateCredential",
      object: aUser({ userName }),
      run: (client, timeout) => client.updateUser({ username: userName, oldPassword, newPassword, timeout }),
      settled: () => this.hasPassword(userName, newPassword),
    });
  }

  /** Passwords cannot be read; but one is changed into itself only when it is right. */
  async hasPassword(userName: string, password: string): Promise<boolean> {
    try {
      await this.caller.call({
        operation: "UpdateCredential",
        object: aUser({ userName }),
        run: (client, timeout) =>
          client.updateUser({ username: userName, oldPassword: password, newPassword: password, timeout }),
      });
      return true;
    } catch (error) {
      if (isWrongPassword(error)) return false;
      throw error;
    }
  }

  async setDescription(userName: string, description: string): Promise<void> {
    await this.caller.call({
      operation: "UpdateCredential",
      object: aUser({ userName }),
      run: (client, timeout) => client.updateUser({ username: userName, description, timeout }),
    });
  }

  /** A user that is not there is no error. */
  async drop(userName: string): Promise<void> {
    await this.caller.call({
      operation: "DeleteCredential",
      object: aUser({ userName }),
      run: (client, timeout) => client.deleteUser({ username: userName, timeout }),
      settled: async () => (await this.find(userName)) === undefined,
    });
  }

  /** An empty answer is how Milvus says that there is no such user, so the list of all of them is asked as well. */
  private async findNow(userName: string): Promise<UserDescription | undefined> {
    const reply = await this.caller.call({
      operation: "SelectUser",
      object: aUser({ userName }),
      run: (client, timeout) => client.describeUser({ username: userName, timeout }),
    });
    const found = reply.results.find(({ user }) => user.name === userName);
    if (found)
      return {
        userName,
        description: found.description,
        roleNames: found.roles.map(({ name }) => name).sort(),
      };
    if ((await this.list()).includes(userName))
      throw emptyAnswer("SelectUser", aUser({ userName }), this.caller.address);
    return undefined;
  }
}

export function isWrongPassword(error: unknown): boolean {
  return error instanceof MilvusError && error.failure.code === NOT_AUTHENTICATED;
}
