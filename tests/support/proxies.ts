/** Servers between the gateway and the real one, for what happens to a connection: silence, cuts, late starts. */
import * as http2 from "node:http2";
import * as net from "node:net";

export interface Proxy {
  readonly address: string;
  close(): Promise<void>;
}

function listening(server: net.Server, port = 0): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () =>
      resolve(`127.0.0.1:${(server.address() as net.AddressInfo).port}`),
    );
  });
}

function closed(server: net.Server, sockets: Iterable<{ destroy(): unknown }>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Takes connections and never answers. */
export async function blackHole(): Promise<Proxy> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.resume();
  });
  return { address: await listening(server), close: () => closed(server, sockets) };
}

/** Passes bytes on to a server, on a port that may have been dead until now. */
export async function forwarder(target: string, port: number): Promise<Proxy> {
  const [host = "", targetPort = ""] = target.split(":");
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    const upstream = net.connect(Number(targetPort), host);
    sockets.add(socket).add(upstream);
    socket.on("error", () => upstream.destroy());
    upstream.on("error", () => socket.destroy());
    socket.pipe(upstream).pipe(socket);
  });
  return { address: await listening(server, port), close: () => closed(server, sockets) };
}

/** A port of this machine that nobody listens on. */
export async function deadPort(): Promise<number> {
  const server = net.createServer();
  const address = await listening(server);
  await closed(server, []);
  return Number(address.split(":")[1]);
}

/**
 * What becomes of one call: the server does it and the connection is cut before the answer, the connection is cut
 * before the server hears of it, or the server does it and the answer never comes.
 */
export type Fault = "lose the answer" | "lose the call" | "stay silent";

export interface GrpcProxy extends Proxy {
  /** The names of the calls so far, such as `DescribeCollection`. */
  readonly calls: string[];
  count(call: string): number;
  /** Applies the fault to the next call of that name, once. */
  next(call: string, fault: Fault): void;
}

/** Passes gRPC calls on to a server one by one, counting them. */
export async function grpcProxy(target: string): Promise<GrpcProxy> {
  const calls: string[] = [];
  const faults = new Map<string, Fault>();
  const sessions = new Set<http2.ServerHttp2Session>();
  const upstream = http2.connect(`http://${target}`);
  upstream.on("error", () => undefined);
  const server = http2.createServer();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("error", () => undefined);
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => undefined);
    const name = String(headers[":path"]).split("/").pop() ?? "";
    calls.push(name);
    const fault = faults.get(name);
    faults.delete(name);
    const cut = (): void => stream.session?.destroy();
    if (fault === "lose the call") return cut();
    const request = upstream.request(passedOn(headers));
    request.on("error", () => stream.close(http2.constants.NGHTTP2_CANCEL));
    stream.pipe(request);
    if (fault !== undefined) {
      request.resume();
      if (fault === "lose the answer") request.on("end", cut);
      return;
    }
    answer(stream, request);
  });
  return {
    address: await listening(server),
    calls,
    count: (call) => calls.filter((name) => name === call).length,
    next: (call, fault) => faults.set(call, fault),
    close: () => {
      upstream.destroy();
      return closed(server, sessions);
    },
  };
}

function answer(stream: http2.ServerHttp2Stream, request: http2.ClientHttp2Stream): void {
  let trailers: http2.OutgoingHttpHeaders = {};
  request.on("trailers", (received: http2.IncomingHttpHeaders) => {
    trailers = received;
  });
  request.on("response", (headers, flags) => {
    if (stream.destroyed) return;
    const ends = (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    stream.respond(headers, { waitForTrailers: !ends, endStream: ends });
    stream.on("wantTrailers", () => stream.sendTrailers(trailers));
    if (!ends) request.pipe(stream);
  });
}

function passedOn(headers: http2.IncomingHttpHeaders): http2.OutgoingHttpHeaders {
  const others: http2.OutgoingHttpHeaders = { ...headers };
  delete others[":authority"];
  return others;
}
