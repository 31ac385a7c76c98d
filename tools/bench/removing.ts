/** Partitions that go while they are loaded and hold data, out of programs and by script. */
import { GrpcProxy } from "../../tests/support/grpc-proxy";
import type { Workspace } from "../stack";
import { type Arena, ours, partitionNames } from "./contenders";
import type { Measured } from "./figures";
import { inTurn, type Samples } from "./measure";

/** p20 and p21 stay. */
const ALL = partitionNames(22);
const KEPT = partitionNames(2, 20);

/** A stack whose program has all of them, loaded and with data, and then only those that are kept. */
async function aboutToRemove(
  arena: Arena,
  set: boolean,
  through: string | undefined,
  remove: (stack: Workspace) => Promise<void>,
): Promise<void> {
  const collections = arena.names(1);
  const [collection = ""] = collections;
  const program = (partitions: readonly string[]) => ours({ collections, partitions, index: true, set });
  const life = async (stack: Workspace): Promise<void> => {
    await stack.up();
    await arena.fill(collection, ALL);
    stack.program(program(KEPT));
    await remove(stack);
    const left = await arena.milvus.partitions(collection);
    if (left.length !== KEPT.length) throw new Error(`${left.length} partitions are left`);
  };
  await arena.within(program(ALL), collections, life, { through });
}

async function byScript(arena: Arena, samples: Samples): Promise<void> {
  const collection = arena.name();
  await arena.make(collection, ALL);
  await arena.fill(collection, ALL);
  await samples.time("removing 20, script", () => arena.script("remove", collection, 20));
  await arena.drop(collection);
}

export async function removing(arena: Arena, samples: Samples, rounds: number): Promise<Measured> {
  const time = (name: string, set: boolean) => () =>
    aboutToRemove(arena, set, undefined, async (stack) => {
      await samples.time(name, () => stack.up());
    });
  await inTurn(rounds, [
    time("removing 20, ours", false),
    time("removing 20, PartitionSet", true),
    () => byScript(arena, samples),
  ]);
  return {
    remove20_vs_script: samples.ratio("removing 20, ours", "removing 20, script"),
    set_remove20_vs_script: samples.ratio("removing 20, PartitionSet", "removing 20, script"),
  };
}

export async function releaseCalls(arena: Arena): Promise<Measured> {
  return { remove20_release_calls: await countReleases(arena, false) };
}

export async function releaseCallsOfSet(arena: Arena): Promise<Measured> {
  return { set_remove20_release_calls: await countReleases(arena, true) };
}

async function countReleases(arena: Arena, set: boolean): Promise<number> {
  const proxy = await GrpcProxy.to(arena.address);
  try {
    await aboutToRemove(arena, set, proxy.address, async (stack) => {
      proxy.forget();
      await stack.up();
    });
    return proxy.count("ReleasePartitions") + proxy.count("ReleaseCollection");
  } finally {
    proxy.off();
  }
}
