import type { DeclaredLoad } from "./collection-load";
import { databaseNameOf } from "./database";
import { type Edits, type Editing, freeCollections, on, pick, remove } from "./editing";
import { type DeclaredIndex, scalarType } from "./index";
import type { DeclaredPartition } from "./partition";
import type { DeclaredPartitionSet } from "./partition-set";
import type { AnyDeclared } from "./program";
import { type Statement, statement } from "./text";

/** What Milvus 2.3.5 changes only by making the collection anew. */
export interface Schema {
  readonly primaryKey: "Int64" | "VarChar";
  readonly dim: number;
  readonly titleLength: number;
  readonly score: boolean;
  readonly partitionKey: boolean;
  readonly dynamic?: boolean;
  readonly description?: string;
  readonly consistency?: string;
  /** Left out, the server chooses. */
  readonly shards?: number;
}

export interface DeclaredCollection extends AnyDeclared {
  readonly kind: "Collection";
  collectionName?: string;
  /** The key of the database that it is in; none is the one that is always there. */
  database?: number;
  schema: Schema;
  ttl?: string;
  adopt?: true;
  partitions: DeclaredPartition[];
  set?: DeclaredPartitionSet;
  indexes: DeclaredIndex[];
  load?: DeclaredLoad;
}

const MOST = 3;

const SCHEMAS: readonly Schema[] = [
  { primaryKey: "Int64", dim: 4, titleLength: 100, score: false, partitionKey: false },
  { primaryKey: "Int64", dim: 8, titleLength: 100, score: true, partitionKey: false, dynamic: true },
  { primaryKey: "VarChar", dim: 4, titleLength: 200, score: false, partitionKey: false, shards: 2 },
  { primaryKey: "Int64", dim: 4, titleLength: 100, score: false, partitionKey: true, consistency: "Strong" },
];

const SCHEMA_CHANGES: readonly ((schema: Schema) => Schema)[] = [
  (schema) => ({ ...schema, dim: schema.dim === 4 ? 8 : 4 }),
  (schema) => ({ ...schema, titleLength: schema.titleLength + 1 }),
  (schema) => ({ ...schema, score: !schema.score }),
  (schema) => ({ ...schema, dynamic: !schema.dynamic }),
  (schema) => ({ ...schema, dynamic: undefined }),
  (schema) => ({ ...schema, description: schema.description === undefined ? "It's new" : undefined }),
  (schema) => ({ ...schema, consistency: schema.consistency === "Strong" ? "Eventually" : "Strong" }),
  (schema) => ({ ...schema, shards: schema.shards === 2 ? 1 : 2 }),
  (schema) => ({ ...schema, shards: undefined }),
  (schema) => ({ ...schema, partitionKey: !schema.partitionKey }),
  (schema) => ({ ...schema, primaryKey: schema.primaryKey === "Int64" ? "VarChar" : "Int64" }),
];

export const collectionEdits: Edits = {
  "add collection": [4, (editing, _at, form) => add(editing, form)],
  "remove collection": [
    2,
    (editing, at) => on(freeCollections(editing), at, (one) => remove(editing.program.collections, one)),
  ],
  "rename collection": [
    2,
    (editing, at) => {
      const { program, suffix } = editing;
      on(freeCollections(editing), at, (one) => {
        if (!isHeldByAlias(editing, one)) one.collectionName = `renamed${++program.made}${suffix}`;
      });
    },
  ],
  "leave out collection name": [
    2,
    (editing, at) => on(freeCollections(editing), at, (one) => delete one.collectionName),
  ],
  "move collection": [2, (editing, at, form) => on(freeCollections(editing), at, moveTo(editing, form))],
  "change schema": [4, (editing, at, form) => on(freeCollections(editing), at, changeSchema(form))],
  "change property": [
    2,
    (editing, at, form) => on(freeCollections(editing), at, (one) => (one.ttl = String(3600 * (form + 24)))),
  ],
};

function add({ program, suffix }: Editing, form: number): void {
  const { collections, databases } = program;
  if (collections.length >= MOST) return;
  const key = ++program.made;
  collections.push({
    kind: "Collection",
    key,
    logicalName: `docs${key}${suffix}`,
    ...(form % 3 === 0 && { collectionName: `given${key}${suffix}` }),
    ...(form % 5 < 2 && databases.length > 0 && { database: pick(databases, form).key }),
    ...(form % 2 === 0 && { ttl: "86400" }),
    schema: pick(SCHEMAS, form),
    partitions: [],
    indexes: [],
  });
}

/** Outside of its own database Milvus 2.3.5 renames nothing that an alias points at. */
function isHeldByAlias({ before }: Editing, { key, database }: DeclaredCollection): boolean {
  const old = before.collections.find((one) => one.key === key);
  const isInAnother = old?.database !== undefined || database !== undefined;
  return isInAnother && before.aliases.some(({ of }) => of === key);
}

function moveTo({ program }: Editing, form: number): (one: DeclaredCollection) => void {
  return (one) => {
    one.database = pick([undefined, ...program.databases.map(({ key }) => key)], form);
    if (one.database === undefined) delete one.database;
  };
}

function changeSchema(form: number): (one: DeclaredCollection) => void {
  return (one) => {
    one.schema = pick(SCHEMA_CHANGES, form)(one.schema);
    if (one.schema.partitionKey) {
      one.partitions = [];
      delete one.set;
    }
    for (const index of one.indexes)
      if (index.fieldName !== "embedding" && index.indexType !== undefined)
        index.indexType = scalarType(one, index.fieldName);
  };
}

export function collectionStatement(one: DeclaredCollection): Statement {
  const { collectionName, database, ttl, adopt } = one;
  const { dynamic = false, description = "", consistency = "Bounded", shards, partitionKey } = one.schema;
  const args = {
    collectionName,
    databaseName: databaseNameOf(database),
    adopt,
    description: one.schema.description,
    fields: fieldsOf(one.schema),
    enableDynamicField: one.schema.dynamic,
    consistencyLevel: one.schema.consistency,
    // Milvus 2.3.5 changes none of these in place: each is a replacement on purpose.
    version: [one.schema.titleLength, dynamic, description, consistency].join(" "),
    shardsNum: shards,
    ...(partitionKey && { numPartitions: 4 }),
    ...(ttl !== undefined && { properties: { "collection.ttl.seconds": ttl } }),
  };
  return statement(one, args, database === undefined ? [] : [database]);
}

export function fieldsOf({ primaryKey, dim, titleLength, score, partitionKey }: Schema) {
  return [
    {
      name: "id",
      dataType: primaryKey,
      isPrimaryKey: true,
      ...(primaryKey === "VarChar" && { maxLength: 64 }),
    },
    { name: "year", dataType: "Int64", ...(partitionKey && { isPartitionKey: true }) },
    { name: "title", dataType: "VarChar", maxLength: titleLength },
    ...(score ? [{ name: "score", dataType: "Float" }] : []),
    { name: "embedding", dataType: "FloatVector", dim },
  ];
}
