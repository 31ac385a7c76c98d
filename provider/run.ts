/**
 * What one run of the engine knows, as an object that is passed: one for each configured provider. Nothing rests on the
 * process ending with the run.
 */
import { Decisions } from "./core/decisions";
import { Lines } from "./core/log";
import { Queue } from "./core/queue";
import { ClaimedObjects, Declarations } from "./lifecycle/claims";
import { DeclaredCollections } from "./lifecycle/collections";
import { KeptNames } from "./lifecycle/naming";
import { Renames } from "./lifecycle/renames";
import type { SharedClaims } from "./lifecycle/shared-claims";
import { AliasesOfRun } from "./resources/in-collection/aliases";
import { MadeCollections } from "./resources/in-collection/collection";
import { Successors } from "./resources/in-collection/successors";
import { LoadsOfRun } from "./resources/loads/reload";
import { Gatherings } from "./resources/in-collection/removals";

export class Run {
  constructor(shared?: SharedClaims) {
    this.claimed = new ClaimedObjects(shared);
  }

  /** What resources of the program declare. */
  readonly claimed: ClaimedObjects;
  /** Which resource of the program declares which object. */
  readonly declarations = new Declarations();
  /** What the program says of its collections, for what stands in them. */
  readonly collections = new DeclaredCollections();
  /** What is renamed and what is taken over. */
  readonly renames = new Renames();
  /**
   * What a refresh has read and has not compared yet, as `Kind id`: the engine asks for one diff after each read, and the
   * next one is that of the program. With PULUMI_USE_LEGACY_REFRESH_DIFF it does not, so check forgets it as well.
   */
  readonly refreshed = new Set<string>();
  /** Whether the program has said that this is no preview. */
  isUp = false;
  /** Whether a preview could not see what stands on the server. */
  isBlind = false;
  /** Whether the user has ended the run: what is begun is brought to its end, and nothing is waited for any more. */
  isCancelled = false;
  /**
   * What is replaced, as `Kind id`, and when it was proven that nothing protected is lost with it, in milliseconds since
   * the epoch; 0 at a preview, which proves nothing.
   */
  readonly replaced = new Map<string, number>();
  /** Names that a program leaves out. */
  readonly names = new KeptNames();
  /** What becomes of objects that others depend on. */
  readonly decisions = new Decisions();
  /** What comes in place of what goes. */
  readonly successors = new Successors();
  /** What was said already. */
  readonly lines = new Lines();
  /** Collections that this run has made. */
  readonly made = new MadeCollections();
  /** How collections are loaded, and what this run did to that. */
  readonly loads = new LoadsOfRun();
  /** Aliases that move or go. */
  readonly aliases = new AliasesOfRun();
  /** What must not overlap on one collection or role. */
  readonly queue = new Queue();
  /** Removals that wait for their siblings. */
  readonly removals = new Gatherings();
}
