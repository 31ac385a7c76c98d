import { declare, the } from "../core/example";
import { log } from "../core/log";
import { optional, required, type ValuesOf } from "../core/properties";
import type { Resource } from "../core/resource";
import { string } from "../core/shapes";
import type { Milvus } from "../milvus/gateway";
import { aPartition, type CollectionRef } from "../milvus/names";
import type { PartitionDescription } from "../milvus/partitions";
import { DOCUMENTS } from "./common/examples";
import { goesWithCollection, replacedWithCollection, underNewName } from "./in-collection/decided";
import {
  collectionOf,
  describeParent,
  findOurs,
  inCollection,
  listInCollections,
  parseChildId,
} from "./in-collection/collection";
import { adopt, DEFAULT_TIMEOUTS, milvusName, timeouts } from "./common/inputs";
import { releaseUnnamed } from "./loads/reload";
import {
  DEFAULT_PARTITION,
  describePartition,
  isAnother,
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
  partitionName: required(milvusName("partition"), {
    doc: "The name of the partition. Default: the logical name of the resource. A change replaces.",
    change: "replace",
    inId: true,
  }),
  adopt,
  timeouts,
} as const;

const outputs = {
  partitionId: optional(string(), {
    doc: "The id that the server gave the partition. Empty on Milvus Lite, which gives none.",
    change: "ignore",
  }),
} as const;

export type PartitionInputs = ValuesOf<typeof inputs> & { databaseName: string };
export type PartitionState = Omit<PartitionInputs, "adopt" | "declaredCollection"> & ValuesOf<typeof outputs>;

export const partition: Resource<Milvus, PartitionInputs, PartitionState> = {
  kind: "Partition",
  doc:
    "A partition of a collection.\n\n" +
    "Removed from the program, it is released and dropped at the next `pulumi up`, **with all data in it**; the " +
    "rest of the collection stays loaded. Milvus: https://milvus.io/docs/manage-partitions.md",
  example: [DOCUMENTS, declare("Partition", "y2024", { collection: the("documents") })],
  inputs,
  outputs,
  nameInput: "partitionName",

  check({ partitionName, declaredCollection }, report) {
    if (partitionName !== undefined) refuseDefaultPartition("partitionName", partitionName, report);
    refusePartitionKey(declaredCollection?.["partitionKeyField"], report);
  },

  describe: describePartition,
  id: partitionId,
  fromId(id, { database }) {
    const { name, ...collection } = parseChildId(id, database);
    return { ...collection, partitionName: name };
  },
  sameName: (old, wanted) =>
    old.partitionName === wanted.partitionName &&
    old.collectionName === wanted.collectionName &&
    old.databaseName === wanted.databaseName,

  losses: lossOfPartition,

  renamed: underNewName,
  replacedWith: replacedWithCollection,

  list: (milvus, databaseName) => listInCollections(milvus, databaseName, (ref) => listIn(milvus, ref)),

  async read(milvus, state) {
    const known = state as PartitionState;
    const [collection, underKnownName] = await Promise.all([
      findOurs(milvus, known),
      milvus.partitions.find(known),
    ]);
    if (!collection) return undefined;
    const ref = { ...known, ...collectionOf(collection) };
    const isRenamed = collection.collectionName !== known.collectionName;
    const found = isRenamed ? await milvus.partitions.find(ref) : underKnownName;
    if (!found) return undefined;
    if (isAnother(state.partitionId, found.partitionId)) {
      log(`${aPartition(ref)} was dropped and made again by somebody else: it is not the one in the state`);
      return undefined;
    }
    return stateOf(ref, collection.collectionId, found.partitionId);
  },

  async standing(milvus, wanted) {
    const found = await milvus.partitions.find(wanted);
    return found && standingPartition(milvus, wanted, wanted);
  },

  async create(milvus, wanted) {
    const operation = milvus.within(wanted.timeouts?.create ?? DEFAULT_TIMEOUTS.create);
    const [collection, existing] = await Promise.all([
      describeParent(operation, wanted, aPartition(wanted)),
      operation.run.made.find(wanted) ? undefined : operation.partitions.find(wanted),
    ]);
    refusePartitionKey(collection.fields.find((field) => field.isPartitionKey)?.name, (_, reason) => {
      throw new Error(`${aPartition(wanted)}: ${reason}`);
    });
    if (existing) await takeOverPartitions(operation, [wanted], wanted);
    const found = existing ?? (await make(operation, wanted));
    return stateOf(wanted, collection.collectionId, found?.partitionId);
  },

  /** Only the collection's name can have changed: the partition went along when it was renamed. */
  update: (_, old, wanted) => Promise.resolve(stateOf(wanted, old.collectionId, old.partitionId)),

  async delete(milvus, state) {
    if (goesWithCollection(milvus, state)) return;
    await removePartition({
      milvus: milvus.within(state.timeouts?.delete ?? DEFAULT_TIMEOUTS.delete),
      state,
    });
  },
};

async function make(milvus: Milvus, wanted: PartitionInputs): Promise<PartitionDescription | undefined> {
  const made = await milvus.partitions.make(wanted);
  await releaseUnnamed(milvus, collectionOf(wanted), [wanted.partitionName]);
  return made;
}

/** Those of a collection with a partition key are Milvus's own. */
async function listIn(milvus: Milvus, ref: CollectionRef): Promise<PartitionState[]> {
  const { collectionId, fields } = await milvus.collections.describe(ref);
  if (fields.some((field) => field.isPartitionKey)) return [];
  const partitions = await milvus.partitions.list(ref);
  return partitions
    .filter(({ partitionName }) => partitionName !== DEFAULT_PARTITION)
    .map(({ partitionName, partitionId }) => stateOf({ ...ref, partitionName }, collectionId, partitionId));
}

function stateOf(wanted: PartitionInputs, collectionId?: string, partitionId?: string): PartitionState {
  const { adopt: _, declaredCollection: __, ...kept } = wanted;
  return { ...kept, collectionId: collectionId ?? "", partitionId: partitionId ?? "" };
}
