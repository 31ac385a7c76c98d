/** What a file of live tests works with; all of it is gone again when the file is through. */
import { randomBytes } from "node:crypto";

import {
  type CommandResult,
  createWorkspace,
  type OperationResult,
  type Workspace,
  type WorkspaceOptions,
} from "../../../tools/stack";
import { DYNAMIC, PLUGIN } from "../../../sdk/nodejs/engines";
import { GrpcProxy } from "../../support/grpc-proxy";
import { databaseOf, secretOf, type TestServer, testServers, textsOf } from "../../support/servers";
import { withPlugin } from "./bundled";
import { TestMilvus } from "./milvus";

/** The programs of `program` declare what they declare over the plugin then. */
export const OVER_PLUGIN = process.env["PULUMI_MILVUS_TEST_ENGINE"] === "plugin";

/** What a class of the programs' entry registers with. */
export const OF_ENGINE = OVER_PLUGIN ? PLUGIN : DYNAMIC;
/** What programs import. */
export const ENTRY = OVER_PLUGIN ? "pulumi-milvus/plugin" : "pulumi-milvus";

type Config = NonNullable<WorkspaceOptions["config"]>;

export interface StackOptions extends WorkspaceOptions {
  /** Where the stack's Milvus is, when not at the server's own address. */
  address?: string;
}

export class Live {
  readonly milvus: TestMilvus;
  /** Beside a server of the user's there is none: files that need it are left out (tests/support/foreign-server.js). */
  readonly lite = new TestMilvus(testServers().lite);
  private readonly suffix = randomBytes(4).toString("hex");
  private readonly workspaces: Workspace[] = [];
  private readonly proxies: GrpcProxy[] = [];

  constructor(server: TestServer) {
    this.milvus = new TestMilvus(server);
  }

  /** A name that no other file, and no other run, gives to anything. */
  name(text: string): string {
    return `${text}_${this.suffix}`;
  }

  /** In which stacks make what they declare in no other: ids and messages begin with it. */
  get database(): string {
    return databaseOf(this.milvus.server);
  }

  get secret(): string {
    return secretOf(this.milvus.server);
  }

  /** A stack whose Milvus is the test server, with credentials in stack config. */
  async stack(program: string, { address, config, ...options }: StackOptions = {}): Promise<Workspace> {
    const { server } = this.milvus;
    const engine = OVER_PLUGIN ? await withPlugin() : {};
    const workspace = await createWorkspace({
      language: "js",
      program,
      config: config ?? accessTo(server, address),
      ...options,
      env: { ...engine, ...options.env },
    });
    this.workspaces.push(workspace);
    return workspace;
  }

  async proxy(): Promise<GrpcProxy> {
    const proxy = await GrpcProxy.to(this.milvus.server);
    this.proxies.push(proxy);
    return proxy;
  }

  async cleanUp(): Promise<void> {
    for (const proxy of this.proxies) proxy.off();
    for (const workspace of this.workspaces) workspace.dispose();
    for (const server of testServers().foreign ? [this.milvus] : [this.milvus, this.lite]) {
      await server.dropAllOf(this.suffix);
      await server.close();
    }
  }
}

/** To be called once at the top of a test file. */
export function live(server = testServers().milvus): Live {
  const one = new Live(server);
  afterAll(() => one.cleanUp());
  return one;
}

/** As stack config, in which what nobody may read is a secret. A proxy on the way speaks no TLS. */
export function accessTo(server: TestServer, through = server.address): Config {
  const { username, password, ...others } = textsOf({
    ...server,
    address: through,
    tls: through === server.address ? server.tls : undefined,
  });
  const token = password === undefined ? others["token"] : `${username}:${password}`;
  return {
    ...Object.fromEntries(Object.entries(others).map(([name, text]) => [`milvus:${name}`, text])),
    ...(token !== undefined && { "milvus:token": { secret: token } }),
  };
}

/**
 * The inputs of an explicit Provider of that server, as a JavaScript program has them, some of them perhaps as other
 * expressions: a Provider takes nothing over from stack config, the tests' database neither.
 */
export function providerArgs(server: TestServer, expressions: Readonly<Record<string, string>> = {}): string {
  const given = { ...textsOf(server), tls: server.tls };
  const own = Object.entries(expressions).map(([name, expression]) => `, ${name}: ${expression}`);
  return own.length === 0 ? JSON.stringify(given) : `{ ...${JSON.stringify(given)}${own.join("")} }`;
}

/** Fields of a small collection, as programs declare them; `rows` of milvus.ts fit it. */
export const FIELDS = `[
  { name: "id", dataType: "Int64", isPrimaryKey: true },
  { name: "year", dataType: "Int64" },
  { name: "embedding", dataType: "FloatVector", dim: 8 },
]`;

export const HNSW = `indexType: "HNSW", metricType: "COSINE", params: { M: 8, efConstruction: 64 }`;

/** A JavaScript program. */
export function program(...statements: string[]): string {
  return [
    'const pulumi = require("@pulumi/pulumi");',
    `const milvus = require("${ENTRY}");`,
    ...statements,
  ].join("\n");
}

/** What a user reads: both streams. */
export function said({ stdout, stderr }: CommandResult): string {
  return `${stdout}\n${stderr}`;
}

/** The lines of the output that mention something. */
export function linesWith(result: OperationResult, text: string): string[] {
  return said(result)
    .split("\n")
    .filter((line) => line.includes(text))
    .map((line) => line.trim());
}

/** Lines of a call stack, which are of no use to a user. */
export function stackLines(result: OperationResult): string[] {
  return said(result)
    .split("\n")
    .filter((line) => /^\s+at .+(:\d+:\d+\)?|<anonymous>\)?)$/.test(line));
}

/** Whoever meets a server that is away is told where it should be, without the stack of a call. */
export function expectUnreachable(result: OperationResult, address: string): void {
  expect(result.code).not.toBe(0);
  expect(said(result)).toContain(`failed on Milvus at ${address}`);
  expect(stackLines(result)).toEqual([]);
}
