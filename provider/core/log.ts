/** Lines for the user: the engine shows what a dynamic provider prints on standard output. */
import { printable } from "./printable";

let print = (line: string): void => console.log(line);

export function log(line: string): void {
  print(printable(line));
}

/** For programs whose standard output is something else. */
export function logTo(printer: (line: string) => void): void {
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
