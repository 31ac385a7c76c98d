/** Servers between the gateway and the real one, for what happens to a connection: silence, cuts, late starts. */
import * as net from "node:net";

import { freePorts } from "../../tools/ports";

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
  const [port = 0] = await freePorts(1);
  return port;
}
