/**
 * What this run of the engine has decided about objects, for the objects that depend on them. At preview an id that
 * an update in place would keep is unknown, and looks just like the id that a replacement will bring; and while a
 * parent is being replaced its children need no release or drop of their own.
 */
export type Decided = "replace" | "update" | "none";

/** One for each object of a run: the engine ends the process with the run. */
const decisions = new Map<string, Decided>();

export function remember(object: string, decision: Decided): void {
  decisions.set(object, decision);
}

export function decisionOn(object: string): Decided | undefined {
  return decisions.get(object);
}
