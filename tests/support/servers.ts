/**
 * The servers that contract and live tests share: two real Milvus 2.3.5 with authorization on and a Milvus Lite. Whoever
 * runs the tests starts them once and hands them on in the environment. With MILVUS_ADDRESS set it is that server
 * instead, which stays as it was: tests/support/foreign-server.js says what does not run then.
 */
import { type ServerVersion, parseVersion } from "../../provider/milvus/versions";
import { serverVersion, startMilvus, startMilvusLite, type Server } from "../../tools/servers";
import { type Inventory, differences, inventoryOf } from "./inventory";

export interface TestServer {
  readonly address: string;
  readonly username?: string;
  readonly password?: string;
}

const VARIABLE = "PULUMI_MILVUS_TEST_SERVERS";
/** What the tests' own settings of a Milvus come from; programs under test must not see them. */
const OF_THE_USER = ["MILVUS_ADDRESS", "MILVUS_USERNAME", "MILVUS_PASSWORD", "MILVUS_TOKEN"] as const;
/** What was dropped is listed for a moment by servers that answer before all their parts know. */
const SETTLED_WITHIN = 15_000;

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
let before: { readonly server: TestServer; readonly inventory: Inventory } | undefined;

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

/** Takes the server of MILVUS_ADDRESS, and notes what stands there. */
export async function useForeignServer(): Promise<void> {
  const server = serverOfUser(process.env);
  const version = await serverVersion(server).catch((error: unknown) => {
    throw new Error(`the Milvus of MILVUS_ADDRESS (${server.address}) does not answer: ${wordsOf(error)}`);
  });
  if (server.password !== undefined) await demandAuthorization(server);
  before = { server, inventory: await inventoryOf(server) };
  for (const name of OF_THE_USER) delete process.env[name];
  handOn({ milvus: server, quiet: server, lite: server, version, foreign: true });
  process.stderr.write(`running on the Milvus ${version} of MILVUS_ADDRESS (${server.address})\n`);
}

export function serverOfUser(env: NodeJS.ProcessEnv): TestServer {
  const address = env["MILVUS_ADDRESS"] ?? "";
  const token = env["MILVUS_TOKEN"] ?? "";
  const [ofToken, ...rest] = token.split(":");
  if (token !== "" && rest.length === 0)
    throw new Error("MILVUS_TOKEN is no USER:PASSWORD: these tests log in with names, not with an API key");
  const username = token === "" ? env["MILVUS_USERNAME"] : ofToken;
  const password = token === "" ? env["MILVUS_PASSWORD"] : rest.join(":");
  if (!password) return { address };
  return { address, username: username || "root", password };
}

/** Tests of who may do what would fail one by one on a server that lets everybody do everything. */
async function demandAuthorization({ address }: TestServer): Promise<void> {
  const isOpen = await serverVersion({ address }).then(
    () => true,
    () => false,
  );
  if (isOpen)
    throw new Error(
      `the Milvus of MILVUS_ADDRESS (${address}) takes everybody, with credentials or without: unset MILVUS_TOKEN ` +
        "and MILVUS_PASSWORD to leave out what needs users, or set common.security.authorizationEnabled on the server",
    );
}

function handOn(servers: TestServers): void {
  process.env[VARIABLE] = JSON.stringify(servers);
}

function accessTo({ address, username, password }: Server): TestServer {
  return { address, username, password };
}

export async function stopServers(): Promise<void> {
  await Promise.all(started.map((server) => server.stop()));
  if (started.length > 0 || before) delete process.env[VARIABLE];
  started = [];
  const foreign = before;
  before = undefined;
  if (foreign) await demandUnchanged(foreign.server, foreign.inventory);
}

async function demandUnchanged(server: TestServer, noted: Inventory): Promise<void> {
  const deadline = Date.now() + SETTLED_WITHIN;
  for (;;) {
    const different = differences(noted, await inventoryOf(server));
    if (different.length === 0) break;
    if (Date.now() > deadline)
      throw new Error(
        `the Milvus at ${server.address} is not as it was before the tests (or somebody else was at work there):\n` +
          different.join("\n"),
      );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  process.stderr.write(`the Milvus at ${server.address} is as it was: ${noted.length} objects\n`);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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
