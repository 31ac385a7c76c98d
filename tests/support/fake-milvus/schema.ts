/** What a schema may say: createCollectionTask.PreExecute in internal/proxy/task.go and its checks in util.go. */
import { valueOf } from "./key-values";
import { checkCollectionName, checkFieldName } from "./names";
import { decoded } from "./proto";
import { CODES, invalid, refusal, unexpected } from "./status";
import type { Field, FunctionSchema, StructField, World } from "./world";

export interface Schema {
  readonly name: string;
  readonly description: string;
  readonly fields: readonly Field[];
  readonly structFields: readonly StructField[];
  readonly functions: readonly FunctionSchema[];
  readonly enableDynamicField: boolean;
}

interface SentSchema {
  readonly name: string;
  readonly description: string;
  readonly fields: readonly Field[];
  readonly struct_array_fields: readonly StructField[];
  readonly functions: readonly FunctionSchema[];
  readonly enable_dynamic_field: boolean;
}

interface Request {
  readonly schema: Uint8Array;
  readonly shards_num: number;
  readonly num_partitions: string;
}

const FIRST_FIELD_ID = 100;
const MOST_SHARDS = 16;
const MOST_FIELDS = 64;
const MOST_PARTITIONS = 4096;
const LONGEST_VECTOR = 32_768;
const LONGEST_TEXT = 65_535;
const MOST_ELEMENTS = 4096;

export function isVector({ data_type }: Pick<Field, "data_type">): boolean {
  return data_type.endsWith("Vector") && data_type !== "ArrayOfVector";
}

export function readSchema(world: World, request: Request): Schema {
  const sent = decoded<SentSchema>("CollectionSchema", request.schema);
  const { fields } = sent;
  if (request.shards_num > MOST_SHARDS)
    throw unexpected(`maximum shards's number should be limited to ${MOST_SHARDS}`);
  // 3.0.0 takes 65; where it ends is not known.
  if (fields.length > MOST_FIELDS && !world.isFrom("3.0"))
    throw unexpected(`maximum field's number should be limited to ${MOST_FIELDS}`);
  checkCollectionName(world, sent.name);
  checkTwice(world, fields);
  checkPrimaryKey(fields);
  checkPartitionKey(fields, Number(request.num_partitions));
  for (const field of fields) checkField(world, sent.name, field);
  checkVectors(world, fields);
  const nameIds = new NumberedFields();
  return {
    name: sent.name,
    description: sent.description,
    fields: fields.map((field) => kept(world, field, nameIds.next())),
    structFields: world.isFrom("2.6.4")
      ? sent.struct_array_fields.map((one) => keptStruct(one, nameIds))
      : [],
    // Before 2.5 they are dropped without a word.
    functions: world.isFrom("2.5")
      ? sent.functions.map((one, at) => ({ ...one, id: String(FIRST_FIELD_ID + at) }))
      : [],
    enableDynamicField: sent.enable_dynamic_field,
  };
}

class NumberedFields {
  private last = FIRST_FIELD_ID - 1;
  next(): string {
    this.last += 1;
    return String(this.last);
  }
}

/** What a server does not know of a field it drops without a word. */
export function kept(world: World, field: Field, fieldID: string): Field {
  return {
    ...field,
    fieldID,
    nullable: world.isFrom("2.5") && field.nullable,
    is_clustering_key: world.isFrom("2.4.6") && field.is_clustering_key,
    is_function_output: world.isFrom("2.5") && field.is_function_output,
  };
}

function keptStruct(struct: StructField, ids: NumberedFields): StructField {
  const fieldID = ids.next();
  return { ...struct, fieldID, fields: struct.fields.map((field) => ({ ...field, fieldID: ids.next() })) };
}

function checkTwice(world: World, fields: readonly Field[]): void {
  const twice = fields.find(({ name }, at) => fields.findIndex((other) => other.name === name) < at);
  if (twice)
    throw unexpected(
      world.isFrom("2.5") ? `duplicated field name ${twice.name} found` : "duplicated field name",
    );
}

function checkPrimaryKey(fields: readonly Field[]): void {
  const keys = fields.filter((field) => field.is_primary_key);
  const [key, other] = keys;
  if (key && other)
    throw unexpected(`there are more than one primary key, field name = ${key.name}, ${other.name}`);
  if (!key) throw unexpected("primary key is not specified");
  if (key.data_type !== "Int64" && key.data_type !== "VarChar")
    throw unexpected("the data type of primary key should be Int64 or VarChar");
  const numbered = fields.find((field) => field.autoID && !field.is_primary_key);
  if (numbered)
    throw unexpected(`only primary field can speficy AutoID with true, field name = ${numbered.name}`);
}

function checkPartitionKey(fields: readonly Field[], numPartitions: number): void {
  const [key, other] = fields.filter((field) => field.is_partition_key);
  if (key && other)
    throw unexpected(`there are more than one partition key, field name = ${key.name}, ${other.name}`);
  if (!key) {
    if (numPartitions !== 0)
      throw unexpected("num_partitions should only be specified with partition key field enabled");
    return;
  }
  if (key.is_primary_key) throw unexpected("the partition key field must not be primary field");
  if (key.data_type !== "Int64" && key.data_type !== "VarChar")
    throw unexpected("the data type of partition key should be Int64 or VarChar");
  if (numPartitions < 0)
    throw unexpected("The specified partitions should be greater than 0 if partition key is used");
  if (numPartitions > MOST_PARTITIONS)
    throw unexpected(`partition number (${numPartitions}) exceeds max configuration (${MOST_PARTITIONS})`);
}

/** Measured on 3.0.0 with its default settings. */
export function demandStorageV3(world: World, what: string): void {
  if (world.isFrom("3.0") && !world.settings.storageV3)
    throw invalid(`${what} requires StorageV3; enable common.storage.useLoonFFI`);
}

export function checkField(world: World, collection: string, field: Field): void {
  if (field.data_type === "Text") demandStorageV3(world, "TEXT field");
  checkFieldName(world, field.name);
  const { data_type, element_type } = field;
  if (data_type === "FloatVector" || data_type === "BinaryVector" || data_type === "Float16Vector")
    checkDimension(world, field);
  if (world.isFrom("2.4") && (data_type === "BFloat16Vector" || data_type === "Int8Vector"))
    checkDimension(world, field);
  if (data_type === "VarChar" || (data_type === "Array" && element_type === "VarChar"))
    checkMaxLength(world, collection, field);
  if (data_type === "Array") {
    if (/Vector|JSON|Array|Struct/.test(element_type))
      throw unexpected(`element type ${element_type} is not supported`);
    checkMaxCapacity(world, collection, field);
  }
  if (world.isFrom("2.5") && field.is_primary_key && field.default_value !== null)
    throw invalid(`primary field not support default_value, type:${data_type}, name:${field.name}`);
  // internal/proxy/task.go, 2.5: validateFieldNullable and what a key must not be.
  if (world.isFrom("2.5") && field.nullable && (field.is_primary_key || field.is_partition_key))
    throw invalid(`primary field not support null: invalid parameter[field=${field.name}]`);
  if (field.nullable && isVector(field) && !world.isFrom("2.6.18"))
    if (world.isFrom("2.5")) throw invalid(`vector type not support null, field name = ${field.name}`);
}

function checkDimension(world: World, field: Field): void {
  const text = valueOf(field.type_params, "dim");
  if (text === undefined)
    throw unexpected(
      "dimension is not defined in field type params, check type param `dim` for vector field",
    );
  const dim = Number(text);
  const longest = LONGEST_VECTOR * (field.data_type === "BinaryVector" ? 8 : 1);
  if (world.isFrom("2.5")) {
    // Measured on float vectors alone.
    const kind = field.data_type === "BinaryVector" ? "binary" : "float";
    if (!(Number.isInteger(dim) && dim >= 2))
      throw unexpected(`invalid dimension: ${text}. should be in range 2 ~ ${longest}`);
    if (dim > longest)
      throw unexpected(
        `invalid dimension: ${text} of field ${field.name}. ${kind} vector dimension should be in range 2 ~ ${longest}`,
      );
  }
  if (!(Number.isInteger(dim) && dim >= 1 && dim <= longest))
    throw unexpected(`invalid dimension: ${text}. should be in range 1 ~ ${LONGEST_VECTOR}`);
  if (field.data_type === "BinaryVector" && dim % 8 !== 0)
    throw unexpected(`invalid dimension: ${dim}. should be multiple of 8. `);
}

function checkMaxLength(world: World, collection: string, { name, type_params }: Field): void {
  const text = valueOf(type_params, "max_length");
  if (text === undefined)
    throw unexpected(
      `type param(max_length) should be specified for varChar field of collection ${collection}`,
    );
  const length = Number(text);
  const isGood = length > 0 && length <= LONGEST_TEXT;
  if (!isGood && world.isFrom("2.5"))
    throw invalid(
      `the maximum length specified for ${world.isFrom("2.6") ? "the" : "a VarChar"} field(${name}) should be in ` +
        `(0, ${LONGEST_TEXT}], but got ${text} instead`,
    );
  if (!isGood) throw invalid(`the maximum length specified for a VarChar should be in (0, ${LONGEST_TEXT}]`);
}

function checkMaxCapacity(world: World, collection: string, { name, type_params }: Field): void {
  const text = valueOf(type_params, "max_capacity");
  const missing = `type param(max_capacity) should be specified for array field ${name} of collection ${collection}`;
  if (text === undefined && world.isFrom("2.6"))
    throw refusal(CODES.missingParameter, `${missing}: missing parameter`);
  if (text === undefined && world.isFrom("2.5")) throw unexpected(missing);
  if (text === undefined)
    throw unexpected(
      `type param(max_capacity) should be specified for array field of collection ${collection}`,
    );
  const capacity = Number(text);
  if (!(capacity > 0 && capacity <= MOST_ELEMENTS))
    throw unexpected(`the maximum capacity specified for a Array should be in (0, ${MOST_ELEMENTS}]`);
}

/** More than one from 2.4, up to four; up to ten from 2.6: proxy.maxVectorFieldNum. */
function checkVectors(world: World, fields: readonly Field[]): void {
  const vectors = fields.filter((field) =>
    world.isFrom("2.4")
      ? isVector(field)
      : ["FloatVector", "BinaryVector", "Float16Vector"].includes(field.data_type),
  );
  const [first, second] = vectors;
  if (!world.isFrom("2.4") && first && second)
    throw unexpected(`multiple vector fields is not supported, fields name: ${first.name}, ${second.name}`);
  const most = world.isFrom("2.6") ? 10 : 4;
  if (world.isFrom("2.4") && vectors.length > most)
    throw unexpected(`maximum vector field's number should be limited to ${most}`);
}
