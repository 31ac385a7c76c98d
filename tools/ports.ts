/** Free ports for servers that want many of them. */
import * as net from "node:net";

/**
 * Below the range from which the kernel numbers outgoing connections (Linux from 32768, macOS from 49152): a port
 * found free here is not taken by somebody's client a moment later, and a server restarted on it gets it back.
 */
const FIRST = 15_000;
const LAST = 32_000;

/** Ports given out by this process are not given out again. */
const givenOut = new Set<number>();

/** Different ports that nobody listens on, neither on loopback nor on all interfaces. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let attempt = 0; ports.length < count; attempt++) {
    if (attempt > 2_000) {
      throw new Error(`no ${count} free ports between ${FIRST} and ${LAST}`);
    }
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (!givenOut.has(port) && (await isFree(port))) {
      givenOut.add(port);
      ports.push(port);
    }
  }
  return ports;
}

export async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, "0.0.0.0")) && (await canListen(port, "127.0.0.1"));
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
