/**
 * Passwords and tokens, right ones and wrong ones, searched for in all that a whole run writes: state, standard output
 * and error, reports, errors, debug logs and every other file, while engine, SDK and gRPC are made to say all they can.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Workspace } from "../../tools/stack";
import { FIELDS, HNSW, live, program } from "../live/support/live";
import { rows } from "../live/support/milvus";
import { MAIN, run } from "../support/built-cli";
import { full, Lost, tried } from "./support/tally";

const context = live();
const { milvus } = context;
const { address, username = "", password = "" } = milvus.server;

/** Wrong here, they may be right elsewhere. */
const wrongPassword = `wrong-${randomBytes(12).toString("hex")}`;
const apiKey = `key-${randomBytes(24).toString("hex")}`;
/** Of a user that the stack makes, and what it is changed to. */
const usersPassword = `users-${randomBytes(12).toString("hex")}`;
const newPassword = `new-${randomBytes(12).toString("hex")}`;

const secrets = [
  ...[password, `${username}:${password}`, wrongPassword, `${username}:${wrongPassword}`, apiKey],
  ...[usersPassword, newPassword],
];
/** As they are, as the SDK sends them, and as they would stand in an address. */
const searched = secrets.flatMap((secret) => [
  secret,
  Buffer.from(secret).toString("base64").replace(/=+$/, ""),
  encodeURIComponent(secret),
]);

interface Talk {
  readonly env: Readonly<Record<string, string>>;
  /** Of the engine. */
  readonly args?: readonly string[];
}

const DEBUG_LOG = ["-v=9", "--logtostderr", "--logflow"];
const TRACING = { GRPC_VERBOSITY: "DEBUG", GRPC_TRACE: "all" };

const TALKS: Readonly<Record<string, Talk>> = {
  "NODE_ENV=test, with which the Milvus SDK prints every request": { env: { NODE_ENV: "test" } },
  "NODE_ENV=debug": { env: { NODE_ENV: "debug" } },
  "the engine's debug log": { env: {}, args: DEBUG_LOG },
  // It tells calls and frames, and no metadata.
  "gRPC's tracing": { env: TRACING },
};
const ALL_AT_ONCE: Talk = { env: { ...TRACING, NODE_ENV: "test" }, args: DEBUG_LOG };

/**
 * The engine's debug logs hold the configuration of stack and providers and the secrets among a resource's own inputs in
 * plain text, as Pulumi says of them. These calls hand them over; in all others there must be no secret.
 */
const HANDED_OVER_BY_THE_ENGINE = [
  /"method":"\/pulumirpc\.(LanguageRuntime\/Run|ResourceProvider\/(CheckConfig|DiffConfig|Configure))"/,
  /"method":"\/pulumirpc\.ResourceMonitor\/RegisterResource".*"type":"pulumi:providers:pulumi-nodejs"/,
  /arshaling property for RPC\[(Provider\[\w+\]\.Configure\(\)|ResourceMonitor\.RegisterResource\(pulumi:providers:)/,
  /"method":"\/pulumirpc\.ResourceMonitor\/RegisterResource".*"type":"pulumi-nodejs:dynamic\/milvus:User"/,
  /"method":"\/pulumirpc\.ResourceProvider\/(Check|Diff|Create|Read|Update|Delete)".*milvus:User::reader"/,
  /arshaling property for RPC\[ResourceMonitor\.RegisterResource\(pulumi-nodejs:dynamic\/milvus:User,reader\)\]/,
  /arshaling property for RPC\[Provider\[\w+\]\.(Check|Diff|Create|Read|Update|Delete)\([^)]*milvus:User::reader\)/,
];

interface Written {
  readonly where: string;
  readonly text: string;
}

function filesIn(folder: string): Written[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ where: file, text: readFileSync(file, "latin1") }));
}

function leaksIn(written: readonly Written[]): string[] {
  return written.flatMap(({ where, text }) =>
    text
      .split("\n")
      .filter((line) => searched.some((secret) => line.includes(secret)))
      .filter((line) => !HANDED_OVER_BY_THE_ENGINE.some((known) => known.test(line)))
      .map((line) => `${where}: ${searched.reduce((told, one) => told.replaceAll(one, "[SECRET]"), line)}`),
  );
}

function declare(docs: string, ...partitions: string[]): string {
  return program(
    `new milvus.User("reader", { userName: "${userOf(docs)}", password: pulumi.unsecret(
       new pulumi.Config("own").requireSecret("usersPassword")) });`,
    `const password = new pulumi.Config("own").requireSecret("password");`,
    `const own = new milvus.Provider("own", { address: "${address}", username: "${username}", password });`,
    `const docs = new milvus.Collection("documents", { collectionName: "${docs}", fields: ${FIELDS} });`,
    ...partitions.map((name) => `new milvus.Partition("${name}", { collection: docs });`),
    `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });`,
    `const other = new milvus.Collection("other", { collectionName: "${docs}_other", fields: ${FIELDS} },
       { provider: own });`,
    ...partitions.map((name) => `new milvus.Partition("other_${name}", { collection: other });`),
  );
}

const userOf = (docs: string): string => `user_${docs.slice(-20)}`;

const right = {
  "milvus:token": { secret: `${username}:${password}` },
  "own:password": { secret: password },
  "own:usersPassword": { secret: usersPassword },
};
const wrong = { "milvus:token": { secret: apiKey }, "own:password": { secret: wrongPassword } };

class WholeRun {
  readonly output: Written[] = [];
  private readonly docs = context.name(`docs_${randomBytes(3).toString("hex")}`);
  private readonly temporary: string;

  private constructor(
    private readonly stack: Workspace,
    private readonly args: readonly string[],
  ) {
    this.temporary = join(this.folder, "temporary");
    mkdirSync(this.temporary);
  }

  static async of({ env, args = [] }: Talk): Promise<WholeRun> {
    const config = { "milvus:address": address, ...right };
    return new WholeRun(await context.stack("", { env, config, rpcLog: true }), args);
  }

  /** Backend, home, project and the log of the calls between engine and providers. */
  private get folder(): string {
    return dirname(this.stack.directory);
  }

  async go(): Promise<void> {
    const { stack, docs } = this;
    stack.program(declare(docs, "y2023", "y2024"));
    if (full) await this.engine("preview");
    await this.engine("up");
    await milvus.insert(docs, rows(20), "y2023");
    if (full) await this.engine("refresh");

    stack.program(declare(docs, "y2024", "y2025"));
    await stack.config(wrong);
    const refused = await this.engine("up", true);
    expect(refused.code).not.toBe(0);
    for (const object of [docs, `${docs}_other`])
      expect(refused.text).toMatch(new RegExp(`collection default/${object} failed on Milvus at ${address}`));
    expect(refused.text).toContain("Check milvus:username and milvus:password, or milvus:token");
    if (full) await this.report(3);

    await stack.config(right);
    const markdown = join(stack.directory, "report.md");
    await this.report(2, "--json", "--markdown", markdown);
    if (full) await this.report(2);
    await this.cli("export", "--collection", docs);
    await this.cli("export");
    await stack.config({ "own:usersPassword": { secret: newPassword } });
    await this.engine("up");
    this.keep("state", JSON.stringify(await stack.stackExport()));
    await this.engine("destroy");
    expect([await milvus.exists(docs), await milvus.exists(`${docs}_other`)]).toEqual([false, false]);
    expect((await milvus.client.listUsers()).usernames).not.toContain(userOf(docs));
  }

  leaks(): string[] {
    return leaksIn([...this.output, ...filesIn(this.folder)]);
  }

  private async engine(command: "preview" | "up" | "refresh" | "destroy", expectFailure = false) {
    const env = { TMPDIR: this.temporary };
    const result = await this.stack[command]({ args: [...this.args], env, expectFailure });
    this.keep(command, result.stdout, result.stderr);
    return { code: result.code, text: result.stdout + result.stderr };
  }

  private async report(code: number, ...args: string[]): Promise<void> {
    expect((await this.cli("preview", ...args)).code).toBe(code);
  }

  private async cli(command: string, ...args: string[]) {
    const { stack, directory, env } = this.stack;
    const all = [MAIN, command, "--stack", stack, "--cwd", directory, ...args];
    const ended = await run(process.execPath, all, {
      ...(env as Record<string, string>),
      TMPDIR: this.temporary,
    });
    this.keep(`pulumi-milvus ${command}`, ended.stdout, ended.stderr);
    return ended;
  }

  private keep(where: string, ...texts: string[]): void {
    this.output.push(...texts.map((text) => ({ where, text })));
  }
}

/** A dozen commands that print each request, beside other tests; in milliseconds. */
const WHOLE_RUN = 600_000;

describe("No secret is written by a whole run with", () => {
  const talks = Object.entries(full ? TALKS : { "everything that makes it talk": ALL_AT_ONCE });

  test.each(talks)(
    "%s",
    async (name, talk) => {
      await tried("secrets", name, async () => {
        const whole = await WholeRun.of(talk);
        await whole.go();
        const leaks = whole.leaks();
        if (leaks.length > 0) throw new Lost(`secrets were written:\n${leaks.join("\n").slice(0, 5_000)}`);
      });
    },
    WHOLE_RUN,
  );

  test("anything, or the search would have found it", () => {
    const line = (secret: string) => [{ where: "here", text: `one\nauthorization: ${secret}\n` }];
    for (const secret of searched)
      expect(leaksIn(line(secret))).toEqual([expect.stringContaining("[SECRET]")]);
    expect(leaksIn(line("nothing"))).toEqual([]);
  });
});
