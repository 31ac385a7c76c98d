/**
 * The servers that contract and live tests share: two real Milvus 2.3.5 with authorization on and a Milvus Lite.
 * Whoever runs the tests starts them once and hands them on in the environment.
 */
import { startMilvus, startMilvusLite, type Server } from "../../tools/servers";

export interface TestServer {
  readonly address: string;
  readonly username?: string;
  readonly password?: string;
}

const VARIABLE = "PULUMI_MILVUS_TEST_SERVERS";

interface TestServers {
  readonly milvus: TestServer;
  /**
   * Where few collections are dropped, for tests that wait for what a user may do: Milvus 2.3 puts a change of that
   * behind what it still has to do for dropped collections, a quarter of a second for each.
   */
  readonly quiet: TestServer;
  readonly lite: TestServer;
}

let started: Server[] = [];

export function areRunning(): boolean {
  return process.env[VARIABLE] !== undefined;
}

export async function startServers(): Promise<void> {
  const withUsers = { authorization: true };
  const [milvus, quiet, lite] = await Promise.all([
    startMilvus(withUsers),
    startMilvus(withUsers),
    startMilvusLite(),
  ]);
  started = [milvus, quiet, lite];
  const servers: TestServers = { milvus: accessTo(milvus), quiet: accessTo(quiet), lite: accessTo(lite) };
  process.env[VARIABLE] = JSON.stringify(servers);
}

function accessTo({ address, username, password }: Server): TestServer {
  return { address, username, password };
}

export async function stopServers(): Promise<void> {
  await Promise.all(started.map((server) => server.stop()));
  if (started.length > 0) delete process.env[VARIABLE];
  started = [];
}

/** The servers of this test run. */
export function testServers(): TestServers {
  const text = process.env[VARIABLE];
  if (text === undefined)
    throw new Error(`no test servers: ${VARIABLE} is not set (tests/support/start-servers.ts sets it)`);
  return JSON.parse(text) as TestServers;
}
