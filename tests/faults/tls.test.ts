/**
 * Milvus's own TLS, one-way and mutual, met with right and wrong settings. A wrong certificate never becomes right:
 * it is told at once and in words, it is never taken for something that is gone, and it changes no state.
 */
import { startMilvus, type Server, type TlsOptions } from "../../tools/servers";
import type { OperationResult, StateResource, Workspace } from "../../tools/stack";
import { FIELDS, HNSW, linesWith, live, program, said, stackLines } from "../live/support/live";
import { type Authority, type CertificateFiles, Certificates } from "./support/certificates";
import { full, tried } from "./support/tally";

const context = live();
const docs = context.name("docs");

const declare = (...partitions: string[]) =>
  program(
    `const docs = new milvus.Collection("documents", { collectionName: "${docs}", fields: ${FIELDS} });`,
    ...partitions.map((name) => `new milvus.Partition("${name}", { collection: docs });`),
    `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });`,
  );

const certificates = new Certificates();
let ours: Authority;
let anothers: Authority;
let client: CertificateFiles;
let stranger: CertificateFiles;

type Kind = "one-way" | "mutual" | "expired" | "plain";
const servers = new Map<Kind, Server>();

/** By name: no certificate is good for an IP address. */
function addressOf(kind: Kind): string {
  return servers.get(kind)?.address.replace("127.0.0.1", "localhost") ?? "";
}

interface Case {
  readonly server: Kind;
  readonly address?: () => string;
  /** Of milvus:tls; none for a plain connection. */
  readonly tls?: () => object | true;
  /** What a user is told; none where it works. */
  readonly told?: RegExp;
}

const trusted = () => ({ caCertPath: ours.certificate });
const shown = ({ certificate, key }: CertificateFiles) => ({
  clientCertPath: certificate,
  clientKeyPath: key,
});
const byNumber = () => servers.get("one-way")?.address ?? "";

const RIGHT: Readonly<Record<string, Case>> = {
  "one-way TLS with the authority's certificate": { server: "one-way", tls: trusted },
  "one-way TLS at an IP address, with serverName": {
    server: "one-way",
    address: byNumber,
    tls: () => ({ ...trusted(), serverName: "milvus.internal" }),
  },
  "one-way TLS at an https address": {
    server: "one-way",
    address: () => `https://${addressOf("one-way")}`,
    tls: trusted,
  },
  "mutual TLS": { server: "mutual", tls: () => ({ ...trusted(), ...shown(client) }) },
  "mutual TLS that skips checks": {
    server: "mutual",
    tls: () => ({ insecureSkipVerify: true, ...shown(client) }),
  },
  "an expired certificate that is not checked": {
    server: "expired",
    tls: () => ({ insecureSkipVerify: true }),
  },
};

const TRUST =
  /the certificate of the server is not trusted: .*certificate.* \(code grpc 14\)\. Set caCertPath of milvus:tls/;
const NAME =
  /Hostname\/IP does not match certificate's altnames: .*\. Use an address that the server's certificate names, or set serverName/;
const CLIENT =
  /the server demands a certificate of its clients, and this one has none that it takes.* Set clientCertPath and clientKeyPath of milvus:tls/;
const PLAIN = /the server speaks TLS on this port, and this connection does not.* Use https:\/\//;

const WRONG: Readonly<Record<string, Case>> = {
  "an authority that Node does not know": { server: "one-way", tls: () => true, told: TRUST },
  "another authority": {
    server: "one-way",
    tls: () => ({ caCertPath: anothers.certificate }),
    told: TRUST,
  },
  "an expired certificate": {
    server: "expired",
    tls: trusted,
    told: /the server's certificate has expired, by the clock of this machine.* Renew the certificate of the server/,
  },
  "an address that the certificate does not name": {
    server: "one-way",
    address: byNumber,
    tls: trusted,
    told: NAME,
  },
  "a wrong serverName": {
    server: "one-way",
    tls: () => ({ ...trusted(), serverName: "other.internal" }),
    told: NAME,
  },
  "a certificate file that is not there": {
    server: "one-way",
    tls: () => ({ caCertPath: "nowhere/ca.pem" }),
    told: /caCertPath of milvus:tls must be a PEM file, and \/.*\/nowhere\/ca\.pem cannot be read \(ENOENT\)/,
  },
  "a folder for a certificate file": {
    server: "one-way",
    tls: () => ({ caCertPath: "." }),
    told: /caCertPath of milvus:tls must be a PEM file, and \/.* cannot be read \(EISDIR\)/,
  },
  "a file with no certificate in it": {
    server: "one-way",
    tls: () => ({ caCertPath: certificates.file("empty.pem", "nothing\n") }),
    told: /caCertPath of milvus:tls must be a PEM file with a certificate, and .*\/empty\.pem is not/,
  },
  "no client certificate": { server: "mutual", tls: trusted, told: CLIENT },
  "a client certificate of another authority": {
    server: "mutual",
    tls: () => ({ ...trusted(), ...shown(stranger) }),
    told: CLIENT,
  },
  "a client certificate without its key": {
    server: "mutual",
    tls: () => ({ ...trusted(), clientCertPath: client.certificate }),
    told: /clientCertPath and clientKeyPath of milvus:tls go together: one of them is missing/,
  },
  "a key of another client certificate": {
    server: "mutual",
    tls: () => ({ ...trusted(), clientCertPath: client.certificate, clientKeyPath: stranger.key }),
    told: /the key of clientKeyPath does not belong to the certificate of clientCertPath/,
  },
  "a file with no key in it": {
    server: "mutual",
    tls: () => ({
      ...trusted(),
      clientCertPath: client.certificate,
      clientKeyPath: certificates.file("empty.key", "nothing\n"),
    }),
    told: /clientKeyPath of milvus:tls must be a PEM file with a private key without a passphrase, and .* is not/,
  },
  "a misspelt setting": {
    server: "one-way",
    tls: () => ({ caCertFile: ours.certificate }),
    told: /milvus:tls has no setting "caCertFile"; did you mean "caCertPath"\?/,
  },
  "a plain connection to a server with TLS": { server: "one-way", told: PLAIN },
  "a plain connection to a server with mutual TLS": { server: "mutual", told: PLAIN },
  "TLS to a plain server": {
    server: "plain",
    tls: () => true,
    told: /the server does not speak TLS on this port.* Leave https:\/\/ and milvus:tls out/,
  },
};

const sampled = (cases: Readonly<Record<string, Case>>, names: readonly string[]) =>
  Object.entries(cases).filter(([name]) => full || names.includes(name));

const right = sampled(RIGHT, ["one-way TLS at an IP address, with serverName"]);
const wrong = sampled(WRONG, [
  "another authority",
  "a wrong serverName",
  "no client certificate",
  "a plain connection to a server with TLS",
]);

function settingsOf({ server, address, tls }: Case): Record<string, string> {
  return {
    "milvus:address": address?.() ?? addressOf(server),
    "milvus:tls": JSON.stringify(tls?.() ?? false),
  };
}

async function started(kind: Kind, tls?: TlsOptions): Promise<void> {
  servers.set(kind, await startMilvus({ tls }));
}

beforeAll(async () => {
  [ours, anothers] = await Promise.all([certificates.authority("ours"), certificates.authority("anothers")]);
  const names = ["localhost", "milvus.internal"];
  const server = await certificates.signedBy(ours, "server", { names });
  const expired = await certificates.signedBy(ours, "expired", { names, expired: true });
  client = await certificates.signedBy(ours, "client", { names: ["client"] });
  stranger = await certificates.signedBy(anothers, "stranger", { names: ["client"] });
  const serving = (shown: CertificateFiles) => ({
    serverPemPath: shown.certificate,
    serverKeyPath: shown.key,
    caPemPath: ours.certificate,
  });
  await Promise.all([
    started("one-way", { tlsMode: 1, ...serving(server) }),
    started("mutual", {
      tlsMode: 2,
      ...serving(server),
      clientPemPath: client.certificate,
      clientKeyPath: client.key,
    }),
  ]);
  if (full) await Promise.all([started("expired", { tlsMode: 1, ...serving(expired) }), started("plain")]);
});

afterAll(async () => {
  await Promise.all([...servers.values()].map((server) => server.stop()));
  certificates.remove();
});

describe("A stack goes up, is refreshed and destroyed with", () => {
  test.each(right)("%s", async (name, one) => {
    await tried("TLS that is right", name, async () => {
      const stack = await context.stack(declare("y2024"), { config: settingsOf(one) });
      expect((await stack.up()).summary).toMatchObject({ create: 4 });
      expect((await stack.refresh()).summary).toMatchObject({ unchanged: 4, delete: 0, update: 0 });
      expect(await stack.resources()).toHaveLength(3);
      expect((await stack.destroy()).summary).toMatchObject({ delete: 4 });
    });
  });
});

describe("A stack that stands is told, and its state kept, with", () => {
  let stack: Workspace;
  let before: StateResource[];
  const kept = (resources: readonly StateResource[]) =>
    Object.fromEntries(resources.map(({ urn, id, inputs, outputs }) => [urn, { id, inputs, outputs }]));

  beforeAll(async () => {
    stack = await context.stack(declare("y2024"), { config: settingsOf(RIGHT["mutual TLS"] as Case) });
    await stack.up();
    before = await stack.resources();
  });

  test.each(wrong)("%s", async (name, one) => {
    await tried("TLS that is wrong", name, async () => {
      await stack.config(settingsOf(one));
      const refresh = await stack.refresh({ args: ["--run-program"], expectFailure: true });
      expect(refresh.code).not.toBe(0);
      expectTold(refresh, one.told as RegExp);
      expect(refresh.summary).toMatchObject({ delete: 0, update: 0 });
      expect(kept(await stack.resources())).toEqual(kept(before));
    });
  });

  test("another authority, when something is to be made; right settings then finish it", async () => {
    await tried("TLS that is wrong", "up", async () => {
      stack.program(declare("y2024", "y2025"));
      await stack.config(settingsOf(WRONG["another authority"] as Case));
      const refused = await stack.up({ expectFailure: true });
      expect(refused.code).not.toBe(0);
      expectTold(refused, TRUST);
      expect(kept(await stack.resources())).toEqual(kept(before));
      await stack.config(settingsOf(RIGHT["mutual TLS"] as Case));
      expect((await stack.up()).summary).toMatchObject({ create: 1, delete: 0, replace: 0 });
      expect((await stack.destroy()).summary).toMatchObject({ delete: 5 });
    });
  });

  function expectTold(result: OperationResult, rule: RegExp): void {
    expect(said(result)).toMatch(rule);
    expect(stackLines(result)).toEqual([]);
    // What the settings alone show to be wrong is said without a server.
    if (!/milvus:tls (go together|has no setting)/.test(said(result)))
      expect(linesWith(result, "failed on Milvus at ")).not.toEqual([]);
    // Neither OpenSSL's own words nor any waiting, which is said after two seconds.
    expect(said(result)).not.toMatch(/SSL routines|trying again|gave up/);
  }
});
