import { setTimeout as sleep } from "node:timers/promises";

import { logStatus } from "../core/log";
import { type Caller, sharedAnswer } from "./caller";
import { MilvusError, NotFoundError, orNothing, ranOutOfTime, UnsupportedError } from "./errors";
import { aCollection, type CollectionRef, keyOf, wire } from "./names";
import type { Partitions } from "./partitions";
import { DEFAULT_RESOURCE_GROUP, ResourceGroups } from "./resource-groups";
import { SharedRead } from "./shared-reads";
import { MISSING } from "./status";
import { knows } from "./versions";

/** Which fields are loaded. Only who loaded them knows: Milvus does not tell. */
export interface LoadedFields {
  /** Missing: all of them. */
  readonly loadFields?: readonly string[];
  readonly skipLoadDynamicField?: boolean;
}

/** How to load a collection; what is left out is for the server to choose. */
export interface LoadSpec extends LoadedFields {
  /** Missing: the whole collection, partitions to come included. */
  readonly partitionNames?: readonly string[];
  readonly replicaNumber?: number;
  readonly resourceGroups?: readonly string[];
}

/** How a collection was loaded, to load it that way again. */
export interface LoadedAs extends LoadSpec {
  readonly replicaNumber: number;
  /** None: the default one. */
  readonly resourceGroups: readonly string[];
}

/** The replicas of a load, and where they go. */
export type Replicas = Pick<LoadSpec, "replicaNumber" | "resourceGroups">;

/** The last time that a load was seen to go on, in milliseconds since the epoch, and how far. */
interface Headway {
  readonly at: number;
  readonly to: number | undefined;
}

interface InMemory {
  readonly name: string;
  readonly loadedPercentage: string;
}

export type LoadState = "loaded" | "loading" | "not loaded";

/** Milliseconds between two looks at a load that is under way. */
const POLL_INTERVAL = 300;
/** Milliseconds between two words about it. */
const PROGRESS_INTERVAL = 5_000;
/** Servers of 2.6 take 32 s to say that there are too few nodes; in milliseconds. */
const LOAD_TIMEOUT = 90_000;
/** How long a load may stand still before it is asked whether there are nodes for it, in milliseconds. */
const STANDSTILL = 30_000;
/** How long a release may leave the rest of a collection at 0 %, with room to spare; and between two looks. */
const RELEASE_MOMENT = 2_000;
const MOMENT_INTERVAL = 50;

/** Why a load that stands still goes no further: it never will, unless something else changes. */
export class LoadStandsStill extends Error {
  override readonly name = "LoadStandsStill";
}

export class Loading {
  /** Hundreds of partitions that are counted at once take one look at what is loaded. */
  private readonly looks: SharedRead<CollectionRef, readonly InMemory[]>;

  constructor(
    private readonly caller: Caller,
    private readonly partitions: Partitions,
    shared?: Loading,
  ) {
    this.looks = shared?.looks ?? new SharedRead(keyOf, (ref) => this.lookNow(ref));
  }

  async isLoaded(ref: CollectionRef): Promise<boolean> {
    return ["LoadStateLoaded", "LoadStateLoading"].includes(await this.state(ref));
  }

  /** Whether the server says so of a collection that is there; an answer that says nothing does not. */
  async isReleased(ref: CollectionRef): Promise<boolean> {
    return (await this.state(ref)) === "LoadStateNotLoad";
  }

  /** The partitions that a search sees: those whose load has only just begun are left out. */
  async loadedPartitions(ref: CollectionRef): Promise<string[]> {
    let inMemory = await this.inMemory(ref);
    // Somebody else may have released others of them just now.
    const isNothing = (): boolean =>
      inMemory.length > 0 && inMemory.every(({ loadedPercentage }) => loadedPercentage === "0");
    await this.waitOutRelease(async () => {
      if (isNothing()) inMemory = await this.lookNow(ref);
      return isNothing();
    }, isNothing());
    return inMemory.filter(({ loadedPercentage }) => loadedPercentage !== "0").map(({ name }) => name);
  }

  /** Nothing when the collection is not loaded. */
  async loadedAs(ref: CollectionRef): Promise<LoadedAs | undefined> {
    if (!(await this.isLoaded(ref))) return undefined;
    const [loaded, all, replicas] = await Promise.all([
      this.loadedOrLoading(ref),
      this.partitions.list(ref),
      this.replicas(ref),
    ]);
    // Released by another process since its state was asked for.
    if (loaded.length === 0) return undefined;
    return { ...replicas, ...(loaded.length < all.length && { partitionNames: loaded }) };
  }

  /**
   * Loads as recorded and waits until it is loaded; partitions that went meanwhile are left out. Another process that
   * drops something of its own may release it before it is loaded: then it is asked for again.
   */
  async loadAs(ref: CollectionRef, loadedAs: LoadedAs): Promise<void> {
    while ((await this.ask(ref, loadedAs)).length > 0) {
      const say = async (): Promise<void> => logStatus(`${aCollection(ref)}: ${await this.howFar(ref)}`);
      const state = await this.untilLoaded(ref, undefined, say, loadedAs);
      if (state === "loaded") return;
      if (state === "loading" || this.isLate()) {
        const far = state === "loading" ? ` (${await this.howFar(ref)})` : "";
        throw new Error(
          `${aCollection(ref)} was asked to load and is not loaded yet${far}: ${this.caller.whyNoLonger}`,
        );
      }
      await sleep(POLL_INTERVAL);
    }
  }

  /**
   * Asks for a load and does not wait for it. Gives back the partitions that it is about: none, and nothing is asked,
   * when those that are named are all gone.
   */
  async ask(ref: CollectionRef, spec: LoadSpec): Promise<readonly string[]> {
    const { partitionNames } = spec;
    const how = wireOf(spec);
    const present = (await this.partitions.list(ref)).map(({ partitionName }) => partitionName);
    const partition_names = present.filter((name) => partitionNames?.includes(name) ?? true);
    if (partition_names.length === 0) return [];
    if (partition_names.length === present.length) {
      await this.caller.call({
        operation: "LoadCollection",
        object: aCollection(ref),
        attemptTimeout: LOAD_TIMEOUT,
        run: (client, timeout) => client.loadCollectionAsync({ ...wire(ref), ...how, timeout }),
      });
      return present;
    }
    try {
      await this.caller.call({
        operation: "LoadPartitions",
        object: aCollection(ref),
        attemptTimeout: LOAD_TIMEOUT,
        run: (client, timeout) => client.loadPartitions({ ...wire(ref), ...how, partition_names, timeout }),
      });
      return partition_names;
    } catch (error) {
      // One of them was dropped since they were listed.
      if (isPartitionNotFound(error)) return this.ask(ref, spec);
      throw error;
    }
  }

  /**
   * Until it is loaded, or somebody released it, or the time is up: then it is still loading, and goes on. One that
   * stands still where there are too few nodes for its replicas ends in LoadStandsStill.
   */
  async untilLoaded(
    ref: CollectionRef,
    partitionNames?: readonly string[],
    /** Called every few seconds while it lasts. */
    progress?: () => Promise<void>,
    replicas: Replicas = {},
  ): Promise<LoadState> {
    let told = Date.now();
    let moved: Headway = { at: Date.now(), to: undefined };
    let before: LoadState | undefined;
    for (;;) {
      const state = await this.stateNow(ref, partitionNames).catch((error: unknown) => {
        // The last look had no time for an answer.
        if (before !== undefined && ranOutOfTime(error)) return undefined;
        throw error;
      });
      if (state === undefined) return "loading";
      before = state;
      if (state !== "loading" || this.isLate()) return state;
      if (Date.now() - told > PROGRESS_INTERVAL) {
        told = Date.now();
        await progress?.();
        moved = await this.demandHeadway(ref, partitionNames, replicas, moved);
      }
      await sleep(POLL_INTERVAL);
    }
  }

  /** A big load may stand still for long: only what the server says of its nodes ends the wait. */
  private async demandHeadway(
    ref: CollectionRef,
    partitionNames: readonly string[] | undefined,
    replicas: Replicas,
    moved: Headway,
  ): Promise<Headway> {
    const to = await this.percentage(ref, partitionNames);
    if (to !== moved.to) return { at: Date.now(), to };
    const still = Date.now() - moved.at;
    const lack = still < STANDSTILL ? undefined : await this.lackOfNodes(ref, replicas);
    if (lack === undefined) return moved;
    throw new LoadStandsStill(
      `${aCollection(ref)} on Milvus at ${this.caller.address} is still being loaded (${inWords(to)}), with no progress ` +
        `for ${Math.round(still / 1_000)} s: ${lack}`,
    );
  }

  /** What the server says of the nodes for so many replicas when they are too few; nothing when it says none of it. */
  async tooFewNodesFor({ replicaNumber = 1, resourceGroups = [] }: Replicas): Promise<string | undefined> {
    if (replicaNumber < 2) return undefined;
    const server = await this.caller.version();
    if (!knows(server, "resourceGroups")) return undefined;
    const names = resourceGroups.length > 0 ? resourceGroups : [DEFAULT_RESOURCE_GROUP];
    const groups = new ResourceGroups(this.caller);
    const nodes = await Promise.all(names.map((name) => groups.find(name))).catch(nothingIfNotTold);
    if (!nodes || nodes.some((group) => group === undefined)) return undefined;
    const sum = nodes.reduce((all, group) => all + (group?.nodes ?? 0), 0);
    if (sum >= replicaNumber) return undefined;
    const where = `resource ${names.length === 1 ? "group" : "groups"} ${names.join(", ")}`;
    return (
      `too few query nodes: ${replicaNumber} replicas take a query node each, and ${where} ` +
      `${names.length === 1 ? "has" : "have"} ${sum}. Ask for fewer replicas, or give ${names.length === 1 ? "it" : "them"} more nodes`
    );
  }

  /** Of a load that is under way: replicas that got no node count as well. */
  async lackOfNodes(ref: CollectionRef, replicas: Replicas): Promise<string | undefined> {
    const lack = await this.tooFewNodesFor(replicas);
    if (lack !== undefined || (replicas.replicaNumber ?? 1) < 2) return lack;
    const found = await this.replicasOf(ref);
    const empty = found.filter((replica) => replica.node_ids.length === 0).length;
    if (empty === 0) return undefined;
    return (
      `too few query nodes: ${empty} of ${found.length} replicas have none. Ask for fewer replicas, or give the cluster ` +
      "or the resource groups more nodes"
    );
  }

  /**
   * Of the partitions together, where they are named: Milvus calls a collection loaded when one of them is. The moment
   * after the release of others is waited out.
   */
  async stateOf(ref: CollectionRef, partitionNames?: readonly string[]): Promise<LoadState> {
    let state = await this.stateNow(ref, partitionNames);
    await this.waitOutRelease(async () => {
      state = await this.stateNow(ref, partitionNames);
      return state === "loading" && (await this.percentage(ref)) === 0;
    }, state === "loading");
    return state;
  }

  private async stateNow(ref: CollectionRef, partitionNames?: readonly string[]): Promise<LoadState> {
    try {
      const state = await this.state(ref, partitionNames);
      if (state === "LoadStateLoaded") return "loaded";
      return state === "LoadStateLoading" ? "loading" : "not loaded";
    } catch (error) {
      if (isPartitionNotFound(error)) return "not loaded";
      throw error;
    }
  }

  /** Servers that have one show what is left after a release as just begun; a load that has just begun looks the same. */
  private async waitOutRelease(looksSo: () => Promise<boolean>, first = true): Promise<void> {
    if (!first || !knows(await this.caller.version(), "loadingAfterRelease")) return;
    const until = Math.min(Date.now() + RELEASE_MOMENT, this.caller.deadline - POLL_INTERVAL);
    while ((await looksSo()) && Date.now() + MOMENT_INTERVAL < until) await sleep(MOMENT_INTERVAL);
  }

  /** For people: "37% loaded", or "loading" when it cannot be said how far. */
  async howFar(ref: CollectionRef, partitionNames?: readonly string[]): Promise<string> {
    return inWords(await this.percentage(ref, partitionNames));
  }

  /** How much is loaded, 0 to 100; nothing when that cannot be said now. */
  async percentage(ref: CollectionRef, partitionNames?: readonly string[]): Promise<number | undefined> {
    try {
      const reply = await this.caller.call({
        operation: "GetLoadingProgress",
        object: aCollection(ref),
        run: (client, timeout) =>
          client.getLoadingProgress({ ...wire(ref), ...named(partitionNames), timeout }),
      });
      const percentage = Number(reply.progress);
      return Number.isNaN(percentage) ? undefined : percentage;
    } catch (error) {
      if (error instanceof MilvusError) return undefined;
      throw error;
    }
  }

  async releaseCollection(ref: CollectionRef): Promise<void> {
    await this.caller.call({
      operation: "ReleaseCollection",
      object: aCollection(ref),
      run: (client, timeout) => client.releaseCollection({ ...wire(ref), timeout }),
    });
  }

  /** All in one call: each call takes about a second when the partitions hold data, however many they are. */
  async releasePartitions(ref: CollectionRef, partitionNames: readonly string[]): Promise<void> {
    await this.caller.call({
      operation: "ReleasePartitions",
      object: `partitions ${partitionNames.join(", ")} of ${aCollection(ref)}`,
      run: (client, timeout) =>
        client.releasePartitions({ ...wire(ref), partition_names: [...partitionNames], timeout }),
    });
    // So that nobody sees the rest as if it were not loaded; that it is released whatever is heard of that.
    await this.waitOutRelease(
      async () => (await this.stateNow(ref)) === "loading" && (await this.percentage(ref)) === 0,
    ).catch(() => undefined);
  }

  private async state(ref: CollectionRef, partitionNames?: readonly string[]): Promise<string> {
    const reply = await this.caller.call({
      operation: "GetLoadState",
      object: aCollection(ref),
      run: (client, timeout) => client.getLoadState({ ...wire(ref), ...named(partitionNames), timeout }),
    });
    return String(reply.state);
  }

  /** Too late to look once more. */
  private isLate(): boolean {
    return Date.now() + POLL_INTERVAL >= this.caller.waitsUntil;
  }

  private async loadedOrLoading(ref: CollectionRef): Promise<string[]> {
    // Milvus Lite lists what is released as well, with nothing of it loaded.
    const listsLoadedOnly = knows(await this.caller.version(), "releasePartitions");
    return listsLoadedOnly ? (await this.inMemory(ref)).map(({ name }) => name) : this.loadedPartitions(ref);
  }

  private inMemory(ref: CollectionRef): Promise<readonly InMemory[]> {
    return sharedAnswer(this.caller, this.looks, ref, "ShowPartitions", aCollection(ref));
  }

  private async lookNow(ref: CollectionRef): Promise<readonly InMemory[]> {
    const reply = await this.caller.call({
      operation: "ShowPartitions",
      object: aCollection(ref),
      run: (client, timeout) => client.showPartitions({ ...wire(ref), type: IN_MEMORY, timeout }),
    });
    return reply.data;
  }

  private async replicas(ref: CollectionRef): Promise<{ replicaNumber: number; resourceGroups: string[] }> {
    const server = await this.caller.version();
    if (!knows(server, "replicas")) return { replicaNumber: 1, resourceGroups: [] };
    const replicas = await this.replicasOf(ref);
    const groups = [...new Set(replicas.map((replica) => replica.resource_group_name))].filter(
      (group) => group !== "",
    );
    return {
      replicaNumber: Math.max(1, replicas.length),
      // Beside others the default one is named; alone it is what is left out.
      resourceGroups: groups.some((group) => group !== DEFAULT_RESOURCE_GROUP) ? groups.sort() : [],
    };
  }

  private async replicasOf(ref: CollectionRef) {
    const described = await this.caller.call({
      operation: "DescribeCollection",
      object: aCollection(ref),
      run: (client, timeout) => client.describeCollection({ ...wire(ref), timeout }),
    });
    const reply = await orNothing(
      this.caller.call({
        operation: "GetReplicas",
        object: aCollection(ref),
        run: (client, timeout) =>
          client.getReplicas({ ...wire(ref), collectionID: described.collectionID, timeout }),
      }),
    );
    return reply?.replicas ?? [];
  }
}

function inWords(percentage: number | undefined): string {
  return percentage === undefined ? "loading" : `${percentage}% loaded`;
}

/** Nodes are for administrators to see, and some servers have no groups of them. */
function nothingIfNotTold(error: unknown): undefined {
  if (error instanceof MilvusError || error instanceof UnsupportedError) return undefined;
  throw error;
}

/** The wire's words for how to load; zero and nothing are the server's choice. */
function wireOf({ replicaNumber, resourceGroups, loadFields, skipLoadDynamicField }: LoadSpec) {
  return {
    replica_number: replicaNumber ?? 0,
    resource_groups: [...(resourceGroups ?? [])],
    ...(loadFields && { load_fields: [...loadFields] }),
    ...(skipLoadDynamicField && { skip_load_dynamic_field: true }),
  };
}

function named(partitionNames: readonly string[] | undefined) {
  return partitionNames && { partition_names: [...partitionNames] };
}

function isPartitionNotFound(error: unknown): boolean {
  return error instanceof NotFoundError && error.failure.code === MISSING.partition;
}

/**
 * What Milvus refuses to a collection that is loaded, until it is released: other fields, before 2.4.13 other replicas,
 * and before 2.5 more partitions once an index was made since the load.
 */
export function isRefusedWhileLoaded(error: unknown): boolean {
  return (
    error instanceof MilvusError &&
    /^(.*: )?can't change the .+ for loaded (collection|partitions)/.test(error.failure.reason)
  );
}

/** ShowType.InMemory of milvus.proto: only what is loaded. */
const IN_MEMORY = 1;
