/* eslint-disable @typescript-eslint/require-await -- the stub answers at once where the gateway is asynchronous */
/** What an update of a collection's schema does, on servers that no registry carries. */
import { logTo } from "../../provider/core/log";
import { Unfinished } from "../../provider/core/resource";
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

  /** Refuses what it is released for once it is released. */
  refusesReleased = false;
  refusesLoads = false;
  refusesIndexDrops = false;

  private refuse(reason: string): never {
    throw new MilvusError({ operation: "Call", object: "it", address: "here", reason, code: 1100 });
  }

  private refuseWhileLoaded(): void {
    if (!this.loaded && this.refusesReleased) this.refuse("out of memory");
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
      waitsUntil: Date.now() + 5_000,
      whyNoLonger: "the time is up",
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
          const { max_length: maxLength, "mmap.enabled": mmapEnabled } = set;
          const more = {
            ...(maxLength && { maxLength: Number(maxLength) }),
            ...(mmapEnabled && { mmapEnabled: true }),
          };
          this.fields = this.fields.map((field) => (field.name === name ? { ...field, ...more } : field));
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
          if (this.refusesIndexDrops) this.refuse("out of memory");
          note(`drop index ${indexName}`);
          this.indexes = this.indexes.filter((one) => one.indexName !== indexName);
        },
      },
      entities: {
        countCollection: async () => ({ kind: "exact", rows: this.rows }),
        countProven: async () => ({ kind: "exact", rows: this.rows }),
      },
      loading: {
        loadedAs: async () => (this.loaded ? { replicaNumber: 2, resourceGroups: ["rg"] } : undefined),
        releaseCollection: async () => {
          note("release");
          this.loaded = false;
        },
        loadAs: async (_: unknown, { replicaNumber, resourceGroups }: LoadSpec) => {
          if (this.refusesLoads) this.refuse("nodes not enough");
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

describe("an update of a collection that somebody changed by hand", () => {
  const BY_HAND: Field = { name: "note", dataType: "VarChar", maxLength: 9, nullable: true };
  const TTL = { properties: { "collection.ttl.seconds": "60" } };
  const TTL_ALONE = 'set {"collection.ttl.seconds":"60"}';

  /** What the state has, what the server has, and what of the program is another. */
  test.each<[string, Field[], object, (server: Server) => void]>([
    ["a field added", [ID, VECTOR, WORDS], TTL, (server) => server.fields.push(BY_HAND)],
    ["a field dropped", [ID, VECTOR, WORDS], TTL, (server) => void server.fields.pop()],
    [
      "a field changed",
      [ID, VECTOR, WORDS],
      TTL,
      (server) =>
        (server.fields = [ID, VECTOR, { ...WORDS, mmapEnabled: true, maxLength: 99, warmup: "sync" }]),
    ],
    ["the dynamic field switched on", [ID, VECTOR], TTL, (server) => (server.enableDynamicField = true)],
    ["a function added", [ID, VECTOR, WORDS, SPARSE], TTL, (server) => (server.functions = [BM25])],
  ])("changes what the program changes, and nothing else: %s", async (_what, fields, more, byHand) => {
    const server = new Server([...fields]);
    server.loaded = true;
    byHand(server);
    const old = state(fields);
    const after = await collection.update(server.milvus, old, inputs(fields, more));
    expect(server.calls).toEqual([TTL_ALONE]);
    expect(told).toEqual([]);
    // Until a refresh the state says of the rest what it said before.
    expect(after.fields).toEqual(fields);
    expect(after.enableDynamicField).toBe(false);
    expect(after.functions).toEqual([]);
  });

  test("does beside it what the program wants of fields", async () => {
    const server = new Server([ID, VECTOR, WORDS, BY_HAND]);
    server.loaded = true;
    const wanted = inputs([ID, VECTOR, { ...WORDS, maxLength: 40 }, YEAR]);
    const after = await updated(server, wanted, state([ID, VECTOR, WORDS]));
    expect(server.calls).toEqual(["add year", 'set words {"max_length":"40"}']);
    expect(after).toEqual(["id", "embedding", "words", "year"]);
  });

  test("does not release for what is so already", async () => {
    const server = new Server([ID, VECTOR, { ...WORDS, mmapEnabled: true }]);
    server.loaded = true;
    await updated(server, inputs([ID, VECTOR, { ...WORDS, mmapEnabled: true }]), state([ID, VECTOR, WORDS]));
    expect(server.calls).toEqual([]);
  });

  test("drops no field again that is gone already", async () => {
    const server = new Server([ID, VECTOR]);
    await updated(server, inputs([ID, VECTOR]), state([ID, VECTOR, YEAR]));
    expect(server.calls).toEqual([]);
  });

  test.each<[string, Field[], Field[], Field[], RegExp]>([
    [
      "the field that is to come is there in another form",
      [ID, VECTOR, { ...YEAR, dataType: "VarChar", maxLength: 4 }],
      [ID, VECTOR],
      [ID, VECTOR, YEAR],
      /field year is there already, with other fields\["year"\]\.(dataType|maxLength)/,
    ],
    [
      "the field that is to go is another one now",
      [ID, VECTOR, { ...YEAR, dataType: "Int32" }],
      [ID, VECTOR, YEAR],
      [ID, VECTOR],
      /field year is not the one in the state: fields\["year"\]\.dataType differ/,
    ],
    [
      "the field that is to change is gone",
      [ID, VECTOR],
      [ID, VECTOR, WORDS],
      [ID, VECTOR, { ...WORDS, maxLength: 40 }],
      /field words, of which maxLength is to change, is gone/,
    ],
    [
      "the field that a function is to fill is there already",
      [ID, VECTOR, WORDS, SPARSE],
      [ID, VECTOR, WORDS],
      [ID, VECTOR, WORDS, SPARSE],
      /field sparse, which function by_words is to fill, is there already/,
    ],
  ])("is refused before anything is changed when %s", async (_what, found, old, wanted, reason) => {
    const server = new Server(found);
    const functions = wanted.includes(SPARSE) ? [BM25] : [];
    const update = updated(server, inputs(wanted, { ...TTL, functions }), state(old));
    await expect(update).rejects.toThrow(reason);
    await expect(update).rejects.toThrow(
      "run `pulumi refresh`, look at the next preview, and run the same command again",
    );
    expect(server.calls).toEqual([]);
  });
});

describe("an update that released the collection", () => {
  const MMAP = [ID, VECTOR, { ...WORDS, mmapEnabled: true }];

  async function failureOf(server: Server, fields = MMAP, old = state([ID, VECTOR, WORDS])) {
    server.loaded = true;
    const failure: unknown = await collection
      .update(server.milvus, old, inputs(fields))
      .catch((thrown: unknown) => thrown);
    return failure as Unfinished<CollectionState>;
  }

  test("loads it again when the change fails all the same, and fails", async () => {
    const server = new Server([ID, VECTOR, WORDS]);
    server.refusesReleased = true;
    const failure = await failureOf(server);
    expect(failure).toBeInstanceOf(MilvusError);
    expect(failure.message).toContain("out of memory");
    expect(server.loaded).toBe(true);
    expect(server.calls.at(-1)).toBe("load x2 in rg");
  });

  test("fails when it cannot be loaded again, and the state has what was done and what is owed", async () => {
    const server = new Server([ID, VECTOR, WORDS]);
    server.refusesLoads = true;
    const failure = await failureOf(server);
    expect(failure).toBeInstanceOf(Unfinished);
    expect(failure.message).toBe(
      "collection default/documents was loaded (2 replicas, in resource groups rg, all partitions), had to be released " +
        "and could not be loaded again: nodes not enough. The state keeps how it was loaded: run `pulumi up` again once " +
        "the reason is gone, and it is loaded so again",
    );
    expect(failure.state.owedLoad).toEqual({ replicaNumber: 2, resourceGroups: ["rg"] });
    expect(failure.state.fields).toEqual(MMAP);
  });

  test("says both when the change and the load fail, the change first", async () => {
    const server = new Server([ID, VECTOR, WORDS]);
    server.refusesReleased = true;
    server.refusesLoads = true;
    const failure = await failureOf(server);
    expect(failure.message).toMatch(
      /out of memory.*\. Besides, collection .* could not be loaded again: nodes/,
    );
    expect(failure.state.fields).toEqual([ID, VECTOR, WORDS]);
    expect(failure.state.owedLoad).toBeDefined();
  });

  test("loads it again when a field cannot be dropped", async () => {
    const second: Field = { ...VECTOR, name: "image", nullable: true };
    const server = new Server([ID, VECTOR, second]);
    server.indexes = [...server.indexes, { ...REF, indexName: "by_image", fieldName: "image" }];
    server.refusesIndexDrops = true;
    const failure = await failureOf(server, [ID, VECTOR], state([ID, VECTOR, second]));
    expect(failure.message).toContain("out of memory");
    expect(server.calls).toEqual(["release", "load x2 in rg"]);
  });

  test("owes the load until a later update has brought it about, and a preview says so", async () => {
    const server = new Server([ID, VECTOR, WORDS]);
    server.refusesLoads = true;
    const { state: old } = await failureOf(server);
    told.splice(0);
    expect((await collection.read(server.milvus, old))?.owedLoad).toEqual(old.owedLoad);
    expect(told.join("\n")).toContain("was released by an earlier run, which could not load it again");
    expect(await collection.isLeftOtherwise?.(server.milvus, old, inputs(MMAP))).toBe(true);
    server.refusesLoads = false;
    const after = await collection.update(server.milvus, old, inputs(MMAP));
    expect(server.loaded).toBe(true);
    expect(after.owedLoad).toBeUndefined();
    expect(await collection.isLeftOtherwise?.(server.milvus, after, inputs(MMAP))).toBe(false);
  });

  test("owes nothing any more when somebody else has loaded it since", async () => {
    const server = new Server([ID, VECTOR, WORDS]);
    server.refusesLoads = true;
    const { state: old } = await failureOf(server);
    server.loaded = true;
    server.calls.length = 0;
    expect((await collection.read(server.milvus, old))?.owedLoad).toBeUndefined();
    expect((await collection.update(server.milvus, old, inputs(MMAP))).owedLoad).toBeUndefined();
    expect(server.calls).toEqual([]);
  });
});
