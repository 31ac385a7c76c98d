/** What is told of a call that a server goes on refusing, or stops answering, until the operation's time is up. */
import { Milvus } from "../../provider/milvus/gateway";
import { Run } from "../../provider/run";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { type Fault, GrpcProxy, refusal } from "../support/grpc-proxy";

const REF = { databaseName: "default", collectionName: "documents" };

let fake: FakeMilvus;
let proxy: GrpcProxy;
let milvus: Milvus;

beforeAll(async () => {
  fake = await startFakeMilvus({ version: "2.6.19" });
  proxy = await GrpcProxy.to(fake.address);
  milvus = Milvus.at(
    {
      address: proxy.address,
      username: undefined,
      password: undefined,
      tls: undefined,
      database: "default",
    },
    new Run(),
  );
  await milvus.version();
});
afterEach(() => proxy.pass());
afterAll(async () => {
  await milvus.close();
  proxy.off();
  await fake.stop();
});

const released = async (seconds: number): Promise<string> => {
  const failure: unknown = await milvus
    .within(seconds)
    .loading.releaseCollection(REF)
    .catch((thrown: unknown) => thrown);
  return (failure as Error).message;
};

test("the reason that a server gave is told, not that the time ran out while it was asked once more", async () => {
  proxy.before = ({ method, nth }) =>
    method !== "ReleaseCollection"
      ? undefined
      : nth % 2 === 1
        ? refusal(8, "quite busy")
        : "swallow the call";
  expect(await released(3)).toMatch(/: quite busy; gave up after 3 s \(code 8\)/);
});

test("no call is sent when no time is left", async () => {
  proxy.before = ({ method }) => (method === "ReleaseCollection" ? refusal(8, "quite busy") : undefined);
  proxy.forget();
  const started = Date.now();
  expect(await released(2.5)).toMatch(/: quite busy; gave up after \d s \(code 8\)/);
  const sent = proxy.count("ReleaseCollection");
  expect(sent).toBeGreaterThan(2);
  expect(await released(0)).toMatch(/not asked, since the operation's time was up/);
  expect(proxy.count("ReleaseCollection")).toBe(sent);
  expect(Date.now() - started).toBeLessThan(6_000);
});

test("an answer that never came is told with what time there was for it", async () => {
  proxy.before = ({ method }) => (method === "ReleaseCollection" ? "swallow the call" : undefined);
  expect(await released(1)).toMatch(/no answer within \d\.\d+ s, all that was left of the operation's time/);
});

test("next to no time for an answer says nothing of the server", async () => {
  proxy.before = ({ method }) => (method === "ReleaseCollection" ? "swallow the call" : undefined);
  const message = await released(0.05);
  expect(message).toMatch(/the operation's time was up before there was an answer/);
  expect(message).not.toMatch(/within 0\./);
});

test("a count that nobody answers, or that is refused, is told as such, whatever comes of a second look", async () => {
  const ref = { ...REF, collectionName: "counted" };
  const fields = [
    { name: "id", dataType: "Int64", isPrimaryKey: true },
    { name: "v", dataType: "FloatVector", dim: 4 },
  ];
  await milvus.collections.create({ ...ref, fields });
  await milvus.indexes.create({
    ...ref,
    indexName: "v",
    fieldName: "v",
    indexType: "FLAT",
    metricType: "L2",
  });
  await milvus.loading.loadAs(ref, { replicaNumber: 1, resourceGroups: [] });
  const counted = async (query: Fault): Promise<string> => {
    proxy.forget();
    proxy.before = ({ method }) => {
      if (method === "Query") return query;
      return method === "GetLoadState" && proxy.count("Query") > 0 ? refusal(5, "broken") : undefined;
    };
    const count = milvus.within(2).entities.countCollection(ref);
    return ((await count.catch((thrown: unknown) => thrown)) as Error).message;
  };
  expect(await counted("swallow the call")).toMatch(/^Query of collection .*no answer within/);
  expect(proxy.count("GetLoadState")).toBe(1);
  expect(await counted("garble the answer")).toMatch(/^Query of collection .*\(code grpc 13\)/);
});

describe("a change that ends with", () => {
  test.each(["proxy TaskCondition context Done", "context canceled", "rpc error: context deadline exceeded"])(
    "%s may have been made: that is looked for before it is asked for again",
    async (reason) => {
      const ref = { ...REF, collectionName: `ended_${reason.length}` };
      const partition = { ...ref, partitionName: "y2024" };
      await milvus.collections.create({
        ...ref,
        fields: [
          { name: "id", dataType: "Int64", isPrimaryKey: true },
          { name: "v", dataType: "FloatVector", dim: 4 },
        ],
      });
      await milvus.partitions.create(partition);
      const direct = Milvus.at({ address: fake.address, tls: undefined, database: "default" }, new Run());
      proxy.forget();
      proxy.before = async ({ method, nth }) => {
        if (method !== "DropPartition" || nth > 1) return undefined;
        await direct.partitions.drop(partition);
        return refusal(65535, reason);
      };
      await milvus.within(20).partitions.drop(partition);
      expect(proxy.count("DropPartition")).toBe(1);
      expect(await milvus.partitions.find(partition)).toBeUndefined();
      await direct.close();
    },
  );
});

const TRACE =
  "call query coordinator LoadCollection: stack trace: pkg/tracer/stack_trace.go:51 github.com/milvus-io/milvus/pkg/v2/tracer.StackTrace\n" +
  "internal/util/grpcclient/client.go:579 github.com/milvus-io/milvus/internal/util/grpcclient.(*ClientBase[...]).Call: ";

test("too few nodes are final and told in one line, with the way out", async () => {
  const reason = "service resource insufficient[currentStreamingNode=1][expectedStreamingNode=2]";
  proxy.before = ({ method }) => (method === "ReleaseCollection" ? refusal(12, TRACE + reason) : undefined);
  proxy.forget();
  const message = await released(60);
  expect(message).toBe(
    `ReleaseCollection of collection default/documents failed on Milvus at ${proxy.address}: ${reason} (code 12). Ask ` +
      "for fewer replicas, or give the cluster or the resource group more query nodes (and streaming nodes from Milvus 2.6 on)",
  );
  expect(proxy.count("ReleaseCollection")).toBe(1);
});

test("a server that has no node yet is asked again", async () => {
  const reason =
    "resource group node not enough[rg=__default_resource_group][currentNodeNum=0][expectedNodeNum=1]";
  proxy.before = ({ method, nth }) =>
    method === "ReleaseCollection" && nth < 3 ? refusal(304, reason) : undefined;
  proxy.forget();
  expect(await released(60)).toMatch(/collection not found/);
  expect(proxy.count("ReleaseCollection")).toBe(3);
});
