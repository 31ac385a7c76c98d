/** Programs in Python, Go and YAML over the plugin: the life of a collection and what stands in it, on the real server. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse, stringify } from "yaml";

import { inYaml } from "../../provider/engines/plugin/examples/yaml";
import { type AnyResource, resources } from "../../provider/registry";
import { PLUGIN, withPlugin } from "./support/bundled";
import { accessTo, live } from "./support/live";
import { goStack, type LanguageStack, pythonStack, yamlStack } from "./support/languages";
import { rows } from "./support/milvus";

const context = live();
const { milvus, database } = context;

interface Declared {
  readonly docs: string;
  readonly partitions: readonly string[];
  readonly metric?: "COSINE" | "L2";
  readonly dim?: number;
}

interface Language {
  readonly stack: (context_: typeof context, env: Record<string, string>) => Promise<LanguageStack>;
  readonly program: (declared: Declared) => string;
}

const LANGUAGES: Readonly<Record<string, Language>> = {
  Python: {
    stack: pythonStack,
    program: ({ docs, partitions, metric = "COSINE", dim = 8 }) => `
import pulumi
import pulumi_milvus as milvus

docs = milvus.Collection("documents", collection_name="${docs}", fields=[
    milvus.FieldArgs(name="id", data_type="Int64", is_primary_key=True),
    {"name": "year", "data_type": milvus.DataType.INT64},
    {"name": "embedding", "data_type": "FloatVector", "dim": ${dim}},
])
for name in ${JSON.stringify(partitions)}:
    milvus.Partition(name, collection=docs)
milvus.Index("by_meaning", collection=docs, field_name="embedding", index_type=milvus.IndexType.HNSW, metric_type="${metric}",
    params={"M": 8, "efConstruction": 64})
milvus.User("${docs}_reader", password=pulumi.Output.secret("s3cret-of-the-reader"))
pulumi.export("id", docs.collection_id)
`,
  },
  Go: {
    stack: goStack,
    program: ({ metric = "COSINE", dim = 8, ...declared }) => JSON.stringify({ ...declared, metric, dim }),
  },
  YAML: {
    stack: yamlStack,
    program: ({ docs, partitions, metric = "COSINE", dim = 8 }) => `
resources:
  documents:
    type: milvus:Collection
    properties:
      collectionName: ${docs}
      fields:
        - { name: id, dataType: Int64, isPrimaryKey: true }
        - { name: year, dataType: Int64 }
        - { name: embedding, dataType: FloatVector, dim: ${dim} }
${partitions
  .map(
    (name) => `  ${name}:
    type: milvus:Partition
    properties: { collection: "\${documents}" }
    options: { deletedWith: "\${documents}" }
`,
  )
  .join("")}
  by_meaning:
    type: milvus:Index
    properties:
      collection: \${documents}
      fieldName: embedding
      indexType: HNSW
      metricType: ${metric}
      params: { M: 8, efConstruction: 64 }
    options: { deletedWith: "\${documents}" }
  ${docs}_reader:
    type: milvus:User
    properties:
      password:
        fn::secret: s3cret-of-the-reader
outputs:
  id: \${documents.collectionId}
`,
  },
};

let env: Record<string, string>;
beforeAll(async () => {
  env = await withPlugin();
});

describe.each(Object.entries(LANGUAGES))("A program in %s", (name, { stack: stackOf, program }) => {
  const docs = context.name(`documents_${name.toLowerCase()}`);
  let stack: LanguageStack;
  const declare = (more: Partial<Declared>): void =>
    stack.program(program({ docs, partitions: ["y2023", "y2024"], ...more }));
  const unchanged = (): Promise<string> => stack.preview({ expectNoChanges: true });

  beforeAll(async () => {
    stack = await stackOf(context, env);
  });

  test("makes what it declares, and changes nothing when it runs again, before and after a refresh", async () => {
    declare({});
    await stack.up();
    expect(await milvus.partitions(docs)).toEqual(["y2023", "y2024"]);
    expect(await milvus.indexes(docs)).toMatchObject([{ name: "by_meaning", metric: "COSINE" }]);
    expect(await stack.workspace.outputs()).toEqual({ id: await milvus.collectionId(docs) });
    await unchanged();
    await stack.workspace.refresh({ args: ["--expect-no-changes"] });
    await unchanged();
  });

  test("keeps no secret in plain text", async () => {
    expect(JSON.stringify(await stack.workspace.stackExport())).not.toContain("s3cret-of-the-reader");
  });

  test("replaces an index in place of the old one", async () => {
    declare({ metric: "L2" });
    await stack.up();
    expect(await milvus.indexes(docs)).toMatchObject([{ name: "by_meaning", metric: "L2" }]);
    await unchanged();
  });

  test("releases and drops a loaded partition that leaves it, and leaves the rest loaded", async () => {
    await milvus.insert(docs, rows(20), "y2023");
    await milvus.load(docs);
    declare({ partitions: ["y2024"], metric: "L2" });
    await stack.up();
    expect(await milvus.partitions(docs)).toEqual(["y2024"]);
    expect(await milvus.loadedPartitions(docs)).toContain("y2024");
  });

  test("is refused at preview and up where it would replace a collection with data", async () => {
    const before = await milvus.collectionId(docs);
    await milvus.insert(docs, rows(20));
    declare({ partitions: ["y2024"], metric: "L2", dim: 16 });
    for (const text of [
      await stack.preview({ expectFailure: true }),
      await stack.up({ expectFailure: true }),
    ]) {
      expect(text).toContain(`${database}/${docs} holds`);
      expect(text).toContain("is not replaced, because a replacement drops it");
    }
    expect(await milvus.collectionId(docs)).toBe(before);
  });

  test("gets what somebody made by hand by pulumi import, with code that previews without a change", async () => {
    await milvus.createPartition(docs, "by_hand");
    declare({ partitions: ["y2024"], metric: "L2" });
    const { workspace } = stack;
    const id = `${database}/${docs}/by_hand`;
    await workspace.pulumi([
      ...["import", "milvus:index:Partition", "by_hand", id, "--yes", "--generate-code=false"],
      ...["--protect=false", "--stack", workspace.stack],
    ]);
    declare({ partitions: ["y2024", "by_hand"], metric: "L2" });
    await stack.up();
    expect(await milvus.partitions(docs)).toEqual(["by_hand", "y2024"]);
    await unchanged();
  });

  test("is destroyed with one drop of the collection, and no release", async () => {
    const proxy = await context.proxy();
    await stack.workspace.config({ "milvus:address": proxy.address });
    await stack.up();
    proxy.forget();
    await stack.workspace.destroy();
    expect(proxy.calls.filter((call) => /^(Drop|Release)/.test(call))).toEqual(["DropCollection"]);
    expect(await milvus.exists(docs)).toBe(false);
  });
});

type Blocks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

test("The examples of the schema in YAML are one program, which a preview takes", async () => {
  const stack = await yamlStack(context, await withPlugin(), {
    config: { ...accessTo(milvus.server), "test:alicePassword": { secret: "s3cret-of-alice" } },
  });
  const merged: Record<string, Record<string, unknown>> = {};
  for (const { example } of Object.values(resources) as unknown as AnyResource[])
    for (const [block, entries] of Object.entries(parse(inYaml(example)) as Blocks))
      for (const [name, declared] of Object.entries(entries)) {
        // What several declare they declare alike.
        expect(merged[block]?.[name] ?? declared).toEqual(declared);
        merged[block] = { ...merged[block], [name]: declared };
      }
  stack.program(stringify(merged));
  const planned = (await stack.workspace.plan()).map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
  expect(planned).toEqual(
    expect.arrayContaining(Object.keys(merged["resources"] ?? {}).map((name) => `create ${name}`)),
  );
});

test("pulumi package add takes the plugin's file", async () => {
  const { workspace } = await yamlStack(context, await withPlugin());
  const { stderr } = await workspace.pulumi(["package", "add", PLUGIN]);
  expect(stderr).toContain("Added package Milvus");
  const project = readFileSync(join(workspace.directory, "Pulumi.yaml"), "utf8");
  expect(project).toContain("milvus: milvus@");
});
