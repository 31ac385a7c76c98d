/**
 * What Milvus can change of a collection in place, by its version. Where it cannot, fields and functions that come or
 * go are a replacement, which says which version could; descriptions, limits and levels are refused.
 */
import { differences, together } from "../../core/diff";
import { ANY_SERVER, type Change, type Effect, type Judge } from "../../core/properties";
import type { Shape } from "../../core/shapes";
import { containsUnknown } from "../../core/unknown";
import { type CollectionFunction, type Field, isVectorType } from "../../milvus/fields";
import { type FeatureName, needed } from "../../milvus/versions";
import { knownToSupport, refusalWithout } from "../common/in-place";

type Values = Readonly<Record<string, unknown>>;

/** The way to what no change in place leads to. */
const REPLACED_ON_PURPOSE =
  "Declare it as it was; or change the input `version` of the collection as well, which replaces it on purpose and " +
  "drops all that it holds";

/** In place from the version that can; refused before. */
export const inPlaceFrom =
  (feature: FeatureName) =>
  async (change: Change<unknown>, judge: Judge): Promise<Effect> =>
    (await refusalWithout(feature, change, judge, (lacking) => ({
      refuse: `${change.path}: this server cannot change it in place (${lacking})`,
      instead: REPLACED_ON_PURPOSE,
    }))) ?? "update";

/** No Milvus so far changes it in place; what is not known yet may be what it was. */
export const neverInPlace = ({ path, unknown }: Change<unknown>): Effect =>
  unknown
    ? "update"
    : { refuse: `${path}: no Milvus so far changes it in place`, instead: REPLACED_ON_PURPOSE };

/** An array of structs is none of the fields that AlterCollectionField knows. */
export const fieldDescriptionChange = (change: Change<string>, judge: Judge): Effect | Promise<Effect> =>
  change.element?.["elementType"] === "Struct"
    ? neverInPlace(change)
    : inPlaceFrom("alterFieldDescription")(change, judge);

/** On and off came with different versions. */
export const dynamicFieldChange = (change: Change<boolean>, judge: Judge): Promise<Effect> =>
  inPlaceFrom(change.new ? "enableDynamicField" : "disableDynamicField")(change, judge);

/** What is only changed while nothing is loaded. Where it cannot be declared at all, no replacement gets it either. */
export const inPlaceWhileReleased =
  (declared: FeatureName, feature: FeatureName) =>
  async (change: Change<unknown>, judge: Judge): Promise<Effect> => {
    const undeclarable = await refusalWithout(declared, change, judge, (lacking) => ({
      refuse: `${change.path}: this server does not know it (${lacking})`,
      instead: "Leave it out",
    }));
    if (undeclarable) return undeclarable;
    const effect = await inPlaceFrom(feature)(change, judge);
    if (effect === "update") await warnOfRelease(change.inputs, judge, feature, "a change of its fields");
    return effect;
  };

/** Where the server is known to demand it. */
export async function warnOfRelease(
  inputs: Values,
  judge: Judge,
  since: FeatureName,
  because: string,
): Promise<void> {
  if (judge === ANY_SERVER || !(await knownToSupport(judge, since))) return;
  judge.logOnce(
    `warning: ${collectionIn(inputs)} will be released for ${because}, if it is loaded, and loaded again as it was: ` +
      "searches fail meanwhile",
  );
}

function collectionIn({ collectionName }: Values): string {
  return `collection ${String(collectionName)}`;
}

function logReplacement(inputs: Values, judge: Judge, because: string): void {
  judge.logOnce(`${collectionIn(inputs)} will be replaced: ${because}`);
}

/** What has to come and go for a schema to become another one. */
export interface SchemaChange {
  readonly addedFields: readonly Field[];
  readonly droppedFields: readonly Field[];
  /** Each with the one field that it fills. */
  readonly addedFunctions: readonly { readonly added: CollectionFunction; readonly output: Field }[];
  readonly droppedFunctions: readonly CollectionFunction[];
  /** Why no Milvus does it in place. */
  readonly never?: string;
}

interface Schema {
  readonly fields?: readonly Field[];
  readonly functions?: readonly CollectionFunction[];
}

export function schemaChange(old: Schema, wanted: Schema): SchemaChange {
  const [oldFields, fields] = [old.fields ?? [], wanted.fields ?? []];
  const [oldFunctions, functions] = [old.functions ?? [], wanted.functions ?? []];
  const come = comers(oldFields, fields);
  const gone = comers(fields, oldFields);
  const comeFunctions = comers(oldFunctions, functions);
  const goneFunctions = comers(functions, oldFunctions);
  const filled = new Map(
    comeFunctions.map((added) => [added, come.filter(({ name }) => added.outputFieldNames?.includes(name))]),
  );
  const outputs = new Set([...filled.values()].flat());
  const goneOutputs = new Set(goneFunctions.flatMap(({ outputFieldNames = [] }) => outputFieldNames));
  const addedFields = come.filter((field) => !outputs.has(field));
  return {
    addedFields,
    droppedFields: gone.filter(({ name }) => !goneOutputs.has(name)),
    addedFunctions: [...filled].flatMap(([added, [output]]) => (output ? [{ added, output }] : [])),
    droppedFunctions: goneFunctions,
    never:
      addedFields.map(whyNotAdded).find(isText) ??
      gone.map(whyNotDropped).find(isText) ??
      [...filled].map(([added, fills]) => whyNotFunction(added, fills)).find(isText) ??
      goneFunctions.map((one) => whyOutputStays(one, fields)).find(isText),
  };
}

function comers<T extends { readonly name: string }>(before: readonly T[], after: readonly T[]): T[] {
  const names = new Set(before.map(({ name }) => name));
  return after.filter(({ name }) => !names.has(name));
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}

const isKey = ({ isPrimaryKey, isPartitionKey, isClusteringKey }: Field): boolean =>
  Boolean(isPrimaryKey || isPartitionKey || isClusteringKey);

function whyNotAdded(field: Field): string | undefined {
  if (isKey(field)) return `field ${field.name} is a key, and Milvus adds none to a collection`;
  return field.nullable
    ? undefined
    : `field ${field.name} is added in place only when it has nullable: true (${needed(featureOf(field))})`;
}

function whyNotDropped(field: Field): string | undefined {
  return isKey(field) ? `field ${field.name} is a key, and Milvus drops none from a collection` : undefined;
}

function whyNotFunction(
  { name, type, outputFieldNames = [] }: CollectionFunction,
  fills: readonly Field[],
): string | undefined {
  const isAlone = outputFieldNames.length === 1 && fills.length === 1;
  return type === "BM25" && isAlone
    ? undefined
    : `function ${name} is added in place only when it is of type BM25 and its one output field is new as well ` +
        `(${needed("addFunction")})`;
}

function whyOutputStays(
  { name, outputFieldNames = [] }: CollectionFunction,
  fields: readonly Field[],
): string | undefined {
  const stays = fields.find((field) => outputFieldNames.includes(field.name));
  return (
    stays && `function ${name} is dropped in place only together with the field that it fills, ${stays.name}`
  );
}

function featureOf({ dataType, elementType, fields }: Field): FeatureName {
  if (fields || elementType === "Struct") return "addStructField";
  return isVectorType(dataType) ? "addVectorField" : "addField";
}

function featuresOf(change: SchemaChange): FeatureName[] {
  return [
    ...change.addedFields.map(featureOf),
    ...change.droppedFields.map((): FeatureName => "dropField"),
    ...change.addedFunctions.map((): FeatureName => "addFunction"),
    ...change.droppedFunctions.map((): FeatureName => "dropFunction"),
  ];
}

/** For a list of fields or functions of which some come or go; what changes in the others counts as well. */
export const schemaListChange =
  (input: "fields" | "functions", shape: Shape<unknown>) =>
  async (change: Change<readonly { readonly name: string }[]>, judge: Judge): Promise<Effect> => {
    const { old = [], new: wanted = [], unknown, state, inputs } = change;
    if (unknown || containsUnknown(inputs["fields"]) || containsUnknown(inputs["functions"]))
      return "replace";
    const planned = schemaChange(state, inputs);
    const because = planned.never ?? (await firstMissing(featuresOf(planned), judge));
    if (because !== undefined) {
      logReplacement(inputs, judge, because);
      return "replace";
    }
    if (planned.droppedFields.some(({ dataType }) => isVectorType(dataType)))
      await warnOfRelease(inputs, judge, "dropField", "the drop of a vector field");
    const kept = (
      values: readonly { readonly name: string }[],
      others: readonly { readonly name: string }[],
    ) => values.filter(({ name }) => others.some((other) => other.name === name));
    const found = await differences(
      { [input]: { shape, doc: "", required: false, change: "replace" } },
      { ...state, [input]: kept(old, wanted) },
      { ...inputs, [input]: kept(wanted, old) },
      judge,
    );
    const effect = together(found);
    return effect === "ignore" ? "update" : effect;
  };

async function firstMissing(features: readonly FeatureName[], judge: Judge): Promise<string | undefined> {
  for (const one of features) if (!(await judge.supports(one))) return needed(one);
  return undefined;
}
