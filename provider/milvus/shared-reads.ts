/**
 * Reads that many resources ask for at once are answered by one call: one describe, one partition list and one
 * index list per collection. Nothing is kept: whoever asks gets an answer that was fetched after the question.
 */
import DataLoader from "dataloader";

import { NO_ANSWER } from "./errors";
import { inTime } from "./in-time";

/** How long a read waits for others to join it, in milliseconds; the engine sends siblings within a few. */
const JOIN_WINDOW = 4;

export class SharedRead<Key, Answer> {
  private readonly loader: DataLoader<Key, Answer>;

  constructor(keyText: (key: Key) => string, read: (key: Key) => Promise<Answer>) {
    this.loader = new DataLoader(
      async (keys) => {
        const answers = new Map<string, Promise<Answer | Error>>();
        for (const key of keys) {
          const text = keyText(key);
          if (!answers.has(text)) answers.set(text, read(key).catch(asError));
        }
        return Promise.all(keys.map((key) => answers.get(keyText(key)) as Promise<Answer | Error>));
      },
      { cache: false, batchScheduleFn: (send) => setTimeout(send, JOIN_WINDOW) },
    );
  }

  /** Others may wait longer than this one may; `late` is the error for this one then. */
  read(key: Key, deadline: number, late: () => Error = () => new Error(NO_ANSWER)): Promise<Answer> {
    return inTime(this.loader.load(key), deadline, late);
  }
}

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
