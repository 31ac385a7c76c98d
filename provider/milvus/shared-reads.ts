/**
 * Reads that many resources ask for at once are answered by one call: one describe, one partition list and one
 * index list per collection. Whoever asks gets an answer that was fetched after the question, unless one that is a
 * little older will do, as in a refresh, where all resources together take one look.
 */
import DataLoader from "dataloader";

import { NO_ANSWER } from "./errors";
import { inTime } from "./in-time";

/** How long a read waits for those before it, to share an answer with others that wait, in milliseconds. */
const LONGEST_WAIT = 20;

const noError = (): Error => new Error();

interface Kept<Answer> {
  /** In milliseconds since the epoch. */
  readonly asked: number;
  readonly answer: Promise<Answer>;
}

export class SharedRead<Key, Answer> {
  private readonly loader: DataLoader<Key, Answer>;
  /** The last answer to each question, or the one under way; failures are not kept. */
  private readonly kept = new Map<string, Kept<Answer>>();
  /** Ends when all that was asked so far is answered. */
  private underWay: Promise<unknown> | undefined;

  constructor(
    private readonly keyText: (key: Key) => string,
    private readonly readNow: (key: Key) => Promise<Answer>,
  ) {
    this.loader = new DataLoader(
      (keys) => {
        const answers = new Map<string, Promise<Answer | Error>>();
        for (const key of keys) {
          const text = keyText(key);
          if (!answers.has(text)) answers.set(text, this.ask(key).catch(asError));
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

  private ask(key: Key): Promise<Answer> {
    const text = this.keyText(key);
    const kept = { asked: Date.now(), answer: this.readNow(key) };
    this.kept.set(text, kept);
    kept.answer.catch(() => {
      if (this.kept.get(text) === kept) this.kept.delete(text);
    });
    return kept.answer;
  }

  /**
   * Others may wait longer than this one may; `late` is the error for this one then. An answer to a question that was
   * asked at `since`, or later, will do.
   */
  read(
    key: Key,
    deadline: number,
    late: () => Error = () => new Error(NO_ANSWER),
    since = Infinity,
  ): Promise<Answer> {
    const kept = this.kept.get(this.keyText(key));
    const answer = kept && kept.asked >= since ? kept.answer : this.loader.load(key);
    return inTime(answer, deadline, late);
  }
}

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
