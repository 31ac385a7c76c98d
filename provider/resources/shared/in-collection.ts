/** What partitions and indexes have in common: they stand inside a collection and follow it. */
import { decisionOn, nameDecidedFor } from "../../core/decisions";
import { type Change, type Effect, optional, required } from "../../core/properties";
import { json, text } from "../../core/shapes";
import { isUnknown } from "../../core/unknown";
import { logOnce } from "../../core/log";
import { Queue } from "../../core/queue";
import type { CollectionDescription } from "../../milvus/collections";
import type { Milvus } from "../../milvus/gateway";
import { aCollection, type CollectionRef, keyOf } from "../../milvus/names";
import { databaseName, milvusName } from "./inputs";

export interface CollectionIdentity {
  readonly databaseName?: string;
  readonly collectionName?: string;
  readonly collectionId?: string;
}

type InState = CollectionRef & CollectionIdentity;

/** How a run remembers what it decided about a collection; by name where the server gives no ids. */
export function collectionKey({ databaseName, collectionId, collectionName }: CollectionIdentity): string {
  return `collection ${databaseName}/${collectionId || collectionName}`;
}

/** The collection goes in this run, and what is inside goes with it. */
export function goesWithCollection(state: CollectionIdentity): boolean {
  return decisionOn(collectionKey(state)) === "replace";
}

/** The collection is changed in place in this run, and may have got its name by that. */
function isChanged(state: CollectionIdentity): boolean {
  return decisionOn(collectionKey(state)) === "update";
}

/** Whether this run has compared the collection: not when the engine drops something that it depends on before. */
export function isCompared(state: CollectionIdentity): boolean {
  return decisionOn(collectionKey(state)) !== undefined;
}

/** Given by its name alone, the collection is the same input before and after. */
export function goesBecauseOfCollection(state: CollectionIdentity): "collectionName" | undefined {
  return goesWithCollection(state) ? "collectionName" : undefined;
}

/** Another name than this run gives to the collection is that of another collection. */
function isNewName(state: CollectionIdentity, name: unknown): boolean {
  const decided = nameDecidedFor(collectionKey(state));
  return decided === undefined || isUnknown(name) || name === decided;
}

/** The state as it is once this run has renamed the collection. */
export function followed<State extends CollectionIdentity>(state: State): State {
  const collectionName = isChanged(state) ? nameDecidedFor(collectionKey(state)) : undefined;
  return collectionName === undefined ? state : { ...state, collectionName };
}

/** Whether both stand in one collection, also when this run renames it. */
export function inSameCollection(old: CollectionIdentity, wanted: CollectionIdentity): boolean {
  if (old.databaseName !== wanted.databaseName) return false;
  if (old.collectionName === wanted.collectionName) return true;
  const id = wanted.collectionId;
  if (id && !isUnknown(id) && old.collectionId) return id === old.collectionId;
  return isChanged(old) && isNewName(old, wanted.collectionName);
}

/** The collection goes in this run, and another one comes in its place under the same name. */
export function comesBackUnderItsName(state: CollectionIdentity): boolean {
  return goesWithCollection(state) && nameDecidedFor(collectionKey(state)) === state.collectionName;
}

/** A renamed collection is followed in place; another collection means another partition or index. */
export function followCollection({ state, inputs }: Change<string>): Effect {
  const id = inputs["collectionId"];
  if (typeof id === "string" && id !== "" && !isUnknown(id) && state["collectionId"])
    return id === state["collectionId"] ? "update" : "replace";
  switch (decisionOn(collectionKey(state))) {
    case "replace":
      return "replace";
    case "update":
    case "none":
      if (inputs["collectionName"] === state["collectionName"]) return "ignore";
      return isNewName(state, inputs["collectionName"]) ? "update" : "replace";
    case undefined:
      // A collection that this run did not look at: the same name stands for the same collection.
      return inputs["collectionName"] === state["collectionName"] ? "ignore" : "replace";
  }
}

export const inCollection = {
  collectionName: required(milvusName("collection"), {
    doc: "The name of the collection it stands in.",
    change: followCollection,
    argument: "collection",
    inId: true,
  }),
  collectionId: optional(text(), {
    doc: "The id that the server gave the collection. Empty on Milvus Lite, which gives none.",
    change: followCollection,
    serverChooses: true,
    argument: "collection",
  }),
  databaseName: {
    ...databaseName,
    // Of a collection that is replaced it is not known yet, and what the collection's name and id say counts.
    change: ({ unknown }: Change<string>): Effect => (unknown ? "ignore" : "replace"),
  },
  /** What the program says of the collection, for rules that need no server. Filled in by check. */
  declaredCollection: optional(json(), {
    doc: "",
    change: "ignore",
    checkOnly: true,
    argument: "collection",
  }),
} as const;

export function collectionOf(values: CollectionRef): CollectionRef {
  return { databaseName: values.databaseName, collectionName: values.collectionName };
}

/**
 * Whatever releases, loads or drops inside one collection goes one after another: the engine runs siblings side by
 * side, and they must not undo each other's release.
 */
export const collectionQueue = new Queue();

export function queueKey(milvus: Milvus, ref: CollectionRef): string {
  return `${milvus.address} ${keyOf(ref)}`;
}

/**
 * The collection of the state: under its name, or under the one that somebody gave it since. One that was dropped
 * and made again by somebody else is not ours, nor is anything in it.
 */
export async function findOurs(milvus: Milvus, state: InState): Promise<CollectionDescription | undefined> {
  const { collectionId } = state;
  const found = await milvus.collections.find(state);
  if (found && (!collectionId || !found.collectionId || found.collectionId === collectionId)) return found;
  const renamed = collectionId
    ? await milvus.collections.findById(state.databaseName, collectionId)
    : undefined;
  if (!renamed && found)
    logOnce(
      `${aCollection(state)} was dropped and made again by somebody else (its id is ${found.collectionId}, the state ` +
        `has ${collectionId}): it is not ours and is left alone with all that is in it`,
    );
  return renamed;
}

/**
 * For changes and drops: they must not reach a collection under a name that the preview did not show. One that this
 * run has renamed stands under its new name already when what went out of it is dropped.
 */
export async function findOursToChange(
  milvus: Milvus,
  state: InState,
): Promise<CollectionDescription | undefined> {
  const found = await findOurs(milvus, state);
  if (found && found.collectionName !== state.collectionName && !isChanged(state))
    throw new Error(
      `${aCollection(state)} was renamed to ${found.collectionName} by somebody else and is not touched. Run ` +
        "`pulumi refresh`, look at the next preview, and run the same command again",
    );
  return found;
}

/** Collections that this run has made, as they were made. */
const made = new Map<string, CollectionDescription>();

/** Where the server gives no ids, another one could stand under the name. */
export function rememberMade(milvus: Milvus, collection: CollectionDescription): void {
  if (collection.collectionId) made.set(madeKey(milvus, collection), collection);
}

function madeKey({ address }: Milvus, { databaseName, collectionId }: CollectionIdentity): string {
  return `${address} ${databaseName}/${collectionId}`;
}

/** What nobody but this run knows of yet needs no second look, nor what is in it, which was nothing. */
export function madeInRun(milvus: Milvus, identity: CollectionIdentity): CollectionDescription | undefined {
  return made.get(madeKey(milvus, identity));
}

/** The collection to make something in. */
export async function describeParent(
  milvus: Milvus,
  ref: InState,
  child: string,
): Promise<CollectionDescription> {
  const found = madeInRun(milvus, ref) ?? (await milvus.collections.find(ref));
  if (!found)
    throw new Error(
      `${child} cannot be made: there is no ${aCollection(ref)} on Milvus at ${milvus.address}. Declare the collection ` +
        "in the program and pass it as `collection`, so that it is made first",
    );
  return found;
}

/** The names of those of a collection, Milvus's own among them. */
export async function allPartitions(milvus: Milvus, ref: CollectionRef): Promise<string[]> {
  return (await milvus.partitions.list(ref)).map(({ partitionName }) => partitionName);
}

/** "database/collection/name"; the database may be left out. */
export function parseChildId(
  id: string,
  database: string,
): { databaseName: string; collectionName: string; name: string } {
  const parts = id.split("/");
  const [name, collectionName, databaseName = database] = parts.reverse();
  if (parts.length < 2 || parts.length > 3 || !name || !collectionName)
    throw new Error(
      `${JSON.stringify(id)} is not an id: it must be DATABASE/COLLECTION/NAME or COLLECTION/NAME`,
    );
  return { databaseName, collectionName, name };
}

/** What stands in all collections of a database. */
export async function listInCollections<State>(
  milvus: Milvus,
  databaseName: string,
  listIn: (ref: CollectionRef, collectionId: string | undefined) => Promise<readonly State[]>,
): Promise<State[]> {
  const listed = await milvus.collections.list(databaseName);
  const states = await Promise.all(
    listed.map(({ collectionName, collectionId }) => listIn({ databaseName, collectionName }, collectionId)),
  );
  return states.flat();
}
