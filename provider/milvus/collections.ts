import { type Caller, withVersion, sharedAnswer } from "./caller";
import { emptyAnswer, type Failure, NotFoundError, orNothing } from "./errors";
import {
  type CollectionFunction,
  type Field,
  fromFieldSchema,
  fromFunctionObject,
  keyValues,
  toFieldType,
  toFunctionObject,
} from "./fields";
import { aCollection, type CollectionRef, keyOf, wire } from "./names";
import { loadSdk } from "./sdk";
import { SharedRead } from "./shared-reads";
import { MISSING } from "./status";
import { knows } from "./versions";

export interface CollectionSpec extends CollectionRef {
  readonly description?: string;
  readonly fields: readonly Field[];
  readonly functions?: readonly CollectionFunction[];
  readonly enableDynamicField?: boolean;
  readonly consistencyLevel?: string;
  readonly shardsNum?: number;
  readonly numPartitions?: number;
  readonly properties?: Record<string, string>;
}

/** A collection as the server describes it. What a server is known not to report is missing. */
export interface CollectionDescription extends CollectionSpec {
  readonly collectionId?: string;
  /** Missing where the server does not tell them truly here: see Aliases.of. */
  readonly aliases?: readonly string[];
  readonly properties: Record<string, string>;
}

export interface ListedCollection {
  readonly collectionName: string;
  /** Missing where the server gives none. */
  readonly collectionId?: string;
}

export class Collections {
  private readonly descriptions: SharedRead<CollectionRef, CollectionDescription>;

  constructor(
    private readonly caller: Caller,
    shared?: Collections,
  ) {
    this.descriptions = shared?.descriptions ?? new SharedRead(keyOf, (ref) => this.describeNow(ref));
  }

  /** Throws NotFoundError when there is none; an alias of that name is none. */
  describe(ref: CollectionRef): Promise<CollectionDescription> {
    return sharedAnswer(this.caller, this.descriptions, ref, "DescribeCollection", aCollection(ref));
  }

  find(ref: CollectionRef): Promise<CollectionDescription | undefined> {
    return orNothing(this.describe(ref));
  }

  /** Throws NotFoundError when there is no such database. */
  async list(databaseName: string): Promise<readonly ListedCollection[]> {
    const [reply, server] = await withVersion(this.caller, {
      operation: "ShowCollections",
      object: `the collections of database ${databaseName}`,
      run: (client, timeout) => client.showCollections({ db_name: databaseName, timeout }),
    });
    const hasIds = knows(server, "reportsIds");
    return reply.data.map(({ name, id }) => ({ collectionName: name, ...(hasIds && { collectionId: id }) }));
  }

  /** The collection with an id, whatever its name is now. */
  async findById(databaseName: string, collectionId: string): Promise<CollectionDescription | undefined> {
    const listed = await orNothing(this.list(databaseName));
    const named = listed?.find((one) => one.collectionId === collectionId);
    return named && this.find({ databaseName, collectionName: named.collectionName });
  }

  /**
   * The collection that a name is an alias of, if it is one. `Aliases.target` asks DescribeAlias, which newer servers
   * answer to those only who have that privilege; whoever makes a collection may lack it.
   */
  async aliasTarget({ databaseName, collectionName }: CollectionRef): Promise<string | undefined> {
    const reply = await orNothing(
      this.caller.call({
        operation: "DescribeCollection",
        object: aCollection({ databaseName, collectionName }),
        run: (client, timeout) =>
          client.describeCollection({ ...wire({ databaseName, collectionName }), timeout }),
      }),
    );
    const name = reply && this.nameIn(reply, { databaseName, collectionName });
    return name === collectionName ? undefined : name;
  }

  async create(spec: CollectionSpec): Promise<void> {
    const { DataType } = loadSdk();
    await this.caller.call({
      operation: "CreateCollection",
      object: aCollection(spec),
      run: (client, timeout) =>
        client.createCollection({
          ...wire(spec),
          description: spec.description ?? "",
          fields: spec.fields.map((field) => toFieldType(field, DataType)),
          ...(spec.functions?.length && { functions: spec.functions.map(toFunctionObject) }),
          enable_dynamic_field: spec.enableDynamicField ?? false,
          ...(spec.consistencyLevel !== undefined && { consistency_level: spec.consistencyLevel }),
          ...(spec.shardsNum !== undefined && { shards_num: spec.shardsNum }),
          ...(spec.numPartitions !== undefined && { num_partitions: spec.numPartitions }),
          ...(spec.properties && { properties: spec.properties }),
          timeout,
        }),
      settled: async () => (await this.find(spec)) !== undefined,
    });
  }

  async rename(ref: CollectionRef, newName: string): Promise<void> {
    const renamed = { ...ref, collectionName: newName };
    await this.caller.call({
      operation: "RenameCollection",
      object: `${aCollection(ref)} to ${newName}`,
      run: (client, timeout) =>
        client.renameCollection({
          ...wire(ref),
          new_collection_name: newName,
          // Left empty, servers take the default database for the new one.
          new_db_name: ref.databaseName,
          timeout,
        }),
      settled: async () => (await this.find(ref)) === undefined && (await this.find(renamed)) !== undefined,
    });
  }

  /** Sets the given properties; others stay. */
  async setProperties(ref: CollectionRef, properties: Record<string, string>): Promise<void> {
    await this.caller.call({
      operation: "AlterCollection",
      object: aCollection(ref),
      run: (client, timeout) => client.alterCollectionProperties({ ...wire(ref), properties, timeout }),
    });
  }

  async dropProperties(ref: CollectionRef, keys: readonly string[]): Promise<void> {
    await this.caller.call({
      operation: "AlterCollection",
      object: aCollection(ref),
      run: (client, timeout) =>
        client.dropCollectionProperties({ ...wire(ref), properties: [...keys], timeout }),
    });
  }

  async setFieldProperties(
    ref: CollectionRef,
    field: string,
    properties: Record<string, string>,
  ): Promise<void> {
    await this.caller.call({
      operation: "AlterCollectionField",
      object: `field ${field} of ${aCollection(ref)}`,
      run: (client, timeout) =>
        client.alterCollectionFieldProperties({ ...wire(ref), field_name: field, properties, timeout }),
    });
  }

  /** What is added to rows that are there is null. Newer servers take it in another call, which the SDK tries first. */
  async addField(ref: CollectionRef, field: Field): Promise<void> {
    const { DataType } = loadSdk();
    await this.caller.call({
      operation: "AddCollectionField",
      object: `field ${field.name} of ${aCollection(ref)}`,
      run: (client, timeout) =>
        client.addCollectionField({ ...wire(ref), field: toFieldType(field, DataType), timeout }),
      settled: () => this.hasField(ref, field.name),
    });
  }

  async dropField(ref: CollectionRef, name: string): Promise<void> {
    await this.caller.call({
      operation: "AlterCollectionSchema",
      object: `the drop of field ${name} of ${aCollection(ref)}`,
      run: (client, timeout) => client.dropCollectionField({ ...wire(ref), field_name: name, timeout }),
      settled: async () => !(await this.hasField(ref, name)),
    });
  }

  /** With the field that it fills, and the index on that, without which Milvus takes neither. */
  async addFunction(
    ref: CollectionRef,
    added: CollectionFunction,
    output: Field,
    index: { readonly indexType: string; readonly metricType: string },
  ): Promise<void> {
    const { DataType } = loadSdk();
    await this.caller.call({
      operation: "AlterCollectionSchema",
      object: `function ${added.name} of ${aCollection(ref)}`,
      run: (client, timeout) =>
        client.addFunctionField({
          ...wire(ref),
          field: { ...toFieldType(output, DataType), is_function_output: true },
          function: toFunctionObject(added),
          index_name: output.name,
          extra_params: { index_type: index.indexType, metric_type: index.metricType },
          timeout,
        }),
      settled: () => this.hasField(ref, output.name),
    });
  }

  /** With the fields that it fills and the indexes on them. */
  async dropFunction(ref: CollectionRef, name: string): Promise<void> {
    await this.caller.call({
      operation: "AlterCollectionSchema",
      object: `the drop of function ${name} of ${aCollection(ref)}`,
      run: (client, timeout) => client.dropFunctionField({ ...wire(ref), function_name: name, timeout }),
      settled: async () => {
        const { functions = [] } = await this.describe(ref);
        return !functions.some((one) => one.name === name);
      },
    });
  }

  private async hasField(ref: CollectionRef, name: string): Promise<boolean> {
    return (await this.describe(ref)).fields.some((field) => field.name === name);
  }

  /** A collection that is not there is no error. */
  async drop(ref: CollectionRef): Promise<void> {
    await orNothing(
      this.caller.call({
        operation: "DropCollection",
        object: aCollection(ref),
        run: (client, timeout) => client.dropCollection({ ...wire(ref), timeout }),
        settled: async () => (await this.find(ref)) === undefined,
      }),
    );
  }

  private nameIn(
    { schema, collection_name }: { schema: { name: string }; collection_name: string },
    ref: CollectionRef,
  ): string {
    const name = schema.name || collection_name;
    if (!name) throw emptyAnswer("DescribeCollection", aCollection(ref), this.caller.address);
    return name;
  }

  private async describeNow(ref: CollectionRef): Promise<CollectionDescription> {
    const operation = "DescribeCollection";
    const [reply, server] = await withVersion(this.caller, {
      operation,
      object: aCollection(ref),
      run: (client, timeout) => client.describeCollection({ ...wire(ref), timeout }),
    });
    const { schema } = reply;
    const realName = this.nameIn(reply, ref);
    if (realName !== ref.collectionName)
      throw new NotFoundError(missing(operation, ref, `${ref.collectionName} is an alias of ${realName}`));
    const hasPartitionKey = schema.fields.some((field) => field.is_partition_key);
    const reported = <T>(feature: Parameters<typeof knows>[1], value: T): T | undefined =>
      knows(server, feature) ? value : undefined;
    return {
      // Whoever asks may have more than names, and others get the same answer.
      databaseName: ref.databaseName,
      collectionName: realName,
      collectionId: reported("reportsIds", reply.collectionID),
      description: reported("reportsDescriptions", schema.description),
      fields: schema.fields.filter((field) => !field.is_dynamic).map(fromFieldSchema),
      functions: (schema.functions ?? []).map(fromFunctionObject),
      enableDynamicField: schema.enable_dynamic_field,
      consistencyLevel: reported("reportsConsistencyLevel", reply.consistency_level),
      shardsNum: reported("reportsShards", reply.shards_num),
      // Without a partition key it counts the partitions that there are, which is another thing.
      numPartitions: hasPartitionKey
        ? reported("reportsNumPartitions", Number(reply.num_partitions))
        : undefined,
      properties: keyValues(reply.properties),
      aliases: reported("reportsAliases", reply.aliases),
    };
  }
}

function missing(operation: string, ref: CollectionRef, reason: string): Failure {
  return { operation, object: aCollection(ref), address: "the server", reason, code: MISSING.collection };
}
