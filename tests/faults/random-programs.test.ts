/**
 * Random programs: version after version of a stack, with others at work on the server in between. Each `up` changes
 * nothing that is no step of the preview before it; after it the server holds what the program declares and what the
 * rules of docs/safety.md keep, a preview shows no changes, and after
 * `destroy` nothing is left. PULUMI_MILVUS_SEED repeats a run of the same form, full or sample.
 */
import * as fc from "fast-check";

import { resources } from "../../provider/registry";
import type { Workspace } from "../../tools/stack";
import { TestAccess } from "../live/support/access";
import { live } from "../live/support/live";
import type { GrpcProxy } from "../support/grpc-proxy";
import { countLoaded, isAsExpected, nothingElseIsThere, type Server } from "./support/compare";
import { accessAfter } from "./support/expected-access";
import { after, emptyWorld, hasVectorIndex, type World } from "./support/expected-server";
import { changesThrough, unannounced } from "./support/plan-is-law";
import { anyEdit, type Edit, edited, firstEdits, LEFT_OUT, textOf } from "./support/random/edits";
import { allOf, EMPTY, type Program } from "./support/random/program";
import { anyDeed, type Deed, happens } from "./support/strangers";
import { full, seedOr, tried } from "./support/tally";

// Before the connections are closed, which live() sees to.
afterAll(() => new TestAccess(milvus, context.name("")).cleanUp([]));
const context = live();
const { milvus } = context;

/** That of the sample found a rename by somebody else that `up --refresh` did not act on. */
const SEED = seedOr(642_810_722);
/** Sequences that run side by side. */
const LANES = 3;
const SEQUENCES_IN_LANE = full ? 10 : 2;
/** In milliseconds. A step of shrinking is a whole sequence, which takes the engine half a minute. */
const SHRINK_FOR = (full ? 5 : 2) * 60_000;
const KIND = "random program";

interface Version {
  readonly deeds: readonly Deed[];
  readonly edits: readonly Edit[];
  readonly refresh: boolean;
  readonly order: number;
}

interface Sequence {
  readonly first: readonly Edit[];
  readonly versions: readonly Version[];
}

const order = fc.nat({ max: 999 });

/** Without the bias to small values, which would make for short and idle sequences. */
const anySequence: fc.Arbitrary<Sequence> = fc.noBias(
  fc.record({
    first: firstEdits,
    versions: fc.array(
      fc.record({
        deeds: fc.array(anyDeed, { maxLength: 5, size: "max" }),
        edits: fc.array(anyEdit, { maxLength: 16, size: "max" }),
        refresh: fc.boolean(),
        order,
      }),
      { minLength: 1, maxLength: full ? 7 : 4, size: "max" },
    ),
  }),
);

/** What was done so far, to print when it goes wrong. */
type Story = string[];

let stacks = 0;
/** Calls that changed something, in all runs: a proxy that hears nothing would prove nothing. */
let changesMade = 0;

class Run {
  private readonly suffix = `_${context.name(`s${++stacks}`)}`;
  private readonly server: Server = {
    milvus,
    access: new TestAccess(milvus, this.suffix),
    suffix: this.suffix,
  };
  private world: World = emptyWorld();
  private program: Program = EMPTY;
  private ups = 0;

  private constructor(
    private readonly stack: Workspace,
    /** Between the stack and the server. */
    private readonly proxy: GrpcProxy,
    private readonly name: string,
    private readonly story: Story,
    private readonly isCounted: boolean,
  ) {}

  static async of(sequence: Sequence, name: string, story: Story, isCounted: boolean): Promise<void> {
    const proxy = await context.proxy();
    const stack = await context.stack("", { address: proxy.address });
    const run = new Run(stack, proxy, name, story, isCounted);
    // A replacement with data is what its program asks for here. What refuses one: replacing-data.test.ts of tests/live.
    await stack.config({ "milvus:protectData": "false" });
    try {
      await run.version({ deeds: [], edits: sequence.first, refresh: false, order: 0 });
      for (const version of sequence.versions) await run.version(version);
      await run.countEverything();
      // With the program running, as stacks with delete hooks need it.
      await run.end(sequence.versions.length % 2 === 0 ? ["--run-program"] : []);
    } finally {
      run.stack.dispose();
      proxy.off();
    }
  }

  private async version({ deeds, edits, refresh, order }: Version): Promise<void> {
    const needsRefresh = await this.othersDo(deeds);
    const namesInUse = new Set([...this.world.managed.values()].flatMap(({ names }) => names));
    this.program = edited(this.program, edits, { suffix: this.suffix, namesInUse });
    const text = textOf(this.program, order);
    this.stack.program(text);
    const args = refresh || needsRefresh ? ["--refresh"] : [];
    this.story.push(`${text}\n  pulumi up ${args.join(" ")}`);
    await this.case(`version ${++this.ups}`, async () => {
      await this.upAsPlanned(args);
      const before = this.world;
      this.world = after(before, this.program);
      accessAfter(before, this.world, this.program);
      await isAsExpected(this.server, this.world);
      await this.stack.preview({ args: ["--expect-no-changes", "--diff"] });
    });
  }

  private async upAsPlanned(args: string[]): Promise<void> {
    const steps = await this.stack.plan({ args });
    const changes = changesThrough(this.proxy);
    await this.stack.up({ args });
    changesMade += changes.length;
    expect(unannounced(changes, steps)).toEqual([]);
  }

  private async othersDo(deeds: readonly Deed[]): Promise<boolean> {
    let needsRefresh = false;
    for (const deed of deeds) {
      const done = await happens(deed, this.world, milvus, this.server.access);
      if (done.what !== undefined) this.story.push(`  somebody else: ${done.what}`);
      needsRefresh ||= done.needsRefresh ?? false;
    }
    return needsRefresh;
  }

  /** What is not loaded is loaded at the end, with an index of the test's own where it has none. */
  private async countEverything(): Promise<void> {
    for (const standing of this.world.standing.values()) {
      const { database, name, indexes, loaded } = standing;
      if (loaded === "whole" || [...standing.partitions.values()].every((rows) => rows === 0)) continue;
      const there = milvus.within(database);
      if (!hasVectorIndex(indexes))
        await there.createIndex(name, {
          index_name: "to_count",
          field_name: "embedding",
          index_type: "FLAT",
          metric_type: "L2",
        });
      // What is loaded takes no more once an index was made.
      if (loaded !== "no") await there.release(name);
      await there.load(name);
      standing.loaded = "whole";
      await countLoaded(this.server, standing);
    }
  }

  private async end(args: string[]): Promise<void> {
    this.story.push(`  pulumi destroy ${args.join(" ")}`);
    await this.case("destroy", async () => {
      await this.stack.destroy({ args });
      this.world = emptyWorld();
      await nothingElseIsThere(this.server, this.world);
      expect(await this.stack.resources()).toEqual([]);
    });
  }

  private async case(what: string, run: () => Promise<void>): Promise<void> {
    if (this.isCounted) await tried(KIND, `${this.name}, ${what}`, run);
    else await run();
  }
}

/** Returns how it went wrong, shrunk as far as the time allows. */
async function lane(number: number): Promise<string | undefined> {
  let runs = 0;
  let stopShrinking: number | undefined;
  let failure: { story: Story; error: unknown } | undefined;
  const property = fc.asyncProperty(anySequence, async (sequence) => {
    if (stopShrinking !== undefined && Date.now() > stopShrinking) return;
    const story: Story = [];
    try {
      const name = `seed ${SEED}, lane ${number}, sequence ${++runs}`;
      await Run.of(sequence, name, story, stopShrinking === undefined);
    } catch (error) {
      failure = { story, error };
      stopShrinking ??= Date.now() + SHRINK_FOR;
      throw error;
    }
  });
  await fc.check(property, { seed: SEED + number, numRuns: SEQUENCES_IN_LANE });
  return failure && tellFailure(number, failure);
}

function tellFailure(number: number, { story, error }: { story: Story; error: unknown }): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `lane ${number} (PULUMI_MILVUS_SEED=${SEED} repeats it):\n\n${story.join("\n\n")}\n\n${reason}`;
}

test("Random programs know every object of the package that this Milvus has", () => {
  const declared = new Set(Object.keys(LEFT_OUT));
  let program = EMPTY;
  for (const edit of fc.sample(anyEdit, { seed: 1, numRuns: 2_000 })) {
    program = edited(program, [edit], { suffix: "", namesInUse: new Set() });
    for (const { kind } of allOf(program)) declared.add(kind);
  }
  expect([...declared].sort()).toEqual(
    Object.values(resources)
      .map(({ kind }) => kind)
      .sort(),
  );
});

test(
  "Random programs leave the server as they declare it, version after version, and nothing after destroy",
  async () => {
    console.log(`random programs: PULUMI_MILVUS_SEED=${SEED}`);
    const failures = await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
    const told = failures.filter((failure) => failure !== undefined);
    if (told.length > 0) throw new Error(told.join("\n\n"));
    console.log(`random programs: ${changesMade} changes on the server, each a step of the preview before`);
    expect(changesMade).toBeGreaterThan(100);
  },
  full ? 40 * 60_000 : 10 * 60_000,
);
