import type { Call } from "./connection";
import { noAnswer } from "./errors";
import type { SharedRead } from "./shared-reads";
import type { ServerVersion } from "./versions";

/** A call as the parts of the gateway have it: its time, and when to give up, are those of their operation. */
export type OperationCall<T> = Omit<Call<T>, "deadline" | "isCancelled">;

/** What the parts of the gateway need to call the server within an operation's time. */
export interface Caller {
  call<T>(call: OperationCall<T>): Promise<T>;
  version(): Promise<ServerVersion>;
  readonly address: string;
  /** When the operation's time is up, as milliseconds since the epoch. */
  readonly deadline: number;
  /** Until when it waits for something to happen: not at all once the user has cancelled the run. */
  readonly waitsUntil: number;
  /** Why nothing is waited for any longer, for people. */
  readonly whyNoLonger: string;
  /** Answers to what was asked since then will do, as milliseconds since the epoch. */
  readonly since: number;
}

/** Side by side; when both fail, the failure told is that of the call, which names its object. */
export async function withVersion<T>(
  caller: Caller,
  call: OperationCall<T>,
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
