/** Which server knows which feature. Every choice that depends on the version asks this table. */
import { UnsupportedError } from "./errors";

export type Product = "Milvus" | "Milvus Lite" | "Zilliz Cloud";

export type VersionNumbers = readonly [major: number, minor: number, patch: number];

export interface ServerVersion {
  readonly product: Product;
  /**
   * For Zilliz Cloud the Milvus that it is compatible with. What the server does not say is Infinity: the patch of a
   * text that names a line, all three of one that names none.
   */
  readonly version: VersionNumbers;
  /** As the server says it, such as `v2.3.5-lite` (the full standalone server in a Python package). */
  readonly text: string;
}

/**
 * `run`: on a full server, 2.3.5, or Milvus Lite 3.2.2, which the contract tests run against. `control plane`: on the
 * control planes of 2.5.27, 2.6.19 and 3.0.0, as far as they are new enough. `read`: in sources and documents alone.
 */
export type Proof = "run" | "control plane" | "read";

export interface Feature {
  /** In the words of a message: "nullable fields". */
  readonly name: string;
  /** The first Milvus that has it. */
  readonly milvus: VersionNumbers | "always";
  /** Versions that lost it for a while. */
  readonly except?: { readonly from: VersionNumbers; readonly before: VersionNumbers };
  readonly lite: boolean;
  /** Where Zilliz Cloud differs from the Milvus that it is compatible with, or has conditions of its own. */
  readonly cloud?: { readonly has: boolean; readonly note: string; readonly source: string };
  /** That the object itself is changed in place, instead of being replaced. */
  readonly inPlace?: true;
  /** A rule for code that reads or drops, nothing that a program could use or miss. */
  readonly inner?: true;
  /** What the first version rests on. */
  readonly source: string;
  readonly proven: Proof;
}

/** How far each line of servers was tried, and with which. */
export const LINES: readonly { readonly name: string; readonly proven: Proof; readonly with: string }[] = [
  { name: "2.3", proven: "run", with: "2.3.5" },
  { name: "2.4", proven: "read", with: "sources and documents" },
  { name: "2.5", proven: "control plane", with: "2.5.27" },
  { name: "2.6", proven: "control plane", with: "2.6.19" },
  { name: "3.0", proven: "control plane", with: "3.0.0" },
  { name: "Zilliz Cloud", proven: "read", with: "its documents" },
  { name: "Milvus Lite", proven: "run", with: "3.2.2" },
];

const NOTES = "milvus.io/docs/release_notes.md";
const MEASURED = "measured on 2.5.27, 2.6.19 and 3.0.0";
/** That it works; with which patch it came is from release notes and sources of milvus-io/milvus. */
const CONTROL_PLANE = `${MEASURED}, first version: sources`;
const SINCE_2_3 = "measured on 2.3.5";
const CLOUD = "https://docs.zilliz.com/docs";
const DEDICATED = "Dedicated clusters only";

// prettier-ignore
const FEATURES = {
  replicas: {
    name: "replicas", milvus: "always", lite: false, source: SINCE_2_3, proven: "run",
    cloud: { has: true, note: "replicas belong to the whole cluster", source: `${CLOUD}/manage-replica` },
  },
  releasePartitions: {
    name: "loading and releasing single partitions", milvus: "always", lite: false, source: SINCE_2_3, proven: "run",
  },
  // A load with other replicas, or in other resource groups, changes those of what is loaded.
  alterReplicas: {
    name: "changing replicas of what is loaded", milvus: [2, 4, 13], lite: false, inPlace: true,
    source: `milvus-io/milvus#36417, ${NOTES}`, proven: "control plane",
  },
  // Late 2.4 has it as well, with faults that were mended up to 2.5.
  loadFields: {
    name: "loading some of the fields", milvus: [2, 5, 0], lite: false,
    source: "milvus-io/milvus#35696", proven: "read",
  },
  reportsIds: {
    name: "ids of collections, partitions and indexes", milvus: "always", lite: false, inner: true,
    source: SINCE_2_3, proven: "run",
  },
  reportsDescriptions: {
    name: "reading descriptions back", milvus: "always", lite: false, inner: true, source: SINCE_2_3, proven: "run",
  },
  reportsShards: {
    name: "reading shardsNum back", milvus: "always", lite: false, inner: true, source: SINCE_2_3, proven: "run",
  },
  reportsConsistencyLevel: {
    name: "reading consistencyLevel back", milvus: "always", lite: false, inner: true, source: SINCE_2_3, proven: "run",
  },
  reportsNumPartitions: {
    name: "reading numPartitions back", milvus: "always", lite: false, inner: true, source: SINCE_2_3, proven: "run",
  },
  countsByPartition: {
    name: "counting one partition in a query", milvus: "always", lite: false, inner: true,
    source: SINCE_2_3, proven: "run",
  },
  namedIndexes: { name: "index names", milvus: "always", lite: false, source: SINCE_2_3, proven: "run" },
  multipleVectorFields: {
    name: "more than one vector field", milvus: [2, 4, 0], lite: true, source: NOTES, proven: "control plane",
  },
  sparseVectors: {
    name: "SparseFloatVector fields", milvus: [2, 4, 0], lite: true, source: NOTES, proven: "control plane",
  },
  halfPrecisionVectors: {
    name: "Float16Vector and BFloat16Vector fields", milvus: [2, 4, 0], lite: false, source: NOTES, proven: "read",
  },
  int8Vectors: { name: "Int8Vector fields", milvus: [2, 6, 0], lite: false, source: NOTES, proven: "read" },
  structFields: {
    name: "Struct elements and ArrayOfVector fields", milvus: [2, 6, 4], lite: false,
    source: "milvus.io/docs/array-of-structs.md", proven: "control plane",
  },
  geometry: {
    name: "Geometry fields", milvus: [2, 6, 4], lite: true, source: "milvus.io/docs/geometry-field.md", proven: "read",
  },
  timestamptz: {
    name: "Timestamptz fields", milvus: [2, 6, 6], lite: true, source: "milvus.io/docs/timestamptz-field.md",
    proven: "read",
  },
  // The control plane of 3.0.0 knew the type, and refused it with the settings that it comes with.
  text: {
    name: "Text fields", milvus: [3, 0, 0], lite: false, source: "measured on 3.0.0: needs StorageV3",
    proven: "control plane",
  },
  nullableFields: {
    name: "nullable fields", milvus: [2, 5, 0], lite: true, source: NOTES, proven: "control plane",
  },
  defaultValues: {
    name: "default values of fields", milvus: [2, 3, 0], lite: true, source: SINCE_2_3, proven: "run",
  },
  fieldMmap: {
    name: "mmapEnabled of fields", milvus: [2, 4, 0], lite: false, source: "milvus.io/docs/mmap.md",
    proven: "control plane", cloud: { has: true, note: "with limits of the plan", source: `${CLOUD}/use-mmap` },
  },
  clusteringKey: {
    name: "clustering keys", milvus: [2, 4, 6], lite: false, source: "milvus.io/docs/clustering-compaction.md",
    proven: "control plane",
  },
  analyzers: {
    name: "analyzers and text match", milvus: [2, 5, 0], lite: true, source: NOTES, proven: "control plane",
  },
  functions: { name: "functions", milvus: [2, 5, 0], lite: true, source: NOTES, proven: "control plane" },
  invertedIndex: {
    name: "INVERTED indexes", milvus: [2, 4, 0], lite: true, source: NOTES, proven: "control plane",
  },
  // What Milvus takes for AUTOINDEX is taken for all vector indexes where autoIndex.enable is set, "only for cloud
  // instance": internal/proxy/task_index.go of milvus-io/milvus.
  vectorIndexTypes: {
    name: "index types of vector fields other than AUTOINDEX", milvus: "always", lite: true,
    source: SINCE_2_3, proven: "run",
    cloud: {
      has: false, note: "AUTOINDEX and MINHASH_LSH only; others on request, once support has enabled them",
      source: `${CLOUD}/autoindex-explained, ${CLOUD}/byoc/indexes`,
    },
  },
  jsonIndexesAreCast: {
    name: "json_cast_type of indexes on JSON fields", milvus: [2, 5, 27], lite: false, inner: true,
    source: `${MEASURED}; milvus.io/docs/json-indexing.md`, proven: "control plane",
  },
  // Older servers keep the key as a property that means nothing.
  alterDescription: {
    name: "changing a description in place", milvus: [2, 5, 12], lite: false, inPlace: true,
    source: "milvus-io/milvus#41547", proven: "control plane",
  },
  alterFieldDescription: {
    name: "changing the description of a field in place", milvus: [2, 6, 9], lite: false, inPlace: true,
    source: "milvus-io/milvus#47058, milvus.io/docs/release_notes.md", proven: "read",
  },
  alterConsistencyLevel: {
    name: "changing consistencyLevel in place", milvus: [2, 5, 5], lite: false, inPlace: true,
    source: "milvus-io/milvus#39902", proven: "control plane",
  },
  alterMaxLength: {
    name: "changing maxLength in place", milvus: [2, 5, 2], lite: false, inPlace: true,
    source: CONTROL_PLANE, proven: "control plane",
  },
  alterMaxCapacity: {
    name: "changing maxCapacity in place", milvus: [2, 5, 11], lite: false, inPlace: true,
    source: CONTROL_PLANE, proven: "control plane",
  },
  alterFieldMmap: {
    name: "changing mmapEnabled of a field in place", milvus: [2, 5, 0], lite: false, inPlace: true,
    source: "milvus.io/docs/mmap.md", proven: "control plane",
  },
  // The first release that surely has it.
  fieldWarmup: {
    name: "warmup of fields", milvus: [2, 6, 11], lite: false, source: "milvus-io/milvus#47343", proven: "read",
  },
  // Vectors and structs came later.
  addField: {
    name: "adding a nullable field in place", milvus: [2, 6, 0], lite: false, inPlace: true,
    source: "milvus.io/docs/add-fields-to-an-existing-collection.md", proven: "control plane",
  },
  addVectorField: {
    name: "adding a nullable vector field in place", milvus: [2, 6, 18], lite: false, inPlace: true,
    source: "milvus.io/docs/add-fields-to-an-existing-collection.md", proven: "control plane",
  },
  addStructField: {
    name: "adding a nullable array of structs in place", milvus: [3, 0, 0], lite: false, inPlace: true,
    source: "measured on 3.0.0", proven: "control plane",
  },
  dropField: {
    name: "dropping a field in place", milvus: [3, 0, 0], lite: false, inPlace: true,
    source: "measured on 3.0.0", proven: "control plane",
  },
  // With the settings that 3.0.0 comes with it was refused.
  addFunction: {
    name: "adding a BM25 function with its output field in place", milvus: [3, 0, 0], lite: false, inPlace: true,
    source: "measured on 3.0.0: needs StorageV3", proven: "control plane",
  },
  dropFunction: {
    name: "dropping a function with its output field in place", milvus: [3, 0, 0], lite: false, inPlace: true,
    source: "measured on 3.0.0", proven: "control plane",
  },
  dropProperties: {
    name: "removing properties", milvus: [2, 5, 0], lite: true, inPlace: true,
    source: "milvus.io/docs/modify-collection.md", proven: "control plane",
  },
  // Properties of databases, DescribeDatabase and AlterDatabase came together.
  databaseProperties: {
    name: "properties of databases", milvus: [2, 4, 3], lite: true, source: "milvus-io/milvus#30040",
    proven: "control plane", cloud: { has: true, note: `databases: ${DEDICATED}`, source: `${CLOUD}/database` },
  },
  // Older ones drop the collection and leave the alias behind, pointing nowhere.
  aliasKeepsCollection: {
    name: "keeping a collection that has an alias", milvus: [2, 5, 5], lite: false, inner: true,
    source: CONTROL_PLANE, proven: "control plane",
  },
  // DescribeCollection of 2.6.19 was seen to tell of aliases that were dropped seconds ago, and not of new ones; the
  // cache behind it is in the sources of 2.6.4 to 2.6.20 (internal/proxy/meta_cache.go). 2.5.27 and 3.0.0 do not.
  reportsAliases: {
    name: "aliases in the description of a collection", milvus: "always", lite: false, inner: true,
    except: { from: [2, 6, 4], before: [3, 0, 0] },
    source: `${MEASURED}; internal/proxy/meta_cache.go`, proven: "control plane",
  },
  enableDynamicField: {
    name: "switching enableDynamicField on in place", milvus: [2, 6, 6], lite: false, inPlace: true,
    source: CONTROL_PLANE, proven: "control plane",
  },
  // 2.6.19 refuses it: "dynamic schema cannot supported to be disabled".
  disableDynamicField: {
    name: "switching enableDynamicField off in place", milvus: [3, 0, 0], lite: false, inPlace: true,
    source: "measured on 3.0.0", proven: "control plane",
  },
  // For 100 to 250 ms the whole collection is Loading at 0 %. 2.3.5 and 2.5.27 do not; nobody looked between them and
  // 2.6.19.
  loadingAfterRelease: {
    name: "a moment of loading after single partitions are released", milvus: [2, 6, 0], lite: false,
    inner: true, source: "measured on 2.6.19 and 3.0.0", proven: "control plane",
  },
  dropScalarIndexWhileLoaded: {
    name: "dropping a scalar index while loaded", milvus: [2, 6, 4], lite: false, source: CONTROL_PLANE,
    proven: "control plane",
  },
  accessControl: {
    name: "users, roles and grants", milvus: "always", lite: false, source: SINCE_2_3, proven: "run",
    cloud: { has: true, note: DEDICATED, source: `${CLOUD}/cluster-users, ${CLOUD}/cluster-roles-sdk` },
  },
  resourceGroups: {
    name: "resource groups", milvus: "always", lite: false, source: SINCE_2_3, proven: "run",
    cloud: {
      has: false, note: "nodes and replicas are set for the whole cluster, in its console or its own API",
      source: `${CLOUD}/manage-replica, ${CLOUD}/byoc/scale-cluster`,
    },
  },
  declaredResourceGroups: {
    name: "node numbers that resource groups declare", milvus: [2, 4, 1], lite: false,
    source: "milvus.io/docs/resource_group.md", proven: "control plane",
    cloud: { has: false, note: "no resource groups of one's own", source: `${CLOUD}/manage-replica` },
  },
  grantsOnCollections: {
    name: "grants for all databases", milvus: [2, 5, 0], lite: false, source: "milvus.io/docs/grant_privileges.md",
    proven: "control plane", cloud: { has: true, note: DEDICATED, source: `${CLOUD}/cluster-roles-sdk` },
  },
  privilegeGroups: {
    name: "privilege groups", milvus: [2, 5, 0], lite: false, source: "milvus.io/docs/privilege_group.md",
    proven: "control plane", cloud: { has: true, note: DEDICATED, source: `${CLOUD}/cluster-privileges` },
  },
  // The first one that was seen to keep them; 2.5.27 does not.
  describedUsers: {
    name: "descriptions of users and roles", milvus: [2, 6, 19], lite: false, source: MEASURED,
    proven: "control plane",
  },
} as const satisfies Record<string, Feature>;

export type FeatureName = keyof typeof FEATURES;

/** The whole table, for what is written out of it. */
export const TABLE: ReadonlyMap<FeatureName, Feature> = new Map(
  Object.entries(FEATURES) as [FeatureName, Feature][],
);

/** Of a text that names no version: its own errors are better than our guess. */
const NEWEST: VersionNumbers = [Infinity, Infinity, Infinity];

/**
 * `text` is what GetVersion says, `product` what Connect says of the same server, if anything. Releases are called
 * "2.6.19" or "v2.6.19-gpu". Builds are called "2.6-20260404-31fb3fc" or "master-20260226-abcdef", by branch, date and
 * commit: the branch names a line, whose newest patch it is, or none. Zilliz Cloud has a build for GetVersion, and
 * "Zilliz Cloud Vector Database(Compatible with Milvus 2.6)" for Connect.
 */
export function parseVersion(text: string, product = ""): ServerVersion {
  const version = namedIn(text) ?? namedIn(product) ?? NEWEST;
  if (/milvus[_-]lite/i.test(text)) return { product: "Milvus Lite", version, text };
  return { product: /zilliz/i.test(`${text} ${product}`) ? "Zilliz Cloud" : "Milvus", version, text };
}

/** Milvus 1 spoke another protocol: a smaller number is none of a version. */
const NUMBERS =
  /^v?([2-9]|[1-9]\d)\.(\d{1,3})(?:\.(\d{1,3})(?:\.\d+)*(?:\.?(?:rc|alpha|beta|dev)\.?\d*)?)?$/i;
const DATE = /^20\d{6}(?:\d{4}|\d{6})?$/;

/** Only a whole word is a version, and none behind a date: there stands a commit. */
function namedIn(text: string): VersionNumbers | undefined {
  const words = text.split(/[^\w.]+|_/);
  const date = words.findIndex((word) => DATE.test(word));
  const found = (date > 0 ? words.slice(0, date) : words)
    .map((word) => NUMBERS.exec(word))
    .find((match) => match !== null);
  if (!found) return undefined;
  const [, major, minor, patch = Infinity] = found;
  return [Number(major), Number(minor), Number(patch)];
}

export function knows(server: ServerVersion, feature: FeatureName): boolean {
  const { milvus, except, lite, cloud }: Feature = FEATURES[feature];
  if (server.product === "Milvus Lite") return lite;
  if (server.product === "Zilliz Cloud" && cloud?.has === false) return false;
  if (except && !isBefore(server.version, except.from) && isBefore(server.version, except.before))
    return false;
  return milvus === "always" || !isBefore(server.version, milvus);
}

function isBefore(a: VersionNumbers, b: VersionNumbers): boolean {
  const at = [0, 1, 2].find((index) => a[index] !== b[index]);
  return at !== undefined && (a[at] ?? 0) < (b[at] ?? 0);
}

/** "needs Milvus 2.5.0 or later; this server is v2.3.5-lite" */
export function needs(server: ServerVersion, feature: FeatureName): string {
  const { name, milvus, cloud }: Feature = FEATURES[feature];
  const isWithout =
    server.product === "Milvus Lite" || (server.product === "Zilliz Cloud" && cloud?.has === false);
  const since = isWithout
    ? `which ${server.product} does not have`
    : milvus === "always"
      ? "which this version is without"
      : `which needs Milvus ${milvus.join(".")} or later`;
  return `${name}, ${since}; this server is ${inWords(server)}`;
}

/** As the server says it; what it does not say itself goes with it. */
export function inWords({ product, text, version: [major, minor, patch] }: ServerVersion): string {
  const called = text === "" ? "of a version that it does not say" : text;
  if (product === "Zilliz Cloud")
    return [`Zilliz Cloud, ${called}`, numbersInWords([major, minor, patch])]
      .filter(Boolean)
      .join(", taken for Milvus ");
  if (product === "Milvus Lite" || !Number.isFinite(major) || Number.isFinite(patch)) return called;
  return `${called}, taken for the newest ${major}.${minor}`;
}

/** "2.6.19", "2.6" where only the line is known, and nothing where not even that is. */
export function numbersInWords(version: VersionNumbers): string {
  return version.filter((number) => Number.isFinite(number)).join(".");
}

/** "needs Milvus 2.5.12 or later, it is v2.4.23" */
export function lacks(server: ServerVersion, feature: FeatureName): string {
  const { milvus }: Feature = FEATURES[feature];
  const since =
    server.product === "Milvus Lite"
      ? "Milvus Lite does not have it"
      : typeof milvus === "string"
        ? "no Milvus has it so far"
        : `needs Milvus ${milvus.join(".")} or later`;
  return `${since}, it is ${server.text}`;
}

/** "changing maxLength and maxCapacity in place needs Milvus 2.5.0 or later" */
export function needed(feature: FeatureName): string {
  const { name, milvus }: Feature = FEATURES[feature];
  return milvus === "always" ? name : `${name} needs Milvus ${milvus.join(".")} or later`;
}

/** "Milvus 2.6.19" */
export function firstWith(feature: FeatureName): string {
  const { milvus }: Feature = FEATURES[feature];
  return milvus === "always" ? "Milvus" : `Milvus ${milvus.join(".")}`;
}

export function demand(server: ServerVersion, feature: FeatureName, subject: string): void {
  if (!knows(server, feature)) throw new UnsupportedError(`${subject} uses ${needs(server, feature)}`);
}
