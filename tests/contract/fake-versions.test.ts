/** What hangs on the version of the server, on fakes of versions that no package registry carries. */
import { index } from "../../provider/resources/field-index";
import { collection } from "../../provider/resources/collection";
import { partition } from "../../provider/resources/partition";
import type { Field } from "../../provider/milvus/fields";
import type { Milvus } from "../../provider/milvus/gateway";
import { Run } from "../../provider/run";
import { checked, configured, type Values } from "../support/declared";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { createAlias, dropAlias, gatewayTo, insertRows, uniqueName } from "../support/gateways";

const ID: Field = { name: "id", dataType: "Int64", isPrimaryKey: true };
const NUMBER: Field = { name: "number", dataType: "Int64" };
const WORD: Field = { name: "word", dataType: "VarChar", maxLength: 20 };
const TAGS: Field = { name: "tags", dataType: "Array", elementType: "Int64", maxCapacity: 8 };
const VECTOR: Field = { name: "embedding", dataType: "FloatVector", dim: 4 };
const WHOLE = { replicaNumber: 1, resourceGroups: [] };

type Kind = typeof collection | typeof partition | typeof index;

interface Made {
  readonly id: string;
  readonly outs: Values;
  readonly inputs: Values;
}

/** What became of a change: nothing, an update in place, or a replacement because of these inputs. */
type Effect = "nothing" | "in place" | readonly string[];

class Engine {
  private readonly made: string[] = [];
  /** An engine makes what is new, and drops what goes, in one run; what was made in a run goes in another one. */
  private run = new Run();
  private hasMade = false;

  constructor(
    private readonly fake: FakeMilvus,
    readonly milvus: Milvus,
  ) {}

  newName(): string {
    const name = uniqueName("versions");
    this.made.push(name);
    return name;
  }

  async create(kind: Kind, program: Values): Promise<Made> {
    const inputs = await this.checked(kind, program);
    this.hasMade = true;
    const created = await (await this.provider(kind, this.run)).create?.(inputs);
    return { id: created?.id ?? "", outs: created?.outs as Values, inputs };
  }

  createCollection(more: Values = {}): Promise<Made> {
    return this.create(collection, {
      collectionName: this.newName(),
      fields: [ID, NUMBER, WORD, VECTOR],
      ...more,
    });
  }

  async effectOf(kind: Kind, { id, outs, inputs }: Made, more: Values): Promise<Effect> {
    const diff = await (await this.provider(kind)).diff?.(id, outs, { ...inputs, ...more });
    if (!diff?.changes) return "nothing";
    return diff.replaces && diff.replaces.length > 0 ? diff.replaces : "in place";
  }

  /** Updates and reads: both have to say that the server has now what was asked for. */
  async update(kind: Kind, { id, outs, inputs }: Made, more: Values): Promise<Made> {
    const wanted = { ...inputs, ...more };
    const provider = await this.provider(kind);
    const updated = await provider.update?.(id, outs, wanted);
    const after = { id, outs: updated?.outs as Values, inputs: wanted };
    expect(await this.effectOf(kind, after, {})).toBe("nothing");
    expect((await provider.read?.(id, after.outs))?.props).toEqual(after.outs);
    return after;
  }

  async read(kind: Kind, { id, outs }: Made): Promise<Values> {
    return (await (await this.provider(kind)).read?.(id, outs))?.props as Values;
  }

  async delete(kind: Kind, { id, outs }: Made): Promise<void> {
    if (this.hasMade) this.run = new Run();
    this.hasMade = false;
    await (await this.provider(kind, this.run)).delete?.(id, outs);
  }

  async dropAll(): Promise<void> {
    for (const collectionName of this.made.splice(0))
      await this.milvus.collections.drop(refOf(collectionName));
  }

  sent(method: string): number {
    return this.fake.calls.filter((call) => call === method).length;
  }

  private async checked(kind: Kind, program: Values): Promise<Values> {
    const { inputs, failures } = await checked(kind, program);
    expect(failures).toEqual([]);
    return inputs;
  }

  private provider(kind: Kind, run = new Run()) {
    return configured(kind, { address: this.fake.address }, run);
  }
}

const refOf = (collectionName: unknown) => ({
  databaseName: "default",
  collectionName: String(collectionName),
});
const nameOf = ({ outs }: Made): string => String(outs["collectionName"]);
const indexOf = (made: Made, more: Values = {}): Values => ({
  collectionName: nameOf(made),
  collectionId: made.outs["collectionId"],
  indexName: "by_meaning",
  fieldName: "embedding",
  indexType: "FLAT",
  metricType: "L2",
  ...more,
});
const NUMBERS: Values = {
  indexName: "by_number",
  fieldName: "number",
  indexType: "STL_SORT",
  metricType: undefined,
};

/** The engine on a fake of that version, for one test. */
async function on<T>(version: string, run: (engine: Engine) => Promise<T>): Promise<T> {
  const fake = await startFakeMilvus({ version, loadTime: 20, queryNodes: 2, storageV3: true });
  const milvus = gatewayTo(fake);
  const engine = new Engine(fake, milvus);
  try {
    return await run(engine);
  } finally {
    await engine.dropAll();
    await milvus.close();
    await fake.stop();
  }
}

/** In diff, and in an update of a server that the diff did not know: nothing that changes anything is called. */
async function expectRefused(engine: Engine, made: Made, change: Values, since: string): Promise<void> {
  const message = new RegExp(
    `^collection ${nameOf(made)} is not changed: .*needs Milvus ${since} or later, it is .*\\. Declare it as it was; ` +
      "or change the input `version`",
  );
  await expect(engine.effectOf(collection, made, change)).rejects.toThrow(message);
  await expect(engine.update(collection, made, change)).rejects.toThrow(message);
  for (const method of ["AlterCollection", "AlterCollectionField", "RenameCollection", "ReleaseCollection"])
    expect([method, engine.sent(method)]).toEqual([method, 0]);
}

describe("on versions of Milvus that are only imitated", () => {
  let told: string[];
  beforeEach(() => {
    told = [];
    jest.spyOn(console, "log").mockImplementation((line: string) => void told.push(line));
  });
  afterEach(() => jest.restoreAllMocks());

  describe("a change in place", () => {
    test.each<[what: string, before: string, since: string, change: Values]>([
      ["a description", "2.5.11", "2.5.12", { description: "after" }],
      ["consistencyLevel", "2.5.4", "2.5.5", { consistencyLevel: "Strong" }],
      ["maxLength", "2.5.1", "2.5.2", { fields: [ID, NUMBER, { ...WORD, maxLength: 30 }, VECTOR] }],
      ["enableDynamicField", "2.6.5", "2.6.6", { enableDynamicField: true }],
      [
        "a description of a field",
        "2.6.8",
        "2.6.9",
        { fields: [ID, NUMBER, { ...WORD, description: "after" }, VECTOR] },
      ],
    ])("of %s is refused on %s and made on %s", async (_what, before, since, change) => {
      await on(before, async (engine) => {
        const made = await engine.createCollection({ description: "before" });
        await expectRefused(engine, made, change, since);
      });
      await on(since, async (engine) => {
        const made = await engine.createCollection({ description: "before" });
        expect(await engine.effectOf(collection, made, change)).toBe("in place");
        const { outs } = await engine.update(collection, made, change);
        expect(outs).toMatchObject(change);
        expect(outs["collectionId"]).toBe(made.outs["collectionId"]);
      });
    });

    test("of maxCapacity is refused on 2.5.10 and made on 2.5.11", async () => {
      const fields = [ID, TAGS, VECTOR];
      const change = { fields: [ID, { ...TAGS, maxCapacity: 16 }, VECTOR] };
      await on("2.5.10", async (engine) => {
        const made = await engine.createCollection({ fields });
        await expectRefused(engine, made, change, "2.5.11");
      });
      await on("2.5.11", async (engine) => {
        const made = await engine.createCollection({ fields });
        const { outs } = await engine.update(collection, made, change);
        expect(outs).toMatchObject(change);
      });
    });

    test.each(["2.6.6", "3.0"])("of all that %s can change is made in one update", async (version) => {
      await on(version, async (engine) => {
        const made = await engine.createCollection({
          properties: { "collection.ttl.seconds": "60", "mmap.enabled": "false" },
        });
        const name = engine.newName();
        const { outs } = await engine.update(collection, made, {
          collectionName: name,
          description: "after",
          consistencyLevel: "Eventually",
          enableDynamicField: true,
          properties: { "collection.ttl.seconds": "90" },
          fields: [ID, NUMBER, { ...WORD, maxLength: 99, mmapEnabled: true }, VECTOR],
        });
        expect(outs["collectionId"]).toBe(made.outs["collectionId"]);
        expect(outs).toMatchObject({ collectionName: name, enableDynamicField: true, description: "after" });
      });
    });

    test("of a dynamic field that is to go again is refused before 3.0, and made there", async () => {
      const change = { enableDynamicField: false };
      for (const version of ["2.6.5", "2.6.22"])
        await on(version, async (engine) => {
          const made = await engine.createCollection({ enableDynamicField: true });
          await expectRefused(engine, made, change, "3.0.0");
        });
      await on("3.0", async (engine) => {
        const made = await engine.createCollection({ enableDynamicField: true });
        const { outs } = await engine.update(collection, made, change);
        expect(outs).toMatchObject({ ...change, collectionId: made.outs["collectionId"] });
      });
    });

    test("that is refused with a rename beside it changes neither", async () => {
      await on("2.4.23", async (engine) => {
        const made = await engine.createCollection();
        const change = { collectionName: engine.newName(), description: "after" };
        await expectRefused(engine, made, change, "2.5.12");
        expect(await engine.milvus.collections.find(refOf(nameOf(made)))).toBeDefined();
      });
    });

    test("that is refused comes with a replacement on purpose", async () => {
      await on("2.4.23", async (engine) => {
        const made = await engine.createCollection();
        const change = { description: "after", version: "2" };
        expect(await engine.effectOf(collection, made, change)).toEqual(["version"]);
      });
    });
  });

  describe("properties", () => {
    test("are not removed on 2.4, which is said before anything is changed, and are from 2.5 on", async () => {
      const properties = { "collection.ttl.seconds": "60", "mmap.enabled": "true" };
      const change = { properties: { "mmap.enabled": "true" } };
      await on("2.4.23", async (engine) => {
        const made = await engine.createCollection({ properties });
        await expect(engine.effectOf(collection, made, change)).rejects.toThrow(
          /this server cannot remove collection.ttl.seconds \(needs Milvus 2\.5\)/,
        );
      });
      await on("2.5", async (engine) => {
        const made = await engine.createCollection({ properties });
        expect((await engine.update(collection, made, change)).outs["properties"]).toEqual(change.properties);
      });
    });

    test("that a server adds of its own are neither kept nor removed", async () => {
      await on("3.0", async (engine) => {
        const made = await engine.createCollection();
        expect(made.outs["properties"]).toEqual({});
        const { properties } = await engine.milvus.collections.describe(refOf(nameOf(made)));
        expect(properties).toEqual({
          timezone: "UTC",
          "namespace.sharding.enabled": "false",
          max_field_id: expect.any(String) as string,
        });
        const { outs } = await engine.update(collection, made, {
          properties: { "collection.ttl.seconds": "5" },
        });
        expect(outs["properties"]).toEqual({ "collection.ttl.seconds": "5" });
      });
    });
  });

  describe("fields", () => {
    test.each<[what: string, before: string, since: string, fields: readonly Field[], needs: RegExp]>([
      [
        "nullable ones",
        "2.4.23",
        "2.5",
        [ID, { ...NUMBER, nullable: true }, VECTOR],
        /nullable fields, which needs Milvus 2\.5\.0/,
      ],
      [
        "a clustering key",
        "2.4.5",
        "2.4.6",
        [ID, { ...NUMBER, isClusteringKey: true }, VECTOR],
        /clustering keys, which needs Milvus 2\.4\.6/,
      ],
      [
        "two vectors",
        "2.3.5",
        "2.4",
        [ID, VECTOR, { ...VECTOR, name: "other" }],
        /more than one vector field, which needs Milvus 2\.4\.0/,
      ],
      [
        "a sparse vector",
        "2.3.5",
        "2.4",
        [ID, { name: "sparse", dataType: "SparseFloatVector" }],
        /SparseFloatVector fields, which needs Milvus 2\.4\.0/,
      ],
      [
        "a half precision vector",
        "2.3.5",
        "2.4",
        [ID, { ...VECTOR, dataType: "BFloat16Vector" }],
        /which needs Milvus 2\.4\.0/,
      ],
      [
        "an Int8 vector",
        "2.5.17",
        "2.6",
        [ID, { ...VECTOR, dataType: "Int8Vector" }],
        /Int8Vector fields, which needs Milvus 2\.6\.0/,
      ],
      [
        "structs",
        "2.6.3",
        "2.6.4",
        [
          ID,
          VECTOR,
          {
            name: "parts",
            dataType: "Array",
            elementType: "Struct",
            maxCapacity: 4,
            fields: [
              { name: "text", dataType: "VarChar", maxLength: 9 },
              { name: "vector", dataType: "FloatVector", dim: 4 },
            ],
          },
        ],
        /Struct elements and ArrayOfVector fields, which needs Milvus 2\.6\.4/,
      ],
    ])("%s are refused on %s, and kept as declared on %s", async (_what, before, since, fields, needs) => {
      await on(before, async (engine) => {
        await expect(engine.createCollection({ fields })).rejects.toThrow(needs);
        expect(engine.sent("CreateCollection")).toBe(0);
      });
      await on(since, async (engine) => {
        const made = await engine.createCollection({ fields });
        expect(made.outs["fields"]).toHaveLength(fields.length);
        for (const field of fields) expect(made.outs["fields"]).toContainEqual(field);
        expect(await engine.effectOf(collection, made, {})).toBe("nothing");
        expect(await engine.read(collection, made)).toEqual(made.outs);
      });
    });

    test("keep what they default to beside being nullable", async () => {
      const fields = [
        ID,
        { ...NUMBER, nullable: true, defaultValue: 7 },
        { ...WORD, nullable: true, defaultValue: "none" },
        { name: "flag", dataType: "Bool", defaultValue: false },
        VECTOR,
      ];
      await on("2.5", async (engine) => {
        const made = await engine.createCollection({ fields });
        expect(made.outs["fields"]).toEqual(fields);
        expect(await engine.effectOf(collection, made, {})).toBe("nothing");
      });
    });

    test("that a function fills are read back with it, and both are no change", async () => {
      const program = {
        fields: [
          ID,
          { ...WORD, enableAnalyzer: true, enableMatch: true, analyzerParams: { type: "english" } },
          { name: "sparse", dataType: "SparseFloatVector" },
        ],
        functions: [
          {
            name: "bm25",
            type: "BM25",
            description: "By words",
            inputFieldNames: ["word"],
            outputFieldNames: ["sparse"],
          },
        ],
      };
      await on("2.4.23", async (engine) => {
        await expect(engine.createCollection(program)).rejects.toThrow(/needs Milvus 2\.5\.0/);
      });
      for (const version of ["2.5", "2.6.6", "3.0"])
        await on(version, async (engine) => {
          const made = await engine.createCollection(program);
          expect(made.outs).toMatchObject(program);
          expect(await engine.effectOf(collection, made, {})).toBe("nothing");
        });
    });
  });

  describe("the drop of a collection that has an alias", () => {
    test.each(["2.4", "2.5.5", "2.6.6", "3.0"])(
      "is refused by us on %s before the server is asked",
      async (version) => {
        await on(version, async (engine) => {
          const made = await engine.createCollection();
          const alias = uniqueName("alias");
          await createAlias(engine.milvus, refOf(nameOf(made)), alias);
          await expect(engine.delete(collection, made)).rejects.toThrow(
            new RegExp(`alias ${alias} points at it`),
          );
          expect(engine.sent("DropCollection")).toBe(0);
          await dropAlias(engine.milvus, alias);
          await engine.delete(collection, made);
          expect(await engine.milvus.collections.find(refOf(nameOf(made)))).toBeUndefined();
        });
      },
    );

    test("is refused by the server itself from 2.5.5 on, in its words", async () => {
      const dropped = (version: string) =>
        on(version, async (engine) => {
          const made = await engine.createCollection();
          await createAlias(engine.milvus, refOf(nameOf(made)), "an_alias");
          try {
            return await engine.milvus.collections.drop(refOf(nameOf(made)));
          } finally {
            await dropAlias(engine.milvus, "an_alias");
          }
        });
      await expect(dropped("2.5.4")).resolves.toBeUndefined();
      await expect(dropped("2.5.5")).rejects.toThrow(/has associated aliases \[an_alias\]/);
    });
  });

  describe("the drop of an index while its collection is loaded", () => {
    const loaded = async (engine: Engine, fields: readonly Field[] = [ID, NUMBER, VECTOR]) => {
      const made = await engine.createCollection({ fields });
      const vector = await engine.create(index, indexOf(made));
      const number = await engine.create(index, indexOf(made, NUMBERS));
      await engine.milvus.loading.loadAs(refOf(nameOf(made)), WHOLE);
      return { made, vector, number, isLoaded: () => engine.milvus.loading.isLoaded(refOf(nameOf(made))) };
    };

    test.each<[string, number]>([
      ["2.4", 1],
      ["2.6.3", 1],
      ["2.6.4", 0],
      ["3.0", 0],
    ])("of a scalar releases it on %s %d times, and it is loaded afterwards", async (version, releases) => {
      await on(version, async (engine) => {
        const { made, number, isLoaded } = await loaded(engine);
        await engine.delete(index, number);
        expect(engine.sent("ReleaseCollection")).toBe(releases);
        expect(await isLoaded()).toBe(true);
        const left = await engine.milvus.indexes.list(refOf(nameOf(made)));
        expect(left.map(({ indexName }) => indexName)).toEqual(["by_meaning"]);
      });
    });

    test.each(["2.4", "2.6.3", "2.6.4", "3.0"])(
      "of a vector releases it on %s, and says what that means",
      async (version) => {
        await on(version, async (engine) => {
          const { vector, isLoaded } = await loaded(engine);
          await engine.delete(index, vector);
          expect(engine.sent("ReleaseCollection")).toBe(1);
          expect(await isLoaded()).toBe(false);
          expect(told.at(-1)).toMatch(/cannot be searched until every vector field has an index again/);
        });
      },
    );

    test.each(["2.4", "2.6.6", "3.0"])(
      "of one of two vectors on %s leaves it released until there is one again, with as many replicas",
      async (version) => {
        await on(version, async (engine) => {
          const made = await engine.createCollection({ fields: [ID, VECTOR, { ...VECTOR, name: "other" }] });
          await engine.create(index, indexOf(made));
          const other = await engine.create(
            index,
            indexOf(made, { indexName: "by_other", fieldName: "other" }),
          );
          const ref = refOf(nameOf(made));
          await engine.milvus.loading.loadAs(ref, { replicaNumber: 2, resourceGroups: [] });
          await engine.delete(index, other);
          expect(await engine.milvus.loading.isLoaded(ref)).toBe(false);
          await engine.create(
            index,
            indexOf(made, {
              indexName: "by_other",
              fieldName: "other",
              indexType: "HNSW",
              params: { M: 8, efConstruction: 64 },
            }),
          );
          expect(await engine.milvus.loading.loadedAs(ref)).toEqual({ replicaNumber: 2, resourceGroups: [] });
        });
      },
    );
  });

  describe("an index", () => {
    test("needs efConstruction until 2.4, and has a default for it from 2.5 on", async () => {
      const withoutIt = { indexType: "HNSW", params: { M: 8 } };
      await on("2.4.23", async (engine) => {
        const made = await engine.createCollection();
        await expect(engine.create(index, indexOf(made, withoutIt))).rejects.toThrow(
          /efConstruction out of range/,
        );
      });
      await on("2.5", async (engine) => {
        const made = await engine.createCollection();
        const created = await engine.create(index, indexOf(made, withoutIt));
        expect(created.outs["params"]).toEqual({ M: 8 });
        expect(await engine.effectOf(index, created, {})).toBe("nothing");
      });
    });

    test.each(["2.4", "2.5.12", "2.6.6", "3.0"])(
      "whose type and metric are left out is the choice of %s, and no change",
      async (version) => {
        await on(version, async (engine) => {
          const made = await engine.createCollection();
          const automatic = await engine.create(
            index,
            indexOf(made, { indexType: undefined, metricType: undefined }),
          );
          expect(automatic.outs).toMatchObject({ indexType: "AUTOINDEX", metricType: "COSINE" });
          expect(await engine.effectOf(index, automatic, {})).toBe("nothing");
          const scalar = await engine.create(index, indexOf(made, { ...NUMBERS, indexType: undefined }));
          // From 2.5 on (measured on 2.5.27, 2.6.19 and 3.0.0) nothing is said of a scalar index whose type was left out.
          expect(scalar.outs["indexType"]).toBe(version === "2.4" ? "AUTOINDEX" : undefined);
          expect(await engine.effectOf(index, scalar, {})).toBe("nothing");
        });
      },
    );

    test("of a sparse vector, of words and of a binary vector fit where they came", async () => {
      await on("2.5", async (engine) => {
        const made = await engine.createCollection({
          fields: [
            ID,
            WORD,
            { name: "sparse", dataType: "SparseFloatVector" },
            { name: "bits", dataType: "BinaryVector", dim: 16 },
          ],
        });
        for (const more of [
          { indexName: "a", fieldName: "sparse", indexType: "SPARSE_INVERTED_INDEX", metricType: "IP" },
          { indexName: "b", fieldName: "word", indexType: "INVERTED", metricType: undefined },
          { indexName: "c", fieldName: "bits", indexType: "BIN_FLAT", metricType: "HAMMING" },
        ]) {
          const created = await engine.create(index, indexOf(made, more));
          expect(await engine.effectOf(index, created, {})).toBe("nothing");
        }
      });
    });
  });

  describe("a partition", () => {
    test.each(["2.4", "2.5.12", "2.6.6", "3.0"])(
      "of a loaded collection is released and dropped on %s; the others stay loaded",
      async (version) => {
        await on(version, async (engine) => {
          const made = await engine.createCollection({ fields: [ID, NUMBER, VECTOR] });
          await engine.create(index, indexOf(made));
          const ref = refOf(nameOf(made));
          const partitionOf = (partitionName: string) =>
            engine.create(partition, {
              collectionName: nameOf(made),
              collectionId: made.outs["collectionId"],
              partitionName,
            });
          const [one, two] = [await partitionOf("one"), await partitionOf("two")];
          await engine.milvus.loading.loadAs(ref, WHOLE);
          await insertRows(engine.milvus, ref, { rows: 3, partition: "one" });
          await Promise.all([engine.delete(partition, one), engine.delete(partition, two)]);
          expect(engine.sent("ReleasePartitions")).toBe(1);
          expect(told).toContainEqual(expect.stringMatching(/dropped partition one .* with 3 entities/));
          // From 2.6 on nothing counts as loaded for a moment after a release.
          for (let tries = 0; tries < 50 && (await engine.milvus.loading.stateOf(ref)) === "loading"; tries++)
            await new Promise((resolve) => setTimeout(resolve, 20));
          expect(await engine.milvus.loading.loadedPartitions(ref)).toEqual(["_default"]);
        });
      },
    );

    test.each(["2.4", "3.0"])(
      "of a partition key is Milvus's own on %s, as many as it makes",
      async (version) => {
        await on(version, async (engine) => {
          const made = await engine.createCollection({
            fields: [ID, { ...NUMBER, isPartitionKey: true }, VECTOR],
          });
          expect(made.outs["numPartitions"]).toBe(version === "2.4" ? 64 : 16);
          await expect(
            engine.create(partition, { collectionName: nameOf(made), partitionName: "mine" }),
          ).rejects.toThrow(/the collection has a partition key \(number\)/);
        });
      },
    );
  });
});
