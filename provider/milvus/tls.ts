/**
 * How a connection is secured, in the SDK's terms, and what goes wrong with it in the user's. A certificate that is
 * wrong does not become right by trying again, so what is recognised here is told at once.
 *
 * Facts behind it (SDK 3.0.6, Node 20): the SDK drops the client's certificate when checks are skipped; Node takes a
 * file without any certificate for an empty list of authorities; gRPC hands on OpenSSL's words, and of a server that
 * wants TLS and is not given it says just "Failed to connect".
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { connect } from "node:tls";

import type { ClientConfig } from "@zilliz/milvus2-sdk-node";

import type { TlsSettings } from "./settings";

/** Throws, naming the setting and the file, when a file is not what it should be. */
export function clientTls(tls: TlsSettings): NonNullable<ClientConfig["tls"]> {
  const { serverName, insecureSkipVerify = false } = tls;
  const rootCert = pemOf(tls, "caCertPath", "a certificate", toCertificate);
  const certChain = pemOf(tls, "clientCertPath", "a certificate", toCertificate);
  const privateKey = pemOf(tls, "clientKeyPath", "a private key without a passphrase", createPrivateKey);
  if (!certChain || !privateKey) return { rootCert, serverName, skipCertCheck: insecureSkipVerify };
  if (!toCertificate(certChain).checkPrivateKey(createPrivateKey(privateKey)))
    throw new Error(
      "milvus:tls: the key of clientKeyPath does not belong to the certificate of clientCertPath",
    );
  const verifyOptions = insecureSkipVerify ? UNCHECKED : undefined;
  return { rootCert, serverName, certChain, privateKey, verifyOptions };
}

const UNCHECKED = { rejectUnauthorized: false, checkServerIdentity: () => undefined };

function toCertificate(pem: Buffer): X509Certificate {
  return new X509Certificate(pem);
}

function pemOf(
  tls: TlsSettings,
  setting: "caCertPath" | "clientCertPath" | "clientKeyPath",
  content: string,
  parse: (pem: Buffer) => unknown,
): Buffer | undefined {
  const path = tls[setting];
  if (path === undefined) return undefined;
  const file = resolve(path);
  const pem = read(file, setting);
  try {
    parse(pem);
  } catch {
    throw new Error(`${setting} of milvus:tls must be a PEM file with ${content}, and ${file} is not`);
  }
  return pem;
}

function read(file: string, setting: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`${setting} of milvus:tls must be a PEM file, and ${file} cannot be read (${code})`);
  }
}

export interface TlsFailure {
  readonly reason: string;
  readonly advice: string;
}

/** By what gRPC says of a failed handshake; the first that fits counts. */
const FAILURES: readonly (readonly [pattern: RegExp, reason: (words: string) => string, advice: string])[] = [
  [
    /alert (bad certificate|certificate [a-z]+|unknown ca|unsupported certificate|access denied)/,
    () => "the server demands a certificate of its clients, and this one has none that it takes",
    "Set clientCertPath and clientKeyPath of milvus:tls to a certificate from an authority that the server trusts",
  ],
  [
    /wrong version number|packet length too long|http request/,
    () => "the server does not speak TLS on this port",
    "Leave https:// and milvus:tls out, or give the port that speaks TLS",
  ],
  [
    /alert (handshake failure|protocol version)/,
    () => "the server and this client have no version or cipher of TLS in common",
    "Check the TLS settings of the server",
  ],
  [
    /Hostname\/IP does not match/,
    (words) => words.replace(/^Error \[\w+\]: |:\s*$/g, ""),
    "Use an address that the server's certificate names, or set serverName of milvus:tls to a name in it",
  ],
  [
    /certificate (has expired|is not yet valid)/,
    (words) => `the server's ${words}, by the clock of this machine`,
    "Renew the certificate of the server",
  ],
  [
    /certificate/,
    (words) => `the certificate of the server is not trusted: ${words}`,
    "Set caCertPath of milvus:tls to the certificate of the authority that signed it",
  ],
];

/** Nothing when it is no failure of TLS, or one that may be over the next time. */
export function tlsFailureIn(words: string): TlsFailure | undefined {
  const [, reason, advice] = FAILURES.find(([pattern]) => pattern.test(words)) ?? [];
  return reason && advice !== undefined ? { reason: reason(words), advice } : undefined;
}

export const TLS_IS_WANTED: TlsFailure = {
  reason: "the server speaks TLS on this port, and this connection does not",
  advice: "Use https:// in milvus:address, or set milvus:tls",
};

/** How long a server has to show that it speaks TLS, in milliseconds. */
const HANDSHAKE_TIMEOUT = 2_000;

/** `host:port` */
export function speaksTls(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`tcp://${address}`);
  const host = hostname.replace(/^\[|\]$/g, "");
  return new Promise((decide) => {
    // Nothing is sent, so nobody has to be trusted.
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false });
    socket.setTimeout(HANDSHAKE_TIMEOUT, () => socket.destroy());
    socket.once("secureConnect", () => {
      decide(true);
      socket.destroy();
    });
    // A server that demands a certificate says so in TLS.
    socket.once("error", (error: Error) => decide(/\balert\b/.test(error.message)));
    socket.once("close", () => decide(false));
  });
}
