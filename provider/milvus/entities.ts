/** How much data an object holds, and how sure that is. */
import { setTimeout as sleep } from "node:timers/promises";

import type { GetFlushStateReq } from "@zilliz/milvus2-sdk-node";

import { type Caller, sharedAnswer } from "./caller";
import { isSilence, MilvusError, NotFoundError, ranOutOfTime } from "./errors";
import type { Loading } from "./loading";
import { aCollection, aPartition, type CollectionRef, keyOf, type PartitionRef, wire } from "./names";
import type { Partitions } from "./partitions";
import { SharedRead } from "./shared-reads";
import { knows } from "./versions";

/**
 * Exact counts come from a query, which needs the object loaded. What is not loaded has only a count of flushed
 * rows, which misses rows that are not flushed yet and still has rows that were deleted: it bounds nothing.
 */
export type EntityCount =
  | { readonly kind: "exact"; readonly rows: number }
  /** Part of it is loaded and has so many; the rest is not known. */
  | { readonly kind: "at least"; readonly rows: number }
  | { readonly kind: "unknown"; readonly flushedRows: number };

/** The SDK's type leaves these open. */
interface FlushReply {
  readonly coll_segIDs: Record<string, { data: string[] }>;
  readonly coll_flush_ts?: Record<string, string>;
}

const POLL_INTERVAL = 100;
/** ConsistencyLevel.Strong: a count that sees every insert before it. */
const STRONG = 0;

export class Entities {
  private readonly ofCollections = new SharedRead<CollectionRef, EntityCount>(keyOf, (ref) =>
    this.countCollectionNow(ref),
  );
  private readonly ofPartitions = new SharedRead<PartitionRef, EntityCount>(
    (ref) => `${keyOf(ref)}/${ref.partitionName}`,
    (ref) => this.countPartitionNow(ref),
  );

  constructor(
    private readonly caller: Caller,
    private readonly partitions: Partitions,
    private readonly loading: Loading,
  ) {}

  /** `loaded`: the names of the collection's loaded partitions, for callers that count many. */
  countPartition(ref: PartitionRef, loaded?: readonly string[]): Promise<EntityCount> {
    return this.isContentWithOlder
      ? sharedAnswer(this.caller, this.ofPartitions, ref, "Query", aPartition(ref))
      : this.countPartitionNow(ref, loaded);
  }

  countCollection(ref: CollectionRef): Promise<EntityCount> {
    return this.isContentWithOlder
      ? sharedAnswer(this.caller, this.ofCollections, ref, "Query", aCollection(ref))
      : this.countCollectionNow(ref);
  }

  /** A count is work for the server, and a report asks for some twice. */
  private get isContentWithOlder(): boolean {
    return this.caller.since !== Infinity;
  }

  private async countPartitionNow(ref: PartitionRef, loaded?: readonly string[]): Promise<EntityCount> {
    const names = loaded ?? (await this.loading.loadedPartitions(ref));
    const isLoaded = names.includes(ref.partitionName);
    const byQuery = knows(await this.caller.version(), "countsByPartition");
    const counted = isLoaded && byQuery ? await this.queryLoaded(ref, [ref.partitionName]) : undefined;
    if (counted !== undefined) return { kind: "exact", rows: counted };
    const reply = await this.caller.call({
      operation: "GetPartitionStatistics",
      object: aCollection(ref),
      run: (client, timeout) =>
        client.getPartitionStatistics({ ...wire(ref), partition_name: ref.partitionName, timeout }),
    });
    const rows = rowCount(reply.data);
    // Milvus Lite counts the whole collection in such a query, and every row in its statistics.
    return isLoaded && !byQuery ? { kind: "exact", rows } : { kind: "unknown", flushedRows: rows };
  }

  private async countCollectionNow(ref: CollectionRef): Promise<EntityCount> {
    const [all, loaded] = await Promise.all([
      this.partitions.list(ref),
      this.loading.isLoaded(ref).then((is) => (is ? this.loading.loadedPartitions(ref) : [])),
    ]);
    const present = all.filter(({ partitionName }) => loaded.includes(partitionName));
    const isWhole = present.length === all.length;
    const rows = present.length === 0 ? 0 : await this.queryLoaded(ref, isWhole ? undefined : loaded);
    if (isWhole && rows !== undefined) return { kind: "exact", rows };
    if (rows !== undefined && rows > 0) return { kind: "at least", rows };
    const reply = await this.caller.call({
      operation: "GetCollectionStatistics",
      object: aCollection(ref),
      run: (client, timeout) => client.getCollectionStatistics({ ...wire(ref), timeout }),
    });
    return { kind: "unknown", flushedRows: rowCount(reply.data) };
  }

  /**
   * A count that never takes for empty what only looks so: where nothing of what is not loaded is flushed, it is flushed
   * first. Afterwards the count of flushed rows misses none, and none is exactly none.
   */
  async countProven(ref: CollectionRef, partitionName?: string): Promise<EntityCount> {
    const count = () =>
      partitionName === undefined
        ? this.countCollectionNow(ref)
        : this.countPartitionNow({ ...ref, partitionName });
    const first = await count();
    if (first.kind !== "unknown" || first.flushedRows > 0) return first;
    await this.flush(ref);
    const second = await count();
    return second.kind === "unknown" && second.flushedRows === 0 ? { kind: "exact", rows: 0 } : second;
  }

  async isProvablyEmpty(ref: CollectionRef, partitionName?: string): Promise<boolean> {
    const count = await this.countProven(ref, partitionName);
    return count.kind === "exact" && count.rows === 0;
  }

  /**
   * The best number that there is, for a comparison: of what is not loaded the flushed rows, once all of them are. Rows that
   * were deleted count among those until they are compacted.
   */
  async countWritten(ref: CollectionRef): Promise<number> {
    const first = await this.countCollectionNow(ref);
    if (first.kind !== "unknown") return first.rows;
    await this.flush(ref);
    const second = await this.countCollectionNow(ref);
    return second.kind === "unknown" ? second.flushedRows : second.rows;
  }

  async flush(ref: CollectionRef): Promise<void> {
    const reply = await this.caller.call({
      operation: "Flush",
      object: aCollection(ref),
      run: (client, timeout) =>
        client.flush({ db_name: ref.databaseName, collection_names: [ref.collectionName], timeout }),
    });
    const { coll_segIDs, coll_flush_ts } = reply as unknown as FlushReply;
    const segmentIDs = Object.values(coll_segIDs).flatMap(({ data }) => data);
    if (segmentIDs.length > 0) await this.untilFlushed(ref, segmentIDs, coll_flush_ts?.[ref.collectionName]);
  }

  private async untilFlushed(ref: CollectionRef, segmentIDs: string[], flush_ts?: string): Promise<void> {
    const late = (): Error => new Error(`${aCollection(ref)} is not flushed yet: the operation's time is up`);
    const look = () =>
      this.caller.call({
        operation: "GetFlushState",
        object: aCollection(ref),
        run: (client, timeout) =>
          client.getFlushState({
            ...wire(ref),
            segmentIDs,
            flush_ts,
            timeout,
          } as unknown as GetFlushStateReq),
      });
    for (let isFirst = true; ; isFirst = false) {
      const reply = await look().catch((error: unknown) => {
        throw !isFirst && ranOutOfTime(error) ? late() : error;
      });
      if (reply.flushed) return;
      if (Date.now() > this.caller.deadline) throw late();
      await sleep(POLL_INTERVAL);
    }
  }

  /** Nothing when it was released after it was seen loaded: by somebody else, or by another resource of this run. */
  private async queryLoaded(
    ref: CollectionRef,
    partitionNames?: readonly string[],
  ): Promise<number | undefined> {
    try {
      return await this.query(ref, partitionNames);
    } catch (error) {
      const isRefused =
        error instanceof MilvusError && !(error instanceof NotFoundError) && !isSilence(error);
      const stateNow = isRefused
        ? await this.loading.stateOf(ref, partitionNames).catch(() => undefined)
        : undefined;
      if (stateNow === "not loaded") return undefined;
      throw error;
    }
  }

  private async query(ref: CollectionRef, partitionNames?: readonly string[]): Promise<number> {
    const reply = await this.caller.call({
      operation: "Query",
      object: aCollection(ref),
      run: (client, timeout) =>
        client.query({
          ...wire(ref),
          expr: "",
          output_fields: ["count(*)"],
          consistency_level: STRONG,
          ...(partitionNames && { partition_names: [...partitionNames] }),
          timeout,
        }),
    });
    return Number(reply.data[0]?.["count(*)"] ?? 0);
  }
}

function rowCount(data: unknown): number {
  return Number((data as { row_count?: string } | undefined)?.row_count ?? 0);
}
