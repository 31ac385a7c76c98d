/** `pulumi-milvus export`: thirty collections made by hand are declared, taken over, and not touched. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

import { DataType, type FieldType } from "@zilliz/milvus2-sdk-node";

import type { Workspace } from "../../tools/stack";
import { environmentOf } from "../support/servers";
import { ImportingStack } from "./support/importing";
import { live } from "./support/live";
import { rows } from "./support/milvus";

const context = live();
const { milvus } = context;
const CLI = join(__dirname, "..", "..", "dist", "cli", "main.js");
const COLLECTIONS = 30;

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
    program = execFileSync(process.execPath, [CLI, "export", "--collection", ...names], {
      env: { ...stack.env, ...environmentOf(milvus.server) },
      encoding: "utf8",
    });
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
