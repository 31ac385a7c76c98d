/** Times of things that are done in turn, and their medians. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  if (low === undefined || high === undefined) throw new Error("nothing was measured");
  return (low + high) / 2;
}

/** What was measured in one run, by name: "up 200, stub". In milliseconds unless the name says otherwise. */
export class Samples {
  private readonly byName = new Map<string, number[]>();

  add(name: string, value: number): void {
    const known = this.byName.get(name);
    if (known) known.push(value);
    else this.byName.set(name, [value]);
  }

  async time<T>(name: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await work();
    this.add(name, performance.now() - started);
    return result;
  }

  median(name: string): number {
    return median(this.byName.get(name) ?? []);
  }

  ratio(ours: string, theirs: string): number {
    return this.median(ours) / this.median(theirs);
  }

  /** For reading beside the ratios: the median, and from the least to the most. */
  *lines(): Iterable<string> {
    for (const [name, values] of this.byName) {
      const [least, middle, most] = [Math.min(...values), median(values), Math.max(...values)].map((value) =>
        Math.round(value).toLocaleString("en-US"),
      );
      yield `${name}: ${middle} (${least} to ${most}, ${values.length} times)`;
    }
  }
}

/** Rounds of the same things, every other one backwards, so that what the machine does besides meets all alike. */
export async function inTurn(rounds: number, contenders: readonly (() => Promise<void>)[]): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const contender of round % 2 === 0 ? contenders : [...contenders].reverse()) await contender();
  }
}
