/** The calls of the engine, answered by a resource with a real server behind it. */
import { type FeatureName, knows } from "../../provider/milvus/versions";
import { collection } from "../../provider/resources/collection";
import { index } from "../../provider/resources/field-index";
import { partition } from "../../provider/resources/partition";
import { createAlias, dropAlias, gatewayTo, insertRows, uniqueName } from "../support/gateways";
import { checked, configured, type Values } from "../support/declared";
import {
  databaseOf,
  type TestServer,
  testServerName,
  testServers,
  testVersion,
  textsOf,
} from "../support/servers";

const ID = { name: "id", dataType: "Int64", isPrimaryKey: true };
const NUMBER = { name: "number", dataType: "Int64" };
const VECTOR = { name: "embedding", dataType: "FloatVector", dim: 4 };
const SPARSE = { name: "sparse", dataType: "SparseFloatVector" };
const WORDS = {
  name: "words",
  dataType: "VarChar",
  maxLength: 100,
  enableAnalyzer: true,
  description: "All of them",
};

interface Side {
  readonly server: () => TestServer;
  /** A collection with much of what the server knows. */
  readonly rich: Values;
  /** What becomes of an index whose type is left to the server. */
  readonly indexWithoutType: "made" | RegExp;
  readonly refused: readonly (readonly [what: string, inputs: Values, reason: RegExp])[];
}

const EVERYWHERE = [
  ID,
  { ...NUMBER, defaultValue: "9223372036854775807", description: "Large" },
  { name: "score", dataType: "Float", defaultValue: 0.1 },
  { name: "tenant", dataType: "VarChar", maxLength: 20, isPartitionKey: true },
  { name: "tags", dataType: "Array", elementType: "VarChar", maxLength: 20, maxCapacity: 8 },
  VECTOR,
];
const SETTINGS = {
  description: "What the assistant may quote",
  enableDynamicField: true,
  consistencyLevel: "Session",
  properties: { "collection.ttl.seconds": 86_400 },
  timeouts: { create: 100 },
  adopt: true,
};

const NEWER: readonly (readonly [feature: FeatureName, ...Side["refused"][number]])[] = [
  [
    "nullableFields",
    "a nullable field",
    { fields: [ID, { ...NUMBER, nullable: true }, VECTOR] },
    /field number uses nullable fields, which needs Milvus 2\.5\.0 or later; this server is v?\d/,
  ],
  [
    "clusteringKey",
    "a clustering key",
    { fields: [ID, { ...NUMBER, isClusteringKey: true }, VECTOR] },
    /field number uses clustering keys, which needs Milvus 2\.4\.6/,
  ],
  [
    "sparseVectors",
    "a sparse vector",
    { fields: [ID, SPARSE] },
    /field sparse uses SparseFloatVector fields, which needs Milvus 2\.4\.0/,
  ],
  [
    "multipleVectorFields",
    "two vectors",
    { fields: [ID, VECTOR, { ...VECTOR, name: "other" }] },
    /embedding, other uses more than one vector field, which needs Milvus 2\.4\.0/,
  ],
  [
    "analyzers",
    "an analyzer",
    { fields: [ID, WORDS, VECTOR] },
    /field words uses analyzers and text match, which needs Milvus 2\.5\.0/,
  ],
];

const full: Side = {
  server: () => testServers().milvus,
  rich: { ...SETTINGS, fields: EVERYWHERE, shardsNum: 2, numPartitions: 5 },
  indexWithoutType: "made",
  refused: NEWER.filter(([feature]) => !knows(testVersion(), feature)).map(([, ...refused]) => refused),
};

const lite: Side = {
  server: () => testServers().lite,
  rich: {
    ...SETTINGS,
    fields: [
      ...EVERYWHERE,
      WORDS,
      SPARSE,
      { name: "place", dataType: "Geometry" },
      { name: "perhaps", dataType: "Int8", nullable: true },
    ],
    functions: [
      {
        name: "bm25",
        type: "BM25",
        description: "By words",
        inputFieldNames: ["words"],
        outputFieldNames: ["sparse"],
        params: { bm25_k1: 1.5 },
      },
    ],
  },
  indexWithoutType: /missing required 'index_type' parameter/,
  refused: [
    [
      "a clustering key",
      { fields: [ID, { ...NUMBER, isClusteringKey: true }, VECTOR] },
      /field number uses clustering keys, which Milvus Lite does not have/,
    ],
    [
      "a half precision vector",
      { fields: [ID, { ...VECTOR, dataType: "Float16Vector" }] },
      /field embedding uses Float16Vector and BFloat16Vector fields, which Milvus Lite does not have/,
    ],
  ],
};

const sides: Readonly<Record<string, Side>> = {
  [testServerName()]: full,
  ...(!testServers().foreign && { "Milvus Lite 3.2.2": lite }),
};

describe.each(Object.entries(sides))("on %s", (_name, { server, rich, refused, indexWithoutType }) => {
  const made: string[] = [];
  let told: string[];
  const config = (): Record<string, string> => textsOf(server());
  const providerOf = (resource: unknown, more: Values = {}) =>
    configured(resource, { ...config(), ...more } as Record<string, string>);
  const gateway = () => gatewayTo(server());
  const refOf = (collectionName: string) => ({ databaseName: databaseOf(server()), collectionName });

  /** Checks and creates as the engine does. */
  const up = async (
    resource: unknown,
    program: Values,
  ): Promise<{ id: string; outs: Values; inputs: Values }> => {
    const { inputs, failures } = await checked(resource, program);
    expect(failures).toEqual([]);
    const created = await (await providerOf(resource)).create?.(inputs);
    return { id: created?.id ?? "", outs: created?.outs as Values, inputs };
  };
  const newName = (): string => {
    const name = uniqueName("engine");
    made.push(name);
    return name;
  };
  const simple = (collectionName: string): Values => ({ collectionName, fields: [ID, NUMBER, VECTOR] });

  beforeEach(() => {
    told = [];
    jest.spyOn(console, "log").mockImplementation((line: string) => void told.push(line));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(made.splice(0).map((name) => gateway().collections.drop(refOf(name))));
  });
  afterAll(() => gateway().close());

  test("a collection that was just made shows no change, neither as created nor as read", async () => {
    const { id, outs, inputs } = await up(collection, { ...rich, collectionName: newName() });
    const provider = await providerOf(collection);
    expect(await provider.diff?.(id, outs, inputs)).toMatchObject({ changes: false });
    const read = await provider.read?.(id, outs);
    expect(read?.props).toEqual(outs);
    expect(await provider.diff?.(id, read?.props, inputs)).toMatchObject({ changes: false });
  });

  test("a partition and an index that were just made show no change either", async () => {
    const collectionName = newName();
    await up(collection, simple(collectionName));
    const children: [unknown, Values][] = [
      [partition, { collectionName, partitionName: "y2024" }],
      [
        index,
        {
          collectionName,
          indexName: "by_meaning",
          fieldName: "embedding",
          indexType: "HNSW",
          metricType: "L2",
          params: { M: 8, efConstruction: 64 },
        },
      ],
    ];
    for (const [resource, program] of children) {
      const { id, outs, inputs } = await up(resource, program);
      const provider = await providerOf(resource);
      expect(await provider.diff?.(id, outs, inputs)).toMatchObject({ changes: false });
      const read = await provider.read?.(id, outs);
      expect(read?.props).toEqual(outs);
    }
  });

  test("an index whose type is left out is the server's choice, and that is no change", async () => {
    const collectionName = newName();
    await up(collection, simple(collectionName));
    const made = up(index, { collectionName, indexName: "automatic", fieldName: "embedding" });
    if (indexWithoutType !== "made") {
      await expect(made).rejects.toThrow(indexWithoutType);
      return;
    }
    const { id, outs, inputs } = await made;
    expect(outs).toMatchObject({ indexType: "AUTOINDEX" });
    expect(await (await providerOf(index)).diff?.(id, outs, inputs)).toMatchObject({ changes: false });
  });

  test("an object is read by its id alone, as `get` does", async () => {
    const collectionName = newName();
    const { id, outs } = await up(collection, simple(collectionName));
    expect(id).toBe(`${databaseOf(server())}/${collectionName}`);
    const read = await (await providerOf(collection)).read?.(id, {});
    expect(read?.props).toMatchObject({ collectionName, fields: outs["fields"] });
  });

  test("what was dropped behind the engine's back is gone, and deleting it again is no error", async () => {
    const collectionName = newName();
    const { id, outs } = await up(collection, simple(collectionName));
    const child = await up(partition, { collectionName, partitionName: "y2024" });
    await gateway().collections.drop(refOf(collectionName));
    expect(await (await providerOf(collection)).read?.(id, outs)).toEqual({});
    expect(await (await providerOf(partition)).read?.(child.id, child.outs)).toEqual({});
    await (await providerOf(partition)).delete?.(child.id, child.outs);
    await (await providerOf(collection)).delete?.(id, outs);
    expect(told).toEqual([]);
  });

  // Newer servers have all of it.
  if (refused.length > 0)
    test.each(refused)(
      "%s is refused in the user's terms before anything is made",
      async (_what, inputs, reason) => {
        const collectionName = newName();
        await expect(up(collection, { ...inputs, collectionName })).rejects.toThrow(reason);
        expect(await gateway().collections.find(refOf(collectionName))).toBeUndefined();
      },
    );

  test("a replacement says what it costs, and is refused where data is protected", async () => {
    const collectionName = newName();
    const { id, outs, inputs } = await up(collection, simple(collectionName));
    await up(index, {
      collectionName,
      indexName: "i",
      fieldName: "embedding",
      indexType: "FLAT",
      metricType: "L2",
    });
    await gateway().loading.loadAs(refOf(collectionName), { replicaNumber: 1, resourceGroups: [] });
    await insertRows(gateway(), refOf(collectionName), { rows: 7 });
    const news = { ...inputs, fields: [ID, NUMBER, { ...VECTOR, dim: 8 }] };
    const unprotected = await providerOf(collection, { protectData: "false" });
    expect(await unprotected.diff?.(id, outs, news)).toEqual({
      changes: true,
      replaces: ["fields"],
      deleteBeforeReplace: true,
    });
    expect(told).toEqual([`warning: collection ${collectionName} will be replaced: 7 entities will be lost`]);
    await expect((await providerOf(collection)).diff?.(id, outs, news)).rejects.toThrow(
      /holds 7 entities and is not replaced, because a replacement drops it .*'\["[^"]*"\]'$/,
    );
    const guarded = await providerOf(collection, { protectData: "true" });
    await expect(guarded.diff?.(id, outs, news)).rejects.toThrow(/holds 7 entities and is not replaced/);
    await expect(guarded.delete?.(id, outs)).rejects.toThrow(/holds 7 entities and is not dropped/);
    const acknowledged = await providerOf(collection, { protectData: "true", acknowledgedDataLoss: id });
    await acknowledged.delete?.(id, outs);
    expect(told.at(-1)).toBe(`dropped collection ${databaseOf(server())}/${collectionName} with 7 entities`);
  });

  test("a collection that exists already is taken over when it is equal and empty, and refused when it differs", async () => {
    const collectionName = newName();
    const first = await up(collection, simple(collectionName));
    const again = await up(collection, simple(collectionName));
    expect(again.outs).toEqual(first.outs);
    expect(told).toEqual([expect.stringMatching(/exists already and is taken over/)]);
    const different = { ...simple(collectionName), fields: [ID, VECTOR] };
    await expect(up(collection, different)).rejects.toThrow(
      /exists already and differs from the program in fields/,
    );
  });

  test("a partition that exists already and is proven empty is taken over, and said to be empty", async () => {
    const collectionName = newName();
    await up(collection, simple(collectionName));
    await gateway().partitions.create({ ...refOf(collectionName), partitionName: "theirs" });
    await up(partition, { collectionName, partitionName: "theirs" });
    expect(told).toEqual([
      `partition theirs of collection ${databaseOf(server())}/${collectionName} exists already and is taken over; it ` +
        "holds no entities",
    ]);
  });

  test("a collection cannot take the name of an alias, and the message says whose it is", async () => {
    const [target, alias] = [newName(), uniqueName("alias")];
    await up(collection, simple(target));
    await createAlias(gateway(), refOf(target), alias);
    try {
      await expect(up(collection, simple(alias))).rejects.toThrow(
        new RegExp(`${alias} is an alias of collection ${target}`),
      );
    } finally {
      await dropAlias(gateway(), alias);
    }
  });

  test("a partition of a partition-key collection given by name is refused, with the way out", async () => {
    const collectionName = newName();
    await up(collection, { collectionName, fields: EVERYWHERE });
    await expect(up(partition, { collectionName, partitionName: "mine" })).rejects.toThrow(
      /the collection has a partition key \(tenant\).*set numPartitions/,
    );
  });

  test("a partition of a collection that is missing says what to do", async () => {
    await expect(up(partition, { collectionName: newName(), partitionName: "mine" })).rejects.toThrow(
      new RegExp(`there is no collection ${databaseOf(server())}/.* Declare the collection in the program`),
    );
  });

  test("an index that does not fit its field is refused, and so is a second one on a field", async () => {
    const collectionName = newName();
    await up(collection, simple(collectionName));
    const program = {
      collectionName,
      indexName: "first",
      fieldName: "embedding",
      indexType: "FLAT",
      metricType: "L2",
    };
    await expect(up(index, { ...program, indexType: "Trie", metricType: undefined })).rejects.toThrow(
      /"Trie" is no index type for field embedding/,
    );
    await expect(up(index, { ...program, fieldName: "embeding" })).rejects.toThrow(
      /has no field "embeding"; did you mean "embedding"/,
    );
    await up(index, program);
    await expect(up(index, { ...program, indexName: "second", indexType: "HNSW" })).rejects.toThrow(
      /exists already and differs|has an index already/,
    );
  });
});
