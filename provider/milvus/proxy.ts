/**
 * The HTTP proxy that the environment puts between this process and a server, by the rules of @grpc/grpc-js 1.14
 * (build/src/http_proxy.js), which uses it unasked and does not tell a failure of it from one of the server.
 */
import { BlockList, isIPv4 } from "node:net";

export interface Proxy {
  /** Without the credentials that its URL may hold. */
  readonly address: string;
  /** The environment variable that names it. */
  readonly variable: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** gRPC takes the first that is set, and knows them in lower case only. */
const VARIABLES = ["grpc_proxy", "https_proxy", "http_proxy"];

/** Nothing when the connection to the server, `HOST:PORT`, is a direct one. */
export function proxyBefore(server: string, environment: Environment): Proxy | undefined {
  const variable = VARIABLES.find((name) => environment[name]);
  const text = variable && environment[variable];
  if (!text || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== "http:") return undefined;
  const host = server.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  if (isExempt(host, environment["no_grpc_proxy"] || environment["no_proxy"])) return undefined;
  return { address: `${url.hostname}:${url.port || 80}`, variable };
}

function isExempt(host: string, exempt: string | undefined): boolean {
  return (
    (exempt || undefined)?.split(",").some((one) => host.endsWith(one) || isInNetwork(host, one)) ?? false
  );
}

function isInNetwork(host: string, network: string): boolean {
  const [, address = "", bits] = /^([\d.]+)\/(\d{1,2})$/.exec(network) ?? [];
  if (!isIPv4(host) || !isIPv4(address) || Number(bits) > 32) return false;
  const list = new BlockList();
  list.addSubnet(address, Number(bits));
  return list.check(host);
}
