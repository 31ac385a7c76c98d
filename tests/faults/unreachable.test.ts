/**
 * Missing is not unreachable: whatever stands where a Milvus should be, and whatever it answers, every call of the
 * engine ends in an error. Nothing is ever taken for gone, and nothing is reported as done that was not done.
 */
import type * as dynamic from "@pulumi/pulumi/dynamic";

import { logTo } from "../../provider/core/log";
import { Milvus } from "../../provider/milvus/gateway";
import { Run } from "../../provider/run";
import { readSettings } from "../../provider/milvus/settings";
import { alias } from "../../provider/resources/alias";
import { collection } from "../../provider/resources/collection";
import { collectionLoad } from "../../provider/resources/collection-load";
import { database } from "../../provider/resources/database";
import { index } from "../../provider/resources/field-index";
import { partition } from "../../provider/resources/partition";
import { configured, type Values } from "../support/declared";
import { DIM, gatewayTo, insertRows, uniqueName } from "../support/gateways";
import { type Answer, GrpcProxy } from "../support/grpc-proxy";
import { blackHole, deadPort } from "../support/proxies";
import { testServers } from "../support/servers";
import {
  givesBareStatus,
  grpcStatus,
  milvusStatus,
  NAMELESS_DESCRIPTION,
  NO_MESSAGE,
  noise,
  page,
  reply,
  webServer,
} from "./support/middleboxes";
import { full, tried } from "./support/tally";

const SECRET = "s3cret-Pa55word";
const ROWS = 20;
const FIELDS = [
  { name: "id", dataType: "Int64", isPrimaryKey: true },
  { name: "number", dataType: "Int64" },
  { name: "embedding", dataType: "FloatVector", dim: DIM },
];
/** So that what never answers is given up soon. */
const timeouts = { create: 6, update: 6, delete: 6 };

const server = testServers().milvus;
const direct = gatewayTo(server);
const rightToken = `${server.username}:${server.password}`;
const databaseName = "default";

/** What is closed in the end. */
const opened: { close(): Promise<unknown> }[] = [];

type Config = Readonly<Record<string, string>>;

interface Providers {
  readonly collection: dynamic.ResourceProvider;
  readonly partition: dynamic.ResourceProvider;
  readonly index: dynamic.ResourceProvider;
  readonly collectionLoad: dynamic.ResourceProvider;
  readonly alias: dynamic.ResourceProvider;
  readonly database: dynamic.ResourceProvider;
}

async function providersAt(config: Config): Promise<Providers> {
  // The same connection as the providers will have.
  const milvus = Milvus.at(
    readSettings(
      (name) => config[name],
      () => undefined,
    ),
    new Run(),
  );
  opened.push({ close: () => milvus.close() });
  const kinds = Object.entries({ collection, partition, index, collectionLoad, alias, database });
  const made = kinds.map(async ([kind, resource]) => [kind, await configured(resource, config)] as const);
  return Object.fromEntries(await Promise.all(made)) as unknown as Providers;
}

/** An object as the state of a stack has it. */
interface Recorded {
  readonly id: string;
  readonly state: Values;
}

interface Objects {
  readonly collection: Recorded;
  readonly partition: Recorded;
  readonly index: Recorded;
  readonly collectionLoad: Recorded;
  readonly alias: Recorded;
  readonly database: Recorded;
}

const declaredIn = (collectionName: string) => ({
  collection: { collectionName, fields: FIELDS, timeouts },
  partition: { collectionName, partitionName: "y2024", timeouts },
  index: {
    collectionName,
    indexName: "by_meaning",
    fieldName: "embedding",
    indexType: "FLAT",
    metricType: "L2",
    timeouts,
  },
  collectionLoad: { collectionName, timeouts },
  alias: { collectionName, aliasName: `${collectionName}_alias`, timeouts },
  database: { databaseName: `${collectionName}_database`, timeouts },
});

type Extra = "collectionLoad" | "alias" | "database";
const EVERYTHING: readonly Extra[] = ["collectionLoad", "alias", "database"];

/**
 * A collection with a partition and an index, as a stack would have made it. What is extra is only recorded unless it is
 * asked for: a load takes seconds, and an alias is in the way of a drop.
 */
async function make(providers: Providers, extras: readonly Extra[] = []): Promise<Objects> {
  const declared = declaredIn(uniqueName("unreachable"));
  const create = async (kind: keyof Objects): Promise<Recorded> => {
    // A busy machine takes its time for a load; what is tried afterwards has to end soon.
    const patient = { ...declared[kind], timeouts: { ...timeouts, create: 60 } };
    const made = await providers[kind].create(patient).catch((error: Error) => {
      // Its stack says nothing, on purpose.
      throw new Error(`the ${kind} of a case was not made: ${error.message}`);
    });
    return { id: made.id, state: { ...(made.outs as Values), timeouts } };
  };
  const made = await create("collection");
  const inside = { partition: await create("partition"), index: await create("index") };
  const extra = async (kind: Extra): Promise<Recorded> => {
    if (extras.includes(kind)) return create(kind);
    const { collectionId } = made.state;
    return { id: made.id, state: { collectionId, databaseName, ...declared[kind] } };
  };
  return {
    collection: made,
    ...inside,
    collectionLoad: await extra("collectionLoad"),
    alias: await extra("alias"),
    database: await extra("database"),
  };
}

const nameOf = (objects: Objects): string => String(objects.collection.state["collectionName"]);

interface Operation {
  readonly kind: keyof Objects;
  readonly name: string;
  run(provider: dynamic.ResourceProvider, objects: Objects): Promise<unknown> | undefined;
  /** Whether what was answered, or done, is true. */
  isTrue(objects: Objects, result: unknown): Promise<boolean> | boolean;
}

const NEW_PARTITION = "made_meanwhile";
const NEW_INDEX = { indexName: "by_number", fieldName: "number", indexType: "STL_SORT" };
const NEW_PROPERTIES = { "collection.ttl.seconds": "86400" };

const idsOf = ({ collectionId, partitionId, indexName, aliasName, databaseName }: Values = {}) => [
  collectionId,
  partitionId,
  indexName,
  aliasName,
  databaseName,
];

const readOf = (kind: keyof Objects, name: string, known: (state: Values) => Values): Operation => ({
  kind,
  name,
  run: (provider, objects) => provider.read?.(objects[kind].id, known(objects[kind].state)),
  isTrue: (objects, result) =>
    JSON.stringify(idsOf((result as { props?: Values }).props)) ===
    JSON.stringify(idsOf(objects[kind].state)),
});

const ref = (objects: Objects) => ({ databaseName, collectionName: nameOf(objects) });

const aliasOf = (objects: Objects) => ({ databaseName, aliasName: String(objects.alias.state["aliasName"]) });
const newAlias = (objects: Objects): string => `${nameOf(objects)}_new_alias`;
const newDatabase = (objects: Objects): string => `${nameOf(objects)}_new_database`;
/** What aliases are pointed at by an update. */
const OTHER = { databaseName, collectionName: uniqueName("unreachable_other") };

const OPERATIONS: readonly Operation[] = [
  ...(["collection", "partition", "index", "collectionLoad", "alias", "database"] as const).flatMap(
    (kind) => [readOf(kind, "read", (state) => state), readOf(kind, "look-up", () => ({}))],
  ),
  {
    kind: "collection",
    name: "create",
    run: (provider, objects) =>
      provider.create({ ...declaredIn(`${nameOf(objects)}_new`).collection, databaseName }),
    isTrue: async (objects) =>
      (await direct.collections.find({ databaseName, collectionName: `${nameOf(objects)}_new` })) !==
      undefined,
  },
  {
    kind: "partition",
    name: "create",
    run: (provider, objects) =>
      provider.create({ ...objects.partition.state, partitionName: NEW_PARTITION, partitionId: undefined }),
    isTrue: async (objects) =>
      (await direct.partitions.find({ ...ref(objects), partitionName: NEW_PARTITION })) !== undefined,
  },
  {
    kind: "index",
    name: "create",
    run: (provider, objects) => provider.create({ ...ref(objects), ...NEW_INDEX, timeouts }),
    isTrue: async (objects) => (await direct.indexes.find({ ...ref(objects), ...NEW_INDEX })) !== undefined,
  },
  {
    kind: "collection",
    name: "update",
    run: (provider, { collection: { id, state } }) =>
      provider.update?.(id, state, { ...state, properties: NEW_PROPERTIES }),
    isTrue: async (objects) =>
      (await direct.collections.describe(ref(objects))).properties["collection.ttl.seconds"] === "86400",
  },
  {
    kind: "collectionLoad",
    name: "create",
    run: (provider, objects) => provider.create({ ...ref(objects), timeouts }),
    isTrue: (objects) => direct.loading.isLoaded(ref(objects)),
  },
  {
    kind: "collectionLoad",
    name: "update",
    run: (provider, { collectionLoad: { id, state } }) =>
      provider.update?.(id, state, { ...state, partitionNames: ["_default"] }),
    isTrue: async (objects) => (await direct.loading.loadedPartitions(ref(objects))).join() === "_default",
  },
  {
    kind: "collectionLoad",
    name: "delete",
    run: (provider, { collectionLoad: { id, state } }) => provider.delete?.(id, state),
    isTrue: async (objects) => !(await direct.loading.isLoaded(ref(objects))),
  },
  {
    kind: "alias",
    name: "create",
    run: (provider, objects) => provider.create({ ...objects.alias.state, aliasName: newAlias(objects) }),
    isTrue: async (objects) =>
      (await direct.aliases.target({ databaseName, aliasName: newAlias(objects) })) === nameOf(objects),
  },
  {
    kind: "alias",
    name: "update",
    run: (provider, { alias: { id, state } }) =>
      provider.update?.(id, state, {
        ...state,
        collectionName: OTHER.collectionName,
        collectionId: undefined,
      }),
    isTrue: async (objects) => (await direct.aliases.target(aliasOf(objects))) === OTHER.collectionName,
  },
  {
    kind: "alias",
    name: "delete",
    run: (provider, { alias: { id, state } }) => provider.delete?.(id, state),
    isTrue: async (objects) => (await direct.aliases.target(aliasOf(objects))) === undefined,
  },
  {
    kind: "database",
    name: "create",
    run: (provider, objects) => provider.create({ databaseName: newDatabase(objects), timeouts }),
    isTrue: async (objects) => (await direct.databases.find(newDatabase(objects))) !== undefined,
  },
  {
    kind: "database",
    name: "delete",
    run: (provider, { database: { id, state } }) => provider.delete?.(id, state),
    isTrue: async ({ database: { state } }) =>
      (await direct.databases.find(String(state["databaseName"]))) === undefined,
  },
  {
    kind: "index",
    name: "update",
    run: (provider, { index: { id, state } }) => provider.update?.(id, state, state),
    isTrue: async (objects) =>
      (await direct.indexes.find({ ...ref(objects), indexName: "by_meaning" })) !== undefined,
  },
  {
    kind: "index",
    name: "delete",
    run: (provider, { index: { id, state } }) => provider.delete?.(id, state),
    isTrue: async (objects) =>
      (await direct.indexes.find({ ...ref(objects), indexName: "by_meaning" })) === undefined,
  },
  {
    kind: "partition",
    name: "delete",
    run: (provider, { partition: { id, state } }) => provider.delete?.(id, state),
    isTrue: async (objects) =>
      (await direct.partitions.find({ ...ref(objects), partitionName: "y2024" })) === undefined,
  },
  {
    kind: "collection",
    name: "delete",
    run: (provider, { collection: { id, state } }) => provider.delete?.(id, state),
    isTrue: async (objects) => (await direct.collections.find(ref(objects))) === undefined,
  },
];

/** Reads have two minutes for it, which the sample has not. */
const STARTING = "a server that still starts";
const isReading = (name: string): boolean => ["read", "look-up"].includes(name);

const titleOf = ({ kind, name }: Operation): string => `${kind} ${name}`;

/** Where it failed; or what is so: Milvus lets everybody describe a collection, and its aliases with it. */
const TRUE_REASON =
  /Milvus at 127\.0\.0\.1:\d+|server at 127\.0\.0\.1:\d+|dropped by somebody else|alias \S+_alias points at it/;

/** An error that says what was tried where, without the secret; or an answer that is true. */
async function judge(
  operation: Operation,
  providers: Providers,
  objects: Objects,
): Promise<"error" | "true"> {
  let result: unknown;
  try {
    result = await operation.run(providers[operation.kind], objects);
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    const { message } = error as Error;
    expect(message).toMatch(TRUE_REASON);
    expect(message).toMatch(/collection|partition|index|alias|database|server/);
    expect(message).not.toContain(SECRET);
    expect(message).not.toContain(rightToken);
    return "error";
  }
  if (!(await operation.isTrue(objects, result)))
    throw new Error(`${titleOf(operation)} succeeded, and it is not true: ${JSON.stringify(result)}`);
  return "true";
}

type Cells = Map<string, string>;

function table(title: string, rows: ReadonlyMap<string, Cells>): string {
  const columns = OPERATIONS.map(titleOf);
  const width = Math.max(...[...rows.keys()].map((name) => name.length));
  const line = (name: string, cells: readonly string[]): string =>
    [name.padEnd(width), ...cells.map((cell, at) => cell.padStart(columns[at]?.length ?? 0))].join("  ");
  return [
    title,
    line("", columns),
    ...[...rows].map(([name, cells]) =>
      line(
        name,
        columns.map((column) => cells.get(column) ?? "-"),
      ),
    ),
  ].join("\n");
}

const tables: string[] = [];
const told: string[] = [];

async function proxy(): Promise<GrpcProxy> {
  const one = await GrpcProxy.to(server.address);
  opened.push({ close: () => Promise.resolve(one.off()) });
  return one;
}

beforeAll(async () => {
  logTo((line) => void told.push(line));
  await direct.collections.create({ ...OTHER, fields: FIELDS });
});

afterAll(async () => {
  for (const one of opened) await one.close();
  const all = await direct.collections.list(databaseName);
  const ours = all.filter(({ collectionName }) => collectionName.startsWith("unreachable_"));
  for (const { collectionName } of ours) {
    const { aliases = [] } = (await direct.collections.find({ databaseName, collectionName })) ?? {};
    for (const aliasName of aliases) await direct.aliases.drop({ databaseName, aliasName });
    await direct.collections.drop({ databaseName, collectionName });
  }
  const databases = (await direct.databases.list()).filter((name) => name.startsWith("unreachable_"));
  await Promise.all(databases.map((name) => direct.databases.drop(name)));
  await direct.close();
  // Not through Jest's console, which adds a call stack.
  process.stdout.write(`\n${tables.join("\n\n")}\n`);
  // The full form leaves hundreds of collections.
}, 900_000);

describe("Where a Milvus should be,", () => {
  /** Answers every call the same, connecting included. */
  const answering = async (answer: (method: string) => Answer): Promise<Config> => {
    const one = await proxy();
    one.before = ({ method }) => answer(method);
    return { address: one.address, token: rightToken };
  };
  const standing = async (
    there: Promise<{ address: string; close(): Promise<unknown> }>,
  ): Promise<Config> => {
    const one = await there;
    opened.push(one);
    return { address: one.address, token: `root:${SECRET}` };
  };
  const withoutGrants = async (): Promise<Config> => {
    const username = uniqueName("nobody");
    await direct.call({
      operation: "CreateUser",
      object: username,
      run: (client) => client.createUser({ username, password: SECRET }),
    });
    opened.push({
      close: () =>
        direct.call({
          operation: "DeleteUser",
          object: username,
          run: (client) => client.deleteUser({ username }),
        }),
    });
    return { address: server.address, username, password: SECRET };
  };

  const KINDS: Readonly<Record<string, () => Promise<Config>>> = {
    "nobody listens": async () => ({ address: `127.0.0.1:${await deadPort()}`, token: `root:${SECRET}` }),
    "a black hole": () => standing(blackHole()),
    "the password is wrong": () => Promise.resolve({ address: server.address, token: `root:${SECRET}` }),
    "the user has no grants": withoutGrants,
    "gRPC UNIMPLEMENTED": () => answering(() => grpcStatus(12, "unknown service")),
    "gRPC NOT_FOUND": () => answering(() => grpcStatus(5, "no route matched")),
    "gRPC UNKNOWN": () => answering(() => grpcStatus(2, "upstream failed")),
    "HTTP 404": () => answering(() => page(404)),
    "HTTP 403": () => answering(() => page(403)),
    "HTTP 502": () => answering(() => page(502)),
    "HTTP 503": () => answering(() => page(503)),
    "HTTP 200, a page": () => answering(() => page(200)),
    "success without a message": () => answering(() => NO_MESSAGE),
    "an empty message": () => answering(() => reply(Buffer.alloc(0))),
    "a message of garbage": () => answering(() => reply(Buffer.from("not a reply"))),
    "success and nothing else": () => answering((method) => milvusStatus(method, 0, "")),
    [STARTING]: () =>
      answering((method) => milvusStatus(method, 1, "service not ready[standalone=1]: Initializing")),
    "an HTTP/1.1 server": () => standing(webServer()),
    noise: () => standing(noise()),
  };

  /** Milvus lets everybody describe. */
  const MAY_BE_TRUE: Readonly<Record<string, RegExp>> = {
    "the user has no grants": /^(collection|index) (read|look-up)$|^index update$/,
  };

  const results = new Map<string, Cells>();
  const failures = new Map<string, unknown[]>();
  let objects: Objects;
  let partitionIds: readonly unknown[];

  beforeAll(async () => {
    objects = await make(await providersAt({ address: server.address, token: rightToken }), EVERYTHING);
    await insertRows(direct, ref(objects), { rows: ROWS, partition: "y2024" });
    partitionIds = await direct.partitions.list(ref(objects));
    const configs: [kind: string, config: Config][] = [];
    for (const [kind, configOf] of Object.entries(KINDS)) configs.push([kind, await configOf()]);
    // Side by side, since most of the time goes into waiting.
    await Promise.all(
      configs.map(async ([kind, config]) => {
        const cells: Cells = new Map();
        results.set(kind, cells);
        const operations = OPERATIONS.filter(({ name }) => full || kind !== STARTING || !isReading(name));
        await Promise.all(
          operations.map(async (operation) => {
            const title = titleOf(operation);
            try {
              await tried("unreachable", `${kind}: ${title}`, async () => {
                // Of its own: what one run declares it does not delete.
                const outcome = await judge(operation, await providersAt(config), objects);
                if (outcome === "true") expect(title).toMatch(MAY_BE_TRUE[kind] ?? /^none may$/);
              });
              cells.set(title, "ok");
            } catch (error) {
              cells.set(title, "FAIL");
              failures.set(kind, [...(failures.get(kind) ?? []), [title, (error as Error).message]]);
            }
          }),
        );
      }),
    );
    const inOrder = Object.keys(KINDS).map((kind) => [kind, results.get(kind) as Cells] as const);
    tables.push(table("what stands where a Milvus should be, and what every call becomes", new Map(inOrder)));
  });

  test.each(Object.keys(KINDS))("%s: every call is an error, and nothing is missing", (kind) => {
    expect(failures.get(kind) ?? []).toEqual([]);
    expect(results.get(kind)?.size).toBeGreaterThanOrEqual(OPERATIONS.length / 2);
  });

  test("everything is there afterwards, with all its rows, and nothing beside it", async () => {
    expect((await direct.collections.describe(ref(objects))).collectionId).toBe(
      objects.collection.state["collectionId"],
    );
    expect(await direct.partitions.list(ref(objects))).toEqual(partitionIds);
    expect((await direct.indexes.list(ref(objects))).map(({ indexName }) => indexName)).toEqual([
      "by_meaning",
    ]);
    expect(await direct.aliases.target(aliasOf(objects))).toBe(nameOf(objects));
    expect(await direct.databases.list()).toContain(objects.database.state["databaseName"]);
    await direct.loading.loadAs(ref(objects), {
      replicas: 1,
      resourceGroups: [],
      partitions: "all",
    } as never);
    expect(await direct.entities.countPartition({ ...ref(objects), partitionName: "y2024" })).toEqual({
      kind: "exact",
      rows: ROWS,
    });
  });

  test("no line of the log has a secret", () => {
    expect(told.join("\n")).not.toContain(SECRET);
    expect(told.join("\n")).not.toContain(rightToken);
  });
});

describe("In a database that is not there,", () => {
  let providers: Providers;
  let objects: Objects;

  beforeAll(async () => {
    providers = await providersAt({ address: server.address, token: rightToken, database: "not_there" });
    const made = await make(await providersAt({ address: server.address, token: rightToken }));
    const moved = ({ id, state }: Recorded): Recorded => ({
      id: id.replace(/^default\//, "not_there/"),
      state: { ...state, databaseName: "not_there" },
    });
    objects = {
      collection: moved(made.collection),
      partition: moved(made.partition),
      index: moved(made.index),
      collectionLoad: moved(made.collectionLoad),
      alias: moved(made.alias),
      database: made.database,
    };
  });

  test.each(["collection", "partition", "index", "collectionLoad", "alias"] as const)(
    "a %s is gone with its database: nothing is found and nothing is left to drop",
    (kind) =>
      tried("missing database", kind, async () => {
        const { id, state } = objects[kind];
        expect(await providers[kind].read?.(id, state)).toEqual({});
        // A program's `get` of it is an error.
        await expect(providers[kind].read?.(id, {})).rejects.toThrow(
          /there is no object with the id .*not_there/,
        );
        await providers[kind].delete?.(id, state);
        // Its namesake in the database that is there.
        expect(await direct.collections.find(ref(objects))).toBeDefined();
      }),
  );

  test.each<[keyof Objects, RegExp]>([
    ["collection", /CreateCollection of collection not_there\/\w+ failed on Milvus at .*not_there not found/],
    ["partition", /there is no collection not_there\/\w+ on Milvus at /],
    ["index", /there is no collection not_there\/\w+ on Milvus at /],
    ["collectionLoad", /there is no collection not_there\/\w+ on Milvus at /],
    ["alias", /there is no collection not_there\/\w+ on Milvus at /],
  ])("a %s cannot be made, and the error says where", (kind, message) =>
    tried("missing database", `${kind} create`, async () => {
      await expect(providers[kind].create({ ...objects[kind].state, adopt: false })).rejects.toThrow(message);
    }),
  );
});

describe("When all goes well but for one call of an operation, and that one is answered with", () => {
  /** Nobody can tell an empty status from success, which is what an empty status says. */
  const unlessBare =
    (answer: (method: string) => Answer | undefined) =>
    (method: string): Answer | undefined =>
      givesBareStatus(method) ? undefined : answer(method);

  /** Having no index is what an empty list of them says. */
  const unlessIndexes = (method: string): Answer | undefined =>
    method === "DescribeIndex" ? undefined : milvusStatus(method, 0, "");

  const SAMPLE: Readonly<Record<string, (method: string) => Answer | undefined>> = {
    "gRPC UNIMPLEMENTED": () => grpcStatus(12, "unknown method"),
    "a message of garbage": () => reply(Buffer.from("not a reply")),
    "success and nothing else": unlessBare(unlessIndexes),
    "a description of nothing": (method) =>
      method === "DescribeCollection" ? NAMELESS_DESCRIPTION : undefined,
  };
  const OTHERS: typeof SAMPLE = {
    "gRPC NOT_FOUND": () => grpcStatus(5, "no route matched"),
    "gRPC UNKNOWN": () => grpcStatus(2, "upstream failed"),
    "gRPC PERMISSION_DENIED": () => grpcStatus(7, "denied by policy"),
    "HTTP 404": () => page(404),
    "HTTP 200, a page": () => page(200),
    "an empty message": unlessBare(() => reply(Buffer.alloc(0))),
    "success without a message": () => NO_MESSAGE,
  };
  const ANSWERS = full ? { ...SAMPLE, ...OTHERS } : SAMPLE;

  /** The calls that each operation is made of. */
  const calls = new Map<Operation, readonly string[]>();
  const rows = new Map<string, Cells>();
  let one: GrpcProxy;
  let providers: Providers;
  let directly: Providers;
  let objects: Objects;

  /** Every case has objects of its own, unless it only reads. */
  const objectsFor = ({ kind, name }: Operation): Promise<Objects> =>
    isReading(name)
      ? Promise.resolve(objects)
      : make(directly, name === "create" ? [] : EVERYTHING.filter((extra) => extra === kind));

  beforeAll(async () => {
    one = await proxy();
    directly = await providersAt({ address: server.address, token: rightToken });
    providers = await providersAt({ address: one.address, token: rightToken });
    objects = await make(directly, EVERYTHING);
    for (const operation of OPERATIONS) {
      const own = await objectsFor(operation);
      one.forget();
      expect(await judge(operation, providers, own)).toBe("true");
      calls.set(operation, [...new Set(one.calls)]);
    }
  });

  afterAll(
    () => void tables.push(table("one call of an operation answered so (cases that went well)", rows)),
  );

  test.each(Object.keys(ANSWERS))(
    "%s, it is an error or it is true",
    async (kind) => {
      const cells: Cells = new Map();
      rows.set(kind, cells);
      const failures: unknown[] = [];
      for (const operation of OPERATIONS) {
        const title = titleOf(operation);
        const methods = (calls.get(operation) ?? []).filter((method) => ANSWERS[kind]?.(method));
        for (const target of methods) {
          const own = await objectsFor(operation);
          one.before = ({ method }) => (method === target ? ANSWERS[kind]?.(method) : undefined);
          await tried("one call unreachable", `${kind} to ${target}: ${title}`, async () => {
            await judge(operation, providers, own);
          }).catch((error: unknown) => failures.push([target, title, (error as Error).message]));
          one.pass();
        }
        const failed = failures.filter((failure) => (failure as string[])[1] === title).length;
        cells.set(title, failed > 0 ? `FAIL ${failed}` : `ok ${methods.length}`);
      }
      expect(failures).toEqual([]);
    },
    900_000,
  );
});
