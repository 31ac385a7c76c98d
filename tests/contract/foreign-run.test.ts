/** What a run on a server of the user's does before its tests and after them: a fake is the user's here. */
import { setTimeout as sleep } from "node:timers/promises";

import type { Milvus } from "../../provider/milvus/gateway";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { beginOn, endOn, type ForeignRun } from "../support/foreign-run";
import { gatewayTo, ID, insertRows, NUMBER, VECTOR } from "../support/gateways";
import { type Answer, GrpcProxy } from "../support/grpc-proxy";
import { ABANDONED_AFTER, newDatabaseName } from "../support/own-database";

const THEIRS = { databaseName: "default", collectionName: "theirs" };
const WHOLE = { replicaNumber: 1, resourceGroups: [] };
/** As gRPC answers for a call that the server does not have. */
const UNIMPLEMENTED: Answer = {
  headers: { ":status": 200, "content-type": "application/grpc", "grpc-status": "12" },
  trailers: undefined,
  body: Buffer.alloc(0),
};
const DAY_BEFORE_YESTERDAY = new Date(Date.now() - 2 * ABANDONED_AFTER);

describe.each(["2.3.5", "2.6.19"])("A run on a server of the user's that is a fake of %s", (version) => {
  let fake: FakeMilvus;
  let theirs: Milvus;
  let told: string;

  const insert = async (rows: number, from = 0): Promise<void> => {
    await insertRows(theirs, THEIRS, { rows, from });
    await theirs.call({
      operation: "Flush",
      object: "theirs",
      run: (client) =>
        client.flushSync({ db_name: THEIRS.databaseName, collection_names: [THEIRS.collectionName] }),
    });
  };

  beforeEach(async () => {
    fake = await startFakeMilvus({ version });
    theirs = gatewayTo(fake);
    told = "";
    jest.spyOn(process.stderr, "write").mockImplementation((text) => {
      told += String(text);
      return true;
    });
    await theirs.collections.create({ ...THEIRS, fields: [ID, NUMBER, VECTOR] });
    await theirs.indexes.create({
      ...THEIRS,
      indexName: "by_meaning",
      fieldName: VECTOR.name,
      indexType: "FLAT",
      metricType: "L2",
    });
    await theirs.loading.loadAs(THEIRS, WHOLE);
    await theirs.aliases.create({ databaseName: "default", aliasName: "current" }, THEIRS.collectionName);
    await insert(20);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await theirs.close();
    await fake.stop();
  });

  const databaseOfTests = ({ ours }: ForeignRun): string => {
    expect(ours.database).toMatch(/^pulumi_milvus_tests_\d{14}_[0-9a-f]{8}$/);
    return ours.database ?? "";
  };

  test("works in a database of its own, which goes with all that was left in it", async () => {
    const run = await beginOn(fake);
    const databaseName = databaseOfTests(run);
    const tests = gatewayTo(run.ours);
    const left = { databaseName, collectionName: "left" };
    await tests.collections.create({ ...left, fields: [ID, VECTOR] });
    await tests.aliases.create({ databaseName, aliasName: "current" }, left.collectionName);
    await tests.close();
    await endOn(run, 0);
    expect(await theirs.databases.list()).toEqual(["default"]);
    expect(await theirs.aliases.target({ databaseName: "default", aliasName: "current" })).toBe("theirs");
    expect(told).toContain(`collection left was left in database ${databaseName}, and goes with it`);
    expect(told).toContain("is as it was: ");
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    [
      "a row",
      () => insert(1, 20),
      /changed: collection default\/theirs \(was: id \d+, 20 rows, .*; is: id \d+, 21 rows/,
    ],
    [
      "a release",
      () => theirs.loading.releaseCollection(THEIRS),
      /changed: partition _default of collection default\/theirs \(was: 20 rows, loaded; is: 20 rows, not loaded\)/,
    ],
    [
      "a partition",
      () => theirs.partitions.create({ ...THEIRS, partitionName: "p" }),
      /left behind: partition p of collection default\/theirs/,
    ],
    ["a database", () => theirs.databases.create("left", {}), /left behind: database left/],
    [
      "the loss of an alias",
      () => theirs.aliases.drop({ databaseName: "default", aliasName: "current" }),
      /gone: alias current of collection default\/theirs/,
    ],
    [
      "another collection of the same name",
      async () => {
        await theirs.aliases.drop({ databaseName: "default", aliasName: "current" });
        await theirs.collections.drop(THEIRS);
        await sleep(1);
        await theirs.collections.create({ ...THEIRS, fields: [ID, VECTOR] });
      },
      /changed: collection default\/theirs \(was: id \d+, 20 rows, .*; is: id \d+, 0 rows, not loaded\)/,
    ],
  ])(
    "fails over %s that it leaves with others, and its own database goes all the same",
    async (_what, work, message) => {
      const run = await beginOn(fake);
      await work();
      await expect(endOn(run, 0)).rejects.toThrow(message);
      expect(await theirs.databases.list()).not.toContain(databaseOfTests(run));
    },
  );

  test("drops what a run left that was killed long ago, and nothing that only looks like it", async () => {
    const abandoned = newDatabaseName(DAY_BEFORE_YESTERDAY);
    const young = newDatabaseName();
    const others = [young, `${abandoned}_kept`, `my_${abandoned}`];
    for (const name of [abandoned, ...others]) await theirs.databases.create(name, {});
    await theirs.collections.create({
      databaseName: abandoned,
      collectionName: "left",
      fields: [ID, VECTOR],
    });
    const run = await beginOn(fake);
    expect(told).toContain(`database ${abandoned} was left behind by a run that was killed, and is dropped`);
    expect(told).toContain(`database ${young} is that of another run, or of one that was killed`);
    await endOn(run, 0);
    expect((await theirs.databases.list()).sort()).toEqual(["default", ...others].sort());
  });

  test("works in the user's database where the server has no others, and says so", async () => {
    const proxy = await GrpcProxy.to(fake);
    proxy.before = ({ method }) => (method === "CreateDatabase" ? UNIMPLEMENTED : undefined);
    const run = await beginOn({ address: proxy.address });
    expect(run.ours.database).toBeUndefined();
    expect(told).toMatch(/no database of their own for the tests, which run in database default: \S+/);
    await endOn(run, 0);
    expect(told).toContain("is as it was: ");
    proxy.off();
  });
});
