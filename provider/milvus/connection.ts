/**
 * One client per address and identity, and one way to call it: each reply is judged, passing failures are tried
 * again while the operation has time, and a call whose outcome is unknown is settled by reading.
 *
 * Facts behind it (SDK 3.0.6): a failed call may resolve with a failed status, with no status at all (the server
 * does not know the call) or reject with a plain object; a client whose first connect failed stays half dead until
 * `connect` is called again; loading the SDK and constructing a client blocks for 0.4 s when they are left to
 * themselves, and for 0.07 s as provider/milvus/sdk.ts does it.
 */
import type { MilvusClient } from "@zilliz/milvus2-sdk-node";
import { backOff } from "exponential-backoff";

import { log } from "../core/log";
import { withoutSecrets } from "../core/printable";
import {
  type Failure,
  MilvusError,
  noAnswer as noAnswerTo,
  NotFoundError,
  unreachableAdvice,
  UnsupportedError,
} from "./errors";
import { inTime } from "./in-time";
import { newClient, SDK_VERSION } from "./sdk";
import { type ConnectionSettings, identityOf } from "./settings";
import { type Status, tooFewNodes, verdictOn, withoutStackTrace } from "./status";
import { clientTls, speaksTls, TLS_IS_WANTED, tlsFailureIn, type TlsFailure } from "./tls";
import { parseVersion, type ServerVersion } from "./versions";

/** What one call is allowed to take before its outcome counts as unknown, in milliseconds. */
const ATTEMPT_TIMEOUT = 20_000;
/** How long a server that has no node at all may still be starting them, in milliseconds. */
const NODES_TIMEOUT = 30_000;
/**
 * How long a server that has not answered in this process yet is waited for where nobody asked for more, in milliseconds:
 * see `waitForFirstAnswer`.
 */
const FIRST_ANSWER_TIMEOUT = 8_000;
/** Between two lines that say that its first answer is still waited for, in milliseconds. */
const WAITING_INTERVAL = 30_000;
/** A server that does not answer in less may be as good as any, in milliseconds. */
const WORTH_TELLING = 500;
/** How long after its deadline a call has to end by itself, in milliseconds. */
const END_OF_CALL = 2_000;
/** How long a server that was away may still fail at its own parts, in milliseconds. */
const STARTING_TIME = 60_000;
/** How often in a row a call is asked again whose answer ends without a status: a server that dies does so once. */
const MOST_TORN_OFF = 5;
/** Passing failures shorter than this are not worth a line in the log, in milliseconds. */
const QUIET_WAIT = 2_000;

export interface Call<T> {
  /** As Milvus names it, such as `DropPartition`. */
  readonly operation: string;
  /** As messages name it: `partition y2023 of collection default/documents`. */
  readonly object: string;
  /** When to give up, as milliseconds since the epoch. */
  readonly deadline: number;
  /** Whether the user has ended the run: then a failure that passes is waited out no more. */
  isCancelled?(): boolean;
  /** For calls that servers take longer over than over others, in milliseconds. Default: 20,000. */
  readonly attemptTimeout?: number;
  run(client: MilvusClient, timeout: number): Promise<T>;
  /**
   * For calls that change something: whether what they ask for is there already. Asked after an outcome that is
   * unknown (a deadline, a connection cut), before the call is tried again.
   */
  settled?(): Promise<boolean>;
}

/** When a call is given up. */
type Patience = Pick<Call<unknown>, "deadline" | "isCancelled">;

interface AskedVersion {
  readonly answer: Promise<ServerVersion>;
  /** When the question is given up, in milliseconds since the epoch. */
  readonly deadline: number;
}

/** Whatever does not begin so may change something. */
const READS = /^(Describe|Get|List|Query|Select|Show)/;

/** Below a call that settled itself there is no reply; callers of changing calls do not look at it. */
const SETTLED = Symbol("settled");

export class Connection {
  private client: MilvusClient | undefined;
  private serverVersion: AskedVersion | undefined;
  /** When the client was there, in milliseconds since the epoch. */
  private opened: number | undefined;
  private answered = false;
  /** When it was last not to be reached, in milliseconds since the epoch. */
  private awayAt = 0;
  /** Until when a server that has not answered yet is waited for in any case, in milliseconds since the epoch. */
  private patience = 0;
  private loggedWaiting = false;
  /** When it was last said that it is waited for, in milliseconds since the epoch. */
  private toldWaiting = 0;
  /** When a call that may change something ended last, in milliseconds since the epoch. */
  private lastChange = 0;

  constructor(private readonly settings: ConnectionSettings) {}

  get address(): string {
    return this.settings.address;
  }

  /** Nothing with an API key, or without authorization. */
  get userName(): string | undefined {
    const { username, token } = this.settings;
    if (username !== undefined) return username;
    const end = token?.indexOf(":") ?? -1;
    return end < 0 ? undefined : token?.slice(0, end);
  }

  get changedAt(): number {
    return this.lastChange;
  }

  /**
   * A server may take minutes to start. Whoever has that time says so before its calls; it counts for all calls to the
   * server, each within its own deadline, until there was a first answer. In milliseconds since the epoch.
   */
  waitForFirstAnswer(until: number): void {
    this.patience = Math.max(this.patience, until);
  }

  /** Until when its first answer is waited for in any case, in milliseconds since the epoch; 0: no longer. */
  get patientUntil(): number {
    return this.answered ? 0 : this.patience;
  }

  /** Asked once per process. Whoever waits for the answer to another one's question has its own time all the same. */
  async version(patience: Patience): Promise<ServerVersion> {
    const { deadline } = patience;
    const asked = this.serverVersion ?? this.askVersion(patience);
    try {
      return await inTime(asked.answer, deadline, noAnswerTo(GET_VERSION, THE_SERVER, this.address));
    } catch (error) {
      const ranOutOfTime = asked.deadline < deadline && Date.now() >= asked.deadline;
      if (ranOutOfTime) return this.version(patience);
      throw error;
    }
  }

  private askVersion(patience: Patience): AskedVersion {
    const answer = this.call({
      operation: GET_VERSION,
      object: THE_SERVER,
      ...patience,
      run: async (client) => ({ ...(await client.getVersion()), product: productOf(client) }),
    }).then((reply) => parseVersion(reply.version, reply.product));
    const asked = { answer, deadline: patience.deadline };
    this.serverVersion = asked;
    answer.catch(() => {
      if (this.serverVersion === asked) this.serverVersion = undefined;
    });
    return asked;
  }

  async call<T>(call: Call<T>): Promise<T> {
    try {
      return await this.untilAnswered(call);
    } finally {
      if (!READS.test(call.operation)) this.lastChange = Date.now();
    }
  }

  private async untilAnswered<T>(call: Call<T>): Promise<T> {
    const started = Date.now();
    // A server that was never reached is not waited for as long as one that is starting again; what this process
    // needs to load the SDK, seconds on a busy machine, is not the server's.
    const asked = (): number => Math.max(started, this.opened ?? Date.now());
    const limit = (): number => {
      if (this.answered) return call.deadline;
      return Math.min(call.deadline, Math.max(asked() + FIRST_ANSWER_TIMEOUT, this.patience));
    };
    let uncertain: PassingFailure | undefined;
    /** What is told in the end: that the time ran out says less than what went wrong before. */
    let cause: PassingFailure | undefined;
    let tornOff = 0;
    const attempt = async (): Promise<T | typeof SETTLED> => {
      if (uncertain && (await isSettled(call, uncertain))) return SETTLED;
      if (cause && Date.now() >= limit()) throw cause;
      return this.attempt(call, limit(), started);
    };
    const retry = (error: unknown): boolean => {
      if (!(error instanceof PassingFailure)) return false;
      if (error.outcomeUnknown) uncertain = error;
      if (typeof error.code === "string") this.awayAt = Date.now();
      if (!cause || !error.saysNothing) cause = error;
      if (Date.now() - asked() > QUIET_WAIT) this.logWaiting(error, limit());
      tornOff = error.isTornOff ? tornOff + 1 : 0;
      return Date.now() < limit() && tornOff <= MOST_TORN_OFF && call.isCancelled?.() !== true;
    };
    try {
      const reply = await backOff(attempt, {
        numOfAttempts: Number.MAX_SAFE_INTEGER,
        startingDelay: 100,
        maxDelay: 2_000,
        retry,
      });
      // A settled call has no reply to give; only calls that change something settle.
      return reply === SETTLED ? (undefined as T) : reply;
    } catch (error) {
      if (error instanceof PassingFailure) {
        const { reason, code, saysNothing } = cause ?? error;
        // Codes that are no numbers are from below Milvus: nothing was heard of the server itself.
        const unheard = typeof code === "string" ? this.unheardAdvice(call.deadline) : undefined;
        const advice = tooFewNodes(reason) ? NODES_ADVICE : unheard;
        throw this.failure(call, reason, code, { waited: Date.now() - asked(), advice, saysNothing });
      }
      throw error;
    }
  }

  /** That it was not waited for longer is told where there was time. */
  private unheardAdvice(deadline: number): string {
    const wasCutShort = !this.answered && Date.now() < deadline;
    return (wasCutShort ? STARTING_ADVICE : "") + unreachableAdvice(this.address);
  }

  /** Once for an outage, however many calls wait; while it starts, every now and then. */
  private logWaiting({ reason, code }: PassingFailure, until: number): void {
    const now = Date.now();
    const starts = this.patientUntil > now;
    if (this.loggedWaiting && !(starts && now - this.toldWaiting >= WAITING_INTERVAL)) return;
    this.loggedWaiting = true;
    this.toldWaiting = now;
    const what = typeof code === "number" ? "refuses for now" : "does not answer";
    const rest = starts ? `, for up to ${seconds(until - now)}` : "";
    log(`Milvus at ${this.address} ${what} (${reason}); trying again${rest}`);
  }

  private async attempt<T>(call: Call<T>, limit: number, started: number): Promise<T> {
    const { attemptTimeout = ATTEMPT_TIMEOUT } = call;
    let timeout = attemptTimeout;
    let reply: unknown;
    try {
      const client = await inTime(this.connected(), limit, noAnswer);
      timeout = Math.min(attemptTimeout, limit - Date.now());
      if (timeout <= 0) throw this.answered ? timeIsUp() : noAnswer();
      // The SDK has no time for what it waits for before it sends.
      reply = await inTime(call.run(client, timeout), Date.now() + timeout + END_OF_CALL, neverEnded);
    } catch (thrown) {
      reply = statusThrown(thrown);
      if (reply === undefined)
        throw await this.below(call, thrown, timeout < attemptTimeout ? timeout : undefined);
    }
    this.answered = true;
    this.loggedWaiting = false;
    const status = statusOf(reply);
    if (status === undefined) throw await this.unknownCall(call);
    this.judge(call, status, started);
    return reply as T;
  }

  /** Throws unless the reply says success. */
  private judge(call: Call<unknown>, status: Status, started: number): void {
    const verdict = verdictOn(status);
    if (verdict.kind === "success") return;
    const { kind, code } = verdict;
    const few = tooFewNodes(verdict.reason);
    const reason = few?.reason ?? withoutStackTrace(verdict.reason);
    const isStarting = Date.now() - this.awayAt < STARTING_TIME;
    if (kind === "missing") throw new NotFoundError(this.failureOf(call, reason, code));
    if (few && (kind !== "passing" || Date.now() - started > NODES_TIMEOUT))
      throw this.failure(call, reason, code, { advice: NODES_ADVICE });
    if (kind === "passing" || (isStarting && INNER_FAILURE.test(reason)))
      throw new PassingFailure(this.withoutSecrets(reason), code, ENDED_UNDER_WAY.test(reason));
    throw this.failure(call, reason, code);
  }

  private async unknownCall(call: Call<unknown>): Promise<UnsupportedError> {
    const failed = `${call.operation} of ${call.object} failed on Milvus at ${this.address}`;
    if (call.operation !== GET_VERSION && (await this.isLite(call)))
      return new UnsupportedError(`${failed}: Milvus Lite does not know this call; it needs a full Milvus`);
    return new UnsupportedError(
      `${failed}: the server does not know this call; a newer Milvus is needed, unless it is something else that ` +
        `answers there. ${unreachableAdvice(this.address)}`,
    );
  }

  private async isLite({ deadline, isCancelled }: Patience): Promise<boolean> {
    const server = await this.version({ deadline, isCancelled }).catch(() => undefined);
    return server?.product === "Milvus Lite";
  }

  private failure(
    call: Call<unknown>,
    reason: string,
    code: Failure["code"],
    {
      waited = 0,
      advice = ADVICE[String(code)],
      saysNothing = false,
    }: { waited?: number; advice?: string; saysNothing?: boolean } = {},
  ): MilvusError {
    const whole = waited > QUIET_WAIT ? `${reason}; gave up after ${seconds(waited)}` : reason;
    const failure = this.failureOf(call, whole, code);
    return new MilvusError(saysNothing ? { ...failure, saysNothing } : failure, advice);
  }

  private failureOf({ operation, object }: Call<unknown>, reason: string, code: Failure["code"]): Failure {
    return { operation, object, address: this.address, reason: this.withoutSecrets(reason), code };
  }

  /** A failure below Milvus's own replies: gRPC, TLS, name resolution or the SDK's own refusal. */
  private async below(call: Call<unknown>, thrown: unknown, shortenedTo?: number): Promise<Error> {
    if (thrown instanceof PassingFailure) return thrown;
    const { code, details, message } = thrown as { code?: unknown; details?: string; message?: string };
    const reason = this.withoutSecrets(readable(details || message || String(thrown)));
    if (thrown instanceof TypeError && LOOKED_INTO_NOTHING.test(reason)) return await this.unknownCall(call);
    if (typeof code !== "number") return this.failure(call, reason, undefined);
    // Most calls of the SDK give an empty reply then; some throw.
    if (code === GRPC.UNIMPLEMENTED) return this.unknownCall(call);
    const tlsFailure = code === GRPC.UNAVAILABLE && (await this.tlsFailure(reason));
    if (tlsFailure)
      return this.failure(call, tlsFailure.reason, `grpc ${code}`, { advice: tlsFailure.advice });
    const unreachable = code === GRPC.UNAVAILABLE && /ECONNREFUSED|No connection established/.test(reason);
    if (code === GRPC.DEADLINE_EXCEEDED && shortenedTo !== undefined)
      return noAnswerInRest(reason, shortenedTo);
    if (code === GRPC.UNAVAILABLE || code === GRPC.DEADLINE_EXCEEDED)
      return new PassingFailure(reason, `grpc ${code}`, !unreachable);
    if (isTornOff(code, reason)) return new PassingFailure(reason, `grpc ${code}`, true, true);
    return this.failure(call, reason, `grpc ${code}`);
  }

  private async tlsFailure(reason: string): Promise<TlsFailure | undefined> {
    if (this.settings.tls) return tlsFailureIn(reason);
    if (!/^Failed to connect/.test(reason)) return undefined;
    return (await speaksTls(this.address)) ? TLS_IS_WANTED : undefined;
  }

  private withoutSecrets(text: string): string {
    const { password, token } = this.settings;
    // A token may be USERNAME:PASSWORD, and a message repeat the password alone.
    const secrets = [password, token, token?.slice(token.indexOf(":") + 1)];
    return withoutSecrets(
      text,
      secrets.filter((secret) => secret !== undefined),
    );
  }

  private async connected(): Promise<MilvusClient> {
    const client = (this.client ??= this.open());
    try {
      await client.connectPromise;
      return client;
    } catch {
      return this.connectedAgain(client);
    }
  }

  private async connectedAgain(failed: MilvusClient): Promise<MilvusClient> {
    // Another SDK may have no such call, and a client that is made anew does the same.
    const { connect } = failed as Partial<Pick<MilvusClient, "connect">>;
    if (typeof connect === "function") failed.connect(SDK_VERSION);
    else if (this.client === failed) this.client = this.open();
    const client = this.client ?? failed;
    await client.connectPromise;
    return client;
  }

  private open(): MilvusClient {
    const { address, username, password, token, database, tls } = this.settings;
    const client = newClient({
      address,
      database,
      ssl: tls !== undefined,
      username,
      password,
      token,
      timeout: ATTEMPT_TIMEOUT / 2,
      maxRetries: 0,
      // With NODE_ENV=test the SDK would print every request, passwords included.
      logLevel: "error",
      // A server with gRPC's default policy cuts clients that ping every ten seconds, the SDK's default.
      channelOptions: { "grpc.keepalive_time_ms": 300_000, "grpc.keepalive_permit_without_calls": 0 },
      telemetry: { enabled: false },
      ...(tls && { tls: clientTls(tls) }),
    });
    // Nobody may be waiting yet; an unhandled rejection would end the process.
    Promise.resolve(client.connectPromise).catch(() => undefined);
    this.opened = Date.now();
    return client;
  }

  async close(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.closeConnection();
  }
}

/** What the server said of itself when the client connected; old servers have no such call. */
function productOf(client: MilvusClient): string | undefined {
  return (client.serverInfo as Partial<MilvusClient["serverInfo"]> | undefined)?.build_tags;
}

const GET_VERSION = "GetVersion";
const THE_SERVER = "the server";

const STARTING_ADVICE =
  "Nothing was ever heard of the server, so it was given up early; where it takes longer to start set `timeouts` of the " +
  "resource, which count for its first answer as well. ";

const GRPC = {
  CANCELLED: 1,
  DEADLINE_EXCEEDED: 4,
  PERMISSION_DENIED: 7,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/** Some methods of the SDK look into the reply to a call that the server does not know, which is empty. */
const LOOKED_INTO_NOTHING = /of undefined \(reading '(error_code|code|status)'\)/;

/**
 * A server that dies with the answer half sent, or a proxy that lost it: nobody here cancels a call. A page of
 * something else that answers looks the same, each time.
 */
function isTornOff(code: number, reason: string): boolean {
  return code === GRPC.CANCELLED || (code === GRPC.INTERNAL && reason.includes("RST_STREAM"));
}

class PassingFailure extends Error {
  constructor(
    readonly reason: string,
    readonly code: number | `grpc ${number}` | undefined,
    readonly outcomeUnknown: boolean,
    readonly isTornOff = false,
    /** That the operation's time ran out says less than whatever went wrong before. */
    readonly saysNothing = false,
  ) {
    super(reason);
  }
}

/** gRPC wraps the one thing that matters, such as "connect ECONNREFUSED 127.0.0.1:19530". */
function readable(details: string): string {
  const [, seconds] = /^Deadline exceeded after ([\d.]+)s/.exec(details) ?? [];
  if (seconds !== undefined) return `no answer within ${seconds} s`;
  const [, lastError] = /Last error: (?:Error: )?(.*?)\.?\s*Resolution note:/s.exec(details) ?? [];
  // Without one gRPC writes null, and undefined when an HTTP proxy refused.
  return lastError === undefined || /^(null|undefined)$/.test(lastError)
    ? details.replace(/ Last error: (null|undefined)\.? Resolution note: ?/, "").trim()
    : lastError;
}

/** What it reads is shared with others and may wait longer than this call may: then the failure stands. */
async function isSettled(call: Call<unknown>, failure: PassingFailure): Promise<boolean> {
  if (!call.settled) return false;
  // What it reads with has the same time, and may say first that it is up.
  const settled = call.settled().catch((error: unknown) => {
    throw Date.now() < call.deadline ? error : failure;
  });
  return inTime(settled, call.deadline, () => failure);
}

/** The SDK was still busy with it. */
function neverEnded(): PassingFailure {
  return timedOut("no answer", true);
}

/** The call was not sent: nothing can have come of it. */
function noAnswer(): PassingFailure {
  return timedOut("no answer while connecting", false);
}

/** Nor this one. */
function timeIsUp(): PassingFailure {
  return timedOut("not asked, since the operation's time was up", false);
}

/** It was sent with less time than such a call is given otherwise; next to none says nothing of the server. */
function noAnswerInRest(reason: string, timeout: number): PassingFailure {
  const told =
    timeout < WORTH_TELLING
      ? "the operation's time was up before there was an answer"
      : `${reason}, all that was left of the operation's time`;
  return timedOut(told, true);
}

function timedOut(reason: string, outcomeUnknown: boolean): PassingFailure {
  return new PassingFailure(reason, `grpc ${GRPC.DEADLINE_EXCEEDED}`, outcomeUnknown, false, true);
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}

function statusOf(reply: unknown): Status | undefined {
  if (typeof reply !== "object" || reply === null) return undefined;
  const status = "status" in reply && typeof reply.status === "object" ? reply.status : reply;
  if (status === null) return undefined;
  const { error_code, code } = status as Status;
  return error_code === undefined && code === undefined ? undefined : status;
}

/** createCollection rejects with the bare status, no Error. */
function statusThrown(thrown: unknown): Status | undefined {
  return thrown instanceof Error ? undefined : statusOf(thrown);
}

/** It stopped waiting for the work that it began; what became of that it does not know. */
const ENDED_UNDER_WAY = /context (done|cancel+ed|deadline exceeded)/i;

/** What one part of Milvus says of another that is not there yet; the reason proper is lost on the way. */
const INNER_FAILURE = /^unrecoverable error$/;

const NODES_ADVICE =
  "Ask for fewer replicas, or give the cluster or the resource group more query nodes (and streaming nodes from Milvus 2.6 on)";

const ADVICE: Readonly<Record<string, string>> = {
  [`grpc ${GRPC.UNAUTHENTICATED}`]:
    "Check milvus:username and milvus:password, or milvus:token. Destroy and refresh use the settings that the " +
    "state recorded: after a rotation run `pulumi up` first, or pass --run-program",
  [`grpc ${GRPC.PERMISSION_DENIED}`]: "The user needs the named privilege",
};

/** As many as a process is given identities: each provider of the engine has a process of its own. */
const connections = new Map<string, Connection>();

export function connectionTo(settings: ConnectionSettings): Connection {
  const identity = identityOf(settings);
  let connection = connections.get(identity);
  if (!connection) connections.set(identity, (connection = new Connection(settings)));
  return connection;
}
