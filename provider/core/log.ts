/** Lines for the user: the engine shows what a dynamic provider prints on standard output. */
export function log(line: string): void {
  console.log(line);
}

const warned = new Set<string>();

/** Once in a run: the engine may ask for the same thing twice. */
export function warnOnce(line: string): void {
  if (warned.has(line)) return;
  warned.add(line);
  console.log(`warning: ${line}`);
}
