/**
 * A Milvus that is killed with SIGKILL in the middle of a run and started again. It answers Connect long before it
 * takes changes; the run waits for that within its timeouts and goes on, or says once what is wrong and leaves the rest
 * to the next up. What was inserted lives on, flushed or not.
 */
import { setTimeout as sleep } from "node:timers/promises";

import { startMilvus, type Server } from "../../tools/servers";
import type { OperationResult, Workspace } from "../../tools/stack";
import { FIELDS, HNSW, linesWith, live, program, said, stackLines } from "../live/support/live";
import { rows, TestMilvus } from "../live/support/milvus";
import { GrpcProxy, type Met } from "../support/grpc-proxy";
import { full, Lost, tried } from "./support/tally";

const context = live();
const docs = context.name("docs");
const FLUSHED = 300;
const UNFLUSHED = 50;

interface Declared {
  readonly partitions?: readonly string[];
  /** Of the index; none without. */
  readonly M?: number;
  /** Of each operation, in seconds. */
  readonly timeout?: number;
}

function declare({ partitions = [], M, timeout = 150 }: Declared): string {
  const timeouts = `timeouts: { create: ${timeout}, update: ${timeout}, delete: ${timeout} }`;
  const index = `new milvus.Index("by_meaning", {
    collection: docs, fieldName: "embedding", ${HNSW.replace("M: 8", `M: ${M}`)}, ${timeouts},
  });`;
  return program(
    `const docs = new milvus.Collection("documents", { collectionName: "${docs}", fields: ${FIELDS}, ${timeouts} });`,
    ...partitions.map((name) => `new milvus.Partition("${name}", { collection: docs, ${timeouts} });`),
    M === undefined ? "" : index,
  );
}

type When = "before the server sees it" | "after the server did it";

/** A server of its own behind a proxy that knows when to kill it. */
class Killable {
  private started: Promise<void> = Promise.resolve();

  private constructor(
    private readonly server: Server,
    readonly proxy: GrpcProxy,
    public milvus: TestMilvus,
  ) {}

  /** How long a start waits for the parts of a server that was killed; Milvus's default is 30. */
  static async withSessionsOf(sessionSeconds: number): Promise<Killable> {
    const server = await startMilvus({ sessionSeconds });
    return new Killable(server, await GrpcProxy.to(server.address), new TestMilvus(server));
  }

  /** At the next such call, once, and started again at once unless it is to stay down. */
  killAt(method: string, when: When, staysDown = false): { readonly killed: boolean } {
    const kill = { killed: false };
    const strike = async (call: Met): Promise<undefined> => {
      if (kill.killed || call.method !== method) return;
      kill.killed = true;
      await this.server.kill();
      if (!staysDown) this.start();
    };
    if (when === "before the server sees it") this.proxy.before = strike;
    else this.proxy.answered = strike;
    return kill;
  }

  start(): void {
    this.started = this.server.restart();
    // Whoever waits for it sees the failure.
    this.started.catch(() => undefined);
  }

  async untilReady(): Promise<void> {
    this.proxy.pass();
    await this.started;
    await this.milvus.close();
    this.milvus = new TestMilvus(this.server);
  }

  async stop(): Promise<void> {
    this.proxy.off();
    await this.milvus.close();
    await this.server.stop();
  }
}

interface Step {
  /** At which the server is killed; none: it lives. */
  readonly call?: string;
  /** What the next up declares; nothing for destroy. */
  readonly declared?: Declared;
}

/** A life in which each up makes one kind of change. Data comes in when the index is there. */
const LIFE: readonly Step[] = [
  { call: "CreateCollection", declared: {} },
  { call: "CreatePartition", declared: { partitions: ["y1", "y2", "y3"] } },
  { call: "CreateIndex", declared: { partitions: ["y1", "y2", "y3"], M: 8 } },
  { call: "ReleasePartitions", declared: { partitions: ["y2", "y3"], M: 8 } },
  { call: "DropPartition", declared: { partitions: ["y3"], M: 8 } },
  { call: "DropIndex", declared: { partitions: ["y3"], M: 16 } },
  { call: "LoadCollection", declared: { partitions: ["y3"], M: 24 } },
  { call: "DropCollection" },
];

const SHORT_LIFE: readonly Step[] = [
  { call: "CreatePartition", declared: { partitions: ["y1", "y3"], M: 8 } },
  { call: "DropPartition", declared: { partitions: ["y3"], M: 8 } },
  {},
];

class Life {
  stack!: Workspace;
  private filled: readonly string[] = [];

  constructor(readonly at: Killable) {}

  async begin(): Promise<void> {
    this.stack = await context.stack("", { config: { "milvus:address": this.at.proxy.address } });
  }

  async go({ declared }: Step, expectFailure = false): Promise<OperationResult> {
    if (!declared) return this.stack.destroy({ expectFailure });
    this.stack.program(declare(declared));
    return this.stack.up({ expectFailure });
  }

  async live(step: Step, when: When): Promise<void> {
    const kill = step.call === undefined ? { killed: true } : this.at.killAt(step.call, when);
    const result = await this.go(step, true);
    await this.at.untilReady();
    expect(kill.killed).toBe(true);
    if (result.code !== 0) {
      expectOneClearError(result, this.at.proxy.address);
      await this.go(step);
    }
    await this.standsAs(step);
    await this.fill(step);
  }

  async standsAs({ declared }: Step): Promise<void> {
    const { milvus } = this.at;
    if (!declared) return expect(await milvus.exists(docs)).toBe(false);
    const { partitions = [], M } = declared;
    expect(await milvus.partitions(docs)).toEqual(partitions);
    expect((await milvus.indexes(docs)).map(({ params }) => params["M"])).toEqual(M === undefined ? [] : [M]);
    if (this.filled.length === 0) return;
    await untilEqual(() => milvus.loadedPartitions(docs), ["_default", ...partitions]);
    for (const partition of partitions.filter((one) => this.filled.includes(one))) {
      const count = await milvus.count(docs, partition);
      if (count !== FLUSHED + UNFLUSHED)
        throw new Lost(`${partition} has ${count} of ${FLUSHED + UNFLUSHED} entities`);
    }
    expect(await milvus.nearest(docs, FLUSHED + 3, { partitions: ["y3"] })).toBe(FLUSHED + 3);
  }

  private async fill({ declared }: Step): Promise<void> {
    if (this.filled.length > 0 || declared?.M === undefined) return;
    const { milvus } = this.at;
    const { partitions = [] } = declared;
    for (const partition of partitions) await milvus.insert(docs, rows(FLUSHED), partition);
    await milvus.flush(docs);
    for (const partition of partitions) await milvus.insert(docs, rows(UNFLUSHED, FLUSHED), partition);
    await milvus.load(docs);
    this.filled = partitions;
  }
}

/** A started server loads again by itself what was loaded, which takes it some seconds. */
async function untilEqual(look: () => Promise<string[]>, expected: string[]): Promise<void> {
  for (let attempt = 0; attempt < 60; attempt++) {
    const found = await look().catch(() => []);
    if (JSON.stringify(found) === JSON.stringify(expected)) return;
    await sleep(500);
  }
  expect(await look()).toEqual(expected);
}

function expectOneClearError(result: OperationResult, address: string): void {
  const failures = linesWith(result, `failed on Milvus at ${address}`).filter((line) =>
    line.startsWith("error:"),
  );
  const text = said(result);
  expect({ failures: new Set(failures).size, text }).toEqual({ failures: 1, text });
  expect(text).toContain("Check that the address is right and the server runs");
  expect(stackLines(result)).toEqual([]);
}

const lives: readonly (readonly [When, number, readonly Step[]])[] = full
  ? [
      ["before the server sees it", 5, LIFE],
      ["after the server did it", 5, LIFE],
      // With Milvus's own patience.
      ["before the server sees it", 30, SHORT_LIFE],
    ]
  : [["after the server did it", 5, SHORT_LIFE]];

describe.each(lives)(
  "A server killed %s, with sessions of %d s, and started again:",
  (when, seconds, steps) => {
    let life: Life;

    beforeAll(async () => {
      life = new Life(await Killable.withSessionsOf(seconds));
      await life.begin();
    });

    afterAll(() => life.at.stop());

    test.each(steps.map((step) => [step.call ?? "nothing", step] as const))("at %s", async (call, step) => {
      await tried("server killed", `at ${call}, ${when}, sessions of ${seconds} s`, () =>
        life.live(step, when),
      );
    });
  },
);

if (full)
  describe("A server that stays down for longer than an operation may take", () => {
    let life: Life;

    beforeAll(async () => {
      life = new Life(await Killable.withSessionsOf(5));
      await life.begin();
      await life.live(
        { declared: { partitions: ["y1", "y3"], M: 8, timeout: 15 } },
        "before the server sees it",
      );
    });

    afterAll(() => life.at.stop());

    test.each<[string, Step]>([
      ["CreatePartition", { declared: { partitions: ["y1", "y2", "y3"], M: 8, timeout: 15 } }],
      ["DropPartition", { declared: { partitions: ["y1", "y3"], M: 8, timeout: 15 } }],
      ["DropCollection", {}],
    ])("is told once, and the next up finishes: %s", async (call, step) => {
      await tried("server killed", `at ${call}, stays down`, async () => {
        const kill = life.at.killAt(call, "before the server sees it", true);
        const result = await life.go(step, true);
        expect([kill.killed, result.code]).not.toEqual([true, 0]);
        expectOneClearError(result, life.at.proxy.address);
        life.at.start();
        await life.at.untilReady();
        if (!step.declared) await life.stack.up();
        await life.go(step);
        await life.standsAs(step);
      });
    });
  });
