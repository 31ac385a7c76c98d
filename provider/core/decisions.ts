/**
 * What this run of the engine has decided about objects, for the objects that depend on them. At preview an id that
 * an update in place would keep is unknown, and looks just like the id that a replacement will bring; and while a
 * parent is being replaced its children need no release or drop of their own.
 */
export type Decided = "replace" | "update" | "none";

interface Decision {
  readonly decided: Decided;
  /** The name that the object has afterwards, once that is known. */
  readonly name?: string;
}

/** One for each object of a run: the engine ends the process with the run. */
const decisions = new Map<string, Decision>();

export function remember(object: string, decided: Decided, name?: string): void {
  decisions.set(object, { decided, name });
}

export function decisionOn(object: string): Decided | undefined {
  return decisions.get(object)?.decided;
}

export function nameDecidedFor(object: string): string | undefined {
  return decisions.get(object)?.name;
}
