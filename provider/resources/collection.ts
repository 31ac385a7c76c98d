import { differences } from "../core/diff";
import { differingPaths } from "../core/differing";
import { declare } from "../core/example";
import { log } from "../core/log";
import {
  ANY_SERVER,
  type Change,
  type Effect,
  type Judge,
  optional,
  required,
  type ValuesOf,
} from "../core/properties";
import type { Resource, Standing } from "../core/resource";
import { enumerated, flag, list, oneOf, string, stringMap, whole } from "../core/shapes";
import { containsUnknown, isUnknown } from "../core/unknown";
import type { CollectionDescription } from "../milvus/collections";
import { asKept } from "../milvus/default-value";
import { MilvusError } from "../milvus/errors";
import { withoutUndefined } from "../milvus/fields";
import type { Milvus } from "../milvus/gateway";
import type { IndexDescription } from "../milvus/indexes";
import { aCollection, type CollectionRef } from "../milvus/names";
import {
  dynamicFieldChange,
  inPlaceFrom,
  schemaChange,
  schemaListChange,
  warnOfRelease,
} from "./collection-schema/changes";
import { checkFields, checkFunctions } from "./collection-schema/check";
import { demandFeatures } from "./collection-schema/demands";
import {
  asPlanned,
  fieldSteps,
  propertySteps,
  type PropertySteps,
  schemaSteps,
  type SchemaSteps,
} from "./collection-schema/planned";
import { collectionFunction, field } from "./collection-schema/schema";
import { dropUnderAliases, refuseWhileAliased } from "./in-collection/aliases";
import { wouldServeLess } from "./in-collection/served";
import { countOf, EMPTY_IN_WORDS, heldInWords, lossOf, whetherEmpty } from "./common/counts";
import { takenOver } from "./common/standing";
import { collectionKey } from "./in-collection/decided";
import {
  collectionOf,
  describeCollection,
  findOurs,
  findOursToChange,
  idOfCollection,
  lossOfCollection,
  oneAtATime,
} from "./in-collection/collection";
import { proveCollection } from "./in-collection/proof";
import { dropLeftovers, isScratch } from "./in-collection/scratch-collections";
import {
  adopt,
  databaseName,
  DEFAULT_TIMEOUTS,
  milvusName,
  parseCollectionId,
  timeouts,
  changedEntries,
  removedKeys,
} from "./common/inputs";
import { refuseUnchangeable } from "./common/in-place";
import { checkKeys } from "./common/known-properties";
import { NotLoadedAgain, owedIn, owedLoad, stillOwed, tellOwed } from "./loads/owed";
import {
  loadedInTheWay,
  loadOwed,
  releasedIfNeeded,
  releaseForChange,
  thenLoadedAgain,
  withoutFields,
} from "./loads/reload";

const fieldList = list(field, { keyedBy: "name", atLeast: 1 });
const functionList = list(collectionFunction, { keyedBy: "name" });

const CONSISTENCY_LEVELS = ["Strong", "Session", "Bounded", "Eventually"] as const;
const consistencyLevel = enumerated(oneOf(...CONSISTENCY_LEVELS), {
  typeName: "ConsistencyLevel",
  doc: "What reads see of the latest writes. Milvus: https://milvus.io/docs/consistency.md",
  known: CONSISTENCY_LEVELS,
});

const inputs = {
  collectionName: required(milvusName("collection"), {
    doc: "The name of the collection. Default: the logical name of the resource. A change renames it in place.",
    change: "update",
    inId: true,
  }),
  databaseName,
  description: optional(string(), {
    doc: "What the collection is for. Changed in place from Milvus 2.5.12; refused before.",
    change: inPlaceFrom("alterDescription"),
    default: "",
  }),
  fields: required(fieldList, {
    doc:
      "The schema: one primary key, at least one vector field and whatever else. Compared by name; their order " +
      "is no change. A field with `nullable: true` is added in place from Milvus 2.6 (a vector from 2.6.18, an array of " +
      "structs from 3.0), and a field is dropped in place, **with its values**, from 3.0; keys never. Older servers " +
      "replace the collection.",
    change: schemaListChange("fields", fieldList),
  }),
  functions: optional(functionList, {
    doc:
      "What Milvus computes on insert, such as BM25 over a text. Needs Milvus 2.5. From Milvus 3.0 a BM25 function is " +
      "added in place together with the field that it fills, which gets an index of the field's name " +
      "(`SPARSE_INVERTED_INDEX` with `BM25`), and a function is dropped together with its field. Other changes replace.",
    change: schemaListChange("functions", functionList),
    default: [],
  }),
  enableDynamicField: optional(flag(), {
    doc:
      "Whether rows may carry fields that the schema does not name. Default: `false`. Switched on in place from " +
      "Milvus 2.6.6, and off from 3.0, **with the values of such fields**; refused before.",
    change: dynamicFieldChange,
    default: false,
  }),
  consistencyLevel: optional(consistencyLevel, {
    doc: "What reads see of the latest writes. Default: `Bounded`. Changed in place from Milvus 2.5.5; refused before.",
    change: inPlaceFrom("alterConsistencyLevel"),
    default: "Bounded",
  }),
  shardsNum: optional(whole({ min: 1, max: 16 }), {
    doc: "How many shards writes are spread over, 1 to 16. Default: 1. A change replaces.",
    change: "replace",
    serverChooses: true,
  }),
  numPartitions: optional(whole({ min: 1, max: 4096 }), {
    doc:
      "How many partitions Milvus makes for the partition key, 1 to 4096. Only with a partition key. Default: the " +
      "server's, 16 or 64. A change replaces.",
    change: "replace",
    serverChooses: true,
  }),
  properties: optional(stringMap(), {
    doc:
      'Properties such as `"collection.ttl.seconds"` and `"mmap.enabled"`. Set in place; removed in place from ' +
      "Milvus 2.5. Milvus: https://milvus.io/docs/modify-collection.md",
    change: propertiesChange,
    default: {},
  }),
  version: optional(string(), {
    doc: "Any text. A change replaces the collection although nothing else asks for it. Not known to Milvus.",
    change: "replace",
  }),
  protectData: optional(flag(), {
    doc:
      "Whether the collection stays while it holds data, unless its id is in `milvus:acknowledgedDataLoss`: dropping it, " +
      "or a field of it, is an error then. A replacement under another name is made all the same, and the old one stays beside it. " +
      "Default: `false`: `milvus:protectData` alone says what stays, which by default is what a replacement would drop. " +
      "Nothing on the server changes with it.",
    change: "update",
    default: false,
  }),
  servedThrough: optional(milvusName("alias"), {
    doc:
      "The alias of a CollectionBehindAlias with filledBy, which sets it: once that points at a later collection of it that " +
      "holds at least as many entities, nothing is lost with this one, and it is dropped without an acknowledgement. " +
      "Nothing on the server changes with it.",
    change: "update",
  }),
  adopt,
  timeouts,
} as const;

const outputs = {
  collectionId: optional(string(), {
    doc: "The id that the server gave the collection. Empty on Milvus Lite, which gives none.",
    change: "ignore",
  }),
  owedLoad,
} as const;

export type CollectionInputs = ValuesOf<typeof inputs> & { databaseName: string };
export type CollectionState = Omit<CollectionInputs, "adopt"> & ValuesOf<typeof outputs>;

export const collection: Resource<Milvus, CollectionInputs, CollectionState> = {
  kind: "Collection",
  doc:
    "A collection: a schema and the entities in it.\n\n" +
    "Removed from the program, it is dropped at the next `pulumi up`, **with all data in it**. Milvus: " +
    "https://milvus.io/docs/manage-collections.md",
  example: [
    declare("Collection", "articles", {
      description: "What the assistant may quote",
      fields: [
        { name: "id", dataType: "Int64", isPrimaryKey: true },
        { name: "title", dataType: "VarChar", maxLength: 512 },
        { name: "embedding", dataType: "FloatVector", dim: 768 },
      ],
      properties: { "collection.ttl.seconds": "86400" },
    }),
  ],
  inputs,
  outputs,
  nameInput: "collectionName",

  check(wanted, report, _, warn) {
    if (wanted.fields) checkFields(wanted.fields, report);
    if (wanted.fields && wanted.functions) checkFunctions(wanted.functions, wanted.fields, report);
    if (
      wanted.fields &&
      wanted.numPartitions !== undefined &&
      !wanted.fields.some((one) => one.isPartitionKey)
    )
      report("numPartitions", "is only for collections with a partition key: set isPartitionKey on a field");
    checkKeys(wanted.properties ?? {}, "collections", report, warn);
    const ttl = wanted.properties?.["collection.ttl.seconds"];
    if (ttl !== undefined && !/^-?\d+$/.test(ttl))
      report(
        "properties.collection.ttl.seconds",
        "must be a whole number of seconds; Milvus takes anything and ignores it",
      );
  },

  declaredForChildren: ({ fields }) => (containsUnknown(fields) ? undefined : declaredFields(fields)),

  describe: describeCollection,
  id: idOfCollection,
  fromId: (id, { database }) => parseCollectionId(id, database),
  sameName: isSamePlace,
  onDecided({ decisions, successors, lines }, old, decision, wanted) {
    const { collectionName } = wanted;
    decisions.remember(collectionKey(old), decision, isUnknown(collectionName) ? undefined : collectionName);
    successors.remember(collectionKey(old), wanted);
    if (decision === "replace" && isSamePlace(old, wanted))
      lines.once(
        `before ${collection.describe(old)} is dropped, its replacement is tried on a scratch collection, which goes again`,
      );
  },

  isLeftOtherwise: (milvus, old) => {
    const owed = owedIn(old);
    if (owed) tellOwed(milvus, old, owed);
    return Promise.resolve(owed !== undefined);
  },

  protectsData: ({ protectData = false }) => protectData,
  losses: async (milvus, state, prove) =>
    (await isSucceeded(milvus, state)) ? [] : lossOfCollection(milvus, state, prove),

  demands: (milvus, wanted) =>
    containsUnknown(wanted.fields) || containsUnknown(wanted.functions)
      ? Promise.resolve()
      : demandFeatures(milvus, wanted),

  /** What is dropped in place takes its values with it. */
  async lossesOfUpdate(milvus, old, wanted, prove) {
    const dropped = droppedInPlace(old, wanted);
    const found = dropped.length > 0 ? await findOurs(milvus, old) : undefined;
    if (!found) return [];
    const count = await countOf(milvus, collectionOf(found), prove);
    return dropped.flatMap(({ name, words, whose }) => {
      const of = {
        id: `${collection.id(old)}/fields/${name}`,
        object: `${words} of ${collection.describe(old)}`,
      };
      return lossOf(of, count).map((loss) => ({ ...loss, held: `${whose} values in ${loss.held}` }));
    });
  },

  async list(milvus, databaseName) {
    const listed = await milvus.collections.list(databaseName);
    const found = await Promise.all(
      listed
        .filter(({ collectionName }) => !isScratch(collectionName))
        .map(({ collectionName }) => milvus.collections.find({ databaseName, collectionName })),
    );
    return found.flatMap((one) => (one ? [stateOf(one, {})] : []));
  },

  async read(milvus, state) {
    const found = await findOurs(milvus, state as CollectionState);
    return found && { ...stateOf(found, state), ...(await stillOwed(milvus, found, state)) };
  },

  async standing(milvus, wanted) {
    const found = await milvus.collections.find(wanted);
    return found && standingOf(milvus, wanted, found);
  },

  async create(milvus, wanted) {
    const operation = milvus.within(wanted.timeouts?.create ?? DEFAULT_TIMEOUTS.create);
    await demandFeatures(operation, wanted);
    const existing = await findStaying(operation, wanted, `${aCollection(wanted)} is not made`);
    if (existing) {
      takenOver(aCollection(wanted), await standingOf(operation, wanted, existing, true));
    } else {
      await refuseAliasName(operation, wanted);
      await operation.collections.create(wanted);
    }
    const found = await operation.collections.describe(wanted);
    if (!existing) operation.run.made.add(found);
    return stateOf(found, wanted);
  },

  async update(milvus, old, wanted) {
    const operation = milvus.within(wanted.timeouts?.update ?? DEFAULT_TIMEOUTS.update);
    await demandFeatures(operation, wanted);
    await refuseUnchangeable(collection.describe(old), inputs, old, wanted, operation);
    const current = await findToUpdate(operation, old, wanted);
    await refuseTakenName(operation, current, wanted);
    const steps = await stepsFrom(operation, current, old, wanted);
    const reached = async (): Promise<CollectionState> =>
      stateOf(asPlanned(await operation.collections.describe(wanted), old, wanted), wanted);
    try {
      for (const step of steps) await step();
      const owing = await loadOwed(operation, wanted, old);
      return { ...(await reached()), ...owing };
    } catch (error) {
      if (error instanceof NotLoadedAgain) throw error.keptIn(await reached().catch(() => old));
      throw error;
    }
  },

  async delete(milvus, state) {
    const operation = milvus.within(state.timeouts?.delete ?? DEFAULT_TIMEOUTS.delete);
    const found = await findOursToChange(operation, state);
    if (!found) {
      if (operation.run.successors.of(collectionKey(state))) await dropLeftovers(operation, state);
      return;
    }
    const now = await refuseWhileAliased(operation, found);
    const scratch = await proveSuccessor(operation, state);
    const held = await heldInWords(operation.entities.countCollection(state));
    try {
      await dropUnderAliases(operation, now);
    } finally {
      await scratch?.gone;
    }
    log(`dropped ${aCollection(state)} with ${held}`);
  },
};

function isSamePlace(old: CollectionRef, wanted: CollectionRef): boolean {
  return old.collectionName === wanted.collectionName && old.databaseName === wanted.databaseName;
}

/**
 * What comes in its place, when that is not made yet: under another name the engine makes it first, unless the program
 * asks for deleteBeforeReplace.
 */
async function proveSuccessor(
  milvus: Milvus,
  old: CollectionState,
): Promise<{ readonly gone: Promise<void> } | undefined> {
  const wanted = milvus.run.successors.of<CollectionInputs>(collectionKey(old));
  if (!wanted || containsUnknown(wanted)) return undefined;
  if (!isSamePlace(old, wanted) && (await milvus.collections.find(wanted))) return undefined;
  await demandFeatures(milvus, wanted);
  return proveCollection(milvus, old, wanted);
}

/** Its rows are in the collection that its alias points at now: dropping it loses none. */
async function isSucceeded(milvus: Milvus, { servedThrough, ...own }: CollectionState): Promise<boolean> {
  if (servedThrough === undefined) return false;
  const target = await milvus.aliases.target({ ...own, aliasName: servedThrough });
  if (target === undefined || target === own.collectionName) return false;
  // Somebody may have pointed it at anything since.
  if (!target.startsWith(`${servedThrough}_`) || !/_[0-9a-f]{8}$/.test(target)) return false;
  return !(await wouldServeLess(milvus, own, { ...own, collectionName: target }));
}

function declaredFields(fields: CollectionInputs["fields"]) {
  const nameOf = (isWanted: (field: (typeof fields)[number]) => boolean | undefined) =>
    fields.find((field) => isWanted(field) === true)?.name;
  return withoutUndefined({
    fieldTypes: Object.fromEntries(fields.map(({ name, dataType }) => [name, dataType])),
    fieldDims: Object.fromEntries(
      fields.flatMap(({ name, dim }) => (dim === undefined ? [] : [[name, dim]])),
    ),
    primaryKeyField: nameOf(({ isPrimaryKey }) => isPrimaryKey),
    partitionKeyField: nameOf(({ isPartitionKey }) => isPartitionKey),
  });
}

/** What Milvus sets and removes only while nothing is loaded: internal/proxy/task.go, alterCollectionTask, from 2.4 on. */
const SET_WHILE_RELEASED = /^(mmap\.enabled$|warmup\.|lazyload\.enabled$)/;

async function propertiesChange(
  { old = {}, new: wanted = {}, unknown, inputs }: Change<Record<string, string>>,
  judge: Judge,
): Promise<Effect> {
  const removed = unknown ? [] : removedKeys(old, wanted);
  if (removed.length > 0 && !(await judge.supports("dropProperties")))
    return {
      refuse: `properties: this server cannot remove ${removed.join(", ")} (needs Milvus 2.5)`,
      instead:
        'Set another value instead, for example "collection.ttl.seconds": "0" to keep entities for ever',
    };
  const changed = [...removed, ...(unknown ? [] : Object.keys(changedEntries(old, wanted)))];
  if (changed.some((key) => SET_WHILE_RELEASED.test(key)))
    await warnOfRelease(inputs, judge, "fieldMmap", "a change of its properties");
  return "update";
}

/** A part of a collection that goes in place, as its acknowledgement and messages name it. */
interface DroppedPart {
  readonly name: string;
  readonly words: string;
  readonly whose: "its" | "their";
}

/** Milvus keeps what the schema does not name in a field of this name: pkg/common/common.go, MetaFieldName. */
const DYNAMIC_FIELD: DroppedPart = { name: "$meta", words: "the dynamic fields", whose: "their" };

function droppedInPlace(old: CollectionState, wanted: CollectionInputs): DroppedPart[] {
  const isOpen = containsUnknown(wanted.fields) || containsUnknown(wanted.functions);
  const fields = isOpen ? [] : schemaChange(old, wanted).droppedFields;
  // A value that is not known yet is true here: nothing is certain to go.
  const isSwitchedOff = old.enableDynamicField && !wanted.enableDynamicField;
  return [
    ...fields.map(({ name }): DroppedPart => ({ name, words: `field ${name}`, whose: "its" })),
    ...(isSwitchedOff ? [DYNAMIC_FIELD] : []),
  ];
}

/** What the server has; what it is known not to report is as the program or the state last said. */
function stateOf(found: CollectionDescription, known: Partial<CollectionState>): CollectionState {
  const { aliases: _, collectionId, functions = [], ...described } = found;
  const state: Record<string, unknown> = {
    ...described,
    description: found.description ?? known.description ?? "",
    consistencyLevel: found.consistencyLevel ?? known.consistencyLevel ?? "Bounded",
    shardsNum: found.shardsNum ?? known.shardsNum,
    numPartitions: found.numPartitions ?? known.numPartitions,
    fields: found.fields.map((read) => ({
      ...unreported(found, known.fields, read.name),
      ...read,
      ...(read.defaultValue !== undefined && { defaultValue: asKept(read.dataType, read.defaultValue) }),
    })),
    properties: keptProperties(found.properties, known.properties ?? {}),
    functions: functions.map((read) => ({ ...unreported(found, known.functions, read.name), ...read })),
    collectionId: collectionId ?? "",
    ...(known.version !== undefined && { version: known.version }),
    ...(known.protectData && { protectData: true }),
    ...(known.servedThrough !== undefined && { servedThrough: known.servedThrough }),
    ...(known.timeouts && { timeouts: known.timeouts }),
  };
  return withoutUndefined(state) as unknown as CollectionState;
}

interface Described {
  readonly name: string;
  readonly description?: string;
  readonly maxLength?: number;
}

/** Milvus Lite forgets the descriptions of fields and functions and the lengths of array elements. */
function unreported(found: CollectionDescription, known: readonly Described[] = [], name: string) {
  if (found.description !== undefined) return {};
  const { description, maxLength } = known.find((one) => one.name === name) ?? {};
  return { ...(description && { description }), ...(maxLength && { maxLength }) };
}

/** Servers add properties of their own; those that users set are told apart by name. */
const USERS_PROPERTIES =
  /^(collection\.(?!timezone)|warmup\.|mmap\.enabled$|partitionkey\.isolation$|ttl_field$|allow_insert_auto_id$)/;

function keptProperties(read: Record<string, string>, known: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(read).filter(([key]) => Object.hasOwn(known, key) || USERS_PROPERTIES.test(key)),
  );
}

/** Equal and empty, or equal and asked for: anything else that exists already is not touched. */
async function standingOf(
  milvus: Milvus,
  wanted: CollectionInputs,
  found: CollectionDescription,
  prove = false,
): Promise<Standing> {
  const state = stateOf(found, wanted) as unknown as Record<string, unknown>;
  const different = await differences(inputs, state, wanted, ANY_SERVER);
  const isAsked = different.length === 0 && wanted.adopt;
  const count =
    different.length > 0 || isAsked ? undefined : await countOf(milvus, collectionOf(wanted), prove);
  const empty = count ? whetherEmpty(count) : "full";
  if (empty !== "full") return { inWords: EMPTY_IN_WORDS[empty] };
  const held = await heldInWords(count ?? milvus.entities.countCollection(wanted));
  const inWords = `it holds ${held}`;
  if (isAsked) return { inWords };
  return {
    inWords,
    refusal:
      different.length > 0
        ? `${aCollection(wanted)} exists already and differs from the program in ` +
          `${different.map(({ path }) => path).join(", ")}. Declare it as it is and set \`adopt: true\` to manage it ` +
          "from here, or choose another collectionName. From what is there to what the program says: " +
          [...new Set(different.map(({ input }) => input))]
            .flatMap((input) => pathsOf(input, state, wanted))
            .join(", ")
        : `${aCollection(wanted)} exists already and holds ${held}. To manage it from here, with its data, set ` +
          "`adopt: true`; otherwise choose another collectionName",
  };
}

function pathsOf(
  input: string,
  found: Readonly<Record<string, unknown>>,
  wanted: CollectionInputs,
): string[] {
  const [, property] = Object.entries(inputs).find(([name]) => name === input) ?? [];
  return property
    ? differingPaths(input, property, found[input], (wanted as Record<string, unknown>)[input])
    : [];
}

async function refuseAliasName(milvus: Milvus, ref: CollectionRef): Promise<void> {
  const target = await milvus.collections.aliasTarget(ref);
  if (target !== undefined)
    throw new Error(
      `${aCollection(ref)} cannot be made: ${ref.collectionName} is an alias of collection ${target}. Choose another ` +
        "collectionName, or drop the alias first",
    );
}

async function findToUpdate(
  milvus: Milvus,
  old: CollectionState,
  wanted: CollectionInputs,
): Promise<CollectionDescription> {
  const current = await findOurs(milvus, old);
  if (!current)
    throw new Error(
      `${aCollection(old)} is gone or another one now, and is not changed: run \`pulumi refresh\` first`,
    );
  // A run that died after the rename finds the collection under its new name already.
  if (current.collectionName === old.collectionName || current.collectionName === wanted.collectionName)
    return current;
  throw new Error(
    `${aCollection(old)} was renamed to ${current.collectionName} by somebody else, and is not changed: run \`pulumi ` +
      "refresh`, look at the next preview, and run the same command again",
  );
}

/** What has the wanted name, and keeps it in this run: a resource of the program may be about to give it up. */
async function findStaying(
  milvus: Milvus,
  wanted: CollectionRef,
  what: string,
  serverId?: string,
): Promise<CollectionDescription | undefined> {
  const found = await milvus.collections.find(wanted);
  if (!found) return undefined;
  const name = collection.id(wanted as CollectionState);
  const isFree = await milvus.run.renames.becomesFree({ name, what, until: milvus.deadline, serverId });
  return isFree ? milvus.collections.find(wanted) : found;
}

/** Before anything is changed. */
async function refuseTakenName(
  milvus: Milvus,
  current: CollectionDescription,
  { databaseName, collectionName }: CollectionRef,
): Promise<void> {
  if (current.collectionName === collectionName) return;
  const wanted = { databaseName, collectionName };
  const what = `${aCollection(current)} is not renamed to ${collectionName}`;
  const found = await findStaying(milvus, wanted, what, current.collectionId);
  if (found?.collectionName !== collectionName) return;
  throw new Error(
    `${what}: another collection has that name. Choose another collectionName, or rename or remove the other collection ` +
      "first",
  );
}

async function rename(
  milvus: Milvus,
  current: CollectionDescription,
  wanted: CollectionInputs,
): Promise<void> {
  if (current.collectionName === wanted.collectionName) return;
  await milvus.collections.rename(current, wanted.collectionName).catch(async (error: unknown) => {
    if (!renamesNoAliased(error)) throw error;
    throw aliasedRename(current, await milvus.aliases.of(current), wanted.collectionName);
  });
}

/** Milvus 2.3 takes every rename outside of the default database for a move to another one. */
function renamesNoAliased(error: unknown): boolean {
  return error instanceof MilvusError && /must drop all aliases/.test(error.failure.reason);
}

function aliasedRename(found: CollectionRef, aliases: readonly string[], newName: string): Error {
  return new Error(
    `${aCollection(found)} is not renamed to ${newName}: outside of the database default this server renames no ` +
      `collection that has an alias (${aliases.join(", ")}). Keep its name, or remove the alias from the program, run ` +
      "`pulumi up`, and declare the new name and the alias together",
  );
}

/** Each may be made again: what it sets is set then already. */
type Step = () => Promise<void>;

/**
 * Throws before anything is changed where the server has something else in the place of what is to be changed. What
 * comes is first, since a server's settings may forbid it: nothing is changed yet then. What goes is last: what is
 * refused before that costs no values.
 */
async function stepsFrom(
  milvus: Milvus,
  current: CollectionDescription,
  old: CollectionState,
  wanted: CollectionInputs,
): Promise<Step[]> {
  const schema = await schemaSteps(current, old, wanted);
  const alterations = [
    ...alterationsOf(milvus, wanted, propertySteps(current, old, wanted)),
    ...fieldSteps(current, old, wanted).map(
      ({ fieldName, set }): Step =>
        () =>
          milvus.collections.setFieldProperties(wanted, fieldName, set),
    ),
  ];
  const under = { ...current, databaseName: wanted.databaseName, collectionName: wanted.collectionName };
  return [
    () => addToSchema(milvus, current, schema),
    () => rename(milvus, current, wanted),
    // Together, for one release at most.
    () =>
      releasedIfNeeded(milvus, wanted, async () => {
        for (const alter of alterations) await alter();
      }),
    () => dropFromSchema(milvus, under, schema),
  ];
}

function alterationsOf(
  { collections }: Milvus,
  wanted: CollectionInputs,
  { set, switched, removed }: PropertySteps,
): Step[] {
  return [
    ...[set, switched]
      .filter((properties) => Object.keys(properties).length > 0)
      .map((properties) => () => collections.setProperties(wanted, properties)),
    ...(removed.length > 0 ? [() => collections.dropProperties(wanted, removed)] : []),
  ];
}

/** Milvus takes no other for the field that a BM25 function fills. */
const BM25_INDEX = { indexType: "SPARSE_INVERTED_INDEX", metricType: "BM25" } as const;

/**
 * What Milvus 3.0 takes only with the setting common.storage.useLoonFFI comes before what it takes anyway: functions,
 * then Text fields.
 */
async function addToSchema(
  milvus: Milvus,
  found: CollectionDescription,
  { addedFields, addedFunctions }: SchemaSteps,
): Promise<void> {
  for (const { added, output } of addedFunctions) {
    await milvus.collections.addFunction(found, added, output, BM25_INDEX);
    log(
      `added function ${added.name} to ${aCollection(found)} with field ${output.name}, and on that the index ` +
        `${output.name} (${BM25_INDEX.indexType}, ${BM25_INDEX.metricType}): declare it as an Index of that name`,
    );
  }
  const isText = ({ dataType }: { dataType: string }): boolean => dataType === "Text";
  for (const added of [...addedFields.filter(isText), ...addedFields.filter((one) => !isText(one))])
    await milvus.collections.addField(found, added);
}

async function dropFromSchema(
  milvus: Milvus,
  found: CollectionDescription,
  { droppedFields, droppedFunctions }: SchemaSteps,
): Promise<void> {
  for (const { name } of droppedFunctions) await milvus.collections.dropFunction(found, name);
  if (droppedFields.length > 0)
    await dropFields(
      milvus,
      found,
      droppedFields.map(({ name }) => name),
    );
}

/** With the indexes on them, which would be on nothing. */
async function dropFields(
  milvus: Milvus,
  found: CollectionDescription,
  names: readonly string[],
): Promise<void> {
  const held = await heldInWords(milvus.entities.countCollection(found));
  const dropAll = async (indexes: readonly IndexDescription[]): Promise<void> => {
    for (const one of indexes) await milvus.indexes.drop(one);
    for (const name of names) {
      await milvus.collections.dropField(found, name);
      log(`dropped field ${name} of ${aCollection(found)} with its values in ${held}`);
    }
  };
  await oneAtATime(milvus, found, async () => {
    const indexes = (await milvus.indexes.list(found)).filter(({ fieldName }) => names.includes(fieldName));
    const loadedAs = indexes.length > 0 ? await loadedInTheWay(milvus, found, names) : undefined;
    if (!loadedAs) return dropAll(indexes);
    await thenLoadedAgain(milvus, found, withoutFields(loadedAs, names), async () => {
      await releaseForChange(milvus, found);
      await dropAll(indexes);
    });
  });
}
