/** What Milvus drops, or changes, only when it is not loaded. */
import { setTimeout as sleep } from "node:timers/promises";

import { MilvusError, ranOutOfTime } from "../../milvus/errors";
import type { Milvus } from "../../milvus/gateway";

/** Milliseconds between a drop that was refused and the next release, doubled each time. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 2_000;

/**
 * The queue of a collection keeps loads of this process out; another process may load between a release and the drop.
 * Both are repeated then, while the operation has time.
 */
export async function dropWhileReleased(
  milvus: Milvus,
  drop: () => Promise<void>,
  releaseAgain: () => Promise<void>,
): Promise<void> {
  /** What the server said last: that the time ran out after that says less. */
  let refusal: unknown;
  const told = (error: unknown): unknown => (refusal !== undefined && ranOutOfTime(error) ? refusal : error);
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return await drop();
    } catch (error) {
      if (!isStillLoaded(error) || Date.now() + pause > milvus.waitsUntil) throw told(error);
      refusal = error;
    }
    // Not in step with the other one.
    await sleep(pause * (0.5 + Math.random()));
    await releaseAgain().catch((error: unknown) => {
      throw told(error);
    });
  }
}

/** ErrCollectionLoaded of milvus/pkg/util/merr. */
const COLLECTION_LOADED = 104;

export function isStillLoaded(error: unknown): boolean {
  return (
    error instanceof MilvusError &&
    (error.failure.code === COLLECTION_LOADED || /is loaded|on loaded collection/.test(error.failure.reason))
  );
}
