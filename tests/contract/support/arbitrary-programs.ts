/** Programs of every kind of object, made up: what check takes of them goes to a server. */
import fc from "fast-check";

import type { Values } from "../../support/declared";

/** Names of Milvus that mean something to JavaScript, and ones that differ in case alone. */
const ODD_NAMES = ["constructor", "__proto__", "toString", "hasOwnProperty", "Name", "name", "_", "length"];

export const names = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_NAMES) },
);

const texts = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 10 }),
  fc.constantFrom(
    "",
    " ",
    "none",
    "null",
    "0",
    "true",
    "\n",
    "\u0000",
    'a "quoted" one',
    "{}",
    "tab\there",
    "null\\u0000",
  ),
);

/** Now and then: what older servers refuse must not be in every program. */
const sometimes = (arbitrary: fc.Arbitrary<unknown>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const seldom = (arbitrary: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const flags = sometimes(fc.boolean());
const seldomTrue = seldom(fc.constant(true));

const float = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -3e38, max: 3e38 }),
  fc.constantFrom(0.1, -0, 16_777_217, 1e-40),
);
const double = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0.1, 0.1000000001, -0, 1e21, 5e-324, Number.MAX_VALUE),
);
const whole = (bits: number): fc.Arbitrary<unknown> => {
  const [min, max] = [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n];
  const values = fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(min, max, 0n, 7n));
  return fc.tuple(values, fc.nat({ max: 4 })).map(([value, form]) => {
    if (form === 0) return String(value).replace(/\d/, (digit) => `00${digit}`);
    if (form === 1 && value === 0n) return "-0";
    const number = Number(value);
    return Number.isSafeInteger(number) && form > 2 ? number : String(value);
  });
};

const DEFAULTS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  Bool: fc.boolean(),
  Int8: whole(8),
  Int16: whole(16),
  Int32: whole(32),
  Int64: whole(64),
  Float: float,
  Double: double,
  VarChar: texts,
};

/** What servers of some time ago refuse must not be in most programs that they are given. */
export interface Server {
  readonly isNew: boolean;
}

const keys = fc
  .record({ name: names, isPrimaryKey: fc.constant(true), autoId: flags, description: sometimes(texts) })
  .chain((key) =>
    fc.oneof(
      fc.constant({ ...key, dataType: "Int64" }),
      fc.integer({ min: 1, max: 65_535 }).map((maxLength) => ({ ...key, dataType: "VarChar", maxLength })),
    ),
  );

type Fields = fc.Arbitrary<Values & { readonly name: string }>;

function fieldsOn({ isNew }: Server) {
  const newer = <T>(arbitrary: fc.Arbitrary<T>) => (isNew ? seldom(arbitrary) : fc.constant(undefined));
  const common = {
    name: names,
    description: sometimes(texts),
    mmapEnabled: newer(fc.boolean()),
  };
  const nullable = newer(fc.constant(true));
  const maxLength = fc.integer({ min: 1, max: 65_535 });
  const dim = fc.integer({ min: 2, max: 4096 });

  const dense = fc.record({ ...common, dataType: fc.constant("FloatVector"), dim });
  const binary = fc.record({
    ...common,
    dataType: fc.constant("BinaryVector"),
    dim: dim.map((bytes) => bytes * 8),
  });
  const half = fc.record({ ...common, dataType: fc.constantFrom("Float16Vector", "BFloat16Vector"), dim });
  const sparse = fc.record({ ...common, dataType: fc.constant("SparseFloatVector") });
  const vectors: Fields = isNew ? fc.oneof(dense, binary, half, sparse) : fc.oneof(dense, binary);

  const withDefault = fc.constantFrom(...Object.keys(DEFAULTS)).chain((dataType) =>
    fc.record({
      ...common,
      dataType: fc.constant(dataType),
      ...(dataType === "VarChar" && { maxLength: fc.integer({ min: 100, max: 65_535 }) }),
      defaultValue: DEFAULTS[dataType] ?? fc.constant(undefined),
      nullable,
    }),
  );
  const strings = fc.record({
    ...common,
    dataType: fc.constant("VarChar"),
    maxLength,
    isPartitionKey: seldomTrue,
    isClusteringKey: newer(fc.constant(true)),
    nullable,
  });
  const analyzed = fc.record({
    ...common,
    dataType: fc.constant("VarChar"),
    maxLength,
    enableAnalyzer: fc.constant(true),
    enableMatch: flags,
    analyzerParams: sometimes(
      fc.constantFrom(
        { type: "english" },
        { tokenizer: "standard", filter: ["lowercase", { type: "length", max: 40 }] },
        { type: "standard", stop_words: ["a", "the"] },
      ),
    ),
  });
  const plain = fc.record({
    ...common,
    dataType: fc.constantFrom("Bool", "Int8", "Int16", "Int32", "Int64", "Float", "Double", "JSON"),
    nullable,
  });
  const arrays = fc
    .record({
      ...common,
      dataType: fc.constant("Array"),
      elementType: fc.constantFrom("Bool", "Int8", "Int16", "Int32", "Int64", "Float", "Double", "VarChar"),
      maxCapacity: fc.integer({ min: 1, max: 4096 }),
      length: maxLength,
      nullable,
    })
    .map(({ length, ...field }) =>
      field.elementType === "VarChar" ? { ...field, maxLength: length } : field,
    );
  const scalars: Fields = isNew
    ? fc.oneof(withDefault, strings, analyzed, plain, arrays)
    : fc.oneof(withDefault, strings, plain, arrays);
  const more: Fields = isNew
    ? fc.oneof({ weight: 4, arbitrary: scalars }, { weight: 1, arbitrary: vectors })
    : scalars;
  return { vectors, more };
}

const properties = fc.dictionary(
  fc.constantFrom("collection.ttl.seconds", "mmap.enabled", "made.up", "constructor"),
  fc.oneof(fc.constantFrom("0", "3600", "007"), fc.nat()),
  { maxKeys: 2 },
);

export function collectionsOn(server: Server): fc.Arbitrary<Values> {
  const { vectors, more } = fieldsOn(server);
  const fields = fc
    .tuple(keys, vectors, fc.array(more, { maxLength: 4 }))
    .map(([key, vector, others]) => withoutNamesakes([key, vector, ...others]));
  return fc.record(
    {
      fields,
      description: sometimes(texts),
      enableDynamicField: flags,
      consistencyLevel: sometimes(fc.constantFrom("Strong", "Session", "Bounded", "Eventually")),
      shardsNum: sometimes(fc.integer({ min: 1, max: 3 })),
      properties: sometimes(properties),
    },
    { requiredKeys: ["fields"] },
  );
}

function withoutNamesakes<T extends { readonly name: string }>(fields: readonly T[]): T[] {
  return fields.filter(({ name }, at) => fields.findIndex((field) => field.name === name) === at);
}

/** The fields of the collection that the indexes are made on, by what a server of any version has. */
export const INDEXED_FIELDS = [
  { name: "id", dataType: "Int64", isPrimaryKey: true },
  { name: "embedding", dataType: "FloatVector", dim: 16 },
  { name: "number", dataType: "Int64" },
  { name: "word", dataType: "VarChar", maxLength: 100 },
] as const;

const written = (value: number): fc.Arbitrary<unknown> => fc.constantFrom<unknown>(value, String(value));
const between = (min: number, max: number): fc.Arbitrary<unknown> => fc.integer({ min, max }).chain(written);
const made = fc.dictionary(
  fc.constantFrom("made_up", "another"),
  fc.oneof(fc.boolean(), fc.constantFrom<unknown>("007", "x y", 0.1, 1e21, { inner: [1, "a"] }, [1, 2], "")),
  { maxKeys: 1 },
);

const ofVector = fc.oneof(
  fc.record({
    indexType: fc.constantFrom("HNSW"),
    params: fc.record({ M: between(4, 64), efConstruction: between(8, 512) }),
  }),
  fc.record({
    indexType: fc.constantFrom("IVF_FLAT", "IVF_SQ8"),
    params: fc.record({ nlist: between(1, 65_536) }),
  }),
  fc.record({
    indexType: fc.constant("IVF_PQ"),
    params: fc.record({
      nlist: between(1, 1024),
      m: fc.constantFrom<unknown>(1, 2, 4, 8, 16),
      nbits: between(1, 16),
    }),
  }),
  fc.record({
    indexType: fc.constantFrom("FLAT", "AUTOINDEX", undefined),
    params: fc.constantFrom({}, undefined),
  }),
  fc.record({ indexType: fc.constant("DISKANN") }),
);

const vectorIndexes = fc
  .tuple(ofVector, sometimes(fc.constantFrom("L2", "IP", "COSINE")), made)
  .map(([{ params, ...type }, metricType, more]: [Values, unknown, Values]) => ({
    fieldName: "embedding",
    ...type,
    metricType,
    ...(type["indexType"] === "HNSW"
      ? { params: { ...(params as Values), ...more } }
      : params !== undefined && { params }),
  }));

const scalarIndexes = fc.oneof(
  fc.record({
    fieldName: fc.constant("number"),
    indexType: fc.constantFrom("STL_SORT", "INVERTED", "AUTOINDEX", undefined, "BITMAP"),
  }),
  fc.record({
    fieldName: fc.constant("word"),
    indexType: fc.constantFrom("Trie", "INVERTED", "AUTOINDEX", undefined),
  }),
);

export const indexes: fc.Arbitrary<Values> = fc.oneof(
  { weight: 3, arbitrary: vectorIndexes },
  { weight: 1, arbitrary: scalarIndexes },
);

export const partitionSets: fc.Arbitrary<Values> = fc
  .uniqueArray(names, { minLength: 1, maxLength: 6 })
  .map((partitionNames) => ({ partitionNames }));

export const databases: fc.Arbitrary<Values> = fc.record({
  properties: sometimes(
    fc.dictionary(
      fc.constantFrom("database.max.collections", "database.diskQuota.mb", "database.replica.number"),
      fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.constantFrom("010", "5")),
      { maxKeys: 2 },
    ),
  ),
});

export const described: fc.Arbitrary<Values> = fc.record({ description: sometimes(texts) });

export const passwords = fc
  .oneof(
    fc.string({ unit: "grapheme", minLength: 6, maxLength: 30 }),
    fc.string({ minLength: 6, maxLength: 72 }),
  )
  .filter((password) => Buffer.byteLength(password) <= 72);

export const privileges = fc.constantFrom(
  "Search",
  "Insert",
  "Query",
  "Load",
  "Release",
  "DropPartition",
  "IndexDetail",
);

/** Of privileges about collections, about databases and about the whole server. */
export const grants: fc.Arbitrary<Values> = fc.oneof(
  fc.record({
    privilege: privileges,
    collectionName: fc.oneof(fc.constant("*"), names),
  }),
  fc.record({
    privilege: fc.constantFrom("CreateCollection", "DescribeCollection"),
    collectionName: fc.constant("*"),
  }),
  fc.record({ privilege: fc.constantFrom("CreateResourceGroup", "CreateOwnership", "CreateDatabase") }),
  fc.record({ privilege: fc.constantFrom("UpdateUser", "SelectUser") }),
  fc.record({
    privilege: fc.constantFrom("CollectionReadOnly", "CollectionAdmin"),
    collectionName: fc.constant("*"),
  }),
);

export const privilegeGroups: fc.Arbitrary<Values> = fc
  .uniqueArray(privileges, { minLength: 1 })
  .map((all) => ({ privileges: all }));

/** Without nodes of their own: a test server has one, which others need. */
export const resourceGroups: fc.Arbitrary<Values> = fc.record({
  requests: sometimes(fc.constant(0)),
  limits: sometimes(fc.integer({ min: 0, max: 3 })),
});

export const LOADED_PARTITIONS = ["y2023", "y2024", "constructor"] as const;

export function loadsOn({ isNew }: Server): fc.Arbitrary<Values> {
  const newer = <T>(arbitrary: fc.Arbitrary<T>) => (isNew ? sometimes(arbitrary) : fc.constant(undefined));
  return fc.record({
    partitionNames: sometimes(
      fc.uniqueArray(fc.constantFrom("_default", ...LOADED_PARTITIONS), { minLength: 1 }),
    ),
    replicaNumber: sometimes(fc.constant(1)),
    loadFields: newer(fc.subarray(["number", "word"]).map((more) => [...more, "embedding", "id"])),
    skipLoadDynamicField: newer(fc.boolean()),
  });
}
