/** Changes of a schema that is in use. Milvus 2.5 to 3.0: internal/proxy/task.go, internal/rootcoord/ddl_callbacks_*. */
import type { Calls, OfCollection } from "./calls";
import { collectionOf } from "./collections";
import { type KeyValue, merged, valueOf, without } from "./key-values";
import { isLoaded } from "./loading";
import { decoded } from "./proto";
import { checkField, demandStorageV3, isVector, kept } from "./schema";
import { CODES, invalid, refusal, type Refusal, unexpected } from "./status";
import type { Collection, Field, FunctionSchema, StructField, World } from "./world";

interface AlterField extends OfCollection {
  readonly field_name: string;
  readonly properties: readonly KeyValue[];
  readonly delete_keys: readonly string[];
}

interface AddField extends OfCollection {
  readonly schema: Uint8Array;
}

interface AddStruct extends OfCollection {
  readonly struct_array_field_schema: StructField;
}

interface WithFunction extends OfCollection {
  readonly functionSchema: FunctionSchema;
  readonly function_name: string;
}

interface AlterSchema extends OfCollection {
  readonly action: {
    readonly add_request?: {
      readonly field_infos: readonly {
        readonly field_schema: Field;
        readonly index_name: string;
        readonly extra_params: readonly KeyValue[];
      }[];
      readonly func_schema: readonly FunctionSchema[];
    } | null;
    readonly drop_request?: {
      readonly field_name?: string;
      readonly field_id?: string;
      readonly function_name?: string;
      readonly drop_function_output_fields?: boolean;
    } | null;
  } | null;
}

export const fieldCalls: Calls = {
  AlterCollectionField: { since: "2.5", answer: alterField },

  // https://milvus.io/docs/add-fields-to-an-existing-collection.md, 2.6.
  AddCollectionField: {
    since: "2.6",
    answer(world, request: AddField) {
      const collection = collectionOf(world, request);
      addField(world, collection, decoded<Field>("FieldSchema", request.schema));
      return undefined;
    },
  },

  AddCollectionStructField: {
    since: "3.0",
    answer(world, request: AddStruct) {
      const collection = collectionOf(world, request);
      const { struct_array_field_schema: struct } = request;
      refuseTakenName(collection, struct.name);
      const first = nextFieldId(collection);
      const numbered = struct.fields.map((field, at) => ({ ...field, fieldID: String(first + 1 + at) }));
      collection.structFields = [
        ...collection.structFields,
        { ...struct, fieldID: String(first), fields: numbered },
      ];
      return undefined;
    },
  },

  AddCollectionFunction: {
    since: "2.6.4",
    answer(world, request: WithFunction) {
      const collection = collectionOf(world, request);
      if (world.isFrom("3.0"))
        throw invalid(
          "AddCollectionFunction RPC is no longer supported; add BM25/MinHash via add_function_field, and define a " +
            "TextEmbedding function at collection creation",
        );
      addFunction(collection, request.functionSchema);
      return undefined;
    },
  },

  AlterCollectionFunction: {
    since: "2.6.4",
    answer(world, request: WithFunction) {
      const collection = collectionOf(world, request);
      const before = functionOf(collection, request.function_name);
      const { functionSchema: after } = request;
      if (after.type === "BM25" || before.type === "BM25") throw invalid("not support alter BM25 function");
      collection.functions = collection.functions.map((one) =>
        one === before ? { ...after, id: one.id } : one,
      );
      return undefined;
    },
  },

  DropCollectionFunction: {
    since: "2.6.4",
    answer(world, request: WithFunction) {
      const collection = collectionOf(world, request);
      if (world.isFrom("3.0"))
        throw invalid(
          "DropCollectionFunction RPC is no longer supported; drop a function via drop_function_field",
        );
      const going = collection.functions.find(({ name }) => name === request.function_name);
      if (!going) return undefined;
      if (going.type === "BM25") throw invalid("not support drop BM25 function");
      dropFunction(collection, going);
      return undefined;
    },
  },

  // 3.0: internal/rootcoord/ddl_callbacks_alter_collection_schema.go.
  AlterCollectionSchema: {
    since: "3.0",
    answer(world, request: AlterSchema) {
      const collection = collectionOf(world, request);
      const { add_request, drop_request } = request.action ?? {};
      if (add_request) addBySchema(world, collection, add_request);
      else if (drop_request) dropBySchema(collection, drop_request);
      else throw invalid("alter collection schema needs an action");
      return undefined;
    },
  },
};

/**
 * What internal/proxy/task.go (alterCollectionFieldTask) allows, and from which Milvus: release notes of 2.5.2 and
 * pull requests 41406 (2.5.11) and 47058 (2.6.9).
 */
const ALTERABLE: readonly (readonly [key: RegExp, since: string])[] = [
  [/^mmap\.enabled$/, "2.5"],
  [/^max_length$/, "2.5.2"],
  [/^max_capacity$/, "2.5.11"],
  [/^field\.description$/, "2.6.9"],
  [/^warmup/, "2.6"],
  [/^(enable_analyzer|analyzer_params)$/, "3.0"],
];
const DELETABLE = /^(mmap\.enabled$|warmup)/;

function alterField(world: World, request: AlterField): undefined {
  const collection = collectionOf(world, request);
  const { properties, delete_keys } = request;
  for (const { key } of properties) refuseUnalterable(world, key);
  const field = fieldOf(collection, request.field_name);
  for (const { key, value } of properties) checkAltered(collection, field, key, value);
  for (const key of delete_keys) {
    // 2.5.13 brought deleting: pull request 41954.
    if (!DELETABLE.test(key) || !world.isFrom("2.5.13"))
      throw invalid(`${key} is not allowed to drop in collection field param`);
    refuseMmapWhileLoaded(collection, key);
  }
  const { description } = field;
  const others = without(properties, ["field.description"]);
  replaceField(collection, field, {
    ...field,
    description: valueOf(properties, "field.description") ?? description,
    type_params: without(merged(field.type_params, others), delete_keys),
  });
  return undefined;
}

function refuseUnalterable(world: World, key: string): void {
  const isAllowed = ALTERABLE.some(([pattern, since]) => pattern.test(key) && world.isFrom(since));
  if (!isAllowed) throw invalid(`${key} does not allow update in collection field param`);
}

function checkAltered(collection: Collection, field: Field, key: string, value: string): void {
  refuseMmapWhileLoaded(collection, key);
  if (key === "max_length") {
    if (field.data_type !== "VarChar" && field.element_type !== "VarChar")
      throw invalid(`${field.name} can not modify the maxlength for non-string types`);
    if (!(Number(value) > 0 && Number(value) <= 65_535))
      throw invalid(`${value} exceeds the maximum allowed value 65535`);
  }
  if (key === "max_capacity") {
    if (field.data_type !== "Array") throw invalid("can not modify the maxcapacity for non-array types");
    if (!(Number(value) > 0 && Number(value) <= 4096))
      throw invalid("the maximum capacity specified for a Array should be in (0, 4096]");
  }
}

/** Code 104. */
function refuseMmapWhileLoaded(collection: Collection, key: string): void {
  if (isLoaded(collection) && /^(mmap\.enabled|warmup)/.test(key))
    throw refusal(
      CODES.collectionLoaded,
      `can not alter collection field properties if collection loaded: collection already loaded[collection=${collection.name}]`,
    );
}

function fieldOf({ fields, structFields }: Collection, name: string): Field {
  const field =
    fields.find((one) => one.name === name) ??
    structFields.flatMap((one) => one.fields).find((one) => one.name === name);
  if (!field) throw invalid(`field ${name} does not exist in collection`);
  return field;
}

function replaceField(collection: Collection, before: Field, after: Field): void {
  collection.fields = collection.fields.map((one) => (one === before ? after : one));
  collection.structFields = collection.structFields.map((struct) => ({
    ...struct,
    fields: struct.fields.map((one) => (one === before ? after : one)),
  }));
}

function nextFieldId({ fields, structFields }: Collection): number {
  const inStructs = structFields.flatMap((struct) => [
    struct.fieldID,
    ...struct.fields.map(({ fieldID }) => fieldID),
  ]);
  return Math.max(...[...fields.map(({ fieldID }) => fieldID), ...inStructs].map(Number)) + 1;
}

function refuseTakenName({ fields, structFields }: Collection, name: string): void {
  if ([...fields, ...structFields].some((one) => one.name === name))
    throw invalid(`duplicated field name ${name}`);
}

/** Rows that are there have no value for it: it has to be nullable. Vectors from 2.6.18. */
function addField(world: World, collection: Collection, field: Field): void {
  refuseTakenName(collection, field.name);
  if (isVector(field) && !world.isFrom("2.6.18"))
    throw invalid(`not support to add vector field, field name = ${field.name}`);
  if (!field.nullable)
    throw invalid(`added field must be nullable, please check it, field name = ${field.name}`);
  if (field.is_primary_key) throw invalid(`not support to add pk field, field name = ${field.name}`);
  if (field.autoID)
    throw invalid(`only primary field can speficy AutoID with true, field name = ${field.name}`);
  if (field.is_partition_key)
    throw invalid(`not support to add partition key field, field name  = ${field.name}`);
  if (field.is_clustering_key && collection.fields.some((one) => one.is_clustering_key))
    throw invalid(`already has another clutering key field, field name: ${field.name}`);
  checkField(world, collection.name, field);
  collection.fields = [...collection.fields, kept(world, field, String(nextFieldId(collection)))];
}

function functionOf({ functions }: Collection, name: string): FunctionSchema {
  const found = functions.find((one) => one.name === name);
  if (!found) throw unexpected(`function ${name} not exists`);
  return found;
}

function addFunction(collection: Collection, added: FunctionSchema): void {
  if (collection.functions.some(({ name }) => name === added.name))
    throw invalid(`function name already exists: ${added.name}`);
  if (added.type === "BM25") throw invalid("currently does not support adding BM25 function");
  for (const name of [...added.input_field_names, ...added.output_field_names]) fieldOf(collection, name);
  const outputs = new Set(added.output_field_names);
  collection.fields = collection.fields.map((one) =>
    outputs.has(one.name) ? { ...one, is_function_output: true } : one,
  );
  collection.functions = [
    ...collection.functions,
    { ...added, id: String(100 + collection.functions.length) },
  ];
}

function dropFunction(collection: Collection, going: FunctionSchema): void {
  const outputs = new Set(going.output_field_names);
  collection.fields = collection.fields.map((one) =>
    outputs.has(one.name) ? { ...one, is_function_output: false } : one,
  );
  collection.functions = collection.functions.filter((one) => one !== going);
}

type AddRequest = NonNullable<NonNullable<AlterSchema["action"]>["add_request"]>;
type DropRequest = NonNullable<NonNullable<AlterSchema["action"]>["drop_request"]>;

/** A field by itself, or a function with the field that it fills and the index of that. */
function addBySchema(world: World, collection: Collection, { field_infos, func_schema }: AddRequest): void {
  const [info] = field_infos;
  const [added] = func_schema;
  if (!info && !added) throw invalid("nothing to add");
  if (!info && added) return addFunction(collection, added);
  if (!info || !added) return info && addField(world, collection, info.field_schema);
  demandStorageV3(world, "adding a function field");
  if (collection.functions.some(({ name }) => name === added.name))
    throw invalid(`function already exists, name: ${added.name}`);
  const field = { ...info.field_schema, is_function_output: true };
  refuseTakenName(collection, field.name);
  if (added.type !== "BM25" && added.type !== "MinHash")
    throw invalid("only BM25 and MinHash functions can be added with their fields");
  for (const name of added.input_field_names) fieldOf(collection, name);
  collection.fields = [...collection.fields, kept(world, field, String(nextFieldId(collection)))];
  collection.functions = [
    ...collection.functions,
    { ...added, id: String(100 + collection.functions.length) },
  ];
  collection.indexes = [
    ...collection.indexes,
    {
      id: world.newId(),
      name: info.index_name || field.name,
      fieldName: field.name,
      params: info.extra_params,
      asked: info.extra_params,
    },
  ];
}

function dropBySchema(collection: Collection, request: DropRequest): void {
  const { function_name, field_name, field_id } = request;
  if (function_name) return dropWithOutputs(collection, function_name, request.drop_function_output_fields);
  const struct = collection.structFields.find(
    ({ name, fieldID }) => name === field_name || fieldID === field_id,
  );
  if (struct) {
    collection.structFields = collection.structFields.filter((one) => one !== struct);
    return;
  }
  const field = collection.fields.find(({ name, fieldID }) => name === field_name || fieldID === field_id);
  if (!field)
    throw invalid(field_name ? `field not found: ${field_name}` : `field not found with id: ${field_id}`);
  refuseNeeded(collection, field);
  removeField(collection, field.name);
}

function dropWithOutputs(collection: Collection, name: string, withOutputs: boolean | undefined): void {
  if (!withOutputs)
    throw invalid(
      "detaching a function without dropping its output field is not supported; drop_function always removes the " +
        `function together with its output field: ${name}`,
    );
  const going = collection.functions.find((one) => one.name === name);
  if (!going) throw invalid(`function not found: ${name}`);
  const left = collection.fields.filter((one) => !going.output_field_names.includes(one.name));
  if (!left.some(isVector))
    throw invalid(`cannot drop function ${name}: it would leave no vector field in the collection`);
  dropFunction(collection, going);
  for (const output of going.output_field_names) removeField(collection, output);
}

/** What a collection cannot be without. */
function refuseNeeded({ fields, functions }: Collection, field: Field): void {
  const cannot = (why: string): Refusal => invalid(`cannot drop ${why}: ${field.name}`);
  if (field.is_primary_key) throw cannot("primary key field");
  if (field.is_partition_key) throw cannot("partition key field");
  if (field.is_clustering_key) throw cannot("clustering key field");
  for (const { name, input_field_names, output_field_names } of functions) {
    const role = input_field_names.includes(field.name)
      ? "input"
      : output_field_names.includes(field.name)
        ? "output"
        : undefined;
    if (role) throw invalid(`field is referenced by function ${name} as ${role}, drop function first`);
  }
  if (isVector(field) && fields.filter(isVector).length === 1) throw cannot("the last vector field");
}

function removeField(collection: Collection, name: string): void {
  collection.fields = collection.fields.filter((one) => one.name !== name);
  collection.indexes = collection.indexes.filter(({ fieldName }) => fieldName !== name);
}
