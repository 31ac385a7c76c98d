/** Look-ups in real programs: what they give, what they cost, and what they say at preview. */
import { FIELDS, HNSW, linesWith, live, program, providerArgs, said, stackLines } from "./support/live";
import { testServers } from "../support/servers";
import { rows } from "./support/milvus";

const context = live();
const { milvus, database } = context;
const docs = context.name("docs");

const BY_NAME = [
  `const args = { collection: "${docs}" };`,
  `exports.found = (async () => ({
     collection: (await milvus.getCollection({ collectionName: "${docs}" })).collectionId,
     collections: (await milvus.listCollections()).collections.some((one) => one.collectionName === "${docs}"),
     has: await milvus.hasPartition({ ...args, partitionName: "y2024" }),
     hasNot: await milvus.hasPartition({ ...args, partitionName: "y2025" }),
     partitions: (await milvus.listPartitions(args)).partitions.map((one) => one.partitionName),
     stats: await milvus.getPartitionStats({ ...args, partitionName: "y2024" }),
     index: (await milvus.getIndex({ ...args, indexName: "by_meaning" })).indexType,
     indexes: (await milvus.listIndexes(args)).indexes.map((one) => one.indexName),
     version: (await milvus.getServerVersion()).text,
   }))();`,
];

beforeAll(async () => {
  await milvus.createCollection(docs);
  await milvus.createPartition(docs, "y2024");
  await milvus.insert(docs, rows(12), "y2024");
  await milvus.createIndex(docs, {
    index_name: "by_meaning",
    field_name: "embedding",
    index_type: "HNSW",
    metric_type: "COSINE",
    params: { M: 8, efConstruction: 64 },
  });
  await milvus.load(docs);
});

describe("A program that looks things up by name", () => {
  test("gets all of them, with the server of the stack config", async () => {
    const stack = await context.stack(program(...BY_NAME));
    await stack.up();
    expect((await stack.outputs())["found"]).toEqual({
      collection: await milvus.collectionId(docs),
      collections: true,
      has: true,
      hasNot: false,
      partitions: ["_default", "y2024"],
      stats: {
        databaseName: database,
        collectionName: docs,
        partitionName: "y2024",
        rowCount: 12,
        isExact: true,
      },
      index: "HNSW",
      indexes: ["by_meaning"],
      version: testServers().version,
    });
    // At preview as well: nothing has to be made first.
    await stack.preview({ args: ["--expect-no-changes"] });
    expect(JSON.stringify(await stack.stackExport())).not.toContain(context.secret);
  });

  test("ends as soon as it is through: no connection keeps it", async () => {
    const empty = await context.stack(program("exports.nothing = 1;"));
    const looking = await context.stack(program(...BY_NAME));
    const timed = async (run: () => Promise<unknown>): Promise<number> => {
      const started = Date.now();
      await run();
      return Date.now() - started;
    };
    await looking.up();
    await empty.up();
    const [without, withLookups] = [await timed(() => empty.preview()), await timed(() => looking.preview())];
    console.log(`a preview takes ${without} ms, with nine look-ups ${withLookups} ms`);
    expect(withLookups - without).toBeLessThan(5_000);
  });

  test("fails with one line when there is no such object", async () => {
    const stack = await context.stack(
      program(`exports.found = milvus.getIndex({ collection: "${docs}", indexName: "gone" });`),
    );
    const started = Date.now();
    const failed = await stack.preview({ expectFailure: true });
    expect(Date.now() - started).toBeLessThan(9_000);
    expect(failed.code).not.toBe(0);
    expect(said(failed)).toContain(
      `getIndex: there is no index gone of collection ${database}/${docs} on Milvus at`,
    );
    expect(stackLines(failed)).toEqual([]);
  });

  test("fails when the server does not answer, and does not take anything for missing", async () => {
    const proxy = await context.proxy();
    const stack = await context.stack(
      program(`exports.has = milvus.hasPartition({ collection: "${docs}", partitionName: "y2024" });`),
      { address: proxy.address },
    );
    proxy.off();
    const failed = await stack.preview({ expectFailure: true });
    expect(linesWith(failed, "hasPartition: ")).not.toEqual([]);
    expect(said(failed)).toContain(proxy.address);
    expect(said(failed)).not.toContain(context.secret);
  });
});

describe("A program that looks up what it makes itself", () => {
  const made = context.name("made");
  const declared = program(
    `const settings = ${providerArgs(milvus.server)};
     for (const secret of ["password", "token"])
       if (settings[secret] !== undefined) settings[secret] = pulumi.secret(settings[secret]);
     const server = new milvus.Provider("server", settings);`,
    `const docs = new milvus.Collection("documents", { collectionName: "${made}", fields: ${FIELDS} }, { provider: server });`,
    `const y2024 = new milvus.Partition("y2024", { collection: docs });`,
    `const by_meaning = new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });`,
    `exports.partitions = milvus.listPartitionsOutput({ collection: docs }, { dependsOn: y2024 })
       .partitions.apply((all) => all.map((one) => one.partitionName));`,
    `exports.index = milvus.getIndexOutput({ collection: docs, indexName: by_meaning.indexName },
       { dependsOn: [by_meaning] }).indexType;`,
    `exports.version = milvus.getServerVersionOutput({ provider: server }).text;`,
  );

  test("knows nothing of it at preview, and all after up", async () => {
    const stack = await context.stack(declared, { config: {} });
    const preview = await stack.preview();
    expect(preview.code).toBe(0);
    await stack.up();
    expect(await stack.outputs()).toEqual({
      partitions: ["_default", "y2024"],
      index: "HNSW",
      version: testServers().version,
    });
    const state = JSON.stringify(await stack.stackExport());
    expect(state).not.toContain(context.secret);
    await stack.destroy();
  });
});
