/** What programs look up, on real servers. */
import { lookUp } from "../../provider/engines/lookups";
import { numbersInWords } from "../../provider/milvus/versions";
import { gatewayTo, ID, insertRows, NUMBER, uniqueName, VECTOR } from "../support/gateways";
import {
  databaseOf,
  type TestServer,
  testServerName,
  testServers,
  testVersion,
  textsOf,
} from "../support/servers";

type OnServer = readonly [name: string, server: () => TestServer, isLite: boolean];
const LITE: OnServer = ["Milvus Lite 3.2.2", () => testServers().lite, true];
const servers: readonly OnServer[] = [
  [testServerName(), () => testServers().milvus, false],
  ...(testServers().foreign ? [] : [LITE]),
];
const [major, minor, patch] = testVersion().version;

describe.each(servers)("a look-up on %s", (_name, server, isLite) => {
  const databaseName = databaseOf(server());
  const collectionName = uniqueName("lookups");
  const ref = { databaseName, collectionName };
  const milvus = gatewayTo(server());
  const { password } = server();
  const look = (name: string, args: object = {}, more: object = {}) =>
    lookUp(name, args as Record<string, unknown>, (key) => {
      const settings: Record<string, unknown> = { explicit: "true", ...textsOf(server()), ...more };
      return settings[key];
    });

  beforeAll(async () => {
    await milvus.collections.create({
      ...ref,
      description: "What is looked up",
      fields: [ID, NUMBER, VECTOR],
      properties: { "collection.ttl.seconds": "86400" },
    });
    await milvus.partitions.create({ ...ref, partitionName: "y2024" });
    await milvus.indexes.create({
      ...ref,
      indexName: isLite ? VECTOR.name : "by_meaning",
      fieldName: VECTOR.name,
      indexType: "HNSW",
      metricType: "COSINE",
      params: { M: 8, efConstruction: 64 },
    });
    await insertRows(milvus, ref, { rows: 20, partition: "y2024" });
    await milvus.loading.loadAs(ref, { replicaNumber: 1, resourceGroups: [] });
  });

  afterAll(async () => {
    await milvus.collections.drop(ref);
    await milvus.close();
  });

  test("gets a collection as it stands", async () => {
    expect(await look("getCollection", { collectionName })).toEqual({
      ...ref,
      collectionId: isLite ? "" : (expect.stringMatching(/^\d{10,}$/) as string),
      description: isLite ? "" : "What is looked up",
      fields: [ID, NUMBER, VECTOR],
      functions: [],
      enableDynamicField: false,
      ...(!isLite && { consistencyLevel: "Bounded", shardsNum: 1 }),
      properties: expect.objectContaining({ "collection.ttl.seconds": "86400" }) as object,
      aliases: [],
    });
  });

  test("lists the collections of a database", async () => {
    const found = (await look("listCollections")) as {
      databaseName: string;
      collections: { collectionName: string; collectionId: string }[];
    };
    expect(found.databaseName).toBe(databaseName);
    const ours = found.collections.find((one) => one.collectionName === collectionName);
    expect(ours?.collectionId).toMatch(isLite ? /^$/ : /^\d{10,}$/);
    const names = found.collections.map((one) => one.collectionName);
    expect(names).toEqual([...names].sort());
  });

  test("tells whether there is a partition, and of a collection that there is not, that there is none", async () => {
    const has = (collection: string, partitionName: string) =>
      look("hasPartition", { collection, partitionName });
    expect(await has(collectionName, "y2024")).toBe(true);
    expect(await has(collectionName, "_default")).toBe(true);
    expect(await has(collectionName, "y2025")).toBe(false);
    expect(await has("not_there", "y2024")).toBe(false);
  });

  test("lists partitions", async () => {
    const partitionId = isLite ? "" : (expect.stringMatching(/^\d{10,}$/) as string);
    expect(await look("listPartitions", { collection: collectionName })).toEqual({
      ...ref,
      partitions: [
        { partitionName: "_default", partitionId },
        { partitionName: "y2024", partitionId },
      ],
    });
  });

  test("counts a partition exactly while it is loaded, and says when it cannot", async () => {
    const stats = () => look("getPartitionStats", { collection: collectionName, partitionName: "y2024" });
    expect(await stats()).toEqual({ ...ref, partitionName: "y2024", rowCount: 20, isExact: true });
    await milvus.loading.releaseCollection(ref);
    expect(await stats()).toMatchObject({ isExact: false });
    await milvus.loading.loadAs(ref, { replicaNumber: 1, resourceGroups: [] });
  });

  test("gets an index, and lists all", async () => {
    const indexName = isLite ? VECTOR.name : "by_meaning";
    const found = await look("getIndex", { collection: collectionName, indexName });
    expect(found).toMatchObject({
      ...ref,
      indexName,
      fieldName: VECTOR.name,
      indexType: "HNSW",
      metricType: "COSINE",
      params: { M: 8, efConstruction: 64 },
      state: "finished",
    });
    expect(await look("listIndexes", { collection: collectionName })).toEqual({ ...ref, indexes: [found] });
  });

  test("tells the version", async () => {
    expect(await look("getServerVersion")).toEqual(
      isLite
        ? {
            text: "milvus_lite-3.2.2",
            product: "Milvus Lite",
            version: "3.2.2",
            major: 3,
            minor: 2,
            patch: 2,
          }
        : {
            text: testServers().version,
            product: "Milvus",
            version: numbersInWords([major, minor, patch]),
            major,
            minor,
            patch,
          },
    );
  });

  test.each<[string, object, RegExp | string]>([
    [
      "getCollection",
      { collectionName: "not_there" },
      `there is no collection ${databaseName}/not_there on Milvus at `,
    ],
    ["listPartitions", { collection: "not_there" }, `there is no collection ${databaseName}/not_there`],
    ["listIndexes", { collection: "not_there" }, `there is no collection ${databaseName}/not_there`],
    [
      "getIndex",
      { collection: "not_there", indexName: "i" },
      `there is no collection ${databaseName}/not_there`,
    ],
    [
      "getPartitionStats",
      { collection: "not_there", partitionName: "p" },
      `there is no collection ${databaseName}/not_there`,
    ],
    ["getIndex", { collection: collectionName, indexName: "gone" }, /there is no index gone of collection/],
    [
      "getPartitionStats",
      { collection: collectionName, partitionName: "gone" },
      /there is no partition gone of collection/,
    ],
    ["getCollection", {}, /^collectionName is required and missing$/],
    ["getIndex", { collection: 5, indexName: "i" }, /^collection is required and must be a string$/],
  ])("%s of %j is an error that says so", async (name, args, message) => {
    await expect(look(name, args)).rejects.toThrow(message);
  });

  if (password !== undefined)
    test("of a server that refuses the password fails, and does not show it", async () => {
      const failed = look("getServerVersion", {}, { password: "s3cret-Pa55word" });
      await expect(failed).rejects.toThrow(/auth check failure|UNAUTHENTICATED/i);
      await expect(failed).rejects.not.toThrow(/s3cret/);
    });
});
