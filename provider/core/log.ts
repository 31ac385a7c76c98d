/** Lines for the user: the engine shows what a dynamic provider prints on standard output. */
export function log(line: string): void {
  console.log(line);
}

export function warn(line: string): void {
  console.log(`warning: ${line}`);
}
