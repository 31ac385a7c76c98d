/** Lines for the user: the engine shows what a dynamic provider prints on standard output. */
import { printable } from "./printable";

/** `"status"`: how far something is that is under way. An engine that has a place for it keeps the last one alone. */
export type LogKind = "line" | "status";

let print = (line: string, _: LogKind): void => console.log(line);

export function log(line: string): void {
  print(printable(line), "line");
}

export function logStatus(line: string): void {
  print(printable(line), "status");
}

/** For programs whose standard output is something else. */
export function logTo(printer: (line: string, kind: LogKind) => void): void {
  print = printer;
}

/** What one run has to say about its objects, each line once: the engine asks twice, and siblings find the same. */
export class Lines {
  private readonly said = new Set<string>();

  readonly once = (line: string): void => {
    if (this.said.has(line)) return;
    this.said.add(line);
    log(line);
  };
}
