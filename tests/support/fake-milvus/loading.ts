/** What is loaded, by which call, and how far. Milvus: internal/querycoordv2/services.go and job/. */
import type { Calls, OfCollection } from "./calls";
import { collectionOf } from "./collections";
import { indexesThatLoadNeeds } from "./indexes";
import { partitionOf, refuseWithPartitionKey } from "./partitions";
import { CODES, refusal, Refusal } from "./status";
import { type Collection, DEFAULT_RESOURCE_GROUP, type Load, type Partition, type World } from "./world";

interface LoadCollection extends OfCollection {
  readonly replica_number: number;
  readonly resource_groups: readonly string[];
  readonly load_fields: readonly string[];
}

interface LoadPartitions extends LoadCollection {
  readonly partition_names: readonly string[];
}

interface OfPartitions extends OfCollection {
  readonly partition_names: readonly string[];
}

export function isLoaded({ load }: Collection): boolean {
  return load !== undefined;
}

export function hasLoaded({ load }: Collection, partitionId: string): boolean {
  return load?.partitionIds.has(partitionId) ?? false;
}

/** A partition is loaded or has only just begun to be. */
export function loadedPercentageOf({ load }: Collection, partitionId: string): number {
  return (load?.readyAt.get(partitionId) ?? 0) > Date.now() ? 0 : 100;
}

export function loadedPercentage(collection: Collection): number {
  const ids = [...(collection.load?.partitionIds ?? [])];
  const sum = ids.reduce((all, id) => all + loadedPercentageOf(collection, id), 0);
  return ids.length === 0 ? 0 : Math.floor(sum / ids.length);
}

/** Of a collection that was loaded as a whole, partitions to come are loaded from the start. */
export function loadNewPartition({ load }: Collection, { id }: Partition): void {
  if (load?.whole) load.partitionIds.add(id);
}

export const loadCalls: Calls = {
  LoadCollection(world, request: LoadCollection) {
    const collection = collectionOf(world, request);
    const { partitions } = collection;
    startLoad(world, collection, request, partitions).whole = true;
    return undefined;
  },

  LoadPartitions(world, request: LoadPartitions) {
    const collection = collectionOf(world, request);
    refuseWithPartitionKey(collection, "load partitions");
    indexesThatLoadNeeds(world, collection, request.collection_name);
    const partitions = request.partition_names.map((name) => partitionOf(collection, name));
    startLoad(world, collection, request, partitions);
    return undefined;
  },

  /** What is not loaded is released already. */
  ReleaseCollection(world, request: OfCollection) {
    collectionOf(world, request).load = undefined;
    return undefined;
  },

  ReleasePartitions(world, request: OfPartitions) {
    const collection = collectionOf(world, request);
    refuseWithPartitionKey(collection, "release partitions");
    const partitions = request.partition_names.map((name) => partitionOf(collection, name));
    for (const { id } of partitions) collection.load?.partitionIds.delete(id);
    if (collection.load?.partitionIds.size === 0) collection.load = undefined;
    return undefined;
  },

  GetLoadState(world, request: OfPartitions) {
    const collection = found(() => collectionOf(world, request));
    if (!collection) return { state: "LoadStateNotExist" };
    try {
      return { state: stateOf(collection, idsOf(collection, request)) };
    } catch (error) {
      throw (error as Refusal).beside({ state: "LoadStateNotExist" });
    }
  },

  GetLoadingProgress(world, request: OfPartitions) {
    const collection = collectionOf(world, request);
    const ids = idsOf(collection, request);
    if (!collection.load && ids.length === 0)
      throw refusal(CODES.collectionNotLoaded, `collection not loaded[collection=${collection.id}]`);
    const missing = ids.find((id) => !hasLoaded(collection, id));
    if (missing !== undefined && request.partition_names.length > 0)
      throw refusal(CODES.partitionNotLoaded, `partition not loaded[partition=${missing}]`);
    const progress = String(loadedPercentage(collection));
    return { progress, refresh_progress: "100" };
  },

  GetReplicas(world, request: OfCollection & { readonly collectionID: string }) {
    const collection = collectionOf(world, request);
    const { load } = collection;
    if (!load) throw refusal(CODES.replicaNotFound, `replica not found[collection=${collection.id}]`);
    const groups = load.resourceGroups.length > 0 ? load.resourceGroups : [DEFAULT_RESOURCE_GROUP];
    return {
      replicas: Array.from({ length: load.replicas }, (_, at) => ({
        replicaID: String(at + 1),
        collectionID: collection.id,
        partition_ids: [...load.partitionIds],
        shard_replicas: [],
        node_ids: [String(at + 1)],
        resource_group_name: groups[at % groups.length],
      })),
    };
  },
};

function found<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function idsOf(collection: Collection, { partition_names }: OfPartitions): string[] {
  return partition_names.map((name) => partitionOf(collection, name).id);
}

function stateOf(collection: Collection, ids: readonly string[]): string {
  const { load } = collection;
  const asked = ids.length > 0 ? ids : [...(load?.partitionIds ?? [])];
  if (!load || asked.some((id) => !load.partitionIds.has(id))) return "LoadStateNotLoad";
  return asked.every((id) => loadedPercentageOf(collection, id) === 100)
    ? "LoadStateLoaded"
    : "LoadStateLoading";
}

function startLoad(
  world: World,
  collection: Collection,
  request: LoadCollection,
  partitions: readonly Partition[],
): Load {
  indexesThatLoadNeeds(world, collection, request.collection_name);
  const replicas = Math.max(1, request.replica_number);
  refuseOtherReplicas(world, collection, replicas, request);
  const load = (collection.load ??= {
    whole: false,
    partitionIds: new Set(),
    readyAt: new Map(),
    replicas,
    resourceGroups: request.resource_groups,
    fields: request.load_fields,
  });
  const readyAt = Date.now() + world.settings.loadTime;
  for (const { id } of partitions)
    if (!load.partitionIds.has(id)) {
      load.partitionIds.add(id);
      load.readyAt.set(id, readyAt);
    }
  return load;
}

/** The detail says more than the reason. */
function refusedLoad(code: number, reason: string, where = ""): Refusal {
  return refusal(code, `failed to load collection: ${where}${reason}`).because(reason);
}

/** Replicas of what is loaded change by another load from 2.4.13 on (pull request 36417); before, by a release first. */
function refuseOtherReplicas(
  world: World,
  collection: Collection,
  replicas: number,
  { resource_groups }: LoadCollection,
): void {
  const { load } = collection;
  const missing = resource_groups.find((name) => !world.resourceGroups.has(name));
  const notFound = `resource group not found[rg=${missing}]`;
  if (missing !== undefined)
    throw load
      ? refusedLoad(
          CODES.invalidParameter,
          "given resource group not found: " +
            `invalid parameter[expected=created resource group(s)][actual=${missing}]`,
        )
      : refusedLoad(CODES.resourceGroupNotFound, `failed to spawn replica for collection: ${notFound}`);
  if (load && load.replicas !== replicas && !world.isFrom("2.4.13"))
    throw refusedLoad(
      CODES.invalidParameter,
      "can't change the replica number for loaded collection: " +
        `invalid parameter[expected=${load.replicas}][actual=${replicas}]`,
    );
  if (replicas > world.settings.queryNodes)
    throw refusedLoad(CODES.unexpected, "nodes not enough", "failed to spawn replica for collection: ");
  if (load && world.isFrom("2.4.13")) {
    load.replicas = replicas;
    load.resourceGroups = resource_groups;
  }
}
