// Written by `npm run generate` from provider/resources; do not edit.

import * as pulumi from "@pulumi/pulumi";

import { isResource, registration, remember, shortenStack } from "./resource";
import { TimeoutsArgs } from "./shared";

/**
 * A collection: a schema and the entities in it.
 *
 * Removed from the program, it is dropped at the next `pulumi up`, **with all data in it**. Milvus:
 * https://milvus.io/docs/manage-collections.md
 */
export class Collection extends pulumi.CustomResource {
  /** One that exists already, by its id; it is read, never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Collection {
    return new this(name, undefined as unknown as CollectionArgs, { ...opts, id });
  }

  /** Also for objects of another copy of this package. */
  static override isInstance(value: unknown): value is Collection {
    return isResource(value, "Collection");
  }

  /** The name of the collection. Default: the logical name of the resource. A change renames it in place. */
  declare readonly collectionName: pulumi.Output<string>;

  /** The database. Default: that of the provider, `default` when it names none. A change replaces. */
  declare readonly databaseName: pulumi.Output<string>;

  /** What the collection is for. Changed in place from Milvus 2.5.12; refused before. */
  declare readonly description: pulumi.Output<string>;

  /**
   * The schema: one primary key, at least one vector field and whatever else. Compared by name; their
   * order is no change. A field with `nullable: true` is added in place from Milvus 2.6 (a vector from
   * 2.6.18, an array of structs from 3.0), and a field is dropped in place, **with its values**, from
   * 3.0; keys never. Older servers replace the collection.
   */
  declare readonly fields: pulumi.Output<Field[]>;

  /**
   * What Milvus computes on insert, such as BM25 over a text. Needs Milvus 2.5. From Milvus 3.0 a BM25
   * function is added in place together with the field that it fills, which gets an index of the field's
   * name (`SPARSE_INVERTED_INDEX` with `BM25`), and a function is dropped together with its field. Other
   * changes replace.
   */
  declare readonly functions: pulumi.Output<CollectionFunction[]>;

  /**
   * Whether rows may carry fields that the schema does not name. Default: `false`. Switched on in place
   * from Milvus 2.6.6, and off from 3.0, **with the values of such fields**; refused before.
   */
  declare readonly enableDynamicField: pulumi.Output<boolean>;

  /**
   * What reads see of the latest writes. Default: `Bounded`. Changed in place from Milvus 2.5.5; refused
   * before.
   */
  declare readonly consistencyLevel: pulumi.Output<"Strong" | "Session" | "Bounded" | "Eventually">;

  /** How many shards writes are spread over, 1 to 16. Default: 1. A change replaces. */
  declare readonly shardsNum: pulumi.Output<number | undefined>;

  /**
   * How many partitions Milvus makes for the partition key, 1 to 4096. Only with a partition key.
   * Default: the server's, 16 or 64. A change replaces.
   */
  declare readonly numPartitions: pulumi.Output<number | undefined>;

  /**
   * Properties such as `"collection.ttl.seconds"` and `"mmap.enabled"`. Set in place; removed in place
   * from Milvus 2.5. Milvus: https://milvus.io/docs/modify-collection.md
   */
  declare readonly properties: pulumi.Output<{ [key: string]: string }>;

  /** Any text. A change replaces the collection although nothing else asks for it. Not known to Milvus. */
  declare readonly version: pulumi.Output<string | undefined>;

  /**
   * Whether the collection stays while it holds data, unless its id is in `milvus:acknowledgedDataLoss`:
   * dropping it, or a field of it, is an error then. A replacement under another name is made all the
   * same, and the old one stays beside it. Default: `false`: `milvus:protectData` alone says what stays,
   * which by default is what a replacement would drop. Nothing on the server changes with it.
   */
  declare readonly protectData: pulumi.Output<boolean>;

  /**
   * The alias of a CollectionBehindAlias with filledBy, which sets it: once that points at a later
   * collection of it that holds at least as many entities, nothing is lost with this one, and it is
   * dropped without an acknowledgement. Nothing on the server changes with it.
   */
  declare readonly servedThrough: pulumi.Output<string | undefined>;

  /** The id that the server gave the collection. Empty on Milvus Lite, which gives none. */
  declare readonly collectionId: pulumi.Output<string>;

  /**
   * How its collection was loaded before a run released it that could not load it again: the next
   * `pulumi up` does. Left out while nothing is owed.
   */
  declare readonly owedLoad: pulumi.Output<{ [key: string]: unknown } | undefined>;

  constructor(name: string, args: CollectionArgs, opts?: pulumi.CustomResourceOptions) {
    const { type, properties, options } = registration(new.target, "Collection", name, args, OUTPUTS, opts);
    const restoreStack = shortenStack();
    try {
      super(type, name, properties, options);
    } finally {
      restoreStack();
    }
    remember(this, args, options);
  }
}

const OUTPUTS = [
  "collectionName",
  "databaseName",
  "description",
  "fields",
  "functions",
  "enableDynamicField",
  "consistencyLevel",
  "shardsNum",
  "numPartitions",
  "properties",
  "version",
  "protectData",
  "servedThrough",
  "collectionId",
  "owedLoad",
];

/** What a Collection is declared with. */
export interface CollectionArgs {
  /** The name of the collection. Default: the logical name of the resource. A change renames it in place. */
  collectionName?: pulumi.Input<string>;
  /** The database. Default: that of the provider, `default` when it names none. A change replaces. */
  databaseName?: pulumi.Input<string>;
  /** What the collection is for. Changed in place from Milvus 2.5.12; refused before. */
  description?: pulumi.Input<string>;
  /**
   * The schema: one primary key, at least one vector field and whatever else. Compared by name; their
   * order is no change. A field with `nullable: true` is added in place from Milvus 2.6 (a vector from
   * 2.6.18, an array of structs from 3.0), and a field is dropped in place, **with its values**, from
   * 3.0; keys never. Older servers replace the collection.
   */
  fields: pulumi.Input<pulumi.Input<FieldArgs>[]>;
  /**
   * What Milvus computes on insert, such as BM25 over a text. Needs Milvus 2.5. From Milvus 3.0 a BM25
   * function is added in place together with the field that it fills, which gets an index of the field's
   * name (`SPARSE_INVERTED_INDEX` with `BM25`), and a function is dropped together with its field. Other
   * changes replace.
   */
  functions?: pulumi.Input<pulumi.Input<CollectionFunctionArgs>[]>;
  /**
   * Whether rows may carry fields that the schema does not name. Default: `false`. Switched on in place
   * from Milvus 2.6.6, and off from 3.0, **with the values of such fields**; refused before.
   */
  enableDynamicField?: pulumi.Input<boolean>;
  /**
   * What reads see of the latest writes. Default: `Bounded`. Changed in place from Milvus 2.5.5; refused
   * before.
   */
  consistencyLevel?: pulumi.Input<"Strong" | "Session" | "Bounded" | "Eventually">;
  /** How many shards writes are spread over, 1 to 16. Default: 1. A change replaces. */
  shardsNum?: pulumi.Input<number>;
  /**
   * How many partitions Milvus makes for the partition key, 1 to 4096. Only with a partition key.
   * Default: the server's, 16 or 64. A change replaces.
   */
  numPartitions?: pulumi.Input<number>;
  /**
   * Properties such as `"collection.ttl.seconds"` and `"mmap.enabled"`. Set in place; removed in place
   * from Milvus 2.5. Milvus: https://milvus.io/docs/modify-collection.md
   */
  properties?: pulumi.Input<{ [key: string]: pulumi.Input<string | number | boolean> }>;
  /** Any text. A change replaces the collection although nothing else asks for it. Not known to Milvus. */
  version?: pulumi.Input<string>;
  /**
   * Whether the collection stays while it holds data, unless its id is in `milvus:acknowledgedDataLoss`:
   * dropping it, or a field of it, is an error then. A replacement under another name is made all the
   * same, and the old one stays beside it. Default: `false`: `milvus:protectData` alone says what stays,
   * which by default is what a replacement would drop. Nothing on the server changes with it.
   */
  protectData?: pulumi.Input<boolean>;
  /**
   * The alias of a CollectionBehindAlias with filledBy, which sets it: once that points at a later
   * collection of it that holds at least as many entities, nothing is lost with this one, and it is
   * dropped without an acknowledgement. Nothing on the server changes with it.
   */
  servedThrough?: pulumi.Input<string>;
  /**
   * Whether to take over an object of this name that exists already, equals what is declared and holds
   * data. Without it only what is equal and provably empty is taken over. Default: `false`. Never causes
   * a change.
   */
  adopt?: pulumi.Input<boolean>;
  /**
   * How long operations may take, in seconds. A server that has not answered yet, and that nothing in
   * the stack makes, is given up after 8 seconds unless they are set. Never causes a change; a delete
   * uses what was recorded at the last create or update.
   */
  timeouts?: pulumi.Input<TimeoutsArgs>;
}

/** A field of the structs in an array of Struct. */
export interface StructFieldArgs {
  /** The name of the field. */
  name: pulumi.Input<string>;
  /** What the field holds. No Milvus changes it in place, and a change is refused. */
  description?: pulumi.Input<string>;
  /**
   * How many dimensions a vector has: 1 to 32,768, for BinaryVector a multiple of 8 up to 262,144. A
   * change replaces.
   */
  dim?: pulumi.Input<number>;
  /**
   * The longest VarChar, in bytes, 1 to 65,535. Required for VarChar. No Milvus changes it in place, and
   * a change is refused.
   */
  maxLength?: pulumi.Input<number>;
  /** Whether a VarChar is split into terms. Needs Milvus 2.5. Default: `false`. A change replaces. */
  enableAnalyzer?: pulumi.Input<boolean>;
  /**
   * Whether `TEXT_MATCH` works on the field; needs `enableAnalyzer`. Default: `false`. A change
   * replaces.
   */
  enableMatch?: pulumi.Input<boolean>;
  /** How the analyzer splits: `{ type: "english" }`. Milvus: https://milvus.io/docs/analyzer-overview.md */
  analyzerParams?: pulumi.Input<{ [key: string]: unknown }>;
  /**
   * Analyzers by language, chosen by another field. Milvus:
   * https://milvus.io/docs/multi-language-analyzers.md
   */
  multiAnalyzerParams?: pulumi.Input<{ [key: string]: unknown }>;
  /**
   * Whether the field's raw data is memory-mapped rather than kept in memory. No Milvus changes it in
   * place, and a change is refused.
   */
  mmapEnabled?: pulumi.Input<boolean>;
  /** The type of the field, in each struct. */
  dataType: pulumi.Input<
    | "Bool"
    | "Int8"
    | "Int16"
    | "Int32"
    | "Int64"
    | "Float"
    | "Double"
    | "VarChar"
    | "JSON"
    | "Geometry"
    | "Text"
    | "Timestamptz"
    | "Array"
    | "FloatVector"
    | "BinaryVector"
    | "Float16Vector"
    | "BFloat16Vector"
    | "SparseFloatVector"
    | "Int8Vector"
    | "ArrayOfVector"
    | (string & {})
  >;
}

/** A field of the structs in an array of Struct. */
export interface StructField {
  /** The name of the field. */
  name: string;
  /** What the field holds. No Milvus changes it in place, and a change is refused. */
  description?: string;
  /**
   * How many dimensions a vector has: 1 to 32,768, for BinaryVector a multiple of 8 up to 262,144. A
   * change replaces.
   */
  dim?: number;
  /**
   * The longest VarChar, in bytes, 1 to 65,535. Required for VarChar. No Milvus changes it in place, and
   * a change is refused.
   */
  maxLength?: number;
  /** Whether a VarChar is split into terms. Needs Milvus 2.5. Default: `false`. A change replaces. */
  enableAnalyzer?: boolean;
  /**
   * Whether `TEXT_MATCH` works on the field; needs `enableAnalyzer`. Default: `false`. A change
   * replaces.
   */
  enableMatch?: boolean;
  /** How the analyzer splits: `{ type: "english" }`. Milvus: https://milvus.io/docs/analyzer-overview.md */
  analyzerParams?: { [key: string]: unknown };
  /**
   * Analyzers by language, chosen by another field. Milvus:
   * https://milvus.io/docs/multi-language-analyzers.md
   */
  multiAnalyzerParams?: { [key: string]: unknown };
  /**
   * Whether the field's raw data is memory-mapped rather than kept in memory. No Milvus changes it in
   * place, and a change is refused.
   */
  mmapEnabled?: boolean;
  /** The type of the field, in each struct. */
  dataType:
    | "Bool"
    | "Int8"
    | "Int16"
    | "Int32"
    | "Int64"
    | "Float"
    | "Double"
    | "VarChar"
    | "JSON"
    | "Geometry"
    | "Text"
    | "Timestamptz"
    | "Array"
    | "FloatVector"
    | "BinaryVector"
    | "Float16Vector"
    | "BFloat16Vector"
    | "SparseFloatVector"
    | "Int8Vector"
    | "ArrayOfVector";
}

/** A field of a collection. Milvus: https://milvus.io/docs/schema.md */
export interface FieldArgs {
  /** The name of the field. */
  name: pulumi.Input<string>;
  /** The type of the field. A change replaces. */
  dataType: pulumi.Input<
    | "Bool"
    | "Int8"
    | "Int16"
    | "Int32"
    | "Int64"
    | "Float"
    | "Double"
    | "VarChar"
    | "JSON"
    | "Geometry"
    | "Text"
    | "Timestamptz"
    | "Array"
    | "FloatVector"
    | "BinaryVector"
    | "Float16Vector"
    | "BFloat16Vector"
    | "SparseFloatVector"
    | "Int8Vector"
    | "ArrayOfVector"
    | (string & {})
  >;
  /** Whether it is the primary key: exactly one field, Int64 or VarChar. A change replaces. */
  isPrimaryKey?: pulumi.Input<boolean>;
  /** Whether Milvus numbers the rows; only for the primary key. Default: `false`. A change replaces. */
  autoId?: pulumi.Input<boolean>;
  /**
   * What the field holds. Changed in place from Milvus 2.6.9, except that of an array of structs;
   * refused otherwise.
   */
  description?: pulumi.Input<string>;
  /**
   * How many dimensions a vector has: 1 to 32,768, for BinaryVector a multiple of 8 up to 262,144. A
   * change replaces.
   */
  dim?: pulumi.Input<number>;
  /**
   * The longest VarChar, in bytes, 1 to 65,535. Required for VarChar and for arrays of it. Changed in
   * place from Milvus 2.5.2; refused before.
   */
  maxLength?: pulumi.Input<number>;
  /** The type of the elements of an Array, and of the vectors of an ArrayOfVector. A change replaces. */
  elementType?: pulumi.Input<
    | "Bool"
    | "Int8"
    | "Int16"
    | "Int32"
    | "Int64"
    | "Float"
    | "Double"
    | "VarChar"
    | "JSON"
    | "Geometry"
    | "Text"
    | "Timestamptz"
    | "FloatVector"
    | "BinaryVector"
    | "Float16Vector"
    | "BFloat16Vector"
    | "SparseFloatVector"
    | "Int8Vector"
    | "Struct"
    | (string & {})
  >;
  /**
   * How many elements an Array may have, 1 to 4,096. Required for arrays. Changed in place from Milvus
   * 2.5.11; refused before.
   */
  maxCapacity?: pulumi.Input<number>;
  /** Whether Milvus spreads rows over its partitions by this field, Int64 or VarChar. A change replaces. */
  isPartitionKey?: pulumi.Input<boolean>;
  /** Whether compaction sorts rows by this field. Needs Milvus 2.4.6. A change replaces. */
  isClusteringKey?: pulumi.Input<boolean>;
  /** Whether rows may leave the field out or set it to null. Needs Milvus 2.5. A change replaces. */
  nullable?: pulumi.Input<boolean>;
  /**
   * What rows get that leave the field out: of the field's type. Whole numbers beyond 2^53 are written
   * as strings; a Float keeps about seven digits. A change replaces.
   */
  defaultValue?: pulumi.Input<string | number | boolean>;
  /** Whether a VarChar is split into terms. Needs Milvus 2.5. Default: `false`. A change replaces. */
  enableAnalyzer?: pulumi.Input<boolean>;
  /**
   * Whether `TEXT_MATCH` works on the field; needs `enableAnalyzer`. Default: `false`. A change
   * replaces.
   */
  enableMatch?: pulumi.Input<boolean>;
  /** How the analyzer splits: `{ type: "english" }`. Milvus: https://milvus.io/docs/analyzer-overview.md */
  analyzerParams?: pulumi.Input<{ [key: string]: unknown }>;
  /**
   * Analyzers by language, chosen by another field. Milvus:
   * https://milvus.io/docs/multi-language-analyzers.md
   */
  multiAnalyzerParams?: pulumi.Input<{ [key: string]: unknown }>;
  /**
   * Whether the field's raw data is memory-mapped rather than kept in memory. Needs Milvus 2.4. Changed
   * in place from Milvus 2.5, for which a loaded collection is released and loaded again as it was;
   * refused before.
   */
  mmapEnabled?: pulumi.Input<boolean>;
  /**
   * Whether the field's raw data is read into the cache before a segment is searched (`sync`) or when it
   * is asked for (`disable`). Default: that of the collection or the server. Needs Milvus 2.6.11.
   * Changed in place, for which a loaded collection is released and loaded again as it was. Milvus:
   * https://milvus.io/docs/warm-up.md
   */
  warmup?: pulumi.Input<"sync" | "disable">;
  /** The fields of the structs in an Array of Struct. Needs Milvus 2.6.4. A change replaces. */
  fields?: pulumi.Input<pulumi.Input<StructFieldArgs>[]>;
}

/** A field of a collection. Milvus: https://milvus.io/docs/schema.md */
export interface Field {
  /** The name of the field. */
  name: string;
  /** The type of the field. A change replaces. */
  dataType:
    | "Bool"
    | "Int8"
    | "Int16"
    | "Int32"
    | "Int64"
    | "Float"
    | "Double"
    | "VarChar"
    | "JSON"
    | "Geometry"
    | "Text"
    | "Timestamptz"
    | "Array"
    | "FloatVector"
    | "BinaryVector"
    | "Float16Vector"
    | "BFloat16Vector"
    | "SparseFloatVector"
    | "Int8Vector"
    | "ArrayOfVector";
  /** Whether it is the primary key: exactly one field, Int64 or VarChar. A change replaces. */
  isPrimaryKey?: boolean;
  /** Whether Milvus numbers the rows; only for the primary key. Default: `false`. A change replaces. */
  autoId?: boolean;
  /**
   * What the field holds. Changed in place from Milvus 2.6.9, except that of an array of structs;
   * refused otherwise.
   */
  description?: string;
  /**
   * How many dimensions a vector has: 1 to 32,768, for BinaryVector a multiple of 8 up to 262,144. A
   * change replaces.
   */
  dim?: number;
  /**
   * The longest VarChar, in bytes, 1 to 65,535. Required for VarChar and for arrays of it. Changed in
   * place from Milvus 2.5.2; refused before.
   */
  maxLength?: number;
  /** The type of the elements of an Array, and of the vectors of an ArrayOfVector. A change replaces. */
  elementType?:
    | "Bool"
    | "Int8"
    | "Int16"
    | "Int32"
    | "Int64"
    | "Float"
    | "Double"
    | "VarChar"
    | "JSON"
    | "Geometry"
    | "Text"
    | "Timestamptz"
    | "FloatVector"
    | "BinaryVector"
    | "Float16Vector"
    | "BFloat16Vector"
    | "SparseFloatVector"
    | "Int8Vector"
    | "Struct";
  /**
   * How many elements an Array may have, 1 to 4,096. Required for arrays. Changed in place from Milvus
   * 2.5.11; refused before.
   */
  maxCapacity?: number;
  /** Whether Milvus spreads rows over its partitions by this field, Int64 or VarChar. A change replaces. */
  isPartitionKey?: boolean;
  /** Whether compaction sorts rows by this field. Needs Milvus 2.4.6. A change replaces. */
  isClusteringKey?: boolean;
  /** Whether rows may leave the field out or set it to null. Needs Milvus 2.5. A change replaces. */
  nullable?: boolean;
  /**
   * What rows get that leave the field out: of the field's type. Whole numbers beyond 2^53 are written
   * as strings; a Float keeps about seven digits. A change replaces.
   */
  defaultValue?: string | number | boolean;
  /** Whether a VarChar is split into terms. Needs Milvus 2.5. Default: `false`. A change replaces. */
  enableAnalyzer?: boolean;
  /**
   * Whether `TEXT_MATCH` works on the field; needs `enableAnalyzer`. Default: `false`. A change
   * replaces.
   */
  enableMatch?: boolean;
  /** How the analyzer splits: `{ type: "english" }`. Milvus: https://milvus.io/docs/analyzer-overview.md */
  analyzerParams?: { [key: string]: unknown };
  /**
   * Analyzers by language, chosen by another field. Milvus:
   * https://milvus.io/docs/multi-language-analyzers.md
   */
  multiAnalyzerParams?: { [key: string]: unknown };
  /**
   * Whether the field's raw data is memory-mapped rather than kept in memory. Needs Milvus 2.4. Changed
   * in place from Milvus 2.5, for which a loaded collection is released and loaded again as it was;
   * refused before.
   */
  mmapEnabled?: boolean;
  /**
   * Whether the field's raw data is read into the cache before a segment is searched (`sync`) or when it
   * is asked for (`disable`). Default: that of the collection or the server. Needs Milvus 2.6.11.
   * Changed in place, for which a loaded collection is released and loaded again as it was. Milvus:
   * https://milvus.io/docs/warm-up.md
   */
  warmup?: "sync" | "disable";
  /** The fields of the structs in an Array of Struct. Needs Milvus 2.6.4. A change replaces. */
  fields?: StructField[];
}

/** What Milvus computes on insert. Milvus: https://milvus.io/docs/full-text-search.md */
export interface CollectionFunctionArgs {
  /** The name of the function. */
  name: pulumi.Input<string>;
  /** What it computes. */
  type: pulumi.Input<"BM25" | "TextEmbedding" | "Rerank" | "MinHash" | "MolFingerprint" | (string & {})>;
  /** The fields it reads. */
  inputFieldNames: pulumi.Input<pulumi.Input<string>[]>;
  /** The fields it fills. */
  outputFieldNames?: pulumi.Input<pulumi.Input<string>[]>;
  /** Parameters of the function, such as the model. */
  params?: pulumi.Input<{ [key: string]: unknown }>;
  /** What it is for. No Milvus changes it in place, and a change is refused. */
  description?: pulumi.Input<string>;
}

/** What Milvus computes on insert. Milvus: https://milvus.io/docs/full-text-search.md */
export interface CollectionFunction {
  /** The name of the function. */
  name: string;
  /** What it computes. */
  type: "BM25" | "TextEmbedding" | "Rerank" | "MinHash" | "MolFingerprint";
  /** The fields it reads. */
  inputFieldNames: string[];
  /** The fields it fills. */
  outputFieldNames?: string[];
  /** Parameters of the function, such as the model. */
  params?: { [key: string]: unknown };
  /** What it is for. No Milvus changes it in place, and a change is refused. */
  description?: string;
}
