import { declare, the } from "../core/example";
import { log } from "../core/log";
import { optional, required, type ValuesOf } from "../core/properties";
import { type Resource, Unfinished } from "../core/resource";
import { nameSet, namesIn, stringMap } from "../core/shapes";
import { containsUnknown } from "../core/unknown";
import type { Milvus } from "../milvus/gateway";
import { aPartition, type CollectionRef, type PartitionRef } from "../milvus/names";
import type { PartitionDescription } from "../milvus/partitions";
import { asError } from "../milvus/shared-reads";
import { DOCUMENTS } from "./common/examples";
import {
  goesWithCollection,
  inSameCollection,
  replacedWithCollection,
  underNewName,
} from "./in-collection/decided";
import {
  allPartitions,
  collectionOf,
  describeParent,
  findOurs,
  inCollection,
} from "./in-collection/collection";
import { firstInWords } from "./common/counts";
import { adopt, DEFAULT_TIMEOUTS, milvusName, parseCollectionId, timeouts } from "./common/inputs";
import { releaseUnnamed } from "./loads/reload";
import {
  DEFAULT_PARTITION,
  describePartition,
  isAnother,
  type KnownPartition,
  lossOfPartition,
  partitionId,
  refuseDefaultPartition,
  refusePartitionKey,
  removePartition,
  standingPartition,
  takeOverPartitions,
} from "./in-collection/partitions";

const inputs = {
  ...inCollection,
  partitionNames: required(nameSet(milvusName("partition")), {
    doc:
      "The names of the partitions, in any order. Names that are added are created at the next `pulumi up`, names that " +
      "are removed are released in one call and dropped, **with all data in them**.",
    change: "update",
  }),
  adopt,
  timeouts,
} as const;

const outputs = {
  partitionIds: optional(stringMap(), {
    doc: "The ids that the server gave the partitions, by name. Empty on Milvus Lite, which gives none.",
    change: "ignore",
  }),
} as const;

export type PartitionSetInputs = ValuesOf<typeof inputs> & { databaseName: string };
export type PartitionSetState = Omit<PartitionSetInputs, "adopt" | "declaredCollection"> &
  ValuesOf<typeof outputs>;

export const partitionSet: Resource<Milvus, PartitionSetInputs, PartitionSetState> = {
  kind: "PartitionSet",
  doc:
    "Many partitions of one collection as one resource: one entry in the state, one release for all that go.\n\n" +
    "For collections with hundreds of partitions, such as one for each tenant; a few are better declared as " +
    "`Partition`. Removed from the program, all of its partitions are dropped. Milvus: " +
    "https://milvus.io/docs/manage-partitions.md",
  example: [
    DOCUMENTS,
    declare("PartitionSet", "tenants", { collection: the("documents"), partitionNames: ["acme", "globex"] }),
  ],
  inputs,
  outputs,

  check({ partitionNames, declaredCollection }, report) {
    for (const name of namesIn(partitionNames)) refuseDefaultPartition("partitionNames", name, report);
    refusePartitionKey(declaredCollection?.["partitionKeyField"], report);
  },

  describe: ({ collectionName }) => `partition set of collection ${collectionName}`,
  id: ({ databaseName, collectionName }) => `${databaseName}/${collectionName}`,
  /** Of a set that a program only reads: all partitions that there are. */
  fromId: (id, { database }) => parseCollectionId(id, database),
  sameName: (old, wanted, run) => inSameCollection(run, old, wanted),

  renamed: underNewName,
  parts: (values) =>
    namesIn(values.partitionNames).map((partitionName) => {
      const state = partOf(values as PartitionSetState, partitionName);
      const object = describePartition(state);
      return { kind: "Partition", id: partitionId(state), object, state: { ...state } };
    }),
  onlyParts: (state, ids) => ({
    ...state,
    partitionNames: namesIn(state.partitionNames).filter((name) => ids.has(partitionId(partOf(state, name)))),
  }),

  replacedWith: replacedWithCollection,

  losses: (milvus, state, prove) => lossesOf(milvus, state, namesIn(state.partitionNames), prove),
  /** Which names go is known once all names are. */
  lossesOfUpdate: async (milvus, old, wanted, prove) =>
    containsUnknown(wanted.partitionNames) ? [] : lossesOf(milvus, old, removedNames(old, wanted), prove),

  /** What a server has is listed as single partitions. */
  list: () => Promise.resolve([]),

  async read(milvus, state) {
    const collection = await findOurs(milvus, state as PartitionSetState);
    if (!collection) return undefined;
    const found = await milvus.partitions.list(collection);
    const known = { ...(state as PartitionSetState), ...collectionOf(collection) };
    const names = state.partitionNames
      ? namesIn(state.partitionNames)
      : found.map(({ partitionName }) => partitionName).filter((name) => name !== DEFAULT_PARTITION);
    return stateOf(known, collection.collectionId, oursAmong(found, known, names));
  },

  /** The first that is refused stops all of them. */
  async standing(milvus, wanted) {
    const { existing } = await partedByPresence(milvus, wanted, namesIn(wanted.partitionNames));
    if (existing.length === 0) return undefined;
    const found = await Promise.all(existing.map((ref) => standingPartition(milvus, ref, wanted)));
    const told = existing.map((ref, at) => `${ref.partitionName} (${found[at]?.inWords})`);
    const refusal = found.find((one) => one.refusal !== undefined)?.refusal;
    return { inWords: `with ${firstInWords(told)} of it`, ...(refusal !== undefined && { refusal }) };
  },

  async create(milvus, wanted) {
    const operation = milvus.within(wanted.timeouts?.create ?? DEFAULT_TIMEOUTS.create);
    const collection = await describeParent(operation, wanted, partitionSet.describe(wanted));
    refusePartitionKey(collection.fields.find((field) => field.isPartitionKey)?.name, (_, reason) => {
      throw new Error(`${partitionSet.describe(wanted)}: ${reason}`);
    });
    const nothing = stateOf(wanted, collection.collectionId, []);
    return change(operation, nothing, wanted, namesIn(wanted.partitionNames), []);
  },

  async update(milvus, old, wanted) {
    const operation = milvus.within(wanted.timeouts?.update ?? DEFAULT_TIMEOUTS.update);
    const before = new Set(namesIn(old.partitionNames));
    const added = namesIn(wanted.partitionNames).filter((name) => !before.has(name));
    return change(operation, old, wanted, added, removedNames(old, wanted));
  },

  async delete(milvus, state) {
    if (goesWithCollection(milvus, state)) return;
    const operation = milvus.within(state.timeouts?.delete ?? DEFAULT_TIMEOUTS.delete);
    const failures = await remove(operation, state, namesIn(state.partitionNames));
    if (failures.length > 0) throw new Error(inWords(failures));
  },
};

function removedNames(old: PartitionSetState, wanted: PartitionSetInputs): string[] {
  const after = new Set(namesIn(wanted.partitionNames));
  return namesIn(old.partitionNames).filter((name) => !after.has(name));
}

function partOf(state: PartitionSetState, partitionName: string): KnownPartition {
  const { databaseName, collectionName, collectionId, partitionIds } = state;
  return {
    databaseName,
    collectionName,
    collectionId,
    partitionName,
    partitionId: idOf(partitionIds, partitionName),
  };
}

/** A partition may have a name like what every object has: `constructor`. */
function idOf(ids: PartitionSetState["partitionIds"], partitionName: string): string | undefined {
  return ids && Object.hasOwn(ids, partitionName) ? ids[partitionName] : undefined;
}

async function lossesOf(milvus: Milvus, state: PartitionSetState, names: readonly string[], prove: boolean) {
  const losses = await Promise.all(names.map((name) => lossOfPartition(milvus, partOf(state, name), prove)));
  // Of a collection that goes as a whole each says the same.
  return [...new Map(losses.flat().map((loss) => [loss.id, loss])).values()];
}

/** Those of the names that are there and still the ones in the state. */
function oursAmong(
  found: readonly PartitionDescription[],
  known: PartitionSetState,
  names: readonly string[],
): PartitionDescription[] {
  const wanted = new Set(names);
  return found.filter(({ partitionName, partitionId }) => {
    if (!wanted.has(partitionName)) return false;
    const isOurs = !isAnother(idOf(known.partitionIds, partitionName), partitionId);
    if (!isOurs)
      log(
        `${aPartition(partOf(known, partitionName))} was dropped and made again by somebody else: it is not the one in ` +
          "the state",
      );
    return isOurs;
  });
}

function stateOf(
  { adopt: _, declaredCollection: __, ...kept }: PartitionSetInputs & { partitionIds?: unknown },
  collectionId: string | undefined,
  partitions: readonly PartitionDescription[],
): PartitionSetState {
  const names = partitions.map(({ partitionName }) => partitionName).sort();
  const ids = partitions.flatMap(({ partitionName, partitionId }) =>
    partitionId === undefined ? [] : [[partitionName, partitionId] as const],
  );
  return {
    ...kept,
    collectionId: collectionId ?? "",
    partitionNames: names,
    partitionIds: Object.fromEntries(ids),
  };
}

/** What was done is kept, whatever else failed: the next up goes on from there. */
async function change(
  milvus: Milvus,
  old: PartitionSetState,
  wanted: PartitionSetInputs,
  added: readonly string[],
  removed: readonly string[],
): Promise<PartitionSetState> {
  const failures = [...(await add(milvus, wanted, added)), ...(await remove(milvus, old, removed))];
  const found = await milvus.partitions.list(wanted);
  const known = { ...wanted, collectionId: old.collectionId, partitionIds: old.partitionIds };
  // Whether the others are still there is for a refresh to find out.
  const staying = namesIn(old.partitionNames)
    .filter((name) => !removed.includes(name))
    .map((name) => ({ partitionName: name, partitionId: old.partitionIds?.[name] }));
  const reached = [...staying, ...oursAmong(found, known, [...added, ...removed])];
  const state = stateOf(known, old.collectionId, reached);
  if (failures.length === 0) return state;
  throw new Unfinished(state, inWords(failures));
}

async function add(milvus: Milvus, wanted: PartitionSetInputs, names: readonly string[]): Promise<Error[]> {
  if (names.length === 0) return [];
  const { existing, missing } = await partedByPresence(milvus, wanted, names);
  await takeOverPartitions(milvus, existing, wanted);
  if (missing.length === 0) return [];
  const failures = await failuresOf(missing.map((ref) => milvus.partitions.create(ref)));
  const made = missing.map(({ partitionName }) => partitionName);
  return [...failures, ...(await failuresOf([releaseUnnamed(milvus, collectionOf(wanted), made)]))];
}

async function partedByPresence(milvus: Milvus, ref: CollectionRef, names: readonly string[]) {
  const present = new Set(await allPartitions(milvus, ref));
  const refs = names.map((partitionName) => ({ ...collectionOf(ref), partitionName }));
  const isPresent = ({ partitionName }: PartitionRef): boolean => present.has(partitionName);
  return { existing: refs.filter(isPresent), missing: refs.filter((one) => !isPresent(one)) };
}

function remove(milvus: Milvus, state: PartitionSetState, names: readonly string[]): Promise<Error[]> {
  return failuresOf(names.map((name) => removePartition({ milvus, state: partOf(state, name) })));
}

async function failuresOf(work: readonly Promise<void>[]): Promise<Error[]> {
  const outcomes = await Promise.allSettled(work);
  return outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [asError(outcome.reason)] : []));
}

/** Hundreds may fail for one reason. */
function inWords(failures: readonly Error[]): string {
  const [first, ...others] = failures.map(({ message }) => message);
  return others.length === 0 ? String(first) : `${first} (and ${others.length} more partitions failed)`;
}
