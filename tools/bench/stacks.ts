/** Whole stacks that come, stay and go: the engine's machinery and what this package adds to it. */
import { GrpcProxy } from "../../tests/support/grpc-proxy";
import type { Workspace } from "../stack";
import { type Arena, floor, ours, partitionNames, type Shape, textbook } from "./contenders";
import type { Measured } from "./figures";
import { inTurn, type Samples } from "./measure";

type Program = (shape: Shape) => string;

const CONTENDERS = { ours, stub: floor, textbook } satisfies Record<string, Program>;
type Contender = keyof typeof CONTENDERS;

/** Only ours makes collections. */
function within(
  arena: Arena,
  contender: Contender,
  shape: Shape,
  work: (stack: Workspace) => Promise<unknown>,
): Promise<void> {
  return arena.within(CONTENDERS[contender](shape), contender === "ours" ? shape.collections : [], work);
}

/** Up and preview of 200 partitions of one collection. */
export async function oneCollection(arena: Arena, samples: Samples, rounds: number): Promise<Measured> {
  const run = (contender: Contender) => () =>
    within(
      arena,
      contender,
      { collections: arena.names(1), partitions: partitionNames(200) },
      async (stack) => {
        await samples.time(`up 200, ${contender}`, () => stack.up());
        await samples.time(`preview 200, ${contender}`, () => stack.preview());
      },
    );
  await inTurn(rounds, [run("ours"), run("stub"), run("textbook")]);
  return {
    up200_vs_textbook: samples.ratio("up 200, ours", "up 200, textbook"),
    up200_vs_floor: samples.ratio("up 200, ours", "up 200, stub"),
    preview200_vs_floor: samples.ratio("preview 200, ours", "preview 200, stub"),
  };
}

/** What more or fewer operations at once do to the same up: times for reading, no figure. */
export async function inParallel(arena: Arena, samples: Samples, rounds: number): Promise<Measured> {
  const run = (operations: number) => () =>
    within(arena, "ours", { collections: arena.names(1), partitions: partitionNames(200) }, async (stack) => {
      const args = ["--parallel", String(operations)];
      await samples.time(`up 200 with --parallel ${operations}`, () => stack.up({ args }));
    });
  await inTurn(rounds, [1, 4, 8, 16, 64].map(run));
  return {};
}

export async function small(arena: Arena, samples: Samples, rounds: number): Promise<Measured> {
  const run = (contender: Contender) => () => {
    const shape = { collections: arena.names(1), partitions: partitionNames(2), index: true };
    return within(arena, contender, shape, async (stack) => {
      await samples.time(`small up, ${contender}`, () => stack.up());
    });
  };
  await inTurn(rounds, [run("ours"), run("stub")]);
  return { small_up_vs_floor: samples.ratio("small up, ours", "small up, stub") };
}

const FOUR_TIMES_50 = { partitions: partitionNames(50) };

/** Refresh and destroy of 200 partitions in four collections. */
export async function fourCollections(arena: Arena, samples: Samples, rounds: number): Promise<Measured> {
  const run = (contender: Contender) => () =>
    within(arena, contender, { ...FOUR_TIMES_50, collections: arena.names(4) }, async (stack) => {
      await stack.up();
      await samples.time(`refresh 200, ${contender}`, () => stack.refresh());
      await samples.time(`destroy 200, ${contender}`, () => stack.destroy());
    });
  await inTurn(rounds, [run("ours"), run("stub")]);
  return {
    refresh200_vs_floor: samples.ratio("refresh 200, ours", "refresh 200, stub"),
    destroy200_vs_floor: samples.ratio("destroy 200, ours", "destroy 200, stub"),
  };
}

/** The calls that the server sees of the same. */
export async function callsOfFourCollections(arena: Arena, samples: Samples): Promise<Measured> {
  const proxy = await GrpcProxy.to(arena.address);
  const collections = arena.names(4);
  let drops = 0;
  const count = async (stack: Workspace): Promise<void> => {
    await stack.up();
    proxy.forget();
    await stack.refresh();
    samples.add("calls to Milvus of a refresh of 200", proxy.calls.length);
    proxy.forget();
    await stack.destroy();
    drops = proxy.calls.filter((call) => call.startsWith("Drop")).length;
  };
  try {
    await arena.within(ours({ ...FOUR_TIMES_50, collections }), collections, count, {
      through: proxy.address,
    });
    return { destroy200_drop_calls: drops };
  } finally {
    proxy.off();
  }
}

/** What a partition takes in the state, which the engine writes whole after each step. */
export async function stateBytes(arena: Arena, samples: Samples): Promise<Measured> {
  const bytes = async (contender: Contender): Promise<number> => {
    const shape = { collections: arena.names(1), partitions: partitionNames(20) };
    let each = 0;
    await within(arena, contender, shape, async (stack) => {
      await stack.up();
      const children = (await stack.resources()).filter(({ urn }) => /_p\d+$/.test(urn));
      const sizes = children.map((resource) => Buffer.byteLength(JSON.stringify(resource)));
      each = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    });
    samples.add(`bytes of state for each partition, ${contender}`, each);
    return each;
  };
  return { state_bytes_vs_textbook: (await bytes("ours")) / (await bytes("textbook")) };
}
