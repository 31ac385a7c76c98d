/**
 * An update of a collection, as steps from what the state has to what the program wants, and no others. What the server
 * has is looked at for two things: which steps are done already, since a run may have died half-way, and which cannot be
 * made on it. Whatever else differs there is somebody's change by hand: a refresh records it, and the next preview shows
 * it.
 */
import { differences, isRefusal } from "../../core/diff";
import { ANY_SERVER } from "../../core/properties";
import { list } from "../../core/shapes";
import type { CollectionDescription } from "../../milvus/collections";
import { type CollectionFunction, type Field, withoutUndefined } from "../../milvus/fields";
import { aCollection } from "../../milvus/names";
import { changedEntries, removedKeys } from "../common/inputs";
import { type SchemaChange, schemaChange } from "./changes";
import { collectionFunction, field } from "./schema";

/** What a state and a program say of a collection, as far as an update goes. */
export interface Declared {
  readonly fields: readonly Field[];
  readonly functions?: readonly CollectionFunction[];
  readonly description?: string;
  readonly consistencyLevel?: string;
  readonly enableDynamicField?: boolean;
  readonly properties?: Record<string, string>;
  readonly shardsNum?: number;
  readonly numPartitions?: number;
}

export type SchemaSteps = Omit<SchemaChange, "never">;

interface Named {
  readonly name: string;
}

const named = <T extends Named>(all: readonly T[] | undefined, { name }: Named): T | undefined =>
  all?.find((one) => one.name === name);

/** What has yet to come and go. Throws where the server has something else in the place of it. */
export async function schemaSteps(
  found: CollectionDescription,
  old: Declared,
  wanted: Declared,
): Promise<SchemaSteps> {
  const planned = schemaChange(old, wanted);
  await refuseDrift(found, old, planned);
  const isThere = (one: Named): boolean => named(found.fields, one) !== undefined;
  const hasFunction = (one: Named): boolean => named(found.functions, one) !== undefined;
  return {
    addedFields: planned.addedFields.filter((one) => !isThere(one)),
    addedFunctions: planned.addedFunctions.filter(({ added }) => !hasFunction(added)),
    droppedFields: planned.droppedFields.filter(isThere),
    droppedFunctions: planned.droppedFunctions.filter(hasFunction),
  };
}

async function refuseDrift(
  found: CollectionDescription,
  old: Declared,
  { addedFields, addedFunctions, droppedFields, droppedFunctions }: SchemaChange,
): Promise<void> {
  for (const added of addedFields) await refuseOtherField(found, added);
  for (const { added, output } of addedFunctions) {
    const there = named(found.functions, added);
    if (!there && named(found.fields, output))
      throw drifted(found, `field ${output.name}, which function ${added.name} is to fill, is there already`);
    if (!there) continue;
    await refuseOtherField(found, output);
    const different = await pathsOf("functions", there, added);
    if (different.length > 0)
      throw drifted(found, `function ${added.name} is there already, with other ${different.join(", ")}`);
  }
  for (const dropped of droppedFields) await refuseOtherThanKnown(found, "fields", old, dropped);
  for (const dropped of droppedFunctions) await refuseOtherThanKnown(found, "functions", old, dropped);
}

/** What is to be dropped is the one that the state knows, or gone. */
async function refuseOtherThanKnown(
  found: CollectionDescription,
  input: keyof typeof SHAPES,
  old: Declared,
  dropped: Named,
): Promise<void> {
  const [there, known] = [named<Named>(found[input], dropped), named<Named>(old[input], dropped)];
  const different = there && known ? await pathsOf(input, there, known, "replace") : [];
  if (different.length > 0)
    throw drifted(
      found,
      `${ONE_OF[input]} ${dropped.name} is not the one in the state: ${different.join(", ")} differ`,
    );
}

async function refuseOtherField(found: CollectionDescription, added: Field): Promise<void> {
  const there = named(found.fields, added);
  const different = there ? await pathsOf("fields", there, added) : [];
  if (different.length > 0)
    throw drifted(found, `field ${added.name} is there already, with other ${different.join(", ")}`);
}

/** As no part of this update: nothing is changed yet when it is thrown. */
function drifted(found: CollectionDescription, what: string): Error {
  return new Error(
    `${aCollection(found)} is not changed: ${what}. Somebody changed it since the state was written: run \`pulumi ` +
      "refresh`, look at the next preview, and run the same command again",
  );
}

const SHAPES = {
  fields: list(field, { keyedBy: "name" }),
  functions: list(collectionFunction, { keyedBy: "name" }),
} as const;

const ONE_OF = { fields: "field", functions: "function" } as const;

/** In what two of one name differ; with `replace`, only in what no server changes in place. */
async function pathsOf(
  input: keyof typeof SHAPES,
  one: Named,
  other: Named,
  only?: "replace",
): Promise<string[]> {
  const declared = { shape: SHAPES[input], doc: "", required: false, change: "replace" } as const;
  const found = await differences(
    { [input]: declared },
    { [input]: [one] },
    { [input]: [other] },
    ANY_SERVER,
  );
  return found
    .filter(({ effect }) => only === undefined || (effect === only && !isRefusal(effect)))
    .map(({ path }) => path);
}

/** What AlterCollectionField changes, by the words of this package. */
const ALTERABLE = {
  maxLength: "max_length",
  maxCapacity: "max_capacity",
  mmapEnabled: "mmap.enabled",
  warmup: "warmup",
  description: "field.description",
} as const;
type Alterable = keyof typeof ALTERABLE;

const LEFT_OUT: Readonly<Partial<Field>> = { mmapEnabled: false, description: "" };

const valueOf = (name: Alterable, one: Field): unknown => one[name] ?? LEFT_OUT[name];

function isPlanned(name: Alterable, old: Field, wanted: Field): boolean {
  const value = valueOf(name, wanted);
  return value !== undefined && value !== valueOf(name, old);
}

/** Not every server tells the descriptions of fields. */
function isDone(name: Alterable, found: CollectionDescription, there: Field, wanted: Field): boolean {
  if (name === "description" && found.description === undefined) return false;
  return valueOf(name, there) === valueOf(name, wanted);
}

const plannedOf = (old: Field, wanted: Field): Alterable[] =>
  (Object.keys(ALTERABLE) as Alterable[]).filter((name) => isPlanned(name, old, wanted));

/** What is to be set of a field, in the words of the wire. */
export interface FieldStep {
  readonly fieldName: string;
  readonly set: Record<string, string>;
}

/** Of fields that stay. Throws for one that somebody dropped. */
export function fieldSteps(found: CollectionDescription, old: Declared, wanted: Declared): FieldStep[] {
  return wanted.fields.flatMap((one): FieldStep[] => {
    const before = named(old.fields, one);
    const planned = before ? plannedOf(before, one) : [];
    if (planned.length === 0) return [];
    const there = named(found.fields, one);
    if (!there)
      throw drifted(found, `field ${one.name}, of which ${planned.join(", ")} is to change, is gone`);
    const set = planned
      .filter((name) => !isDone(name, found, there, one))
      .map((name) => [ALTERABLE[name], String(valueOf(name, one))] as const);
    return set.length === 0 ? [] : [{ fieldName: one.name, set: Object.fromEntries(set) }];
  });
}

/** What is to be set and removed of the collection itself, in the words of the wire. */
export interface PropertySteps {
  readonly set: Record<string, string>;
  /** Refused beside others: internal/rootcoord/ddl_callbacks_alter_collection_properties.go, from 2.6.6. */
  readonly switched: Record<string, string>;
  readonly removed: readonly string[];
}

export function propertySteps(found: CollectionDescription, old: Declared, wanted: Declared): PropertySteps {
  const [before, after] = [old.properties ?? {}, wanted.properties ?? {}];
  const set = Object.fromEntries(
    Object.entries(changedEntries(before, after)).filter(([key, value]) => found.properties[key] !== value),
  );
  const { description = "", consistencyLevel = "Bounded", enableDynamicField = false } = wanted;
  if (description !== (old.description ?? "") && description !== found.description)
    set["collection.description"] = description;
  if (consistencyLevel !== (old.consistencyLevel ?? "Bounded") && consistencyLevel !== found.consistencyLevel)
    set["consistency_level"] = consistencyLevel;
  const isSwitched =
    enableDynamicField !== (old.enableDynamicField ?? false) &&
    enableDynamicField !== (found.enableDynamicField ?? false);
  return {
    set,
    switched: isSwitched ? { "dynamicfield.enabled": String(enableDynamicField) } : {},
    removed: removedKeys(before, after).filter((key) => Object.hasOwn(found.properties, key)),
  };
}

/**
 * The collection as the server has it after the steps, but for what somebody else made of it: of that the state says what
 * it said before.
 */
export function asPlanned(
  found: CollectionDescription,
  old: Declared,
  wanted: Declared,
): CollectionDescription {
  const isChanged = (name: "description" | "consistencyLevel" | "enableDynamicField", otherwise: unknown) =>
    (old[name] ?? otherwise) !== (wanted[name] ?? otherwise);
  return {
    ...found,
    fields: plannedOnly(found.fields, old.fields, wanted.fields, (read, before, now) =>
      withoutUndefined({
        ...before,
        ...Object.fromEntries(plannedOf(before, now).map((name) => [name, read[name]])),
      }),
    ),
    functions: plannedOnly(
      found.functions ?? [],
      old.functions ?? [],
      wanted.functions ?? [],
      (_, before) => before,
    ),
    properties: plannedProperties(found, old, wanted),
    // What the server does not report stays for who knows it.
    ...(found.description !== undefined &&
      !isChanged("description", "") && { description: old.description ?? "" }),
    ...(found.consistencyLevel !== undefined &&
      !isChanged("consistencyLevel", "Bounded") && { consistencyLevel: old.consistencyLevel ?? "Bounded" }),
    ...(!isChanged("enableDynamicField", false) && { enableDynamicField: old.enableDynamicField ?? false }),
    shardsNum: old.shardsNum ?? found.shardsNum,
    numPartitions: old.numPartitions ?? found.numPartitions,
  };
}

/** In the server's order; what only somebody else has made is left out, and what only somebody else dropped stays. */
function plannedOnly<T extends Named>(
  found: readonly T[],
  old: readonly T[],
  wanted: readonly T[],
  staying: (read: T, before: T, now: T) => T,
): T[] {
  const read = found.flatMap((one) => {
    const [before, now] = [named(old, one), named(wanted, one)];
    if (before && now) return [staying(one, before, now)];
    if (before) return [before];
    return now ? [one] : [];
  });
  const gone = old.filter((one) => named(wanted, one) && !named(found, one));
  return [...read, ...gone];
}

function plannedProperties(
  found: CollectionDescription,
  old: Declared,
  wanted: Declared,
): Record<string, string> {
  const [before, after] = [old.properties ?? {}, wanted.properties ?? {}];
  const planned = new Set([...Object.keys(changedEntries(before, after)), ...removedKeys(before, after)]);
  return Object.fromEntries([
    ...Object.entries(before).filter(([key]) => !planned.has(key)),
    ...Object.entries(found.properties).filter(([key]) => planned.has(key)),
  ]);
}
