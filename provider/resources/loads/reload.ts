/**
 * Whatever releases a collection gives back what it found. Milvus drops no vector index of a loaded collection, and
 * before 2.6.4 no index at all; and it loads no collection with a vector field that has no index. So a collection is
 * released for a drop and loaded again, as it was, as soon as Milvus takes it: at once, or when the replacement of the
 * index is made later in the same run.
 */
import { setTimeout as sleep } from "node:timers/promises";

import { log } from "../../core/log";
import type { CollectionDescription } from "../../milvus/collections";
import { MilvusError } from "../../milvus/errors";
import { isVectorType } from "../../milvus/fields";
import type { Milvus } from "../../milvus/gateway";
import type { LoadedAs, LoadedFields, LoadSpec } from "../../milvus/loading";
import { aCollection, type CollectionRef, keyOf } from "../../milvus/names";
import { asError } from "../../milvus/shared-reads";
import { allPartitions, oneAtATime } from "../in-collection/collection";
import { makeDue, NotLoadedAgain, owedIn, type Owing } from "./owed";
import { dropWhileReleased, isStillLoaded } from "./while-released";

/** Released, and loaded again with these fields as soon as that can be; or only looked at as a reason to do so. */
export type LoadTouched = { readonly loadedAgainWith: LoadedFields } | "perhaps left released";

/** What a run knows of how collections are loaded, and did to that. */
export class LoadsOfRun {
  /** How collections were loaded that this run released and that cannot be loaded yet: one each at most. */
  private readonly due = new Map<string, LoadedAs>();
  private readonly declared = new Map<string, LoadSpec>();
  private readonly touched = new Map<string, LoadTouched>();
  private readonly made = new Map<string, readonly string[]>();

  /**
   * What the program's loads say of their collections, as far as the run has come to them. Which fields are loaded is
   * known from here alone, since Milvus does not tell.
   */
  declare(ref: CollectionRef, spec: LoadSpec): void {
    this.declared.set(keyOf(ref), spec);
  }

  forget(ref: CollectionRef): void {
    this.declared.delete(keyOf(ref));
  }

  /** What the program says of the load of the collection, if it does. */
  declaredOf(ref: CollectionRef): LoadSpec | undefined {
    return this.declared.get(keyOf(ref));
  }

  fieldsOf(ref: CollectionRef): LoadedFields {
    const { loadFields, skipLoadDynamicField } = this.declaredOf(ref) ?? {};
    return { ...(loadFields && { loadFields }), ...(skipLoadDynamicField && { skipLoadDynamicField }) };
  }

  released(ref: CollectionRef): void {
    this.touched.set(keyOf(ref), { loadedAgainWith: this.fieldsOf(ref) });
  }

  /**
   * An index came into the state, made or taken over: the one it replaces may be one that a run dropped which died,
   * with the collection released.
   */
  mayBeLeftReleased(ref: CollectionRef): void {
    if (!this.touched.has(keyOf(ref))) this.touched.set(keyOf(ref), "perhaps left released");
  }

  /** What the run did to the load beside the resource that declares it. */
  touchedOf(ref: CollectionRef): LoadTouched | undefined {
    return this.touched.get(keyOf(ref));
  }

  isDue(ref: CollectionRef, loadedAs: LoadedAs): void {
    this.due.set(keyOf(ref), loadedAs);
  }

  dueOf(ref: CollectionRef): LoadedAs | undefined {
    return this.due.get(keyOf(ref));
  }

  isLoadedAgain(ref: CollectionRef): void {
    this.due.delete(keyOf(ref));
  }

  madePartitions(ref: CollectionRef, names: readonly string[]): void {
    this.made.set(keyOf(ref), [...this.newPartitionsOf(ref), ...names]);
  }

  /** The partitions that the run made since the load of their collection was settled. */
  newPartitionsOf(ref: CollectionRef): readonly string[] {
    return this.made.get(keyOf(ref)) ?? [];
  }

  /** Something else loads or releases the collection for good: what was due is not any more. */
  settle(ref: CollectionRef): void {
    for (const known of [this.due, this.touched, this.made]) known.delete(keyOf(ref));
  }
}

/** How the collection is loaded, the fields included where this run knows them; nothing when it is not. */
export async function howLoaded(milvus: Milvus, ref: CollectionRef): Promise<LoadedAs | undefined> {
  const loadedAs = await milvus.loading.loadedAs(ref);
  return loadedAs && { ...loadedAs, ...milvus.run.loads.fieldsOf(ref) };
}

/** How the collection is loaded, when it has to be released before the indexes on these fields are dropped. */
export async function loadedInTheWay(
  milvus: Milvus,
  collection: CollectionDescription,
  fieldNames: readonly string[],
): Promise<LoadedAs | undefined> {
  const loadedAs = await howLoaded(milvus, collection);
  if (!loadedAs) return undefined;
  const anyVector = collection.fields.some(
    ({ name, dataType }) => fieldNames.includes(name) && isVectorType(dataType),
  );
  if (!anyVector && (await milvus.supports("dropScalarIndexWhileLoaded"))) return undefined;
  return loadedAs;
}

/** Remembers with which fields it will be loaded again. */
export async function releaseForChange(milvus: Milvus, ref: CollectionRef): Promise<void> {
  await milvus.loading.releaseCollection(ref);
  milvus.run.loads.released(ref);
}

/**
 * Throws NotLoadedAgain when Milvus refuses the load; what has yet to get an index for that stays due. After a failure it
 * may be loaded still.
 */
export async function loadAgainAfterDrop(
  milvus: Milvus,
  ref: CollectionRef,
  loadedAs: LoadedAs,
  hasFailed = false,
): Promise<void> {
  const operation = withTimeToLoad(milvus);
  const { loads } = milvus.run;
  loads.isDue(ref, loadedAs);
  try {
    if (hasFailed && covers(await operation.loading.loadedAs(ref), loadedAs.partitionNames))
      loads.isLoadedAgain(ref);
    const missing = await loadAgainIfDue(operation, ref);
    if (missing.length > 0)
      log(
        `${aCollection(ref)} was loaded and had to be released: it cannot be searched until every vector field has an ` +
          "index again",
      );
  } catch (error) {
    throw new NotLoadedAgain(ref, loadedAs, reasonOf(error));
  }
}

/**
 * Does what releases a collection that is loaded so, and loads it again whatever becomes of that. The error of the work
 * comes first.
 */
export async function thenLoadedAgain(
  milvus: Milvus,
  ref: CollectionRef,
  loadedAs: LoadedAs,
  work: () => Promise<void>,
): Promise<void> {
  const failure = await work().catch(asError);
  try {
    await loadAgainAfterDrop(milvus, ref, loadedAs, failure !== undefined);
  } catch (error) {
    throw error instanceof NotLoadedAgain ? error.besides(failure ?? undefined) : error;
  }
  if (!failure) return;
  const due = milvus.run.loads.dueOf(ref);
  throw due ? new NotLoadedAgain(ref, due, "not every vector field has an index", failure) : failure;
}

/** In seconds: the time of the operation may have gone into what failed. */
const LEAST_TIME_TO_LOAD = 60;

export function withTimeToLoad(milvus: Milvus): Milvus {
  const isShort = milvus.deadline - Date.now() < LEAST_TIME_TO_LOAD * 1_000;
  return isShort ? milvus.within(LEAST_TIME_TO_LOAD) : milvus;
}

export function reasonOf(error: unknown): string {
  return error instanceof MilvusError ? error.failure.reason : asError(error).message;
}

/** Whether what is loaded has these partitions in it; without names, all of them. */
export function covers(loaded: LoadedAs | undefined, partitionNames: readonly string[] | undefined): boolean {
  if (!loaded?.partitionNames) return loaded !== undefined;
  return partitionNames?.every((name) => loaded.partitionNames?.includes(name)) ?? false;
}

/** How it was loaded, for what has fewer fields now. */
export function withoutFields(loadedAs: LoadedAs, names: readonly string[]): LoadedAs {
  const { loadFields } = loadedAs;
  return loadFields
    ? { ...loadedAs, loadFields: loadFields.filter((one) => !names.includes(one)) }
    : loadedAs;
}

/**
 * Does what some servers do only to a collection that is not loaded, such as a change of mmap or warmup: then it is
 * released for that and loaded again as it was.
 */
export async function releasedIfNeeded(
  milvus: Milvus,
  ref: CollectionRef,
  change: () => Promise<void>,
): Promise<void> {
  try {
    return await change();
  } catch (error) {
    if (!isStillLoaded(error)) throw error;
  }
  await oneAtATime(milvus, ref, async () => {
    const loadedAs = await howLoaded(milvus, ref);
    const release = (): Promise<void> => releaseForChange(milvus, ref);
    const work = async (): Promise<void> => {
      await release();
      await dropWhileReleased(milvus, change, release);
    };
    log(`${aCollection(ref)} is released for a change that Milvus makes only then`);
    await (loadedAs ? thenLoadedAgain(milvus, ref, loadedAs, work) : work());
  });
}

/**
 * Milvus loads partitions to come wherever all were loaded once, also when some were released since; and 2.6.4 and later
 * (measured: 2.6.19 and 3.0.0, not 2.5.27) wherever any is loaded. Those that the program's load does not name are
 * released again: here when this run has come to that load, else by the load itself.
 */
export async function releaseUnnamed(
  milvus: Milvus,
  ref: CollectionRef,
  made: readonly string[],
): Promise<void> {
  const { loads } = milvus.run;
  loads.madePartitions(ref, made);
  if (!loads.declaredOf(ref)?.partitionNames) return;
  await oneAtATime(milvus, ref, async () => {
    const { partitionNames } = loads.declaredOf(ref) ?? {};
    const loaded = partitionNames ? await loadedNames(milvus, ref) : [];
    const unnamed = made.filter((name) => loaded.includes(name) && !partitionNames?.includes(name));
    if (unnamed.length > 0) await releasePartitions(milvus, ref, unnamed);
  });
}

export async function releasePartitions(
  milvus: Milvus,
  ref: CollectionRef,
  names: readonly string[],
  more = "",
): Promise<void> {
  await milvus.loading.releasePartitions(ref, names);
  log(
    `released ${names.length === 1 ? "partition" : "partitions"} ${names.join(", ")} of ${aCollection(ref)}${more}`,
  );
}

/** Those that are loaded, or on their way. */
export async function loadedNames(milvus: Milvus, ref: CollectionRef): Promise<readonly string[]> {
  const found = await milvus.loading.loadedAs(ref);
  return found ? (found.partitionNames ?? (await allPartitions(milvus, ref))) : [];
}

/** Loads what the state owes. Gives back what is still owed, since a vector field has no index yet. */
export async function loadOwed(milvus: Milvus, ref: CollectionRef, state: Owing): Promise<Owing> {
  await makeDue(milvus, ref, state);
  const due = owedIn(state) && milvus.run.loads.dueOf(ref);
  if (!due) return {};
  await oneAtATime(milvus, ref, () => loadAgainAfterDrop(milvus, ref, due));
  return milvus.run.loads.dueOf(ref) ? { owedLoad: { ...due } } : {};
}

/** Another stack may be replacing the index that is still missing; in milliseconds, and those between two looks. */
export const WAIT_FOR_INDEX = 20_000;
export const LOOK_INTERVAL = 500;

/** After an index was made: a load that is due then waits a while for the others that Milvus demands. */
export async function loadAgainOnceIndexed(milvus: Milvus, ref: CollectionRef): Promise<void> {
  const until = Date.now() + WAIT_FOR_INDEX;
  const isLate = (): boolean => Date.now() + LOOK_INTERVAL >= Math.min(until, milvus.waitsUntil);
  const loadIfDue = () => oneAtATime(milvus, ref, () => loadAgainIfDue(milvus, ref));
  await loadIfDue();
  while (milvus.run.loads.dueOf(ref) && !isLate()) {
    await sleep(LOOK_INTERVAL);
    await loadIfDue();
  }
}

/** Once every vector field has an index, as Milvus demands before it loads. Gives back those that have none. */
async function loadAgainIfDue(milvus: Milvus, ref: CollectionRef): Promise<readonly string[]> {
  const loadedAs = milvus.run.loads.dueOf(ref);
  if (!loadedAs) return [];
  const { loadFields } = loadedAs;
  const { fields } = await milvus.collections.describe(ref);
  const toLoad = loadFields ? fields.filter(({ name }) => loadFields.includes(name)) : fields;
  const missing = await withoutIndex(milvus, ref, toLoad);
  if (missing.length > 0) return missing;
  await milvus.loading.loadAs(ref, loadedAs);
  milvus.run.loads.isLoadedAgain(ref);
  log(`${aCollection(ref)} is loaded again as it was`);
  return [];
}

/** The vector fields that have no index yet. */
export async function withoutIndex(
  milvus: Milvus,
  ref: CollectionRef,
  fields: CollectionDescription["fields"],
): Promise<readonly string[]> {
  const indexes = await milvus.indexes.list(ref);
  const indexed = new Set(indexes.map(({ fieldName }) => fieldName));
  return fields
    .filter(({ name, dataType }) => isVectorType(dataType) && !indexed.has(name))
    .map(({ name }) => name);
}
