/** What stands between a client and its Milvus, or where a Milvus should be, and what it answers. */
import { randomBytes } from "node:crypto";
import * as http from "node:http";
import * as net from "node:net";

import type { Answer } from "../../support/grpc-proxy";

const GRPC_HEADERS = { ":status": 200, "content-type": "application/grpc" };

/** A failure of gRPC itself, as gateways and sidecars answer. */
export function grpcStatus(code: number, message: string): Answer {
  return {
    headers: { ...GRPC_HEADERS, "grpc-status": String(code), "grpc-message": message },
    trailers: undefined,
    body: Buffer.alloc(0),
  };
}

/** A page of a load balancer. */
export function page(status: number): Answer {
  return {
    headers: { ":status": status, "content-type": "text/html" },
    trailers: undefined,
    body: Buffer.from(`<html><body><h1>${status}</h1></body></html>`),
  };
}

/** A reply that gRPC takes, with whatever bytes for a message. */
export function reply(message: Buffer): Answer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return {
    headers: GRPC_HEADERS,
    trailers: { "grpc-status": "0" },
    body: Buffer.concat([head, message]),
  };
}

/** gRPC's own success, with no message at all. */
export const NO_MESSAGE: Answer = {
  headers: GRPC_HEADERS,
  trailers: { "grpc-status": "0" },
  body: Buffer.alloc(0),
};

/** These give Milvus's status alone, others have it as the first field of theirs. */
const BARE_STATUS = /^(Create|Drop|Load|Release|Alter|Rename|Update|Delete|Operate|Transfer)/;

/** Milvus's own status in a reply that has nothing else. */
export function milvusStatus(method: string, code: number, reason: string): Answer {
  const status = statusMessage(code, reason);
  return reply(givesBareStatus(method) ? status : bytes(1, status));
}

export function givesBareStatus(method: string): boolean {
  return BARE_STATUS.test(method);
}

/** A description of a collection that names none: success, with a schema in which there is nothing. */
export const NAMELESS_DESCRIPTION: Answer = reply(
  Buffer.concat([bytes(1, statusMessage(0, "")), bytes(2, Buffer.alloc(0))]),
);

function statusMessage(code: number, reason: string): Buffer {
  const UNEXPECTED_ERROR = 1;
  return Buffer.concat([
    ...(code === 0 ? [] : [varint(1, UNEXPECTED_ERROR)]),
    bytes(2, Buffer.from(reason)),
    varint(3, code),
  ]);
}

/** The wire format of protobuf, for numbers and lengths below 128. */
function varint(field: number, value: number): Buffer {
  return Buffer.from([field * 8, value]);
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([field * 8 + 2, value.length]), value]);
}

export interface Middlebox {
  readonly address: string;
  close(): Promise<void>;
}

/** Speaks HTTP/1.1 and has never heard of gRPC. */
export function webServer(): Promise<Middlebox> {
  const server = http.createServer((_, response) => response.end("<html>It works!</html>"));
  return listening(server, () => server.closeAllConnections());
}

/** Answers whatever comes with noise. */
export function noise(): Promise<Middlebox> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", () => socket.write(randomBytes(200)));
  });
  return listening(server, () => sockets.forEach((socket) => socket.destroy()));
}

/** A listener that nothing should ever connect to. */
export interface CountingListener extends Middlebox {
  readonly connections: () => number;
}

export async function countingListener(): Promise<CountingListener> {
  let connections = 0;
  const server = net.createServer((socket) => {
    connections++;
    socket.destroy();
  });
  return { ...(await listening(server, () => undefined)), connections: () => connections };
}

function listening(server: net.Server, cut: () => void): Promise<Middlebox> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () =>
      resolve({
        address: `127.0.0.1:${(server.address() as net.AddressInfo).port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            cut();
          }),
      }),
    );
  });
}
