/** compose.yaml, .github/workflows/servers.yml and docs/testing.md speak of the same servers; what runs on them is there. */
import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

import { LINES, parseVersion } from "../../provider/milvus/versions";
import { serverOfUser } from "../support/foreign-run";
import { isForeign, leftOut } from "../support/foreign-server";
import { differences } from "../support/inventory";
import { madeAt, newDatabaseName } from "../support/own-database";
import { environmentOf } from "../support/test-server";

const ROOT = path.join(__dirname, "..", "..");
const read = (file: string): string => fs.readFileSync(path.join(ROOT, file), "utf8");

interface Compose {
  readonly services: Readonly<
    Record<string, { image: string; ports?: string[]; healthcheck?: object; environment: object }>
  >;
}
interface Workflow {
  readonly jobs: {
    readonly tests: {
      readonly strategy: { readonly matrix: { readonly milvus: string[]; readonly suite: string[] } };
      readonly env: Readonly<Record<string, string>>;
      readonly steps: readonly { readonly run?: string; readonly env?: Readonly<Record<string, string>> }[];
    };
  };
}

const compose = parse(read("compose.yaml")) as Compose;
const { tests } = (parse(read(".github/workflows/servers.yml")) as Workflow).jobs;
const docs = read("docs/testing.md");
const VERSIONS = ["v2.4.23", "v2.5.27", "v2.6.19", "v3.0.0"];

test("the workflow runs both suites on each version", () => {
  expect(tests.strategy.matrix).toEqual({ milvus: VERSIONS, suite: ["contract", "live"] });
  expect(tests.env["MILVUS_VERSION"]).toBe("${{ matrix.milvus }}");
  const suite = tests.steps.find(({ run }) => run === "npm run ${{ matrix.suite }}");
  expect(suite?.env).toEqual({ MILVUS_ADDRESS: "127.0.0.1:19530", MILVUS_TOKEN: "root:Milvus" });
});

test("the workflow calls scripts that there are", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining([...tests.strategy.matrix.suite, "build"]));
});

test("the compose file starts the version that is asked for, one of these otherwise", () => {
  const { standalone, etcd, minio } = compose.services;
  const [, standard = ""] =
    /^milvusdb\/milvus:\$\{MILVUS_VERSION:-(.+)\}$/.exec(standalone?.image ?? "") ?? [];
  expect(VERSIONS).toContain(standard);
  expect(standalone?.ports).toEqual(["127.0.0.1:19530:19530"]);
  for (const service of [standalone, etcd, minio]) expect(service?.healthcheck).toBeDefined();
  expect(standalone?.environment).toMatchObject({ COMMON_SECURITY_AUTHORIZATIONENABLED: "true" });
});

test.each(VERSIONS)("the compose file names %s, and the docs have its line", (version) => {
  expect(read("compose.yaml")).toContain(version);
  expect(docs).toContain(
    `MILVUS_VERSION=${version} docker compose up -d --wait && MILVUS_ADDRESS=127.0.0.1:19530 npm run contract`,
  );
});

test("there is one version of each line of Milvus that is newer than the tests' own server", () => {
  const lines = LINES.map(({ name }) => name).filter((name) => /^\d/.test(name) && name !== "2.3");
  expect(VERSIONS.map((text) => parseVersion(text).version.slice(0, 2).join("."))).toEqual(lines);
});

describe("what does not run on a server of the user's", () => {
  const env = { MILVUS_ADDRESS: "127.0.0.1:19530" };
  const filesOf = (given: NodeJS.ProcessEnv) =>
    ["contract", "live"].flatMap((project) => leftOut(project, given).map(([file]) => file));

  test("is a list of files that there are, each with a reason", () => {
    for (const [file, why] of [...leftOut("contract", env), ...leftOut("live", env)]) {
      expect([file, fs.existsSync(path.join(ROOT, "tests", file))]).toEqual([file, true]);
      expect(why).not.toBe("");
    }
  });

  test("is every file that starts a server or speaks to Milvus Lite", () => {
    const left = filesOf(env);
    const missing = ["contract", "live"]
      .flatMap((project) =>
        fs.readdirSync(path.join(ROOT, "tests", project)).map((name) => `${project}/${name}`),
      )
      .filter((file) => file.endsWith(".test.ts") && !left.includes(file))
      .filter((file) =>
        /startMilvus\(|startFakeMilvus\(|startNamedFake\(|\blite\.server\b/.test(read(`tests/${file}`)),
      );
    expect(missing).toEqual([]);
  });

  test("is more where nobody logs in, and nothing without such a server or where others were started", () => {
    const more = filesOf(env).filter((file) => !filesOf({ ...env, MILVUS_TOKEN: "root:a" }).includes(file));
    expect(more).toEqual([
      "contract/milvus-access.test.ts",
      "live/access.test.ts",
      "live/drift-command.test.ts",
      "live/multi-tenant.test.ts",
    ]);
    expect(filesOf({ ...env, MILVUS_TOKEN: "0123abcd" })).toEqual(filesOf(env));
    expect(filesOf({})).toEqual([]);
    expect(
      filesOf({ ...env, MILVUS_ADDRESS: "https://a:1" }).filter((file) => !filesOf(env).includes(file)),
    ).toEqual(["contract/milvus-connection.test.ts"]);
    expect(isForeign({ ...env, PULUMI_MILVUS_TEST_SERVERS: "{}" })).toBe(false);
  });
});

test.each<[string, NodeJS.ProcessEnv, object]>([
  ["a token", { MILVUS_TOKEN: "alice:a:b" }, { username: "alice", password: "a:b" }],
  ["a password alone", { MILVUS_PASSWORD: "secret" }, { username: "root", password: "secret" }],
  ["both names", { MILVUS_USERNAME: "bob", MILVUS_PASSWORD: "b" }, { username: "bob", password: "b" }],
  ["an API key", { MILVUS_TOKEN: "0123abcd" }, { token: "0123abcd" }],
  ["nothing", {}, {}],
])("credentials of the user's server: %s", (_what, env, credentials) => {
  const address = "milvus.example.com:19530";
  expect(serverOfUser({ MILVUS_ADDRESS: address, ...env })).toEqual({ address, ...credentials });
});

test("TLS is that of an https address, on its port, or of MILVUS_TLS, with paths that hold in any folder", () => {
  expect(serverOfUser({ MILVUS_ADDRESS: "https://milvus.example.com" })).toEqual({
    address: "milvus.example.com:443",
    tls: {},
  });
  const tls = { caCertPath: "ca.pem", serverName: "localhost" };
  const server = serverOfUser({
    MILVUS_ADDRESS: "a:1",
    MILVUS_TLS: JSON.stringify(tls),
    MILVUS_DATABASE: "theirs",
  });
  const found = { ...tls, caCertPath: path.resolve("ca.pem") };
  expect(server).toEqual({ address: "a:1", tls: found, database: "theirs" });
  expect(environmentOf(server)).toEqual({
    MILVUS_ADDRESS: "a:1",
    MILVUS_TLS: JSON.stringify(found),
    MILVUS_DATABASE: "theirs",
  });
});

test("what is wrong with the settings is said as programs are told", () => {
  expect(() => serverOfUser({ MILVUS_ADDRESS: "milvus://a" })).toThrow(/the Milvus address must be HOST/);
});

const NOTED = new Map([
  ["database a", ""],
  ["collection a/docs", "id 7, 20 rows, loaded, replicas: 1"],
  ["partition _default of collection a/docs", "20 rows, loaded"],
]);

test.each<[string, [string, string][], string[]]>([
  ["nothing is", [], []],
  ["an object came", [["role c", ""]], ["left behind: role c"]],
  [
    "a row came",
    [["collection a/docs", "id 7, 21 rows, loaded, replicas: 1"]],
    [
      "changed: collection a/docs (was: id 7, 20 rows, loaded, replicas: 1; is: id 7, 21 rows, loaded, replicas: 1)",
    ],
  ],
  [
    "a partition was released",
    [["partition _default of collection a/docs", "20 rows, not loaded"]],
    ["changed: partition _default of collection a/docs (was: 20 rows, loaded; is: 20 rows, not loaded)"],
  ],
])("what is not as it was is told: %s", (_what, changes, told) => {
  expect(differences(NOTED, new Map([...NOTED, ...changes]))).toEqual(told);
});

test("what went is told", () => {
  expect(differences(NOTED, new Map([...NOTED].slice(0, 1)))).toEqual([
    "gone: collection a/docs",
    "gone: partition _default of collection a/docs",
  ]);
});

describe("the name of a run's own database", () => {
  test("is one that Milvus takes, is no other run's, and tells when it was made", () => {
    const now = new Date("2026-03-04T05:06:07.890Z");
    const name = newDatabaseName(now);
    expect(name).toMatch(/^pulumi_milvus_tests_20260304050607_[0-9a-f]{8}$/);
    expect(newDatabaseName(now)).not.toBe(name);
    expect(madeAt(name)).toBe(Date.parse("2026-03-04T05:06:07Z"));
  });

  test.each([
    "default",
    "pulumi_milvus_tests",
    "pulumi_milvus_tests_mine",
    "pulumi_milvus_tests_20260304050607_1234567",
    "pulumi_milvus_tests_20260304050607_12345678_kept",
    "my_pulumi_milvus_tests_20260304050607_12345678",
    "pulumi_milvus_tests_20261304050607_12345678",
  ])("is none of %s", (name) => {
    expect(madeAt(name)).toBeUndefined();
  });
});
