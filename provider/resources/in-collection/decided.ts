/** What the run has decided about a collection, for what stands in it and for the aliases that point at it. */
import type { Deciding } from "../../core/decisions";
import type { Change, Effect } from "../../core/properties";
import { isUnknown } from "../../core/unknown";

export interface CollectionIdentity {
  readonly databaseName?: string;
  readonly collectionName?: string;
  readonly collectionId?: string;
}

/** How a run remembers what it decided about a collection; by name where the server gives no ids. */
export function collectionKey({ databaseName, collectionId, collectionName }: CollectionIdentity): string {
  return `collection ${databaseName}/${collectionId || collectionName}`;
}

/** The collection goes in this run, and what is inside goes with it. */
export function goesWithCollection({ decisions }: Deciding, state: CollectionIdentity): boolean {
  return decisions.on(collectionKey(state)) === "replace";
}

/** The collection is changed in place in this run, and may have got its name by that. */
export function isChangedInPlace({ decisions }: Deciding, state: CollectionIdentity): boolean {
  return decisions.on(collectionKey(state)) === "update";
}

/** Whether this run has compared the collection: not when the engine drops something that it depends on before. */
export function isCompared({ decisions }: Deciding, state: CollectionIdentity): boolean {
  return decisions.on(collectionKey(state)) !== undefined;
}

/** Given by its name alone, the collection is the same input before and after. */
export function replacedWithCollection(
  run: Deciding,
  state: CollectionIdentity,
): "collectionName" | undefined {
  return goesWithCollection(run, state) ? "collectionName" : undefined;
}

/** Another name than this run gives to the collection is that of another collection. */
function isNewName({ decisions }: Deciding, state: CollectionIdentity, name: unknown): boolean {
  const decided = decisions.nameFor(collectionKey(state));
  return decided === undefined || isUnknown(name) || name === decided;
}

/** The state as it is once this run has renamed the collection. */
export function underNewName<State extends CollectionIdentity>(run: Deciding, state: State): State {
  const collectionName = isChangedInPlace(run, state)
    ? run.decisions.nameFor(collectionKey(state))
    : undefined;
  return collectionName === undefined ? state : { ...state, collectionName };
}

/** Whether both stand in one collection, also when this run renames it. */
export function inSameCollection(
  run: Deciding,
  old: CollectionIdentity,
  wanted: CollectionIdentity,
): boolean {
  if (old.databaseName !== wanted.databaseName) return false;
  if (old.collectionName === wanted.collectionName) return true;
  const id = wanted.collectionId;
  if (id && !isUnknown(id) && old.collectionId) return id === old.collectionId;
  return isChangedInPlace(run, old) && isNewName(run, old, wanted.collectionName);
}

/** The collection goes in this run, and another one comes in its place under the same name. */
export function comesBackUnderItsName(run: Deciding, state: CollectionIdentity): boolean {
  return (
    goesWithCollection(run, state) && run.decisions.nameFor(collectionKey(state)) === state.collectionName
  );
}

/** A renamed collection is followed in place; another collection means another partition or index. */
export function followCollection({ state, inputs }: Change<string>, run: Deciding): Effect {
  const id = inputs["collectionId"];
  if (typeof id === "string" && id !== "" && !isUnknown(id) && state["collectionId"])
    return id === state["collectionId"] ? "update" : "replace";
  switch (run.decisions.on(collectionKey(state))) {
    case "replace":
      return "replace";
    case "update":
    case "none":
      if (inputs["collectionName"] === state["collectionName"]) return "ignore";
      return isNewName(run, state, inputs["collectionName"]) ? "update" : "replace";
    case undefined:
      // A collection that this run did not look at: the same name stands for the same collection.
      return inputs["collectionName"] === state["collectionName"] ? "ignore" : "replace";
  }
}
