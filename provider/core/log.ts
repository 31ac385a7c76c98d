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

/** What one run has to say about its objects: the process ends with the run. */
const said = new Set<string>();

/** Once in a run: the engine asks for some things twice, and siblings find the same. */
export function logOnce(line: string): void {
  if (said.has(line)) return;
  said.add(line);
  log(line);
}
