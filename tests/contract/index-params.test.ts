/** What check says of parameters of an index, held against what a real server does with them. */
import { setTimeout as sleep } from "node:timers/promises";

import type { IndexDescription } from "../../provider/milvus/indexes";
import { gatewayTo, ID, insertRows, NUMBER, uniqueName, VECTOR } from "../support/gateways";
import { databaseOf, testServerName, testServers } from "../support/servers";

const HNSW = { M: 8, efConstruction: 64 };
/** Fewer are searched without an index. */
const ROWS = 2_000;

describe(`parameters of an index on ${testServerName()}`, () => {
  const server = testServers().milvus;
  const milvus = gatewayTo(server);
  const ref = { databaseName: databaseOf(server), collectionName: uniqueName("params") };
  const spec = (indexType: string, params: Record<string, unknown>) =>
    ({ ...ref, indexName: "i", fieldName: VECTOR.name, indexType, metricType: "L2", params }) as const;

  const built = async (): Promise<IndexDescription | undefined> => {
    for (;;) {
      const [index] = await milvus.indexes.list(ref);
      if (index?.state !== "building") return index;
      await sleep(100);
    }
  };

  beforeAll(async () => {
    await milvus.collections.create({ ...ref, fields: [ID, NUMBER, VECTOR] });
    await insertRows(milvus, ref, { rows: ROWS });
    // Writes out what is in memory.
    await milvus.entities.isProvablyEmpty(await milvus.collections.describe(ref));
  });

  afterEach(() => milvus.indexes.drop(spec("HNSW", {})));

  afterAll(async () => {
    await milvus.collections.drop(ref);
    await milvus.close();
  });

  test.each<[string, string, Record<string, unknown>]>([
    ["of another type, out of its range", "HNSW", { ...HNSW, nlist: 70_000 }],
    ["of other types, of no sense", "HNSW", { ...HNSW, nrq: 99 }],
    ["that nothing knows", "HNSW", { ...HNSW, made_up: "x" }],
    ["of another type", "FLAT", { nlist: 5 }],
  ])("one %s is taken and left unused: %s %j", async (_, indexType, params) => {
    await milvus.indexes.create(spec(indexType, params));
    expect(await built()).toMatchObject({ state: "finished", params });
  });

  test.each<[string, Record<string, unknown>]>([
    ["IVF_PQ", { nlist: 16 }],
    ["IVF_PQ", { nlist: 16, m: 3 }],
    ["IVF_FLAT", { nlist: 65_537 }],
    ["HNSW", { ...HNSW, M: 2_049 }],
    ["AUTOINDEX", HNSW],
  ])("%s with %j is refused", async (indexType, params) => {
    await expect(milvus.indexes.create(spec(indexType, params))).rejects.toThrow(/CreateIndex of index i/);
  });
});
