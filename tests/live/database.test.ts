/** A database in the life of a stack, with collections, partitions and an alias in it. */
import type { OperationResult, Workspace } from "../../tools/stack";
import { knows } from "../../provider/milvus/versions";
import { testVersion } from "../support/servers";
import { FIELDS, HNSW, live, program, said } from "./support/live";

const context = live();
const { milvus } = context;

const statementsIn = (databaseName: string, args = ""): string[] => [
  `const db = new milvus.Database("app", { databaseName: "${databaseName}", ${args} });`,
  `const docs = new milvus.Collection("documents", { databaseName: db.databaseName, fields: ${FIELDS} });`,
  `new milvus.Partition("y2024", { collection: docs });`,
  `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });`,
  `new milvus.Alias("current", { collection: docs });`,
];

describe("A stack with a database", () => {
  const name = context.name("app");
  const other = context.name("web");
  let stack: Workspace;
  let up: OperationResult;

  beforeAll(async () => {
    stack = await context.stack(
      program(...statementsIn(name), `exports.db = pulumi.output({ id: db.id, name: db.databaseName });`),
    );
    up = await stack.up();
  });

  test("makes it before what stands in it", async () => {
    expect(up.summary).toMatchObject({ create: 6 });
    expect(await milvus.collectionsIn(name)).toEqual(["documents"]);
    expect(await stack.outputs()).toEqual({ db: { id: name, name } });
    const aliases = await milvus.client.listAliases({ db_name: name, collection_name: "documents" });
    expect(aliases.aliases).toEqual(["current"]);
  });

  test("shows no changes at a second preview, and finds it by its id", async () => {
    await stack.preview({ args: ["--expect-no-changes"] });
    stack.program(
      program(...statementsIn(name), `exports.found = milvus.Database.get("found", "${name}").databaseName;`),
    );
    await stack.up();
    expect((await stack.outputs())["found"]).toBe(name);
  });

  if (!knows(testVersion(), "databaseProperties"))
    test("refuses properties that this server would forget, naming the version", async () => {
      stack.program(program(...statementsIn(name, `properties: { "database.replica.number": 2 }`)));
      expect(said(await stack.preview({ expectFailure: true }))).toContain(
        "this server has no properties of databases (needs Milvus 2.4.3)",
      );
      stack.program(program(...statementsIn(name)));
    });

  test("moves into another database by making everything there first", async () => {
    stack.program(program(...statementsIn(other)));
    await stack.up();
    expect(await milvus.collectionsIn(other)).toEqual(["documents"]);
    expect(await milvus.databases()).not.toContain(name);
  });

  test("does not drop it while somebody's collection is in it, and says which", async () => {
    const foreign = context.name("foreign");
    await milvus.client.createCollection({
      db_name: other,
      collection_name: foreign,
      fields: [
        { name: "id", data_type: "Int64", is_primary_key: true },
        { name: "v", data_type: "FloatVector", dim: 4 },
      ],
    });
    const result = await stack.destroy({ expectFailure: true });
    expect(said(result)).toContain(`database ${other} is not dropped: there is collection ${foreign} in it`);
    expect(await milvus.collectionsIn(other)).toEqual([foreign]);
    await milvus.client.dropCollection({ db_name: other, collection_name: foreign });
  });

  test("drops it last, and nothing is left", async () => {
    await stack.up();
    expect(await milvus.collectionsIn(other)).toEqual(["documents"]);
    const result = await stack.destroy();
    expect(said(result)).toContain(`dropped database ${other}, which was empty`);
    expect(await milvus.databases()).not.toContain(other);
    expect(await stack.resources()).toEqual([]);
  });
});

describe("A database", () => {
  const name = context.name("alone");
  let stack: Workspace;
  const declared = (args = ""): string =>
    program(`new milvus.Database("app", { databaseName: "${name}", ${args} });`);

  beforeAll(async () => {
    stack = await context.stack(declared());
  });

  test("that is there and empty is taken over; with data in it only when asked for", async () => {
    await milvus.createDatabase(name);
    await milvus.client.createCollection({
      db_name: name,
      collection_name: "used",
      fields: [
        { name: "id", data_type: "Int64", is_primary_key: true },
        { name: "v", data_type: "FloatVector", dim: 4 },
      ],
    });
    await milvus.client.insert({
      db_name: name,
      collection_name: "used",
      data: [{ id: 1, v: [1, 2, 3, 4] }],
    });
    expect(said(await stack.up({ expectFailure: true }))).toContain(
      `database ${name} exists already, with data in used. To manage it from here set \`adopt: true\``,
    );
    stack.program(declared("adopt: true"));
    expect(said(await stack.up())).toContain("is taken over; used is in it");
    await milvus.client.dropCollection({ db_name: name, collection_name: "used" });
  });

  test("that somebody dropped is gone for a refresh and made again by the next up", async () => {
    await milvus.dropDatabase(name);
    expect((await stack.refresh()).summary).toMatchObject({ delete: 1 });
    await stack.up();
    expect(await milvus.databases()).toContain(name);
  });

  test("that is gone already needs no drop", async () => {
    await milvus.dropDatabase(name);
    await stack.destroy();
    expect(await stack.resources()).toEqual([]);
  });

  test("named default is refused at preview", async () => {
    stack.program(program(`new milvus.Database("default", {});`));
    expect(said(await stack.preview({ expectFailure: true }))).toContain(
      "default is Milvus's own database: it is always there and cannot be declared",
    );
  });
});
