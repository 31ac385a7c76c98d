import { log } from "../core/log";
import { required, type ValuesOf } from "../core/properties";
import type { Resource, Standing } from "../core/resource";
import { type Shape, string } from "../core/shapes";
import type { Milvus } from "../milvus/gateway";
import { aUser } from "../milvus/names";
import { withoutLineEnd } from "../milvus/settings";
import { isWrongPassword, ROOT, type UserDescription } from "../milvus/users";
import { demandAccessControl, description, userNameShape } from "./common/access-control";
import { ALICE } from "./common/examples";
import { DEFAULT_TIMEOUTS, timeouts } from "./common/inputs";
import { takenOver } from "./common/standing";

const SHORTEST_PASSWORD = 6;
/** Milvus from 2.5 on checks for it; before, bcrypt fails, which every Milvus keeps passwords with. */
const LONGEST_PASSWORD = 72;

/** Says nothing of the value, not even how long it is. */
const password: Shape<string> = {
  ...string(),
  check(value, path, report) {
    if (typeof value !== "string") return report(path, "must be a string");
    const length = Buffer.byteLength(withoutLineEnd(value));
    if (length < SHORTEST_PASSWORD) report(path, `must have ${SHORTEST_PASSWORD} bytes or more`);
    else if (length > LONGEST_PASSWORD)
      report(path, `must have at most ${LONGEST_PASSWORD} bytes, in UTF-8: Milvus keeps no longer ones`);
  },
  normalize: (value) => (typeof value === "string" ? withoutLineEnd(value) : value),
};

const inputs = {
  userName: required(userNameShape, {
    doc: "The name of the user. Default: the logical name of the resource. A change replaces.",
    change: "replace",
    inId: true,
  }),
  password: required(password, {
    doc:
      "The password: 6 to 72 bytes in UTF-8. Encrypted in the state whether or not it is given as a secret, and never " +
      "shown. Line ends behind it, which a file has, are no part of it. Changed in place; Milvus wants the old one for " +
      "that, which comes from the state. It cannot be read " +
      "back, so a change by somebody else is only noticed when it is changed here.",
    change: "update",
    secret: true,
  }),
  description: description("user"),
  timeouts,
} as const;

const outputs = {} as const;

export type UserInputs = ValuesOf<typeof inputs>;
export type UserState = UserInputs;

export const user: Resource<Milvus, UserInputs, UserState> = {
  kind: "User",
  doc:
    "A user of the server, who logs in with a password.\n\n" +
    "A user may do what is granted to the roles that it is in: see `RoleMembership`, `Role` and `Grant`. Removed from " +
    "the program, the user is dropped with its memberships, and its open connections are refused at once. `root` is " +
    "never dropped. Milvus: https://milvus.io/docs/authenticate.md",
  example: [ALICE],
  inputs,
  outputs,
  nameInput: "userName",

  describe: ({ userName }) => `user ${userName}`,
  id: ({ userName }) => userName,
  fromId: (id) => ({ userName: id }),
  sameName: (old, wanted) => old.userName === wanted.userName,

  async list(milvus) {
    if (!(await milvus.supports("accessControl"))) return [];
    const names = (await milvus.users.list()).filter((name) => name !== ROOT);
    const found = await Promise.all(names.map((name) => milvus.users.find(name)));
    // What cannot be read is left to whoever declares it.
    return found.flatMap((one) => (one ? [stateOf(one, {})] : []));
  },

  async read(milvus, state) {
    const found = await milvus.users.find(String(state.userName));
    return found && stateOf(found, state);
  },

  async standing(milvus, wanted) {
    const found = await milvus.users.find(wanted.userName);
    return found && standingOf(wanted, found);
  },

  async create(milvus, wanted) {
    const operation = milvus.within(wanted.timeouts?.create ?? DEFAULT_TIMEOUTS.create);
    await demandAccessControl(operation, aUser(wanted), wanted);
    const existing = await operation.users.find(wanted.userName);
    if (existing) {
      const hasPassword = await operation.users.hasPassword(wanted.userName, wanted.password);
      takenOver(aUser(wanted), standingOf(wanted, existing, hasPassword));
    }
    if (!existing) await operation.users.create(wanted);
    return stateOf(wanted, wanted);
  },

  async update(milvus, old, wanted) {
    const operation = milvus.within(wanted.timeouts?.update ?? DEFAULT_TIMEOUTS.update);
    if (!(await operation.users.find(wanted.userName)))
      throw new Error(`${aUser(wanted)} is gone, and is not changed: run \`pulumi refresh\` first`);
    const isRedescribed = (wanted.description ?? "") !== (old.description ?? "");
    // Before the password, which would be changed although the rest is refused.
    if (isRedescribed) await operation.demand("describedUsers", aUser(wanted));
    if (wanted.password !== old.password) await changePassword(operation, old, wanted);
    if (isRedescribed) await operation.users.setDescription(wanted.userName, wanted.description ?? "");
    return stateOf(wanted, wanted);
  },

  async delete(milvus, state) {
    if (state.userName === ROOT) {
      log(`${aUser(state)} is Milvus's own user: it is not dropped, and keeps its password`);
      return;
    }
    const operation = milvus.within(state.timeouts?.delete ?? DEFAULT_TIMEOUTS.delete);
    if (!(await operation.users.find(state.userName))) return;
    if (state.userName === operation.userName)
      throw new Error(
        `${aUser(state)} is not dropped: this provider connects as that user, and could do nothing more. Connect as ` +
          "another user first, in milvus:username and milvus:password or in the Provider",
      );
    await operation.users.drop(state.userName);
    log(`dropped ${aUser(state)}`);
  },
};

/** The password is what the program or the state says, as far as they say any. */
function stateOf(
  found: Pick<UserDescription, "userName" | "description">,
  known: Partial<UserState>,
): UserState {
  const state: Partial<UserState> = {
    userName: found.userName,
    ...(known.password !== undefined && { password: known.password }),
    description: found.description ?? "",
    ...(known.timeouts && { timeouts: known.timeouts }),
  };
  return state as UserState;
}

/**
 * A user holds no data, so an equal one is simply taken over; who knows the password may. Whether it is the right one a
 * create alone asks: Milvus answers that to a change of it.
 */
function standingOf(wanted: UserInputs, existing: UserDescription, hasPassword?: boolean): Standing {
  const different = [
    ...((wanted.description ?? "") === (existing.description ?? "") ? [] : ["description"]),
    ...(hasPassword === false ? ["password"] : []),
  ];
  const ifRight =
    hasPassword === undefined ? ", and is refused if the password is not the one that it has" : "";
  const inWords = `${inRoles(existing)}${ifRight}`;
  if (different.length === 0) return { inWords };
  return {
    inWords,
    refusal:
      `${aUser(wanted)} exists already and differs from the program in ${different.join(" and ")}. Declare it as it ` +
      "is, choose another userName, or drop the user first",
  };
}

function inRoles({ roleNames }: UserDescription): string {
  return roleNames.length === 0 ? "it is in no role" : `it is in ${roleNames.join(", ")}`;
}

async function changePassword(milvus: Milvus, old: Partial<UserState>, wanted: UserInputs): Promise<void> {
  const { userName, password } = wanted;
  if (old.password === undefined) {
    if (await milvus.users.hasPassword(userName, password)) return;
    throw notChanged(wanted, "the state has none, as of every user that was imported");
  }
  if (userName === milvus.userName)
    throw new Error(
      `the password of ${aUser(wanted)} is not changed: this provider connects as that user, and its next calls would ` +
        "be refused. Declare the user with a Provider that connects as another one",
    );
  try {
    await milvus.users.changePassword(userName, old.password, password);
  } catch (error) {
    if (!isWrongPassword(error)) throw error;
    // A run that died after the change, or somebody who was told the new one, was here before.
    if (await milvus.users.hasPassword(userName, password)) return;
    throw notChanged(wanted, "the one in the state is not right any more", error);
  }
}

function notChanged(wanted: UserInputs, why: string, cause?: unknown): Error {
  return new Error(
    `the password of ${aUser(wanted)} is not changed: Milvus wants the old one for that, and ${why}. Declare the ` +
      "password that the user has now and run `pulumi up`, which takes it into the state; then declare the new one. When " +
      "nobody knows it, drop the user on the server: `pulumi refresh` and `pulumi up` then recreate it, with its " +
      "memberships",
    { cause },
  );
}
