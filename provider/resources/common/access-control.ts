/** What users, roles and grants have in common. */
import { type Change, type Effect, type Judge, optional } from "../../core/properties";
import { string } from "../../core/shapes";
import type { Milvus } from "../../milvus/gateway";
import { refusalWithout } from "./in-place";
import { milvusName } from "./inputs";

/** Milvus takes 32 characters (`proxy.maxUsernameLength`); dots and hyphens from newer versions on. */
export const userNameShape = string({
  pattern: /^[A-Za-z][A-Za-z0-9_.-]*$/,
  rule: "a user name has letters, digits and underscores only, newer servers take dots and hyphens too, and starts with a letter",
  maxLength: 32,
});

export const roleNameShape = milvusName("role");

export const description = (of: "user" | "role") =>
  optional(string(), {
    doc: `What the ${of} is for. Needs Milvus 2.6.19, the first that was seen to keep one. Changed in place. Default: none.`,
    change: describedFromVersion,
    default: "",
  });

async function describedFromVersion(change: Change<string>, judge: Judge): Promise<Effect> {
  const refusal = await refusalWithout("describedUsers", change, judge, (lacking) => ({
    refuse: `${change.path}: this server keeps no descriptions of users and roles (${lacking})`,
    instead: "Leave it out",
  }));
  return refusal ?? "update";
}

/** Before anything is made: what the server has to know for it. */
export async function demandAccessControl(
  milvus: Milvus,
  object: string,
  wanted: { readonly description?: string },
): Promise<void> {
  await milvus.demand("accessControl", object);
  if (wanted.description) await milvus.demand("describedUsers", object);
}

/** The grants of one role change one after another: what comes while the role is being made must not be swept away. */
export function oneRoleAtATime<T>({ run }: Milvus, roleName: string, work: () => Promise<T>): Promise<T> {
  return run.queue.run(`role ${roleName}`, work);
}

/** What has to be there before `object` can be made: as messages name it, its kind, and the name that is passed on. */
export function cannotBeMade(object: string, missing: string, kind: string, input: string): Error {
  return new Error(
    `${object} cannot be made: there is no ${missing}. Declare the ${kind} in the program and pass its ${input}, so that ` +
      "it is made first",
  );
}
