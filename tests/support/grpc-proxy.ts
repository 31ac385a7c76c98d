/**
 * A way to the server that knows each gRPC call by its name in Milvus, counts the calls, and lets a test decide what
 * becomes of each: of the call before the server sees it, and of the answer before the client does. It can be cut and
 * take up service again on the same port.
 */
import * as http2 from "node:http2";
import * as net from "node:net";
import * as tls from "node:tls";

import { clientTls } from "../../provider/milvus/tls";
import { freePorts } from "../../tools/ports";
import type { TestServer } from "./servers";

/** Clients speak plain text to the proxy, whatever it speaks to the server. */
type Target = Pick<TestServer, "address" | "tls">;

/** What becomes of a call instead of passing. */
export type Fault =
  /** Answered with UNAVAILABLE; the server never sees it. */
  | "refuse"
  /** The connection is cut; the server never sees it. */
  | "lose the call"
  /** It never gets an answer; the server never sees it. */
  | "swallow the call"
  /** The server does it; the connection is cut before the answer. */
  | "lose the answer"
  /** The server does it; the answer never comes. */
  | "stay silent"
  /** The server does it; the answer is not protobuf. */
  | "garble the answer"
  /** Answered so; the server never sees it. */
  | Answer;

export interface Met {
  /** `DropPartition`. */
  readonly method: string;
  /** How many calls of that method there have been since the last `forget`, this one included. */
  readonly nth: number;
}

const UNAVAILABLE = "14";
const GARBAGE = Buffer.from("\0\0\0\0\x0bnot a reply", "latin1");

export class GrpcProxy {
  /** Every call since the last `forget`, in order, by its name in Milvus. */
  readonly calls: string[] = [];
  /** Asked before a call is passed on; a promise holds the call up. */
  before: (call: Met) => Fault | undefined | Promise<Fault | undefined> = () => undefined;
  /** Told when the server has answered a call; a promise holds the answer up. */
  answered: (call: Met) => void | Promise<void> = () => undefined;
  /** Told what a call asks for once all of it has come, as protobuf. */
  asked: ((method: string, request: Buffer) => void) | undefined;

  private readonly faults = new Map<string, Fault>();
  private server: net.Server | undefined;
  /**
   * Cut at the socket, as a network would. Destroying an HTTP/2 session with streams under way corrupts the memory of
   * Node 20 now and then.
   */
  private readonly sockets = new Set<net.Socket>();
  private port = 0;

  constructor(private readonly target: Target) {}

  /** A proxy that is in service. */
  static async to(target: string | Target): Promise<GrpcProxy> {
    const proxy = new GrpcProxy(typeof target === "string" ? { address: target } : target);
    await proxy.on();
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  count(method: string): number {
    return this.calls.filter((call) => call === method).length;
  }

  forget(): void {
    this.calls.length = 0;
  }

  /** Applies the fault to the next call of that method, once. */
  next(method: string, fault: Fault): void {
    this.faults.set(method, fault);
  }

  /** Goes off as soon as the call arrives, before the server sees it. */
  offBefore(method: string): void {
    this.before = (call) => {
      if (call.method === method) this.off();
      return undefined;
    };
  }

  /** Everything passes again. */
  pass(): void {
    this.faults.clear();
    this.before = () => undefined;
    this.answered = () => undefined;
  }

  /** Takes up service, on the same port as before when it was on already. */
  async on(): Promise<void> {
    // One that nobody else is given while it is off.
    if (this.port === 0) [this.port = 0] = await freePorts(1);
    const server = net.createServer((socket) => this.connect(this.keep(socket)));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.port, "127.0.0.1", resolve);
    });
    this.server = server;
  }

  /** Connections are refused and those that are open are cut. */
  off(): void {
    this.server?.close();
    this.server = undefined;
    this.cut();
  }

  private cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private keep(socket: net.Socket): net.Socket {
    this.sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => this.sockets.delete(socket));
    return socket;
  }

  private connect(client: net.Socket): void {
    const server = this.keep(connectedTo(this.target));
    client.on("close", () => server.destroy());
    server.on("close", () => client.destroy());
    const scheme = this.target.tls ? "https" : "http";
    const upstream = http2.connect(`${scheme}://${this.target.address}`, { createConnection: () => server });
    upstream.on("error", () => undefined);
    const session = http2.performServerHandshake(client);
    session.on("error", () => undefined);
    session.on("stream", (stream, headers) => {
      stream.on("error", () => undefined);
      void this.serve({ stream, headers, upstream, cut: () => client.destroy() });
    });
  }

  private async serve({ stream, headers, upstream, cut }: Arrived): Promise<void> {
    const method = String(headers[":path"]).split("/").pop() ?? "";
    this.calls.push(method);
    const call: Met = { method, nth: this.count(method) };
    const fault = this.faultOfNext(method) ?? (await this.before(call));
    if (stream.destroyed || upstream.destroyed) return;
    if (typeof fault === "object") {
      stream.resume();
      return give(stream, fault);
    }
    switch (fault) {
      case "refuse":
        return refuse(stream);
      case "lose the call":
        return void cut();
      case "swallow the call":
        return void stream.resume();
      case "lose the answer":
      case "stay silent":
      case "garble the answer":
      case undefined:
        break;
    }
    const request = upstream.request(passedOn(headers));
    request.on("error", () => stream.destroyed || stream.close(http2.constants.NGHTTP2_CANCEL));
    stream.on("close", () => request.close());
    this.listenTo(method, stream);
    stream.pipe(request);
    const answer = await answerOf(request);
    await this.answered(call);
    if (stream.destroyed || fault === "stay silent") return;
    if (fault === "lose the answer") cut();
    else give(stream, fault === "garble the answer" ? { ...answer, body: GARBAGE } : answer);
  }

  private listenTo(method: string, stream: http2.ServerHttp2Stream): void {
    const { asked } = this;
    if (!asked) return;
    const parts: Buffer[] = [];
    stream.on("data", (part: Buffer) => parts.push(part));
    // gRPC puts five bytes before each message.
    stream.on("end", () => asked(method, Buffer.concat(parts).subarray(5)));
  }

  private faultOfNext(method: string): Fault | undefined {
    const fault = this.faults.get(method);
    this.faults.delete(method);
    return fault;
  }
}

function connectedTo({ address, tls: secure }: Target): net.Socket {
  const [host = "", port] = address.split(":");
  if (!secure) return net.connect(Number(port), host);
  const { rootCert, certChain, privateKey, serverName } = clientTls(secure);
  return tls.connect({
    host,
    port: Number(port),
    ALPNProtocols: ["h2"],
    ca: rootCert,
    cert: certChain,
    key: privateKey,
    rejectUnauthorized: !secure.insecureSkipVerify,
    ...(serverName !== undefined && { servername: serverName }),
  });
}

interface Arrived {
  readonly stream: http2.ServerHttp2Stream;
  readonly headers: http2.IncomingHttpHeaders;
  readonly upstream: http2.ClientHttp2Session;
  /** Ends the client's connection at once. */
  readonly cut: () => void;
}

export interface Answer {
  readonly headers: http2.OutgoingHttpHeaders;
  readonly trailers: http2.OutgoingHttpHeaders | undefined;
  readonly body: Buffer;
}

/** The whole answer: Milvus's are small, and none of the calls streams. */
function answerOf(request: http2.ClientHttp2Stream): Promise<Answer> {
  return new Promise((resolve) => {
    let headers: http2.OutgoingHttpHeaders = { ":status": 200, "content-type": "application/grpc" };
    let trailers: http2.OutgoingHttpHeaders | undefined = { "grpc-status": UNAVAILABLE };
    const parts: Buffer[] = [];
    request.on("response", (received, flags) => {
      headers = withoutOtherPseudo(received);
      if (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) trailers = undefined;
    });
    request.on("trailers", (received: http2.IncomingHttpHeaders) => {
      trailers = withoutOtherPseudo(received);
    });
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => resolve({ headers, trailers, body: Buffer.concat(parts) }));
  });
}

function give(stream: http2.ServerHttp2Stream, { headers, trailers, body }: Answer): void {
  if (trailers === undefined && body.length === 0) return stream.respond(headers, { endStream: true });
  stream.respond(headers, { waitForTrailers: trailers !== undefined });
  if (trailers) stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  stream.end(body);
}

function refuse(stream: http2.ServerHttp2Stream): void {
  stream.respond(
    {
      ":status": 200,
      "content-type": "application/grpc",
      "grpc-status": UNAVAILABLE,
      "grpc-message": "try later",
    },
    { endStream: true },
  );
}

function passedOn(headers: http2.IncomingHttpHeaders): http2.OutgoingHttpHeaders {
  const others: http2.OutgoingHttpHeaders = { ...headers };
  delete others[":authority"];
  delete others[":scheme"];
  return others;
}

function withoutOtherPseudo(headers: http2.IncomingHttpHeaders): http2.OutgoingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith(":") || name === ":status"),
  );
}

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];

/** A Status of milvus.proto alone, which is what calls answer with that only say whether they succeeded: error_code 1, reason 2, code 3. */
export function refusal(code: number, reason: string): Answer {
  const text = Buffer.from(reason);
  const message = Buffer.concat([
    Buffer.from([0x08, 1, 0x12, ...varint(text.length)]),
    text,
    Buffer.from([0x18, ...varint(code)]),
  ]);
  const length = Buffer.alloc(5);
  length.writeUInt32BE(message.length, 1);
  return {
    headers: { ":status": 200, "content-type": "application/grpc" },
    trailers: { "grpc-status": "0" },
    body: Buffer.concat([length, message]),
  };
}
