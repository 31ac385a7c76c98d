/** A run of contract or live on a server of the user's, which is afterwards as it was before. */
import * as path from "node:path";

import { Milvus } from "../../provider/milvus/gateway";
import { Run } from "../../provider/run";
import { asError } from "../../provider/milvus/shared-reads";
import { DEFAULT_DATABASE, readSettings, type TlsSettings } from "../../provider/milvus/settings";
import { differences, type Inventory, inventoryOf } from "./inventory";
import { dropAbandonedDatabases, dropOwnDatabase, makeOwnDatabase } from "./own-database";
import { settingsOf, type TestServer } from "./test-server";

/** What was dropped is listed for a moment by servers that answer before all their parts know. */
const SETTLED_WITHIN = 15_000;

export interface ForeignRun {
  /** As the user has it. */
  readonly server: TestServer;
  /** As tests have it, with the database that is theirs. */
  readonly ours: TestServer;
  /** As the server says it. */
  readonly version: string;
  /** What stood there before. */
  readonly inventory: Inventory;
}

/** Notes what stands there, and makes a database for the tests. */
export function beginOn(server: TestServer): Promise<ForeignRun> {
  return connectedTo(server, async (milvus) => {
    const version = await versionOf(milvus);
    say(`running on the Milvus ${version} of MILVUS_ADDRESS (${server.address})`);
    if (server.password !== undefined || server.token !== undefined) await demandAuthorization(server);
    await dropAbandonedDatabases(milvus, say);
    const inventory = await inventoryOf(milvus);
    const database = await makeOwnDatabase(milvus, say);
    return { server, ours: database === undefined ? server : { ...server, database }, version, inventory };
  });
}

/** Throws when the server is not as it was, nor becomes so within so many milliseconds. */
export function endOn({ server, ours, inventory }: ForeignRun, within = SETTLED_WITHIN): Promise<void> {
  return connectedTo(server, async (milvus) => {
    if (ours !== server) await dropDatabase(milvus, settingsOf(ours).database);
    await demandUnchanged(milvus, inventory, within);
  });
}

async function connectedTo<T>(server: TestServer, work: (milvus: Milvus) => Promise<T>): Promise<T> {
  const milvus = Milvus.at(settingsOf(server), new Run());
  try {
    return await work(milvus);
  } finally {
    await milvus.close();
  }
}

/** That it could not be dropped is no reason to say nothing of what else is there: the comparison names it. */
async function dropDatabase(milvus: Milvus, database: string): Promise<void> {
  await dropOwnDatabase(milvus, database, say)
    .then(() => say(`the tests' database ${database} is dropped`))
    .catch((error: unknown) => say(asError(error).message));
}

async function demandUnchanged(milvus: Milvus, noted: Inventory, within: number): Promise<void> {
  const deadline = Date.now() + within;
  for (;;) {
    const different = differences(noted, await inventoryOf(milvus));
    if (different.length === 0) break;
    if (Date.now() > deadline)
      throw new Error(
        `the Milvus at ${milvus.address} is not as it was before the tests (or somebody else was at work there):\n` +
          different.join("\n"),
      );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  say(`the Milvus at ${milvus.address} is as it was: ${noted.size} objects`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function versionOf(milvus: Milvus): Promise<string> {
  const { text } = await milvus
    .within(10)
    .version()
    .catch((error: unknown) => {
      throw new Error(
        `the Milvus of MILVUS_ADDRESS (${milvus.address}) does not answer: ${asError(error).message}`,
      );
    });
  return text;
}

/** The settings are those of programs: MILVUS_ADDRESS, MILVUS_TOKEN and so on. */
export function serverOfUser(env: NodeJS.ProcessEnv): TestServer {
  // Who may do everything is root, most of the time.
  const user = env["MILVUS_PASSWORD"] ? env["MILVUS_USERNAME"] || "root" : undefined;
  const settings = readSettings(
    () => undefined,
    (name) => (name === "MILVUS_USERNAME" ? user : env[name]),
  );
  const { address, token, database } = settings;
  const tls = settings.tls && withWholePaths(settings.tls);
  const [username, ...rest] = token?.split(":") ?? [];
  const credentials =
    token === undefined
      ? user !== undefined && { username: user, password: settings.password }
      : rest.length === 0
        ? { token }
        : { username, password: rest.join(":") };
  return { address, ...credentials, ...(tls && { tls }), ...(database !== DEFAULT_DATABASE && { database }) };
}

/** Programs under test run in folders of their own. */
function withWholePaths(tls: TlsSettings): TlsSettings {
  const whole = Object.entries(tls).map(([name, value]) => [
    name,
    name.endsWith("Path") ? path.resolve(String(value)) : (value as unknown),
  ]);
  return Object.fromEntries(whole) as TlsSettings;
}

/** Tests of who may do what would fail one by one on a server that lets everybody do everything. */
async function demandAuthorization({ address, tls }: TestServer): Promise<void> {
  const nobody = Milvus.at(settingsOf({ address, tls }), new Run());
  const isOpen = await nobody
    .within(10)
    .version()
    .then(
      () => true,
      () => false,
    );
  await nobody.close();
  if (isOpen)
    throw new Error(
      `the Milvus of MILVUS_ADDRESS (${address}) takes everybody, with credentials or without: unset MILVUS_TOKEN ` +
        "and MILVUS_PASSWORD to leave out what needs users, or set common.security.authorizationEnabled on the server",
    );
}
