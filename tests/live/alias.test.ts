/** An alias in the life of a stack: it points, moves, follows, comes back, and goes when it has to. */
import { knows } from "../../provider/milvus/versions";
import { testVersion } from "../support/servers";
import type { OperationResult } from "../../tools/stack";
import type { GrpcProxy } from "../support/grpc-proxy";
import { FIELDS, live, program, said } from "./support/live";
import { rows } from "./support/milvus";

const context = live();
const { milvus, database } = context;

/** A stack with names of its own, on a server whose calls are counted. */
async function stackOf(what: string) {
  const proxy = await context.proxy();
  const names = {
    first: context.name(`${what}_v1`),
    second: context.name(`${what}_v2`),
    alias: context.name(`${what}_current`),
  };
  const stack = await context.stack("", { address: proxy.address });
  const collection = (variable: "first" | "second", ttl = 86400): string =>
    `const ${variable} = new milvus.Collection("${variable}", { collectionName: "${names[variable]}", fields: ${FIELDS},
       properties: { "collection.ttl.seconds": ${ttl} } });`;
  const alias = (of: string, args = "", options = ""): string =>
    `const current = new milvus.Alias("current", { collection: ${of}, aliasName: "${names.alias}", ${args} }, { ${options} });`;
  const up = async (...statements: string[]): Promise<OperationResult> => {
    stack.program(program(...statements));
    proxy.forget();
    return stack.up();
  };
  return { proxy, stack, names, collection, alias, up };
}

type Stack = Awaited<ReturnType<typeof stackOf>>;

const WRITES = [
  "CreateAlias",
  "AlterAlias",
  "DropAlias",
  "DropCollection",
  "CreateCollection",
  "RenameCollection",
];

function writes({ proxy }: { proxy: GrpcProxy }): string[] {
  return proxy.calls.filter((call) => WRITES.includes(call));
}

describe("An alias", () => {
  let one: Stack;
  let outputs: Record<string, unknown>;
  const both = (): string[] => [one.collection("first"), one.collection("second")];

  beforeAll(async () => {
    one = await stackOf("points");
    await one.up(
      ...both(),
      one.alias("first"),
      `exports.current = pulumi.output({ id: current.id, aliasName: current.aliasName, databaseName: current.databaseName,
         collectionName: current.collectionName, collectionId: current.collectionId });`,
    );
    outputs = await one.stack.outputs();
  });

  test("is made once its collection is there, and points at it", async () => {
    expect(await milvus.aliasTarget(one.names.alias)).toBe(one.names.first);
    expect(writes(one)).toEqual(["CreateCollection", "CreateCollection", "CreateAlias"]);
  });

  test("gives back what it points at", async () => {
    expect(outputs["current"]).toEqual({
      id: `${database}/${one.names.alias}`,
      aliasName: one.names.alias,
      databaseName: database,
      collectionName: one.names.first,
      collectionId: await milvus.collectionId(one.names.first),
    });
  });

  test("shows no changes at a second preview", async () => {
    await one.stack.preview({ args: ["--expect-no-changes"] });
  });

  test("is got by its id", async () => {
    await one.up(
      ...both(),
      one.alias("first"),
      `exports.found = milvus.Alias.get("found", "${database}/${one.names.alias}").collectionName;`,
    );
    expect((await one.stack.outputs())["found"]).toBe(one.names.first);
  });

  test("moves in one call, and in no other", async () => {
    const { summary } = await one.up(...both(), one.alias("second"));
    expect(summary).toMatchObject({ update: 1, replace: 0 });
    expect(writes(one)).toEqual(["AlterAlias"]);
    expect(await milvus.aliasTarget(one.names.alias)).toBe(one.names.second);
  });

  test("that somebody moved is seen by a refresh and moved back by the next up", async () => {
    await milvus.alterAlias(one.names.alias, one.names.first);
    const refreshed = await one.stack.refresh();
    expect(said(refreshed)).toContain(
      `alias ${one.names.alias}: collectionName is "${one.names.first}" on the server, the state had "${one.names.second}"`,
    );
    await one.up(...both(), one.alias("second"));
    expect(writes(one)).toEqual(["AlterAlias"]);
    expect(await milvus.aliasTarget(one.names.alias)).toBe(one.names.second);
  });

  test("that somebody dropped is gone for a refresh and made again by the next up", async () => {
    await milvus.dropAlias(one.names.alias);
    expect((await one.stack.refresh()).summary).toMatchObject({ delete: 1 });
    await one.up(...both(), one.alias("second"));
    expect(writes(one)).toEqual(["CreateAlias"]);
    expect(await milvus.aliasTarget(one.names.alias)).toBe(one.names.second);
  });

  // Newer servers keep a collection that has an alias.
  if (!knows(testVersion(), "aliasKeepsCollection"))
    test("that a dropped collection left behind is put right together with it", async () => {
      await milvus.dropCollection(one.names.second);
      expect(await milvus.aliasTarget(one.names.alias)).toBeUndefined();
      await one.stack.refresh();
      const result = await one.up(...both(), one.alias("second"));
      expect(said(result)).toContain(
        `alias ${database}/${one.names.alias} was left behind by a collection that is gone`,
      );
      expect(await milvus.aliasTarget(one.names.alias)).toBe(one.names.second);
    });

  test("whose name is given by the program is renamed by a new one before the old one goes", async () => {
    const renamed = `${one.names.alias}_2`;
    const other = one.alias("second").replace(one.names.alias, renamed);
    await one.up(...both(), other);
    expect(writes(one)).toEqual(["CreateAlias", "DropAlias"]);
    expect(await milvus.aliasTarget(renamed)).toBe(one.names.second);
    await one.up(...both(), one.alias("second"));
  });

  test("that somebody moved is left alone when it is removed from the program, and that is said", async () => {
    await milvus.alterAlias(one.names.alias, one.names.first);
    const result = await one.up(...both());
    expect(said(result)).toContain(
      `alias ${database}/${one.names.alias} is not dropped: somebody pointed it at collection ${one.names.first}`,
    );
    expect(await milvus.aliasTarget(one.names.alias)).toBe(one.names.first);
  });

  describe("that is there already", () => {
    test("and points elsewhere is an error that says the way out, and stays where it is", async () => {
      one.stack.program(program(...both(), one.alias("second")));
      const result = await one.stack.up({ expectFailure: true });
      expect(said(result)).toMatch(
        new RegExp(`exists already and points at collection ${one.names.first}, not at ${one.names.second}`),
      );
      expect(said(result)).toContain("set `adopt: true`");
      expect(await milvus.aliasTarget(one.names.alias)).toBe(one.names.first);
    });

    test("and points where it should is taken over, as after a lost state", async () => {
      const result = await one.up(...both(), one.alias("first"));
      expect(writes(one)).toEqual([]);
      expect(said(result)).toContain("exists already, points at");
    });

    test("and points elsewhere is moved with adopt", async () => {
      await one.up(...both());
      await milvus.createAlias(one.names.alias, one.names.first);
      await one.up(...both(), one.alias("second", "adopt: true"));
      expect(writes(one)).toEqual(["AlterAlias"]);
      expect(await milvus.aliasTarget(one.names.alias)).toBe(one.names.second);
      await one.stack.preview({ args: ["--expect-no-changes"] });
    });
  });

  test("goes before its collection at destroy, and nothing is left", async () => {
    one.proxy.forget();
    await one.stack.destroy();
    expect(writes(one).sort()).toEqual(["DropAlias", "DropCollection", "DropCollection"]);
    expect(await milvus.exists(one.names.second)).toBe(false);
    await milvus.createCollection(one.names.second);
    await milvus.createAlias(one.names.alias, one.names.second);
    await milvus.dropAlias(one.names.alias);
  });
});

describe("A collection with an alias", () => {
  let one: Stack;
  beforeAll(async () => {
    one = await stackOf("follows");
    await one.up(one.collection("first"), one.alias("first"));
  });

  test("is renamed with it, without a call for the alias", async () => {
    const renamed = one.collection("first").replace(`"${one.names.first}"`, `"${one.names.second}"`);
    const { summary } = await one.up(renamed, one.alias("first"));
    expect(writes(one)).toEqual(["RenameCollection"]);
    expect(summary).toMatchObject({ update: 2, replace: 0 });
    expect(await milvus.aliasTarget(one.names.alias)).toBe(one.names.second);
    await one.stack.preview({ args: ["--expect-no-changes"] });
    await one.up(one.collection("first"), one.alias("first"));
  });

  test("that is changed in place leaves the alias alone, at preview as well", async () => {
    const changed = [one.collection("first", 172800), one.alias("first")];
    one.stack.program(program(...changed));
    expect((await one.stack.preview()).summary).toMatchObject({ update: 1, replace: 0 });
    expect((await one.up(...changed)).summary).toMatchObject({ update: 1, replace: 0 });
    expect(writes(one)).toEqual([]);
  });

  test("that is replaced under its name takes it along", async () => {
    const before = await milvus.collectionId(one.names.first);
    await milvus.insert(one.names.first, rows(5));
    const changed = one.collection("first").replace("dim: 8", "dim: 16");
    await one.stack.config({ "milvus:acknowledgedDataLoss": `${database}/${one.names.first}` });
    const { summary } = await one.up(changed, one.alias("first"));
    expect(summary).toMatchObject({ replace: 1, update: 1 });
    // The first two are of the scratch collection that the new one is tried on.
    expect(writes(one)).toEqual([
      "CreateCollection",
      "DropCollection",
      ...(knows(testVersion(), "aliasKeepsCollection")
        ? ["DropAlias", "DropCollection", "CreateCollection", "AlterAlias", "CreateAlias"]
        : ["DropCollection", "CreateCollection", "AlterAlias"]),
    ]);
    expect(await milvus.collectionId(one.names.first)).not.toBe(before);
    expect(await milvus.aliasTarget(one.names.alias)).toBe(one.names.first);
    await one.stack.preview({ args: ["--expect-no-changes"] });
  });

  test("that is replaced under another name hands it over before the old one goes", async () => {
    const changed = one.collection("first").replace(`"${one.names.first}"`, `"${one.names.second}"`);
    await one.up(changed, one.alias("first"));
    expect(writes(one)).toEqual(["CreateCollection", "AlterAlias", "DropCollection"]);
    expect(await milvus.aliasTarget(one.names.alias)).toBe(one.names.second);
    expect(await milvus.exists(one.names.first)).toBe(false);
    await one.up(one.collection("first").replace("dim: 8", "dim: 16"), one.alias("first"));
  });

  test("that another stack's alias points at is not dropped, and the way out is told", async () => {
    const foreign = context.name("foreign");
    await milvus.createAlias(foreign, one.names.first);
    one.stack.program(program());
    const result = await one.stack.up({ expectFailure: true });
    expect(said(result)).toContain(`alias ${foreign} points at it`);
    expect(await milvus.exists(one.names.first)).toBe(true);
    await milvus.dropAlias(foreign);
    await one.up();
    expect(await milvus.exists(one.names.first)).toBe(false);
  });
});

describe("A destroy of a collection and its alias goes through", () => {
  test.each([
    ["given as a resource", "first", "", []],
    ["given as a resource and said to be deleted with it", "first", "deletedWith: first", []],
    ["given by its name", "NAME", "", []],
    ["given by its name, one step after another", "NAME", "", ["--parallel", "1"]],
    ["given by its name and dependent on it", "NAME", "dependsOn: [first]", []],
  ])("with the collection %s", async (_, of, options, args) => {
    const one = await stackOf("destroyed");
    const given = of === "NAME" ? `"${one.names.first}"` : of;
    await one.up(one.collection("first"));
    await one.up(one.collection("first"), one.alias(given, "", options));
    await one.stack.destroy({ args });
    expect(await one.stack.resources()).toEqual([]);
    expect(await milvus.exists(one.names.first)).toBe(false);
    await milvus.createCollection(one.names.first);
    // One that was left behind could not be created.
    await milvus.createAlias(one.names.alias, one.names.first);
    await milvus.dropAlias(one.names.alias);
    await milvus.dropCollection(one.names.first);
  });
});
