/**
 * Sends one sequence of calls to two servers, raw through the SDK's client, and tells where their answers differ: codes,
 * error codes, reasons and all that is read back, with ids and times made equal.
 */
import { setTimeout as sleep } from "node:timers/promises";

import { MilvusClient, promisify } from "@zilliz/milvus2-sdk-node";

import type { TestServer } from "../../support/servers";

/** A call of the SDK's client, or one of Milvus by its own name; `$` in its texts becomes a name that no other sequence uses. */
export type Step = readonly [method: string, request?: object];

export interface Sequence {
  readonly name: string;
  readonly steps: readonly Step[];
  /** Reasons of which a server tells any one when several hold. */
  readonly anyOf?: RegExp;
}

export interface Difference {
  readonly step: string;
  readonly real: string;
  readonly fake: string;
}

/** Not a call: waits until what was asked to load is loaded. */
export const UNTIL_LOADED = "until loaded";

const TIMEOUT = 30_000;

export function clientOf({ address, username, password }: TestServer): MilvusClient {
  const client = new MilvusClient({
    address,
    username,
    password,
    maxRetries: 0,
    timeout: TIMEOUT,
    logLevel: "error",
    telemetry: { enabled: false },
  });
  client.connectPromise.catch(() => undefined);
  return client;
}

export async function differencesOf(
  { steps, anyOf }: Sequence,
  prefix: string,
  real: MilvusClient,
  fake: MilvusClient,
): Promise<readonly Difference[]> {
  const [fromReal, fromFake] = await Promise.all(
    [real, fake].map((client) => answersOf(client, steps, prefix)),
  );
  return steps.flatMap(([method, request], at) => {
    const answers = [fromReal?.[at] ?? "", fromFake?.[at] ?? ""];
    const [one, other] = answers.map((answer) => (anyOf ? answer.replace(anyOf, "…") : answer));
    return one === other
      ? []
      : [{ step: `${at}: ${method} ${JSON.stringify(request)}`, real: one ?? "", fake: other ?? "" }];
  });
}

/** What a server answers to each step, as text of JSON in which names and ids are those of no server. */
export async function answersOf(
  client: MilvusClient,
  steps: readonly Step[],
  prefix: string,
): Promise<string[]> {
  const ids = new Ids();
  const answers: string[] = [];
  for (const [method, request] of steps)
    answers.push(ids.equalised(await answerTo(client, method, named(request ?? {}, prefix)), prefix));
  return answers;
}

function named(request: object, prefix: string): object {
  return JSON.parse(JSON.stringify(request).replaceAll("$", prefix)) as object;
}

async function answerTo(client: MilvusClient, method: string, request: object): Promise<unknown> {
  if (method === UNTIL_LOADED) return untilLoaded(client, request);
  const call = (client as unknown as Record<string, (request: object) => Promise<unknown>>)[method];
  try {
    if (/^[A-Z]/.test(method)) return await promisify(client.channelPool, method, request, TIMEOUT);
    if (!call) throw new Error(`the SDK has no call ${method}`);
    return await call.call(client, request);
  } catch (thrown) {
    // createCollection rejects with the bare status; gRPC's own failures have code and details.
    if (!(thrown instanceof Error)) return { thrown };
    const { code, details, message } = thrown as Error & { code?: number; details?: string };
    return { thrown: code === undefined ? message : { code, details } };
  }
}

async function untilLoaded(client: MilvusClient, request: object): Promise<unknown> {
  for (let tries = 0; tries < 100; tries++) {
    const { state } = await client.getLoadState(request as Parameters<MilvusClient["getLoadState"]>[0]);
    if (String(state) !== "LoadStateLoading") return state;
    await sleep(200);
  }
  return "never loaded";
}

/** What is no business of a caller or comes from a clock. */
const NOT_COMPARED = new Set([
  "virtual_channel_names",
  "physical_channel_names",
  "start_positions",
  "request_time",
  "update_timestamp",
  "created_timestamp",
  "created_timestamps",
  "created_utc_timestamp",
  "created_utc_timestamps",
  "createdTime",
  "timestamp",
  "coll_seal_times",
  "coll_flush_ts",
  // Told once more in data, beside the names.
  "partitionIDs",
  // Whatever others have loaded at that moment.
  "num_loaded_replica",
]);

/** Lists out of Go's maps, which have no order. */
const UNORDERED = new Set([
  "aliases",
  "data",
  "db_names",
  "entities",
  "inMemory_percentages",
  "index_descriptions",
  "partition_names",
  "properties",
  "resource_groups",
  "results",
  "roles",
  "usernames",
  "users",
]);

function inOrder(key: string, value: unknown): unknown {
  if (!UNORDERED.has(key) || !Array.isArray(value)) return value;
  const text = (one: unknown): string => JSON.stringify(one).replace(/\d{15,}/g, "#");
  return (value as unknown[]).toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
}

/** Two servers number things differently: each id counts as the first, second, ... that was seen. */
class Ids {
  private readonly seen = new Map<string, string>();

  equalised(answer: unknown, prefix: string): string {
    const compared = JSON.stringify(
      answer,
      (key, value: unknown) => (NOT_COMPARED.has(key) ? undefined : inOrder(key, value)),
      1,
    );
    return (compared ?? "nothing")
      .replaceAll(prefix, "$")
      .replace(/timestamp = \d+/g, "timestamp = …")
      .replace(/delegator \d+ for channel \S+: fail to Query, QueryNode ID = \d+, reason=/g, "delegator: ")
      .replace(/attempt #0: (.*?)(: attempt #\d+: \1)*"/g, '$1"')
      .replace(/supported the object types: \[.*?\]/, "supported the object types: […]")
      .replace(/\d{15,}/g, (id) => this.numbered(id));
  }

  private numbered(id: string): string {
    const known = this.seen.get(id) ?? `#${this.seen.size + 1}`;
    this.seen.set(id, known);
    return known;
  }
}
