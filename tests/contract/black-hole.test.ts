/** A server that takes connections and never answers. */
import { NotFoundError } from "../../provider/milvus/errors";
import { Milvus } from "../../provider/milvus/gateway";
import { blackHole, type Proxy } from "../support/proxies";
import { failureOf, SECRET } from "./connection-contract";

let hole: Proxy;
let milvus: Milvus;

beforeAll(async () => {
  hole = await blackHole();
  milvus = Milvus.at({
    address: hole.address,
    username: "root",
    password: SECRET,
    tls: undefined,
    database: "default",
  });
});

afterAll(async () => {
  await milvus.close();
  await hole.close();
});

test("a server that never answers is given up in bounded time, as an error that is never 'not found'", async () => {
  const started = Date.now();
  const ref = { databaseName: "default", collectionName: "documents" };
  const errors = await Promise.all([
    failureOf(milvus.collections.find(ref)),
    failureOf(milvus.within(5).partitions.find({ ...ref, partitionName: "y2024" })),
    failureOf(milvus.within(5).indexes.drop({ ...ref, indexName: "a", fieldName: "b" })),
  ]);
  for (const error of errors) {
    expect(error).not.toBeInstanceOf(NotFoundError);
    expect(error.message).toMatch(/nothing was taken for missing/);
    expect(error.message).not.toContain(SECRET);
  }
  expect(Date.now() - started).toBeLessThan(30_000);
});
