/** `milvus:previewDeletes`: delete hooks at preview and up, whichever provider and run of a program they belong to. */
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";

import { ENTRY, accessTo, FIELDS, live, program, providerArgs, said } from "./support/live";
import { rows } from "./support/milvus";
import type { GrpcProxy } from "../support/grpc-proxy";

const context = live();
const { milvus } = context;

const config = (through?: string) => ({
  ...accessTo(milvus.server, through),
  "milvus:previewDeletes": "true",
});
const explicit = (name: string, address: string, more: Readonly<Record<string, string>> = {}): string =>
  `const ${name} = new milvus.Provider("${name}", ${providerArgs(milvus.server, { address, ...more })});`;
const at = ({ address }: { address: string }): string => JSON.stringify(address);
const collection = (name: string, options: string): string =>
  `new milvus.Collection("${name}", { collectionName: "${name}", fields: ${FIELDS} }, ${options});`;

async function fill(name: string, entities: number): Promise<void> {
  await milvus.insert(name, rows(entities));
  await milvus.client.flushSync({ collection_names: [name] });
}

describe("The last resource of a provider", () => {
  const last = async (what: string, provider: string, options: string) => {
    const docs = context.name(what.replace(/\W+/g, "_"));
    const stack = await context.stack(program(provider, collection(docs, options)), { config: config() });
    await stack.up();
    await fill(docs, 7);
    return { docs, stack };
  };

  test.each([
    { what: "an explicit one", provider: explicit("prod", at(milvus.server)), options: "{ provider: prod }" },
    { what: "the default one", provider: "", options: "{}" },
  ])("goes, counted at preview: $what", async ({ what, provider, options }) => {
    const { docs, stack } = await last(what, provider, options);
    stack.program(program(provider));
    const preview = await stack.preview();
    expect(said(preview)).toMatch(new RegExp(`warning: collection ${docs} will be dropped: .*will be lost`));
    await stack.up();
    expect(await milvus.exists(docs)).toBe(false);
  });

  test.each([
    { what: "beside others", left: `new milvus.Role("${context.name("beside")}", {});` },
    { what: "last of all", left: "" },
  ])("goes with the Provider itself, which cannot be asked any more: $what", async ({ what, left }) => {
    const provider = explicit("prod", at(milvus.server));
    const { docs, stack } = await last(what, provider, "{ provider: prod }");
    stack.program(program(left));
    const preview = await stack.preview();
    expect(said(preview)).toMatch(
      /will be deleted; what it holds cannot be counted at preview with its Milvus provider prod: the program declares it no more/,
    );
    await stack.up();
    expect(await milvus.exists(docs)).toBe(false);
  });

  test("is judged at up by what the Provider was that goes with it", async () => {
    const provider = explicit("prod", at(milvus.server), { protectData: "true" });
    const { docs, stack } = await last("protected", provider, "{ provider: prod }");
    stack.program(program());
    const refused = await stack.up({ expectFailure: true });
    expect(refused.code).not.toBe(0);
    expect(said(refused)).toContain("milvus:protectData is on");
    expect(await milvus.exists(docs)).toBe(true);
  });
});

describe("A resource in a component", () => {
  const docs = context.name("inherited");
  const component = (...inside: string[]): string =>
    `class Tenant extends pulumi.ComponentResource {
       constructor(name, opts) { super("test:index:Tenant", name, {}, opts); ${inside.join("\n")} }
     }
     new Tenant("tenant", { providers: [prod] });`;
  let [own, other]: GrpcProxy[] = [];

  test("is judged by the provider that it inherits, on that provider's server", async () => {
    [own, other] = [await context.proxy(), await context.proxy()];
    const prod = explicit("prod", at(own), { protectData: "true" });
    const inside = collection(docs, "{ parent: this }");
    const stack = await context.stack(program(prod, component(inside)), { config: config(other.address) });
    await stack.up();
    await fill(docs, 9);
    stack.program(program(prod, component()));
    own.forget();
    other.forget();
    const refused = await stack.preview({ expectFailure: true });
    expect(refused.code).not.toBe(0);
    expect(said(refused)).toContain("milvus:protectData is on");
    expect(own.calls).toContain("DescribeCollection");
    expect(other.calls).toEqual([]);
    stack.program(program(explicit("prod", at(own), { protectData: "false" }), component()));
    expect(said(await stack.preview())).toContain(`collection ${docs} will be dropped`);
    expect(other.calls).toEqual([]);
    await stack.up();
    expect(await milvus.exists(docs)).toBe(false);
  });
});

describe("What holds data, with the policy of before anybody sets one", () => {
  test("goes at destroy, which is a decision, and is not dropped for a replacement, whoever asks for it", async () => {
    const docs = context.name("by_default");
    const options = "{ deleteBeforeReplace: true }";
    const stack = await context.stack(program(collection(docs, options)), { config: config() });
    await stack.up();
    await fill(docs, 7);
    const urn = (await stack.resources())[0]?.urn ?? "";
    const refused = await stack.up({ args: ["--replace", urn], expectFailure: true });
    expect(refused.code).not.toBe(0);
    expect(said(refused)).toContain('because a replacement drops it (milvus:protectData is "replacements"');
    expect(await milvus.exists(docs)).toBe(true);
    const preview = ["destroy", "--preview-only", "--run-program", "--stack", stack.stack];
    const { stdout } = await stack.pulumi(preview);
    expect(stdout).toMatch(new RegExp(`warning: collection ${docs} will be dropped: .*will be lost`));
    await stack.destroy({ args: ["--run-program"] });
    expect(await milvus.exists(docs)).toBe(false);
  });
});

describe("A provider whose address is not known at preview", () => {
  test("does not hold up the preview, which says what it could not count", async () => {
    const docs = context.name("unknown");
    const made = (name: string): string =>
      `const dynamic = require("@pulumi/pulumi/dynamic");
       const address = ${at(milvus.server)};
       class Server extends dynamic.Resource {
         constructor(name) {
           super({ async create() { return { id: name, outs: { address } }; } }, name, { address: undefined });
         }
       }
       const server = new Server("${name}");`;
    const prod = explicit("prod", "server.address");
    const stack = await context.stack(
      program(
        made("one"),
        prod,
        collection(docs, "{ provider: prod }"),
        collection(`${docs}_stays`, "{ provider: prod }"),
      ),
      { config: config() },
    );
    await stack.up();
    await fill(docs, 5);
    stack.program(program(made("two"), prod, collection(`${docs}_stays`, "{ provider: prod }")));
    const start = Date.now();
    const preview = await stack.preview({ abort: AbortSignal.timeout(60_000) });
    expect(Date.now() - start).toBeLessThan(60_000);
    expect(said(preview)).toMatch(
      /what it holds cannot be counted at preview with its Milvus provider prod: a setting of it is not known yet/,
    );
    await stack.up();
    expect(await milvus.exists(docs)).toBe(false);
    expect(await milvus.exists(`${docs}_stays`)).toBe(true);
  });
});

describe("An inline program of the Automation API", () => {
  test("has its hooks in each run of one process", async () => {
    const docs = context.name("inline");
    const stack = await context.stack(program());
    const elsewhere = `${stack.directory}-elsewhere`;
    fs.mkdirSync(elsewhere);
    const script = path.join(stack.directory, "automation.js");
    fs.writeFileSync(
      script,
      `const { LocalWorkspace } = require("@pulumi/pulumi/automation");
       const milvus = require("${ENTRY}");
       let names = [];
       const program = async () => {
         ${explicit("prod", at(milvus.server))}
         new milvus.Role("${docs}_role", {});
         for (const name of names)
           new milvus.Collection(name, { collectionName: name, fields: ${FIELDS} }, { provider: prod });
       };
       (async () => {
         const stack = await LocalWorkspace.createOrSelectStack(
           { stackName: "inline", projectName: "inline", program },
           { workDir: process.cwd(), projectSettings: { name: "inline", runtime: "nodejs", main: __dirname } },
         );
         for (const [key, value] of Object.entries(${JSON.stringify(config())}))
           await stack.setConfig(key, { value: value.secret ?? value, secret: value.secret !== undefined });
         const said = [];
         for (names of [["${docs}"], []]) {
           const { stdout, stderr } = await stack.preview();
           said.push(stdout + stderr);
           await stack.up();
         }
         names = ["${docs}"];
         await stack.up();
         names = [];
         said.push((await stack.preview()).stdout);
         await stack.up();
         console.log(JSON.stringify(said));
       })().catch((error) => { console.error(error); process.exitCode = 1; });`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, [script], {
      cwd: elsewhere,
      env: stack.env,
    });
    fs.rmSync(elsewhere, { recursive: true });
    const [first, ...removing] = JSON.parse(stdout.trim().split("\n").pop() ?? "") as string[];
    expect(first).not.toContain("already registered");
    for (const one of removing) expect(one).toContain(`collection ${docs} will be dropped`);
    expect(await milvus.exists(docs)).toBe(false);
  });
});
