/**
 * `pulumi-milvus export`: thirty collections made by hand, and a server with one object of every kind, are declared, taken
 * over, and not touched.
 */
import { DataType, type FieldType } from "@zilliz/milvus2-sdk-node";

import type { Workspace } from "../../tools/stack";
import { MAIN, run } from "../support/built-cli";
import type { FakeMilvus } from "../support/fake-milvus";
import { formatted } from "../support/prettier";
import { environmentOf, type TestServer } from "../support/servers";
import { declareAll, KINDS, standingOn } from "./support/all-kinds";
import { ImportingStack } from "./support/importing";
import { accessTo, live, said } from "./support/live";
import { rows, TestMilvus } from "./support/milvus";
import { startFakeOfEveryKind } from "./support/servers-of-every-kind";

const context = live();
const { milvus } = context;
const COLLECTIONS = 30;

/** What `pulumi-milvus export` prints. */
async function exportOf(server: TestServer, ...flags: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(
    process.execPath,
    [MAIN, "export", ...flags],
    environmentOf(server),
  );
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

const KEYS: FieldType[] = [
  { name: "id", data_type: DataType.Int64, is_primary_key: true },
  { name: "id", data_type: DataType.Int64, is_primary_key: true, autoID: true, description: "numbered" },
  { name: "id", data_type: DataType.VarChar, max_length: 36, is_primary_key: true },
];
const VECTORS: [
  FieldType,
  index: { index_type: string; metric_type: string; params: Record<string, number> },
][] = [
  [
    { name: "v", data_type: DataType.FloatVector, dim: 8 },
    { index_type: "HNSW", metric_type: "COSINE", params: { M: 8, efConstruction: 64 } },
  ],
  [
    { name: "v", data_type: DataType.BinaryVector, dim: 16 },
    { index_type: "BIN_IVF_FLAT", metric_type: "JACCARD", params: { nlist: 16 } },
  ],
  [
    { name: "v", data_type: DataType.FloatVector, dim: 3 },
    { index_type: "IVF_SQ8", metric_type: "L2", params: { nlist: 8 } },
  ],
];
const SCALARS: FieldType[][] = [
  [],
  [
    { name: "flag", data_type: DataType.Bool },
    { name: "tiny", data_type: DataType.Int8, default_value: 7 },
  ],
  [
    {
      name: "text",
      data_type: DataType.VarChar,
      max_length: 99,
      description: 'a "quoted" `text`\nof ${two} lines',
    },
  ],
  [
    {
      name: "list",
      data_type: DataType.Array,
      element_type: DataType.VarChar,
      max_length: 5,
      max_capacity: 4,
    },
  ],
  [
    { name: "json", data_type: DataType.JSON },
    { name: "ratio", data_type: DataType.Float, default_value: 0.1 },
  ],
];

/** No two of the thirty are alike. */
async function makeByHand(name: string, number: number): Promise<void> {
  const [vector, index] = VECTORS[number % VECTORS.length] as (typeof VECTORS)[number];
  const keyed = number % 6 === 5;
  const key: FieldType = { name: "tenant", data_type: DataType.Int64, is_partition_key: true };
  await milvus.client.createCollection({
    collection_name: name,
    description: number % 2 === 0 ? "" : `number ${number}`,
    fields: [
      KEYS[number % KEYS.length] as FieldType,
      vector,
      ...(SCALARS[number % SCALARS.length] ?? []),
      ...(keyed ? [key] : []),
    ],
    enable_dynamic_field: number % 4 === 0,
    consistency_level: ["Strong", "Session", "Bounded", "Eventually"][number % 4],
    shards_num: 1 + (number % 2),
    ...(keyed && { num_partitions: 4 }),
    properties: number % 3 === 0 ? { "collection.ttl.seconds": String(1000 + number), note: "kept" } : {},
  });
  if (!keyed && number % 2 === 1) await milvus.createPartition(name, "part");
  if (number % 5 !== 4)
    await milvus.client.createIndex({
      collection_name: name,
      field_name: "v",
      index_name: `by_v_${number}`,
      ...index,
    });
}

describe("an exported server", () => {
  // Reserved words, and names that clash as variables, are among them.
  const names = Array.from({ length: COLLECTIONS }, (_, number) =>
    context.name(["class", "new", "docs_a", "Docs_a"][number] ?? `c${number}`),
  );
  let stack: Workspace;
  let program: string;
  const described = () =>
    Promise.all(
      names.map(async (collection_name) => ({
        collection: await milvus.client.describeCollection({ collection_name }),
        partitions: await milvus.client.showPartitions({ collection_name }),
        indexes: await milvus.client.describeIndex({ collection_name }),
      })),
    );

  beforeAll(async () => {
    for (const [number, name] of names.entries()) await makeByHand(name, number);
    await milvus.insert(
      names[12] as string,
      rows(20).map(({ id, embedding }) => ({ id, v: embedding, text: "t", x: 1 })),
    );
    stack = await context.stack("", { language: "ts" });
    program = await exportOf(milvus.server, "--collection", ...names);
  });

  test("is the same program twice, as prettier has it", async () => {
    expect(await exportOf(milvus.server, "--collection", ...names)).toBe(program);
    expect(await formatted(program)).toBe(program);
  });

  test("is taken over by the exported program and left byte for byte as it was", async () => {
    const before = await described();
    stack.program(program);
    const { summary } = await stack.up();
    expect(summary.create).toBeGreaterThan(COLLECTIONS);
    expect(await described()).toEqual(before);
  });

  test("shows no changes in the next preview", async () => {
    const { summary } = await stack.preview();
    expect(summary).toMatchObject({ create: 0, update: 0, delete: 0, replace: 0 });
    expect(summary.unchanged).toBeGreaterThan(COLLECTIONS);
  });

  test("keeps a collection with data that is taken out of the program", async () => {
    // What is asked for its data is written out, and then its index covers that.
    const standing = async () =>
      (await described()).map(({ collection, partitions }) => ({ collection, partitions }));
    const before = await standing();
    const others = names.filter((name) => name !== names[12]);
    stack.program(await exportOf(milvus.server, "--collection", ...others));
    const refused = await stack.up({ expectFailure: true });
    expect(said(refused)).toMatch(/20 rows.* and is not dropped, because it has protectData/);
    expect(await standing()).toEqual(before);
  });

  test("is imported by what export --import writes, and the printed program changes nothing", async () => {
    const before = await described();
    const importing = await ImportingStack.in("yaml", context);
    const file = await importing.exported(milvus.server, "--collection", ...names);
    expect(file.resources.length).toBeGreaterThan(COLLECTIONS);
    await importing.importAll(file);
    expect(await importing.changes()).toEqual([]);
    expect(await described()).toEqual(before);
  });
});

describe("an exported server with one object of every kind", () => {
  let server: FakeMilvus;
  let seen: TestMilvus;
  let stack: Workspace;

  beforeAll(async () => {
    server = await startFakeOfEveryKind();
    seen = new TestMilvus(server);
    const maker = await context.stack(declareAll(), { config: accessTo(server) });
    await maker.up();
    stack = await context.stack("", { language: "ts", config: accessTo(server) });
    stack.program(await exportOf(server));
  });
  afterAll(async () => {
    await seen.close();
    await server.stop();
  });

  test("is not touched while the password of a user is missing, and nothing of it is in the state", async () => {
    const before = await standingOn(seen);
    const failed = await stack.up({ expectFailure: true });
    expect(said(failed)).toContain("test:alice_password");
    expect(await standingOn(seen)).toEqual(before);
    expect(await stack.resources()).toEqual([]);
  });

  test("is taken over with it, left as it was, and shows no changes in the next preview", async () => {
    const before = await standingOn(seen);
    await stack.config({ "test:alice_password": { secret: "correct-horse" } });
    const { summary } = await stack.up();
    // The set of two partitions is two partitions.
    expect(summary.create).toBe(KINDS.length + 1);
    expect(await standingOn(seen)).toEqual(before);
    await stack.preview({ args: ["--expect-no-changes"] });
  });
});
