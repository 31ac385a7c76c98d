/**
 * Replacements that go beyond what diff said: `replaceOnChanges`. The engine checks the resource with its old inputs,
 * asks for a diff, checks again without old inputs, creates it, and deletes the old one last, though both are one
 * object. Of `--replace` and a taint a provider sees one check without old inputs, as of a new resource.
 */
import type { Plan } from "./plan";

type Values = Readonly<Record<string, unknown>>;

interface Diffed {
  readonly kind: Plan["kind"];
  readonly state: unknown;
}

export interface Replaced {
  /** What was declared before. */
  readonly olds: Values;
  /** The state, where the engine asked for a diff. */
  readonly state: unknown;
  /** Diff did not ask for the replacement. */
  readonly isForced: boolean;
}

/** Of one run. Objects are given as `Kind id`. */
export class Replacements {
  private readonly checked = new Map<string, { readonly olds: Values; readonly object: string }>();
  private readonly diffed = new Map<string, Diffed>();
  private readonly forced = new Set<string>();

  /** With old inputs: the resource is in the state. */
  checkedWithOlds(declaration: string, olds: Values, object: string): void {
    this.checked.set(declaration, { olds, object });
    // What a refresh asked before says nothing of this program.
    this.diffed.delete(object);
  }

  decided(object: string, kind: Plan["kind"], state: unknown): void {
    this.diffed.set(object, { kind, state });
  }

  /** Without old inputs; nothing for a resource that is new to the run. */
  checkedAgain(declaration: string, object: string): Replaced | undefined {
    const before = this.checked.get(declaration);
    if (!before) return undefined;
    const diffed = this.diffed.get(before.object);
    const isForced = diffed !== undefined && diffed.kind !== "replace";
    if (isForced && before.object === object) this.forced.add(object);
    return { olds: before.olds, state: diffed?.state, isForced };
  }

  /** The old one went first: there is room for the new one. */
  deleted(object: string): void {
    this.forced.delete(object);
  }

  /** The old one still stands, unless somebody else dropped it. */
  isForcedInPlace(object: string): boolean {
    return this.forced.has(object);
  }
}
