/**
 * What the gateway promises on every server. What a server does differently is said in its expectations, so that
 * each of them, a fake included, runs the very same suite.
 */
import type { CollectionDescription, CollectionSpec } from "../../provider/milvus/collections";
import type { EntityCount } from "../../provider/milvus/entities";
import { MilvusError, NotFoundError, UnsupportedError } from "../../provider/milvus/errors";
import type { CollectionFunction, Field } from "../../provider/milvus/fields";
import type { Milvus } from "../../provider/milvus/gateway";
import type { IndexSpec } from "../../provider/milvus/indexes";
import type { LoadedAs } from "../../provider/milvus/loading";
import { setTimeout as sleep } from "node:timers/promises";

import type { CollectionRef } from "../../provider/milvus/names";
import type { ServerVersion } from "../../provider/milvus/versions";
import {
  createAlias,
  dropAlias,
  gatewayTo,
  ID,
  insertRows,
  NUMBER,
  uniqueName,
  VECTOR,
} from "../support/gateways";
import { GrpcProxy } from "../support/grpc-proxy";
import type { TestServer } from "../support/servers";

/** A call that succeeds, or the words of its refusal. */
type Outcome = "done" | RegExp;

export interface Expectations {
  readonly version: ServerVersion;
  /** Ids of collections and partitions: digits, or none at all. */
  readonly id: RegExp | undefined;
  /** Fields as declared, and as they are read back where that differs; each in a collection of its own. */
  readonly fields: readonly { readonly declared: Field; readonly read?: Partial<Field> }[];
  /** Fields that the server refuses in its own words. */
  readonly refusedFields: readonly { readonly declared: Field; readonly reason: RegExp }[];
  readonly functions: readonly CollectionFunction[];
  /** What is read back of a collection declared with all that a collection can have. */
  readonly described: Partial<CollectionDescription>;
  /** Properties that the server gives every collection by itself. */
  readonly ownProperties?: Readonly<Record<string, string>>;
  readonly removingProperties: Outcome;
  readonly creatingPartitionAgain: Outcome;
  readonly droppingLoadedPartition: Outcome;
  readonly droppingDefaultPartition: RegExp;
  readonly partitionKeyPartitions: readonly string[];
  readonly scalarIndexType: string;
  readonly indexNames: "kept" | "those of the fields";
  readonly creatingIndexAgain: Outcome;
  readonly droppingIndexOfLoaded: RegExp;
  /** A new collection without an index and without data. */
  readonly newCollection: "loaded" | "not loaded";
  readonly releasingPartitions: "done" | "unsupported";
  readonly loadingPartitions: "done" | "unsupported";
  /** The count of flushed rows right after an insert of so many. */
  readonly flushedRowsBeforeFlush: (inserted: number) => number;
  /** The count when it is released after it was seen loaded. */
  readonly countWhileReleased: (flushed: number) => EntityCount;
  readonly unsupported: readonly (readonly [
    call: string,
    run: (milvus: Milvus, ref: CollectionRef) => Promise<unknown>,
  ])[];
}

const WHOLE: LoadedAs = { replicaNumber: 1, resourceGroups: [] };

export function gatewayContract(name: string, server: () => TestServer, expected: Expectations): void {
  const milvus = (): Milvus => gatewayTo(server());
  const made: CollectionRef[] = [];

  const newRef = (): CollectionRef => {
    const ref = { databaseName: milvus().database, collectionName: uniqueName("contract") };
    made.push(ref);
    return ref;
  };
  /** From 2.6 on a collection counts as loading for a moment after some of it was released. */
  const settled = async (ref: CollectionRef): Promise<void> => {
    for (let tries = 0; tries < 50 && (await milvus().loading.stateOf(ref)) === "loading"; tries++)
      await sleep(20);
  };
  const create = async (spec: Partial<CollectionSpec> = {}): Promise<CollectionRef> => {
    const ref = newRef();
    await milvus().collections.create({ fields: [ID, NUMBER, VECTOR], ...spec, ...ref });
    return ref;
  };
  const indexOf = (ref: CollectionRef, more: Partial<IndexSpec> = {}): IndexSpec => ({
    ...ref,
    indexName: "by_meaning",
    fieldName: VECTOR.name,
    indexType: "HNSW",
    metricType: "COSINE",
    params: { M: 8, efConstruction: 64 },
    ...more,
  });
  const createLoaded = async (...partitionNames: string[]): Promise<CollectionRef> => {
    const ref = await create();
    await milvus().indexes.create(indexOf(ref));
    for (const partitionName of partitionNames) await milvus().partitions.create({ ...ref, partitionName });
    await milvus().loading.loadAs(ref, WHOLE);
    return ref;
  };
  const partitionNames = async (ref: CollectionRef): Promise<string[]> =>
    (await milvus().partitions.list(ref)).map(({ partitionName }) => partitionName).sort();
  const expectOutcome = async (work: Promise<unknown>, outcome: Outcome): Promise<void> => {
    if (outcome === "done") {
      await expect(work).resolves.toBeUndefined();
      return;
    }
    const error: unknown = await work.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MilvusError);
    expect(error).not.toBeInstanceOf(NotFoundError);
    expect((error as MilvusError).failure.reason).toMatch(outcome);
  };

  describe(`the gateway to ${name}`, () => {
    afterEach(async () => {
      await Promise.all(made.splice(0).map((ref) => milvus().collections.drop(ref)));
    });
    afterAll(() => milvus().close());

    test("knows the version of the server", async () => {
      expect(await milvus().version()).toEqual(expected.version);
    });

    describe("collections", () => {
      test("are created and described with all that they can have", async () => {
        const ref = await create({
          description: "What the assistant may quote",
          fields: [ID, { ...NUMBER, isPartitionKey: true }, VECTOR],
          enableDynamicField: true,
          consistencyLevel: "Session",
          shardsNum: 2,
          numPartitions: 5,
          properties: { "collection.ttl.seconds": "86400" },
        });
        const { collectionId, aliases: _, ...described } = await milvus().collections.describe(ref);
        expect(described).toEqual({
          ...ref,
          fields: [ID, { ...NUMBER, isPartitionKey: true }, VECTOR],
          functions: [],
          enableDynamicField: true,
          properties: { "collection.ttl.seconds": "86400", ...expected.ownProperties },
          ...expected.described,
        });
        expect(collectionId).toEqual(expected.id && (expect.stringMatching(expected.id) as string));
      });

      test("are described by themselves, whoever asks: what stands in one shares the answer", async () => {
        const ref = await create();
        const { collections } = milvus();
        const inside = { ...ref, partitionName: "y2024" };
        const [first, second] = await Promise.all([collections.describe(inside), collections.describe(ref)]);
        expect(Object.keys(first)).not.toContain("partitionName");
        expect(second).toEqual(first);
      });

      test.each(
        expected.fields.map(({ declared, read }) => [JSON.stringify(declared), declared, read] as const),
      )("give the field %s back", async (_text, declared, read) => {
        const others = declared.isPrimaryKey ? [VECTOR] : isVector(declared) ? [ID] : [ID, VECTOR];
        const ref = await create({ fields: [...others, declared] });
        const { fields } = await milvus().collections.describe(ref);
        expect(fields.find((field) => field.name === declared.name)).toEqual(
          defined({ ...declared, ...read }),
        );
      });

      test.each(
        expected.refusedFields.map(
          ({ declared, reason }) => [JSON.stringify(declared), declared, reason] as const,
        ),
      )("are refused with the field %s, in the server's words", async (_text, declared, reason) => {
        const ref = newRef();
        await expectOutcome(milvus().collections.create({ ...ref, fields: [ID, VECTOR, declared] }), reason);
        expect(await milvus().collections.find(ref)).toBeUndefined();
      });

      test("give their functions back where the server has them", async () => {
        const words: Field = { name: "words", dataType: "VarChar", maxLength: 100, enableAnalyzer: true };
        const sparse: Field = { name: "sparse", dataType: "SparseFloatVector" };
        const ref = await create({
          fields: [ID, words, sparse],
          functions: [
            { name: "bm25", type: "BM25", inputFieldNames: ["words"], outputFieldNames: ["sparse"] },
          ],
        });
        expect((await milvus().collections.describe(ref)).functions).toEqual(expected.functions);
      });

      test("that are missing are not found, and dropping them is no error", async () => {
        const ref = newRef();
        await expect(milvus().collections.describe(ref)).rejects.toBeInstanceOf(NotFoundError);
        expect(await milvus().collections.find(ref)).toBeUndefined();
        await expect(milvus().collections.drop(ref)).resolves.toBeUndefined();
      });

      test("in a database that is missing are not taken for anything else than an error or missing", async () => {
        const ref = { databaseName: uniqueName("nowhere"), collectionName: "documents" };
        const error: unknown = await milvus()
          .collections.describe(ref)
          .catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(MilvusError);
      });

      test("are renamed with all that they hold, and the old name is free", async () => {
        const ref = await create();
        const before = await milvus().collections.describe(ref);
        const renamed = newRef();
        await milvus().collections.rename(ref, renamed.collectionName);
        expect(await milvus().collections.find(ref)).toBeUndefined();
        expect(await milvus().collections.describe(renamed)).toEqual({ ...before, ...renamed });
      });

      test("are not renamed to a name that is taken", async () => {
        const [ref, taken] = [await create(), await create()];
        await expectOutcome(
          milvus().collections.rename(ref, taken.collectionName),
          /duplicated|already exists/,
        );
        expect(await milvus().collections.find(ref)).toBeDefined();
      });

      test("get properties set beside those that they have", async () => {
        const ref = await create({ properties: { "collection.ttl.seconds": "60" } });
        await milvus().collections.setProperties(ref, { "mmap.enabled": "true" });
        await milvus().collections.setProperties(ref, { "collection.ttl.seconds": "90" });
        expect((await milvus().collections.describe(ref)).properties).toEqual({
          "collection.ttl.seconds": "90",
          "mmap.enabled": "true",
          ...expected.ownProperties,
        });
      });

      test("lose properties only where the server can do that, and it says so otherwise", async () => {
        const ref = await create({ properties: { "collection.ttl.seconds": "60", "mmap.enabled": "true" } });
        await expectOutcome(
          milvus().collections.dropProperties(ref, ["mmap.enabled"]),
          expected.removingProperties,
        );
        const left = Object.keys((await milvus().collections.describe(ref)).properties);
        expect(left.includes("mmap.enabled")).toBe(expected.removingProperties !== "done");
        expect(left).toContain("collection.ttl.seconds");
      });

      test("refuse properties when they are missing", async () => {
        await expect(
          milvus().collections.setProperties(newRef(), { "mmap.enabled": "true" }),
        ).rejects.toBeInstanceOf(NotFoundError);
      });

      test("are not found under an alias, whose target is told instead", async () => {
        const ref = await create();
        const alias = uniqueName("alias");
        await createAlias(milvus(), ref, alias);
        try {
          const underAlias = { ...ref, collectionName: alias };
          await expect(milvus().collections.describe(underAlias)).rejects.toBeInstanceOf(NotFoundError);
          expect(await milvus().collections.aliasTarget(underAlias)).toBe(ref.collectionName);
          expect(await milvus().collections.aliasTarget(ref)).toBeUndefined();
          expect(await milvus().collections.aliasTarget(newRef())).toBeUndefined();
          expect(await milvus().aliases.of(await milvus().collections.describe(ref))).toEqual([alias]);
        } finally {
          await dropAlias(milvus(), alias);
        }
      });

      test("are found by their id after a rename, where the server gives ids", async () => {
        const ref = await create();
        const { collectionId } = await milvus().collections.describe(ref);
        const renamed = newRef();
        await milvus().collections.rename(ref, renamed.collectionName);
        const found = await milvus().collections.findById(ref.databaseName, collectionId ?? "0");
        expect(found?.collectionName).toBe(expected.id && renamed.collectionName);
        expect(await milvus().collections.findById(ref.databaseName, "1")).toBeUndefined();
      });

      test("are dropped although they are loaded", async () => {
        const ref = await createLoaded();
        await milvus().collections.drop(ref);
        expect(await milvus().collections.find(ref)).toBeUndefined();
      });

      test("made again under one name are told apart by their ids, where the server gives ids", async () => {
        const ref = await create();
        const first = await milvus().collections.describe(ref);
        await milvus().collections.drop(ref);
        await milvus().collections.create({ ...ref, fields: [ID, VECTOR] });
        const second = await milvus().collections.describe(ref);
        expect(second.collectionId === first.collectionId).toBe(expected.id === undefined);
      });
    });

    describe("partitions", () => {
      test("are created, listed with their ids, found and dropped", async () => {
        const ref = await create();
        await milvus().partitions.create({ ...ref, partitionName: "y2024" });
        expect(await partitionNames(ref)).toEqual(["_default", "y2024"]);
        const found = await milvus().partitions.find({ ...ref, partitionName: "y2024" });
        expect(found).toEqual({
          partitionName: "y2024",
          partitionId: expected.id && (expect.stringMatching(expected.id) as string),
        });
        await milvus().loading.releaseCollection(ref);
        await milvus().partitions.drop({ ...ref, partitionName: "y2024" });
        expect(await partitionNames(ref)).toEqual(["_default"]);
      });

      test("are created twice as the server sees fit, and are there once", async () => {
        const ref = await create();
        const partition = { ...ref, partitionName: "y2024" };
        await milvus().partitions.create(partition);
        await expectOutcome(milvus().partitions.create(partition), expected.creatingPartitionAgain);
        expect(await partitionNames(ref)).toEqual(["_default", "y2024"]);
      });

      test("that are missing are not found, and dropping them is no error", async () => {
        const partition = { ...(await create()), partitionName: "nothing" };
        expect(await milvus().partitions.find(partition)).toBeUndefined();
        await expect(milvus().partitions.drop(partition)).resolves.toBeUndefined();
      });

      test("of a collection that is missing: listing and creating say so, finding finds none", async () => {
        const partition = { ...newRef(), partitionName: "y2024" };
        await expect(milvus().partitions.list(partition)).rejects.toBeInstanceOf(NotFoundError);
        await expect(milvus().partitions.create(partition)).rejects.toBeInstanceOf(NotFoundError);
        expect(await milvus().partitions.find(partition)).toBeUndefined();
        await expect(milvus().partitions.drop(partition)).resolves.toBeUndefined();
      });

      test("that are loaded are dropped or refused as the server sees fit", async () => {
        const ref = await createLoaded("y2024");
        const outcome = expected.droppingLoadedPartition;
        await expectOutcome(milvus().partitions.drop({ ...ref, partitionName: "y2024" }), outcome);
        expect((await partitionNames(ref)).includes("y2024")).toBe(outcome !== "done");
      });

      test("of Milvus's own are never dropped", async () => {
        const ref = await create();
        await milvus().loading.releaseCollection(ref);
        await expectOutcome(
          milvus().partitions.drop({ ...ref, partitionName: "_default" }),
          expected.droppingDefaultPartition,
        );
        expect(await partitionNames(ref)).toEqual(["_default"]);
      });

      test("of a partition-key collection are Milvus's own", async () => {
        const ref = await create({
          fields: [ID, { ...NUMBER, isPartitionKey: true }, VECTOR],
          numPartitions: 3,
        });
        expect(await partitionNames(ref)).toEqual([...expected.partitionKeyPartitions].sort());
        await expectOutcome(milvus().partitions.create({ ...ref, partitionName: "mine" }), /partition key/);
      });

      test("are created side by side", async () => {
        const ref = await create();
        const names = Array.from({ length: 12 }, (_, at) => `p${at}`);
        await Promise.all(
          names.map((partitionName) => milvus().partitions.create({ ...ref, partitionName })),
        );
        expect(await partitionNames(ref)).toEqual(["_default", ...names].sort());
      });
    });

    describe("indexes", () => {
      const nameOf = (indexName: string, fieldName: string): string =>
        expected.indexNames === "kept" ? indexName : fieldName;
      const scalarOf = (ref: CollectionRef): IndexSpec => ({
        ...ref,
        indexName: "by_number",
        fieldName: NUMBER.name,
        indexType: expected.scalarIndexType,
      });

      test("are created and read back as they were declared", async () => {
        const ref = await create();
        await milvus().indexes.create(indexOf(ref));
        await milvus().indexes.create(scalarOf(ref));
        const finished = { state: "finished", indexedRows: 0, totalRows: 0, failReason: undefined };
        const list = await milvus().indexes.list(ref);
        expect(list).toHaveLength(2);
        expect(list).toContainEqual({
          ...indexOf(ref),
          indexName: nameOf("by_meaning", VECTOR.name),
          ...finished,
        });
        expect(list).toContainEqual({
          ...scalarOf(ref),
          indexName: nameOf("by_number", NUMBER.name),
          metricType: undefined,
          params: {},
          ...finished,
        });
      });

      test("are found by the name that the program gave them", async () => {
        const ref = await create();
        await milvus().indexes.create(indexOf(ref));
        expect(await milvus().indexes.find(indexOf(ref))).toMatchObject({
          fieldName: VECTOR.name,
          indexType: "HNSW",
        });
        expect(await milvus().indexes.find(scalarOf(ref))).toBeUndefined();
      });

      test("that there are none of are an empty list", async () => {
        expect(await milvus().indexes.list(await create())).toEqual([]);
      });

      test("of a collection that is missing: listing and creating say so, finding finds none", async () => {
        const ref = newRef();
        await expect(milvus().indexes.list(ref)).rejects.toBeInstanceOf(NotFoundError);
        await expect(milvus().indexes.create(indexOf(ref))).rejects.toBeInstanceOf(NotFoundError);
        expect(await milvus().indexes.find(indexOf(ref))).toBeUndefined();
        await expect(milvus().indexes.drop(indexOf(ref))).resolves.toBeUndefined();
      });

      test("are dropped one by one: the others stay", async () => {
        const ref = await create();
        await milvus().indexes.create(indexOf(ref));
        await milvus().indexes.create(scalarOf(ref));
        await milvus().loading.releaseCollection(ref);
        await milvus().indexes.drop(scalarOf(ref));
        const left = await milvus().indexes.list(ref);
        expect(left.map(({ fieldName }) => fieldName)).toEqual([VECTOR.name]);
        await milvus().indexes.drop(indexOf(ref));
        expect(await milvus().indexes.list(ref)).toEqual([]);
      });

      test("that are missing are no error to drop, and no other index goes in their place", async () => {
        const ref = await create();
        await milvus().indexes.create(indexOf(ref));
        await milvus().loading.releaseCollection(ref);
        await expect(milvus().indexes.drop(scalarOf(ref))).resolves.toBeUndefined();
        expect(await milvus().indexes.list(ref)).toHaveLength(1);
      });

      test("are created twice as the server sees fit, and are there once", async () => {
        const ref = await create();
        await milvus().indexes.create(indexOf(ref));
        await expectOutcome(milvus().indexes.create(indexOf(ref)), expected.creatingIndexAgain);
        expect(await milvus().indexes.list(ref)).toHaveLength(1);
      });

      test("of a loaded collection are not dropped", async () => {
        const ref = await createLoaded();
        await expectOutcome(milvus().indexes.drop(indexOf(ref)), expected.droppingIndexOfLoaded);
        expect(await milvus().indexes.list(ref)).toHaveLength(1);
      });

      test("on a field that is missing are refused", async () => {
        const ref = await create();
        const error: unknown = await milvus()
          .indexes.create(indexOf(ref, { fieldName: "nothing" }))
          .catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(MilvusError);
        expect((error as MilvusError).message).toMatch(/nothing/);
        expect(await milvus().indexes.list(ref)).toEqual([]);
      });
    });

    describe("loading", () => {
      test("of a new collection is as the server has it", async () => {
        const ref = await create();
        const loaded = expected.newCollection === "loaded";
        expect(await milvus().loading.isLoaded(ref)).toBe(loaded);
        expect(await milvus().loading.loadedAs(ref)).toEqual(loaded ? WHOLE : undefined);
        expect(await milvus().loading.loadedPartitions(ref)).toEqual(loaded ? ["_default"] : []);
      });

      test("of a collection that is missing is none", async () => {
        expect(await milvus().loading.isLoaded(newRef())).toBe(false);
        expect(await milvus().loading.loadedAs(newRef())).toBeUndefined();
      });

      test("of a whole collection is recorded and restored", async () => {
        const ref = await createLoaded("y2023", "y2024");
        const loadedAs = await milvus().loading.loadedAs(ref);
        expect(loadedAs).toEqual(WHOLE);
        await milvus().loading.releaseCollection(ref);
        expect(await milvus().loading.isLoaded(ref)).toBe(false);
        expect(await milvus().loading.loadedPartitions(ref)).toEqual([]);
        await milvus().loading.loadAs(ref, loadedAs ?? WHOLE);
        expect(await milvus().loading.isLoaded(ref)).toBe(true);
        expect((await milvus().loading.loadedPartitions(ref)).sort()).toEqual(["_default", "y2023", "y2024"]);
      });

      test("of some partitions is recorded and restored where the server can, without those that went meanwhile", async () => {
        const ref = await createLoaded("y2022", "y2023", "y2024");
        await milvus().loading.releaseCollection(ref);
        const some = { ...WHOLE, partitionNames: ["y2022", "y2023"] };
        if (expected.loadingPartitions === "unsupported") {
          await expect(milvus().loading.loadAs(ref, some)).rejects.toBeInstanceOf(UnsupportedError);
          return;
        }
        await milvus().loading.loadAs(ref, some);
        const loadedAs = await milvus().loading.loadedAs(ref);
        expect({ ...loadedAs, partitionNames: [...(loadedAs?.partitionNames ?? [])].sort() }).toEqual(some);
        await milvus().loading.releaseCollection(ref);
        await milvus().partitions.drop({ ...ref, partitionName: "y2022" });
        await milvus().loading.loadAs(ref, some);
        expect(await milvus().loading.loadedPartitions(ref)).toEqual(["y2023"]);
      });

      test("of partitions that are all gone loads nothing", async () => {
        const ref = await createLoaded();
        await milvus().loading.releaseCollection(ref);
        await milvus().loading.loadAs(ref, { ...WHOLE, partitionNames: ["gone", "gone_too"] });
        expect(await milvus().loading.isLoaded(ref)).toBe(false);
      });

      test("ends for many partitions in one call where the server can; the others stay loaded", async () => {
        const ref = await createLoaded("y2022", "y2023", "y2024");
        const release = milvus().loading.releasePartitions(ref, ["y2022", "y2023"]);
        if (expected.releasingPartitions === "unsupported") {
          await expect(release).rejects.toBeInstanceOf(UnsupportedError);
          return;
        }
        await release;
        await settled(ref);
        expect((await milvus().loading.loadedPartitions(ref)).sort()).toEqual(["_default", "y2024"]);
        await milvus().partitions.drop({ ...ref, partitionName: "y2022" });
        expect(await milvus().loading.isLoaded(ref)).toBe(true);
      });

      test("is told of partitions together, and is not there for those that are gone", async () => {
        const ref = await createLoaded("y2023", "y2024");
        const all = ["_default", "y2023", "y2024"];
        expect(await milvus().loading.stateOf(ref)).toBe("loaded");
        expect(await milvus().loading.stateOf(ref, all)).toBe("loaded");
        expect(await milvus().loading.percentage(ref, all)).toBe(100);
        if (expected.releasingPartitions === "done") {
          await milvus().loading.releasePartitions(ref, ["y2023"]);
          await settled(ref);
          expect(await milvus().loading.stateOf(ref)).toBe("loaded");
          expect(await milvus().loading.stateOf(ref, ["y2024"])).toBe("loaded");
          expect(await milvus().loading.stateOf(ref, all)).toBe("not loaded");
          expect(await milvus().loading.stateOf(ref, ["gone"])).toBe("not loaded");
          expect(await milvus().loading.percentage(ref, ["y2023"])).toBeUndefined();
        }
        await milvus().loading.releaseCollection(ref);
        expect(await milvus().loading.stateOf(ref)).toBe("not loaded");
        expect(await milvus().loading.stateOf(newRef())).toBe("not loaded");
      });

      test("is asked for without waiting, and says which partitions it is about", async () => {
        const ref = await createLoaded("y2023");
        await milvus().loading.releaseCollection(ref);
        expect([...(await milvus().loading.ask(ref, {}))].sort()).toEqual(["_default", "y2023"]);
        await milvus().loading.loadAs(ref, WHOLE);
        expect(await milvus().loading.loadedAs(ref)).toEqual(WHOLE);
        if (expected.loadingPartitions === "done") {
          await milvus().loading.releaseCollection(ref);
          expect(await milvus().loading.ask(ref, { partitionNames: ["y2023", "gone"] })).toEqual(["y2023"]);
        }
        expect(await milvus().loading.ask(ref, { partitionNames: ["gone"] })).toEqual([]);
      });

      test("of a collection that is missing cannot be changed", async () => {
        await expect(milvus().loading.loadAs(newRef(), WHOLE)).rejects.toBeInstanceOf(NotFoundError);
        await expect(milvus().loading.releaseCollection(newRef())).rejects.toBeInstanceOf(NotFoundError);
      });
    });

    describe("entities", () => {
      const ROWS = 120;

      test("are counted exactly while loaded, flushed or not, each partition by itself", async () => {
        const ref = await createLoaded("y2023", "y2024");
        await insertRows(milvus(), ref, { rows: ROWS, partition: "y2023" });
        await insertRows(milvus(), ref, { rows: 1, partition: "y2024", from: ROWS });
        const count = (partitionName: string) => milvus().entities.countPartition({ ...ref, partitionName });
        expect(await count("y2023")).toEqual({ kind: "exact", rows: ROWS });
        expect(await count("y2024")).toEqual({ kind: "exact", rows: 1 });
        expect(await count("_default")).toEqual({ kind: "exact", rows: 0 });
        expect(await milvus().entities.countCollection(ref)).toEqual({ kind: "exact", rows: ROWS + 1 });
        expect(await milvus().entities.isProvablyEmpty(ref)).toBe(false);
        expect(await milvus().entities.isProvablyEmpty(ref, "y2024")).toBe(false);
        expect(await milvus().entities.isProvablyEmpty(ref, "_default")).toBe(true);
      });

      test("are known only as flushed ones while not loaded, and all of those after a flush", async () => {
        const ref = await createLoaded("y2024");
        await milvus().loading.releaseCollection(ref);
        await insertRows(milvus(), ref, { rows: ROWS, partition: "y2024" });
        const count = () => milvus().entities.countPartition({ ...ref, partitionName: "y2024" });
        const flushedRows = expected.flushedRowsBeforeFlush(ROWS);
        expect(await count()).toEqual({ kind: "unknown", flushedRows });
        expect(await milvus().entities.countCollection(ref)).toEqual({ kind: "unknown", flushedRows });
        await milvus().entities.flush(ref);
        expect(await count()).toEqual({ kind: "unknown", flushedRows: ROWS });
        expect(await milvus().entities.countCollection(ref)).toEqual({ kind: "unknown", flushedRows: ROWS });
      });

      test("that are not flushed yet are found before anything counts as empty", async () => {
        const ref = await createLoaded("full", "empty");
        await milvus().loading.releaseCollection(ref);
        await insertRows(milvus(), ref, { rows: ROWS, partition: "full" });
        expect(await milvus().entities.isProvablyEmpty(ref, "empty")).toBe(true);
        expect(await milvus().entities.isProvablyEmpty(ref, "full")).toBe(false);
        expect(await milvus().entities.isProvablyEmpty(ref)).toBe(false);
      });

      test("that there are none of prove a collection empty, loaded or not", async () => {
        const ref = await createLoaded();
        expect(await milvus().entities.isProvablyEmpty(ref)).toBe(true);
        await milvus().loading.releaseCollection(ref);
        expect(await milvus().entities.isProvablyEmpty(ref)).toBe(true);
      });

      test("that are released between the look and the count are known as flushed ones", async () => {
        const ref = await createLoaded("y2024");
        await insertRows(milvus(), ref, { rows: 1, partition: "y2024" });
        await milvus().entities.flush(ref);
        const proxy = await GrpcProxy.to(server());
        const counter = gatewayTo({ ...server(), address: proxy.address, tls: undefined });
        proxy.before = async ({ method }) => {
          if (method === "Query") await milvus().loading.releaseCollection(ref);
          return undefined;
        };
        try {
          const counts: unknown[] = [
            await counter.entities.countPartition({ ...ref, partitionName: "y2024" }),
          ];
          await milvus().loading.loadAs(ref, WHOLE);
          counts.push(await counter.entities.countCollection(ref));
          const count = expected.countWhileReleased(1);
          expect(counts).toEqual([count, count]);
          await milvus().loading.loadAs(ref, WHOLE);
          expect(await counter.entities.isProvablyEmpty(ref)).toBe(false);
        } finally {
          await counter.close();
          proxy.off();
        }
      });

      test("of what is missing cannot be counted", async () => {
        const ref = await createLoaded();
        await milvus().loading.releaseCollection(ref);
        await expect(
          milvus().entities.countPartition({ ...ref, partitionName: "nothing" }),
        ).rejects.toBeInstanceOf(NotFoundError);
        await expect(milvus().entities.countCollection(newRef())).rejects.toBeInstanceOf(NotFoundError);
        await expect(milvus().entities.isProvablyEmpty(newRef())).rejects.toBeInstanceOf(NotFoundError);
      });
    });

    // Of some versions none is known that they lack.
    if (expected.unsupported.length > 0)
      describe("calls that the server does not know", () => {
        test.each(expected.unsupported)("%s is an UnsupportedError, never a success", async (call, run) => {
          const error: unknown = await run(milvus(), await create()).catch((thrown: unknown) => thrown);
          expect(error).toBeInstanceOf(UnsupportedError);
          expect((error as Error).message).toContain(call);
        });
      });

    describe("refusals", () => {
      test("are errors that name operation, object, address, the server's reason and its code", async () => {
        const error: unknown = await milvus()
          .call({
            operation: "DropDatabase",
            object: "database default",
            run: (client) => client.dropDatabase({ db_name: "default" }),
          })
          .catch((thrown: unknown) => thrown);
        // Milvus Lite answers this with error_code Success and code 1: both have to say success.
        expect(error).toBeInstanceOf(MilvusError);
        expect((error as MilvusError).message).toMatch(
          new RegExp(
            `^DropDatabase of database default failed on Milvus at ${server().address}: can ?not drop default database(: invalid parameter)? \\(code \\d+\\)`,
          ),
        );
      });
    });
  });
}

function isVector({ dataType }: Field): boolean {
  return dataType.endsWith("Vector") && dataType !== "ArrayOfVector";
}

function defined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
