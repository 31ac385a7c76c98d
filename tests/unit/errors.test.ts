import { MilvusError, NotFoundError, orNothing, UnsupportedError } from "../../provider/milvus/errors";

const FAILURE = {
  operation: "DropPartition",
  object: "partition y2023 of collection default/documents",
  address: "milvus.example.com:19530",
  reason: "partition cannot be dropped, partition is loaded",
  code: 65535,
};

describe("an error of the server", () => {
  test("names operation, object, address, the server's reason and its code", () => {
    expect(new MilvusError(FAILURE).message).toBe(
      "DropPartition of partition y2023 of collection default/documents failed on Milvus at milvus.example.com:19530: " +
        "partition cannot be dropped, partition is loaded (code 65535)",
    );
  });

  test("ends with the way out where there is one", () => {
    const error = new MilvusError({ ...FAILURE, code: "grpc 14" }, "Check the address");
    expect(error.message).toMatch(/is loaded \(code grpc 14\)\. Check the address$/);
  });

  test("leaves out a code that there is none of", () => {
    expect(new MilvusError({ ...FAILURE, code: undefined }).message).toMatch(/is loaded$/);
  });
});

describe("only the server's own 'not found' means that something is gone", () => {
  test("it becomes nothing", async () => {
    await expect(orNothing(Promise.reject(new NotFoundError(FAILURE)))).resolves.toBeUndefined();
  });

  test.each([
    new MilvusError(FAILURE),
    new UnsupportedError("this server does not know it"),
    new Error("connect ECONNREFUSED"),
  ])("%s stays an error", async (error) => {
    await expect(orNothing(Promise.reject(error))).rejects.toBe(error);
  });

  test("what was found is handed on", async () => {
    await expect(orNothing(Promise.resolve(0))).resolves.toBe(0);
  });
});
