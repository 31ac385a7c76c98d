import { type Caller, sharedAnswer } from "./caller";
import { NotFoundError, orNothing } from "./errors";
import { keyValues } from "./fields";
import { aCollection, anIndex, type CollectionRef, type IndexRef, keyOf, wire } from "./names";
import { SharedRead } from "./shared-reads";
import { MISSING } from "./status";
import { knows } from "./versions";

export interface IndexSpec extends IndexRef {
  readonly fieldName: string;
  readonly indexType?: string;
  readonly metricType?: string;
  readonly params?: Record<string, unknown>;
}

export interface IndexDescription extends IndexSpec {
  readonly state: "building" | "finished" | "failed";
  readonly failReason?: string;
  readonly indexedRows: number;
  readonly totalRows: number;
}

export class Indexes {
  private readonly lists: SharedRead<CollectionRef, IndexDescription[]>;

  constructor(
    private readonly caller: Caller,
    shared?: Indexes,
  ) {
    this.lists = shared?.lists ?? new SharedRead(keyOf, (ref) => this.listNow(ref));
  }

  /** None is an empty list; throws NotFoundError when there is no such collection. */
  list(ref: CollectionRef): Promise<IndexDescription[]> {
    return sharedAnswer(this.caller, this.lists, ref, "DescribeIndex", aCollection(ref));
  }

  /** Nothing as well when the collection is not there. */
  async find(ref: IndexRef & { fieldName?: string }): Promise<IndexDescription | undefined> {
    const [indexes, server] = await Promise.all([orNothing(this.list(ref)), this.caller.version()]);
    // Milvus Lite forgets names and keeps one index per field.
    if (!knows(server, "namedIndexes"))
      return indexes?.find(({ fieldName }) => fieldName === (ref.fieldName ?? ref.indexName));
    return indexes?.find(({ indexName }) => indexName === ref.indexName);
  }

  async create(spec: IndexSpec): Promise<void> {
    await this.caller.call({
      operation: "CreateIndex",
      object: anIndex(spec),
      run: (client, timeout) =>
        client.createIndex({
          ...wire(spec),
          index_name: spec.indexName,
          field_name: spec.fieldName,
          index_type: spec.indexType ?? "",
          ...(spec.metricType !== undefined && { metric_type: spec.metricType }),
          ...(spec.params && { params: spec.params }),
          timeout,
        }),
      settled: async () => (await this.find(spec)) !== undefined,
    });
  }

  /**
   * Names the index and its field both: Milvus goes by the name alone, Milvus Lite by the field alone, and each
   * drops another index when the one it goes by is missing.
   */
  async drop(ref: IndexRef & { fieldName: string }): Promise<void> {
    await orNothing(
      this.caller.call({
        operation: "DropIndex",
        object: anIndex(ref),
        run: (client, timeout) =>
          client.dropIndex({ ...wire(ref), index_name: ref.indexName, field_name: ref.fieldName, timeout }),
        settled: async () => (await this.find(ref)) === undefined,
      }),
    );
  }

  private async listNow(ref: CollectionRef): Promise<IndexDescription[]> {
    const reply = await this.describeAll(ref);
    return (reply?.index_descriptions ?? []).map((read) => {
      const { index_type, metric_type, params, ...rest } = keyValues(read.params);
      return {
        databaseName: ref.databaseName,
        collectionName: ref.collectionName,
        indexName: read.index_name,
        fieldName: read.field_name,
        indexType: index_type || undefined,
        metricType: metric_type === "NONE" ? undefined : metric_type || undefined,
        params: { ...parsedParams(params), ...rest },
        state: read.state === "Finished" ? "finished" : read.state === "Failed" ? "failed" : "building",
        failReason: read.index_state_fail_reason || undefined,
        indexedRows: Number(read.indexed_rows),
        totalRows: Number(read.total_rows),
      };
    });
  }

  /** "No index" and "no collection" are both told apart here: only the second is a NotFoundError. */
  private async describeAll(ref: CollectionRef) {
    try {
      return await this.caller.call({
        operation: "DescribeIndex",
        object: aCollection(ref),
        run: (client, timeout) => client.describeIndex({ ...wire(ref), timeout }),
      });
    } catch (error) {
      if (error instanceof NotFoundError && error.failure.code === MISSING.index) return undefined;
      throw error;
    }
  }
}

function parsedParams(text: string | undefined): Record<string, unknown> {
  if (text === undefined || text === "") return {};
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {};
}
