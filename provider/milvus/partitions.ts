import { setTimeout as sleep } from "node:timers/promises";

import { type Caller, withVersion, sharedAnswer } from "./caller";
import { emptyAnswer, orNothing } from "./errors";
import { aCollection, aPartition, type CollectionRef, keyOf, type PartitionRef, wire } from "./names";
import { SharedRead } from "./shared-reads";
import { knows } from "./versions";

export interface PartitionDescription {
  readonly partitionName: string;
  readonly partitionId?: string;
}

/** How long one that was made waits for those being made beside it, to look at all of them at once, in milliseconds. */
const TOGETHER = 25;

export class Partitions {
  private readonly lists: SharedRead<CollectionRef, PartitionDescription[]>;
  /** How many are being made, by collection. */
  private readonly making: Map<string, number>;

  constructor(
    private readonly caller: Caller,
    shared?: Partitions,
  ) {
    this.lists = shared?.lists ?? new SharedRead(keyOf, (ref) => this.listNow(ref));
    this.making = shared?.making ?? new Map<string, number>();
  }

  /** Throws NotFoundError when there is no such collection. */
  list(ref: CollectionRef, since = this.caller.since): Promise<PartitionDescription[]> {
    const { address, deadline } = this.caller;
    return sharedAnswer({ address, deadline, since }, this.lists, ref, "ShowPartitions", aCollection(ref));
  }

  /** Nothing as well when the collection is not there. */
  async find(ref: PartitionRef, since?: number): Promise<PartitionDescription | undefined> {
    const partitions = await orNothing(this.list(ref, since));
    return partitions?.find(({ partitionName }) => partitionName === ref.partitionName);
  }

  /** Makes it, and looks for what the server made of it; one look serves those that are made side by side. */
  async make(ref: PartitionRef): Promise<PartitionDescription | undefined> {
    const key = keyOf(ref);
    this.making.set(key, this.beingMade(key) + 1);
    try {
      await this.create(ref);
      const since = Date.now() + 1;
      if (this.beingMade(key) === 1) return await this.find(ref);
      await sleep(TOGETHER);
      return await this.find(ref, since);
    } finally {
      this.making.set(key, this.beingMade(key) - 1);
    }
  }

  private beingMade(key: string): number {
    return this.making.get(key) ?? 0;
  }

  async create(ref: PartitionRef): Promise<void> {
    await this.caller.call({
      operation: "CreatePartition",
      object: aPartition(ref),
      run: (client, timeout) =>
        client.createPartition({ ...wire(ref), partition_name: ref.partitionName, timeout }),
      settled: async () => (await this.find(ref)) !== undefined,
    });
  }

  /** A partition that is not there is no error. */
  async drop(ref: PartitionRef): Promise<void> {
    await orNothing(
      this.caller.call({
        operation: "DropPartition",
        object: aPartition(ref),
        run: (client, timeout) =>
          client.dropPartition({ ...wire(ref), partition_name: ref.partitionName, timeout }),
        settled: async () => (await this.find(ref)) === undefined,
      }),
    );
  }

  private async listNow(ref: CollectionRef): Promise<PartitionDescription[]> {
    const [reply, server] = await withVersion(this.caller, {
      operation: "ShowPartitions",
      object: aCollection(ref),
      run: (client, timeout) => client.showPartitions({ ...wire(ref), timeout }),
    });
    // Every collection has one at least.
    if (reply.data.length === 0) throw emptyAnswer("ShowPartitions", aCollection(ref), this.caller.address);
    const withIds = knows(server, "reportsIds");
    return reply.data.map(({ name, id }) => ({ partitionName: name, partitionId: withIds ? id : undefined }));
  }
}
