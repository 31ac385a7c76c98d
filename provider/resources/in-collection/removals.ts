/**
 * Removals that the engine asks for side by side, gathered by collection: one release serves all of them. A release
 * takes about a second however much it releases, and releases of one collection are served one after another.
 */
import { setTimeout as sleep } from "node:timers/promises";

import type { Milvus } from "../../milvus/gateway";
import { type CollectionRef, keyOf } from "../../milvus/names";
import { asError } from "../../milvus/shared-reads";
import { oneAtATime } from "./collection";

export interface Removal<State extends CollectionRef> {
  readonly milvus: Milvus;
  readonly state: State;
}

/** What became of each, in their order. */
export type Outcomes = readonly (undefined | Error)[];

/** How long a removal waits for one more of its siblings, and for all of them, in milliseconds. */
const GATHER_WINDOW = 50;
const LONGEST_GATHERING = 300;

interface Waiting<State extends CollectionRef> {
  readonly removal: Removal<State>;
  readonly settle: (outcome: undefined | Error) => void;
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
 * together in the next one.
 */
export function gathered<State extends CollectionRef>(
  removeAll: RemoveAll<State>,
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
    const outcomes = await removeAll(waiting.map(({ removal }) => removal)).catch(asError);
    waiting.forEach(({ settle }, index) => settle(outcomes instanceof Error ? outcomes : outcomes[index]));
  };

  return (removal) =>
    new Promise((resolve, reject) => {
      const { milvus, state } = removal;
      const waitingFor = milvus.run.removals.of(removeAll);
      const settle = (outcome: undefined | Error): void => (outcome ? reject(outcome) : resolve());
      const waiting = waitingFor.get(keyOf(state));
      if (waiting) return void waiting.push({ removal, settle });
      waitingFor.set(keyOf(state), [{ removal, settle }]);
      void oneAtATime(milvus, state, () => removeWaiting(removal));
    });
}

/** The removals under the name that their collection has now. */
export function within<State extends CollectionRef>(
  { databaseName, collectionName }: CollectionRef,
  removals: readonly Removal<State>[],
): Removal<State>[] {
  return removals.map(({ milvus, state }) => ({ milvus, state: { ...state, databaseName, collectionName } }));
}
