/** An object that is there already when it is to be made: refused or taken over, and said either way. */
import { log } from "../../core/log";
import type { Standing } from "../../core/resource";

/** Of what is equal by its name alone. */
export const NOTHING_TO_TELL: Standing = { inWords: "" };

/** `object`: as messages name it, with its database. */
export function takenOver(object: string, standing: Standing): void {
  refuseToTakeOver(standing);
  log(`${object} ${takenOverInWords(standing)}`);
}

/** "exists already and is taken over; it holds 600 entities". */
export function takenOverInWords({ inWords }: Standing): string {
  return `exists already and is taken over${inWords === "" ? "" : `; ${inWords}`}`;
}

export function refuseToTakeOver({ refusal }: Standing): void {
  if (refusal !== undefined) throw new Error(refusal);
}
