/**
 * Removals that the engine asks for side by side, gathered by collection: one release serves all of them. A release
 * takes about a second however much it releases, and releases of one collection are served one after another.
 */
import { setTimeout as sleep } from "node:timers/promises";

import type { Milvus } from "../../milvus/gateway";
import { inTime } from "../../milvus/in-time";
import { type CollectionRef, keyOf } from "../../milvus/names";
import { asError } from "../../milvus/shared-reads";
import { inCollectionTurn } from "./collection";

export interface Removal<State extends CollectionRef> {
  readonly milvus: Milvus;
  readonly state: State;
}

/** What became of each, in their order. */
export type Outcomes = readonly (undefined | Error)[];

/** How long a removal waits for one more of its siblings, and for all of them, in milliseconds. */
const GATHER_WINDOW = 50;
const LONGEST_GATHERING = 300;
/** How long after its time is up a removal waits for what its own calls say of that, in milliseconds. */
const LAST_WORDS = 1_000;

interface Waiting<State extends CollectionRef> {
  readonly removal: Removal<State>;
  readonly settle: (outcome: undefined | Error) => void;
  /** Set once it begins: no sibling has more time, so that the work for all ends with its own. */
  hasMostTime?: boolean;
}

type RemoveAll<State extends CollectionRef> = (siblings: readonly Removal<State>[]) => Promise<Outcomes>;

/** The removals of a run that wait for their siblings, by what removes them and by collection. */
export class Gatherings {
  private readonly waiting = new Map<unknown, Map<string, unknown>>();

  of<State extends CollectionRef>(removeAll: RemoveAll<State>): Map<string, Waiting<State>[]> {
    const known = this.waiting.get(removeAll) ?? new Map<string, unknown>();
    this.waiting.set(removeAll, known);
    return known as Map<string, Waiting<State>[]>;
  }
}

/**
 * Each batch takes all that wait for it: what the engine asks for while one is under way, which takes a second, goes
 * together in the next one. What is done for all of them is done in the time of the one that has most; each has its own
 * time all the same, and no removal fails because another one had less.
 */
export function gathered<State extends CollectionRef>(
  removeAll: RemoveAll<State>,
  describe: (state: State) => string,
): (removal: Removal<State>) => Promise<void> {
  const untilNoneComes = async (waiting: readonly unknown[]): Promise<void> => {
    const until = Date.now() + LONGEST_GATHERING;
    let before;
    do {
      before = waiting.length;
      await sleep(GATHER_WINDOW);
    } while (waiting.length > before && Date.now() < until);
  };

  const removeWaiting = async ({ milvus, state }: Removal<State>): Promise<void> => {
    const waitingFor = milvus.run.removals.of(removeAll);
    const waiting = waitingFor.get(keyOf(state)) ?? [];
    await untilNoneComes(waiting);
    waitingFor.delete(keyOf(state));
    // All of them ran out of time while they waited.
    if (waiting.length === 0) return;
    const mostTimeFirst = [...waiting].sort((a, b) => b.removal.milvus.deadline - a.removal.milvus.deadline);
    const most = mostTimeFirst[0]?.removal.milvus.deadline ?? 0;
    for (const one of mostTimeFirst)
      one.hasMostTime = one.removal.milvus.deadline >= most - LONGEST_GATHERING;
    const outcomes = await removeAll(mostTimeFirst.map(({ removal }) => removal)).catch(asError);
    mostTimeFirst.forEach(({ settle }, index) =>
      settle(outcomes instanceof Error ? outcomes : outcomes[index]),
    );
  };

  const enqueue = (one: Waiting<State>): void => {
    const { milvus, state } = one.removal;
    const waitingFor = milvus.run.removals.of(removeAll);
    const waiting = waitingFor.get(keyOf(state));
    if (waiting) return void waiting.push(one);
    waitingFor.set(keyOf(state), [one]);
    void inCollectionTurn(milvus, state, () => removeWaiting(one.removal));
  };

  /** Whether it has not begun: then it does not begin any more. */
  const withdraw = (one: Waiting<State>): boolean => {
    const { milvus, state } = one.removal;
    const waiting = milvus.run.removals.of(removeAll).get(keyOf(state)) ?? [];
    const at = waiting.indexOf(one);
    if (at >= 0) waiting.splice(at, 1);
    return at >= 0;
  };

  return (removal) => {
    let waiting: Waiting<State>;
    const outcome = new Promise<void>((resolve, reject) => {
      waiting = { removal, settle: (error) => (error ? reject(error) : resolve()) };
      enqueue(waiting);
    });
    const late = (): Error => lateError(describe(removal.state), withdraw(waiting));
    return inTime(outcome, removal.milvus.deadline + LAST_WORDS, late).catch((error: unknown) => {
      // The work has no more time than this one: it is about to end, and to say why.
      if (waiting.hasMostTime) return outcome;
      throw error;
    });
  };
}

function lateError(what: string, isUntouched: boolean): Error {
  const why = isUntouched
    ? "is not dropped: the operation's time was up while other changes of its collection in this run went first"
    : "is not known to be dropped: the operation's time was up, and other removals that go together with it take longer";
  return new Error(`${what} ${why}. Run the same command again, or raise timeouts.delete`);
}

/** The removals under the name that their collection has now. */
export function within<State extends CollectionRef>(
  { databaseName, collectionName }: CollectionRef,
  removals: readonly Removal<State>[],
): Removal<State>[] {
  return removals.map(({ milvus, state }) => ({ milvus, state: { ...state, databaseName, collectionName } }));
}
