/** Lines for the user: the engine shows what a dynamic provider prints on standard output. */
export function log(line: string): void {
  console.log(line);
}

const said = new Set<string>();

/** Once in a run: the engine asks for some things twice, and siblings find the same. */
export function logOnce(line: string): void {
  if (said.has(line)) return;
  said.add(line);
  log(line);
}
