import { setTimeout as sleep } from "node:timers/promises";

import { differences } from "../core/diff";
import { log } from "../core/log";
import {
  ANY_SERVER,
  type Change,
  type Effect,
  type Judge,
  optional,
  type ValuesOf,
} from "../core/properties";
import { type Resource, Unfinished } from "../core/resource";
import { flag, nameSet, namesIn, type Report, show, suggestion, whole } from "../core/shapes";
import type { CollectionDescription } from "../milvus/collections";
import { emptyAnswer } from "../milvus/errors";
import { isVectorType } from "../milvus/fields";
import type { Milvus } from "../milvus/gateway";
import {
  isRefusedWhileLoaded,
  type LoadedAs,
  type LoadSpec,
  LoadStandsStill,
  type Replicas,
} from "../milvus/loading";
import { aCollection, type CollectionRef } from "../milvus/names";
import { DEFAULT_RESOURCE_GROUP } from "../milvus/resource-groups";
import { asError } from "../milvus/shared-reads";
import {
  goesWithCollection,
  inSameCollection,
  replacedWithCollection,
  underNewName,
} from "./shared/collection-decided";
import {
  allPartitions,
  collectionOf,
  describeParent,
  findOurs,
  findOursToChange,
  inCollection,
  listInCollections,
  oneAtATime,
} from "./shared/in-collection";
import { DEFAULT_TIMEOUTS, milvusName, parseCollectionId, timeouts } from "./shared/inputs";
import { loadedNames, LOOK_INTERVAL, releasePartitions, WAIT_FOR_INDEX, withoutIndex } from "./shared/loads";

const FIELDS_NEED_RELOAD = "Milvus changes the loaded fields only that way";
const PARTITIONS_NEED_RELOAD = "replicas of single partitions change only that way";
const REPLICAS_NEED_RELOAD = "this Milvus changes replicas only that way (in place from 2.4.13)";

/** In place where the server can; otherwise it is said, since searches fail between a release and the next load. */
async function replicasChange({ state, inputs }: Change<unknown>, judge: Judge): Promise<Effect> {
  const whole = state["partitionNames"] === undefined && inputs["partitionNames"] === undefined;
  if (!whole) warnOfReload(inputs, judge, PARTITIONS_NEED_RELOAD);
  else if (!(await judge.supports("alterReplicas"))) warnOfReload(inputs, judge, REPLICAS_NEED_RELOAD);
  return "update";
}

function fieldsChange({ inputs }: Change<unknown>, judge: Judge): Effect {
  warnOfReload(inputs, judge, FIELDS_NEED_RELOAD);
  return "update";
}

function warnOfReload(
  { collectionName }: Readonly<Record<string, unknown>>,
  judge: Judge,
  because: string,
): void {
  judge.logOnce(
    `warning: collection ${String(collectionName)} will be released and loaded again, because ${because}: searches fail ` +
      "meanwhile",
  );
}

const inputs = {
  ...inCollection,
  partitionNames: optional(nameSet(milvusName("partition")), {
    doc:
      "The partitions to keep loaded, in any order; `_default` is Milvus's own. Default: all, those to come included. " +
      "Names that are added are loaded and names that are removed are released in place. Not for collections with a " +
      "partition key.",
    change: "update",
  }),
  replicaNumber: optional(whole({ min: 1 }), {
    doc:
      "How many copies are kept in memory, each on query nodes of its own. Default: that of the collection or the " +
      "database, else 1. Changed in place from Milvus 2.4.13 when all partitions are loaded; otherwise released and " +
      "loaded again.",
    change: replicasChange,
    serverChooses: true,
  }),
  resourceGroups: optional(nameSet(milvusName("resource group")), {
    doc:
      "The resource groups whose query nodes hold the replicas, in any order. Default: those of the collection or the " +
      "database, else Milvus's default one. Changed like `replicaNumber`. Milvus: " +
      "https://milvus.io/docs/resource_group.md",
    change: replicasChange,
    serverChooses: true,
  }),
  loadFields: optional(nameSet(milvusName("field")), {
    doc:
      "The fields to load, in any order: the primary key, the partition and clustering key and at least one vector " +
      "field among them. Default: all. Needs Milvus 2.5. A change releases and loads again. Milvus does not tell which " +
      "fields are loaded, so a refresh finds no drift of it. Milvus: https://milvus.io/docs/load-and-release.md",
    change: fieldsChange,
  }),
  skipLoadDynamicField: optional(flag(), {
    doc:
      "Whether to leave out the dynamic field, which holds what the schema does not name. Needs Milvus 2.5. Default: " +
      "`false`. A change releases and loads again.",
    change: fieldsChange,
    default: false,
  }),
  adopt: optional(flag(), {
    doc:
      "Whether to change a load that is there already and differs from what is declared. An equal one is taken over " +
      "either way. Default: `false`. Never causes a change.",
    change: "ignore",
    inputOnly: true,
  }),
  timeouts,
} as const;

const outputs = {} as const;

export type CollectionLoadInputs = ValuesOf<typeof inputs> & { databaseName: string };
export type CollectionLoadState = Omit<CollectionLoadInputs, "adopt" | "declaredCollection">;

export const collectionLoad: Resource<Milvus, CollectionLoadInputs, CollectionLoadState> = {
  kind: "CollectionLoad",
  doc:
    "Keeps a collection loaded, which is what makes it searchable.\n\n" +
    "Made after the partitions and indexes of the collection that the program declares before it; of those declared " +
    "later it waits some seconds for the indexes that Milvus demands, one on every vector field. When a change of an " +
    "index releases the collection, it is loaded again as declared here. Removed from the program, the collection is " +
    "released at the next `pulumi up`, and no data is lost. One that somebody else released counts as gone: after a " +
    "`pulumi refresh` the next `pulumi up` loads it again. Milvus: https://milvus.io/docs/load-and-release.md",
  inputs,
  outputs,

  check(wanted, report) {
    const names = wanted.partitionNames && namesIn(wanted.partitionNames);
    if (names?.length === 0)
      report("partitionNames", "names none: name the partitions to load, or leave it out to load all");
    const { fieldTypes, partitionKeyField, primaryKeyField } = wanted.declaredCollection ?? {};
    if (names) refuseWithPartitionKey(partitionKeyField, report);
    if (fieldTypes) {
      const types = new Map(Object.entries(fieldTypes as Record<string, string>));
      checkLoadFields(wanted.loadFields, types, [primaryKeyField, partitionKeyField].filter(isText), report);
    }
  },

  describe: ({ collectionName }) => `load of collection ${collectionName}`,
  id: ({ databaseName, collectionName }) => `${databaseName}/${collectionName}`,
  fromId: (id, { database }) => parseCollectionId(id, database),
  sameName: (old, wanted, run) => inSameCollection(run, old, wanted),

  renamed: underNewName,
  replacedWith: replacedWithCollection,
  onDecided: (run, old, decision) => {
    if (decision !== "replace") run.loads.declare(underNewName(run, old), specOf(old));
  },
  /**
   * An index that is dropped or made in this run may have released it; or a run that died did. And partitions that were
   * made may be loaded beside those that it names.
   */
  async isLeftOtherwise(milvus, old, wanted) {
    const names = old.partitionNames && namesIn(old.partitionNames);
    if (names && milvus.run.loads.newPartitionsOf(wanted).length > 0) {
      const loaded = await loadedNames(milvus, wanted);
      if (loaded.some((name) => !names.includes(name))) return true;
    }
    const touched = milvus.run.loads.touchedOf(wanted);
    if (touched === undefined) return false;
    if (touched !== "perhaps left released" && !sameFields(touched.loadedAgainWith, old)) return true;
    // What such a run had still asked for may be under way: then it is waited for.
    return (await milvus.loading.stateOf(wanted, names)) !== "loaded";
  },
  outage: ({ databaseName, collectionName }) =>
    `collection ${databaseName}/${collectionName} is released and cannot be searched`,

  list: (milvus, databaseName) =>
    listInCollections(milvus, databaseName, async (ref, collectionId) => {
      const loadedAs = await milvus.loading.loadedAs(ref);
      return loadedAs ? [await stateOf(milvus, ref, { ...ref, collectionId }, loadedAs)] : [];
    }),

  async read(milvus, state) {
    const known = state as CollectionLoadState;
    const collection = await findOurs(milvus, known);
    if (!collection) return undefined;
    const loadedAs = await milvus.loading.loadedAs(collection);
    if (loadedAs)
      return stateOf(
        milvus,
        collectionOf(collection),
        { ...known, collectionId: collection.collectionId },
        loadedAs,
      );
    await demandReleased(milvus, collection);
    milvus.logOnce(`${aCollection(collection)} is not loaded: somebody else released it`);
    return undefined;
  },

  async create(milvus, wanted) {
    const operation = milvus.within(wanted.timeouts?.create ?? DEFAULT_TIMEOUTS.create);
    const collection = await describeParent(operation, wanted, aLoad(wanted));
    await refuseUnfit(operation, wanted, collection);
    const existing = await operation.loading.loadedAs(collection);
    if (existing) await takeOver(operation, wanted, existing);
    return bringAbout(operation, wanted, collection, undefined);
  },

  async update(milvus, old, wanted) {
    const operation = milvus.within(wanted.timeouts?.update ?? DEFAULT_TIMEOUTS.update);
    const collection = await describeParent(operation, wanted, aLoad(wanted));
    await refuseUnfit(operation, wanted, collection);
    const touched = milvus.run.loads.touchedOf(wanted);
    const isLoadedAgain = touched !== undefined && touched !== "perhaps left released";
    const fields = isLoadedAgain ? touched.loadedAgainWith : specOf(old);
    return bringAbout(operation, wanted, collection, fields);
  },

  async delete(milvus, state) {
    if (goesWithCollection(milvus, state)) return;
    const operation = milvus.within(state.timeouts?.delete ?? DEFAULT_TIMEOUTS.delete);
    const collection = await findOursToChange(operation, state);
    if (!collection) return;
    await oneAtATime(operation, state, () => release(operation, collectionOf(collection), state));
  },
};

const aLoad = (ref: CollectionRef): string => `the load of ${aCollection(ref)}`;

function specOf(values: CollectionLoadInputs | CollectionLoadState): LoadSpec {
  const { partitionNames, replicaNumber, resourceGroups, loadFields, skipLoadDynamicField } = values;
  return {
    ...(partitionNames && { partitionNames: namesIn(partitionNames) }),
    ...(replicaNumber !== undefined && { replicaNumber }),
    ...(resourceGroups && { resourceGroups: namesIn(resourceGroups) }),
    ...(loadFields && { loadFields: namesIn(loadFields) }),
    ...(skipLoadDynamicField && { skipLoadDynamicField }),
  };
}

interface Fields {
  readonly loadFields?: CollectionLoadInputs["loadFields"];
  readonly skipLoadDynamicField?: boolean;
}

function sameFields(one: Fields, other: Fields): boolean {
  const all = ({ loadFields, skipLoadDynamicField = false }: Fields) =>
    JSON.stringify([loadFields && namesIn(loadFields), skipLoadDynamicField]);
  return all(one) === all(other);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function refuseWithPartitionKey(partitionKeyField: unknown, report: Report): void {
  if (isText(partitionKeyField))
    report(
      "partitionNames",
      `the collection has a partition key (${partitionKeyField}), and Milvus loads it as a whole only: leave ` +
        "partitionNames out",
    );
}

function checkLoadFields(
  loadFields: CollectionLoadInputs["loadFields"],
  types: ReadonlyMap<string, string>,
  keys: readonly string[],
  report: Report,
): void {
  if (!loadFields) return;
  const names = namesIn(loadFields);
  for (const name of names.filter((one) => !types.has(one)))
    report("loadFields", `the collection has no field ${show(name)}${suggestion(name, [...types.keys()])}`);
  for (const key of keys.filter((one) => !names.includes(one)))
    report("loadFields", `lacks ${show(key)}: Milvus loads the primary key and the partition key always`);
  if (!names.some((name) => isVectorType(types.get(name) ?? "Vector")))
    report("loadFields", "names no vector field: Milvus loads one at least");
}

/** What only the server can tell; check has done it already where the program declares the collection. */
async function refuseUnfit(
  milvus: Milvus,
  wanted: CollectionLoadInputs,
  { fields }: CollectionDescription,
): Promise<void> {
  const refuse: Report = (property, reason) => {
    throw new Error(`${aLoad(wanted)}: ${property}: ${reason}`);
  };
  if (wanted.partitionNames) {
    await milvus.demand("releasePartitions", `partitionNames of ${aLoad(wanted)}`);
    refuseWithPartitionKey(fields.find((field) => field.isPartitionKey)?.name, refuse);
  }
  if ((wanted.replicaNumber ?? 1) > 1) await milvus.demand("replicas", `replicaNumber of ${aLoad(wanted)}`);
  if (wanted.resourceGroups) await milvus.demand("replicas", `resourceGroups of ${aLoad(wanted)}`);
  if (wanted.loadFields) {
    await milvus.demand("loadFields", `loadFields of ${aLoad(wanted)}`);
    const keys = fields.filter((field) => field.isPrimaryKey || field.isPartitionKey);
    checkLoadFields(
      wanted.loadFields,
      new Map(fields.map(({ name, dataType }) => [name, dataType])),
      keys.map(({ name }) => name),
      refuse,
    );
  }
  if (wanted.skipLoadDynamicField)
    await milvus.demand("loadFields", `skipLoadDynamicField of ${aLoad(wanted)}`);
}

/** The collection as it is loaded; the fields, which Milvus does not tell, are as the program or the state last said. */
async function stateOf(
  milvus: Milvus,
  ref: CollectionRef,
  known: CollectionLoadInputs | CollectionLoadState,
  { partitionNames, replicaNumber, resourceGroups }: LoadedAs,
): Promise<CollectionLoadState> {
  const { adopt: _, declaredCollection: __, ...kept } = known as CollectionLoadInputs;
  const loaded = partitionNames ?? (known.partitionNames && (await allPartitions(milvus, ref)));
  const groups =
    resourceGroups.length > 0 ? resourceGroups : known.resourceGroups && [DEFAULT_RESOURCE_GROUP];
  return {
    ...kept,
    ...collectionOf(ref),
    collectionId: known.collectionId ?? "",
    partitionNames: loaded && namesIn(loaded),
    replicaNumber,
    resourceGroups: groups && namesIn(groups),
  };
}

/** A load holds no data, so an equal one is simply taken over; others may rely on one that differs. */
async function takeOver(milvus: Milvus, wanted: CollectionLoadInputs, existing: LoadedAs): Promise<void> {
  const state = (await stateOf(milvus, wanted, wanted, existing)) as unknown as Record<string, unknown>;
  const different = await differences(inputs, state, wanted, ANY_SERVER);
  if (different.length === 0) {
    log(`${aCollection(wanted)} is loaded already, and its load is taken over`);
  } else if (!wanted.adopt) {
    const said = different.map(({ path }) => `${path} (${show(state[path] ?? "all")} there)`).join(", ");
    throw new Error(
      `${aCollection(wanted)} is loaded already and differs from the program in ${said}. Declare it as it is, set ` +
        "`adopt: true` to have it changed, or release it first",
    );
  }
}

/** Loads what is missing, then releases what is not wanted: there is no moment in which nothing is loaded. */
async function bringAbout(
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
          await replicasAsBefore(milvus, ref, before);
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
    if (Date.now() + LOOK_INTERVAL >= milvus.deadline)
      throw unfinished(
        `${aLoad(wanted)} on Milvus at ${milvus.address} is not as declared yet and the time is up: run \`pulumi up\` again`,
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
    until ??= Math.min(Date.now() + WAIT_FOR_INDEX, milvus.deadline);
    if (Date.now() + LOOK_INTERVAL >= until)
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

function replicasOf(wanted: CollectionLoadInputs, found: LoadedAs | undefined): Replicas {
  const { replicaNumber = found?.replicaNumber, resourceGroups } = specOf(wanted);
  return {
    ...(replicaNumber !== undefined && { replicaNumber }),
    resourceGroups: resourceGroups ?? found?.resourceGroups ?? [],
  };
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

/** Why a load that is there has to be released first; nothing when it changes in place. */
async function whyReload(
  milvus: Milvus,
  wanted: CollectionLoadInputs,
  found: LoadedAs,
  loadedFields: Fields | undefined,
): Promise<string | undefined> {
  if (loadedFields && !sameFields(loadedFields, wanted)) return FIELDS_NEED_RELOAD;
  if (!hasOtherReplicas(found, wanted)) return undefined;
  if (found.partitionNames !== undefined || wanted.partitionNames !== undefined)
    return PARTITIONS_NEED_RELOAD;
  return (await milvus.supports("alterReplicas")) ? undefined : REPLICAS_NEED_RELOAD;
}

function hasOtherReplicas(found: LoadedAs, wanted: CollectionLoadInputs): boolean {
  const groups = found.resourceGroups.length > 0 ? namesIn(found.resourceGroups) : [DEFAULT_RESOURCE_GROUP];
  return (
    (wanted.replicaNumber !== undefined && wanted.replicaNumber !== found.replicaNumber) ||
    (wanted.resourceGroups !== undefined &&
      JSON.stringify(namesIn(wanted.resourceGroups)) !== JSON.stringify(groups))
  );
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
  await milvus.loading.releaseCollection(ref);
  try {
    return await ask();
  } catch (error) {
    await milvus.loading.ask(ref, before).then(
      () =>
        log(`${aCollection(ref)} is being loaded again as it was, since it could not be loaded as declared`),
      () => log(`${aCollection(ref)} was released and could not be loaded again: load it yourself`),
    );
    throw error;
  }
}

/** Else what was searchable before would go on loading for ever, and count as not loaded. */
async function replicasAsBefore(milvus: Milvus, ref: CollectionRef, before: LoadedAs): Promise<void> {
  await oneAtATime(milvus, ref, () =>
    milvus.loading.ask(ref, before).then(
      () =>
        log(
          `${aCollection(ref)} goes back to the replicas that it had (${before.replicaNumber}), since it cannot be loaded as declared`,
        ),
      (error: unknown) =>
        log(
          `${aCollection(ref)} could not go back to the replicas that it had (${before.replicaNumber}): ${asError(error).message}`,
        ),
    ),
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
  const progress = async (): Promise<void> => log(`${aCollection(ref)}: ${await loading.howFar(ref, names)}`);
  const state = await loading.untilLoaded(ref, names, progress, replicas);
  if (state === "loading")
    throw new Error(
      `${aCollection(ref)} on Milvus at ${milvus.address} is still being loaded (${await loading.howFar(ref, names)}) ` +
        "and the time is up. The load goes on: run `pulumi up` again to go on waiting, or raise timeouts.create",
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
async function demandReleased(milvus: Milvus, ref: CollectionRef): Promise<void> {
  if (!(await milvus.loading.isReleased(ref)))
    throw emptyAnswer("GetLoadState", aCollection(ref), milvus.address);
}

/** Of named partitions just those, and what came to be loaded with them: what others loaded beside them stays. */
async function release(milvus: Milvus, ref: CollectionRef, state: CollectionLoadState): Promise<void> {
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
