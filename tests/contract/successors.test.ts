/** Nothing goes before its successor is proven: what is sent for that, and what becomes of it, by version of Milvus. */
import type * as dynamic from "@pulumi/pulumi/dynamic";

import type { Field } from "../../provider/milvus/fields";
import type { Milvus } from "../../provider/milvus/gateway";
import { collection } from "../../provider/resources/collection";
import { database } from "../../provider/resources/database";
import { index } from "../../provider/resources/field-index";
import {
  isScratch,
  isScratchOf,
  makeScratch,
} from "../../provider/resources/in-collection/scratch-collections";
import { Run } from "../../provider/run";
import { type AnyResource, configured, type Values } from "../support/declared";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { gatewayTo, ID, insertRows, NUMBER, uniqueName, VECTOR } from "../support/gateways";
import { databaseOf, testServers, textsOf } from "../support/servers";

const VERSIONS = ["2.3.5", "2.5.27", "2.6.19", "3.0.0"];
const NEWER = VERSIONS.slice(1);
const DOCS = { databaseName: "default", collectionName: "docs" };
const WHOLE = { replicaNumber: 1, resourceGroups: [] };
const HNSW = { indexType: "HNSW", metricType: "L2", params: { M: 8, efConstruction: 64 } };
/** Milvus wants an m, which nothing here knows. */
const WITHOUT_M = { indexType: "IVF_PQ", metricType: "L2", params: { nlist: 16 } };
const BY_MEANING = { ...DOCS, indexName: "by_meaning", fieldName: "embedding", ...HNSW };
const BY_NUMBER = { ...DOCS, indexName: "by_number", fieldName: "number", indexType: "STL_SORT" };
const WORDS: Field = { name: "words", dataType: "VarChar", maxLength: 100, enableAnalyzer: true };
const SPARSE: Field = { name: "sparse", dataType: "SparseFloatVector" };
const BM25 = { name: "bm25", type: "BM25", inputFieldNames: ["words"], outputFieldNames: ["sparse"] };

interface Made {
  readonly resource: unknown;
  readonly id: string;
  readonly outs: Values;
  readonly inputs: Values;
}

/** What the engine asks for in one run of a program. */
class EngineRun {
  private readonly run = new Run();

  constructor(private readonly config: Readonly<Record<string, string>>) {}

  private provider(resource: unknown): Promise<dynamic.ResourceProvider> {
    return configured(resource, this.config, this.run);
  }

  private async check(resource: unknown, olds: Values, program: Values): Promise<Values> {
    const marks = { logicalName: "logical_name", __provider: "handler" };
    const result = await (await this.provider(resource)).check?.(olds, { ...marks, ...program });
    expect(result?.failures).toEqual([]);
    return result?.inputs as Values;
  }

  async create(resource: unknown, program: Values): Promise<Made> {
    const inputs = await this.check(resource, {}, program);
    const created = await (await this.provider(resource)).create?.(inputs);
    return { resource, id: created?.id ?? "", outs: created?.outs as Values, inputs };
  }

  /** Up to where the old one is to go: as of a program that declares it otherwise. */
  async plan({ resource, id, outs, inputs }: Made, program: Values): Promise<dynamic.DiffResult | undefined> {
    const wanted = await this.check(resource, inputs, program);
    return (await this.provider(resource)).diff?.(id, outs, wanted);
  }

  async delete({ resource, id, outs }: Made): Promise<void> {
    await (await this.provider(resource)).delete?.(id, outs);
  }

  async replace(made: Made, program: Values, changes = true): Promise<Made> {
    expect(await this.plan(made, program)).toMatchObject({ changes, deleteBeforeReplace: changes });
    // What replaces is checked as what is new.
    await this.check(made.resource, {}, program);
    await this.delete(made);
    return this.create(made.resource, program);
  }
}

interface On {
  readonly fake: FakeMilvus;
  readonly milvus: Milvus;
  /** A run of its own, as somebody. */
  readonly run: (as?: Readonly<Record<string, string>>) => EngineRun;
  /** Calls that change something, since the last time. */
  readonly changes: () => string[];
  readonly scratches: () => Promise<string[]>;
}

const password = "s3cret of root";

async function on<T>(version: string, work: (on: On) => Promise<T>): Promise<T> {
  const fake = await startFakeMilvus({ version, password, loadTime: 5, queryNodes: 2 });
  const milvus = gatewayTo(fake);
  let seen = 0;
  const root = { username: "root", password };
  try {
    return await work({
      fake,
      milvus,
      // With rows: what is tried is beside what a replacement would lose.
      run: (as = root) => new EngineRun({ address: fake.address, protectData: "false", ...as }),
      changes() {
        const since = fake.calls.slice(seen);
        seen = fake.calls.length;
        return since.filter((call) => /^(Create|Drop|Release|Load|Alter|Insert)/.test(call));
      },
      scratches: async () =>
        (await milvus.collections.list("default"))
          .map(({ collectionName }) => collectionName)
          .filter((name) => name !== "docs"),
    });
  } finally {
    await milvus.close();
    await fake.stop();
  }
}

/** A collection with an index on its vector, loaded, with rows. */
async function documents({ run }: On, fields: readonly Field[] = [ID, NUMBER, VECTOR]) {
  const first = run();
  const docs = await first.create(collection, { ...DOCS, fields });
  const { collectionId } = docs.outs;
  const program = { ...BY_MEANING, collectionId };
  const byMeaning = await first.create(index, program);
  return { docs, byMeaning, program };
}

let told: string[];
beforeEach(() => {
  told = [];
  jest.spyOn(console, "log").mockImplementation((line: string) => void told.push(line));
});
afterEach(() => jest.restoreAllMocks());

describe("an index that is replaced", () => {
  test.each(VERSIONS)("by one that Milvus %s refuses stays, and its collection stays loaded", (version) =>
    on(version, async (server) => {
      const { byMeaning, program } = await documents(server);
      await insertRows(server.milvus, DOCS, { rows: 7 });
      await server.milvus.loading.loadAs(DOCS, WHOLE);
      server.changes();
      await expect(server.run().replace(byMeaning, { ...program, ...WITHOUT_M })).rejects.toThrow(
        /^index by_meaning of collection default\/docs is not dropped, because its replacement cannot be made: tried on a scratch collection first, Milvus refuses it \(CreateIndex: .*m['`].*It stays as it is/,
      );
      expect(server.changes()).toEqual(["CreateCollection", "CreateIndex", "DropCollection"]);
      expect(await server.milvus.loading.isLoaded(DOCS)).toBe(true);
      expect(await server.milvus.indexes.find(BY_MEANING)).toMatchObject({ indexType: "HNSW" });
      expect(await server.scratches()).toEqual([]);
      // Put right, it is replaced.
      await server.run().replace(byMeaning, { ...program, params: { M: 16, efConstruction: 64 } });
      expect(await server.milvus.indexes.find(BY_MEANING)).toMatchObject({
        params: { M: expect.anything() as never },
      });
      expect(await server.milvus.loading.isLoaded(DOCS)).toBe(true);
    }),
  );

  test.each(VERSIONS)("on Milvus %s goes once the new one was made on a scratch collection", (version) =>
    on(version, async (server) => {
      const { byMeaning, program } = await documents(server);
      server.changes();
      await server.run().replace(byMeaning, { ...program, params: { M: 16, efConstruction: 64 } });
      const changes = server.changes();
      expect(changes.slice(0, 2)).toEqual(["CreateCollection", "CreateIndex"]);
      expect([...changes].sort()).toEqual(
        ["CreateCollection", "CreateIndex", "CreateIndex", "DropCollection", "DropIndex"].sort(),
      );
      expect(await server.scratches()).toEqual([]);
      expect(told).toContain(
        "before index by_meaning of collection docs is dropped, its replacement is tried on a scratch collection, which goes again",
      );
      expect(told).toContain("index by_meaning of collection docs is replaced because of params.M 8 -> 16");
    }),
  );

  test("together with others is tried on one scratch collection, and what is refused alone stays", () =>
    on("2.6.19", async (server) => {
      const { byMeaning, program } = await documents(server);
      const byNumber = await server.run().create(index, { ...BY_NUMBER, collectionId: program.collectionId });
      server.changes();
      const run = server.run();
      const both = await Promise.allSettled([
        run.replace(byMeaning, { ...program, ...WITHOUT_M }),
        run.replace(byNumber, { ...byNumber.inputs, indexType: "INVERTED" }),
      ]);
      expect(both.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
      expect(server.changes().filter((call) => call === "CreateCollection")).toHaveLength(1);
      const types = (await server.milvus.indexes.list(DOCS)).map(({ indexType }) => indexType);
      expect(types.sort()).toEqual(["HNSW", "INVERTED"]);
    }));

  test.each(NEWER)("on a field that BM25 fills is tried with its function on Milvus %s", (version) =>
    on(version, async (server) => {
      const run = server.run();
      const docs = await run.create(collection, {
        ...DOCS,
        fields: [ID, WORDS, SPARSE, VECTOR],
        functions: [BM25],
      });
      const bySparse = {
        ...DOCS,
        collectionId: docs.outs["collectionId"],
        indexName: "by_words",
        fieldName: "sparse",
        indexType: "SPARSE_INVERTED_INDEX",
        metricType: "BM25",
      };
      const made = await run.create(index, bySparse);
      await server.run().replace(made, { ...bySparse, indexType: "SPARSE_WAND" });
      expect(await server.milvus.indexes.find(bySparse)).toMatchObject({ indexType: "SPARSE_WAND" });
      expect(told.filter((line) => line.includes("could not be tried"))).toEqual([]);
    }),
  );

  test("by one for which another index is in the way stays, and nothing is made", () =>
    on("2.6.19", async (server) => {
      const { byMeaning, program } = await documents(server);
      await server.run().create(index, { ...BY_NUMBER, collectionId: program.collectionId });
      server.changes();
      const onNumber = {
        ...program,
        fieldName: "number",
        indexType: "INVERTED",
        metricType: undefined,
        params: {},
      };
      await expect(server.run().replace(byMeaning, onNumber)).rejects.toThrow(
        /by_meaning .* is not dropped, because its replacement cannot be made: .*field number has an index already, by_number/,
      );
      expect(server.changes()).toEqual([]);
    }));

  test("by one under another name is made before, and not tried", () =>
    on("2.6.19", async (server) => {
      const { program } = await documents(server);
      const byNumber = await server.run().create(index, { ...BY_NUMBER, collectionId: program.collectionId });
      const run = server.run();
      const other = { ...byNumber.inputs, indexName: "another", fieldName: "id" };
      expect(await run.plan(byNumber, other)).toMatchObject({ deleteBeforeReplace: false });
      await run.create(index, other);
      server.changes();
      await run.delete(byNumber);
      expect(server.changes()).toEqual(["DropIndex"]);
    }));

  test("for good is dropped without a trial", () =>
    on("2.6.19", async (server) => {
      const { byMeaning } = await documents(server);
      server.changes();
      await server.run().delete(byMeaning);
      expect(server.changes()).toEqual(["DropIndex"]);
    }));

  test.each(VERSIONS)(
    "by somebody who may make no collection is dropped all the same on Milvus %s, with a warning",
    (version) =>
      on(version, async (server) => {
        const { byMeaning, program } = await documents(server);
        const alice = { username: "alice", password: "correct-horse" };
        await server.milvus.users.create({ userName: "alice", password: alice.password });
        await server.milvus.roles.create({ roleName: "indexers" });
        await server.milvus.roles.addUser({ roleName: "indexers", userName: "alice" });
        for (const privilege of [
          "CreateIndex",
          "DropIndex",
          "IndexDetail",
          "GetLoadState",
          "Load",
          "Release",
          "ShowPartitions",
        ])
          await server.milvus.grants.grant({
            roleName: "indexers",
            privilege,
            databaseName: "default",
            objectName: "docs",
          });
        await server.run(alice).replace(byMeaning, { ...program, params: { M: 16, efConstruction: 64 } });
        expect(told.join("\n")).toMatch(
          /warning: index by_meaning of collection default\/docs as the program wants it could not be tried on a scratch collection first \(CreateCollection: .*permission deny/,
        );
      }),
  );
});

describe("a collection that is replaced", () => {
  const dim16 = { ...DOCS, fields: [ID, NUMBER, { ...VECTOR, dim: 16 }] };

  test.each(VERSIONS)("goes on Milvus %s once the new schema was made as a scratch collection", (version) =>
    on(version, async (server) => {
      const { docs } = await documents(server);
      server.changes();
      await server.run().replace(docs, dim16);
      expect(server.changes()[0]).toBe("CreateCollection");
      const { fields } = await server.milvus.collections.describe(DOCS);
      expect(fields.find(({ name }) => name === "embedding")).toMatchObject({ dim: 16 });
      expect(await server.scratches()).toEqual([]);
      expect(told).toContain("collection docs is replaced because of fields.embedding.dim 4 -> 16");
    }),
  );

  test.each(VERSIONS)("by one that Milvus %s refuses stays", (version) =>
    on(version, async (server) => {
      const { docs } = await documents(server);
      await insertRows(server.milvus, DOCS, { rows: 7 });
      server.changes();
      // Milvus from 2.5 on takes 2 dimensions and more, 2.3 takes 64 fields.
      const more = Array.from({ length: 64 }, (_, at) => ({ ...NUMBER, name: `more_${at}` }));
      const refused = {
        ...DOCS,
        fields: version === "2.3.5" ? [ID, ...more, VECTOR] : [ID, NUMBER, { ...VECTOR, dim: 1 }],
      };
      await expect(server.run().replace(docs, refused)).rejects.toThrow(
        /^collection default\/docs is not dropped, because its replacement cannot be made: .*CreateCollection/,
      );
      expect(server.changes()).toEqual(["CreateCollection"]);
      expect(await server.milvus.collections.find(DOCS)).toBeDefined();
    }),
  );

  test("is not said to be of one that a program would take over, which is told what differs", () =>
    on("2.5.27", async (server) => {
      await documents(server);
      const another = { ...DOCS, fields: [ID, { ...VECTOR, dim: 16 }, { ...WORDS, enableAnalyzer: false }] };
      await expect(server.run().create(collection, another)).rejects.toThrow(
        /exists already and differs from the program in fields\. .*: fields\.embedding\.dim 4 -> 16, fields\.number is gone, fields\.words is new$/,
      );
      expect(told.filter((line) => line.includes("replaced"))).toEqual([]);
    }));

  test("under another name is made before, and not tried", () =>
    on("2.6.19", async (server) => {
      const { docs } = await documents(server);
      const run = server.run();
      const other = { ...dim16, collectionName: "papers" };
      expect(await run.plan(docs, other)).toMatchObject({ deleteBeforeReplace: false });
      await run.create(collection, other);
      server.changes();
      await run.delete(docs);
      expect(server.changes()).toEqual(["DropCollection"]);
    }));

  test("because of a taint, with deleteBeforeReplace, is tried as well", () =>
    on("2.6.19", async (server) => {
      const { docs } = await documents(server);
      server.changes();
      await server.run().replace(docs, docs.inputs, false);
      expect(server.changes()).toEqual([
        "CreateCollection",
        "DropCollection",
        "DropCollection",
        "CreateCollection",
      ]);
    }));
});

describe("a scratch collection", () => {
  const schema = { fields: [ID, NUMBER, VECTOR] };
  const scratchOf = async (milvus: Milvus, collectionName = "docs"): Promise<string> =>
    (await makeScratch(milvus, { ...DOCS, collectionName }, schema, false)).ref.collectionName;
  const aged = (name: string): string => name.replace(/_\d{8}T\d{6}_/, "_20240229T235959_");
  const replaceIndex = async (server: On, made: Awaited<ReturnType<typeof documents>>) =>
    server.run().replace(made.byMeaning, { ...made.program, params: { M: 16, efConstruction: 64 } });

  test("that a run left behind is dropped by the next trial for the same collection, and any by a trial an hour later", () =>
    on("2.6.19", async (server) => {
      const made = await documents(server);
      await scratchOf(server.milvus);
      const anothers = await scratchOf(server.milvus, "papers");
      const abandoned = await scratchOf(server.milvus, "papers");
      await server.milvus.collections.rename({ ...DOCS, collectionName: abandoned }, aged(abandoned));
      await replaceIndex(server, made);
      expect(await server.scratches()).toEqual([anothers]);
      expect(told.filter((line) => line.includes("which a run left behind"))).toHaveLength(2);
    }));

  test("of a run that died once it had dropped the old one is gone as well", () =>
    on("2.6.19", async (server) => {
      const made = await documents(server);
      await scratchOf(server.milvus);
      await server.milvus.indexes.drop(BY_MEANING);
      await replaceIndex(server, made);
      expect(await server.scratches()).toEqual([]);
      await scratchOf(server.milvus);
      await server.milvus.collections.drop(DOCS);
      await server.run().replace(made.docs, { ...made.docs.inputs, version: "2" });
      expect(await server.scratches()).toEqual([]);
    }));

  test("that holds rows, or says to be something else, is left alone", () =>
    on("2.6.19", async (server) => {
      const made = await documents(server);
      const [full, described] = [await scratchOf(server.milvus, "a"), await scratchOf(server.milvus, "b")];
      await server.milvus.collections.rename({ ...DOCS, collectionName: full }, aged(full));
      await insertRows(server.milvus, { ...DOCS, collectionName: aged(full) }, { rows: 1 });
      await server.milvus.collections.drop({ ...DOCS, collectionName: described });
      await server.milvus.collections.create({
        ...DOCS,
        ...schema,
        collectionName: aged(described),
        description: "Mine",
      });
      await replaceIndex(server, made);
      expect((await server.scratches()).sort()).toEqual([aged(full), aged(described)].sort());
    }));

  test("that cannot be dropped is not joined by another one", () =>
    on("2.6.19", async (server) => {
      const made = await documents(server);
      const full = await scratchOf(server.milvus);
      await insertRows(server.milvus, { ...DOCS, collectionName: full }, { rows: 1 });
      await replaceIndex(server, made);
      expect(await server.scratches()).toEqual([full]);
      expect(told.join("\n")).toMatch(
        /could not be tried .*of an earlier run is there and could not be dropped: it holds entities/,
      );
    }));

  test("is in no list, and does not keep a database", () =>
    on("2.6.19", async (server) => {
      const run = server.run();
      const made = await run.create(database, { databaseName: "tenant" });
      const left = await makeScratch(
        server.milvus,
        { databaseName: "tenant", collectionName: "docs" },
        schema,
      );
      expect(isScratch(left.ref.collectionName)).toBe(true);
      for (const resource of [collection, index] as unknown as AnyResource[])
        expect(await resource.list(server.milvus, "tenant")).toEqual([]);
      await server.run().delete(made);
      expect(await server.milvus.databases.list()).toEqual(["default"]);
    }));
});

describe("on real servers", () => {
  test.each(testServers().foreign ? (["milvus"] as const) : (["milvus", "lite"] as const))(
    "(%s) an index and a collection are replaced, and nothing is left",
    async (which) => {
      const server = testServers()[which];
      const milvus = gatewayTo(server);
      const ref = { databaseName: databaseOf(server), collectionName: uniqueName("successors") };
      const run = (): EngineRun => new EngineRun(textsOf(server));
      try {
        const docs = await run().create(collection, { ...ref, fields: [ID, NUMBER, VECTOR] });
        const program = { ...BY_MEANING, ...ref, collectionId: docs.outs["collectionId"] };
        const made = await run().create(index, program);
        await run().replace(made, { ...program, params: { M: 16, efConstruction: 64 } });
        const [found] = await milvus.indexes.list(ref);
        expect(String(found?.params?.["M"])).toBe("16");
        await run().replace(docs, { ...docs.inputs, fields: [ID, NUMBER, { ...VECTOR, dim: 16 }] });
        const { fields } = await milvus.collections.describe(ref);
        expect(fields.find(({ name }) => name === VECTOR.name)).toMatchObject({ dim: 16 });
        expect(told.filter((line) => line.includes("could not"))).toEqual([]);
        const left = await milvus.collections.list(ref.databaseName);
        expect(left.filter(({ collectionName }) => isScratchOf(ref, collectionName))).toEqual([]);
      } finally {
        await milvus.collections.drop(ref);
        await milvus.close();
      }
    },
  );
});
