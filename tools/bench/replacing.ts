/** A collection of 50 loaded partitions with data that is made anew. */
import { GrpcProxy } from "../../tests/support/grpc-proxy";
import type { Workspace } from "../stack";
import { type Arena, floor, ours, partitionNames, type Shape } from "./contenders";
import type { Measured } from "./figures";
import { inTurn, type Samples } from "./measure";

const PARTITIONS = partitionNames(50);

async function aboutToReplace(
  arena: Arena,
  through: string | undefined,
  replace: (stack: Workspace) => Promise<void>,
): Promise<void> {
  const shape = shapeOf(arena);
  const [collection = ""] = shape.collections;
  const life = async (stack: Workspace): Promise<void> => {
    await stack.up();
    await arena.fill(collection, PARTITIONS, 20);
    await stack.config({ "milvus:acknowledgedDataLoss": `default/${collection}` });
    stack.program(ours({ ...shape, version: 1 }));
    await replace(stack);
  };
  await arena.within(ours(shape), shape.collections, life, { through });
}

function shapeOf(arena: Arena): Shape {
  return { collections: arena.names(1), partitions: PARTITIONS, index: true };
}

async function byScript(arena: Arena, samples: Samples): Promise<void> {
  const collection = arena.name();
  await arena.make(collection, PARTITIONS);
  await arena.fill(collection, PARTITIONS, 20);
  await samples.time("replacing 50, script", () => arena.script("replace", collection, PARTITIONS.length));
  await arena.drop(collection);
}

async function byStub(arena: Arena, samples: Samples): Promise<void> {
  const shape = shapeOf(arena);
  await arena.within(floor(shape), [], async (stack) => {
    await stack.up();
    stack.program(floor({ ...shape, version: 1 }));
    await samples.time("replacing 50, stub", () => stack.up());
  });
}

export async function replacing(arena: Arena, samples: Samples, rounds: number): Promise<Measured> {
  await inTurn(rounds, [
    () =>
      aboutToReplace(arena, undefined, async (stack) => {
        await samples.time("replacing 50, ours", () => stack.up());
      }),
    () => byScript(arena, samples),
    () => byStub(arena, samples),
  ]);
  const theirs = samples.median("replacing 50, script") + samples.median("replacing 50, stub");
  return { replace50_vs_script: samples.median("replacing 50, ours") / theirs };
}

export async function callsOfReplacing(arena: Arena): Promise<Measured> {
  const proxy = await GrpcProxy.to(arena.address);
  try {
    await aboutToReplace(arena, proxy.address, async (stack) => {
      proxy.forget();
      await stack.up();
    });
    return { replace50_partition_releases: proxy.count("ReleasePartitions") };
  } finally {
    proxy.off();
  }
}
