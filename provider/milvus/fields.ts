/** Fields between the words of this package and those of the Milvus SDK. */
import type { FieldSchema, FieldType, FunctionObject } from "@zilliz/milvus2-sdk-node";

import { asKept, type DefaultValue } from "./default-value";

export interface Field {
  readonly name: string;
  readonly dataType: string;
  readonly description?: string;
  readonly isPrimaryKey?: boolean;
  readonly autoId?: boolean;
  readonly isPartitionKey?: boolean;
  readonly isClusteringKey?: boolean;
  readonly nullable?: boolean;
  readonly defaultValue?: DefaultValue;
  readonly dim?: number;
  readonly maxLength?: number;
  readonly elementType?: string;
  readonly maxCapacity?: number;
  readonly enableAnalyzer?: boolean;
  readonly enableMatch?: boolean;
  readonly analyzerParams?: Record<string, unknown>;
  readonly multiAnalyzerParams?: Record<string, unknown>;
  readonly mmapEnabled?: boolean;
  readonly warmup?: string;
  /** Of the structs in an Array of Struct. */
  readonly fields?: readonly Field[];
}

export interface CollectionFunction {
  readonly name: string;
  readonly type: string;
  readonly description?: string;
  readonly inputFieldNames: readonly string[];
  readonly outputFieldNames?: readonly string[];
  readonly params?: Record<string, unknown>;
}

/** An ArrayOfVector counts: Milvus wants an index on it as well before it loads. */
export function isVectorType(dataType: string): boolean {
  return dataType.endsWith("Vector");
}

type DataTypes = Readonly<Record<string, string | number>>;

/** Struct arrays are recognised by the SDK only when types come as numbers. */
export function toFieldType(field: Field, dataTypes: DataTypes): FieldType {
  const wireType = (name: string): FieldType["data_type"] => dataTypes[name] as FieldType["data_type"];
  return withoutUndefined({
    name: field.name,
    data_type: wireType(field.dataType),
    element_type: field.elementType === undefined ? undefined : wireType(field.elementType),
    description: field.description,
    is_primary_key: field.isPrimaryKey,
    autoID: field.autoId,
    is_partition_key: field.isPartitionKey,
    is_clustering_key: field.isClusteringKey,
    nullable: field.nullable,
    default_value: field.defaultValue as FieldType["default_value"],
    dim: field.dim,
    max_length: field.maxLength,
    max_capacity: field.maxCapacity,
    enable_analyzer: field.enableAnalyzer,
    enable_match: field.enableMatch,
    analyzer_params: field.analyzerParams,
    multi_analyzer_params: field.multiAnalyzerParams,
    "mmap.enabled": field.mmapEnabled,
    // Not among the parameters that the SDK knows by name.
    type_params: (field.warmup && { warmup: field.warmup }) as FieldType["type_params"],
    fields: field.fields?.map((inner) => toFieldType(inner, dataTypes)),
  });
}

/** Only what differs from Milvus's defaults, so that states stay small and a default left out is no change. */
export function fromFieldSchema(schema: FieldSchema): Field {
  const params = typeParams(schema);
  const wholeNumber = (key: string): number | undefined =>
    params[key] === undefined ? undefined : Number(params[key]);
  const truth = (key: string): true | undefined => (params[key]?.toLowerCase() === "true" ? true : undefined);
  const isStruct = schema.fields !== undefined && schema.fields.length > 0;
  const elementType = isStruct ? "Struct" : schema.element_type;
  return withoutUndefined({
    name: schema.name,
    dataType: isStruct ? "Array" : schema.data_type,
    description: schema.description || undefined,
    isPrimaryKey: schema.is_primary_key || undefined,
    autoId: schema.autoID || undefined,
    isPartitionKey: schema.is_partition_key || undefined,
    isClusteringKey: schema.is_clustering_key || undefined,
    nullable: schema.nullable || undefined,
    defaultValue: parseDefault(schema),
    dim: wholeNumber("dim"),
    maxLength: wholeNumber("max_length"),
    elementType: elementType === "None" ? undefined : elementType,
    maxCapacity: wholeNumber("max_capacity"),
    enableAnalyzer: truth("enable_analyzer"),
    enableMatch: truth("enable_match"),
    analyzerParams: parsedObject(params["analyzer_params"]),
    multiAnalyzerParams: parsedObject(params["multi_analyzer_params"]),
    mmapEnabled: truth("mmap.enabled"),
    warmup: params["warmup"],
    fields: isStruct ? schema.fields?.map(fromStructMember) : undefined,
  });
}

/** The members of a struct are kept as arrays of their types; programs declare the types themselves. */
function fromStructMember(schema: FieldSchema): Field {
  const field = fromFieldSchema(schema);
  const { elementType, maxCapacity: _, ...member } = field;
  return elementType === undefined ? field : { ...member, dataType: elementType };
}

export function toFunctionObject(declared: CollectionFunction): FunctionObject {
  return {
    name: declared.name,
    type: declared.type as FunctionObject["type"],
    description: declared.description ?? "",
    input_field_names: [...declared.inputFieldNames],
    output_field_names: [...(declared.outputFieldNames ?? [])],
    params: declared.params ?? {},
  };
}

export function fromFunctionObject(read: FunctionObject): CollectionFunction {
  const params = keyValues(read.params as unknown);
  return withoutUndefined({
    name: read.name,
    type: String(read.type),
    description: read.description || undefined,
    inputFieldNames: read.input_field_names,
    outputFieldNames: read.output_field_names?.length ? read.output_field_names : undefined,
    params: Object.keys(params).length > 0 ? params : undefined,
  });
}

/** Lists of key and value, as Milvus sends maps. */
export function keyValues(pairs: unknown): Record<string, string> {
  if (!Array.isArray(pairs)) return {};
  return Object.fromEntries(
    (pairs as { key: string; value: unknown }[]).map(({ key, value }) => [key, String(value)]),
  );
}

function typeParams(schema: FieldSchema): Record<string, string> {
  return keyValues(schema.type_params);
}

function parsedObject(text: string | undefined): Record<string, unknown> | undefined {
  return text === undefined || text === "" ? undefined : (JSON.parse(text) as Record<string, unknown>);
}

/** Bare numbers are as the server gives them; what it writes as a string has the form of programs. */
function parseDefault({ data_type, default_value }: FieldSchema): DefaultValue | undefined {
  const value: unknown = default_value;
  if (value === null || value === undefined) return undefined;
  if (typeof value === "boolean" || typeof value === "number") return value;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (data_type === "Bool") return text === "true";
  return asKept(data_type, /^(Float|Double)$/.test(data_type) ? Number(text) : text);
}

export function withoutUndefined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
