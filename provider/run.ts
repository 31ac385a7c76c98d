/**
 * What one run of the engine knows, as an object that is passed: one for each configured provider. Nothing rests on the
 * process ending with the run.
 */
import { ClaimedObjects } from "./lifecycle/claims";
import { KeptNames } from "./lifecycle/naming";

export class Run {
  /** What resources of the program declare. */
  readonly claimed = new ClaimedObjects();
  /** Names that a program leaves out. */
  readonly names = new KeptNames();
}
