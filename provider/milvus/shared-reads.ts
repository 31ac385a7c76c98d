/**
 * Reads that many resources ask for at once are answered by one call: one describe, one partition list and one
 * index list per collection. Nothing is kept: whoever asks gets an answer that was fetched after the question.
 */
import DataLoader from "dataloader";

import { NO_ANSWER } from "./errors";
import { inTime } from "./in-time";

/** How long a read waits for those before it, to share an answer with others that wait, in milliseconds. */
const LONGEST_WAIT = 20;

const noError = (): Error => new Error();

export class SharedRead<Key, Answer> {
  private readonly loader: DataLoader<Key, Answer>;
  /** Ends when all that was asked so far is answered. */
  private underWay: Promise<unknown> | undefined;

  constructor(keyText: (key: Key) => string, read: (key: Key) => Promise<Answer>) {
    this.loader = new DataLoader(
      (keys) => {
        const answers = new Map<string, Promise<Answer | Error>>();
        for (const key of keys) {
          const text = keyText(key);
          if (!answers.has(text)) answers.set(text, read(key).catch(asError));
        }
        const all = Promise.all(keys.map((key) => answers.get(keyText(key)) as Promise<Answer | Error>));
        this.keepUnderWay(all);
        return all;
      },
      { cache: false, batchScheduleFn: (send) => this.schedule(send) },
    );
  }

  /** At once when nothing is under way; what is asked meanwhile goes together afterwards, or when that takes long. */
  private schedule(send: () => void): void {
    if (this.underWay)
      void inTime(this.underWay, Date.now() + LONGEST_WAIT, noError)
        .catch(noError)
        .then(send);
    else setImmediate(send);
  }

  private keepUnderWay(answers: Promise<unknown>): void {
    const underWay = answers.then(() => {
      if (this.underWay === underWay) this.underWay = undefined;
    });
    this.underWay = underWay;
  }

  /** Others may wait longer than this one may; `late` is the error for this one then. */
  read(key: Key, deadline: number, late: () => Error = () => new Error(NO_ANSWER)): Promise<Answer> {
    return inTime(this.loader.load(key), deadline, late);
  }
}

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
