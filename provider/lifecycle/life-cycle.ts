/**
 * A resource's life as plain requests and answers, for every engine: check, diff, create, read, update, delete. Policy is
 * judged here and nowhere else: what is declared twice, what a change would lose, what a server cannot make.
 */
import { checkInputs, type Problem } from "../core/check";
import { isInCollection } from "../core/properties";
import type { Resource, Standing } from "../core/resource";
import { show } from "../core/shapes";
import { UNKNOWN } from "../core/unknown";
import { isSilence, UnsupportedError } from "../milvus/errors";
import type { Milvus } from "../milvus/gateway";
import { asError } from "../milvus/shared-reads";
import { refused } from "../resources/common/in-place";
import { lossOfForced } from "../resources/in-collection/collection";
import type { Assessed } from "./assessment";
import { DEFAULT_TIMEOUTS } from "../resources/common/inputs";
import { inWords, refusal } from "../resources/in-collection/served";
import { Claims } from "./claims";
import { isReported } from "./reported";
import type { ConfiguredProvider } from "./configured";
import { logDrift, whyReplaced } from "./drift";
import { type Plan, planOf } from "./plan";
import { refuseLosses, warnOfLosses } from "./protection";
import { standingOf } from "./standing";

type Values = Readonly<Record<string, unknown>>;
type Timeouts = Partial<Record<keyof typeof DEFAULT_TIMEOUTS, number>>;

/**
 * A refresh asks for one resource after another and takes a second for hundreds: they are all seen at one look, in
 * milliseconds.
 */
const ONE_LOOK = 1_000;

/** In seconds, for what a preview asks of a server that may not be there yet. */
const LOOK = 3;

/**
 * In milliseconds. Milvus writes out a collection once in that time by default (quotaAndLimits.flushRate.collection.max
 * of configs/milvus.yaml: 0.1 a second), and a proof may need that.
 */
const PROOF_HOLDS = 10_000;

const DECLARED_ONCE = "two resources that manage one object change it, and drop it, under each other";

export interface CheckRequest {
  /** The inputs of the program. */
  readonly given: Values;
  /** As they were checked last; nothing for a resource that is new or about to be replaced. */
  readonly olds: Values;
  readonly logicalName: unknown;
  /** Missing where the engine's SDK does not say. */
  readonly isPreview?: boolean;
  /** Tells the resource apart from others of the same program; missing where the engine's SDK does not say. */
  readonly declaration?: string;
  /** The inputs that hold something which the program marked as secret. */
  readonly secrets: ReadonlySet<string>;
}

export interface CheckAnswer {
  readonly inputs: Values;
  readonly problems: readonly Problem[];
}

export interface Made<State> {
  readonly id: string;
  readonly state: State;
}

export class LifeCycle<Inputs extends object, State extends object> {
  private readonly claims: Claims<Inputs, State>;

  constructor(
    readonly resource: Resource<Milvus, Inputs, State>,
    private readonly provider: ConfiguredProvider,
  ) {
    this.claims = new Claims(resource, provider.run, () => provider.server);
  }

  check(request: CheckRequest): CheckAnswer {
    const { resource, provider } = this;
    const { given, olds, logicalName, isPreview, secrets } = request;
    provider.run.renames.heard();
    if (isPreview !== undefined) provider.run.isUp = !isPreview;
    if (resource.losses && typeof logicalName === "string")
      provider.run.claimed.declare(this.resourceNamed(logicalName));
    const named = this.inDatabase(provider.run.names.named(resource, given, olds, logicalName), olds);
    const asRegistered = isInCollection(resource.inputs) ? this.withDeclaredCollection(named) : named;
    const { inputs, problems, warnings } = checkInputs(resource, asRegistered, secrets);
    if (problems.length > 0) {
      this.claimInvalid(inputs);
      return { inputs, problems: [...provider.problems, ...problems] };
    }
    this.warn(warnings, logicalName);
    const wanted = this.completed(inputs) as unknown as Inputs;
    // The program runs: from now on a diff is one of a preview or an up.
    for (const seen of [this.completed(olds), wanted])
      provider.run.refreshed.delete(this.keyOf(seen as Values));
    if (resource.declaredForChildren)
      provider.run.collections.declare(wanted as Values, resource.declaredForChildren(wanted));
    this.claim(wanted, request);
    return { inputs, problems: [...provider.problems, ...this.declaredTwice(wanted, request)] };
  }

  private warn(warnings: readonly Problem[], logicalName: unknown): void {
    const { resource, provider } = this;
    const named = typeof logicalName === "string" ? `${resource.kind} ${show(logicalName)}` : resource.kind;
    for (const { property, reason } of warnings)
      provider.run.lines.once(`warning: ${named}: ${property}: ${reason}`);
  }

  /**
   * Without old inputs it is new, or is about to be replaced: then what is there may go first, and the claim comes with
   * the create, also with one that fails. With `--continue-on-error` the engine skips the create of what needs something
   * that failed, and deletes all the same what the program had before: from a failure on, the check is a claim.
   */
  private claim(wanted: Inputs, { olds }: CheckRequest): void {
    if (Object.keys(olds).length > 0) this.claims.add(wanted);
    else this.claims.forget(wanted);
  }

  /** The engine may go on without it (`--continue-on-error`), and delete what another resource left to it. */
  private claimInvalid(inputs: Values): void {
    try {
      this.claims.add(this.completed(inputs) as unknown as Inputs);
    } catch {
      // Too wrong to say what it declares.
    }
  }

  /** What the program says of the collection that it stands in, for rules that need no server. */
  private withDeclaredCollection(given: Values): Values {
    const declaredCollection = this.provider.run.collections.of(this.completed(given));
    return declaredCollection ? { declaredCollection, ...given } : given;
  }

  private declaredTwice(wanted: Inputs, { logicalName, declaration }: CheckRequest): Problem[] {
    const { kind } = this.resource;
    if (declaration === undefined || typeof logicalName !== "string") return [];
    return this.claims.partsOf(wanted).flatMap((part) => {
      // What is not known yet is judged at up.
      if (part.id.includes(UNKNOWN)) return [];
      const holder = this.provider.run.declarations.add(part, { kind, logicalName, declaration });
      return holder
        ? [
            {
              property: "",
              reason:
                `${part.object} is declared twice: by ${holder.kind} "${holder.logicalName}" and by ${kind} ` +
                `"${logicalName}". Declare it in one place: ${DECLARED_ONCE}`,
            },
          ]
        : [];
    });
  }

  /** A refresh asks for it as well, to record what it found: that is described, and nothing is refused. */
  async diff(old: Values, given: Values, secrets: ReadonlySet<string> = new Set()): Promise<Plan> {
    const { resource, provider } = this;
    const wanted = this.complete(given);
    const state = old as unknown as State;
    resource.onCompared?.(provider.run, state);
    const plan = await planOf(resource, provider, state, wanted);
    if (provider.run.refreshed.delete(this.keyOf(state))) return plan;
    this.noteRename(plan, state, wanted);
    if (plan.kind === "refuse") throw refused(resource.describe(state), plan.refusal);
    // The engine asks too about what the program no longer has, without a check before.
    if (this.claims.has(wanted)) resource.onDecided?.(provider.run, state, plan.kind, wanted);
    this.sayWhy(plan, state, wanted, secrets);
    await this.judge(plan, state, wanted);
    return plan;
  }

  /** For the lines of a preview: what a create would find. A server that does not answer is asked once. */
  async tellStanding(given: Values): Promise<void> {
    const { resource, provider } = this;
    const { run } = provider;
    if (run.isBlind || isReported() || !provider.hasSettings || provider.isMadeByStack) return;
    const wanted = this.complete(given);
    if (run.replaced.has(this.keyOf(wanted as Values))) return;
    try {
      const milvus = provider.milvus.within(LOOK).withAnswersOf(ONE_LOOK);
      const standing = await standingOf(resource, milvus, wanted as Values);
      if (standing) run.lines.once(inPreview(resource.describe(wanted), standing));
    } catch (error) {
      // The create finds out; a preview does not wait for a server once for each resource.
      if (isSilence(error)) run.isBlind = true;
    }
  }

  async create(given: Values): Promise<Made<State>> {
    const wanted = this.complete(given);
    this.claims.add(wanted);
    this.giveTimeToStart("create", given);
    const state = await this.noted(() => this.created(wanted));
    this.refuseRenamed(state);
    this.claims.add(state);
    return { id: this.resource.id(state), state };
  }

  private async created(wanted: Inputs): Promise<State> {
    const { resource, provider } = this;
    try {
      return await resource.create(provider.milvus, wanted);
    } catch (error) {
      throw resource.failedCreate?.(provider.milvus, wanted, asError(error)) ?? error;
    }
  }

  /** Nothing when the server says that an object that was recorded is gone. */
  async read(id: string, recorded: Values, secrets: ReadonlySet<string>): Promise<State | undefined> {
    const { resource, provider } = this;
    const known = this.complete({ ...resource.fromId(id, provider.milvus), ...recorded });
    const state = await resource.read(provider.milvus.withAnswersOf(ONE_LOOK), known);
    const isRefresh = Object.keys(recorded).length > 0;
    if (!state && !isRefresh) throw notThere(resource.kind, id, provider.milvus.address);
    if (!state) return undefined;
    if (!isRefresh) return state;
    provider.run.refreshed.add(this.keyOf(state));
    const object = resource.describe(known);
    logDrift(resource.inputs, object, known as Values, state as Values, secrets);
    return state;
  }

  async update(old: Values, given: Values): Promise<State> {
    const { resource, provider } = this;
    const wanted = this.complete(given);
    const state = old as unknown as State;
    this.refuseTakenOver(state, wanted);
    const left = this.claims.unclaimedInUpdate(state, wanted);
    this.giveTimeToStart("update", given);
    if (resource.lossesOfUpdate) {
      const change = { kind: "update", old: left, wanted } as const;
      await refuseLosses(resource, provider.milvus, provider.settings, change);
    }
    return this.notedRename(
      state,
      this.noted(() => resource.update(provider.milvus, left, wanted)),
    );
  }

  /** `logicalName`: that of the resource that has made it, where the state knows. */
  async delete(recorded: Values, logicalName?: string): Promise<void> {
    const { resource, provider } = this;
    const state = this.complete(recorded) as unknown as State;
    this.claims.refuseUndecided(state);
    const left = this.claims.unclaimed(state);
    if (left === undefined) return;
    this.giveTimeToStart("delete", recorded);
    const change = { kind: "delete", old: left, ofReplacement: this.isReplaced(state, logicalName) } as const;
    if (!this.isProven(state)) await refuseLosses(this.losing, provider.milvus, provider.settings, change);
    await resource.delete(provider.milvus, left);
  }

  /** The logical name of the resource that declares an object with data: a delete tells nothing else of the program. */
  logicalNameOf(state: State): string | undefined {
    const part = this.resource.losses && this.claims.partsOf(state)[0];
    return part && this.provider.run.declarations.of(part)?.logicalName;
  }

  /**
   * Whether another object takes its place, or has taken it in an earlier run that could not drop this one. The engine
   * asks for no diff then, nor at `--replace` and for what is tainted.
   */
  private isReplaced(state: State, logicalName: string | undefined): boolean {
    const { replaced, claimed } = this.provider.run;
    const isDeclared = logicalName !== undefined && claimed.declares(this.resourceNamed(logicalName));
    return isDeclared || replaced.has(this.keyOf(state)) || this.claims.isAnnounced(state);
  }

  /** The diff has done it just now. What protects itself is dropped when it is proven at the drop. */
  private isProven(state: State): boolean {
    const at = this.provider.run.replaced.get(this.keyOf(state)) ?? 0;
    return Date.now() - at < PROOF_HOLDS && this.resource.protectsData?.(state) !== true;
  }

  /** What holds no data goes before a collection that is replaced by force, and nothing else refuses that in time. */
  private get losing(): Assessed<Inputs, State> {
    const { resource } = this;
    if (resource.losses || !isInCollection(resource.inputs)) return resource;
    return { ...resource, losses: lossOfForced as unknown as NonNullable<typeof resource.losses> };
  }

  private resourceNamed(logicalName: string): string {
    return `${this.resource.kind} ${logicalName}`;
  }

  /**
   * A server that was never heard of is given up early, unless somebody has time for it: a program that sets `timeouts`,
   * or one that makes the server, which takes minutes to start.
   */
  private giveTimeToStart(operation: keyof typeof DEFAULT_TIMEOUTS, { timeouts }: Values): void {
    const { milvus, isMadeByStack } = this.provider;
    const asked = (timeouts as Timeouts | undefined)?.[operation];
    const seconds = asked ?? (isMadeByStack ? DEFAULT_TIMEOUTS[operation] : undefined);
    if (seconds !== undefined) milvus.waitForFirstAnswer(seconds);
  }

  private noteRename(plan: Plan, old: State, wanted: Inputs): void {
    const { resource, provider } = this;
    const serverId = this.ownServerId(old);
    if (serverId === undefined || plan.kind !== "update" || this.sameName(old, wanted)) return;
    const to = resource.id(wanted as unknown as State);
    // What is not known yet is judged at up.
    if (to.includes(UNKNOWN)) return;
    const part = this.claims.partsOf(wanted)[0];
    const declarer = part && provider.run.declarations.of(part);
    const who = declarer ? `${declarer.kind} "${declarer.logicalName}"` : this.describe(wanted);
    this.refuseTakenOver(old, wanted);
    provider.run.renames.decided({ serverId, from: resource.id(old), to, who });
  }

  /** Others wait for an update that gives up a name. */
  private async notedRename(old: State, update: Promise<State>): Promise<State> {
    const { renames } = this.provider.run;
    const serverId = this.ownServerId(old);
    if (serverId === undefined) return update;
    renames.begun(serverId);
    try {
      const state = await update;
      renames.ended(serverId, true);
      return state;
    } catch (error) {
      renames.ended(serverId, false);
      throw error;
    }
  }

  private async noted(work: () => Promise<State>): Promise<State> {
    try {
      return await work();
    } catch (error) {
      this.provider.run.claimed.somethingFailed();
      throw error;
    }
  }

  /** Taking over has changed nothing yet. */
  private refuseRenamed(state: State): void {
    const { renames } = this.provider.run;
    const id = this.ownServerId(state);
    if (id === undefined) return;
    const newName = renames.newNameOf(id);
    if (newName !== undefined)
      throw new Error(
        `${this.describe(state)} is not taken over: it belongs to another resource of the program, which renames it to ` +
          `${newName}. Run the same command again once it is renamed; to swap two names, rename one of them to a third ` +
          "name first",
      );
    renames.takenOver(id, this.describe(state));
  }

  private refuseTakenOver(old: State, wanted: Inputs): void {
    const id = this.ownServerId(old);
    if (id === undefined || this.sameName(old, wanted)) return;
    const taker = this.provider.run.renames.takerOf(id);
    if (taker === undefined) return;
    throw new Error(
      `${this.describe(old)} is not renamed to ${this.describe(wanted)}: another resource of the program has just taken ` +
        `it over as ${taker}. Remove that one from the state (pulumi state delete), rename first, and declare it in a ` +
        "second step",
    );
  }

  /** Only collections are renamed in place, and known by an id of the server. */
  private ownServerId(state: State): string | undefined {
    const id = (state as Values)["collectionId"];
    return this.resource.kind === "Collection" && typeof id === "string" && id !== "" ? id : undefined;
  }

  private sameName(old: State, wanted: Inputs): boolean {
    return this.resource.sameName(old, wanted, this.provider.run);
  }

  private describe(values: Inputs | State): string {
    return this.resource.describe(values);
  }

  /** The engine shows what differs with --diff alone, and of a schema the whole of it. */
  private sayWhy(plan: Plan, old: State, wanted: Inputs, secrets: ReadonlySet<string>): void {
    if (plan.kind !== "replace" || !this.claims.has(wanted)) return;
    const { resource, provider } = this;
    const why = whyReplaced(resource.inputs, plan.because, old as Values, wanted as Values, secrets);
    if (why.length > 0)
      provider.run.lines.once(`${resource.describe(old)} is replaced because of ${why.join(", ")}`);
  }

  /** Says what a plan costs, and refuses what is protected and what the server cannot make. */
  private async judge(plan: Plan, old: State, wanted: Inputs): Promise<void> {
    const { resource, provider } = this;
    if (plan.kind === "replace") {
      await this.refuseUnmakeable(wanted);
      const change = { kind: "replace", old, beside: !plan.deleteBeforeReplace } as const;
      const { isUp, replaced } = provider.run;
      const moment = isUp ? "up" : plan.isOpen ? "open" : "preview";
      await warnOfLosses(this.losing, provider.milvus, provider.settings, change, moment);
      replaced.set(this.keyOf(old), isUp ? Date.now() : 0);
    } else if (plan.kind === "update" && plan.differences.length > 0 && provider.hasSettings) {
      if (resource.lossesOfUpdate)
        await warnOfLosses(resource, provider.milvus, provider.settings, { kind: "update", old, wanted });
      await this.refuseServingLess(old, wanted);
    }
  }

  /** What cannot be counted is judged at `up`, before anything is changed. */
  private async refuseServingLess(old: State, wanted: Inputs): Promise<void> {
    const { resource, provider } = this;
    const less = await resource.servesLess?.(provider.milvus, old, wanted).catch((error: unknown) => {
      provider.milvus.logOnce(
        `warning: ${resource.describe(wanted)}: what it would serve could not be counted: ${String(error)}`,
      );
    });
    if (!less) return;
    if (!isReported()) throw refusal(less);
    provider.milvus.logOnce(`warning: ${inWords(less)}`);
  }

  /** A server that does not answer says nothing of what it can make: then the rest of the diff tells. */
  private async refuseUnmakeable(wanted: Inputs): Promise<void> {
    await this.resource.demands?.(this.provider.milvus, wanted).catch((error: unknown) => {
      if (error instanceof UnsupportedError) throw error;
    });
  }

  /** What was left out and is the same for the whole provider. */
  private complete(values: Values): Inputs {
    const databaseName = values["databaseName"] ?? this.provider.milvus.database;
    return { ...values, databaseName } as unknown as Inputs;
  }

  /** The same where settings may be missing: then no database is known. */
  private completed(values: Values): Values {
    return this.provider.hasSettings ? (this.complete(values) as Values) : values;
  }

  private keyOf(values: State | Values): string {
    return `${this.resource.kind} ${this.resource.id(values as State)}`;
  }

  /**
   * With the database that was left out, as far as settings are known at all. States of before it was filled in stay as
   * they are.
   */
  private inDatabase(given: Values, olds: Values): Values {
    const { inputs, nameInput } = this.resource;
    const isNeeded = "databaseName" in inputs && nameInput !== "databaseName";
    const wasFilledIn = Object.keys(olds).length === 0 || olds["databaseName"] !== undefined;
    const isLeftOut = given["databaseName"] === undefined || given["databaseName"] === null;
    if (!isNeeded || !wasFilledIn || !isLeftOut || !this.provider.hasSettings) return given;
    return { ...given, databaseName: this.provider.settings.database };
  }
}

/** At `--replace` and for what is tainted the engine asks for a new one as well, and drops the old one before. */
function inPreview(object: string, { inWords, refusal }: Standing): string {
  if (refusal !== undefined) return `warning: new to the stack, this is refused by \`pulumi up\`: ${refusal}`;
  return `${object} exists already; new to the stack, it is taken over${inWords === "" ? "" : `: ${inWords}`}`;
}

/** Without a state the engine reads for a program's `get`, for which an empty answer would be an object, and for an import. */
function notThere(kind: string, id: string, address: string): Error {
  return new Error(
    `${kind}: there is no object with the id ${show(id)} on Milvus at ${address}. Check the id, or declare the object to ` +
      "have it made",
  );
}
