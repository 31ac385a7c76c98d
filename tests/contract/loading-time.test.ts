/** The time that the Milvus SDK takes to load is not the server's. */
import { setTimeout } from "node:timers/promises";

import { Milvus } from "../../provider/milvus/gateway";
import { Run } from "../../provider/run";
import { deadPort } from "../support/proxies";
import { failureOf } from "./connection-contract";

/** What the SDK takes to load on a busy machine, in milliseconds. */
let mockLoading = 0;
jest.mock<typeof import("../../provider/milvus/sdk")>("../../provider/milvus/sdk", () => {
  const sdk = jest.requireActual<typeof import("../../provider/milvus/sdk")>("../../provider/milvus/sdk");
  const newClient: typeof sdk.newClient = (config) => {
    const loaded = Date.now() + mockLoading;
    while (Date.now() < loaded);
    return sdk.newClient(config);
  };
  return { ...sdk, newClient };
});

test("what the SDK takes to load is no waiting for the server, of which nothing is said yet", async () => {
  const told = jest.spyOn(console, "log").mockImplementation();
  mockLoading = 3_000;
  const dead = Milvus.at(
    { address: `127.0.0.1:${await deadPort()}`, tls: undefined, database: "default" },
    new Run(),
  );
  try {
    const failed = failureOf(dead.collections.find({ databaseName: "default", collectionName: "documents" }));
    await setTimeout(mockLoading + 1_000);
    expect(told).not.toHaveBeenCalled();
    expect((await failed).message).toContain("ECONNREFUSED");
    expect(told).toHaveBeenCalledTimes(1);
  } finally {
    mockLoading = 0;
    await dead.close();
  }
});
