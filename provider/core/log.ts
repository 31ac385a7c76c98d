/** Lines for the user: the engine shows what a dynamic provider prints on standard output. */
import { AsyncLocalStorage } from "node:async_hooks";

import { printable } from "./printable";

/** `"status"`: how far something is that is under way. An engine that has a place for it keeps the last one alone. */
export type LogKind = "line" | "status";

export type Printer = (line: string, kind: LogKind) => void;

let printer: Printer = (line) => console.log(line);
const printers = new AsyncLocalStorage<Printer>();

export function log(line: string): void {
  print(line, "line");
}

export function logStatus(line: string): void {
  print(line, "status");
}

function print(line: string, kind: LogKind): void {
  const to = printers.getStore() ?? printer;
  to(printable(line), kind);
}

/** For programs whose standard output is something else. */
export function logTo(own: Printer): void {
  printer = own;
}

/** What is said by that work goes there, whatever else this process does meanwhile. */
export function loggingTo<T>(own: Printer, work: () => T): T {
  return printers.run(own, work);
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
