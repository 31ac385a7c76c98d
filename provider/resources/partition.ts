import { log } from "../core/log";
import { optional, required, type ValuesOf } from "../core/properties";
import type { Resource } from "../core/resource";
import { json, type Report, text } from "../core/shapes";
import type { Milvus } from "../milvus/gateway";
import { aPartition, type CollectionRef, type PartitionRef } from "../milvus/names";
import { asError } from "../milvus/shared-reads";
import { heldInWords, lossOf } from "./shared/counts";
import {
  collectionOf,
  describeParent,
  findOurs,
  findOursToChange,
  goesWithCollection,
  inCollection,
  parseChildId,
} from "./shared/in-collection";
import { adopt, DEFAULT_TIMEOUTS, milvusName, timeouts } from "./shared/inputs";
import { gathered, type Outcomes, type Removal, within } from "./shared/removals";
import { dropWhileReleased } from "./shared/while-released";

const inputs = {
  ...inCollection,
  partitionName: required(milvusName("partition"), {
    doc: "The name of the partition. Default: the logical name of the resource. A change replaces.",
    change: "replace",
    inId: true,
  }),
  /** What the program says of the collection, for rules that need no server. Sent by the SDK. */
  declaredCollection: optional(json(), {
    doc: "",
    change: "ignore",
    checkOnly: true,
    argument: "collection",
  }),
  adopt,
  timeouts,
} as const;

const outputs = {
  partitionId: optional(text(), {
    doc: "The id that the server gave the partition. Empty on Milvus Lite, which gives none.",
    change: "ignore",
  }),
} as const;

export type PartitionInputs = ValuesOf<typeof inputs> & { databaseName: string };
export type PartitionState = Omit<PartitionInputs, "adopt" | "declaredCollection"> & ValuesOf<typeof outputs>;

/** Made by Milvus with every collection, and never dropped. */
const DEFAULT_PARTITION = "_default";

export const partition: Resource<Milvus, PartitionInputs, PartitionState> = {
  kind: "Partition",
  doc:
    "A partition of a collection.\n\n" +
    "Removed from the program, it is released and dropped at the next `pulumi up`, **with all data in it**; the " +
    "rest of the collection stays loaded. Milvus: https://milvus.io/docs/manage-partitions.md",
  inputs,
  outputs,
  nameInput: "partitionName",

  check({ partitionName, declaredCollection }, report) {
    if (partitionName === DEFAULT_PARTITION)
      report(
        "partitionName",
        `${DEFAULT_PARTITION} is Milvus's own partition of every collection and cannot be declared`,
      );
    refusePartitionKey(declaredCollection?.["partitionKeyField"], report);
  },

  describe: ({ partitionName, collectionName }) =>
    `partition ${partitionName} of collection ${collectionName}`,
  id: ({ databaseName, collectionName, partitionName }) =>
    `${databaseName}/${collectionName}/${partitionName}`,
  fromId(id, { database }) {
    const { name, ...collection } = parseChildId(id, database);
    return { ...collection, partitionName: name };
  },
  sameName: (old, wanted) =>
    old.partitionName === wanted.partitionName &&
    old.collectionName === wanted.collectionName &&
    old.databaseName === wanted.databaseName,

  async loss(milvus, state, prove) {
    // In a collection that was renamed it is counted under the new name, and known by the old one.
    const found = goesWithCollection(state) ? undefined : await partition.read(milvus, state);
    if (!found) return undefined;
    if (prove && (await milvus.entities.isProvablyEmpty(found, found.partitionName))) return undefined;
    return lossOf(partition.id(state), await milvus.entities.countPartition(found));
  },

  /** Given by its name alone, the collection is the same input before and after. */
  goesBecauseOf: (old) => (goesWithCollection(old) ? "collectionName" : undefined),

  async list(milvus, databaseName) {
    const listed = await milvus.collections.list(databaseName);
    const states = await Promise.all(
      listed.map(({ name }) => listIn(milvus, { databaseName, collectionName: name })),
    );
    return states.flat();
  },

  async read(milvus, state) {
    const collection = await findOurs(milvus, state as PartitionState);
    if (!collection) return undefined;
    const ref = { ...(state as PartitionState), ...collectionOf(collection) };
    const found = await milvus.partitions.find(ref);
    if (!found) return undefined;
    if (isAnother(state, found.partitionId)) {
      log(`${aPartition(ref)} was dropped and made again by somebody else: it is not the one in the state`);
      return undefined;
    }
    return stateOf(ref, collection.collectionId, found.partitionId);
  },

  async create(milvus, wanted) {
    const operation = milvus.within(wanted.timeouts?.create ?? DEFAULT_TIMEOUTS.create);
    const collection = await describeParent(operation, wanted, aPartition(wanted));
    refusePartitionKey(collection.fields.find((field) => field.isPartitionKey)?.name, (_, reason) => {
      throw new Error(`${aPartition(wanted)}: ${reason}`);
    });
    const existing = await operation.partitions.find(wanted);
    if (existing) await takeOver(operation, wanted);
    else await operation.partitions.create(wanted);
    const made = existing ?? (await operation.partitions.find(wanted));
    return stateOf(wanted, collection.collectionId, made?.partitionId);
  },

  /** Only the collection's name can have changed: the partition went along when it was renamed. */
  update: (_, old, wanted) => Promise.resolve(stateOf(wanted, old.collectionId, old.partitionId)),

  async delete(milvus, state) {
    if (goesWithCollection(state)) return;
    await remove({ milvus: milvus.within(state.timeouts?.delete ?? DEFAULT_TIMEOUTS.delete), state });
  },
};

/** Those of a collection with a partition key are Milvus's own. */
async function listIn(milvus: Milvus, ref: CollectionRef): Promise<PartitionState[]> {
  const { collectionId, fields } = await milvus.collections.describe(ref);
  if (fields.some((field) => field.isPartitionKey)) return [];
  const partitions = await milvus.partitions.list(ref);
  return partitions
    .filter(({ partitionName }) => partitionName !== DEFAULT_PARTITION)
    .map(({ partitionName, partitionId }) => stateOf({ ...ref, partitionName }, collectionId, partitionId));
}

function refusePartitionKey(partitionKeyField: unknown, report: Report): void {
  if (typeof partitionKeyField === "string")
    report(
      "collection",
      `the collection has a partition key (${partitionKeyField}), so Milvus makes and fills its partitions itself; ` +
        "set numPartitions on the collection and declare no partitions",
    );
}

function stateOf(wanted: PartitionInputs, collectionId?: string, partitionId?: string): PartitionState {
  const { adopt: _, declaredCollection: __, ...kept } = wanted;
  return { ...kept, collectionId: collectionId ?? "", partitionId: partitionId ?? "" };
}

function isAnother(state: Partial<PartitionState>, partitionId: string | undefined): boolean {
  return Boolean(state.partitionId && partitionId) && state.partitionId !== partitionId;
}

/** Inside a collection of this stack, when empty or when asked for: what holds data of others is not ours. */
async function takeOver(milvus: Milvus, wanted: PartitionInputs): Promise<void> {
  const isTaken = wanted.collectionId !== undefined || wanted.adopt;
  const isEmpty = !isTaken && (await milvus.entities.isProvablyEmpty(wanted, wanted.partitionName));
  // Counted after the proof, which writes out what was only in memory.
  const held = isEmpty ? "no entities" : await heldInWords(milvus.entities.countPartition(wanted));
  if (isTaken || isEmpty) {
    log(`${aPartition(wanted)} exists already and is taken over; it holds ${held}`);
    return;
  }
  throw new Error(
    `${aPartition(wanted)} exists already and holds ${held}. To manage it from here, with its data, set ` +
      "`adopt: true`; otherwise choose another partitionName",
  );
}

type PartitionRemoval = Removal<PartitionState>;

const remove = gathered(removeAll);

/** Releases the partitions of one collection together and drops each; answers for each by itself. */
async function removeAll(asked: readonly PartitionRemoval[]): Promise<Outcomes> {
  const [{ milvus, state }] = asked as [PartitionRemoval];
  const collection = await findOursToChange(milvus, state);
  if (!collection) return asked.map(() => undefined);
  const siblings = within(collection, asked);
  const present = await presentOf(milvus, siblings);
  const held = await countAndRelease(milvus, present);
  return Promise.all(
    siblings.map(async (sibling) => {
      const words = held.get(sibling);
      return words === undefined ? undefined : drop(milvus, sibling.state, words).catch(asError);
    }),
  );
}

/** Those that are still there and still the ones in the state. */
async function presentOf(milvus: Milvus, siblings: readonly PartitionRemoval[]): Promise<PartitionRemoval[]> {
  const found = await Promise.all(siblings.map(({ state }) => milvus.partitions.find(state)));
  return siblings.filter(({ state }, index) => {
    const partition = found[index];
    if (partition && isAnother(state, partition.partitionId))
      log(`${aPartition(state)} was made again by somebody else: it is not ours and nothing is dropped`);
    return partition !== undefined && !isAnother(state, partition.partitionId);
  });
}

/** How much each holds, counted while it is still loaded. */
async function countAndRelease(
  milvus: Milvus,
  siblings: readonly PartitionRemoval[],
): Promise<Map<PartitionRemoval, string>> {
  const [first] = siblings;
  if (!first) return new Map();
  const ref = collectionOf(first.state);
  const loaded = await milvus.loading.loadedPartitions(ref);
  const held = new Map(
    await Promise.all(
      siblings.map(async (sibling): Promise<[PartitionRemoval, string]> => [
        sibling,
        await heldInWords(milvus.entities.countPartition(sibling.state, loaded)),
      ]),
    ),
  );
  const toRelease = siblings.map(({ state }) => state.partitionName).filter((name) => loaded.includes(name));
  if (toRelease.length > 0 && (await milvus.supports("releasePartitions")))
    await milvus.loading.releasePartitions(ref, toRelease);
  return held;
}

async function drop(milvus: Milvus, ref: PartitionRef, held: string): Promise<undefined> {
  await dropWhileReleased(
    milvus,
    () => milvus.partitions.drop(ref),
    () => milvus.loading.releasePartitions(ref, [ref.partitionName]),
  );
  log(`dropped ${aPartition(ref)} with ${held}`);
}
