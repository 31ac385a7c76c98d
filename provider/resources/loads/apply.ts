/** Brings about what a CollectionLoad declares, and takes it back. */
import { setTimeout as sleep } from "node:timers/promises";

import { log, logStatus } from "../../core/log";
import { Unfinished } from "../../core/resource";
import { namesIn } from "../../core/shapes";
import type { CollectionDescription } from "../../milvus/collections";
import { emptyAnswer } from "../../milvus/errors";
import type { Milvus } from "../../milvus/gateway";
import { isRefusedWhileLoaded, type LoadedAs, LoadStandsStill } from "../../milvus/loading";
import { aCollection, type CollectionRef } from "../../milvus/names";
import { asError } from "../../milvus/shared-reads";
import type { CollectionLoadInputs, CollectionLoadState } from "../collection-load";
import { allPartitions, collectionOf, oneAtATime } from "../in-collection/collection";
import { NotLoadedAgain } from "./owed";
import {
  loadedNames,
  LOOK_INTERVAL,
  reasonOf,
  releasePartitions,
  WAIT_FOR_INDEX,
  withoutIndex,
  withTimeToLoad,
} from "./reload";
import {
  aLoad,
  type Fields,
  hasOtherReplicas,
  replicasOf,
  sameFields,
  specOf,
  stateOf,
  whyReload,
} from "./spec";

/** Loads what is missing, then releases what is not wanted: there is no moment in which nothing is loaded. */
export async function bringAbout(
  milvus: Milvus,
  wanted: CollectionLoadInputs,
  collection: CollectionDescription,
  /** Not known of a load that somebody else made. */
  loadedFields: Fields | undefined,
): Promise<CollectionLoadState> {
  const ref = collectionOf(wanted);
  let fields = loadedFields;
  /** To go back to. */
  let before: LoadedAs | undefined;
  for (;;) {
    const asked = await askOnceLoadable(milvus, wanted, collection, fields);
    before ??= asked.before;
    const { names } = asked;
    fields = wanted;
    const unfinished = (reason: string): Error => {
      const { adopt: _, declaredCollection: __, ...kept } = wanted;
      const state = { ...kept, collectionId: collection.collectionId ?? "" };
      return new Unfinished<CollectionLoadState>(state, reason);
    };
    // It was asked for, and goes on whatever this process hears of it.
    const isPartitioned = collection.fields.some((field) => field.isPartitionKey);
    const isLoaded = await untilLoaded(milvus, wanted, isPartitioned ? undefined : names, before).catch(
      async (error: unknown) => {
        if (before && error instanceof LoadStandsStill) {
          await replicasAsBefore(milvus, ref, before, error);
          throw error;
        }
        throw unfinished(asError(error).message);
      },
    );
    if (isLoaded) await oneAtATime(milvus, wanted, () => releaseOthers(milvus, wanted));
    const loadedAs = isLoaded ? await milvus.loading.loadedAs(ref) : undefined;
    if (loadedAs && !hasOtherReplicas(loadedAs, wanted))
      return stateOf(milvus, ref, { ...wanted, collectionId: collection.collectionId }, loadedAs);
    // Something else in this run, or somebody else, released it for a reason of its own; or replicas still change.
    if (Date.now() + LOOK_INTERVAL >= milvus.waitsUntil)
      throw unfinished(
        `${aLoad(wanted)} on Milvus at ${milvus.address} is not as declared yet and ${milvus.whyNoLonger}: run \`pulumi up\` again`,
      );
    await sleep(LOOK_INTERVAL);
  }
}

interface Asked {
  /** The partitions that are loaded or on their way. */
  readonly names: readonly string[];
  /** How it was loaded where its replicas change in place: what cannot be done goes back to that. */
  readonly before?: LoadedAs;
}

/**
 * Milvus loads a collection when every vector field has an index, and partitions that are there. What the program makes
 * beside this in the same run is waited for. The look and the load are one turn in the queue: an index that is being
 * replaced would go between them.
 */
async function askOnceLoadable(
  milvus: Milvus,
  wanted: CollectionLoadInputs,
  { fields }: CollectionDescription,
  loadedFields: Fields | undefined,
): Promise<Asked> {
  let until: number | undefined;
  for (;;) {
    const asked = await oneAtATime(
      milvus,
      wanted,
      async () =>
        (await whyNotLoadable(milvus, wanted, fields)) ?? (await askToLoad(milvus, wanted, loadedFields)),
    );
    if (typeof asked !== "string") return asked;
    until ??= Date.now() + WAIT_FOR_INDEX;
    if (Date.now() + LOOK_INTERVAL >= Math.min(until, milvus.waitsUntil))
      throw new Error(
        `${aCollection(wanted)} on Milvus at ${milvus.address} is not loaded as declared: ${asked}`,
      );
    milvus.logOnce(`${aLoad(wanted)} waits for what it needs: ${asked}`);
    await sleep(LOOK_INTERVAL);
  }
}

async function whyNotLoadable(
  milvus: Milvus,
  wanted: CollectionLoadInputs,
  fields: CollectionDescription["fields"],
): Promise<string | undefined> {
  const present = wanted.partitionNames && (await allPartitions(milvus, wanted));
  const gone = present && namesIn(wanted.partitionNames).filter((name) => !present.includes(name));
  if (gone && gone.length > 0)
    return (
      `partitionNames names ${gone.join(", ")}, and the collection has no such partition. Declare a Partition before ` +
      "the CollectionLoad, or take the name out"
    );
  const found = await milvus.loading.loadedAs(wanted);
  if (!found || hasOtherReplicas(found, wanted)) {
    const lack = await milvus.loading.tooFewNodesFor(replicasOf(wanted, found));
    if (lack !== undefined) return lack;
  }
  if (found) return undefined;
  const { loadFields } = wanted;
  const toLoad = loadFields ? fields.filter(({ name }) => namesIn(loadFields).includes(name)) : fields;
  const unindexed = await withoutIndex(milvus, wanted, toLoad);
  if (unindexed.length === 0) return undefined;
  return (
    `Milvus loads a collection only when every vector field has an index, and ${unindexed.join(", ")} ` +
    `${unindexed.length === 1 ? "has" : "have"} none. Declare an Index on it before the CollectionLoad, or name the ` +
    "one that makes it in the option dependsOn"
  );
}

/**
 * Gives back the partitions that are loaded or on their way. Nothing is asked of the server when nothing is to change:
 * Milvus before 2.5 refuses even the load of what is loaded once an index was made since.
 */
async function askToLoad(
  milvus: Milvus,
  wanted: CollectionLoadInputs,
  loadedFields: Fields | undefined,
): Promise<Asked> {
  const ref = collectionOf(wanted);
  const found = await milvus.loading.loadedAs(ref);
  const spec = {
    // Asked for again without them, newer servers would go back to one replica in the default group.
    ...(found && { replicaNumber: found.replicaNumber, resourceGroups: found.resourceGroups }),
    ...specOf(wanted),
  };
  const ask = async (): Promise<Asked> => {
    const names = await milvus.loading.ask(ref, spec);
    milvus.run.loads.settle(ref);
    milvus.run.loads.declare(ref, spec);
    return { names };
  };
  if (!found) return ask();
  const { loadFields, skipLoadDynamicField } = loadedFields ?? {};
  const before = { ...found, loadFields: loadFields && namesIn(loadFields), skipLoadDynamicField };
  const reloaded = (because: string): Promise<Asked> => {
    return reload(milvus, ref, before, ask, because);
  };
  const because = await whyReload(milvus, wanted, found, loadedFields);
  if (because !== undefined) return reloaded(because);
  const names = wanted.partitionNames ? namesIn(wanted.partitionNames) : await allPartitions(milvus, ref);
  const isWhole = found.partitionNames === undefined;
  const isAllThere = isWhole || names.every((name) => found.partitionNames?.includes(name));
  // Which fields are loaded, only a load can find out.
  const mayHaveOtherFields = loadedFields === undefined && !sameFields(wanted, {});
  if (isAllThere && !mayHaveOtherFields && !hasOtherReplicas(found, wanted)) {
    milvus.run.loads.settle(ref);
    milvus.run.loads.declare(ref, spec);
    return { names };
  }
  try {
    const asked = await ask();
    return hasOtherReplicas(found, wanted) ? { ...asked, before } : asked;
  } catch (error) {
    if (!isRefusedWhileLoaded(error)) throw error;
    return reloaded(`Milvus refuses it while it is loaded (${asError(error).message})`);
  }
}

/** What cannot be loaded as asked, such as more replicas than there are nodes, is loaded as it was before. */
async function reload(
  milvus: Milvus,
  ref: CollectionRef,
  before: LoadedAs,
  ask: () => Promise<Asked>,
  because: string,
): Promise<Asked> {
  log(`${aCollection(ref)} is released and loaded again, because ${because}`);
  try {
    await milvus.loading.releaseCollection(ref);
    return await ask();
  } catch (error) {
    await withTimeToLoad(milvus)
      .loading.ask(ref, before)
      .catch((failure: unknown) => {
        throw new NotLoadedAgain(ref, before, reasonOf(failure), asError(error));
      });
    log(`${aCollection(ref)} is being loaded again as it was, since it could not be loaded as declared`);
    throw error;
  }
}

/** Else what was searchable before would go on loading for ever, and count as not loaded. */
async function replicasAsBefore(
  milvus: Milvus,
  ref: CollectionRef,
  before: LoadedAs,
  error: Error,
): Promise<void> {
  await oneAtATime(milvus, ref, () =>
    withTimeToLoad(milvus)
      .loading.ask(ref, before)
      .catch((failure: unknown) => {
        throw new NotLoadedAgain(ref, before, reasonOf(failure), error);
      }),
  );
  log(
    `${aCollection(ref)} goes back to the replicas that it had (${before.replicaNumber}), since it cannot be loaded as declared`,
  );
}

/** False when it was released meanwhile. Where replicas changed in place, how it was loaded before. */
async function untilLoaded(
  milvus: Milvus,
  wanted: CollectionLoadInputs,
  names: readonly string[] | undefined,
  before: LoadedAs | undefined,
): Promise<boolean> {
  const ref = collectionOf(wanted);
  const { loading } = milvus;
  const replicas = replicasOf(wanted, before);
  const progress = async (): Promise<void> =>
    logStatus(`${aCollection(ref)}: ${await loading.howFar(ref, names)}`);
  const state = await loading.untilLoaded(ref, names, progress, replicas);
  if (state === "loading")
    throw new Error(
      `${aCollection(ref)} on Milvus at ${milvus.address} is still being loaded (${await loading.howFar(ref, names)}) ` +
        `and ${milvus.whyNoLonger}. The load goes on: run \`pulumi up\` again to go on waiting, or raise timeouts.create`,
    );
  // Servers of 2.5 say that it is loaded whether the new replicas got nodes or not.
  const lack = state === "loaded" && before ? await loading.lackOfNodes(ref, replicas) : undefined;
  if (lack !== undefined) throw new LoadStandsStill(`${aLoad(ref)} on Milvus at ${milvus.address}: ${lack}`);
  return state === "loaded";
}

async function releaseOthers(milvus: Milvus, wanted: CollectionLoadInputs): Promise<void> {
  if (!wanted.partitionNames) return;
  const ref = collectionOf(wanted);
  const loaded = await loadedNames(milvus, ref);
  const others = loaded.filter((name) => !namesIn(wanted.partitionNames).includes(name));
  if (others.length > 0) await releasePartitions(milvus, ref, others);
}

/** An answer that only looks as if nothing were loaded must not pass for a release. */
export async function demandReleased(milvus: Milvus, ref: CollectionRef): Promise<void> {
  if (!(await milvus.loading.isReleased(ref)))
    throw emptyAnswer("GetLoadState", aCollection(ref), milvus.address);
}

/** Of named partitions just those, and what came to be loaded with them: what others loaded beside them stays. */
export async function release(milvus: Milvus, ref: CollectionRef, state: CollectionLoadState): Promise<void> {
  const made = milvus.run.loads.newPartitionsOf(ref);
  milvus.run.loads.settle(ref);
  milvus.run.loads.forget(ref);
  const loaded = await loadedNames(milvus, ref);
  if (loaded.length === 0) return demandReleased(milvus, ref);
  const { partitionNames } = state;
  const named = partitionNames && [...namesIn(partitionNames), ...made];
  const ours = named ? loaded.filter((name) => named.includes(name)) : loaded;
  if (ours.length === loaded.length) {
    await milvus.loading.releaseCollection(ref);
    log(`released ${aCollection(ref)}`);
  } else if (ours.length > 0) {
    await releasePartitions(milvus, ref, ours, "; what else of it was loaded stays so");
  }
}
