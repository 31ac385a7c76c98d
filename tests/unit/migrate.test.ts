/** `pulumi-milvus migrate`, without an engine: what a state becomes, what is refused, and which files are written. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import type { StateResource } from "../../cli/migrate/resource";
import { type Exported, migrateState } from "../../cli/migrate/state";
import { buildIfStale, type Ended, MAIN, ROOT, run } from "../support/built-cli";

const START = "urn:pulumi:dev::test::";
const ENCRYPTED = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:x",
};

interface Written extends Partial<StateResource> {
  /** Types of what it stands below, and its own. */
  readonly types: string;
  readonly name: string;
  readonly dependencies?: readonly string[];
}

function resource({ types, name, ...more }: Written): StateResource {
  return { urn: `${START}${types}::${name}`, type: types.split("$").at(-1) ?? "", ...more };
}

const milvus = (kind: string, name: string, more: Partial<Written> = {}): StateResource => {
  const { inputs, ...others } = more;
  const handler = `exports.handler = () => require("pulumi-milvus/provider").${kind.toLowerCase()};`;
  return resource({
    types: `pulumi-nodejs:dynamic/milvus:${kind}`,
    name,
    provider: DEFAULT_KEY,
    inputs: { __provider: handler, ...inputs },
    ...others,
  });
};

const provider = (name: string, inputs: object): StateResource =>
  resource({ types: "pulumi:providers:pulumi-nodejs", name, id: "1", inputs: { ...inputs } });
const keyOf = ({ urn, id }: StateResource): string => `${urn}::${id}`;

const DEFAULT = provider("default", { "milvus:address": "localhost", "other:key": "value" });
const DEFAULT_KEY = keyOf(DEFAULT);
const PLUGIN_DEFAULT = `${START}pulumi:providers:milvus::default_1_2_3_rc_1`;

function stateOf(...resources: StateResource[]): Exported {
  return { version: 3, deployment: { resources } };
}

const migrated = (...resources: StateResource[]): readonly StateResource[] =>
  migrateState(stateOf(...resources), "1.2.3-rc.1").state.deployment?.resources ?? [];

describe("A state becomes one of the plugin:", () => {
  test("the default provider has the name of the plugin's version, and of stack config what is of Milvus", () => {
    const [server, role] = migrated(DEFAULT, milvus("Role", "readers"));
    expect(server).toMatchObject({
      urn: PLUGIN_DEFAULT,
      type: "pulumi:providers:milvus",
      inputs: { address: "localhost", version: "1.2.3-rc.1" },
    });
    expect(role?.provider).toBe(`${PLUGIN_DEFAULT}::1`);
  });

  test("a provider stays for dynamic resources of others", () => {
    const copy = resource({ types: "pulumi-nodejs:dynamic:Resource", name: "copy", provider: DEFAULT_KEY });
    const all = migrated(DEFAULT, milvus("Role", "readers"), copy);
    expect(all).toHaveLength(4);
    expect([all[0], all[3]]).toEqual([DEFAULT, copy]);
    expect(all[1]?.urn).toBe(PLUGIN_DEFAULT);
  });

  test("the Provider that a delete hook is to ask stays named beside the inputs", () => {
    const inputs = { roleName: "readers", hookProvider: "prod" };
    const hooks = { resourceHooks: { beforeDelete: ["milvus-data-loss"] } } as Partial<Written>;
    const [, role] = migrated(DEFAULT, milvus("Role", "readers", { inputs, ...hooks }));
    expect(role).toMatchObject({ inputs, ...hooks });
  });

  test("a Provider of the program goes over without a resource, and one of somebody else's stays", () => {
    const prod = provider("prod", { "milvus:explicit": "true", "milvus:token": ENCRYPTED });
    const others = provider("others", {});
    const all = migrated(DEFAULT, prod, others, milvus("Role", "readers"));
    expect(all[1]?.inputs).toEqual({ token: ENCRYPTED, version: "1.2.3-rc.1" });
    expect(all[2]).toEqual(others);
  });

  test("a Provider of the program that is called default keeps its name, and is known for one", () => {
    const own = provider("default", { "milvus:explicit": "true", "milvus:address": "localhost" });
    const [server, role] = migrated(own, milvus("Role", "readers", { provider: keyOf(own) }));
    expect(server?.urn).toBe(`${START}pulumi:providers:milvus::default`);
    expect(server?.inputs).toEqual({ address: "localhost", explicit: "true", version: "1.2.3-rc.1" });
    expect(role?.provider).toBe(`${START}pulumi:providers:milvus::default::1`);
  });

  test("what stands below a resource or a Provider is called by the new types, and found wherever it is named", () => {
    const prod = provider("prod", { "milvus:explicit": "true" });
    const docs = milvus("Collection", "docs", { provider: keyOf(prod) });
    const child = resource({
      types: "pulumi-nodejs:dynamic/milvus:Collection$test:index:Child",
      name: "a::b",
      parent: docs.urn,
      dependencies: [docs.urn],
    });
    const below = resource({
      types: "pulumi:providers:pulumi-nodejs$test:index:Child",
      name: "below",
      parent: prod.urn,
      outputs: { child: child.urn, words: `of ${child.urn}` },
    });
    const [, , after, last] = migrated(prod, docs, child, below);
    const urn = `${START}milvus:index:Collection$test:index:Child::a::b`;
    const parent = `${START}milvus:index:Collection::docs`;
    expect(after).toMatchObject({ urn, parent, dependencies: [parent] });
    expect(last).toMatchObject({
      urn: `${START}pulumi:providers:milvus$test:index:Child::below`,
      outputs: { child: urn, words: `of ${child.urn}` },
    });
  });

  test("a collection is the resource where its id comes from one, and a name otherwise", () => {
    const docs = milvus("Collection", "docs", { id: "default/docs" });
    const inputs = { collectionName: "docs", collectionId: "7", databaseName: "default" };
    const propertyDependencies = { collectionName: [docs.urn], collectionId: [docs.urn], databaseName: [] };
    const [, , inside, byName] = migrated(
      DEFAULT,
      docs,
      milvus("Partition", "inside", { inputs, propertyDependencies }),
      milvus("Partition", "by_name", {
        inputs: { collectionName: "docs" },
        propertyDependencies: { collectionName: [docs.urn] },
      }),
    );
    const urn = `${START}milvus:index:Collection::docs`;
    expect(inside?.inputs).toEqual({
      collection: expect.objectContaining({ urn, id: "default/docs" }) as unknown,
      databaseName: "default",
    });
    expect(inside?.propertyDependencies).toEqual({ collection: [urn] });
    expect(byName?.inputs).toEqual({ collection: "docs" });
    expect(byName?.propertyDependencies).toEqual({ collection: [urn] });
  });

  test("sets are lists, what is encrypted is left as it is, and marks are gone", () => {
    const inputs = { privileges: { Search: true, Insert: true }, secretInputs: [["privileges"]] };
    const outputs = { privileges: ENCRYPTED, declaredAs: "reading" };
    const [, group] = migrated(DEFAULT, milvus("PrivilegeGroup", "reading", { inputs, outputs }));
    expect(group?.inputs).toEqual({ privileges: ["Insert", "Search"] });
    expect(group?.outputs).toEqual({ privileges: ENCRYPTED });
  });
});

describe("Refused is", () => {
  test.each<[string, Exported, string]>([
    [
      "a state with pending operations",
      { version: 3, deployment: { resources: [milvus("Role", "readers")], pending_operations: [{}] } },
      "the state has pending operations (1): an update was interrupted",
    ],
    [
      "a state of a version that nobody knows",
      { ...stateOf(milvus("Role", "readers")), version: 5 },
      "a state of version 5 is none that this pulumi-milvus knows, which are 3 and 4",
    ],
    ["what is no state", {}, "a state of version undefined is none"],
    [
      "a state with nothing of this package, its provider apart",
      stateOf(DEFAULT, resource({ types: "pulumi-nodejs:dynamic:Resource", name: "copy" })),
      "there is nothing to migrate: the state has no dynamic resource of pulumi-milvus",
    ],
    [
      "a resource of somebody else's that is called like one of this package",
      stateOf(milvus("Role", "readers", { inputs: { __provider: "exports.handler = () => mine;" } })),
      `${START}pulumi-nodejs:dynamic/milvus:Role::readers has the type of a resource of pulumi-milvus`,
    ],
  ])("%s", (_what, state, reason) => {
    expect(() => migrateState(state, "1.2.3")).toThrow(reason);
  });
});

describe("The command", () => {
  let folder: string;
  const file = (name: string): string => path.join(folder, name);
  const read = (name: string): string => fs.readFileSync(file(name), "utf8");
  const migrate = (...args: string[]): Promise<Ended> =>
    run(process.execPath, [MAIN, "migrate", ...args], {});
  const text = JSON.stringify(stateOf(DEFAULT, milvus("Role", "readers")));

  beforeAll(() => {
    const sources = fs.readdirSync(path.join(ROOT, "cli", "migrate")).map((name) => `cli/migrate/${name}`);
    buildIfStale("cli/main.ts", ...sources);
  });
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "migrate-"));
    fs.writeFileSync(file("state.json"), text);
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  test("writes the state and a backup, and says what to do", async () => {
    const { code, stdout } = await migrate(file("state.json"));
    expect(code).toBe(0);
    expect(stdout).toContain("resources of the plugin now: 1 (1 Role)\ntheir providers: default_0_1_0\n");
    expect(stdout).toContain(`pulumi stack import --file ${file("state.plugin.json")}\n`);
    expect(stdout).toContain(
      `Undo:          pulumi stack import --file ${file("state.plugin.backup.json")}\n`,
    );
    expect(read("state.plugin.json")).toContain("milvus:index:Role");
    expect([read("state.json"), read("state.plugin.backup.json")]).toEqual([text, text]);
  });

  test.each(["there.json", "there.backup.json"])("overwrites no %s unasked", async (there) => {
    fs.writeFileSync(file(there), "mine");
    const { code, stderr } = await migrate(file("state.json"), "--out", file("there.json"));
    expect([code, stderr]).toEqual([
      1,
      `pulumi-milvus: ${file(there)} is there already: give another file with --out, or --force to overwrite it\n`,
    ]);
    expect(fs.readdirSync(folder).sort()).toEqual([there, "state.json"].sort());
    expect(read(there)).toBe("mine");
  });

  test("overwrites the file itself with --force, and the backup has what was in it", async () => {
    const { code } = await migrate(file("state.json"), "--out", file("state.json"), "--force");
    expect(code).toBe(0);
    expect(read("state.json")).toContain("milvus:index:Role");
    expect(read("state.backup.json")).toBe(text);
  });

  test("says so of a file that is no JSON", async () => {
    fs.writeFileSync(file("state.json"), "urn");
    const { code, stderr } = await migrate(file("state.json"));
    expect(code).toBe(1);
    expect(stderr).toContain(`${file("state.json")} is no JSON, as \`pulumi stack export\` writes it`);
  });
});
