/**
 * Random programs: version after version of a stack, with others at work on the server in between. After each `up` the
 * server holds what the program declares and what the rules of README.md keep, a preview shows no changes, and after
 * `destroy` nothing is left. PULUMI_MILVUS_SEED repeats a run of the same form, full or sample.
 */
import * as fc from "fast-check";

import type { Workspace } from "../../tools/stack";
import { live } from "../live/support/live";
import {
  after,
  emptyWorld,
  expectedOf,
  hasVectorIndex,
  seenOn,
  type Standing,
  type World,
} from "./support/expected-server";
import {
  anyEdit,
  type Edit,
  EMPTY,
  edited,
  firstEdits,
  type Program,
  textOf,
} from "./support/random-program";
import { anyDeed, type Deed, happens } from "./support/strangers";
import { full, Lost, tried } from "./support/tally";

const context = live();
const { milvus } = context;

const SEED = Number(process.env["PULUMI_MILVUS_SEED"] ?? Date.now() % 2 ** 31);
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
        edits: fc.array(anyEdit, { maxLength: 12, size: "max" }),
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

class Run {
  private readonly suffix = `_${context.name(`s${++stacks}`)}`;
  private world: World = emptyWorld();
  private program: Program = EMPTY;
  private ups = 0;

  private constructor(
    private readonly stack: Workspace,
    private readonly name: string,
    private readonly story: Story,
    private readonly isCounted: boolean,
  ) {}

  static async of(sequence: Sequence, name: string, story: Story, isCounted: boolean): Promise<void> {
    const run = new Run(await context.stack(""), name, story, isCounted);
    try {
      await run.version({ deeds: [], edits: sequence.first, refresh: false, order: 0 });
      for (const version of sequence.versions) await run.version(version);
      await run.countEverything();
      // With the program running, as stacks with delete hooks need it.
      await run.end(sequence.versions.length % 2 === 0 ? ["--run-program"] : []);
    } finally {
      run.stack.dispose();
    }
  }

  private async version({ deeds, edits, refresh, order }: Version): Promise<void> {
    const needsRefresh = await this.othersDo(deeds);
    const namesInUse = new Set([...this.world.managed.values()].map(({ name }) => name));
    this.program = edited(this.program, edits, { suffix: this.suffix, namesInUse });
    const text = textOf(this.program, order);
    this.stack.program(text);
    const args = refresh || needsRefresh ? ["--refresh"] : [];
    this.story.push(`${text}\n  pulumi up ${args.join(" ")}`);
    await this.case(`version ${++this.ups}`, async () => {
      await this.stack.up({ args });
      this.world = after(this.world, this.program);
      await this.check();
      await this.stack.preview({ args: ["--expect-no-changes", "--diff"] });
    });
  }

  private async othersDo(deeds: readonly Deed[]): Promise<boolean> {
    let needsRefresh = false;
    for (const deed of deeds) {
      const done = await happens(deed, this.world, milvus);
      if (done.what !== undefined) this.story.push(`  somebody else: ${done.what}`);
      needsRefresh ||= done.needsRefresh ?? false;
    }
    return needsRefresh;
  }

  private async check(): Promise<void> {
    await this.nothingElseIsThere();
    await this.aliasesPoint();
    for (const standing of this.world.standing.values()) {
      await this.isStillThere(standing);
      const [seen, expected] = [await seenOn(milvus, standing.name), expectedOf(standing)];
      const left = seen.partitions.filter((name) => !expected.partitions.includes(name));
      if (left.length > 0) throw new Lost(`partition ${left.join(", ")} of ${standing.name} is left behind`);
      const gone = [...standing.partitions].filter(
        ([name, rows]) => rows > 0 && !seen.partitions.includes(name),
      );
      if (gone.length > 0)
        throw new Lost(`partition ${gone.join(", ")} of ${standing.name} is gone with its rows`);
      expect({ [standing.name]: seen }).toEqual({ [standing.name]: expected });
      await this.count(standing);
    }
  }

  private async aliasesPoint(): Promise<void> {
    const names = [...this.world.standing.keys()];
    const described = await Promise.all(names.map((name) => milvus.describe(name)));
    const pointing = described.flatMap(({ aliases = [] }, at) =>
      aliases.map((alias) => [alias, names[at]] as const),
    );
    expect(Object.fromEntries(pointing)).toEqual(Object.fromEntries(this.world.aliases));
  }

  private async nothingElseIsThere(): Promise<void> {
    const left = (await milvus.allOf(this.suffix)).filter((name) => !this.world.standing.has(name));
    if (left.length > 0) throw new Lost(`left behind: ${left.join(", ")}`);
  }

  private async isStillThere(standing: Standing): Promise<void> {
    const { name, id } = standing;
    if (!(await milvus.exists(name))) throw new Lost(`collection ${name} is gone`);
    const found = await milvus.collectionId(name);
    if (id !== undefined && id !== found)
      throw new Lost(`collection ${name} is another one, its rows are gone`);
    standing.id = found;
  }

  /** Of what is loaded, which alone can be counted exactly. */
  private async count({ name, schema, partitions, loaded }: Standing): Promise<void> {
    if (loaded === "no") return;
    const groups: [string | undefined, number][] = schema.partitionKey
      ? [[undefined, [...partitions.values()].reduce((sum, rows) => sum + rows, 0)]]
      : [...partitions].filter(([partition]) => loaded === "whole" || loaded.includes(partition));
    for (const [partition, rows] of groups) {
      const found = await milvus.count(name, partition);
      const where = `${name}/${partition ?? "all"}: ${found} rows where ${rows} must be`;
      if (found < rows) throw new Lost(where);
      expect(where).toBe(`${name}/${partition ?? "all"}: ${rows} rows where ${rows} must be`);
    }
  }

  /** What is not loaded is loaded at the end, with an index of the test's own where it has none. */
  private async countEverything(): Promise<void> {
    for (const standing of this.world.standing.values()) {
      const { name, indexes, loaded } = standing;
      if (loaded === "whole" || [...standing.partitions.values()].every((rows) => rows === 0)) continue;
      if (!hasVectorIndex(indexes))
        await milvus.createIndex(name, {
          index_name: "to_count",
          field_name: "embedding",
          index_type: "FLAT",
          metric_type: "L2",
        });
      await milvus.load(name);
      standing.loaded = "whole";
      await this.count(standing);
    }
  }

  private async end(args: string[]): Promise<void> {
    this.story.push(`  pulumi destroy ${args.join(" ")}`);
    await this.case("destroy", async () => {
      await this.stack.destroy({ args });
      this.world = emptyWorld();
      await this.nothingElseIsThere();
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

test(
  "Random programs leave the server as they declare it, version after version, and nothing after destroy",
  async () => {
    console.log(`random programs: PULUMI_MILVUS_SEED=${SEED}`);
    const failures = await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
    const told = failures.filter((failure) => failure !== undefined);
    if (told.length > 0) throw new Error(told.join("\n\n"));
  },
  full ? 40 * 60_000 : 10 * 60_000,
);
