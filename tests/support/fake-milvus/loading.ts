/** What is loaded, by which call, and how far. Milvus: internal/querycoordv2/services.go and job/. */
import type { Calls, OfCollection } from "./calls";
import { collectionOf } from "./collections";
import { indexesThatLoadNeeds } from "./indexes";
import { partitionOf, refuseWithPartitionKey } from "./partitions";
import { CODES, refusal, Refusal, unexpected } from "./status";
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
  if ((load?.readyAt.get(partitionId) ?? 0) > Date.now() || isUnsettled(load)) return 0;
  return 100;
}

/** For a moment after a part of it was released. */
function isUnsettled(load: Load | undefined): boolean {
  return (load?.unsettledUntil ?? 0) > Date.now();
}

/** With too few nodes for its replicas it stays half loaded for ever: measured on 2.6.19 and 3.0.0. */
function shareOfReplicas(world: World, { replicas }: Load): number {
  return world.isFrom("2.6") ? Math.min(1, world.settings.queryNodes / replicas) : 1;
}

export function loadedPercentage(world: World, collection: Collection): number {
  const { load } = collection;
  const ids = [...(collection.load?.partitionIds ?? [])];
  const sum = ids.reduce((all, id) => all + loadedPercentageOf(collection, id), 0);
  return !load || ids.length === 0 ? 0 : Math.floor((sum / ids.length) * shareOfReplicas(world, load));
}

/**
 * Of a collection that was loaded as a whole, partitions to come are loaded from the start; from 2.6.4 on as soon as
 * anything of it is loaded (measured on 2.6.19 and 3.0.0, not so on 2.5.27).
 */
export function loadNewPartition(world: World, { load }: Collection, { id }: Partition): void {
  if (load?.whole || world.isFrom("2.6.4")) load?.partitionIds.add(id);
}

function isReady({ readyAt }: Load, partitionId: string): boolean {
  return (readyAt.get(partitionId) ?? 0) <= Date.now();
}

export const loadCalls: Calls = {
  LoadCollection(world, request: LoadCollection) {
    const collection = collectionOf(world, request);
    const { partitions } = collection;
    startLoad(world, collection, request, partitions, "LoadCollection").whole = true;
    return undefined;
  },

  LoadPartitions(world, request: LoadPartitions) {
    const collection = collectionOf(world, request);
    refuseWithPartitionKey(collection, "load partitions");
    indexesThatLoadNeeds(world, collection, request.collection_name);
    const partitions = request.partition_names.map((name) => partitionOf(collection, name));
    startLoad(world, collection, request, partitions, "LoadPartitions");
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
    // Measured on 2.6.19 and 3.0.0.
    if (collection.load && world.isFrom("2.6"))
      collection.load.unsettledUntil = Date.now() + world.settings.settlingTime;
    return undefined;
  },

  GetLoadState(world, request: OfPartitions) {
    const collection = found(() => collectionOf(world, request));
    if (!collection) return { state: "LoadStateNotExist" };
    try {
      return { state: stateOf(world, collection, idsOf(collection, request)) };
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
    const progress = String(loadedPercentage(world, collection));
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

function stateOf(world: World, collection: Collection, ids: readonly string[]): string {
  const { load } = collection;
  const asked = ids.length > 0 ? ids : [...(load?.partitionIds ?? [])];
  if (!load || asked.some((id) => !load.partitionIds.has(id))) return "LoadStateNotLoad";
  const hasItsReplicas = shareOfReplicas(world, load) === 1;
  const isLoaded =
    ids.length > 0
      ? (id: string) => isReady(load, id)
      : (id: string) => loadedPercentageOf(collection, id) === 100;
  return hasItsReplicas && asked.every(isLoaded) ? "LoadStateLoaded" : "LoadStateLoading";
}

function startLoad(
  world: World,
  collection: Collection,
  request: LoadCollection,
  partitions: readonly Partition[],
  call: string,
): Load {
  indexesThatLoadNeeds(world, collection, request.collection_name);
  const replicas = Math.max(1, request.replica_number);
  if (world.isFrom("2.5")) refuseReplicas(world, collection, replicas, request, call);
  else refuseOtherReplicas(world, collection, replicas, request);
  changeReplicas(world, collection, replicas, request);
  const load = (collection.load ??= {
    whole: false,
    partitionIds: new Set(),
    readyAt: new Map(),
    unsettledUntil: 0,
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
}

function changeReplicas(
  world: World,
  { load }: Collection,
  replicas: number,
  { resource_groups }: LoadCollection,
): void {
  if (!load || !world.isFrom("2.4.13")) return;
  load.replicas = replicas;
  load.resourceGroups = resource_groups;
}

/**
 * As measured on 2.5.27, 2.6.19 and 3.0.0: more replicas than there are nodes are refused at a first load, and taken of
 * what is loaded. (Newer ones try for half a minute before they refuse; the fake does not wait.)
 */
function refuseReplicas(
  world: World,
  { load }: Collection,
  replicas: number,
  { resource_groups }: LoadCollection,
  call: string,
): void {
  const start = `call query coordinator ${call}: `;
  const missing = resource_groups.find((name) => !world.resourceGroups.has(name));
  if (missing !== undefined) {
    const notFound = `resource group not found[rg=${missing}]`;
    if (world.isFrom("2.6")) throw refusal(CODES.resourceGroupNotFound, start + notFound);
    throw unexpected(`${start}failed to ${load ? "load" : "spawn replica for"} collection: ${notFound}`);
  }
  const nodes = world.settings.queryNodes;
  if (load || replicas <= nodes) return;
  if (world.isFrom("2.6"))
    throw refusal(
      CODES.serviceResourceInsufficient,
      `${start}stack trace: pkg/tracer/stack_trace.go:51 github.com/milvus-io/milvus/pkg/v2/tracer.StackTrace: ` +
        `service resource insufficient[currentStreamingNode=${nodes}][expectedStreamingNode=${replicas}]`,
    ).retriable();
  const [group = DEFAULT_RESOURCE_GROUP] = resource_groups;
  throw unexpected(
    `${start}failed to spawn replica for collection: ` +
      `resource group node not enough[rg=${group}][currentNodeNum=${nodes}][expectedNodeNum=${replicas}]`,
  );
}
