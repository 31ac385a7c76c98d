/**
 * npm run milvus: a Milvus in the foreground to play with, until Ctrl-C.
 *
 *   npm run milvus                      Milvus 2.3.5 on port 19530 (or a free one), user root, random password
 *   npm run milvus -- --lite            Milvus Lite: smaller, no users, listens on this machine only
 *   npm run milvus -- --data DIR        keeps the data (and the password) in DIR
 *   npm run milvus -- --port PORT       on another port
 */
import { parseArgs } from "node:util";
import { isFree } from "./ports";
import { isInterrupted } from "./processes";
import { messageOf, progress } from "./progress";
import { type Server, startMilvus, startMilvusLite } from "./servers";

const USUAL_PORT = 19530;

interface Arguments {
  lite: boolean;
  data?: string;
  port?: number;
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      lite: { type: "boolean", default: false },
      data: { type: "string" },
      port: { type: "string" },
    },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
    throw new Error(`--port ${String(values.port)} is not a port`);
  }
  return { lite: values.lite, data: values.data, port };
}

async function usualPortOrAnother(): Promise<number | undefined> {
  if (await isFree(USUAL_PORT)) {
    return USUAL_PORT;
  }
  progress(`port ${USUAL_PORT} is taken, using another one`);
  return undefined;
}

async function main(): Promise<void> {
  const { lite, data, port: wanted } = readArguments();
  const port = wanted ?? (await usualPortOrAnother());
  progress(`starting ${lite ? "Milvus Lite" : "Milvus"}`);
  const server = lite
    ? await startMilvusLite({ dataDir: data, port })
    : await startMilvus({ dataDir: data, port, authorization: true });
  process.stdout.write(describe(server, { lite, data }));
  await new Promise(() => {
    // Until a signal ends this process, and with it the server; or the server ends.
    setInterval(() => endWith(server), 1_000);
  });
}

function endWith(server: Server): void {
  if (!server.running && !isInterrupted()) {
    progress(`the server ended by itself; see ${server.logFile ?? "its log"}`);
    process.exit(1);
  }
}

function describe(server: Server, { lite, data }: Pick<Arguments, "lite" | "data">): string {
  const { address, version, username, password } = server;
  const settings = { address, ...(password === undefined ? {} : { username, password }) };
  const entries: [string, string][] = Object.entries(settings);
  const width = Math.max(...entries.map(([name]) => name.length)) + 2;
  const lines = [
    "",
    `Milvus ${version} is ready.`,
    "",
    ...entries.map(([name, value]) => `  ${name.padEnd(width)}${value}`),
    "",
    "In another terminal, for your shell:",
    "",
    ...entries.map(([name, value]) => `  export MILVUS_${name.toUpperCase()}=${value}`),
    "",
    "or for a stack:",
    "",
    ...entries.map(
      ([name, value]) =>
        `  pulumi config set ${name === "password" ? "--secret " : ""}milvus:${name} ${value}`,
    ),
    "",
    data === undefined ? "Its data goes with it." : `Its data stays in ${data}.`,
    lite
      ? "It listens on this machine only."
      : "It listens on all interfaces, on its inner ports without a password: not for a network you do not trust.",
    "Ctrl-C ends it.",
    "",
  ];
  return lines.join("\n");
}

main().catch((error: unknown) => {
  if (!isInterrupted()) {
    progress(messageOf(error));
    process.exit(1);
  }
});
