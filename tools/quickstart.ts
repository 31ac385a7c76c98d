/**
 * `npm run quickstart`: the main job on a real engine and a real Milvus, told step by step. It runs a copy of
 * examples/quickstart, edits it as a user would, and leaves nothing behind; with `--keep` it stays for playing until
 * Ctrl-C.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { MilvusClient } from "@zilliz/milvus2-sdk-node";

import { isInterrupted, onInterrupt } from "./processes";
import { type Server, useMilvus } from "./servers";
import { createWorkspace, type OperationResult, type Workspace } from "./stack";

const EXAMPLE = join(__dirname, "..", "examples", "quickstart", "index.ts");
const COLLECTION = "documents";
const DIM = 8;
const ROWS_PER_YEAR = 300;
const YEARS = [2023, 2024, 2025];

function say(text: string): void {
  console.log(`\n▸ ${text}`);
}

/** What the engine printed, without its progress dots. */
function show({ stdout }: OperationResult): void {
  const lines = stdout
    .split("\n")
    .filter((line) => line.trim() !== "" && !/^@ |^(Previewing|Updating|Destroying)/.test(line));
  console.log(lines.map((line) => `    ${line}`).join("\n"));
}

/** The program's text with a part replaced, which has to be there. */
function edited(program: string, part: string, by: string): string {
  if (!program.includes(part)) throw new Error(`${EXAMPLE} has no ${JSON.stringify(part)} to edit`);
  console.log(`    - ${part.trim()}\n    + ${by.trim() === "" ? "(removed)" : by.trim()}`);
  return program.replace(part, by);
}

function rowsOf(year: number) {
  return Array.from({ length: ROWS_PER_YEAR }, (_, index) => ({
    id: year * 10_000 + index,
    title: `Report ${index} of ${year}`,
    year,
    embedding: Array.from({ length: DIM }, (_unused, axis) => Math.sin(year + index * (axis + 1))),
  }));
}

async function insertAndLoad(client: MilvusClient): Promise<void> {
  for (const year of YEARS) {
    await succeed(
      client.insert({ collection_name: COLLECTION, partition_name: `y${year}`, data: rowsOf(year) }),
    );
  }
  await client.loadCollectionSync({ collection_name: COLLECTION });
}

async function succeed<T extends { status: { error_code: unknown; reason: string } }>(
  call: Promise<T>,
): Promise<T> {
  const reply = await call;
  if (reply.status.error_code !== "Success") throw new Error(reply.status.reason);
  return reply;
}

async function search(client: MilvusClient): Promise<void> {
  const started = Date.now();
  const { results } = await succeed(
    client.search({
      collection_name: COLLECTION,
      data: [rowsOf(2024)[7]?.embedding ?? []],
      limit: 3,
      output_fields: ["title", "year"],
      consistency_level: 0,
    }),
  );
  if (results.length !== 3) throw new Error(`the search found ${results.length} rows instead of 3`);
  for (const { title, score } of results) console.log(`    ${score.toFixed(3)}  ${String(title)}`);
  console.log(`    (${Date.now() - started} ms)`);
}

async function play(workspace: Workspace, client: MilvusClient): Promise<void> {
  let program = readFileSync(EXAMPLE, "utf8");

  say("pulumi up: a collection, a partition for each year, an index for vectors and one for years");
  show(await workspace.up());

  say(`Inserting ${YEARS.length * ROWS_PER_YEAR} rows, loading the collection, searching`);
  await insertAndLoad(client);
  await search(client);

  say("Removing the loaded partition y2023 from the program");
  program = edited(program, '"y2023", ', "");
  workspace.program(program);
  show(await workspace.preview());
  say("pulumi up: released, then dropped; the rest stays loaded");
  show(await workspace.up());
  await search(client);

  say("Changing the parameters of the vector index");
  program = edited(program, "M: 16", "M: 32");
  workspace.program(program);
  show(await workspace.preview());
  say("pulumi up: the collection is released, the index replaced, and the collection loaded again");
  show(await workspace.up());
  await search(client);
}

async function destroy(workspace: Workspace, client: MilvusClient): Promise<void> {
  say("pulumi destroy");
  show(await workspace.destroy());
  const { value } = await client.hasCollection({ collection_name: COLLECTION });
  if (value) throw new Error(`collection ${COLLECTION} is still there`);
}

/** The way in for another terminal. */
function tellHowToPlay(workspace: Workspace, server: Server): void {
  const names = ["PULUMI_HOME", "PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PATH"];
  say(
    `Left for playing until Ctrl-C: Milvus ${server.version} at ${server.address}, the program in ${workspace.directory}`,
  );
  console.log("    In another terminal:");
  for (const name of names) console.log(`      export ${name}='${workspace.env[name] ?? ""}'`);
  console.log(`      cd ${workspace.directory} && pulumi up --stack ${workspace.stack}`);
}

/** Ctrl-C destroys the stack before the server goes; a server of the user's is left as it was found. */
function stayUntilInterrupted(workspace: Workspace, client: MilvusClient): Promise<never> {
  onInterrupt(() => destroy(workspace, client));
  // A promise alone does not keep a process running.
  return new Promise(() => setInterval(() => undefined, 60_000));
}

async function main(): Promise<void> {
  const started = Date.now();
  const keep = process.argv.includes("--keep");
  say("Getting a Pulumi engine and a Milvus (the first time takes some minutes; after that seconds)");
  const server = await useMilvus({ authorization: true });
  const { address, username, password, token } = server;
  const client = new MilvusClient({
    address,
    username,
    password,
    token,
    logLevel: "error",
    telemetry: { enabled: false },
  });
  const workspace = await createWorkspace({
    project: "milvus-quickstart",
    program: readFileSync(EXAMPLE, "utf8"),
    config: {
      "milvus:address": address,
      ...(username && { "milvus:username": username }),
      ...(password && { "milvus:password": { secret: password } }),
      ...(token && { "milvus:token": { secret: token } }),
    },
  });
  try {
    console.log(`    Milvus ${server.version} at ${address}`);
    await play(workspace, client);
    if (keep) {
      tellHowToPlay(workspace, server);
      await stayUntilInterrupted(workspace, client);
    }
    await destroy(workspace, client);
    say(`Done in ${Math.round((Date.now() - started) / 1000)} s; nothing is left.`);
  } catch (error) {
    await workspace.destroy({ expectFailure: true });
    throw error;
  } finally {
    await client.closeConnection();
    workspace.dispose();
    await server.stop();
  }
}

main().catch((error: unknown) => {
  if (isInterrupted()) return;
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
