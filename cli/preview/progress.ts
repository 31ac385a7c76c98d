/** What somebody who waits at a terminal sees: one line that is written over, and gone at the end. */

export interface Progress {
  /** What is being done. */
  now(what: string): void;
  /** A line for good. */
  line(text: string): void;
  end(): void;
}

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const SECOND = 1_000;
/** Thousands of steps may take a second. */
const READABLE = 50;
const CLEAR = "\r\u001b[2K";

/** Where nobody watches, lines for good alone. */
export function progressOn(terminal: Terminal, { CI, TERM }: NodeJS.ProcessEnv): Progress {
  const isWatched = terminal.isTTY === true && TERM !== "dumb" && (CI === undefined || CI === "");
  if (!isWatched)
    return { now: () => undefined, line: (text) => void terminal.write(`${text}\n`), end: () => undefined };
  const since = Date.now();
  let doing = "";
  let drawn = 0;
  const draw = (): void => {
    drawn = Date.now();
    const seconds = Math.round((drawn - since) / SECOND);
    // A longer one would wrap, and what wraps is not written over. Some terminals say that they have no columns.
    const text = `pulumi-milvus: ${doing} (${seconds} s)`.slice(0, (terminal.columns || 80) - 1);
    terminal.write(`${CLEAR}${text}`);
  };
  const ticking = setInterval(draw, SECOND);
  ticking.unref();
  return {
    now(what) {
      doing = what;
      if (Date.now() - drawn >= READABLE) draw();
    },
    line(text) {
      terminal.write(`${CLEAR}${text}\n`);
    },
    end() {
      clearInterval(ticking);
      terminal.write(CLEAR);
    },
  };
}
