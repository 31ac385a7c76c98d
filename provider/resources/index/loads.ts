/**
 * Milvus drops no vector index of a loaded collection, and before 2.6.4 no index at all; and it loads no collection
 * with a vector field that has no index. So a collection is released for a drop and loaded again, as it was, as soon
 * as Milvus takes it: at once, or when the replacement of the index is made later in the same run.
 */
import { setTimeout as sleep } from "node:timers/promises";

import { log } from "../../core/log";
import type { CollectionDescription } from "../../milvus/collections";
import { MilvusError } from "../../milvus/errors";
import type { Milvus } from "../../milvus/gateway";
import type { LoadedAs } from "../../milvus/loading";
import { aCollection, type CollectionRef } from "../../milvus/names";
import { collectionQueue, queueKey } from "../shared/in-collection";
import { isVectorType } from "./types";

/** How collections were loaded that this run released and that cannot be loaded yet: one each at most. */
const loadsDue = new Map<string, LoadedAs>();

/** Says how the collection was loaded when it had to be released. */
export async function releaseForDrop(
  milvus: Milvus,
  collection: CollectionDescription,
  fieldNames: readonly string[],
): Promise<LoadedAs | undefined> {
  const loadedAs = await milvus.loading.loadedAs(collection);
  if (!loadedAs) return undefined;
  const anyVector = collection.fields.some(
    ({ name, dataType }) => fieldNames.includes(name) && isVectorType(dataType),
  );
  if (!anyVector && (await milvus.supports("dropScalarIndexWhileLoaded"))) return undefined;
  await milvus.loading.releaseCollection(collection);
  return loadedAs;
}

/** The drop went well: a load that fails now is said, it does not make the drop fail. */
export async function loadAgainAfterDrop(
  milvus: Milvus,
  ref: CollectionRef,
  loadedAs: LoadedAs,
): Promise<void> {
  loadsDue.set(queueKey(milvus, ref), loadedAs);
  await loadAgainIfDue(milvus, ref).catch((error: unknown) => {
    const reason = error instanceof MilvusError ? error.failure.reason : String(error);
    log(`${aCollection(ref)} was released and could not be loaded again: ${reason}. Load it yourself`);
  });
  if (loadsDue.has(queueKey(milvus, ref)))
    log(
      `${aCollection(ref)} was loaded and had to be released: it cannot be searched until every vector field has an ` +
        "index again",
    );
}

/** Another stack may be replacing the index that is still missing; in milliseconds, and those between two looks. */
const WAIT_FOR_INDEX = 20_000;
const LOOK_INTERVAL = 500;

/** After an index was made: a load that is due then waits a while for the others that Milvus demands. */
export async function loadAgainOnceIndexed(milvus: Milvus, ref: CollectionRef): Promise<void> {
  const key = queueKey(milvus, ref);
  const until = Math.min(Date.now() + WAIT_FOR_INDEX, milvus.deadline);
  const loadIfDue = (): Promise<void> => collectionQueue.run(key, () => loadAgainIfDue(milvus, ref));
  await loadIfDue();
  while (loadsDue.has(key) && Date.now() + LOOK_INTERVAL < until) {
    await sleep(LOOK_INTERVAL);
    await loadIfDue();
  }
}

/** Once every vector field has an index, as Milvus demands before it loads. */
async function loadAgainIfDue(milvus: Milvus, ref: CollectionRef): Promise<void> {
  const key = queueKey(milvus, ref);
  const loadedAs = loadsDue.get(key);
  if (!loadedAs) return;
  const [{ fields }, indexes] = await Promise.all([
    milvus.collections.describe(ref),
    milvus.indexes.list(ref),
  ]);
  const indexed = new Set(indexes.map(({ fieldName }) => fieldName));
  if (fields.some(({ name, dataType }) => isVectorType(dataType) && !indexed.has(name))) return;
  await milvus.loading.loadAs(ref, loadedAs);
  loadsDue.delete(key);
  log(`${aCollection(ref)} is loaded again as it was`);
}
