/** The rules of a schema that need no server; each says the rule and the way out. */
import { beyondExact, isInexact, type Report, show, suggestion } from "../../core/shapes";
import { isBeyondFloat } from "../../milvus/default-value";
import type { CollectionFunction, Field } from "../../milvus/fields";
import { VECTOR_TYPES } from "./schema";

const DENSE_LIMIT = 32_768;
/** Milvus counts the dimensions of a binary vector in bits. */
const BINARY_LIMIT = DENSE_LIMIT * 8;
const RESERVED_NAMES = ["$meta", "RowID", "Timestamp"];
const WHOLE_NUMBER_BITS: Readonly<Record<string, number>> = { Int8: 8, Int16: 16, Int32: 32, Int64: 64 };

const isVector = (type: string): boolean => (VECTOR_TYPES as readonly string[]).includes(type);
const isText = (type: string): boolean => type === "VarChar";
const isWholeNumber = (type: string): boolean => Object.hasOwn(WHOLE_NUMBER_BITS, type);

export function checkFields(fields: readonly Field[], report: Report): void {
  const paths = new Map(fields.map((field, index) => [field, `fields[${index}]`]));
  const at = (field: Field): string => paths.get(field) ?? "fields";
  checkNames(fields, "fields", report);
  checkPrimaryKey(fields, at, report);
  checkAtMostOne(fields, "isPartitionKey", "partition key", at, report);
  checkAtMostOne(fields, "isClusteringKey", "clustering key", at, report);
  if (
    !fields.some(
      ({ dataType, fields: members }) => isVector(dataType) || dataType === "ArrayOfVector" || members,
    )
  )
    report("fields", `need at least one vector field: one with dataType ${VECTOR_TYPES.join(", ")}`);
  for (const field of fields) checkField(field, at(field), report);
}

function checkNames(named: readonly { name: string }[], path: string, report: Report): void {
  const first = new Map<string, number>();
  named.forEach(({ name }, index) => {
    const earlier = first.get(name);
    if (earlier !== undefined)
      report(`${path}[${index}].name`, `${show(name)} is the name of ${path}[${earlier}] already`);
    first.set(name, earlier ?? index);
    if (RESERVED_NAMES.includes(name))
      report(`${path}[${index}].name`, `${show(name)} is reserved by Milvus`);
  });
}

type At = (field: Field) => string;

function checkPrimaryKey(fields: readonly Field[], at: At, report: Report): void {
  const keys = fields.filter((field) => field.isPrimaryKey);
  const [key, second] = keys;
  if (!key)
    report("fields", "need a primary key: set isPrimaryKey on one field of dataType Int64 or VarChar");
  if (second)
    report(
      `${at(second)}.isPrimaryKey`,
      `there can be one primary key only, and ${show(key?.name)} is one already`,
    );
  for (const field of keys) {
    if (field.dataType !== "Int64" && !isText(field.dataType))
      report(`${at(field)}.dataType`, `a primary key is Int64 or VarChar, not ${field.dataType}`);
    if (field.nullable) report(`${at(field)}.nullable`, "a primary key cannot be nullable");
    if (field.defaultValue !== undefined)
      report(`${at(field)}.defaultValue`, "a primary key has no default value");
    if (field.isPartitionKey)
      report(`${at(field)}.isPartitionKey`, "the primary key cannot be the partition key");
  }
  for (const field of fields)
    if (field.autoId && !field.isPrimaryKey) report(`${at(field)}.autoId`, "is only for the primary key");
}

function checkAtMostOne(
  fields: readonly Field[],
  flag: "isPartitionKey" | "isClusteringKey",
  what: string,
  at: At,
  report: Report,
): void {
  const [first, second] = fields.filter((field) => field[flag]);
  if (second)
    report(`${at(second)}.${flag}`, `there can be one ${what} only, and ${show(first?.name)} is one already`);
  if (first && flag === "isPartitionKey" && first.dataType !== "Int64" && !isText(first.dataType))
    report(`${at(first)}.dataType`, `a partition key is Int64 or VarChar, not ${first.dataType}`);
}

function checkField(field: Field, path: string, report: Report): void {
  const { dataType, elementType } = field;
  const isArray = dataType === "Array";
  const stored = isArray || dataType === "ArrayOfVector" ? (elementType ?? "") : dataType;
  checkDim(field, stored, path, report);
  checkArray(field, path, report);
  if (isText(stored) && field.maxLength === undefined)
    report(
      `${path}.maxLength`,
      `is required for ${isArray ? "arrays of VarChar" : "VarChar"}: 1 to 65,535 bytes`,
    );
  if (!isText(stored) && stored !== "" && field.maxLength !== undefined)
    report(`${path}.maxLength`, `is only for VarChar, and ${show(field.name)} is ${dataType}`);
  for (const name of ["enableAnalyzer", "enableMatch", "analyzerParams", "multiAnalyzerParams"] as const)
    if (field[name] !== undefined && field[name] !== false && !["VarChar", "Text"].includes(dataType))
      report(`${path}.${name}`, `is only for VarChar, and ${show(field.name)} is ${dataType}`);
  if (field.enableMatch && !field.enableAnalyzer)
    report(`${path}.enableMatch`, "needs enableAnalyzer: true as well");
  if (field.isPartitionKey && field.nullable)
    report(`${path}.nullable`, "a partition key cannot be nullable");
  if (field.isClusteringKey && (isArray || dataType === "JSON"))
    report(`${path}.isClusteringKey`, `a clustering key cannot be ${dataType}`);
  if (field.defaultValue !== undefined)
    checkDefault(field, field.defaultValue, `${path}.defaultValue`, report);
}

function checkDim({ name, dataType, dim }: Field, stored: string, path: string, report: Report): void {
  if (!isVector(stored) || stored === "SparseFloatVector") {
    if (dim !== undefined)
      report(
        `${path}.dim`,
        stored === "SparseFloatVector"
          ? "a SparseFloatVector has no fixed dim: leave it out"
          : `is only for vectors, and ${show(name)} is ${dataType}`,
      );
    return;
  }
  const binary = stored === "BinaryVector";
  const limit = binary ? BINARY_LIMIT : DENSE_LIMIT;
  if (dim === undefined) report(`${path}.dim`, `is required for ${stored}: 1 to ${limit}`);
  else if (dim < 1 || dim > limit) report(`${path}.dim`, `must be 1 to ${limit} for ${stored}, not ${dim}`);
  else if (binary && dim % 8 !== 0)
    report(`${path}.dim`, `must be a multiple of 8 for BinaryVector, not ${dim}`);
}

function checkArray(
  { dataType, elementType, maxCapacity, fields }: Field,
  path: string,
  report: Report,
): void {
  if (dataType !== "Array" && dataType !== "ArrayOfVector") {
    if (elementType !== undefined) report(`${path}.elementType`, `is only for Array, not for ${dataType}`);
    if (maxCapacity !== undefined) report(`${path}.maxCapacity`, `is only for Array, not for ${dataType}`);
    if (fields !== undefined) report(`${path}.fields`, `is only for Array of Struct, not for ${dataType}`);
    return;
  }
  if (elementType === undefined) report(`${path}.elementType`, `is required for ${dataType}`);
  if (maxCapacity === undefined)
    report(`${path}.maxCapacity`, `is required for ${dataType}: 1 to 4,096 elements`);
  if (elementType === undefined) return;
  if (dataType === "ArrayOfVector" && !isVector(elementType))
    report(`${path}.elementType`, `the elements of an ArrayOfVector are vectors, not ${elementType}`);
  if (dataType === "Array" && (isVector(elementType) || elementType === "JSON"))
    report(`${path}.elementType`, `an Array cannot hold ${elementType}`);
  if ((elementType === "Struct") !== (fields !== undefined))
    report(`${path}.fields`, "go with elementType Struct, and it with them");
  if (fields) {
    checkNames(fields, `${path}.fields`, report);
    fields.forEach((member, index) => checkField(member, `${path}.fields[${index}]`, report));
  }
}

function checkDefault(
  { dataType }: Field,
  value: string | number | boolean,
  path: string,
  report: Report,
): void {
  const bad = (rule: string): void => report(path, `must be ${rule} for ${dataType}, not ${show(value)}`);
  if (isVector(dataType) || ["Array", "ArrayOfVector", "JSON"].includes(dataType))
    report(path, `a field of type ${dataType} has no default value`);
  else if (dataType === "Bool" && typeof value !== "boolean") bad("true or false");
  else if (isWholeNumber(dataType) && isInexact(value)) report(path, beyondExact(value));
  else if (isWholeNumber(dataType) && !fitsBits(value, WHOLE_NUMBER_BITS[dataType] ?? 64))
    bad(`a whole number that fits ${WHOLE_NUMBER_BITS[dataType]} bits`);
  else if (["Float", "Double"].includes(dataType) && typeof value !== "number") bad("a number");
  else if (dataType === "Float" && isBeyondFloat(Number(value)))
    report(
      path,
      `cannot be kept in a Float, which has 32 bits: declare the field as Double, or another value than ${show(value)}`,
    );
  else if (["VarChar", "Text", "Geometry"].includes(dataType) && typeof value !== "string") bad("a string");
}

function fitsBits(value: string | number | boolean, bits: number): boolean {
  if (typeof value === "boolean" || !/^-?\d+$/.test(String(value))) return false;
  const whole = BigInt(value);
  return BigInt.asIntN(bits, whole) === whole;
}

export function checkFunctions(
  functions: readonly CollectionFunction[],
  fields: readonly Field[],
  report: Report,
): void {
  checkNames(functions, "functions", report);
  const names = fields.map(({ name }) => name);
  functions.forEach((declared, index) => {
    const path = `functions[${index}]`;
    for (const list of ["inputFieldNames", "outputFieldNames"] as const)
      declared[list]?.forEach((name, at) => {
        if (!names.includes(name))
          report(
            `${path}.${list}[${at}]`,
            `${show(name)} is no field of the collection${suggestion(name, names)}`,
          );
      });
    if (declared.type === "BM25") checkBm25(declared, fields, path, report);
  });
}

function checkBm25(
  declared: CollectionFunction,
  fields: readonly Field[],
  path: string,
  report: Report,
): void {
  const find = (names: readonly string[] = []) => fields.find(({ name }) => name === names[0]);
  const input = find(declared.inputFieldNames);
  const output = find(declared.outputFieldNames);
  if (input && !(isText(input.dataType) && input.enableAnalyzer))
    report(`${path}.inputFieldNames`, "BM25 reads a VarChar field with enableAnalyzer: true");
  if (!declared.outputFieldNames?.length || (output && output.dataType !== "SparseFloatVector"))
    report(`${path}.outputFieldNames`, "BM25 fills one SparseFloatVector field");
}
