/** The tests of faults: below the engine at each call of a life, and through the real engine at some of each stage. */
import { createWorkspace } from "../../../tools/stack";
import { withPlugin } from "../../live/support/bundled";
import { OVER_PLUGIN } from "../../live/support/live";
import { TestMilvus } from "../../live/support/milvus";
import { GrpcProxy } from "../../support/grpc-proxy";
import { testServers } from "../../support/servers";
import { DYNAMIC, type Engine, PLUGIN, PulumiDriver, SmallDriver } from "./drivers";
import { type Calls, callsOfLife, type FaultName, liveThrough, Plan } from "./faults";
import { type LifeCycle, STAGES, type Targets } from "./life-cycle";
import { full } from "./tally";

/** Lives at once: nearly all of their time they wait for the server. */
const SIDE_BY_SIDE = 5;
/** Of those that wait for an answer that never comes, which keeps nobody busy. */
const IN_SILENCE = 10;
const HOUR = 3_600_000;
/**
 * How many calls of a stage meet the fault in one life: a run goes on after what it is told to try again, and after a
 * silence of twenty seconds; one that is killed is started again, and meets the next.
 */
const AT_ONCE: Readonly<Record<FaultName, number>> = {
  refuse: 8,
  "lose the call": 8,
  "lose the answer": 8,
  delay: 8,
  "unavailable for a while": 4,
  "swallow the call": 3,
  "stay silent": 3,
  "kill the provider": 3,
  "kill the engine": 3,
};
/** The same in the short form. */
const IN_SAMPLE = 2;
/** For each operation, in seconds: long enough for a busy server, short enough for a call that is never answered. */
const SECONDS = 90;

/** Which life meets the faults. */
interface Lives {
  new (milvus: TestMilvus, seconds: number): LifeCycle;
  /** The calls that meet them through the real engine: where the objects are changed. */
  readonly throughPulumi: Targets;
}

/** Each call of a life meets each fault, on the small engine; in the short form one call of each stage. */
export function describeFaults(what: string, faults: readonly FaultName[], Life: Lives): void {
  const { milvus: server } = testServers();
  const milvus = new TestMilvus(server);
  let calls: Calls;

  beforeAll(async () => {
    calls = await withLife(callsOfLife);
  }, HOUR);
  afterAll(() => milvus.close());

  async function withLife<T>(
    run: (driver: SmallDriver, life: LifeCycle, proxy: GrpcProxy) => Promise<T>,
  ): Promise<T> {
    const proxy = await GrpcProxy.to(server.address);
    const token = `${server.username}:${server.password}`;
    const life = new Life(milvus, SECONDS);
    const config = {
      "milvus:address": proxy.address,
      "milvus:token": token,
      "milvus:acknowledgedDataLoss": life.replaced,
    };
    try {
      return await run(new SmallDriver(config), life, proxy);
    } finally {
      proxy.off();
    }
  }

  /** One life after another until each call has met the fault, or just one life. */
  async function meetAll(fault: FaultName): Promise<number> {
    const plan = new Plan(calls);
    const life = (): Promise<number> => {
      const targets = plan.take(full ? AT_ONCE[fault] : IN_SAMPLE);
      return withLife((driver, one, proxy) =>
        liveThrough(driver, one, proxy, fault, targets, (stage, unmet) => plan.giveBack(stage, unmet)),
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
  });
}

/** Lives that meet faults where the objects are changed, through the real engine; those of one fault side by side. */
export function describeFaultsThroughPulumi(
  faults: readonly FaultName[],
  lives: readonly Lives[],
  engine: Engine = OVER_PLUGIN ? PLUGIN : DYNAMIC,
): void {
  const { milvus: server } = testServers();
  const milvus = new TestMilvus(server);

  afterAll(() => milvus.close());

  async function live(fault: FaultName, Life: Lives): Promise<number> {
    const proxy = await GrpcProxy.to(server.address);
    const token = { secret: `${server.username}:${server.password}` };
    const life = new Life(milvus, SECONDS);
    const config = {
      "milvus:address": proxy.address,
      "milvus:token": token,
      "milvus:acknowledgedDataLoss": life.replaced,
    };
    const env = engine === PLUGIN ? await withPlugin() : {};
    const workspace = await createWorkspace({ language: "js", config, env });
    try {
      const driver = new PulumiDriver(workspace, engine);
      return await liveThrough(driver, life, proxy, fault, Life.throughPulumi);
    } finally {
      workspace.dispose();
      proxy.off();
    }
  }

  test.each(faults)(
    `%s: converges through Pulumi, with ${engine.entry}`,
    async (fault) => {
      const all = lives.map((Life) => live(fault, Life));
      for (const met of await Promise.all(all)) expect(met).toBeGreaterThan(0);
    },
    HOUR,
  );
}

/** Runs as long as there is more to do, whatever fails; throws the failures, or returns the sum. */
async function sideBySide(most: number, isMore: () => boolean, run: () => Promise<number>): Promise<number> {
  const failures: string[] = [];
  let sum = 0;
  const worker = async (): Promise<void> => {
    while (isMore())
      try {
        // Not in one line with the sum, which others add to meanwhile.
        const met = await run();
        sum += met;
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
  };
  await Promise.all(Array.from({ length: most }, worker));
  if (failures.length > 0)
    throw new Error(`${failures.length} did not converge:\n\n${failures.join("\n\n")}`);
  return sum;
}
