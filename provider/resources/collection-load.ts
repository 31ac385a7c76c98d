import { differences } from "../core/diff";
import { declare, the } from "../core/example";
import { log } from "../core/log";
import {
  ANY_SERVER,
  type Change,
  type Effect,
  type Judge,
  optional,
  type Properties,
  type ValuesOf,
} from "../core/properties";
import { type Resource, type Standing, Unfinished } from "../core/resource";
import { flag, nameSet, namesIn, type Report, show, suggestion, whole } from "../core/shapes";
import type { CollectionDescription } from "../milvus/collections";
import { isVectorType, withoutUndefined } from "../milvus/fields";
import type { Milvus } from "../milvus/gateway";
import type { LoadedAs } from "../milvus/loading";
import { aCollection } from "../milvus/names";
import { BY_MEANING, DOCUMENTS } from "./common/examples";
import { bringAbout, demandReleased, release } from "./loads/apply";
import {
  aLoad,
  FIELDS_NEED_RELOAD,
  PARTITIONS_NEED_RELOAD,
  REPLICAS_NEED_RELOAD,
  sameFields,
  specOf,
  stateOf,
  withPlanOnly,
} from "./loads/spec";
import {
  goesWithCollection,
  inSameCollection,
  replacedWithCollection,
  underNewName,
} from "./in-collection/decided";
import {
  collectionOf,
  describeParent,
  findOurs,
  findOursToChange,
  inCollection,
  listInCollections,
  oneAtATime,
} from "./in-collection/collection";
import { refuseToTakeOver } from "./common/standing";
import { DEFAULT_TIMEOUTS, milvusName, parseCollectionId, timeouts } from "./common/inputs";
import { NotLoadedAgain, owedIn, owedLoad, tellOwed } from "./loads/owed";
import { loadedNames } from "./loads/reload";

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

const outputs = { owedLoad } as const;

export type CollectionLoadInputs = ValuesOf<typeof inputs> & { databaseName: string };
export type CollectionLoadState = Omit<CollectionLoadInputs, "adopt" | "declaredCollection"> &
  ValuesOf<typeof outputs>;

export const collectionLoad: Resource<Milvus, CollectionLoadInputs, CollectionLoadState> = {
  kind: "CollectionLoad",
  doc:
    "Keeps a collection loaded, which is what makes it searchable.\n\n" +
    "Made after the partitions and indexes of the collection that the program declares before it; of those declared " +
    "later it waits some seconds for the indexes that Milvus demands, one on every vector field. When a change of an " +
    "index releases the collection, it is loaded again as declared here. Removed from the program, the collection is " +
    "released at the next `pulumi up`, and no data is lost. One that somebody else released counts as gone: after a " +
    "`pulumi refresh` the next `pulumi up` loads it again. Milvus: https://milvus.io/docs/load-and-release.md",
  example: [
    DOCUMENTS,
    BY_MEANING,
    declare(
      "CollectionLoad",
      "loaded",
      { collection: the("documents"), replicaNumber: 2 },
      { dependsOn: ["by_meaning"] },
    ),
  ],
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
    const owed = owedIn(old);
    if (owed) tellOwed(milvus, old, owed);
    if (owed) return true;
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
    const { owedLoad: _, ...known } = state as CollectionLoadState;
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

  async standing(milvus, wanted) {
    const existing = await milvus.loading.loadedAs(collectionOf(wanted));
    return existing && standingOf(milvus, wanted, existing);
  },

  async create(milvus, wanted) {
    const operation = milvus.within(wanted.timeouts?.create ?? DEFAULT_TIMEOUTS.create);
    const collection = await describeParent(operation, wanted, aLoad(wanted));
    await refuseUnfit(operation, wanted, collection);
    const existing = await operation.loading.loadedAs(collection);
    if (existing) await takeOver(operation, wanted, existing);
    return bringAbout(operation, wanted, collection, undefined).catch((error: unknown) => {
      const { adopt: _, declaredCollection: __, ...kept } = wanted;
      if (error instanceof NotLoadedAgain) throw error.keptIn(kept);
      throw error;
    });
  },

  async update(milvus, old, wanted) {
    const operation = milvus.within(wanted.timeouts?.update ?? DEFAULT_TIMEOUTS.update);
    const collection = await describeParent(operation, wanted, aLoad(wanted));
    await refuseUnfit(operation, wanted, collection);
    const planned = await plannedIn(old, wanted);
    const touched = milvus.run.loads.touchedOf(wanted);
    const isRenamed = old.collectionName !== wanted.collectionName;
    const inState = (reached: CollectionLoadState): CollectionLoadState =>
      afterPlan(reached, old, wanted, planned);
    // Whether it is still loaded then is for a refresh to find out.
    if (isRenamed && planned.size === 0 && touched === undefined && !old.owedLoad)
      return inState({ ...old, ...collectionOf(wanted) });
    const isLoadedAgain = touched !== undefined && touched !== "perhaps left released";
    const fields = isLoadedAgain ? touched.loadedAgainWith : specOf(old);
    const isRetried = !isRenamed && planned.size === 0 && touched === undefined;
    const asked = isRetried ? asOwed(wanted, old) : await withPlanOnly(operation, old, wanted, planned);
    try {
      return inState(await bringAbout(operation, asked, collection, fields));
    } catch (error) {
      if (error instanceof NotLoadedAgain) throw error.keptIn(old);
      if (error instanceof Unfinished)
        throw new Unfinished(inState(error.state as CollectionLoadState), error.message);
      throw error;
    }
  },

  async delete(milvus, state) {
    if (goesWithCollection(milvus, state)) return;
    const operation = milvus.within(state.timeouts?.delete ?? DEFAULT_TIMEOUTS.delete);
    const collection = await findOursToChange(operation, state);
    if (!collection) return;
    await oneAtATime(operation, state, () => release(operation, collectionOf(collection), state));
  },
};

const LOAD_INPUTS = [
  "partitionNames",
  "replicaNumber",
  "resourceGroups",
  "loadFields",
  "skipLoadDynamicField",
] as const;

/** The inputs that say how it is loaded and that the program has otherwise than the state. */
async function plannedIn(
  old: CollectionLoadState,
  wanted: CollectionLoadInputs,
): Promise<ReadonlySet<string>> {
  const properties = Object.fromEntries(LOAD_INPUTS.map((name) => [name, inputs[name]] as const));
  const found = await differences(properties as Properties, old, wanted, ANY_SERVER);
  return new Set(found.map(({ input }) => input));
}

/** What the server chose before it was released, where the program says nothing of that. */
function asOwed(wanted: CollectionLoadInputs, old: CollectionLoadState): CollectionLoadInputs {
  const { replicaNumber, resourceGroups = [] } = owedIn(old) ?? {};
  return withoutUndefined({
    ...wanted,
    replicaNumber: wanted.replicaNumber ?? replicaNumber,
    resourceGroups: wanted.resourceGroups ?? (resourceGroups.length > 0 ? [...resourceGroups] : undefined),
  });
}

/** What the plan does not change is in the state as before: a refresh records what somebody else made of it. */
function afterPlan(
  reached: CollectionLoadState,
  old: CollectionLoadState,
  wanted: CollectionLoadInputs,
  planned: ReadonlySet<string>,
): CollectionLoadState {
  const { partitionNames, replicaNumber, resourceGroups, loadFields, skipLoadDynamicField } = wanted;
  const { owedLoad: _, ...state } = reached;
  return withoutUndefined({
    ...state,
    loadFields,
    skipLoadDynamicField,
    partitionNames: partitionNames && namesIn(partitionNames),
    ...(!planned.has("replicaNumber") && { replicaNumber: old.replicaNumber ?? replicaNumber }),
    ...(!planned.has("resourceGroups") && { resourceGroups: old.resourceGroups ?? resourceGroups }),
    timeouts: wanted.timeouts,
  });
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

/** A load holds no data, so an equal one is simply taken over; others may rely on one that differs. */
async function standingOf(
  milvus: Milvus,
  wanted: CollectionLoadInputs,
  existing: LoadedAs,
): Promise<Standing & { readonly isEqual: boolean }> {
  const state = (await stateOf(milvus, wanted, wanted, existing)) as unknown as Record<string, unknown>;
  const different = await differences(inputs, state, wanted, ANY_SERVER);
  if (different.length === 0) return { isEqual: true, inWords: "" };
  const said = different.map(({ path }) => `${path} (${show(state[path] ?? "all")} there)`).join(", ");
  if (wanted.adopt) return { isEqual: false, inWords: `it differs in ${said}, which is changed` };
  return {
    isEqual: false,
    inWords: `it differs in ${said}`,
    refusal:
      `${aCollection(wanted)} is loaded already and differs from the program in ${said}. Declare it as it is, set ` +
      "`adopt: true` to have it changed, or release it first",
  };
}

async function takeOver(milvus: Milvus, wanted: CollectionLoadInputs, existing: LoadedAs): Promise<void> {
  const standing = await standingOf(milvus, wanted, existing);
  refuseToTakeOver(standing);
  if (standing.isEqual) log(`${aCollection(wanted)} is loaded already, and its load is taken over`);
}
