/** How partitions are made and looked for, on a caller that plays the server. */
import { setTimeout as sleep } from "node:timers/promises";

import type { Caller, OperationCall } from "../../provider/milvus/caller";

import { Partitions } from "../../provider/milvus/partitions";
import { parseVersion } from "../../provider/milvus/versions";

const IN_DOCS = { databaseName: "default", collectionName: "docs" };

/** Takes some milliseconds to make a partition, and knows those that are made. */
function server(): { partitions: Partitions; calls: string[] } {
  const calls: string[] = [];
  const made: string[] = [];
  const caller: Caller = {
    address: "here",
    deadline: Date.now() + 60_000,
    waitsUntil: Date.now() + 60_000,
    whyNoLonger: "the time is up",
    since: Infinity,
    version: () => Promise.resolve(parseVersion("v2.3.5")),
    call: async <T>({ operation, object }: OperationCall<T>) => {
      calls.push(operation);
      if (operation === "ShowPartitions")
        return { data: made.map((name) => ({ name, id: `id of ${name}` })) } as T;
      await sleep(8);
      made.push(/partition (\S+)/.exec(object)?.[1] ?? "");
      return {} as T;
    },
  };
  return { partitions: new Partitions(caller), calls };
}

describe("partitions that are made", () => {
  test("side by side are looked for together, each after it was made", async () => {
    const { partitions, calls } = server();
    const names = Array.from({ length: 12 }, (_, at) => `p${at}`);
    const found = await Promise.all(
      names.map(async (partitionName, at) => {
        await sleep(at * 5);
        return partitions.make({ ...IN_DOCS, partitionName });
      }),
    );
    expect(found).toEqual(
      names.map((partitionName) => ({ partitionName, partitionId: `id of ${partitionName}` })),
    );
    expect(calls.filter((call) => call === "ShowPartitions").length).toBeLessThan(names.length);
  });

  test("one after another are not waited for", async () => {
    const { partitions, calls } = server();
    for (const partitionName of ["a", "b"])
      expect(await partitions.make({ ...IN_DOCS, partitionName })).toMatchObject({ partitionName });
    expect(calls).toEqual(["CreatePartition", "ShowPartitions", "CreatePartition", "ShowPartitions"]);
  });
});
