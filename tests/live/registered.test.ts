/** What is judged by what was registered: after inheritance, transformations and outputs, not by a constructor's arguments. */
import { accessTo, FIELDS, linesWith, live, program, providerArgs, said } from "./support/live";

const context = live();
const { milvus } = context;
const named = (text: string): string => context.name(text);

/** A Provider of the test server with a database of its own. */
const provider = (name: string, database: string): string =>
  `const ${name} = new milvus.Provider("${name}", ${providerArgs({ ...milvus.server, database })});`;
const COMPONENT = `class Tenant extends pulumi.ComponentResource {
  constructor(name, opts) {
    super("test:index:Tenant", name, {}, opts);
    new milvus.Partition(\`\${name}_y2024\`, { collection: "${named("docs")}", partitionName: "y2024" }, { parent: this });
  }
}`;

describe("A partition of one name in a collection of one name", () => {
  const databases = [named("us"), named("eu")] as const;

  beforeAll(async () => {
    for (const database of databases) {
      await milvus.createDatabase(database);
      await milvus.client.createCollection({
        db_name: database,
        collection_name: named("docs"),
        fields: [
          { name: "id", data_type: "Int64", is_primary_key: true },
          { name: "embedding", data_type: "FloatVector", dim: 8 },
        ],
      });
    }
  });
  afterAll(async () => {
    for (const database of databases)
      await milvus.client.dropCollection({ db_name: database, collection_name: named("docs") });
  });

  test("is declared once for each provider that components inherit", async () => {
    const [us, eu] = databases;
    const stack = await context.stack(
      program(
        provider("us", us),
        provider("eu", eu),
        COMPONENT,
        `new Tenant("us_tenant", { providers: [us] });`,
        `new Tenant("eu_tenant", { providers: [eu] });`,
      ),
    );
    await stack.up();
    for (const database of databases) {
      const { partition_names } = await milvus.client.showPartitions({
        db_name: database,
        collection_name: named("docs"),
      });
      expect([...partition_names].sort()).toEqual(["_default", "y2024"]);
    }
    await stack.preview({ args: ["--expect-no-changes"] });
    await stack.destroy();
  });

  test("is declared once for each database that is an output, and refused when it is declared twice", async () => {
    const declare = (second: string): string =>
      program(
        `const databases = { us: pulumi.output("${databases[0]}"), eu: pulumi.output("${databases[1]}") };`,
        ...["us", second].map(
          (name, at) =>
            `new milvus.Partition("p${at}", { collection: "${named("docs")}", databaseName: databases.${name},
              partitionName: "shared" }, { provider: undefined });`,
        ),
      );
    const stack = await context.stack(declare("eu"));
    await stack.up();
    stack.program(declare("us"));
    const refused = await stack.preview({ expectFailure: true });
    expect(said(refused)).toMatch(
      /partition shared of collection \S+ is declared twice: by Partition "p\d" and by/,
    );
    await stack.destroy();
  });
});

describe("A transformation", () => {
  const declare = (transformation: string): string =>
    program(
      transformation,
      `const docs = new milvus.Collection("docs", { collectionName: "${named("transformed")}", fields: ${FIELDS} });`,
      `new milvus.Partition("y2024", { collection: docs });`,
      `new milvus.Index("by_added", { collection: docs, fieldName: "added", indexType: "STL_SORT" });`,
    );
  const props = `({ ...args.props, databaseName: "${named("moved")}",
    fields: [...args.props.fields, { name: "added", dataType: "Int64" }] })`;
  const isCollection = `/milvus:(index:)?Collection$/.test(args.type)`;

  beforeAll(() => milvus.createDatabase(named("moved")));

  test.each([
    [
      "sync",
      `pulumi.runtime.registerStackTransformation((args) =>
        ${isCollection} ? { props: ${props}, opts: args.opts } : undefined);`,
    ],
    [
      "async",
      `pulumi.runtime.registerResourceTransform(async (args) =>
        ${isCollection} ? { props: ${props}, opts: args.opts } : undefined);`,
    ],
  ])(
    "that is %s and adds a field and sets the database counts for what stands in the collection",
    async (_, text) => {
      const stack = await context.stack(declare(text));
      await stack.up();
      expect(await milvus.collectionsIn(named("moved"))).toEqual([named("transformed")]);
      await stack.preview({ args: ["--expect-no-changes"] });
      await stack.destroy();
      expect(await milvus.collectionsIn(named("moved"))).toEqual([]);
    },
  );
});

describe("A refresh", () => {
  test("records what would be refused, and the next preview refuses it", async () => {
    const docs = named("drifted");
    const declare = program(
      `new milvus.Collection("docs", { collectionName: "${docs}", fields: ${FIELDS} });`,
    );
    const stack = await context.stack(declare, {
      config: { ...accessTo(milvus.server), "milvus:protectData": "true" },
    });
    await stack.up();
    await milvus.setProperties(docs, { "collection.ttl.seconds": "60" });
    const refresh = await stack.refresh();
    expect(linesWith(refresh, "properties is")).not.toEqual([]);
    expect(refresh.summary).toMatchObject({ update: 1 });
    const refused = await stack.preview({ expectFailure: true });
    expect(said(refused)).toContain("this server cannot remove collection.ttl.seconds");
    await milvus.dropCollection(docs);
    await stack.refresh();
  });
});
