/** What a resource costs in a stack of 1,000 against one of 100, and the most memory that the provider takes for it. */
import type { Workspace } from "../stack";
import { type Arena, floor, ours, partitionNames } from "./contenders";
import type { Measured } from "./figures";
import { inTurn, type Samples } from "./measure";
import { mostMemory } from "./memory";

async function life(stack: Workspace, count: number, contender: string, samples: Samples): Promise<void> {
  const named = (operation: string): string => `${operation} ${count} in one collection, ${contender}`;
  await samples.time(named("up"), async () => {
    const most = await mostMemory((onStart) => stack.up({ onStart }));
    samples.add(`MB of the provider, up ${count}, ${contender}`, most);
  });
  for (const operation of ["preview", "refresh", "destroy"] as const)
    await samples.time(named(operation), () => stack[operation]());
}

export async function growing(arena: Arena, samples: Samples, rounds: number): Promise<Measured> {
  const run = (count: number, contender: "ours" | "stub") => () => {
    const shape = { collections: arena.names(1), partitions: partitionNames(count) };
    const program = (contender === "ours" ? ours : floor)(shape);
    // Destroyed already when all went well.
    const collections = contender === "ours" ? shape.collections : [];
    return arena.within(program, collections, (stack) => life(stack, count, contender, samples));
  };
  await inTurn(rounds, [
    run(10, "ours"),
    run(100, "ours"),
    run(100, "stub"),
    run(1000, "ours"),
    run(1000, "stub"),
  ]);
  const growth = (operation: string): number => {
    const of = (contender: string): number =>
      samples.ratio(
        `${operation} 1000 in one collection, ${contender}`,
        `${operation} 100 in one collection, ${contender}`,
      );
    return of("ours") / of("stub");
  };
  return {
    growth_up: growth("up"),
    growth_preview: growth("preview"),
    growth_refresh: growth("refresh"),
    growth_destroy: growth("destroy"),
    memory_growth: samples.ratio("MB of the provider, up 1000, ours", "MB of the provider, up 10, ours"),
  };
}

/** A PartitionSet against what a script needs for the same partitions. */
export async function partitionSet(arena: Arena, samples: Samples, rounds: number): Promise<Measured> {
  const shape = () => ({ collections: arena.names(1), partitions: partitionNames(1000), set: true });
  const up = (contender: "ours" | "stub") => async () => {
    const declared = shape();
    const program = (contender === "ours" ? ours : floor)(declared);
    const collections = contender === "ours" ? declared.collections : [];
    await arena.within(program, collections, (stack) =>
      samples.time(`up of a set of 1000, ${contender}`, () => stack.up()),
    );
  };
  await inTurn(rounds, [
    up("ours"),
    up("stub"),
    async () => {
      const collection = arena.name();
      await samples.time("creating 1000 at once, script", () => arena.script("create", collection, 1000));
      await arena.drop(collection);
    },
  ]);
  const theirs =
    samples.median("creating 1000 at once, script") + samples.median("up of a set of 1000, stub");
  return { set1000_vs_script: samples.median("up of a set of 1000, ours") / theirs };
}
