import { type Caller, withVersion, sharedAnswer } from "./caller";
import { emptyAnswer, orNothing } from "./errors";
import { aCollection, aPartition, type CollectionRef, keyOf, type PartitionRef, wire } from "./names";
import { SharedRead } from "./shared-reads";
import { knows } from "./versions";

export interface PartitionDescription {
  readonly partitionName: string;
  readonly partitionId?: string;
}

export class Partitions {
  private readonly lists: SharedRead<CollectionRef, PartitionDescription[]>;

  constructor(
    private readonly caller: Caller,
    shared?: Partitions,
  ) {
    this.lists = shared?.lists ?? new SharedRead(keyOf, (ref) => this.listNow(ref));
  }

  /** Throws NotFoundError when there is no such collection. */
  list(ref: CollectionRef): Promise<PartitionDescription[]> {
    return sharedAnswer(this.caller, this.lists, ref, "ShowPartitions", aCollection(ref));
  }

  /** Nothing as well when the collection is not there. */
  async find(ref: PartitionRef): Promise<PartitionDescription | undefined> {
    const partitions = await orNothing(this.list(ref));
    return partitions?.find(({ partitionName }) => partitionName === ref.partitionName);
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
