/** How much data an object holds, and how sure that is. */
import { setTimeout as sleep } from "node:timers/promises";

import type { GetFlushStateReq } from "@zilliz/milvus2-sdk-node";

import type { Caller } from "./caller";
import type { Loading } from "./loading";
import { aCollection, type CollectionRef, type PartitionRef, wire } from "./names";

/**
 * Exact counts come from a query, which needs the object loaded. What is not loaded has only a count of flushed
 * rows, which misses rows that are not flushed yet and still has rows that were deleted.
 */
export interface EntityCount {
  readonly rows: number;
  readonly exact: boolean;
}

/** The SDK's type leaves these open. */
interface FlushReply {
  readonly coll_segIDs: Record<string, { data: string[] }>;
  readonly coll_flush_ts?: Record<string, string>;
}

const POLL_INTERVAL = 100;
/** ConsistencyLevel.Strong: a count that sees every insert before it. */
const STRONG = 0;

export class Entities {
  constructor(
    private readonly caller: Caller,
    private readonly loading: Loading,
  ) {}

  async countPartition(ref: PartitionRef, loaded: boolean): Promise<EntityCount> {
    if (loaded) return { rows: await this.query(ref, [ref.partitionName]), exact: true };
    const reply = await this.caller.call({
      operation: "GetPartitionStatistics",
      object: aCollection(ref),
      run: (client, timeout) =>
        client.getPartitionStatistics({ ...wire(ref), partition_name: ref.partitionName, timeout }),
    });
    return { rows: Number((reply.data as { row_count?: string }).row_count ?? 0), exact: false };
  }

  async countCollection(ref: CollectionRef, partitionNames: readonly string[]): Promise<EntityCount> {
    if (await this.loading.isLoaded(ref)) {
      const loaded = await this.loading.loadedPartitions(ref);
      if (partitionNames.every((name) => loaded.includes(name)))
        return { rows: await this.query(ref), exact: true };
    }
    const reply = await this.caller.call({
      operation: "GetCollectionStatistics",
      object: aCollection(ref),
      run: (client, timeout) => client.getCollectionStatistics({ ...wire(ref), timeout }),
    });
    return { rows: Number((reply.data as { row_count?: string }).row_count ?? 0), exact: false };
  }

  /** Writes out what is only in memory so far; the counts of flushed rows then miss nothing. */
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
    for (;;) {
      const reply = await this.caller.call({
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
      if (reply.flushed) return;
      if (Date.now() > this.caller.deadline)
        throw new Error(`${aCollection(ref)} is not flushed yet: the operation's time is up`);
      await sleep(POLL_INTERVAL);
    }
  }

  private async query(ref: CollectionRef, partitionNames?: string[]): Promise<number> {
    const reply = await this.caller.call({
      operation: "Query",
      object: aCollection(ref),
      run: (client, timeout) =>
        client.query({
          ...wire(ref),
          expr: "",
          output_fields: ["count(*)"],
          consistency_level: STRONG,
          ...(partitionNames && { partition_names: partitionNames }),
          timeout,
        }),
    });
    return Number(reply.data[0]?.["count(*)"] ?? 0);
  }
}
