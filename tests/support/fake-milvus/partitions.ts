/** Partitions. Milvus: the partition tasks of internal/proxy/task.go and internal/rootcoord. */
import type { Calls, OfCollection } from "./calls";
import { collectionOf, partitionKeyOf } from "./collections";
import { hasLoaded, loadedPercentageOf, loadNewPartition } from "./loading";
import { checkPartitionName } from "./names";
import { CODES, refusal, type Refusal, unexpected } from "./status";
import { type Collection, milliseconds, type Partition, type World } from "./world";

export interface OfPartition extends OfCollection {
  readonly partition_name: string;
}

interface Show extends OfCollection {
  readonly type: "All" | "InMemory";
  readonly partition_names: readonly string[];
}

export function newPartition(world: World, name: string): Partition {
  return { id: world.newId(), name, created: world.timestamp() };
}

export function partitionNotFound(name: string): Refusal {
  return refusal(CODES.partitionNotFound, `partition not found[partition=${name}]`);
}

export function partitionOf(collection: Collection, name: string): Partition {
  const found = collection.partitions.find((partition) => partition.name === name);
  if (!found) throw partitionNotFound(name);
  return found;
}

/** Partitions of a partition key are Milvus's own. */
export function refuseWithPartitionKey(collection: Collection, what: string): void {
  if (partitionKeyOf(collection)) throw unexpected(`disable ${what} if partition key mode is used`);
}

export const partitionCalls: Calls = {
  /** Asked for again it is a success. */
  CreatePartition(world, request: OfPartition) {
    const collection = collectionOf(world, request);
    checkPartitionName(world, request.partition_name);
    refuseWithPartitionKey(collection, "create partition");
    if (collection.partitions.some(({ name }) => name === request.partition_name)) return undefined;
    const partition = newPartition(world, request.partition_name);
    collection.partitions = [...collection.partitions, partition];
    loadNewPartition(world, collection, partition);
    return undefined;
  },

  /** One that is missing is no error. */
  DropPartition(world, request: OfPartition) {
    const collection = collectionOf(world, request);
    checkPartitionName(world, request.partition_name);
    refuseWithPartitionKey(collection, "drop partition");
    const partition = collection.partitions.find(({ name }) => name === request.partition_name);
    if (!partition) return undefined;
    if (hasLoaded(collection, partition.id))
      throw unexpected("partition cannot be dropped, partition is loaded, please release it first");
    if (partition.name === "_default") throw unexpected("default partition cannot be deleted");
    collection.partitions = collection.partitions.filter((one) => one !== partition);
    collection.rows = collection.rows.filter(({ partitionId }) => partitionId !== partition.id);
    return undefined;
  },

  HasPartition(world, request: OfPartition) {
    const collection = collectionOf(world, request);
    checkPartitionName(world, request.partition_name);
    return { value: collection.partitions.some(({ name }) => name === request.partition_name) };
  },

  ShowPartitions(world, request: Show) {
    const collection = collectionOf(world, request);
    const inMemory = request.type === "InMemory";
    const listed = inMemory
      ? collection.partitions.filter(({ id }) => hasLoaded(collection, id))
      : collection.partitions;
    return {
      partition_names: listed.map(({ name }) => name),
      partitionIDs: listed.map(({ id }) => id),
      created_timestamps: listed.map(({ created }) => created),
      created_utc_timestamps: listed.map(({ created }) => milliseconds(created)),
      ...(inMemory && {
        inMemory_percentages: listed.map(({ id }) => String(loadedPercentageOf(collection, id))),
      }),
    };
  },
};
