/**
 * What the program declares, as check and create saw it in this run. A resource that was renamed without `aliases`, or
 * a partition that moved into a set, is another one to the engine: the new one takes over what is there, then the old
 * one is deleted, and that must not drop it.
 */
import { log } from "../core/log";
import type { Deciding } from "../core/decisions";
import type { Dependent, Identity, ManyInOne, Part } from "../core/resource";
import { UNKNOWN } from "../core/unknown";
import type { SharedClaims } from "./shared-claims";

/** What all resources of a run declare, each object once. */
export class ClaimedObjects {
  private readonly keys = new Set<string>();
  /** Of what is new, or is about to be replaced, and not made yet. */
  private readonly announced = new Set<string>();
  private hasFailure = false;
  /** Of the program: kinds and logical names. */
  private readonly resources = new Set<string>();
  /** Of what is declared with a name that is not known, as patterns. */
  private readonly unknown = new Map<string, RegExp>();

  constructor(private readonly shared?: SharedClaims) {}

  /** Nothing of a server is shared whose address is not known yet. */
  add(part: Part, server?: string): void {
    this.keys.add(keyOf(part));
    this.noteUnknown(part);
    if (server !== undefined) this.shared?.add(`${server} ${keyOf(part)}`);
  }

  /** What is declared and not made yet: its create may never be asked for, once something has failed that it needs. */
  announce(part: Part, server?: string): void {
    this.keys.delete(keyOf(part));
    this.announced.add(keyOf(part));
    this.noteUnknown(part);
    if (server !== undefined) this.shared?.delete(`${server} ${keyOf(part)}`);
  }

  /** Whether something that is declared with a name that is not known could be it. */
  mayHave(part: Part): boolean {
    return [...this.unknown.values()].some((pattern) => pattern.test(keyOf(part)));
  }

  /** A create or an update of this run failed. */
  somethingFailed(): void {
    this.hasFailure = true;
  }

  /** The kind and the logical name of a resource that the program has, whatever object it stands for. */
  declare(resource: string): void {
    this.resources.add(resource);
    this.shared?.add(`resource ${resource}`);
  }

  /** In any process of this run of the engine. */
  declares(resource: string): boolean {
    return this.resources.has(resource) || (this.shared?.hasElsewhere(`resource ${resource}`) ?? false);
  }

  /** It is declared as if it were new, and not made yet: where there is one already, that may go first. */
  isAnnounced(part: Pick<Part, "kind" | "id">): boolean {
    return this.announced.has(keyOf(part)) && !this.has(part);
  }

  /** In this process. */
  has(part: Pick<Part, "kind" | "id">): boolean {
    return this.keys.has(keyOf(part));
  }

  /** In any process of this run of the engine. */
  hasAnywhere(part: Part, server?: string): boolean {
    if (this.has(part) || (this.hasFailure && this.announced.has(keyOf(part)))) return true;
    return server !== undefined && (this.shared?.hasElsewhere(`${server} ${keyOf(part)}`) ?? false);
  }

  /**
   * In a run that changes anything, names are not known where something before them has failed and the engine goes on
   * without it (`--continue-on-error`): then it makes nothing of this, and deletes what the program had before.
   */
  private noteUnknown(part: Part): void {
    const key = keyOf(part);
    if (key.includes(UNKNOWN)) this.unknown.set(key, patternOf(key));
  }
}

/** What of a resource is asked here; its server plays no part. */
type Declaring<Inputs extends object, State extends object> = ManyInOne<Inputs, State> &
  Pick<Identity<never, Inputs, State>, "kind" | "id" | "describe"> &
  Pick<Dependent<never, never, Inputs, State>, "renamed">;

interface ClaimingRun extends Deciding {
  readonly claimed: ClaimedObjects;
}

/** After --replace and a taint, which show a provider nothing but a create and a delete, it is the same resource. */
const DECLARED_NOW =
  "the program declares it now. If --replace or a taint asked for it, nothing was replaced: set deleteBeforeReplace: " +
  "true on the resource and run the same command again";

const keyOf = ({ kind, id }: Pick<Part, "kind" | "id">): string => `${kind} ${id}`;

function patternOf(key: string): RegExp {
  const known = key.split(UNKNOWN).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${known.join(".+")}$`);
}

/** Who declares something: a resource of a program, told apart from others of the same run of that program. */
export interface Declarer {
  readonly kind: string;
  readonly logicalName: string;
  readonly declaration: string;
}

/**
 * Two resources that manage one object would each change and drop it under the other. Judged by what was registered:
 * the names after transformations and defaults, within one configured provider.
 */
export class Declarations {
  private readonly declarers = new Map<string, Declarer>();

  /** Another resource of the same program that declares the object already. */
  add(part: Part, declarer: Declarer): Declarer | undefined {
    const key = keyOf(part);
    const before = this.declarers.get(key);
    const isAnother = before && before.declaration !== declarer.declaration && sameProgram(before, declarer);
    if (isAnother) return before;
    this.declarers.set(key, declarer);
    return undefined;
  }

  of(part: Part): Declarer | undefined {
    return this.declarers.get(keyOf(part));
  }
}

/** A program numbers its resources, and says which run of it that is: `RUN:NUMBER`. */
function sameProgram(one: Declarer, other: Declarer): boolean {
  const run = ({ declaration }: Declarer): string | undefined => declaration.split(":", 1)[0];
  return run(one) === run(other);
}

/** What one kind of resource claims of them. */
export class Claims<Inputs extends object, State extends object> {
  constructor(
    private readonly resource: Declaring<Inputs, State>,
    private readonly run: ClaimingRun,
    /** The address of the server, once that is known. */
    private readonly server: () => string | undefined = () => undefined,
  ) {}

  add(values: Inputs | State): void {
    for (const part of this.partsOf(values)) this.run.claimed.add(part, this.server());
  }

  forget(values: Inputs | State): void {
    for (const part of this.partsOf(values)) this.run.claimed.announce(part, this.server());
  }

  /** It stays in the state, and the same command knows more once the errors are gone. */
  refuseUndecided(state: State): void {
    const now = this.resource.renamed?.(this.run, state) ?? state;
    const part = this.partsOf(now).find((one) => this.run.claimed.mayHave(one));
    if (part)
      throw new Error(
        `${part.object} is not dropped: the program may declare it in a resource that waits for one that failed. Fix ` +
          "the other errors and run the same command again",
      );
  }

  /** What is left to drop of a state; nothing when another resource declares all of it. */
  unclaimed(state: State): State | undefined {
    return this.without(state, new Set());
  }

  /** A state without those parts that go from it and that another resource declares. */
  unclaimedInUpdate(old: State, wanted: Inputs): State {
    if (!this.resource.parts) return old;
    return this.without(old, new Set(this.partsOf(wanted).map(keyOf))) ?? old;
  }

  /** The program declares it, and the engine has asked for it as for a new one: `--replace` and a taint do. */
  isAnnounced(state: State): boolean {
    return this.partsOf(state).some((part) => this.run.claimed.isAnnounced(part));
  }

  has(values: Inputs): boolean {
    return this.partsOf(values).some((part) => this.run.claimed.has(part));
  }

  private without(old: State, staying: ReadonlySet<string>): State | undefined {
    const state = this.resource.renamed?.(this.run, old) ?? old;
    const parts = this.partsOf(state);
    const elsewhere = parts.filter(
      (part) => !staying.has(keyOf(part)) && this.run.claimed.hasAnywhere(part, this.server()),
    );
    for (const { object } of elsewhere) log(`${object} is not dropped: ${DECLARED_NOW}`);
    if (elsewhere.length === 0) return old;
    const left = parts.filter((part) => !elsewhere.includes(part)).map(({ id }) => id);
    if (left.length === 0 && staying.size === 0) return undefined;
    return this.resource.onlyParts?.(state, new Set(left));
  }

  partsOf(values: Inputs | State): readonly Part[] {
    const { resource } = this;
    const both = values as unknown as Partial<Inputs & State>;
    if (resource.parts) return resource.parts(both);
    const id = resource.id(values as unknown as State);
    return [{ kind: resource.kind, id, object: resource.describe(both), state: {} }];
  }
}
