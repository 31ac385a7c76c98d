/** CollectionBehindAlias in languages that have no component of their own for it: the plugin makes it. */
import { stringify } from "yaml";

import { named } from "../../provider/components/name-of-collection";
import { withPlugin } from "./support/bundled";
import { goStack, type LanguageStack, pythonStack, yamlStack } from "./support/languages";
import { live, providerArgs } from "./support/live";
import { rows } from "./support/milvus";
import { reportOn } from "./support/report";

const context = live();
const { milvus, database } = context;

interface Declared {
  readonly alias: string;
  readonly dim?: number;
  readonly startsEmpty?: boolean;
  readonly partitions?: readonly string[];
}

interface Language {
  readonly stack: (context_: typeof context, env: Record<string, string>) => Promise<LanguageStack>;
  readonly program: (declared: Declared) => string;
}

const GO = `package main

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/pulumi-milvus/pulumi-milvus/sdk/go/milvus"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

type declared struct {
	Alias       string
	Dim         int
	StartsEmpty bool
	Partitions  []string
}

func program(folder string) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		text, err := os.ReadFile(filepath.Join(folder, "declared.json"))
		if err != nil {
			return err
		}
		var wanted declared
		if err := json.Unmarshal(text, &wanted); err != nil {
			return err
		}
		documents, err := milvus.NewCollectionBehindAlias(ctx, "documents", &milvus.CollectionBehindAliasArgs{
			AliasName: pulumi.String(wanted.Alias),
			Fields: milvus.FieldArray{
				milvus.FieldArgs{Name: pulumi.String("id"), DataType: pulumi.String("Int64"), IsPrimaryKey: pulumi.Bool(true)},
				milvus.FieldArgs{Name: pulumi.String("year"), DataType: pulumi.String("Int64")},
				milvus.FieldArgs{
					Name: pulumi.String("embedding"), DataType: pulumi.String("FloatVector"), Dim: pulumi.Int(wanted.Dim),
				},
			},
			PartitionNames: pulumi.ToStringArray(wanted.Partitions),
			Indexes: milvus.IndexBehindAliasMap{
				"by_meaning": milvus.IndexBehindAliasArgs{
					FieldName: pulumi.String("embedding"), IndexType: pulumi.String("HNSW"), MetricType: pulumi.String("COSINE"),
					Params: pulumi.Map{"M": pulumi.Int(8), "efConstruction": pulumi.Int(64)},
				},
			},
			StartsEmpty: pulumi.Bool(wanted.StartsEmpty),
		})
		if err != nil {
			return err
		}
		ctx.Export("collectionName", documents.CollectionName)
		ctx.Export("collectionId", documents.Collection.CollectionId())
		return nil
	}
}
`;

const FIELDS = (dim: number) => [
  { name: "id", dataType: "Int64", isPrimaryKey: true },
  { name: "year", dataType: "Int64" },
  { name: "embedding", dataType: "FloatVector", dim },
];
const INDEXES = {
  by_meaning: {
    fieldName: "embedding",
    indexType: "HNSW",
    metricType: "COSINE",
    params: { M: 8, efConstruction: 64 },
  },
};

const LANGUAGES: Readonly<Record<string, Language>> = {
  Python: {
    stack: pythonStack,
    program: ({ alias, dim, startsEmpty, partitions }) => `
import pulumi
import pulumi_milvus as milvus

documents = milvus.CollectionBehindAlias("documents", alias_name="${alias}", fields=[
    milvus.FieldArgs(name="id", data_type="Int64", is_primary_key=True),
    {"name": "year", "data_type": milvus.DataType.INT64},
    {"name": "embedding", "data_type": "FloatVector", "dim": ${dim}},
], partition_names=${JSON.stringify(partitions)}, indexes={
    "by_meaning": {"field_name": "embedding", "index_type": "HNSW", "metric_type": "COSINE",
                   "params": {"M": 8, "efConstruction": 64}},
}, starts_empty=${startsEmpty ? "True" : "False"})
pulumi.export("collectionName", documents.collection_name)
pulumi.export("collectionId", documents.collection.collection_id)
`,
  },
  Go: {
    stack: (live_, env) => goStack(live_, env, {}, GO),
    program: (declared) => JSON.stringify(declared),
  },
  YAML: {
    stack: yamlStack,
    program: ({ alias, dim = 8, startsEmpty, partitions }) => `
resources:
  documents:
    type: milvus:CollectionBehindAlias
    properties:
      aliasName: ${alias}
      fields: ${JSON.stringify(FIELDS(dim))}
      partitionNames: ${JSON.stringify(partitions)}
      indexes: ${JSON.stringify(INDEXES)}
      startsEmpty: ${startsEmpty}
outputs:
  collectionName: \${documents.collectionName}
  collectionId: \${documents.collection.collectionId}
`,
  },
};

let env: Record<string, string>;
beforeAll(async () => {
  env = await withPlugin();
});

describe.each(Object.entries(LANGUAGES))("In %s", (name, { stack: stackOf, program }) => {
  const alias = context.name(`served_${name.toLowerCase()}`);
  const nameWith = (dim: number): string =>
    named(alias, { fields: FIELDS(dim), indexes: INDEXES }).collectionName;
  const [first, second] = [nameWith(8), nameWith(16)];
  let stack: LanguageStack;
  const declare = (more: Partial<Declared> = {}): void =>
    stack.program(program({ alias, dim: 8, startsEmpty: false, partitions: ["t1", "t2"], ...more }));
  const unchanged = (): Promise<string> => stack.preview({ expectNoChanges: true });

  beforeAll(async () => {
    stack = await stackOf(context, env);
  });

  test("it is made, loaded and pointed at, under the name that Node programs give it", async () => {
    declare();
    await stack.preview();
    expect(await milvus.exists(first)).toBe(false);
    await stack.up();
    expect(await milvus.partitions(first)).toEqual(["t1", "t2"]);
    expect(await milvus.indexes(first)).toMatchObject([{ name: "by_meaning", metric: "COSINE" }]);
    expect(await milvus.loadState(first)).toBe("LoadStateLoaded");
    expect(await milvus.aliasTarget(alias)).toBe(first);
    expect(await stack.workspace.outputs()).toEqual({
      collectionName: first,
      collectionId: await milvus.collectionId(first),
    });
    await unchanged();
    await stack.workspace.refresh({ args: ["--expect-no-changes"] });
    await unchanged();
  });

  test("partitions come and go in place", async () => {
    declare({ partitions: ["t1", "t3"] });
    await stack.up();
    expect(await milvus.partitions(first)).toEqual(["t1", "t3"]);
    expect(await milvus.aliasTarget(alias)).toBe(first);
  });

  test("a change that needs another collection is refused at preview while that would serve less", async () => {
    await milvus.insert(first, rows(20));
    declare({ partitions: ["t1", "t3"], dim: 16 });
    expect(await stack.preview({ expectFailure: true })).toContain(
      `alias ${alias} would serve 0 entities, today 20`,
    );
    expect(await milvus.exists(second)).toBe(false);
  });

  test("makes it beside the old one, which stays with its data until that is acknowledged", async () => {
    declare({ partitions: ["t1", "t3"], dim: 16, startsEmpty: true });
    expect(await stack.up({ expectFailure: true })).toContain(
      `${database}/${first} holds 20 entities and is not dropped, because it has protectData`,
    );
    expect(await milvus.aliasTarget(alias)).toBe(second);
    expect(await milvus.count(first)).toBe(20);
    await stack.workspace.config({ "milvus:acknowledgedDataLoss": JSON.stringify([`${database}/${first}`]) });
    await stack.up();
    expect(await milvus.exists(first)).toBe(false);
    expect(await milvus.aliasTarget(alias)).toBe(second);
    await unchanged();
  });

  test("it is destroyed with one drop of the alias and of the collection, and no release", async () => {
    const proxy = await context.proxy();
    await stack.workspace.config({ "milvus:address": proxy.address });
    await stack.up();
    proxy.forget();
    await stack.workspace.destroy();
    expect(proxy.calls.filter((call) => /^(Drop|Release)/.test(call))).toEqual([
      "DropAlias",
      "DropCollection",
    ]);
    expect(await milvus.exists(second)).toBe(false);
  });
});

describe("A component of the plugin", () => {
  const inYaml = (properties: object, options: object = {}, more: object = {}, name = "documents"): string =>
    stringify({
      resources: { [name]: { type: "milvus:CollectionBehindAlias", properties, options }, ...more },
    });

  test("says what is wrong with its inputs before anything is made", async () => {
    const stack = await yamlStack(context, env);
    stack.program(
      inYaml({
        aliasName: "a/b",
        fields: FIELDS(0),
        partitionNames: ["t1", "t1"],
        indexes: { by_meaning: { ...INDEXES.by_meaning, fieldName: "nowhere" } },
      }),
    );
    const text = await stack.preview({ expectFailure: true });
    for (const reason of [
      "aliasName: ",
      "fields[2].dim: ",
      'partitionNames[1]: "t1" is named twice',
      'indexes.by_meaning.fieldName: the collection has no field "nowhere"',
    ])
      expect(text).toContain(reason);
    expect(text).not.toMatch(/^ +at /m);
  });

  test.each([
    ["its engine stops at", []],
    ["its engine goes on without", ["--continue-on-error"]],
  ])("makes nothing out of a part that fails, which %s", async (_, args) => {
    const alias = context.name(`failing_${args.length}`);
    const { collectionName } = named(alias, { fields: FIELDS(8), indexes: INDEXES });
    await milvus.createCollection(collectionName);
    await milvus.insert(collectionName, rows(3));
    const stack = await yamlStack(context, env);
    stack.program(inYaml({ aliasName: alias, fields: FIELDS(8), indexes: INDEXES }));
    const { stdout } = await stack.workspace.up({ args, expectFailure: true });
    const [, diagnostics = ""] = stdout.split("Diagnostics:");
    const errors = diagnostics.match(/error: .+/g) ?? [];
    // Where the engine stops it says so of every component that is not through.
    const own = errors.filter((line) => !line.endsWith("grpc: the client connection is closing"));
    expect(own.sort()).toEqual([expect.stringContaining("exists already and holds"), "error: update failed"]);
    expect(await milvus.aliasTarget(alias)).toBeUndefined();
  });

  test("is on the server of its Provider, protected with all its parts, and not loaded where it is not to be", async () => {
    const alias = context.name("elsewhere");
    const stack = await yamlStack(context, env, { config: {} });
    const settings = JSON.parse(providerArgs(milvus.server)) as object;
    stack.program(
      inYaml(
        { aliasName: alias, fields: FIELDS(8), indexes: INDEXES, load: false },
        { provider: "${prod}", protect: true },
        { prod: { type: "pulumi:providers:milvus", properties: settings } },
      ),
    );
    await stack.preview();
    await stack.up();
    const [made = ""] = [await milvus.aliasTarget(alias)];
    expect(await milvus.loadState(made)).toBe("LoadStateNotLoad");
    const resources = await stack.workspace.resources();
    const parts = resources.filter(({ parent }) => String(parent).endsWith("::documents"));
    expect(parts.map(({ type }) => type.split(":").at(-1)).sort()).toEqual(["Alias", "Collection", "Index"]);
    for (const { provider, protect } of parts) {
      expect(provider).toContain("pulumi:providers:milvus::prod::");
      expect(protect).toBe(true);
    }
  });

  test("is renamed in the program with an alias, and its parts with it", async () => {
    const stack = await yamlStack(context, env);
    const properties = { aliasName: context.name("renamed"), fields: FIELDS(8), indexes: INDEXES };
    stack.program(inYaml(properties));
    await stack.up();
    const component = (await stack.workspace.resources()).find(({ urn }) => urn.endsWith("Alias::documents"));
    stack.program(inYaml(properties, { aliases: [component?.urn] }, {}, "papers"));
    await stack.preview({ expectNoChanges: true });
    await stack.up();
    const names = (await stack.workspace.resources()).map(({ urn }) => urn.split("::").at(-1));
    expect(names.filter((name) => name?.startsWith("documents"))).toEqual([]);
    expect(names.filter((name) => name?.startsWith("papers"))).toHaveLength(5);
  });

  test("is told in reports by what stands on the server, and leaves nothing unjudged when it goes", async () => {
    const alias = context.name("reported");
    const stack = await yamlStack(context, env);
    stack.program(inYaml({ aliasName: alias, fields: FIELDS(8), indexes: INDEXES, protectData: false }));
    const { collectionName } = named(alias, { fields: FIELDS(8), indexes: INDEXES });
    const planned = await reportOn(stack.workspace);
    expect(planned).toMatchObject({ exitCode: 0, unjudged: [] });
    expect(JSON.stringify(planned)).not.toContain("CollectionBehindAlias");
    await stack.up();
    await milvus.insert(collectionName, rows(20));
    stack.program("resources: {}");
    const going = await reportOn(stack.workspace);
    expect(going.unjudged).toEqual([]);
    expect(going.losses).toMatchObject([{ id: `${database}/${collectionName}`, entities: { rows: 20 } }]);
    expect(JSON.stringify(going)).not.toContain("CollectionBehindAlias");
    await stack.up();
    expect(await milvus.exists(collectionName)).toBe(false);
  });
});
