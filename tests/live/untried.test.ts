/** What cannot be tried before it replaces something, on a real Milvus with authorization on: it is said, and goes on. */
import { testServers } from "../support/servers";
import { accessTo, linesWith, live, program } from "./support/live";
import { TestAccess } from "./support/access";

// Before the connections are closed, which live() sees to.
afterAll(() => access.cleanUp([]));
const context = live(testServers().quiet);
const { milvus, database } = context;
const suffix = context.name("");
const access = new TestAccess(milvus, suffix);

const [docs, alice, indexers] = ["docs", "alice", "indexers"].map((name) => context.name(name)) as [
  string,
  string,
  string,
];
const PASSWORD = `alice-${suffix}-horse`;
const PRIVILEGES = [
  "CreateIndex",
  "DropIndex",
  "IndexDetail",
  "Load",
  "Release",
  "GetLoadState",
  "ShowPartitions",
];

const withM = (M: number): string =>
  program(
    `new milvus.Index("by_meaning", { collection: "${docs}", fieldName: "embedding", indexType: "HNSW",
       metricType: "COSINE", params: { M: ${M}, efConstruction: 64 } });`,
  );

describe("An index that somebody replaces who may make no collection", () => {
  test("is dropped without a trial, which is said, and made anew", async () => {
    await milvus.createCollection(docs);
    await access.createUser(alice, PASSWORD);
    await access.createRole(indexers);
    await access.putInto(indexers, alice);
    for (const privilege of PRIVILEGES) await access.grant(indexers, database, privilege, docs);
    await access.expectListing({ name: alice, password: PASSWORD }, "allowed", database, docs);
    const { password: _, ...server } = milvus.server;
    const config = accessTo({ ...server, username: alice, password: PASSWORD });
    const stack = await context.stack(withM(8), { config });
    await stack.up();
    stack.program(withM(16));
    const replaced = await stack.up();
    expect(
      linesWith(
        replaced,
        `index by_meaning of collection ${database}/${docs} as the program wants it could not be tried on a scratch ` +
          "collection first (CreateCollection: ",
      ),
    ).not.toEqual([]);
    expect(await milvus.indexes(docs)).toMatchObject([{ name: "by_meaning", params: { M: 16 } }]);
    await stack.destroy();
  });
});
