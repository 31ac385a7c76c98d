/**
 * Strangers on newer servers: version after version of a program through the real engine, and in between somebody
 * changes by hand what only they can: fields, mmap, properties, indexes, partitions, loads, aliases. Some creates fail.
 * Whatever an `up` changed is a step of the preview before, a preview that refuses is an `up` that changes nothing, and
 * what was loaded is loaded afterwards or the command failed. On fakes, which agree with recordings of those servers.
 */
import * as fc from "fast-check";

import type { Milvus } from "../../provider/milvus/gateway";
import type { LoadedAs } from "../../provider/milvus/loading";
import type { PlannedStep, Workspace } from "../../tools/stack";
import { accessTo, live, program } from "../live/support/live";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { gatewayTo, ID, VECTOR } from "../support/gateways";
import { GrpcProxy } from "../support/grpc-proxy";
import { changesThrough, unannounced } from "./support/plan-is-law";
import { full, seedOr, tried } from "./support/tally";

const context = live();
const SEED = seedOr(16);
const SEQUENCES = full ? 3 : 1;
const VERSIONS_OF_PROGRAM = full ? 8 : 4;
const KIND = "strangers on newer servers";

const DOCS = { databaseName: "default", collectionName: "documents" };
const OTHER = { databaseName: "default", collectionName: "other" };
const PARTITIONS = ["a", "b", "c"];

interface Program {
  readonly ttl: number;
  readonly description: string;
  readonly maxLength: number;
  readonly partitions: readonly string[];
  readonly M: number;
  readonly byNumber: "STL_SORT" | "INVERTED" | undefined;
  readonly load: boolean;
  readonly alias: boolean;
  /** An alias that no Milvus makes, since a collection has that name: its create fails. */
  readonly clash: boolean;
}

const programs: fc.Arbitrary<Program> = fc.record({
  ttl: fc.constantFrom(0, 3600, 7200),
  description: fc.constantFrom("", "ours"),
  maxLength: fc.constantFrom(20, 40, 60),
  partitions: fc.subarray(PARTITIONS),
  M: fc.constantFrom(8, 16),
  byNumber: fc.constantFrom("STL_SORT", "INVERTED", undefined),
  load: fc.boolean(),
  alias: fc.boolean(),
  clash: fc.constantFrom(false, false, false, true),
});

function textOf({
  ttl,
  description,
  maxLength,
  partitions,
  M,
  byNumber,
  load,
  alias,
  clash,
}: Program): string {
  return program(
    `const docs = new milvus.Collection("docs", { collectionName: "documents", description: "${description}",
       properties: { "collection.ttl.seconds": ${ttl} },
       fields: [{ name: "id", dataType: "Int64", isPrimaryKey: true }, { name: "number", dataType: "Int64" },
         { name: "word", dataType: "VarChar", maxLength: ${maxLength} },
         { name: "embedding", dataType: "FloatVector", dim: 4 }] });`,
    `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", indexType: "HNSW", metricType: "L2",
       params: { M: ${M}, efConstruction: 64 } });`,
    ...(byNumber === undefined
      ? []
      : [
          `new milvus.Index("by_number", { collection: docs, fieldName: "number", indexType: "${byNumber}" });`,
        ]),
    ...partitions.map((name) => `new milvus.Partition("${name}", { collection: docs });`),
    ...(load ? [`new milvus.CollectionLoad("load", { collection: docs, adopt: true });`] : []),
    ...(alias ? [`new milvus.Alias("alias", { collection: docs, aliasName: "serving", adopt: true });`] : []),
    ...(clash ? [`new milvus.Alias("clash", { collection: docs, aliasName: "other" });`] : []),
  );
}

/** What somebody does by hand, where the server takes it. */
const DEEDS: Readonly<Record<string, (milvus: Milvus, number: number) => Promise<unknown>>> = {
  "adds a field": (milvus, number) =>
    milvus.collections.addField(DOCS, { name: `theirs${number}`, dataType: "Int64", nullable: true }),
  "maps a field": (milvus) => milvus.collections.setFieldProperties(DOCS, "word", { "mmap.enabled": "true" }),
  "maps the collection": (milvus) => milvus.collections.setProperties(DOCS, { "mmap.enabled": "true" }),
  "writes a description": (milvus) =>
    milvus.collections.setProperties(DOCS, { "collection.description": "theirs" }),
  "makes an index": (milvus) =>
    milvus.indexes.create({ ...DOCS, indexName: "theirs", fieldName: "word", indexType: "INVERTED" }),
  "drops an index": (milvus) => milvus.indexes.drop({ ...DOCS, indexName: "by_number", fieldName: "number" }),
  "makes a partition": (milvus, number) =>
    milvus.partitions.create({ ...DOCS, partitionName: `theirs${number}` }),
  "drops a partition": (milvus) => milvus.partitions.drop({ ...DOCS, partitionName: "a" }),
  releases: (milvus) => milvus.loading.releaseCollection(DOCS),
  loads: (milvus) => milvus.loading.loadAs(DOCS, { replicaNumber: 1, resourceGroups: [] }),
  "loads a partition": (milvus) =>
    milvus.loading.loadAs(DOCS, { replicaNumber: 1, resourceGroups: [], partitionNames: ["b"] }),
  "points the alias elsewhere": (milvus) => milvus.aliases.alter({ ...DOCS, aliasName: "serving" }, "other"),
};

interface Step {
  readonly deeds: readonly string[];
  readonly wanted: Program;
  readonly refresh: boolean;
}

const steps: fc.Arbitrary<Step> = fc.record({
  deeds: fc.array(fc.constantFrom(...Object.keys(DEEDS)), { minLength: 2, maxLength: 6, size: "max" }),
  wanted: programs,
  refresh: fc.boolean(),
});

describe.each(["2.5.27", "2.6.19", "3.0.0"])("On a fake of %s", (version) => {
  test.each(Array.from({ length: SEQUENCES }, (_, at) => at))(
    "strangers meet nothing that no preview said (sequence %d)",
    async (at) => {
      const fake = await startFakeMilvus({ version, password: "s3cret of root", queryNodes: 2 });
      const proxy = await GrpcProxy.to(fake);
      const stack = await context.stack("", { config: accessTo(fake, proxy.address) });
      const tally = { deeds: 0, changes: 0, refused: 0, failed: 0 };
      try {
        await stack.config({ "milvus:protectData": "false" });
        await gatewayTo(fake).collections.create({ ...OTHER, fields: [ID, VECTOR] });
        const all = fc.sample(fc.noBias(steps), { seed: SEED + at, numRuns: VERSIONS_OF_PROGRAM });
        for (const [number, step] of all.entries())
          await tried(KIND, `${version}, seed ${SEED}, sequence ${at}, version ${number}`, () =>
            meets({ fake, proxy, stack, tally }, step, number),
          );
        await stack.refresh();
        await stack.destroy();
        const left = await gatewayTo(fake).collections.list("default");
        expect(left.map(({ collectionName }) => collectionName)).toEqual(["other"]);
        console.log(`${KIND}, ${version}, seed ${SEED + at}: ${JSON.stringify(tally)}`);
        expect(tally.changes).toBeGreaterThan(VERSIONS_OF_PROGRAM);
        expect(tally.deeds).toBeGreaterThan(VERSIONS_OF_PROGRAM);
      } finally {
        proxy.off();
        await fake.stop();
      }
    },
    15 * 60_000,
  );
});

interface Meeting {
  readonly fake: FakeMilvus;
  readonly proxy: GrpcProxy;
  readonly stack: Workspace;
  readonly tally: { deeds: number; changes: number; refused: number; failed: number };
}

async function meets(meeting: Meeting, { deeds, wanted, refresh }: Step, number: number): Promise<void> {
  const { fake, proxy, stack, tally } = meeting;
  const done: string[] = [];
  for (const what of deeds) {
    const isDone = await DEEDS[what]?.(gatewayTo(fake), number).then(
      () => true,
      () => false,
    );
    if (isDone) done.push(what);
  }
  tally.deeds += done.length;
  stack.program(textOf(wanted));
  const args = refresh ? ["--refresh"] : [];
  const loadedBefore = await loaded(fake);
  const planned = await preview(stack, args);
  const changes = changesThrough(proxy);
  const up = await stack.up({ args, expectFailure: true });
  const told = `somebody: ${done.join(", ")}\n${textOf(wanted)}\n${planned.text}\n${up.stdout}\n${up.stderr}`;
  tally.changes += changes.length;
  if (planned.isRefused) tally.refused++;
  else if (up.code !== 0) tally.failed++;
  // Whatever fails is an error of the resource that failed, and no other end of the command.
  expect([up.code === 0 || /\d+ errored/.test(up.stdout), told]).toEqual([true, told]);
  expect([unannounced(changes, planned.steps), told]).toEqual([[], told]);
  if (planned.isRefused) expect([up.code !== 0, told]).toEqual([true, told]);
  if (up.code === 0)
    expect([lessLoaded(loadedBefore, await loaded(fake), planned.steps), told]).toEqual(["", told]);
  // What was refused or failed for what somebody did is known after a refresh.
  else await stack.refresh();
}

async function preview(
  stack: Workspace,
  args: readonly string[],
): Promise<{ steps: readonly PlannedStep[]; isRefused: boolean; text: string }> {
  const { stdout, stderr, code } = await stack.pulumi(
    // Without the flag the engine is silent on what leaves the program while its collection is replaced.
    ["preview", "--json", "--show-replacement-steps", "--stack", stack.stack, ...args],
    { expectFailure: true },
  );
  const { steps: planned = [] } = JSON.parse(stdout) as { steps?: PlannedStep[] };
  const words = planned
    .filter(({ op }) => op !== "same")
    .map(({ op, urn }) => `${op} ${urn.split("::").pop()}`);
  return { steps: planned, isRefused: code !== 0, text: `preview: ${words.join(", ")} ${stderr}` };
}

async function loaded(fake: FakeMilvus): Promise<LoadedAs | undefined> {
  const milvus = gatewayTo(fake);
  return (await milvus.collections.find(DOCS)) && milvus.loading.loadedAs(DOCS);
}

/** What is not loaded any more without a step that says so: the load goes, or a partition does, or all is replaced. */
function lessLoaded(
  before: LoadedAs | undefined,
  now: LoadedAs | undefined,
  planned: readonly PlannedStep[],
): string {
  const isSaid = planned.some(
    ({ op, urn }) =>
      (op.includes("replace") && urn.includes(":Collection::")) ||
      (op !== "same" && urn.includes(":CollectionLoad::")),
  );
  if (before === undefined || isSaid) return "";
  if (now === undefined) return "the collection";
  if (now.partitionNames === undefined) return "";
  if (before.partitionNames === undefined) return "all of the collection";
  const goes = planned.filter(({ op }) => op === "delete").map(({ urn }) => urn.split("::").pop());
  return before.partitionNames
    .filter((name) => !now.partitionNames?.includes(name) && !goes.includes(name))
    .join(", ");
}
