/**
 * Removals that the engine asks for side by side, gathered by collection: one release serves all of them. A release
 * takes about a second however much it releases, and releases of one collection are served one after another.
 */
import DataLoader from "dataloader";

import type { Milvus } from "../../milvus/gateway";
import type { CollectionRef } from "../../milvus/names";
import { asError } from "../../milvus/shared-reads";
import { collectionQueue, queueKey } from "./in-collection";

export interface Removal<State extends CollectionRef> {
  readonly milvus: Milvus;
  readonly state: State;
}

/** What became of each, in their order. */
export type Outcomes = readonly (undefined | Error)[];

/** How long a removal waits for its siblings, in milliseconds. */
const GATHER_WINDOW = 20;

export function gathered<State extends CollectionRef>(
  removeAll: (siblings: readonly Removal<State>[]) => Promise<Outcomes>,
): (removal: Removal<State>) => Promise<void> {
  const loader = new DataLoader<Removal<State>, undefined>(
    async (asked) => {
      const outcomes = new Map<Removal<State>, undefined | Error>();
      await Promise.all(
        byCollection(asked).map(async ([key, siblings]) => {
          const outcome = await collectionQueue.run(key, () => removeAll(siblings)).catch(asError);
          siblings.forEach((sibling, index) =>
            outcomes.set(sibling, outcome instanceof Error ? outcome : outcome[index]),
          );
        }),
      );
      return asked.map((removal) => outcomes.get(removal));
    },
    { cache: false, batchScheduleFn: (send) => setTimeout(send, GATHER_WINDOW) },
  );
  return (removal) => loader.load(removal);
}

/** The removals under the name that their collection has now. */
export function within<State extends CollectionRef>(
  { databaseName, collectionName }: CollectionRef,
  removals: readonly Removal<State>[],
): Removal<State>[] {
  return removals.map(({ milvus, state }) => ({ milvus, state: { ...state, databaseName, collectionName } }));
}

function byCollection<State extends CollectionRef>(
  removals: readonly Removal<State>[],
): [string, Removal<State>[]][] {
  const groups = new Map<string, Removal<State>[]>();
  for (const removal of removals) {
    const key = queueKey(removal.milvus, removal.state);
    groups.set(key, [...(groups.get(key) ?? []), removal]);
  }
  return [...groups];
}
