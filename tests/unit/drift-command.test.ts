/* eslint-disable @typescript-eslint/require-await -- the stubs answer at once where the gateway is asynchronous */
/** `pulumi-milvus drift` without an engine and a server: what drifted, what is undeclared, and how it is told. */
import { compareAll } from "../../cli/drift/compare";
import { asMarkdown } from "../../cli/drift/markdown";
import { recordedObjects } from "../../cli/drift/recorded";
import { type DriftReport, makeReport, type ReportInput } from "../../cli/drift/report";
import { listAll } from "../../cli/drift/listed";
import { asText } from "../../cli/drift/text";
import { type ListedObject, undeclaredAmong } from "../../cli/drift/undeclared";
import type { RecordedResource } from "../../cli/preview/engine";
import type { Servers } from "../../cli/preview/servers";
import { logTo } from "../../provider/core/log";
import { SECRET, SIGNATURE } from "../../provider/engines/plugin/marks";
import { MilvusError, NotFoundError } from "../../provider/milvus/errors";
import { type AnyResource, resourceOf } from "../../provider/registry";
import { ofRun } from "../support/declared";

const GITHUB_LIMIT = 65_536;
const SERVER = "milvus:19530";
const DOCS = { databaseName: "default", collectionName: "documents", collectionId: "447" };
const ID = { name: "id", dataType: "Int64", isPrimaryKey: true };
const VECTOR = { name: "embedding", dataType: "FloatVector", dim: 8 };

type Values = Readonly<Record<string, unknown>>;

// What else was found goes to standard error there.
beforeAll(() => logTo(() => undefined));

const secret = (value: unknown): Values => ({ [SIGNATURE]: SECRET, plaintext: JSON.stringify(value) });

function dynamic(kind: string, id: string, outputs: Values, over: Partial<RecordedResource> = {}) {
  const type = `pulumi-nodejs:dynamic/milvus:${kind}`;
  return { urn: `urn:pulumi:dev::test::${type}::${id}`, type, id, outputs, ...over };
}

function plugin(kind: string, id: string, outputs: Values, over: Partial<RecordedResource> = {}) {
  const type = `milvus:index:${kind}`;
  return { urn: `urn:pulumi:dev::test::${type}::${id}`, type, id, outputs, ...over };
}

const collection = (over: Values = {}): Values => ({
  ...DOCS,
  fields: [ID, VECTOR],
  properties: {},
  ...over,
});
const docsIn = (make: typeof dynamic, over: Values = {}) =>
  make("Collection", "default/documents", collection(over));

/** A server with these collections, partitions of each of them, and roles. */
interface Content {
  readonly collections?: readonly Values[];
  readonly partitions?: readonly string[];
  readonly roles?: readonly string[];
  readonly databases?: readonly string[];
  /** By the call's name. */
  readonly failing?: Readonly<Record<string, Error>>;
}

const failure = (code: `grpc ${number}` | undefined, reason: string): MilvusError =>
  new MilvusError({ operation: "Call", object: "it", address: SERVER, reason, code });
const DENIED = failure("grpc 7", "permission denied");
const SILENT = failure(undefined, "no answer");

function serversOf(...contents: Content[]): Servers {
  const all = contents.map((content, number) => milvusOf(content, `${SERVER}${number === 0 ? "" : number}`));
  return { of: (provider?: string) => all[Number(provider ?? 0)] } as unknown as Servers;
}

function milvusOf(
  { collections = [], partitions = [], roles = [], databases = ["default"], failing = {} }: Content,
  address: string,
) {
  const answer = async <T>(call: string, value: T): Promise<T> => {
    if (failing[call]) throw failing[call];
    return value;
  };
  const named = (name: unknown) => collections.find(({ collectionName }) => collectionName === name);
  const found = partitions.map((partitionName) => ({ partitionName, partitionId: "1" }));
  return {
    ...ofRun(),
    address,
    database: "default",
    supports: async () => true,
    databases: {
      list: () => answer("databases", databases),
      find: async (name: string) => (databases.includes(name) ? {} : undefined),
    },
    collections: {
      list: (databaseName: string) =>
        answer(
          "list",
          collections.filter((one) => one["databaseName"] === databaseName),
        ),
      find: ({ collectionName }: Values) => answer("find", named(collectionName)),
      findById: async () => undefined,
      describe: async ({ collectionName }: Values) => named(collectionName),
    },
    partitions: {
      list: () => answer("partitions", found),
      find: async ({ partitionName }: Values) => found.find((one) => one.partitionName === partitionName),
    },
    indexes: { list: async () => [], find: async () => undefined },
    aliases: { of: async () => [], target: async () => undefined },
    users: { list: () => answer("users", ["root"]), find: async () => undefined },
    roles: {
      list: () =>
        answer(
          "roles",
          roles.map((roleName) => ({ roleName, userNames: [] })),
        ),
      find: async (roleName: string) => (roles.includes(roleName) ? { roleName } : undefined),
    },
    grants: { list: async () => [] },
    privilegeGroups: { list: async () => [] },
    resourceGroups: { list: async () => [] },
    loading: { loadedAs: async () => undefined, isReleased: async () => true },
  };
}

const onServer = (over: Values = {}): Values => ({
  ...DOCS,
  fields: [ID, VECTOR],
  properties: {},
  aliases: [],
  ...over,
});

async function reported(
  resources: readonly RecordedResource[],
  servers: Servers,
  { allDatabases = false, ...over }: Partial<ReportInput> & { allDatabases?: boolean } = {},
): Promise<DriftReport> {
  const all = await compareAll(recordedObjects(resources), servers);
  const compared = all.filter(({ recorded }) => !recorded.isLeftOver);
  const { standing, unlisted } = await listAll(compared, servers, allDatabases);
  const undeclared = undeclaredAmong(
    standing,
    compared,
    all.filter(({ recorded }) => recorded.isLeftOver),
  );
  return makeReport({
    compared,
    listed: { standing, unlisted, undeclared },
    countsUndeclared: false,
    ...over,
  });
}

const changesIn = ({ drift }: DriftReport): string[] =>
  drift.flatMap(({ changes }) => changes.map(({ inWords }) => inWords));

describe.each([
  ["of a dynamic resource", dynamic],
  ["of the plugin", plugin],
])("What drifted in a state %s", (_, make) => {
  test("is nothing where the server has what was recorded", async () => {
    const report = await reported([docsIn(make)], serversOf({ collections: [onServer()] }));
    expect(report).toMatchObject({ exitCode: 0, compared: 1, drift: [], undeclared: [], unjudged: [] });
    expect(report.verdict).toBe("nothing differs from the state");
  });

  test("is told by the paths of inputs, the state first", async () => {
    const changed = onServer({
      fields: [ID, { ...VECTOR, dim: 16 }],
      properties: { "collection.ttl.seconds": "60", "mmap.enabled": "true" },
    });
    const recorded = docsIn(make, { properties: { "collection.ttl.seconds": "86400" } });
    const report = await reported([recorded], serversOf({ collections: [changed] }));
    expect(report.exitCode).toBe(2);
    expect(changesIn(report)).toEqual([
      "fields.embedding.dim 8 -> 16",
      "properties.collection.ttl.seconds 86400 -> 60",
      "properties.mmap.enabled nothing -> true",
    ]);
    expect(report.drift[0]).toMatchObject({
      urn: recorded.urn,
      id: "default/documents",
      kind: "Collection",
      object: "collection documents",
      server: SERVER,
      status: "changed",
      changes: [{ input: "fields", path: "fields.embedding.dim" }, {}, {}],
    });
  });

  test("is gone where the server says that there is none", async () => {
    const report = await reported(
      [docsIn(make), make("Role", "readers", { roleName: "readers" })],
      serversOf({}),
    );
    expect(report.drift.map(({ object, status }) => [object, status])).toEqual([
      ["collection documents", "gone"],
      ["role readers", "gone"],
    ]);
    expect(report.verdict).toBe("2 objects of the state are gone");
  });

  test("is never gone where nobody answers, or may look", async () => {
    for (const error of [DENIED, SILENT]) {
      const report = await reported([docsIn(make)], serversOf({ failing: { find: error, list: error } }));
      expect(report).toMatchObject({ exitCode: 3, compared: 0, drift: [], undeclared: [] });
      expect(report.unjudged[0]).toMatchObject({ object: "collection documents", because: error.message });
      expect(report.verdict).toContain(
        "nothing that could be judged differs from the state; 1 object could not",
      );
    }
  });

  test("of a set of partitions are those that are gone; those that came are undeclared", async () => {
    const set = make("PartitionSet", "default/documents", {
      ...DOCS,
      partitionNames: ["t1", "t2"],
      partitionIds: { t1: "1", t2: "1" },
    });
    const servers = serversOf({ collections: [onServer()], partitions: ["_default", "t1", "t3"] });
    const report = await reported([docsIn(make), set], servers);
    expect(changesIn(report)).toEqual(["partitionNames: t2 is gone"]);
    expect(report.undeclared?.map(({ id }) => id)).toEqual(["default/documents/t3"]);
  });

  test("shows no secret", async () => {
    const recorded = make(
      "Collection",
      "default/documents",
      collection({ description: secret("the-secret-purpose") }),
      { inputs: { description: secret("the-secret-purpose") } },
    );
    const changed = onServer({ description: "another-secret" });
    const report = await reported([recorded], serversOf({ collections: [changed] }));
    expect(changesIn(report)).toEqual(["description, which is a secret and not shown"]);
    const told = asText(report) + asMarkdown(report) + JSON.stringify(report);
    expect(told).not.toMatch(/the-secret-purpose|another-secret/);
  });

  test("counts what is only read as declared, and does not judge it", async () => {
    const external = { ...docsIn(make), external: true };
    expect(
      await reported([external], serversOf({ collections: [onServer({ description: "new" })] })),
    ).toMatchObject({
      exitCode: 0,
      compared: 0,
      drift: [],
      undeclared: [],
    });
    expect((await reported([external], serversOf({}))).drift).toEqual([]);
  });

  test("leaves out what an earlier run replaced, which is undeclared where it stands", async () => {
    const old = make("Collection", "default/old", collection({ collectionName: "old" }), { delete: true });
    const both = [onServer(), onServer({ collectionName: "old" })];
    const report = await reported([docsIn(make), old], serversOf({ collections: both }));
    expect(report.drift).toEqual([]);
    expect(report.undeclared).toMatchObject([
      { id: "default/old", note: expect.stringContaining("replaced by an earlier") as string },
    ]);
  });
});

test("a secret that a dynamic resource marks by its path is not shown", async () => {
  const recorded = dynamic(
    "Collection",
    "default/documents",
    collection({ properties: { note: "hush-hush-1" }, secretInputs: [["properties", "note"]] }),
  );
  const changed = onServer({ properties: { note: "hush-hush-2" } });
  const report = await reported([recorded], serversOf({ collections: [changed] }));
  expect(changesIn(report)).toEqual(["properties, which is a secret and not shown"]);
});

test("a collection that somebody renamed is changed, and no stranger", async () => {
  const renamed = onServer({ collectionName: "papers" });
  const servers = serversOf({ collections: [renamed], partitions: ["y2024"] });
  const milvus = servers.of(undefined) as unknown as { collections: { findById: unknown } };
  milvus.collections.findById = async () => renamed;
  const partition = { ...DOCS, partitionName: "y2024", partitionId: "1" };
  const report = await reported(
    [docsIn(dynamic), dynamic("Partition", "default/documents/y2024", partition)],
    servers,
  );
  expect(changesIn(report)).toEqual(Array(2).fill('collectionName "documents" -> "papers"'));
  expect(report.undeclared).toEqual([]);
});

test("a collection that was made again by somebody else is gone, and it is said that there is another", async () => {
  const servers = serversOf({ collections: [onServer({ collectionId: "448" })] });
  const report = await reported([docsIn(dynamic)], servers);
  expect(report.drift).toMatchObject([
    { status: "gone", note: expect.stringContaining("another one") as string },
  ]);
  expect(report.undeclared).toEqual([]);
});

describe("What is undeclared", () => {
  const standing = (kind: string, state: Values, server = SERVER): ListedObject => ({
    resource: resourceOf(kind) as AnyResource,
    state,
    server,
    isNamed: true,
  });
  const LOGS = { databaseName: "default", collectionName: "logs" };
  const compared = (...resources: RecordedResource[]) =>
    compareAll(recordedObjects(resources), serversOf({}));
  const idsOf = (found: ReturnType<typeof undeclaredAmong>): string[][] =>
    found.map(({ standing: one, contains }) =>
      [one, ...contains].map(({ resource, state }) => `${resource.kind} ${resource.id(state)}`),
    );

  test("in something undeclared is told with that, once", async () => {
    const found = undeclaredAmong(
      [
        standing("Database", { databaseName: "other" }),
        standing("Collection", LOGS),
        standing("Collection", { databaseName: "other", collectionName: "c" }),
        standing("Partition", { ...LOGS, partitionName: "y2024" }),
        standing("Partition", { ...DOCS, partitionName: "by_hand" }),
        standing("Partition", { databaseName: "other", collectionName: "c", partitionName: "p" }),
        standing("Alias", { ...LOGS, aliasName: "current" }),
        standing("Role", { roleName: "writers" }),
        standing("RoleMembership", { roleName: "admin", userName: "mallory" }),
        standing("Grant", {
          roleName: "writers",
          privilege: "Insert",
          databaseName: "default",
          collectionName: "*",
        }),
      ],
      await compared(docsIn(dynamic)),
    );
    expect(idsOf(found)).toEqual([
      ["Database other", "Collection other/c", "Partition other/c/p"],
      ["Collection default/logs", "Partition default/logs/y2024", "Alias default/current"],
      ["Partition default/documents/by_hand"],
      ["Role writers", "Grant writers/default/*/Insert"],
      ["RoleMembership admin/mallory"],
    ]);
  });

  test("is what stands under a declared name on another server", async () => {
    const found = undeclaredAmong(
      [standing("Collection", DOCS), standing("Collection", DOCS, "other:19530")],
      await compared(docsIn(dynamic)),
    );
    expect(found.map(({ standing: { server } }) => server)).toEqual(["other:19530"]);
  });

  test("is no index of another name on a field, where the server forgets names", async () => {
    const onField = { ...DOCS, indexName: "embedding", fieldName: "embedding" };
    const declared = await compared(
      dynamic("Index", "default/documents/by_meaning", { ...onField, indexName: "by_meaning" }),
    );
    const found = (isNamed: boolean) =>
      undeclaredAmong([{ ...standing("Index", onField), isNamed }], declared).length;
    expect([found(true), found(false)]).toEqual([1, 0]);
  });

  test("is looked for in the databases of the stack, and in all when asked to", async () => {
    const inOther = onServer({ databaseName: "other", collectionName: "c" });
    const content = {
      collections: [onServer(), inOther],
      databases: ["default", "other"],
      roles: ["writers"],
    };
    const idsWith = async (allDatabases: boolean, ...resources: RecordedResource[]) => {
      const report = await reported([docsIn(dynamic), ...resources], serversOf(content), { allDatabases });
      return report.undeclared?.map(({ kind, id }) => `${kind} ${id}`);
    };
    expect(await idsWith(false)).toEqual([]);
    expect(await idsWith(true)).toEqual(["Database other", "Role writers"]);
    // Who declares a user is told of roles.
    expect(await idsWith(false, dynamic("User", "ann", { userName: "ann" }))).toEqual(["Role writers"]);
  });

  test("is not told of what the user may not list, and the rest goes on", async () => {
    const servers = serversOf({
      collections: [onServer(), onServer(LOGS)],
      failing: { users: DENIED },
    });
    const report = await reported([docsIn(dynamic)], servers, { allDatabases: true });
    expect(report.undeclared?.map(({ id }) => id)).toEqual(["default/logs"]);
    expect(report.unjudged).toEqual([{ object: `each user on ${SERVER}`, because: DENIED.message }]);
    expect(report.exitCode).toBe(3);
  });

  test("is listed by another provider of the same server that may", async () => {
    const [may, mayNot] = [{ collections: [onServer(), onServer(LOGS)] }, { failing: { list: DENIED } }];
    const servers = { of: (provider = "1") => milvusOf(provider === "0" ? mayNot : may, SERVER) };
    const both = ["0", "1"].map((provider) =>
      dynamic("Collection", "default/documents", collection(), { provider }),
    );
    const { standing: found, unlisted } = await listAll(
      await compareAll(recordedObjects(both), servers as unknown as Servers),
      servers as unknown as Servers,
    );
    expect([found.map(({ state }) => (state as typeof LOGS).collectionName), unlisted]).toEqual([
      ["documents", "logs"],
      [],
    ]);
  });

  test("is nothing in a database that is gone", async () => {
    const missing = new NotFoundError(failure(undefined, "database not found").failure);
    const report = await reported([docsIn(dynamic)], serversOf({ failing: { list: missing } }));
    expect(report).toMatchObject({ drift: [{ status: "gone" }], undeclared: [], unjudged: [] });
  });
});

const GONE = {
  status: "gone",
  changes: [],
  urn: "urn",
  id: "default/a",
  kind: "Alias",
  object: "alias a",
  server: "",
};

describe("The exit code", () => {
  const stranger = onServer({ collectionName: "logs" });
  test.each<[code: number, what: string, content: Content, over: Partial<ReportInput>]>([
    [0, "nothing differs", { collections: [onServer()] }, {}],
    [0, "something is undeclared", { collections: [onServer(), stranger] }, {}],
    [
      2,
      "something is undeclared and counts",
      { collections: [onServer(), stranger] },
      { countsUndeclared: true },
    ],
    [
      0,
      "nobody looks for what is undeclared",
      { collections: [onServer(), stranger] },
      { listed: undefined },
    ],
    [2, "something is gone", {}, {}],
    [3, "something could not be listed", { collections: [onServer()], failing: { list: DENIED } }, {}],
    [2, "something is gone and something could not be listed", { failing: { list: DENIED } }, {}],
  ])("is %i when %s", async (code, _, content, over) => {
    expect((await reported([docsIn(dynamic)], serversOf(content), over)).exitCode).toBe(code);
  });

  test("is 0 for a state without Milvus objects", async () => {
    const bucket = { urn: "urn:pulumi:dev::test::aws:s3:Bucket::b", type: "aws:s3:Bucket" };
    expect(await reported([bucket], serversOf({}))).toMatchObject({
      exitCode: 0,
      verdict: "the state of the stack has no Milvus object",
    });
  });
});

describe("It is told", () => {
  const report = async (): Promise<DriftReport> =>
    reported(
      [docsIn(dynamic), dynamic("Role", "readers", { roleName: "readers" })],
      serversOf({
        collections: [onServer({ description: "a | b\n`@everybody`" }), onServer({ collectionName: "logs" })],
        partitions: ["y2024"],
        failing: { users: DENIED },
      }),
      { stack: "prod" },
    );

  test("on a terminal", async () => {
    expect(asText(await report())).toBe(
      [
        "pulumi-milvus: 1 object differs from the state; 1 object of the state is gone; 2 objects on the server are " +
          "declared by no resource; not all that stands on the server could be listed",
        "",
        "Differs from the state:",
        "  ~ collection documents (default/documents)",
        '      description "" -> "a | b\\n`@everybody`"',
        "  - role readers is gone",
        "",
        "On the server, and declared by no resource of the stack:",
        "  collection logs (default/logs), with 1 partition",
        "  partition y2024 of collection documents (default/documents/y2024)",
        "",
        "Could not be judged:",
        `  each user on ${SERVER}: ${DENIED.message}`,
      ].join("\n"),
    );
  });

  test("for an issue, in which no value breaks the table or calls anybody", async () => {
    const markdown = asMarkdown(await report());
    expect(markdown.split("\n")[0]).toBe(
      "### ⚠️ Milvus drift of stack prod: 1 object differs from the state; 1 object of the state is gone; 2 objects on " +
        "the server are declared by no resource; not all that stands on the server could be listed",
    );
    expect(markdown).toContain("\n| 2 | 1 | 1 | 2 | 1 |\n");
    expect(markdown).toContain(
      '\n| collection documents `default/documents` | `` description "" -> "a \\| b\\n`@everybody`" `` |\n',
    );
    expect(markdown).toContain("| role readers `readers` | **gone** |");
    expect(markdown).toContain(
      "<details><summary>On the server, and declared by no resource of the stack: 2</summary>",
    );
  });

  test("for programs, in a form that has a version", async () => {
    const printed = JSON.parse(JSON.stringify(await report())) as DriftReport;
    expect(Object.keys(printed)).toEqual([
      "version",
      "verdict",
      "exitCode",
      "stack",
      "compared",
      "drift",
      "undeclared",
      "unjudged",
    ]);
    expect(printed).toMatchObject({ version: 1, exitCode: 2, compared: 2 });
    expect(printed.undeclared?.[0]).toEqual({
      id: "default/logs",
      kind: "Collection",
      object: "collection logs",
      server: SERVER,
      contains: [
        { id: "default/logs/y2024", kind: "Partition", object: "partition y2024 of collection logs" },
      ],
    });
  });

  test.each([
    [
      "objects",
      Array.from({ length: 5_000 }, (_, at) => ({ ...GONE, id: `default/alias_${at}` })),
      "more objects",
    ],
    [
      "changes of one object",
      [
        {
          ...GONE,
          status: "changed",
          changes: Array.from({ length: 5_000 }, (_, at) => ({
            input: "fields",
            path: "",
            inWords: `fields.f${at} is new`,
          })),
        },
      ],
      "more",
    ],
  ])("within what GitHub takes, however many %s there are", (_, drift, more) => {
    const markdown = asMarkdown({
      version: 1,
      verdict: "many",
      exitCode: 2,
      compared: 5_000,
      drift: drift as DriftReport["drift"],
      undeclared: Array.from({ length: 5_000 }, (__, at) => ({
        id: `default/c${at}`,
        kind: "Collection",
        object: `collection c${at}`,
        server: SERVER,
        contains: [],
      })),
      unjudged: [],
    });
    expect(markdown.length).toBeLessThan(GITHUB_LIMIT);
    expect(markdown).toMatch(new RegExp(`… and [\\d,]+ ${more}`));
    expect(markdown).toContain("more lines; run `npx pulumi-milvus drift` for all of them");
  });
});
