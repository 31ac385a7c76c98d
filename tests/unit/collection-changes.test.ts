/* eslint-disable @typescript-eslint/require-await -- the stub answers at once where the gateway is asynchronous */
/** What an update of a collection's schema does, on servers that no registry carries. */
import { logTo } from "../../provider/core/log";
import { MilvusError, UnsupportedError } from "../../provider/milvus/errors";
import type { CollectionFunction, Field } from "../../provider/milvus/fields";
import type { Milvus } from "../../provider/milvus/gateway";
import type { LoadSpec } from "../../provider/milvus/loading";
import { type FeatureName, knows, lacks, parseVersion } from "../../provider/milvus/versions";
import { collection, type CollectionInputs, type CollectionState } from "../../provider/resources/collection";
import { ofRun, UNKNOWN } from "../support/declared";

const ID: Field = { name: "id", dataType: "Int64", isPrimaryKey: true };
const VECTOR: Field = { name: "embedding", dataType: "FloatVector", dim: 8 };
const WORDS: Field = { name: "words", dataType: "VarChar", maxLength: 20, enableAnalyzer: true };
const YEAR: Field = { name: "year", dataType: "Int64", nullable: true };
const SPARSE: Field = { name: "sparse", dataType: "SparseFloatVector" };
const BM25: CollectionFunction = {
  name: "by_words",
  type: "BM25",
  inputFieldNames: ["words"],
  outputFieldNames: ["sparse"],
};
const REF = { databaseName: "default", collectionName: "documents" };

const told: string[] = [];
beforeAll(() => logTo((line) => void told.push(line)));
beforeEach(() => void told.splice(0));

/** Changes its schema as Milvus 3.0 does, and mmap and warmup only while it is not loaded. */
class Server {
  readonly calls: string[] = [];
  functions: CollectionFunction[] = [];
  indexes = [{ ...REF, indexName: "by_meaning", fieldName: "embedding" }];
  loaded = false;
  rows = 300;
  enableDynamicField = false;
  /** Its setting common.storage.useLoonFFI. */
  storageV3 = true;

  constructor(
    public fields: Field[],
    private readonly version = "3.0.4",
  ) {}

  private refuseWithoutStorageV3(what: string): void {
    if (this.storageV3) return;
    const reason = `${what} requires StorageV3; enable common.storage.useLoonFFI: invalid parameter`;
    throw new MilvusError({ operation: "Alter", object: "it", address: "here", reason, code: 1100 });
  }

  private refuseWhileLoaded(): void {
    if (!this.loaded) return;
    const reason = "can not alter mmap properties if collection loaded";
    throw new MilvusError({ operation: "AlterCollection", object: "it", address: "here", reason, code: 104 });
  }

  get milvus(): Milvus {
    const described = () => ({
      ...REF,
      collectionId: "447",
      fields: this.fields,
      functions: this.functions,
      enableDynamicField: this.enableDynamicField,
      aliases: [],
      properties: {},
    });
    const note = (text: string): void => void this.calls.push(text);
    const server = parseVersion(this.version);
    const milvus = {
      ...ofRun(),
      address: "here",
      deadline: Date.now() + 5_000,
      within: () => milvus,
      supports: async (feature: FeatureName) => knows(server, feature),
      lacks: async (feature: FeatureName) => lacks(server, feature),
      demand: async () => undefined,
      collections: {
        find: async () => described(),
        describe: async () => described(),
        addField: async (_: unknown, field: Field) => {
          if (field.dataType === "Text") this.refuseWithoutStorageV3("TEXT field");
          note(`add ${field.name}`);
          this.fields = [...this.fields, field];
        },
        dropField: async (_: unknown, name: string) => {
          note(`drop ${name}`);
          this.fields = this.fields.filter((field) => field.name !== name);
        },
        addFunction: async (_: unknown, added: CollectionFunction, output: Field, index: object) => {
          this.refuseWithoutStorageV3("adding a function field");
          note(`add ${added.name} with ${output.name} ${JSON.stringify(index)}`);
          this.fields = [...this.fields, output];
          this.functions = [...this.functions, added];
        },
        dropFunction: async (_: unknown, name: string) => {
          note(`drop function ${name}`);
          this.functions = [];
          this.fields = this.fields.filter((field) => field.name !== "sparse");
        },
        setFieldProperties: async (_: unknown, name: string, set: Record<string, string>) => {
          note(`set ${name} ${JSON.stringify(set)}`);
          if ("mmap.enabled" in set || "warmup" in set) this.refuseWhileLoaded();
        },
        setProperties: async (_: unknown, set: Record<string, string>) => {
          note(`set ${JSON.stringify(set)}`);
          if ("mmap.enabled" in set) this.refuseWhileLoaded();
          if ("dynamicfield.enabled" in set) this.enableDynamicField = set["dynamicfield.enabled"] === "true";
        },
        rename: async (_: unknown, name: string) => note(`rename to ${name}`),
      },
      partitions: { list: async () => [{ partitionName: "_default" }] },
      indexes: {
        list: async () => this.indexes,
        drop: async ({ indexName }: { indexName: string }) => {
          note(`drop index ${indexName}`);
          this.indexes = this.indexes.filter((one) => one.indexName !== indexName);
        },
      },
      entities: {
        countCollection: async () => ({ kind: "exact", rows: this.rows }),
        isProvablyEmpty: async () => this.rows === 0,
      },
      loading: {
        loadedAs: async () => (this.loaded ? { replicaNumber: 2, resourceGroups: ["rg"] } : undefined),
        releaseCollection: async () => {
          note("release");
          this.loaded = false;
        },
        loadAs: async (_: unknown, { replicaNumber, resourceGroups }: LoadSpec) => {
          note(`load x${replicaNumber} in ${resourceGroups?.join()}`);
          this.loaded = true;
        },
      },
    };
    return milvus as unknown as Milvus;
  }
}

const state = (fields: Field[], functions: CollectionFunction[] = []) =>
  ({ ...REF, collectionId: "447", fields, functions }) as unknown as CollectionState;
const inputs = (fields: Field[], more: object = {}) =>
  ({ ...REF, fields, ...more }) as unknown as CollectionInputs;

async function updated(
  server: Server,
  wanted: CollectionInputs,
  old = state(server.fields, server.functions),
) {
  const { fields } = await collection.update(server.milvus, old, wanted);
  return fields.map(({ name }) => name);
}

describe("an update of a schema", () => {
  test("adds a field", async () => {
    const server = new Server([ID, VECTOR]);
    expect(await updated(server, inputs([ID, VECTOR, YEAR]))).toEqual(["id", "embedding", "year"]);
    expect(server.calls).toEqual(["add year"]);
  });

  test("goes on where a run that died left off", async () => {
    const server = new Server([ID, VECTOR, YEAR]);
    await updated(server, inputs([ID, VECTOR, YEAR, { ...YEAR, name: "month" }]), state([ID, VECTOR]));
    expect(server.calls).toEqual(["add month"]);
  });

  test("adds a BM25 function with the field that it fills and the index on that", async () => {
    const server = new Server([ID, VECTOR, WORDS]);
    await updated(server, inputs([ID, VECTOR, WORDS, SPARSE], { functions: [BM25] }));
    expect(server.calls).toEqual([
      'add by_words with sparse {"indexType":"SPARSE_INVERTED_INDEX","metricType":"BM25"}',
    ]);
    expect(told.join("\n")).toContain("declare it as an Index of that name");
  });

  test("drops a function with its field", async () => {
    const server = new Server([ID, VECTOR, WORDS, SPARSE]);
    server.functions = [BM25];
    await updated(server, inputs([ID, VECTOR, WORDS]));
    expect(server.calls).toEqual(["drop function by_words"]);
  });

  test("drops a field, and says how many values go", async () => {
    const server = new Server([ID, VECTOR, YEAR]);
    expect(await updated(server, inputs([ID, VECTOR]))).toEqual(["id", "embedding"]);
    expect(server.calls).toEqual(["drop year"]);
    expect(told).toContain(
      "dropped field year of collection default/documents with its values in 300 entities",
    );
  });

  test("drops a vector with its index, released for that and loaded again as it was", async () => {
    const second: Field = { ...VECTOR, name: "image", nullable: true };
    const server = new Server([ID, VECTOR, second]);
    server.indexes = [...server.indexes, { ...REF, indexName: "by_image", fieldName: "image" }];
    server.loaded = true;
    await updated(server, inputs([ID, VECTOR]));
    expect(server.calls).toEqual(["release", "drop index by_image", "drop image", "load x2 in rg"]);
  });

  test("changes lengths while it is loaded", async () => {
    const server = new Server([ID, VECTOR, WORDS]);
    server.loaded = true;
    await updated(server, inputs([ID, VECTOR, { ...WORDS, maxLength: 40 }]));
    expect(server.calls).toEqual(['set words {"max_length":"40"}']);
  });

  test("releases for mmap and warmup where the server demands it, and loads again as it was", async () => {
    const server = new Server([ID, VECTOR, WORDS]);
    server.loaded = true;
    await updated(server, inputs([ID, VECTOR, { ...WORDS, mmapEnabled: true, warmup: "sync" }]));
    const set = 'set words {"mmap.enabled":"true","warmup":"sync"}';
    expect(server.calls).toEqual([set, "release", set, "load x2 in rg"]);
    expect(told).toContain("collection default/documents is loaded again as it was");
  });

  test("releases for mmap of the whole collection likewise, and not when nothing is loaded", async () => {
    const server = new Server([ID, VECTOR]);
    const wanted = inputs([ID, VECTOR], { properties: { "mmap.enabled": "true" } });
    await updated(server, wanted);
    server.loaded = true;
    await updated(server, wanted);
    const set = 'set {"mmap.enabled":"true"}';
    expect(server.calls).toEqual([set, set, "release", set, "load x2 in rg"]);
  });
});

test("all that wants a release goes in one", async () => {
  const server = new Server([ID, VECTOR, WORDS]);
  server.loaded = true;
  const fields = [ID, { ...VECTOR, mmapEnabled: true }, { ...WORDS, mmapEnabled: true }];
  await updated(server, inputs(fields, { properties: { "mmap.enabled": "true" } }));
  expect(server.calls.filter((call) => call === "release")).toHaveLength(1);
  expect(server.calls.at(-1)).toBe("load x2 in rg");
});

describe("an update that the server may refuse", () => {
  const NOTE: Field = { name: "note", dataType: "Text", nullable: true };
  const others = {
    collectionName: "papers",
    description: "new",
    properties: { "collection.ttl.seconds": "60" },
  };

  test.each<[string, Field[], object, RegExp]>([
    [
      "a function",
      [ID, WORDS, SPARSE, YEAR],
      { functions: [BM25] },
      /adding a function field requires StorageV3; enable common\.storage\.useLoonFFI/,
    ],
    ["a Text field", [ID, WORDS, YEAR, NOTE], {}, /TEXT field requires StorageV3/],
    ["both", [ID, WORDS, YEAR, NOTE, SPARSE], { functions: [BM25] }, /requires StorageV3/],
  ])("because of its settings changes nothing else before: %s", async (_what, fields, more, reason) => {
    const server = new Server([ID, VECTOR, WORDS]);
    server.storageV3 = false;
    // embedding is to go, year is to come, and all the rest is to change.
    await expect(updated(server, inputs(fields, { ...others, ...more }))).rejects.toThrow(reason);
    expect(server.calls).toEqual([]);
  });

  test("drops only when all the rest is done", async () => {
    const server = new Server([ID, VECTOR, WORDS]);
    await updated(server, inputs([ID, WORDS, YEAR], others));
    expect(server.calls).toEqual([
      "add year",
      "rename to papers",
      'set {"collection.ttl.seconds":"60","collection.description":"new"}',
      "drop index by_meaning",
      "drop embedding",
    ]);
  });

  test("is judged by its version before anything is changed or released", async () => {
    const server = new Server([ID, VECTOR, WORDS], "2.4.23");
    server.loaded = true;
    const fields = [ID, VECTOR, { ...WORDS, mmapEnabled: true, maxLength: 40 }];
    await expect(updated(server, inputs(fields, others))).rejects.toThrow(
      new UnsupportedError(
        "collection documents is not changed: description: this server cannot change it in place (needs Milvus 2.5.12 " +
          'or later, it is 2.4.23); fields["words"].maxLength: this server cannot change it in place (needs Milvus ' +
          '2.5.2 or later, it is 2.4.23); fields["words"].mmapEnabled: this server cannot change it in place (needs ' +
          "Milvus 2.5.0 or later, it is 2.4.23). Declare it as it was; or change the input `version` of the collection " +
          "as well, which replaces it on purpose and drops all that it holds",
      ),
    );
    expect(server.calls).toEqual([]);
  });
});

test("the description of a field is set where the program has another, and a field that comes has its own", async () => {
  const server = new Server([ID, VECTOR, { ...WORDS, description: "by hand" }]);
  const old = state([ID, { ...VECTOR, description: "old" }, WORDS]);
  const fields = [ID, { ...VECTOR, description: "new" }, WORDS, { ...YEAR, description: "since when" }];
  await updated(server, inputs(fields), old);
  expect(server.calls).toEqual(["add year", 'set embedding {"field.description":"new"}']);
});

test("the dynamic field is switched on and off, alone", async () => {
  const server = new Server([ID, VECTOR]);
  await updated(server, inputs([ID, VECTOR], { enableDynamicField: true, description: "new" }));
  const old = { ...state([ID, VECTOR]), enableDynamicField: true };
  await updated(server, inputs([ID, VECTOR]), old);
  expect(server.calls).toEqual([
    'set {"collection.description":"new"}',
    'set {"dynamicfield.enabled":"true"}',
    'set {"dynamicfield.enabled":"false"}',
  ]);
});

describe("what an update of a schema loses", () => {
  const losses = (server: Server, wanted: CollectionInputs, prove = false) =>
    collection.lossesOfUpdate?.(server.milvus, state(server.fields), wanted, prove);

  test("are the values of each field that is dropped, by an id of its own", async () => {
    const server = new Server([ID, VECTOR, YEAR, WORDS]);
    expect(await losses(server, inputs([ID, VECTOR]))).toEqual([
      {
        id: "default/documents/fields/year",
        object: "field year of collection documents",
        held: "its values in 300 entities",
        certain: true,
      },
      expect.objectContaining({ id: "default/documents/fields/words" }),
    ]);
  });

  test("are the values of dynamic fields that are switched off, by the field that Milvus keeps them in", async () => {
    const server = new Server([ID, VECTOR]);
    const old = { ...state([ID, VECTOR]), enableDynamicField: true };
    const lost = (more: object, prove = false) =>
      collection.lossesOfUpdate?.(server.milvus, old, inputs([ID, VECTOR], more), prove);
    expect(await lost({ enableDynamicField: false })).toEqual([
      {
        id: "default/documents/fields/$meta",
        object: "the dynamic fields of collection documents",
        held: "their values in 300 entities",
        certain: true,
      },
    ]);
    expect(await lost({})).toHaveLength(1);
    expect(await lost({ enableDynamicField: true })).toEqual([]);
    expect(await lost({ enableDynamicField: UNKNOWN })).toEqual([]);
    server.rows = 0;
    expect(await lost({}, true)).toEqual([]);
  });

  test("are none when nothing is dropped, or there is nothing in it", async () => {
    const server = new Server([ID, VECTOR, YEAR]);
    expect(await losses(server, inputs([ID, VECTOR, YEAR, WORDS]))).toEqual([]);
    server.rows = 0;
    expect(await losses(server, inputs([ID, VECTOR]))).toEqual([]);
    expect(await losses(server, inputs([ID, VECTOR]), true)).toEqual([]);
  });
});
