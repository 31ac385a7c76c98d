/** Which server knows which feature. Every choice that depends on the version asks this table. */
import { UnsupportedError } from "./errors";

export interface ServerVersion {
  readonly product: "Milvus" | "Milvus Lite";
  readonly version: readonly [major: number, minor: number, patch: number];
  /** As the server says it, such as `v2.3.5-lite` (the full standalone server in a Python package). */
  readonly text: string;
}

type Since = readonly [major: number, minor: number, patch: number];

interface Feature {
  /** In the words of a message: "nullable fields". */
  readonly name: string;
  /** The first Milvus that has it; `never` when none so far has. */
  readonly milvus: Since | "always" | "never";
  /** Versions that lost it for a while. */
  readonly except?: { readonly from: Since; readonly before: Since };
  readonly lite: boolean;
}

/**
 * 2.3.5 and Milvus Lite 3.2.2 are what the contract tests run against. The first versions of what came later were
 * not run: no package registry carries those servers.
 */
const FEATURES = {
  replicas: { name: "replicas", milvus: "always", lite: false },
  releasePartitions: { name: "loading and releasing single partitions", milvus: "always", lite: false },
  // milvus-io/milvus#36417, in the release notes of 2.4.13: a load with other replicas, or in other resource groups,
  // changes those of what is loaded.
  alterReplicas: { name: "changing replicas of what is loaded", milvus: [2, 4, 13], lite: false },
  // Measured: on 2.6.19 and 3.0.0 the whole collection is "Loading" at 0 % for 100 to 250 ms after ReleasePartitions; on
  // 2.3.5 and 2.5.27 it is not. Nobody looked between them: the line of 2.6 is where releases became broadcasts.
  loadingAfterRelease: {
    name: "a moment of loading after single partitions are released",
    milvus: [2, 6, 0],
    lite: false,
  },
  // milvus-io/milvus #35696 has it in late 2.4 as well, with faults that were mended up to 2.5.
  loadFields: { name: "loading some of the fields", milvus: [2, 5, 0], lite: false },
  reportsIds: { name: "ids of collections, partitions and indexes", milvus: "always", lite: false },
  reportsDescriptions: { name: "reading descriptions back", milvus: "always", lite: false },
  reportsShards: { name: "reading shardsNum back", milvus: "always", lite: false },
  reportsConsistencyLevel: { name: "reading consistencyLevel back", milvus: "always", lite: false },
  reportsNumPartitions: { name: "reading numPartitions back", milvus: "always", lite: false },
  countsByPartition: { name: "counting one partition in a query", milvus: "always", lite: false },
  namedIndexes: { name: "index names", milvus: "always", lite: false },
  multipleVectorFields: { name: "more than one vector field", milvus: [2, 4, 0], lite: true },
  sparseVectors: { name: "SparseFloatVector fields", milvus: [2, 4, 0], lite: true },
  halfPrecisionVectors: { name: "Float16Vector and BFloat16Vector fields", milvus: [2, 4, 0], lite: false },
  int8Vectors: { name: "Int8Vector fields", milvus: [2, 6, 0], lite: false },
  structFields: { name: "Struct elements and ArrayOfVector fields", milvus: [2, 6, 4], lite: false },
  geometry: { name: "Geometry fields", milvus: [2, 6, 4], lite: true },
  timestamptz: { name: "Timestamptz fields", milvus: [2, 6, 6], lite: true },
  text: { name: "Text fields", milvus: [3, 0, 0], lite: false },
  nullableFields: { name: "nullable fields", milvus: [2, 5, 0], lite: true },
  defaultValues: { name: "default values of fields", milvus: [2, 3, 0], lite: true },
  fieldMmap: { name: "mmapEnabled of fields", milvus: [2, 4, 0], lite: false },
  clusteringKey: { name: "clustering keys", milvus: [2, 4, 6], lite: false },
  analyzers: { name: "analyzers and text match", milvus: [2, 5, 0], lite: true },
  functions: { name: "functions", milvus: [2, 5, 0], lite: true },
  invertedIndex: { name: "INVERTED indexes", milvus: [2, 4, 0], lite: true },
  // Older servers keep the key as a property that means nothing: milvus-io/milvus pull requests 41547 and 39902.
  alterDescription: { name: "changing a description in place", milvus: [2, 5, 12], lite: false },
  alterConsistencyLevel: { name: "changing consistencyLevel in place", milvus: [2, 5, 5], lite: false },
  alterMaxLength: { name: "changing maxLength in place", milvus: [2, 5, 2], lite: false },
  alterMaxCapacity: { name: "changing maxCapacity in place", milvus: [2, 5, 11], lite: false },
  alterFieldMmap: { name: "changing mmapEnabled of a field in place", milvus: [2, 5, 0], lite: false },
  // milvus-io/milvus #47343; the first release that surely has it.
  fieldWarmup: { name: "warmup of fields", milvus: [2, 6, 11], lite: false },
  // https://milvus.io/docs/add-fields-to-an-existing-collection.md; vectors and structs came later.
  addField: { name: "adding a nullable field in place", milvus: [2, 6, 0], lite: false },
  addVectorField: { name: "adding a nullable vector field in place", milvus: [2, 6, 18], lite: false },
  addStructField: { name: "adding a nullable array of structs in place", milvus: [3, 0, 0], lite: false },
  dropField: { name: "dropping a field in place", milvus: [3, 0, 0], lite: false },
  addFunction: {
    name: "adding a BM25 function with its output field in place",
    milvus: [3, 0, 0],
    lite: false,
  },
  dropFunction: {
    name: "dropping a function with its output field in place",
    milvus: [3, 0, 0],
    lite: false,
  },
  dropProperties: { name: "removing properties", milvus: [2, 5, 0], lite: true },
  // milvus-io/milvus#30040: properties of databases, DescribeDatabase and AlterDatabase came with 2.4.3.
  databaseProperties: { name: "properties of databases", milvus: [2, 4, 3], lite: true },
  // Older ones drop the collection and leave the alias behind, pointing nowhere.
  aliasKeepsCollection: { name: "keeping a collection that has an alias", milvus: [2, 5, 5], lite: false },
  // DescribeCollection of 2.6.19 was seen to tell of aliases that were dropped seconds ago, and not of new ones; the
  // cache behind it is in the sources of 2.6.4 to 2.6.20 (internal/proxy/meta_cache.go). 2.5.27 and 3.0.0 do not.
  reportsAliases: {
    name: "aliases in the description of a collection",
    milvus: "always",
    except: { from: [2, 6, 4], before: [3, 0, 0] },
    lite: false,
  },
  enableDynamicField: { name: "switching enableDynamicField on in place", milvus: [2, 6, 6], lite: false },
  dropScalarIndexWhileLoaded: {
    name: "dropping a scalar index while loaded",
    milvus: [2, 6, 4],
    lite: false,
  },
  accessControl: { name: "users, roles and grants", milvus: "always", lite: false },
  resourceGroups: { name: "resource groups", milvus: "always", lite: false },
  declaredResourceGroups: {
    name: "node numbers that resource groups declare",
    milvus: [2, 4, 1],
    lite: false,
  },
  grantsOnCollections: { name: "grants for all databases", milvus: [2, 5, 0], lite: false },
  privilegeGroups: { name: "privilege groups", milvus: [2, 5, 0], lite: false },
  describedUsers: { name: "descriptions of users and roles", milvus: [3, 0, 0], lite: false },
} as const satisfies Record<string, Feature>;

export type FeatureName = keyof typeof FEATURES;

/** A version text that says neither counts as the newest server: its own errors are better than our guess. */
export function parseVersion(text: string): ServerVersion {
  const numbers = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  const version: Since = numbers
    ? [Number(numbers[1]), Number(numbers[2]), Number(numbers[3] ?? 0)]
    : [Infinity, 0, 0];
  return { product: /milvus[_-]lite/i.test(text) ? "Milvus Lite" : "Milvus", version, text };
}

export function knows(server: ServerVersion, feature: FeatureName): boolean {
  const { milvus, except, lite }: Feature = FEATURES[feature];
  if (server.product === "Milvus Lite") return lite;
  if (except && !isBefore(server.version, except.from) && isBefore(server.version, except.before))
    return false;
  if (typeof milvus === "string") return milvus === "always";
  return !isBefore(server.version, milvus);
}

function isBefore(a: Since, b: Since): boolean {
  const at = [0, 1, 2].find((index) => a[index] !== b[index]);
  return at !== undefined && (a[at] ?? 0) < (b[at] ?? 0);
}

/** "needs Milvus 2.5.0 or later; this server is v2.3.5-lite" */
export function needs(server: ServerVersion, feature: FeatureName): string {
  const { name, milvus }: Feature = FEATURES[feature];
  const since =
    server.product === "Milvus Lite"
      ? "which Milvus Lite does not have"
      : typeof milvus === "string"
        ? "which no Milvus has so far"
        : `which needs Milvus ${milvus.join(".")} or later`;
  return `${name}, ${since}; this server is ${server.text}`;
}

/** "changing maxLength and maxCapacity in place needs Milvus 2.5.0 or later" */
export function needed(feature: FeatureName): string {
  const { name, milvus }: Feature = FEATURES[feature];
  return typeof milvus === "string" ? name : `${name} needs Milvus ${milvus.join(".")} or later`;
}

export function demand(server: ServerVersion, feature: FeatureName, subject: string): void {
  if (!knows(server, feature)) throw new UnsupportedError(`${subject} uses ${needs(server, feature)}`);
}
