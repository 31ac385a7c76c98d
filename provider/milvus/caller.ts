import type { Call } from "./connection";
import { noAnswer } from "./errors";
import type { SharedRead } from "./shared-reads";
import type { ServerVersion } from "./versions";

/** What the parts of the gateway need to call the server within an operation's time. */
export interface Caller {
  call<T>(call: Omit<Call<T>, "deadline">): Promise<T>;
  version(): Promise<ServerVersion>;
  readonly address: string;
  /** When the operation's time is up, as milliseconds since the epoch. */
  readonly deadline: number;
  /** Answers to what was asked since then will do, as milliseconds since the epoch. */
  readonly since: number;
}

/** Side by side; when both fail, the failure told is that of the call, which names its object. */
export async function withVersion<T>(
  caller: Caller,
  call: Omit<Call<T>, "deadline">,
): Promise<[reply: T, server: ServerVersion]> {
  const version = caller.version();
  version.catch(() => undefined);
  const reply = await caller.call(call);
  return [reply, await version];
}

/** An answer that may be shared with others, within the time of this caller's operation. */
export function sharedAnswer<Key, Answer>(
  { address, deadline, since }: Pick<Caller, "address" | "deadline" | "since">,
  reads: SharedRead<Key, Answer>,
  key: Key,
  operation: string,
  object: string,
): Promise<Answer> {
  return reads.read(key, deadline, noAnswer(operation, object, address), since);
}
