/** Users. Milvus: the credential calls of internal/proxy/impl.go and internal/rootcoord/root_coord.go. */
import type { Calls } from "./calls";
import { checkUserName } from "./names";
import { CODES, refusal, unexpected } from "./status";
import type { User, World } from "./world";

interface OfUser {
  readonly username: string;
}

interface Create extends OfUser {
  /** Base64, as is every password on the wire. */
  readonly password: string;
  readonly description?: string;
}

interface Update extends OfUser {
  readonly oldPassword: string;
  readonly newPassword: string;
  readonly description?: string;
  /** Which of the optional ones came. */
  readonly _description?: string;
}

interface Select {
  readonly user: { readonly name: string } | null;
  readonly include_role_info: boolean;
}

const SHORTEST = 6;
/** In characters; from 2.5.27 at the latest what bcrypt takes. */
const longest = (world: World): number => (world.isFrom("2.5") ? LONGEST_TO_ENCRYPT : 256);

export const userCalls: Calls = {
  CreateCredential(world, { username, password, description }: Create) {
    checkUserName(world, username);
    const plain = checkedPassword(world, password);
    if (plain.length > LONGEST_TO_ENCRYPT)
      throw unexpected("encrypt password failed: bcrypt: password length exceeds 72 bytes");
    if (world.users.has(username))
      throw refusal(CODES.unexpected, `user already exists: ${username}`).inOldStyle(
        "CreateCredentialFailure",
      );
    world.users.set(username, {
      password: plain,
      description: keepsDescriptions(world) ? (description ?? "") : "",
      roles: new Set(),
    });
    return undefined;
  },

  UpdateCredential(world, request: Update) {
    const { username, oldPassword, newPassword } = request;
    const user = world.users.get(username);
    // internal/proxy/impl.go: a description alone needs no password.
    if (keepsDescriptions(world) && request._description !== undefined && user) {
      user.description = request.description ?? "";
      if (newPassword === "") return undefined;
    }
    const plain = checkedPassword(world, newPassword);
    if (!user || user.password !== text(oldPassword))
      throw refusal(CODES.notAuthenticated, `old password not correct for ${username}: not authenticated`);
    user.password = plain;
    return undefined;
  },

  /** One that is missing is no error. */
  DeleteCredential(world, { username }: OfUser) {
    if (username !== "" && username.trim() === "")
      throw world.isFrom("2.6")
        ? unexpected("failed to check if delete credential: username is empty")
        : unexpected("fail to execute task when deleting the user").inOldStyle("DeleteCredentialFailure");
    if (username === "root")
      throw refusal(CODES.privilegeNotPermitted, "root user cannot be deleted: privilege not permitted");
    world.users.delete(username);
    return undefined;
  },

  ListCredUsers(world) {
    return { usernames: [...world.users.keys()] };
  },

  /** One that is missing is a success with nothing in it. */
  SelectUser(world, { user, include_role_info }: Select) {
    if (user) checkUserName(world, user.name);
    const all = [...world.users].filter(([name]) => user === null || name === user.name);
    return { results: all.map(([name, one]) => told(world, name, one, include_role_info)) };
  },
};

/** Descriptions of users and roles: measured on 2.6.19 and 3.0.0; which 2.6 brought them is not known. */
export function keepsDescriptions(world: World): boolean {
  return world.isFrom("2.6.19");
}

function told(world: World, name: string, { roles, description }: User, withRoles: boolean): object {
  return {
    user: { name },
    roles: withRoles ? [...roles].map((role) => ({ name: role })) : [],
    ...(keepsDescriptions(world) && { description }),
  };
}

function text(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}

function checkedPassword(world: World, base64: string): string {
  const plain = text(base64);
  if (plain.length < SHORTEST || plain.length > longest(world))
    throw refusal(
      CODES.invalidParameter,
      `invalid password length: invalid parameter[${plain.length} out of range ${SHORTEST} <= value <= ${longest(world)}]`,
    );
  return plain;
}

/** What bcrypt takes. */
const LONGEST_TO_ENCRYPT = 72;
