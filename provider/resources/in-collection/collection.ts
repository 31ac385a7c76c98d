/** What partitions and indexes have in common: they stand inside a collection and follow it. */
import { type Change, type Effect, optional, required } from "../../core/properties";
import type { DataLoss } from "../../core/resource";
import { json, string } from "../../core/shapes";
import type { CollectionDescription } from "../../milvus/collections";
import { orNothing } from "../../milvus/errors";
import type { Milvus } from "../../milvus/gateway";
import { inTime } from "../../milvus/in-time";
import { aCollection, type CollectionRef } from "../../milvus/names";
import { type CollectionIdentity, followCollection, goesWithCollection, isChangedInPlace } from "./decided";
import { countOf, lossOf } from "../common/counts";
import { databaseName, milvusName } from "../common/inputs";
import { isScratch } from "./scratch-collections";

type InState = CollectionRef & CollectionIdentity;

export const inCollection = {
  collectionName: required(milvusName("collection"), {
    doc: "The name of the collection it stands in.",
    change: followCollection,
    argument: "collection",
    inId: true,
  }),
  collectionId: optional(string(), {
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
export async function oneAtATime<T>(milvus: Milvus, ref: CollectionRef, work: () => Promise<T>): Promise<T> {
  const turn = { isLate: false, begin: (): void => undefined };
  const begun = new Promise<void>((resolve) => (turn.begin = resolve));
  const late = (): Error => {
    turn.isLate = true;
    return new Error(
      `the operation's time was up while other changes of ${aCollection(ref)} in this run went first; nothing was ` +
        "changed for this one. Run the same command again, or raise its `timeouts`",
    );
  };
  const result = inCollectionTurn(milvus, ref, () => {
    turn.begin();
    return turn.isLate ? Promise.reject(late()) : work();
  });
  // Whoever was late has an error of its own.
  result.catch(() => undefined);
  await inTime(begun, milvus.deadline, late);
  return result;
}

/** The same for what looks at its time itself. */
export function inCollectionTurn<T>({ run }: Milvus, ref: CollectionRef, work: () => Promise<T>): Promise<T> {
  return run.queue.run(aCollection(ref), work);
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
    milvus.logOnce(
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
  if (found && found.collectionName !== state.collectionName && !isChangedInPlace(milvus, state))
    throw new Error(
      `${aCollection(state)} was renamed to ${found.collectionName} by somebody else and is not touched. Run ` +
        "`pulumi refresh`, look at the next preview, and run the same command again",
    );
  return found;
}

export const idOfCollection = ({ databaseName, collectionName }: CollectionRef): string =>
  `${databaseName}/${collectionName}`;

export const describeCollection = ({ collectionName }: Partial<CollectionRef>): string =>
  `collection ${collectionName}`;

/** What dropping the collection would lose; nothing when it is gone, another one now, or empty. */
export async function lossOfCollection(
  milvus: Milvus,
  state: InState,
  prove: boolean,
): Promise<readonly DataLoss[]> {
  const found = await findOurs(milvus, state);
  if (!found) return [];
  const of = { id: idOfCollection(state), object: describeCollection(state) };
  return lossOf(of, await countOf(milvus, collectionOf(found), prove));
}

/**
 * What goes with the collection when the engine has asked for it as for a new one, as at --replace and for what is
 * tainted: it asks for no diff of the collection then, and what stands in it goes first.
 */
export async function lossOfForced(
  milvus: Milvus,
  state: InState,
  prove: boolean,
): Promise<readonly DataLoss[]> {
  if (goesWithCollection(milvus, state)) return [];
  const isForced = milvus.run.claimed.isAnnounced({ kind: "Collection", id: idOfCollection(state) });
  return isForced ? lossOfCollection(milvus, state, prove) : [];
}

/**
 * Collections as the run has made them: what nobody else knows of yet needs no second look, nor what is in it, which
 * was nothing. Where the server gives no ids, another one could stand under the name.
 */
export class MadeCollections {
  private readonly made = new Map<string, CollectionDescription>();

  add(collection: CollectionDescription): void {
    if (collection.collectionId) this.made.set(idIn(collection), collection);
  }

  find(identity: CollectionIdentity): CollectionDescription | undefined {
    return this.made.get(idIn(identity));
  }
}

function idIn({ databaseName, collectionId }: CollectionIdentity): string {
  return `${databaseName}/${collectionId}`;
}

/** The collection to make something in. */
export async function describeParent(
  milvus: Milvus,
  ref: InState,
  child: string,
): Promise<CollectionDescription> {
  const found = milvus.run.made.find(ref) ?? (await milvus.collections.find(ref));
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

/** What stands in all collections of a database; one that somebody drops meanwhile has nothing in it. */
export async function listInCollections<State>(
  milvus: Milvus,
  databaseName: string,
  listIn: (ref: CollectionRef, collectionId: string | undefined) => Promise<readonly State[]>,
): Promise<State[]> {
  const listed = await milvus.collections.list(databaseName);
  const states = await Promise.all(
    listed
      .filter(({ collectionName }) => !isScratch(collectionName))
      .map(({ collectionName, collectionId }) =>
        orNothing(listIn({ databaseName, collectionName }, collectionId)),
      ),
  );
  return states.flatMap((some) => some ?? []);
}
