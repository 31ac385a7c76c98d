/**
 * What a run of the engine has decided about objects, for the objects that depend on them. At preview an id that an
 * update in place would keep is unknown, and looks just like the id that a replacement will bring; and while a parent is
 * being replaced its children need no release or drop of their own.
 */
export type Decided = "replace" | "update" | "none";

interface Decision {
  readonly decided: Decided;
  /** The name that the object has afterwards, once that is known. */
  readonly name?: string;
}

export class Decisions {
  private readonly made = new Map<string, Decision>();

  remember(object: string, decided: Decided, name?: string): void {
    this.made.set(object, { decided, name });
  }

  /** The engine does something else. */
  forget(object: string): void {
    this.made.delete(object);
  }

  on(object: string): Decided | undefined {
    return this.made.get(object)?.decided;
  }

  nameFor(object: string): string | undefined {
    return this.made.get(object)?.name;
  }
}

/** A run, and whatever judges or changes something in one. */
export interface Deciding {
  readonly decisions: Decisions;
}
