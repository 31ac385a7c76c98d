/** Removals that are gathered: each has its own time, and what they wait for together has that of the one with most. */
import { setTimeout as sleep } from "node:timers/promises";

import type { Milvus } from "../../provider/milvus/gateway";
import type { PartitionRef } from "../../provider/milvus/names";
import { inCollectionTurn, oneAtATime } from "../../provider/resources/in-collection/collection";
import { gathered, type Outcomes, type Removal } from "../../provider/resources/in-collection/removals";
import { Run } from "../../provider/run";

const IN_DOCS = { databaseName: "default", collectionName: "docs" };

type PartitionRemoval = Removal<PartitionRef>;

const describePartition = ({ partitionName }: PartitionRef): string => `partition ${partitionName}`;

function removalsOf(run: Run) {
  return (partitionName: string, seconds: number): PartitionRemoval => ({
    milvus: { run, deadline: Date.now() + seconds * 1_000 } as unknown as Milvus,
    state: { ...IN_DOCS, partitionName },
  });
}

const outcomeOf = (removal: Promise<void>): Promise<string> =>
  removal.then(
    () => "dropped",
    (error: unknown) => (error as Error).message,
  );

describe("removals that go together", () => {
  test("have the time of the one with most, whichever came first", async () => {
    const removal = removalsOf(new Run());
    const asked: string[][] = [];
    const remove = gathered((all: readonly PartitionRemoval[]): Promise<Outcomes> => {
      asked.push(all.map(({ state }) => state.partitionName));
      return Promise.resolve(
        all.map(({ state }) => (state.partitionName === "b" ? new Error("b stays") : undefined)),
      );
    }, describePartition);
    const outcomes = ["a", "b", "c"].map((name, at) =>
      outcomeOf(remove(removal(name, [5, 60, 600][at] ?? 0))),
    );
    expect(await Promise.all(outcomes)).toEqual(["dropped", "b stays", "dropped"]);
    expect(asked).toEqual([["c", "b", "a"]]);
  });

  test("keep their own deadline while that lasts longer", async () => {
    const removal = removalsOf(new Run());
    const remove = gathered(async (all: readonly PartitionRemoval[]): Promise<Outcomes> => {
      await sleep(2_500);
      return all.map(() => undefined);
    }, describePartition);
    const started = Date.now();
    const [short, long] = [outcomeOf(remove(removal("short", 0.5))), outcomeOf(remove(removal("long", 60)))];
    expect(await short).toMatch(/^partition short is not known to be dropped: the operation's time was up/);
    expect(Date.now() - started).toBeLessThan(2_200);
    expect(await long).toBe("dropped");
  });

  test("are told why the work failed, where it ended with their own time and had to load again first", async () => {
    const removal = removalsOf(new Run());
    const remove = gathered(async (all: readonly PartitionRemoval[]): Promise<Outcomes> => {
      await sleep(2_500);
      return all.map(() => new Error("the server does not answer"));
    }, describePartition);
    const outcomes = ["a", "b"].map((name) => outcomeOf(remove(removal(name, 0.5))));
    expect(await Promise.all(outcomes)).toEqual(["the server does not answer", "the server does not answer"]);
  });

  test("do not begin once their time is up, while something else of the collection goes first", async () => {
    const run = new Run();
    const removal = removalsOf(run);
    const asked: string[][] = [];
    const remove = gathered((all: readonly PartitionRemoval[]): Promise<Outcomes> => {
      asked.push(all.map(({ state }) => state.partitionName));
      return Promise.resolve(all.map(() => undefined));
    }, describePartition);
    const busy = inCollectionTurn(removal("none", 60).milvus, IN_DOCS, () => sleep(2_500));
    const [short, long] = [outcomeOf(remove(removal("short", 0.2))), outcomeOf(remove(removal("long", 60)))];
    expect(await short).toMatch(
      /^partition short is not dropped: the operation's time was up.*raise timeouts.delete$/,
    );
    await busy;
    expect(await long).toBe("dropped");
    expect(asked).toEqual([["long"]]);
  });
});

test("what waits for its turn in a collection waits no longer than its time, and is not begun afterwards", async () => {
  const { milvus } = removalsOf(new Run())("a", 60);
  const late = { run: milvus.run, deadline: Date.now() + 200 } as unknown as Milvus;
  const begun: string[] = [];
  const work = (name: string, milliseconds: number) => async (): Promise<string> => {
    begun.push(name);
    await sleep(milliseconds);
    return name;
  };
  const first = oneAtATime(milvus, IN_DOCS, work("first", 800));
  const second = oneAtATime(late, IN_DOCS, work("second", 0));
  await expect(second).rejects.toThrow(
    /time was up while other changes of collection default\/docs .* went first/,
  );
  // It has begun: its calls look at its time.
  const last = oneAtATime({ ...late, deadline: Date.now() + 5_000 } as Milvus, IN_DOCS, work("last", 100));
  expect([await first, await last]).toEqual(["first", "last"]);
  expect(begun).toEqual(["first", "last"]);
});
