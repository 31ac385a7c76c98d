/** The tests of a kind of fault: below the engine at each call, and through the real engine at a call of each stage. */
import { createWorkspace } from "../../../tools/stack";
import { TestMilvus } from "../../live/support/milvus";
import { GrpcProxy } from "../../support/grpc-proxy";
import { testServers } from "../../support/servers";
import { PulumiDriver, SmallDriver } from "./drivers";
import { type Calls, callsOfLife, type FaultName, liveThrough, Plan, type Targets } from "./faults";
import { LifeCycle, STAGES } from "./life-cycle";
import { full } from "./tally";

/** Lives at once: nearly all of their time they wait for the server. */
const SIDE_BY_SIDE = 5;
/** Of those that wait for an answer that never comes, which keeps nobody busy. */
const IN_SILENCE = 10;
const HOUR = 3_600_000;
/**
 * How many calls of a stage meet the fault in one life: a run goes on after what it is told to try again, and
 * after a silence of twenty seconds, but never after a kill.
 */
const AT_ONCE: Readonly<Record<FaultName, number>> = {
  refuse: 4,
  "lose the call": 4,
  "lose the answer": 4,
  delay: 4,
  "unavailable for a while": 3,
  "swallow the call": 2,
  "stay silent": 2,
  "kill the provider before": 1,
  "kill the provider after": 1,
  "kill the engine": 1,
};
/** For each operation, in seconds: long enough for a busy server, short enough for a call that is never answered. */
const SECONDS = 90;

/** Where the objects are changed, by stage: each of these is met through the real engine. */
const THROUGH_PULUMI: readonly Targets[] = [
  {
    create: [{ method: "CreateCollection", nth: 1 }],
    "change in place": [{ method: "RenameCollection", nth: 1 }],
    "replace a collection": [{ method: "DropCollection", nth: 1 }],
    "replace an index": [{ method: "DropIndex", nth: 1 }],
    remove: [{ method: "DropPartition", nth: 1 }],
    destroy: [{ method: "DropCollection", nth: 1 }],
  },
  {
    create: [{ method: "CreatePartition", nth: 2 }],
    "change in place": [{ method: "AlterCollection", nth: 1 }],
    "replace a collection": [{ method: "CreateCollection", nth: 1 }],
    "replace an index": [{ method: "CreateIndex", nth: 1 }],
    remove: [{ method: "ReleasePartitions", nth: 1 }],
    destroy: [{ method: "DropCollection", nth: 2 }],
  },
];

export function describeFaults(what: string, faults: readonly FaultName[]): void {
  const { milvus: server } = testServers();
  const milvus = new TestMilvus(server);
  let calls: Calls;

  beforeAll(async () => {
    calls = await withSmallDriver((driver, proxy) =>
      callsOfLife(driver, new LifeCycle(milvus, SECONDS), proxy),
    );
  }, HOUR);
  afterAll(() => milvus.close());

  async function withSmallDriver<T>(run: (driver: SmallDriver, proxy: GrpcProxy) => Promise<T>): Promise<T> {
    const proxy = await GrpcProxy.to(server.address);
    const token = `${server.username}:${server.password}`;
    try {
      return await run(new SmallDriver({ "milvus:address": proxy.address, "milvus:token": token }), proxy);
    } finally {
      proxy.off();
    }
  }

  async function throughPulumi(fault: FaultName, targets: Targets): Promise<number> {
    const proxy = await GrpcProxy.to(server.address);
    const token = { secret: `${server.username}:${server.password}` };
    const config = { "milvus:address": proxy.address, "milvus:token": token };
    const workspace = await createWorkspace({ language: "js", config });
    try {
      return await liveThrough(
        new PulumiDriver(workspace),
        new LifeCycle(milvus, SECONDS),
        proxy,
        fault,
        targets,
      );
    } finally {
      workspace.dispose();
      proxy.off();
    }
  }

  /** One life after another until each call has met the fault, or just one life. */
  async function meetAll(fault: FaultName): Promise<number> {
    const plan = new Plan(calls);
    const life = (): Promise<number> => {
      const targets = plan.take(AT_ONCE[fault]);
      return withSmallDriver((driver, proxy) =>
        liveThrough(driver, new LifeCycle(milvus, SECONDS), proxy, fault, targets, (stage, unmet) =>
          plan.giveBack(stage, unmet),
        ),
      );
    };
    const most = ["swallow the call", "stay silent"].includes(fault) ? IN_SILENCE : SIDE_BY_SIDE;
    return full ? sideBySide(most, () => !plan.isDone, life) : life();
  }

  describe(what, () => {
    const atEachCall = async (fault: FaultName): Promise<void> => {
      const met = await meetAll(fault);
      const all = Object.values(calls).flat().length;
      console.log(`${fault}: met at ${met} of ${all} calls`);
      expect(met).toBeGreaterThan(all * 0.8);
    };
    const inOneLifeEach = async (): Promise<void> => {
      const queue = [...faults];
      const met: number[] = [];
      await sideBySide(
        faults.length,
        () => queue.length > 0,
        async () => met.push(await meetAll(queue.shift() as FaultName)),
      );
      for (const one of met) expect(one).toBeGreaterThanOrEqual(STAGES.length - 1);
    };
    if (full) test.each(faults)("%s: converges at each call, below the engine", atEachCall, HOUR);
    else test(`converges below the engine: ${faults.join(", ")}`, inOneLifeEach, HOUR);

    test.each(full ? faults : faults.slice(0, 1))(
      "%s: converges through Pulumi",
      async (fault) => {
        const lives = full ? THROUGH_PULUMI : THROUGH_PULUMI.slice(0, 1);
        const met = await Promise.all(lives.map((targets) => throughPulumi(fault, targets)));
        for (const one of met) expect(one).toBeGreaterThan(0);
      },
      HOUR,
    );
  });
}

/** Runs as long as there is more to do, whatever fails; throws the failures, or returns the sum. */
async function sideBySide(most: number, isMore: () => boolean, run: () => Promise<number>): Promise<number> {
  const failures: string[] = [];
  let sum = 0;
  const worker = async (): Promise<void> => {
    while (isMore())
      try {
        sum += await run();
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
  };
  await Promise.all(Array.from({ length: most }, worker));
  if (failures.length > 0)
    throw new Error(`${failures.length} did not converge:\n\n${failures.join("\n\n")}`);
  return sum;
}
