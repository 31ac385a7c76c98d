/** How long a server is waited for that has not answered yet, and what others that wait for it have of that. */
import { setTimeout as sleep } from "node:timers/promises";

import { Milvus } from "../../provider/milvus/gateway";
import { Run } from "../../provider/run";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { deadPort, forwarder, type Proxy } from "../support/proxies";
import { failureOf } from "./connection-contract";

const REF = { databaseName: "default", collectionName: "documents" };

let fake: FakeMilvus;
const opened: { close(): Promise<void> }[] = [];
let told: string[] = [];

beforeAll(async () => {
  fake = await startFakeMilvus({ version: "2.6.19" });
});
beforeEach(() => {
  told = [];
  jest.spyOn(console, "log").mockImplementation((line: string) => void told.push(line));
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const one of opened.splice(0)) await one.close();
});
afterAll(() => fake.stop());

/** A server that is not there yet, and what starts it. */
async function startingServer(): Promise<{ milvus: Milvus; start: () => Promise<Proxy> }> {
  const port = await deadPort();
  const milvus = Milvus.at({ address: `127.0.0.1:${port}`, tls: undefined, database: "default" }, new Run());
  opened.push(milvus);
  const start = async (): Promise<Proxy> => {
    const proxy = await forwarder(fake.address, port);
    opened.push(proxy);
    return proxy;
  };
  return { milvus, start };
}

test("without anybody who has time for it, it is given up early, with the way out", async () => {
  const { milvus } = await startingServer();
  const started = Date.now();
  const error = await failureOf(milvus.within(600).collections.find(REF));
  expect(Date.now() - started).toBeLessThan(15_000);
  expect(error.message).toMatch(/where it takes longer to start set `timeouts` of the resource/);
});

test("with time for it, its first answer is waited for, and that is said", async () => {
  const { milvus, start } = await startingServer();
  milvus.waitForFirstAnswer(60);
  const found = milvus.within(60).collections.find(REF);
  // Somebody who reads for many has the time of the one with the most.
  const read = milvus.collections.find(REF);
  await sleep(12_000);
  await start();
  expect(await found).toBeUndefined();
  expect(await read).toBeUndefined();
  expect(told).toEqual([expect.stringMatching(/does not answer \(.*\); trying again, for up to 5\d s$/)]);
});

test("whoever has less time gives up at the end of it, and takes nobody along", async () => {
  const { milvus, start } = await startingServer();
  milvus.waitForFirstAnswer(60);
  const started = Date.now();
  const short = failureOf(milvus.within(1.5).version());
  const long = milvus.within(60).version();
  const error = await short;
  expect(Date.now() - started).toBeLessThan(4_000);
  expect(error.message).not.toContain("timeouts` of the resource");
  await sleep(500);
  await start();
  expect(await long).toMatchObject({ text: expect.stringContaining("2.6.19") as string });
});
