/**
 * Programs that change from version to version: what one declares, the edits that lead to the next one, and its text.
 * An edit that does not fit the program it meets does nothing, so that every sequence of edits is a sequence of
 * programs that Milvus 2.3.5 can follow, and any part of one is one too, which shrinking needs.
 */
import * as fc from "fast-check";

/** How a child is given its collection. */
export type Reference = "resource" | "output" | "text";

interface Declared {
  /** Stays the same as long as it is the same resource to the engine. */
  key: number;
  logicalName: string;
  /** The logical name of the version before, when it was renamed with `aliases`. */
  alias?: string;
}

export interface DeclaredPartition extends Declared {
  partitionName?: string;
  reference: Reference;
}

export interface DeclaredIndex extends Declared {
  indexName?: string;
  fieldName: string;
  indexType?: string;
  metricType?: string;
  params?: Record<string, number>;
  reference: Reference;
}

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

export interface DeclaredCollection extends Declared {
  collectionName?: string;
  schema: Schema;
  ttl?: string;
  adopt?: true;
  partitions: DeclaredPartition[];
  indexes: DeclaredIndex[];
}

/** Given its collection as a resource, which it follows. */
export interface DeclaredAlias extends Declared {
  aliasName?: string;
  /** The key of the collection that it points at. */
  of: number;
}

export interface Program {
  collections: DeclaredCollection[];
  aliases: DeclaredAlias[];
  /** For keys and names that no other object has or had. */
  made: number;
}

export const EMPTY: Program = { collections: [], aliases: [], made: 0 };

const EDITS = [
  "add collection",
  "remove collection",
  "rename collection",
  "leave out collection name",
  "change schema",
  "change schema",
  "change property",
  "add partition",
  "add partition",
  "add partition",
  "remove partition",
  "remove partition",
  "rename partition",
  "move partition",
  "leave out partition name",
  "add vector index",
  "add vector index",
  "change vector index",
  "change vector index",
  "add scalar index",
  "move scalar index",
  "rename index",
  "remove index",
  "change reference",
  "add alias",
  "move alias",
  "rename alias",
  "remove alias",
  "rename resource with alias",
  "rename resource without alias",
] as const;

export interface Edit {
  readonly kind: (typeof EDITS)[number];
  /** Which of the objects that it fits, counted round. */
  readonly at: number;
  /** Which of its forms, counted round. */
  readonly form: number;
}

const anyNumber = fc.nat({ max: 11 });

export const anyEdit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom(...EDITS),
  at: anyNumber,
  form: anyNumber,
});

/** The first version declares something. */
export const firstEdits: fc.Arbitrary<Edit[]> = fc
  .tuple(
    fc.record({ kind: fc.constant("add collection" as const), at: anyNumber, form: anyNumber }),
    fc.array(
      fc.record({
        kind: fc.constantFrom(
          "add collection" as const,
          "add partition" as const,
          "add partition" as const,
          "add vector index" as const,
          "add vector index" as const,
          "add scalar index" as const,
        ),
        at: anyNumber,
        form: anyNumber,
      }),
      { minLength: 1, maxLength: 12, size: "max" },
    ),
  )
  .map(([collection, others]) => [collection, ...others]);

const MOST_COLLECTIONS = 3;
const MOST_PARTITIONS = 5;
const MOST_ALIASES = 2;

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

const VECTOR_INDEXES: readonly Pick<DeclaredIndex, "indexType" | "metricType" | "params">[] = [
  { indexType: "HNSW", metricType: "COSINE", params: { M: 8, efConstruction: 64 } },
  { indexType: "HNSW", metricType: "COSINE", params: { M: 16, efConstruction: 64 } },
  { indexType: "HNSW", metricType: "L2", params: { M: 8, efConstruction: 64 } },
  { indexType: "IVF_FLAT", metricType: "L2", params: { nlist: 16 } },
  { indexType: "FLAT", metricType: "IP" },
  { indexType: "AUTOINDEX", metricType: "COSINE" },
  {},
];

const NO_INDEX_TYPE = { indexType: undefined, metricType: undefined, params: undefined };

const SCALAR_FIELDS = ["id", "year", "title"];
const REFERENCES: readonly Reference[] = ["resource", "resource", "output", "text"];

export interface Surroundings {
  /** Ends the name of every collection. */
  readonly suffix: string;
  /** Names that objects of the stack have on the server, wherever they come from. */
  readonly namesInUse: ReadonlySet<string>;
}

/** The program after the edits. */
export function edited(before: Program, edits: readonly Edit[], surroundings: Surroundings): Program {
  const program = structuredClone(before);
  for (const one of allOf(program)) delete one.alias;
  const touched = new Set<number>();
  for (const edit of edits) apply({ program, before, touched, ...surroundings }, edit);
  // An alias goes with its collection at the latest.
  program.aliases = program.aliases.filter(({ of }) => program.collections.some(({ key }) => key === of));
  return program;
}

interface Editing extends Surroundings {
  readonly program: Program;
  readonly before: Program;
  /** Keys of what must not change any more in this version. */
  readonly touched: Set<number>;
}

function allOf({ collections }: Program): Declared[] {
  return collections.flatMap((one) => [one, ...one.partitions, ...one.indexes]);
}

function apply(editing: Editing, { kind, at, form }: Edit): void {
  const { program, touched, suffix } = editing;
  const all = program.collections;
  const free = <T extends Declared>(some: readonly T[]): T[] => some.filter(({ key }) => !touched.has(key));
  const collections = free(all);
  const partitions = free(all.flatMap((one) => one.partitions));
  const indexes = free(all.flatMap((one) => one.indexes));
  const vectorIndexes = indexes.filter(({ fieldName }) => fieldName === "embedding");
  switch (kind) {
    case "add collection":
      if (all.length < MOST_COLLECTIONS) addCollection(editing, form);
      return;
    case "remove collection":
      return on(collections, at, (one) => remove(all, one));
    case "rename collection":
      return on(collections, at, (one) => {
        one.collectionName = `renamed${++program.made}${suffix}`;
      });
    case "leave out collection name":
      return on(collections, at, (one) => delete one.collectionName);
    case "change schema":
      return on(collections, at, (one) => changeSchema(one, form));
    case "change property":
      return on(collections, at, (one) => (one.ttl = String(3600 * (form + 24))));
    case "add partition":
      return on(
        collections.filter(({ schema }) => !schema.partitionKey),
        at,
        (one) => addPartition(editing, one, form),
      );
    case "remove partition":
      return on(collections, at, (one) =>
        on(free(one.partitions), form, (partition) => remove(one.partitions, partition)),
      );
    case "rename partition":
      return on(partitions, at, (one) => (one.partitionName = `q${++program.made}`));
    case "move partition":
      return on(partitions, at, (one) =>
        on(
          collections.filter(({ schema }) => !schema.partitionKey),
          form,
          (to) => {
            for (const from of all) from.partitions = from.partitions.filter((some) => some !== one);
            to.partitions.push(one);
          },
        ),
      );
    case "leave out partition name":
      return on(partitions, at, (one) => delete one.partitionName);
    case "add vector index":
      return on(collections, at, (one) => addIndex(editing, one, "embedding", form));
    case "change vector index":
      return on(vectorIndexes, at, (one) => Object.assign(one, NO_INDEX_TYPE, pick(VECTOR_INDEXES, form)));
    case "add scalar index":
      return on(collections, at, (one) => addIndex(editing, one, pick(SCALAR_FIELDS, form), form));
    case "move scalar index":
      return on(collections, at, (one) => moveIndex(editing, one, form));
    case "rename index":
      return on(indexes, at, (one) => (one.indexName = form < 3 ? undefined : `i${++program.made}`));
    case "remove index":
      return on(collections, at, (one) => on(free(one.indexes), form, (index) => remove(one.indexes, index)));
    case "change reference":
      return on([...partitions, ...indexes], at, (one) => (one.reference = pick(REFERENCES, form)));
    case "add alias":
      return on(all, at, ({ key }) => addAlias(editing, key, form));
    case "move alias":
      return on(program.aliases, at, (one) => on(all, form, ({ key }) => (one.of = key)));
    case "rename alias":
      return on(program.aliases, at, (one) => (one.aliasName = `b${++program.made}${suffix}`));
    case "remove alias":
      return on(program.aliases, at, (one) => remove(program.aliases, one));
    case "rename resource with alias":
      return on(free(allOf(program)), at, (one) => renameResource(editing, one));
    case "rename resource without alias":
      return on(free(allOf(program)).filter(hasGivenName), at, (one) => makeAnotherResource(editing, one));
  }
}

function hasGivenName(one: Declared): boolean {
  const { collectionName, partitionName, indexName } = one as DeclaredCollection &
    DeclaredPartition &
    DeclaredIndex;
  return [collectionName, partitionName, indexName].some((name) => name !== undefined);
}

function on<T>(all: readonly T[], at: number, change: (one: T) => unknown): void {
  const one = all[at % all.length];
  if (one !== undefined) change(one);
}

function pick<T>(all: readonly T[], at: number): T {
  return all[at % all.length] as T;
}

function remove<T>(all: T[], one: T): void {
  all.splice(all.indexOf(one), 1);
}

function addCollection({ program, suffix }: Editing, form: number): void {
  const key = ++program.made;
  program.collections.push({
    key,
    logicalName: `docs${key}${suffix}`,
    ...(form % 3 === 0 && { collectionName: `given${key}${suffix}` }),
    ...(form % 2 === 0 && { ttl: "86400" }),
    schema: pick(SCHEMAS, form),
    partitions: [],
    indexes: [],
  });
}

function addAlias({ program, suffix }: Editing, of: number, form: number): void {
  if (program.aliases.length >= MOST_ALIASES) return;
  const key = ++program.made;
  program.aliases.push({
    key,
    logicalName: `alias${key}${suffix}`,
    ...(form % 2 === 0 && { aliasName: `a${key}${suffix}` }),
    of,
  });
}

function changeSchema(one: DeclaredCollection, form: number): void {
  one.schema = pick(SCHEMA_CHANGES, form)(one.schema);
  if (one.schema.partitionKey) one.partitions = [];
  for (const index of one.indexes)
    if (index.fieldName !== "embedding" && index.indexType !== undefined)
      index.indexType = scalarType(one, index.fieldName);
}

/** Names come back some versions later, but not in the version that gives them up. */
function addPartition(editing: Editing, one: DeclaredCollection, form: number): void {
  const { program, before, namesInUse } = editing;
  const logicalName = `p${one.key}_${form % MOST_PARTITIONS}`;
  const given = form % 2 === 0 ? undefined : `q${one.key}_${form % MOST_PARTITIONS}`;
  const all = [program, before].flatMap(({ collections }) =>
    collections.flatMap(({ partitions }) => partitions),
  );
  const taken = new Set([...namesInUse, ...all.flatMap((some) => [some.logicalName, some.partitionName])]);
  if (taken.has(logicalName) || taken.has(given)) return;
  one.partitions.push({
    key: ++program.made,
    logicalName,
    partitionName: given,
    reference: pick(REFERENCES, form),
  });
}

/** Milvus keeps one index on a field, and the engine makes the new before it drops the old. */
function isIndexed({ program, before }: Editing, key: number, fieldName: string): boolean {
  return [program, before].some(({ collections }) =>
    collections.some((one) => one.key === key && one.indexes.some((index) => index.fieldName === fieldName)),
  );
}

function addIndex(editing: Editing, one: DeclaredCollection, fieldName: string, form: number): void {
  const { program } = editing;
  if (isIndexed(editing, one.key, fieldName)) return;
  const key = ++program.made;
  one.indexes.push({
    key,
    logicalName: `by_${fieldName}_${key}`,
    ...(form % 3 === 0 && { indexName: `i${key}` }),
    fieldName,
    reference: pick(REFERENCES, form),
    ...(fieldName === "embedding"
      ? pick(VECTOR_INDEXES, form)
      : form % 2 === 0 && { indexType: scalarType(one, fieldName) }),
  });
}

function scalarType({ schema }: DeclaredCollection, fieldName: string): string {
  const isText = fieldName === "title" || (fieldName === "id" && schema.primaryKey === "VarChar");
  return isText ? "Trie" : "STL_SORT";
}

function moveIndex(editing: Editing, one: DeclaredCollection, form: number): void {
  const fieldName = pick(SCALAR_FIELDS, form);
  const index = one.indexes.find((some) => some.fieldName !== "embedding");
  if (!index || isIndexed(editing, one.key, fieldName)) return;
  index.fieldName = fieldName;
  if (index.indexType !== undefined) index.indexType = scalarType(one, fieldName);
}

function renameResource({ program, before, suffix }: Editing, one: Declared): void {
  const old = allOf(before).find(({ key }) => key === one.key);
  if (!old || one.alias !== undefined) return;
  one.alias = old.logicalName;
  one.logicalName = `r${++program.made}${"schema" in one ? suffix : ""}`;
}

/**
 * To the engine the old one goes and another comes, which stands for the same object on the server. Only where nothing
 * else of it changes in this version: the engine takes what goes with a resource for gone when that goes.
 */
function makeAnotherResource({ program, before, suffix, touched }: Editing, one: Declared): void {
  const old = allOf(before).find(({ key }) => key === one.key);
  const owner = program.collections.find((some) => contents(some).includes(one)) ?? one;
  const oldOwner = allOf(before).find(({ key }) => key === owner.key);
  if (!isSame(old, one) || !isSame(oldOwner, owner)) return;
  for (const some of contents(owner as DeclaredCollection)) touched.add(some.key);
  touched.add(owner.key);
  const oldKey = one.key;
  one.key = ++program.made;
  touched.add(one.key);
  for (const alias of program.aliases) if (alias.of === oldKey) alias.of = one.key;
  one.logicalName = `r${one.key}${"schema" in one ? suffix : ""}`;
  // What holds data is taken over on demand alone.
  if ("schema" in one) (one as DeclaredCollection).adopt = true;
}

function contents({ partitions, indexes }: DeclaredCollection): Declared[] {
  return [...partitions, ...indexes];
}

function isSame(old: Declared | undefined, now: Declared): boolean {
  return old !== undefined && JSON.stringify({ ...old, alias: undefined }) === JSON.stringify(now);
}

/** Of declarations that may stand anywhere after what they use. */
export function textOf(program: Program, order: number): string {
  const collections = shuffled(program.collections, order);
  const children = collections.flatMap((one) => [
    ...one.partitions.map((partition) => ({ of: one, statement: partitionText(one, partition) })),
    ...one.indexes.map((index) => ({ of: one, statement: indexText(one, index) })),
  ]);
  const statements: string[] = ['const milvus = require("pulumi-milvus");'];
  let left = shuffled(children, order * 7 + 1);
  for (const one of collections) {
    statements.push(collectionText(one));
    // Some right behind their collection, the others at the end.
    const now = left.filter(({ of }, at) => of === one && (order + at) % 2 === 0);
    left = left.filter((child) => !now.includes(child));
    statements.push(...now.map(({ statement }) => statement));
  }
  const aliases = shuffled(program.aliases, order).map((one) => aliasText(program, one));
  return [...statements, ...left.map(({ statement }) => statement), ...aliases].join("\n");
}

function shuffled<T>(all: readonly T[], order: number): T[] {
  const left = [...all];
  const result: T[] = [];
  for (let next = order; left.length > 0; next = next * 31 + 7)
    result.push(...left.splice(next % left.length, 1));
  return result;
}

function variableOf({ key }: Declared): string {
  return `c${key}`;
}

function collectionText(one: DeclaredCollection): string {
  const { collectionName, ttl } = one;
  const { dynamic, description, consistency, shards, partitionKey } = one.schema;
  const args = {
    collectionName,
    adopt: one.adopt,
    description,
    fields: fieldsOf(one.schema),
    enableDynamicField: dynamic,
    consistencyLevel: consistency,
    shardsNum: shards,
    ...(partitionKey && { numPartitions: 4 }),
    ...(ttl !== undefined && { properties: { "collection.ttl.seconds": ttl } }),
  };
  return declaration(`const ${variableOf(one)} = `, "Collection", one, json(args));
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

function partitionText(of: DeclaredCollection, one: DeclaredPartition): string {
  // What somebody else put into a partition of a collection that is only named is taken over on demand alone.
  const adopt = one.reference === "resource" ? undefined : true;
  return childText(of, "Partition", one, { partitionName: one.partitionName, adopt });
}

function indexText(of: DeclaredCollection, one: DeclaredIndex): string {
  const { indexName, fieldName, indexType, metricType, params } = one;
  return childText(of, "Index", one, { indexName, fieldName, indexType, metricType, params });
}

function aliasText({ collections }: Program, one: DeclaredAlias): string {
  const of = collections.find(({ key }) => key === one.of) as DeclaredCollection;
  const { aliasName } = one;
  return declaration(
    "",
    "Alias",
    one,
    `{ collection: ${variableOf(of)}, ${json({ aliasName }).slice(1, -1)} }`,
  );
}

/** A name that is left out cannot be written down. */
export function referenceOf(of: DeclaredCollection, { reference }: { reference: Reference }): Reference {
  return reference === "text" && of.collectionName === undefined ? "output" : reference;
}

function childText(
  of: DeclaredCollection,
  kind: string,
  one: Declared & { reference: Reference },
  args: object,
): string {
  const variable = variableOf(of);
  const collection = {
    resource: variable,
    output: `${variable}.collectionName`,
    text: JSON.stringify(of.collectionName),
  }[referenceOf(of, one)];
  const options = referenceOf(of, one) === "text" ? { dependsOn: variable } : {};
  return declaration("", kind, one, `{ collection: ${collection}, ${json(args).slice(1, -1)} }`, options);
}

function declaration(
  start: string,
  kind: string,
  { logicalName, alias }: Declared,
  args: string,
  { dependsOn }: { dependsOn?: string } = {},
): string {
  const options = [
    ...(alias === undefined ? [] : [`aliases: [{ name: "${alias}" }]`]),
    ...(dependsOn === undefined ? [] : [`dependsOn: [${dependsOn}]`]),
  ];
  return `${start}new milvus.${kind}("${logicalName}", ${args}${options.length > 0 ? `, { ${options.join(", ")} }` : ""});`;
}

function json(values: object): string {
  return JSON.stringify(values).replace(/"(\w+)":/g, "$1: ");
}
