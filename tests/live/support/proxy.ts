/**
 * A way to the server that counts the calls that pass and can be cut. It speaks gRPC's HTTP/2, so it knows each call
 * by its name in Milvus.
 */
import * as http2 from "node:http2";
import type { AddressInfo } from "node:net";

const UNAVAILABLE = "14";

export class GrpcProxy {
  /** Every call since the last `forget`, in order, by its name in Milvus: `DropPartition`. */
  readonly calls: string[] = [];
  /** Called before each call is passed on; a promise holds the call up. */
  before: (method: string) => void | Promise<void> = () => undefined;

  private server: http2.Http2Server | undefined;
  private readonly sessions = new Set<http2.Http2Session>();
  private port = 0;

  constructor(private readonly target: string) {}

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  count(method: string): number {
    return this.calls.filter((call) => call === method).length;
  }

  forget(): void {
    this.calls.length = 0;
  }

  /** Takes up service, on the same port as before when it was on already. */
  async on(): Promise<void> {
    const server = http2.createServer();
    server.on("session", (session) => this.connect(session));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.port, "127.0.0.1", resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Connections are refused and those that are open are cut. */
  off(): void {
    this.server?.close();
    this.server = undefined;
    for (const session of this.sessions) session.destroy();
  }

  /** Goes off as soon as the call arrives, before the server sees it. */
  offBefore(method: string): void {
    this.before = (called) => {
      if (called === method) this.off();
    };
  }

  private connect(session: http2.ServerHttp2Session): void {
    const upstream = http2.connect(`http://${this.target}`);
    for (const one of [session, upstream]) {
      this.sessions.add(one);
      one.on("error", () => undefined);
      one.on("close", () => this.sessions.delete(one));
    }
    session.on("close", () => upstream.destroy());
    upstream.on("close", () => session.destroy());
    session.on("stream", (stream, headers) => {
      stream.on("error", () => undefined);
      void this.pass(stream, headers, upstream);
    });
  }

  private async pass(
    stream: http2.ServerHttp2Stream,
    headers: http2.IncomingHttpHeaders,
    upstream: http2.ClientHttp2Session,
  ): Promise<void> {
    const method = String(headers[":path"]).split("/").pop() ?? "";
    await this.before(method);
    this.calls.push(method);
    if (stream.destroyed || upstream.destroyed) return;
    const request = upstream.request(headers);
    request.on("error", () => stream.destroyed || stream.close(http2.constants.NGHTTP2_CANCEL));
    stream.on("close", () => request.close());
    stream.pipe(request);
    let trailers: http2.OutgoingHttpHeaders = { "grpc-status": UNAVAILABLE };
    request.on("trailers", (received: http2.IncomingHttpHeaders) => (trailers = withoutPseudo(received)));
    request.on("response", (reply, flags) => {
      if (stream.destroyed) return;
      if (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) {
        stream.respond(withoutPseudo(reply), { endStream: true });
        return;
      }
      stream.respond(withoutPseudo(reply), { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers(trailers));
      request.pipe(stream);
    });
  }
}

function withoutPseudo(headers: http2.IncomingHttpHeaders): http2.OutgoingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith(":") || name === ":status"),
  );
}
