/**
 * The servers that contract and live tests share: two real Milvus 2.3.5 with authorization on and a Milvus Lite. Whoever
 * runs the tests starts them once and hands them on in the environment. With MILVUS_ADDRESS set it is that server
 * instead, which stays as it was: tests/support/foreign-server.js says what does not run then.
 */
import { type ServerVersion, parseVersion } from "../../provider/milvus/versions";
import { startMilvus, startMilvusLite, type Server } from "../../tools/servers";
import { beginOn, endOn, type ForeignRun, serverOfUser } from "./foreign-run";
import type { TestServer } from "./test-server";

export { databaseOf, environmentOf, secretOf, settingsOf, type TestServer, textsOf } from "./test-server";

const VARIABLE = "PULUMI_MILVUS_TEST_SERVERS";

interface TestServers {
  readonly milvus: TestServer;
  /**
   * Where few collections are dropped, for tests that wait for what a user may do: Milvus 2.3 puts a change of that
   * behind what it still has to do for dropped collections, a quarter of a second for each.
   */
  readonly quiet: TestServer;
  readonly lite: TestServer;
  /** As the server says it. */
  readonly version: string;
  /** The user's own, with no Milvus Lite beside it. */
  readonly foreign: boolean;
}

let started: Server[] = [];
let foreign: ForeignRun | undefined;

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
  const { version } = milvus;
  handOn({ milvus: accessTo(milvus), quiet: accessTo(quiet), lite: accessTo(lite), version, foreign: false });
}

/** Takes the server of MILVUS_ADDRESS; programs under test must see nothing of it but what a test gives them. */
export async function useForeignServer(): Promise<void> {
  const server = serverOfUser(process.env);
  for (const name of Object.keys(process.env)) if (name.startsWith("MILVUS_")) delete process.env[name];
  foreign = await beginOn(server);
  const ours = foreign.ours;
  handOn({ milvus: ours, quiet: ours, lite: ours, version: foreign.version, foreign: true });
}

function handOn(servers: TestServers): void {
  process.env[VARIABLE] = JSON.stringify(servers);
}

function accessTo({ address, username, password }: Server): TestServer {
  return { address, username, password };
}

export async function stopServers(): Promise<void> {
  await Promise.all(started.map((server) => server.stop()));
  if (started.length > 0 || foreign) delete process.env[VARIABLE];
  started = [];
  const run = foreign;
  foreign = undefined;
  if (run) await endOn(run);
}

/** The servers of this test run. */
export function testServers(): TestServers {
  const text = process.env[VARIABLE];
  if (text === undefined)
    throw new Error(`no test servers: ${VARIABLE} is not set (tests/support/start-servers.ts sets it)`);
  return JSON.parse(text) as TestServers;
}

/** Of {@link testServers}' `milvus` and `quiet`. */
export function testVersion(): ServerVersion {
  return parseVersion(testServers().version);
}

/** "Milvus v2.6.19", for the names of suites. */
export function testServerName(): string {
  return `Milvus ${testServers().version}`;
}
