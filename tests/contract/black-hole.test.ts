/** A server that takes connections and never answers. */
import { NotFoundError } from "../../provider/milvus/errors";
import { Milvus } from "../../provider/milvus/gateway";
import { Run } from "../../provider/run";
import { blackHole, type Proxy } from "../support/proxies";
import { failureOf, SECRET } from "./connection-contract";

let hole: Proxy;
let milvus: Milvus;

beforeAll(async () => {
  hole = await blackHole();
  milvus = Milvus.at(
    {
      address: hole.address,
      username: "root",
      password: SECRET,
      tls: undefined,
      database: "default",
    },
    new Run(),
  );
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

test("a server behind an HTTP proxy that fails is told of with the proxy, and without the proxy's credentials", async () => {
  // gRPC writes of each attempt there, for a while after the client was closed as well.
  jest.spyOn(console, "error").mockImplementation();
  const before = process.env["http_proxy"];
  process.env["http_proxy"] = `http://bob:${SECRET}@127.0.0.1:1`;
  // Has to be another one than that of other tests, whose connections are there already.
  const behind = Milvus.at({ address: "127.0.0.9:19530", tls: undefined, database: "default" }, new Run());
  try {
    const ref = { databaseName: "default", collectionName: "documents" };
    const error = await failureOf(behind.collections.find(ref));
    expect(error.message).toContain("failed on Milvus at 127.0.0.9:19530: No connection established");
    expect(error.message).toContain(
      "through the HTTP proxy 127.0.0.1:1, which the environment variable http_proxy",
    );
    expect(error.message).not.toMatch(new RegExp(`bob|${SECRET}|undefined`));
  } finally {
    await behind.close();
    if (before === undefined) delete process.env["http_proxy"];
    else process.env["http_proxy"] = before;
  }
});
