import { setTimeout as sleep } from "node:timers/promises";

import { differences } from "../core/diff";
import { log, logStatus } from "../core/log";
import { type Judge, optional, type Property, required, type ValuesOf } from "../core/properties";
import { type Resource, type Standing, Unfinished } from "../core/resource";
import {
  equalAsStrings,
  flag,
  knownText,
  number,
  record,
  type Report,
  type Shape,
  show,
  suggestion,
  whole,
} from "../core/shapes";
import type { CollectionDescription } from "../milvus/collections";
import { isVectorType, withoutUndefined } from "../milvus/fields";
import type { Milvus } from "../milvus/gateway";
import type { IndexDescription } from "../milvus/indexes";
import type { LoadedAs } from "../milvus/loading";
import { aCollection, anIndex, type CollectionRef } from "../milvus/names";
import { asError } from "../milvus/shared-reads";
import { BY_MEANING, DOCUMENTS } from "./common/examples";
import { checkFits } from "./index-types/fits";
import { docOf, shapeOf } from "./index-types/docs";
import { PARAMETER_NAMES, type ParameterName } from "./index-types/parameters";
import { checkParams } from "./index-types/params";
import { INDEX_TYPE_NAMES, METRIC_TYPE_NAMES } from "./index-types/types";
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
  parseChildId,
} from "./in-collection/collection";
import { refuseToTakeOver, takenOver } from "./common/standing";
import { adopt, DEFAULT_TIMEOUTS, milvusName, timeouts } from "./common/inputs";
import { makeDue, NotLoadedAgain, owedIn, owedLoad, stillOwed, tellOwed } from "./loads/owed";
import {
  loadAgainAfterDrop,
  loadAgainOnceIndexed,
  loadedInTheWay,
  reasonOf,
  releaseForChange,
} from "./loads/reload";
import { proveIndexes, refusedSuccessor } from "./in-collection/proof";
import { gathered, type Outcomes, type Removal, within } from "./in-collection/removals";
import { dropLeftovers } from "./in-collection/scratch-collections";
import { indexKey } from "./in-collection/successors";
import { dropWhileReleased } from "./loads/while-released";

/** Editors and pages read its text, and no provider: it is put together when it is read. */
function param<T>(shape: Shape<T>, name: ParameterName): Property<T, false> {
  return {
    shape,
    required: false,
    change: "replace",
    get doc() {
      return docOf(name);
    },
  };
}

/** Numbers alone, as programs have always written them. */
const numbers = {
  M: param(whole({ min: 1, max: 2048 }), "M"),
  efConstruction: param(whole({ min: 1 }), "efConstruction"),
  nlist: param(whole({ min: 1, max: 65_536 }), "nlist"),
  m: param(whole({ min: 1 }), "m"),
  nbits: param(whole({ min: 1, max: 64 }), "nbits"),
  drop_ratio_build: param(number({ min: 0, max: 1 }), "drop_ratio_build"),
};

const others = PARAMETER_NAMES.filter((name) => !Object.hasOwn(numbers, name));

/** What is named here is typed; other parameters pass as they are. */
const params = record(
  {
    typeName: "IndexParams",
    doc: "Parameters of an index type. Milvus: https://milvus.io/docs/index-explained.md",
    open: true,
  },
  { ...numbers, ...Object.fromEntries(others.map((name) => [name, param(shapeOf(name), name)])) },
);

/** Servers give numbers back as strings, and some re-order them. */
const paramsByText: Shape<Record<string, unknown>> = {
  ...(params as unknown as Shape<Record<string, unknown>>),
  equal: equalAsStrings,
};

/** Where a vector has AUTOINDEX, whatever a program asks for, another index would be the same again. */
async function isBuiltAnyway(indexType: unknown, judge: Judge): Promise<boolean> {
  return indexType === "AUTOINDEX" && !(await judge.supports("vectorIndexTypes"));
}

const inputs = {
  ...inCollection,
  indexName: required(milvusName("index"), {
    doc: "The name of the index. Default: the logical name of the resource. A change replaces.",
    change: "replace",
    inId: true,
  }),
  fieldName: required(milvusName("field"), {
    doc: "The field to index. A change replaces.",
    change: "replace",
  }),
  indexType: optional(
    knownText({
      typeName: "IndexType",
      doc: "Types of index that some Milvus has. Milvus: https://milvus.io/docs/index-explained.md",
      known: INDEX_TYPE_NAMES,
    }),
    {
      doc:
        "Such as `HNSW`, `IVF_FLAT`, `AUTOINDEX`, `INVERTED`. Default: the server's choice. A change replaces. Zilliz " +
        "Cloud builds its `AUTOINDEX` on vectors whatever is named here, which is no change then.",
      change: async ({ old }, judge) => ((await isBuiltAnyway(old, judge)) ? "ignore" : "replace"),
      serverChooses: true,
    },
  ),
  metricType: optional(
    knownText({
      typeName: "MetricType",
      doc: "How some Milvus compares vectors. Milvus: https://milvus.io/docs/metric.md",
      known: METRIC_TYPE_NAMES,
    }),
    {
      doc: "How vectors are compared: `COSINE`, `IP`, `L2`, `HAMMING`, ... Default: the server's. A change replaces.",
      change: "replace",
      serverChooses: true,
    },
  ),
  params: optional(paramsByText, {
    doc: "Parameters of the index type, such as `{ M: 16, efConstruction: 200 }`. A change replaces.",
    // An index type of the server's choice has parameters of its choice.
    change: async ({ new: wanted, state, inputs: { indexType } }, judge) => {
      const isChosen = indexType === undefined || indexType === "AUTOINDEX";
      if (isChosen) return Object.keys(wanted ?? {}).length === 0 ? "ignore" : "replace";
      return (await isBuiltAnyway(state["indexType"], judge)) ? "ignore" : "replace";
    },
    default: {},
  }),
  waitForBuild: optional(flag(), {
    doc:
      "Whether to wait until the rows that are there are indexed. When the time is up the resource is kept and the " +
      "next `pulumi up` goes on waiting. Default: `true`. Never causes a change.",
    change: "ignore",
    inputOnly: true,
  }),
  adopt,
  timeouts,
} as const;

const outputs = { owedLoad } as const;

export type IndexInputs = ValuesOf<typeof inputs> & { databaseName: string };
export type IndexState = Omit<IndexInputs, "adopt" | "waitForBuild" | "declaredCollection"> &
  ValuesOf<typeof outputs>;

export const index: Resource<Milvus, IndexInputs, IndexState> = {
  kind: "Index",
  doc:
    "An index on a field of a collection.\n\n" +
    "Removed from the program, the collection is released where the server demands it and the index is dropped. " +
    "When every vector field still has an index, the collection is loaded again as it was; otherwise it is no " +
    "longer searchable, and the log says so. Milvus: https://milvus.io/docs/manage-indexes.md",
  example: [DOCUMENTS, BY_MEANING],
  inputs,
  outputs,
  nameInput: "indexName",

  check(wanted, report, _, warn) {
    const declared = wanted.declaredCollection?.["fieldTypes"] as Record<string, string> | undefined;
    // A field may be named like what every object has.
    const fieldTypes = declared && new Map(Object.entries(declared));
    const { fieldName } = wanted;
    const dataType = fieldName === undefined ? undefined : fieldTypes?.get(fieldName);
    if (fieldTypes && fieldName !== undefined && dataType === undefined)
      report(
        "fieldName",
        `the collection has no field ${show(fieldName)}${suggestion(fieldName, [...fieldTypes.keys()])}`,
      );
    const dims = wanted.declaredCollection?.["fieldDims"] as Record<string, number> | undefined;
    const dim =
      dims && fieldName !== undefined && Object.hasOwn(dims, fieldName) ? dims[fieldName] : undefined;
    checkFits(wanted, { dataType, dim }, report, warn);
    checkParams(wanted, { dataType, dim }, report, warn);
  },

  describe: ({ indexName, collectionName }) => `index ${indexName} of collection ${collectionName}`,
  id: ({ databaseName, collectionName, indexName }) => `${databaseName}/${collectionName}/${indexName}`,
  fromId(id, { database }) {
    const { name, ...collection } = parseChildId(id, database);
    return { ...collection, indexName: name };
  },
  /** A field holds one index, and a name stands for one: either in the way, the old one goes first. */
  sameName: (old, wanted, run) =>
    inSameCollection(run, old, wanted) &&
    (old.fieldName === wanted.fieldName || old.indexName === wanted.indexName),

  renamed: underNewName,
  replacedWith: replacedWithCollection,
  onDecided(run, old, decision, wanted) {
    run.decisions.remember(indexKey(old), decision);
    run.successors.remember(indexKey(old), wanted);
    if (decision === "replace" && !goesWithCollection(run, old) && index.sameName(old, wanted, run))
      run.lines.once(
        `before ${index.describe(old)} is dropped, its replacement is tried on a scratch collection, which goes again`,
      );
  },

  list: (milvus, databaseName) =>
    listInCollections(milvus, databaseName, async (ref, collectionId) => {
      const indexes = await milvus.indexes.list(ref);
      return indexes.map((one) => stateOf(one, { collectionId }));
    }),

  async read(milvus, state) {
    const collection = await findOurs(milvus, state as IndexState);
    if (!collection) return undefined;
    const found = await milvus.indexes.find({ ...(state as IndexState), ...collectionOf(collection) });
    const owing = await stillOwed(milvus, collectionOf(collection), state);
    if (found) return { ...stateOf(found, { ...state, collectionId: collection.collectionId }), ...owing };
    // One that could not be made in the place of another is kept for what is owed, and made by the next update.
    return owing.owedLoad && ({ ...state, ...owing } as IndexState);
  },

  async standing(milvus, wanted) {
    const found = await milvus.indexes.find(wanted);
    if (found) return standingOf(milvus, wanted, found);
    const isReplaced = ({ indexName }: IndexDescription): boolean =>
      milvus.run.decisions.on(indexKey({ ...wanted, indexName })) === "replace";
    const refusal = refusalOfSecond(
      wanted,
      (await milvus.indexes.list(wanted)).filter((one) => !isReplaced(one)),
    );
    return refusal === undefined ? undefined : { inWords: "", refusal };
  },

  async create(milvus, wanted) {
    const operation = milvus.within(wanted.timeouts?.create ?? DEFAULT_TIMEOUTS.create);
    const collection = await describeParent(operation, wanted, anIndex(wanted));
    await refuseUnfit(operation, wanted, collection);
    await oneAtATime(operation, wanted, async () => {
      const existing = await operation.indexes.find(wanted);
      if (existing) takenOver(anIndex(wanted), await standingOf(operation, wanted, existing));
      else await makeIndex(operation, wanted);
    });
    return finish(operation, wanted, collection.collectionId);
  },

  failedCreate: (milvus, wanted, error) => {
    const owed = milvus.run.loads.dueOf(wanted);
    if (!owed || error instanceof Unfinished) return error;
    return new NotLoadedAgain(wanted, owed, "it waits for the indexes that Milvus demands", error).keptIn(
      unmade(wanted),
    );
  },

  isLeftOtherwise: (milvus, old) => Promise.resolve(tellsOwed(milvus, old)),

  /**
   * Nothing of an index changes in place: its collection was renamed, its build is waited for again, or a load is owed,
   * perhaps since it could not be made.
   */
  async update(milvus, old, wanted) {
    const operation = milvus.within(wanted.timeouts?.update ?? DEFAULT_TIMEOUTS.update);
    await makeDue(operation, wanted, old);
    if (old.owedLoad && !(await operation.indexes.find(wanted)))
      await oneAtATime(operation, wanted, () => makeIndex(operation, wanted));
    const state = await finish(operation, wanted, old.collectionId);
    if (old.owedLoad) return milvus.run.loads.dueOf(wanted) ? { ...state, owedLoad: old.owedLoad } : state;
    const { fieldName, indexType, metricType, params: known } = old;
    return { ...state, ...withoutUndefined({ fieldName, indexType, metricType, params: known }) };
  },

  async delete(milvus, state) {
    if (goesWithCollection(milvus, state)) return;
    const operation = milvus.within(state.timeouts?.delete ?? DEFAULT_TIMEOUTS.delete);
    await remove({ milvus: operation, state });
  },
};

/** What the state has of an index that is not there. */
function unmade({ adopt: _, waitForBuild: __, declaredCollection: ___, ...kept }: IndexInputs): IndexState {
  return { ...kept, collectionId: kept.collectionId ?? "" };
}

function tellsOwed(milvus: Milvus, state: IndexState): boolean {
  const owed = owedIn(state);
  if (owed) tellOwed(milvus, state, owed);
  return owed !== undefined;
}

function stateOf(found: IndexDescription, known: Partial<IndexInputs>): IndexState {
  const {
    state: _,
    failReason: __,
    indexedRows: ___,
    totalRows: ____,
    params: read = {},
    ...described
  } = found;
  // Properties such as mmap.enabled are listed among the parameters; they count when they were declared.
  const parameters = Object.entries(read).filter(
    ([key]) => !key.includes(".") || Object.hasOwn(known.params ?? {}, key),
  );
  return {
    ...described,
    indexName: known.indexName ?? found.indexName,
    collectionId: known.collectionId ?? "",
    params: asDeclared(Object.fromEntries(parameters), known.params ?? {}),
    ...(known.timeouts && { timeouts: known.timeouts }),
  };
}

/** The server's "8" is the program's 8. */
function asDeclared(
  read: Record<string, unknown>,
  declared: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(read).map(([key, value]) => [
      key,
      String(value) === String(declared[key]) ? declared[key] : value,
    ]),
  );
}

async function refuseUnfit(
  milvus: Milvus,
  wanted: IndexInputs,
  { fields }: CollectionDescription,
): Promise<void> {
  const refuse: Report = (property, reason) => {
    throw new Error(`${anIndex(wanted)}: ${property}: ${reason}`);
  };
  const leave: Report = () => undefined;
  const field = fields.find(({ name }) => name === wanted.fieldName);
  if (!field) {
    const names = fields.map(({ name }) => name);
    // Rows may carry fields beside the schema; which servers index them is for them to say.
    if (names.length > 0)
      refuse(
        "fieldName",
        `${aCollection(wanted)} has no field ${show(wanted.fieldName)}${suggestion(wanted.fieldName, names)}`,
      );
  } else {
    checkFits(wanted, field, refuse, leave);
    checkParams(wanted, field, refuse, leave);
    if (field.dataType === "JSON" && wanted.params?.["json_cast_type"] === undefined) {
      if (await milvus.supports("jsonIndexesAreCast"))
        refuse(
          "params",
          `field ${wanted.fieldName} is JSON, of which Milvus indexes the values at one path as one type. Set both, such ` +
            `as { json_path: '${wanted.fieldName}["year"]', json_cast_type: "double" }`,
        );
    }
    await warnOfAutoindex(milvus, wanted, field.dataType);
  }
}

/** Types that Zilliz Cloud builds as they are named. */
const CLOUD_TYPES = ["AUTOINDEX", "MINHASH_LSH"];

/** No refusal: the support of Zilliz enables other types for a cluster on request, which no call tells. */
async function warnOfAutoindex(milvus: Milvus, wanted: IndexInputs, dataType: string): Promise<void> {
  const { indexType } = wanted;
  if (indexType === undefined || CLOUD_TYPES.includes(indexType) || !isVectorType(dataType)) return;
  if (await milvus.supports("vectorIndexTypes")) return;
  milvus.logOnce(
    `warning: ${anIndex(wanted)}: Zilliz Cloud builds AUTOINDEX on vector fields unless its support has enabled ` +
      `${indexType} for the cluster (https://docs.zilliz.com/docs/autoindex-explained). Declare indexType: "AUTOINDEX"`,
  );
}

/** An index holds no data, so an equal one is simply taken over. */
async function standingOf(
  milvus: Milvus,
  wanted: IndexInputs,
  existing: IndexDescription,
): Promise<Standing> {
  const state = stateOf(existing, wanted) as unknown as Record<string, unknown>;
  const different = await differences(inputs, state, wanted, milvus);
  if (different.length === 0) return { inWords: "" };
  const said = different.map(({ path }) => `${path} (${show(state[path])} there)`).join(", ");
  return {
    inWords: `it differs in ${said}`,
    refusal:
      `${anIndex(wanted)} exists already and differs from the program in ${said}. Declare it as it is, choose ` +
      "another indexName, or drop it first",
  };
}

async function makeIndex(milvus: Milvus, wanted: IndexInputs): Promise<void> {
  refuseSecond(wanted, await milvus.indexes.list(wanted));
  await milvus.indexes.create(wanted);
}

function refuseSecond(wanted: IndexInputs, indexes: readonly IndexDescription[]): void {
  const refusal = refusalOfSecond(wanted, indexes);
  if (refusal !== undefined) throw new Error(refusal);
}

function refusalOfSecond(wanted: IndexInputs, indexes: readonly IndexDescription[]): string | undefined {
  const onField = indexes.find(({ fieldName }) => fieldName === wanted.fieldName);
  return (
    onField &&
    `${anIndex(wanted)}: field ${wanted.fieldName} has an index already, ${onField.indexName} ` +
      `(${onField.indexType ?? "of the server's choice"}), and Milvus keeps one per field. Name that one in indexName ` +
      "to manage it from here, or drop it first"
  );
}

async function finish(
  milvus: Milvus,
  wanted: IndexInputs,
  collectionId: string | undefined,
): Promise<IndexState> {
  milvus.run.loads.mayBeLeftReleased(wanted);
  const built = await untilBuilt(milvus, wanted, collectionId);
  await loadAgainOnceIndexed(milvus, wanted).catch((error: unknown) => {
    const owed = milvus.run.loads.dueOf(wanted);
    // The index itself is there.
    if (!owed) throw new Unfinished(built, asError(error).message);
    throw new NotLoadedAgain(wanted, owed, reasonOf(error)).keptIn(built);
  });
  return built;
}

/** Milliseconds between two looks at a build, doubled from the first to the longest, and between two lines about it. */
const FIRST_INTERVAL = 50;
const LONGEST_INTERVAL = 500;
const PROGRESS_INTERVAL = 5_000;

async function untilBuilt(
  milvus: Milvus,
  wanted: IndexInputs,
  collectionId: string | undefined,
): Promise<IndexState> {
  let told = Date.now();
  let last: IndexDescription | undefined;
  const stateNow = (found: IndexDescription): IndexState => stateOf(found, { ...wanted, collectionId });
  const unfinished = (found: IndexDescription, reason: string): Unfinished<IndexState> =>
    new Unfinished(stateNow(found), reason);
  const outOfTime = (found: IndexDescription): Unfinished<IndexState> =>
    unfinished(
      found,
      `${anIndex(wanted)} is still being built (${progressOf(found)}) and ${milvus.whyNoLonger}. The index is kept: run ` +
        "`pulumi up` again to go on waiting, raise timeouts.create, or set waitForBuild: false",
    );
  for (let pause = FIRST_INTERVAL; ; pause = Math.min(pause * 2, LONGEST_INTERVAL)) {
    const found = await milvus.indexes.find(wanted).catch((error: unknown) => {
      if (!last) throw error;
      // A server that is busy with the build may be late to answer, and one that stops answering does not undo it.
      throw Date.now() >= milvus.waitsUntil ? outOfTime(last) : unfinished(last, asError(error).message);
    });
    if (!found) throw new Error(`${anIndex(wanted)} was dropped by somebody else while it was being built`);
    last = found;
    if (found.state === "finished" || wanted.waitForBuild === false) return stateNow(found);
    if (found.state === "failed")
      throw unfinished(
        found,
        `${anIndex(wanted)} could not be built: ${found.failReason ?? "no reason given"}`,
      );
    // Another look would come too late.
    if (Date.now() + pause >= milvus.waitsUntil) throw outOfTime(found);
    if (Date.now() - told > PROGRESS_INTERVAL) {
      told = Date.now();
      logStatus(`${anIndex(wanted)}: ${progressOf(found)}`);
    }
    await sleep(pause);
  }
}

function progressOf({ indexedRows, totalRows }: IndexDescription): string {
  return `${indexedRows} of ${totalRows} rows indexed`;
}

type IndexRemoval = Removal<IndexState>;

const remove = gathered(removeAll, anIndex);

async function removeAll(asked: readonly IndexRemoval[]): Promise<Outcomes> {
  const [{ milvus, state }] = asked as [IndexRemoval];
  const collection = await findOursToChange(milvus, state);
  const siblings = collection ? within(collection, asked) : [];
  const there = await presentOf(milvus, siblings);
  if (there.size === 0 && asked.some((one) => successorOf(milvus, one.state, state)))
    await dropLeftovers(milvus, state);
  if (!collection) return asked.map(() => undefined);
  const proof = await proveSuccessors(milvus, collection, [...there]);
  const isToGo = (one: IndexRemoval): boolean => there.has(one) && !proof.refused.has(one);
  try {
    const outcomes = await dropAll(milvus, collection, siblings, isToGo);
    return siblings.map((one, at) => proof.refused.get(one) ?? outcomes[at]);
  } finally {
    await proof.gone;
  }
}

/** Releases the collection once where that is needed, drops each index, and loads again when that is possible. */
async function dropAll(
  milvus: Milvus,
  collection: CollectionDescription,
  siblings: readonly IndexRemoval[],
  isToGo: (removal: IndexRemoval) => boolean,
): Promise<Outcomes> {
  const present = new Set(siblings.filter(isToGo));
  const ref = collectionOf(collection);
  // For the index that comes in the place of one that owes a load.
  for (const sibling of siblings) await makeDue(milvus, ref, sibling.state);
  const owes = siblings.some(({ state: { owedLoad: owed } }) => owed !== undefined);
  if (present.size === 0 && !owes) return siblings.map(() => undefined);
  const fields = [...present].map((removal) => removal.state.fieldName);
  let loadedAs: LoadedAs | undefined;
  const release = async (): Promise<void> => {
    const found = present.size > 0 ? await loadedInTheWay(milvus, collection, fields) : undefined;
    if (!found) return;
    loadedAs = found;
    await releaseForChange(milvus, ref);
  };
  const released = await release().catch(asError);
  const outcomes = await Promise.all(
    siblings.map(async (sibling) =>
      present.has(sibling)
        ? (released ?? drop(sibling.milvus, sibling.state, release).catch(asError))
        : undefined,
    ),
  );
  loadedAs ??= owes ? milvus.run.loads.dueOf(ref) : undefined;
  const failure = loadedAs && (await givenBack(milvus, ref, loadedAs, outcomes));
  return failure ? withFailure(milvus, siblings, outcomes, failure) : outcomes;
}

/** The first of those that failed says as well that the collection could not be loaded again. */
async function givenBack(
  milvus: Milvus,
  ref: CollectionRef,
  loadedAs: LoadedAs,
  outcomes: Outcomes,
): Promise<NotLoadedAgain | undefined> {
  const hasFailed = outcomes.some((outcome) => outcome !== undefined);
  const failure = await loadAgainAfterDrop(milvus, ref, loadedAs, hasFailed).catch(asError);
  if (failure && !(failure instanceof NotLoadedAgain)) throw failure;
  return failure ?? undefined;
}

/**
 * An index that is made in the place of one of them loads the collection, and the state of that keeps it when it cannot.
 * Otherwise a removal fails although the index is gone, since none of what is left could tell.
 */
function withFailure(
  milvus: Milvus,
  siblings: readonly IndexRemoval[],
  outcomes: Outcomes,
  failure: NotLoadedAgain,
): Outcomes {
  if (siblings.some(({ state }) => milvus.decisions.on(indexKey(state)) === "replace")) {
    log(failure.message);
    return outcomes;
  }
  const failed = outcomes.findIndex((outcome) => outcome !== undefined);
  const at = Math.max(failed, 0);
  return outcomes.map((outcome, index) => (index === at ? failure.besides(outcome).forWhoLoadsIt : outcome));
}

interface Proven {
  /** Those that stay, and why: what replaces them cannot be made. */
  readonly refused: ReadonlyMap<IndexRemoval, Error>;
  readonly gone: Promise<void>;
}

/** Before anything is released or dropped. What is removed for good, or made already under another name, has none. */
async function proveSuccessors(
  milvus: Milvus,
  collection: CollectionDescription,
  removals: readonly IndexRemoval[],
): Promise<Proven> {
  const refused = new Map<IndexRemoval, Error>();
  const replaced = new Map<IndexInputs, IndexRemoval>();
  const followed = removals.flatMap((removal) => {
    const wanted = successorOf(milvus, removal.state, collection);
    return wanted ? [{ removal, wanted }] : [];
  });
  if (followed.length === 0) return { refused, gone: Promise.resolve() };
  const [indexes, is] = await Promise.all([milvus.indexes.list(collection), howNamed(milvus)]);
  for (const { removal, wanted } of followed) {
    if (isMade(wanted, removal.state, indexes, is)) continue;
    try {
      await refuseUnfit(milvus, wanted, collection);
      await refuseTaken(milvus, wanted, removal.state, indexes, is);
      replaced.set(wanted, removal);
    } catch (error) {
      refused.set(removal, notDropped(removal.state, asError(error)));
    }
  }
  const proof = await proveIndexes(milvus, collection, [...replaced.keys()]);
  for (const [wanted, error] of proof.refused) {
    const removal = replaced.get(wanted);
    if (removal) refused.set(removal, refusedSuccessor(anIndex(removal.state), error));
  }
  return { refused, gone: proof.gone };
}

/** Under the name that the collection has now. */
function successorOf(milvus: Milvus, state: IndexState, collection: CollectionRef): IndexInputs | undefined {
  const wanted = milvus.run.successors.of<IndexInputs>(indexKey(state));
  return wanted && { ...wanted, ...collectionOf(collection) };
}

/** Made already, beside the old one. */
function isMade(
  wanted: IndexInputs,
  old: IndexState,
  indexes: readonly IndexDescription[],
  is: Same,
): boolean {
  return indexes.some((one) => is(one, wanted) && !is(one, old) && one.fieldName === wanted.fieldName);
}

/** What stands in the way of the create that comes next; what this run replaces as well may be gone by then. */
async function refuseTaken(
  milvus: Milvus,
  wanted: IndexInputs,
  old: IndexState,
  indexes: readonly IndexDescription[],
  is: Same,
): Promise<void> {
  const isGoing = ({ indexName }: IndexDescription): boolean =>
    milvus.decisions.on(indexKey({ ...old, indexName })) === "replace";
  const staying = indexes.filter((one) => !is(one, old) && !isGoing(one));
  const existing = staying.find((one) => is(one, wanted));
  if (existing) refuseToTakeOver(await standingOf(milvus, wanted, existing));
  else refuseSecond(wanted, staying);
}

/** Whether an index on the server is the one that is meant. */
type Same = (found: IndexDescription, meant: Pick<IndexInputs, "indexName" | "fieldName">) => boolean;

/** Milvus Lite forgets names and keeps one index per field. */
async function howNamed(milvus: Milvus): Promise<Same> {
  return (await milvus.supports("namedIndexes"))
    ? (found, meant) => found.indexName === meant.indexName
    : (found, meant) => found.fieldName === meant.fieldName;
}

function notDropped(old: IndexState, { message }: Error): Error {
  return new Error(`${anIndex(old)} is not dropped, because its replacement cannot be made: ${message}`);
}

/** Those that are still there and still on their field. */
async function presentOf(milvus: Milvus, siblings: readonly IndexRemoval[]): Promise<Set<IndexRemoval>> {
  const found = await Promise.all(siblings.map(({ state }) => milvus.indexes.find(state)));
  return new Set(
    siblings.filter(({ state }, at) => {
      const fieldName = found[at]?.fieldName;
      if (fieldName !== undefined && fieldName !== state.fieldName)
        log(
          `${anIndex(state)} is on field ${fieldName} now, not on ${state.fieldName}: it is not ours and stays`,
        );
      return fieldName === state.fieldName;
    }),
  );
}

async function drop(
  milvus: Milvus,
  state: IndexState,
  releaseAgain: () => Promise<void>,
): Promise<undefined> {
  await dropWhileReleased(milvus, () => milvus.indexes.drop(state), releaseAgain);
  log(`dropped ${anIndex(state)}`);
}
