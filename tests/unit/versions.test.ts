import { UnsupportedError } from "../../provider/milvus/errors";
import {
  demand,
  type FeatureName,
  knows,
  needed,
  needs,
  parseVersion,
  TABLE,
} from "../../provider/milvus/versions";

describe("a version text", () => {
  test.each<[string, "Milvus" | "Milvus Lite" | "Zilliz Cloud", readonly number[]]>([
    ["v2.3.5-lite", "Milvus", [2, 3, 5]],
    ["2.6.19", "Milvus", [2, 6, 19]],
    ["v2.6.19", "Milvus", [2, 6, 19]],
    ["v2.6.19-gpu", "Milvus", [2, 6, 19]],
    ["3.0.4-gpu", "Milvus", [3, 0, 4]],
    ["2.5.0-rc1", "Milvus", [2, 5, 0]],
    ["v2.6.0-rc.1", "Milvus", [2, 6, 0]],
    ["2.6.0rc1", "Milvus", [2, 6, 0]],
    ["2.5.4-20250707-31fb3fc", "Milvus", [2, 5, 4]],
    ["10.0.0", "Milvus", [10, 0, 0]],
    ["milvus_lite-3.2.2", "Milvus Lite", [3, 2, 2]],
    ["milvus-lite 3.2.2", "Milvus Lite", [3, 2, 2]],
  ])("%s is %s %p", (text, product, version) => {
    expect(parseVersion(text)).toEqual({ product, version, text });
  });

  test.each<[string, readonly number[]]>([
    ["v2.10", [2, 10, Infinity]],
    ["2.6-20260404-31fb3fc", [2, 6, Infinity]],
    ["2.6-20260101-0a1b2c3d", [2, 6, Infinity]],
    ["2.5-20250707-1.2e3", [2, 5, Infinity]],
    ["2.5-20250707-3.4", [2, 5, Infinity]],
    ["20250707-2.6", [2, 6, Infinity]],
    ["release-2.5-202507071530-31fb3fc", [2, 5, Infinity]],
  ])("%s that names a line alone is its newest patch", (text, version) => {
    expect(parseVersion(text)).toEqual({ product: "Milvus", version, text });
  });

  test.each([
    "master-20260226-abcdef",
    "unknown-20260608-7ea6e3526",
    "master-20250707-0.1abc",
    "master-20250707-2.3abc",
    "master-20250707-2.3",
    "master-20250707-1.2e3",
    "master-20250707-2.3.5",
    "master-0a1b2c3d",
    "1.2e3",
    "0.1",
    "unknown",
    "",
  ])("%p that names no version counts as the newest Milvus", (text) => {
    const server = parseVersion(text);
    expect(server).toEqual({ product: "Milvus", version: [Infinity, Infinity, Infinity], text });
    for (const [feature] of TABLE) expect([feature, knows(server, feature)]).toEqual([feature, true]);
  });

  const CLOUD = "Zilliz Cloud Vector Database(Compatible with Milvus 2.6)";

  test.each<[string, string, readonly number[]]>([
    ["2.6-20260404-31fb3fc", CLOUD, [2, 6, Infinity]],
    ["master-20260226-abcdef", CLOUD, [2, 6, Infinity]],
    ["unknown-20260608-7ea6e3526", CLOUD, [2, 6, Infinity]],
    ["2.6.19", CLOUD, [2, 6, 19]],
    [CLOUD, "", [2, 6, Infinity]],
    ["", "Zilliz Cloud Vector Database", [Infinity, Infinity, Infinity]],
  ])("%p beside %p of Connect is Zilliz Cloud", (text, product, version) => {
    expect(parseVersion(text, product)).toEqual({ product: "Zilliz Cloud", version, text });
  });

  test("is asked before what Connect says", () => {
    expect(parseVersion("v2.5.4", "v2.6.19")).toMatchObject({ product: "Milvus", version: [2, 5, 4] });
    expect(parseVersion("unknown-20260608-7ea6e3526", "v2.6.19")).toMatchObject({ version: [2, 6, 19] });
  });
});

describe.each<[line: string, newest: string]>([
  ["2.3", "2.3.99"],
  ["2.4", "2.4.99"],
  ["2.5", "2.5.99"],
  ["2.6", "2.6.99"],
  ["3.0", "3.0.99"],
])("whatever the newest %s knows", (line, newest) => {
  const known = [...TABLE].filter(([feature]) => knows(parseVersion(newest), feature));

  test.each([line, `v${line}`, `${line}-20260404-31fb3fc`, `release-${line}-20260404-31fb3fc`])(
    "%s knows as well, and no more",
    (text) => {
      const server = parseVersion(text);
      expect([...TABLE].filter(([feature]) => knows(server, feature))).toEqual(known);
    },
  );

  test.each([`${line}-20260404-31fb3fc`, "unknown-20260608-7ea6e3526", newest])(
    "a Zilliz Cloud of that line knows as well, but for what it is said not to have (%s)",
    (text) => {
      const server = parseVersion(text, `Zilliz Cloud Vector Database(Compatible with Milvus ${line})`);
      const missing = known.filter(([feature]) => !knows(server, feature));
      expect(missing).toEqual(known.filter(([, { cloud }]) => cloud?.has === false));
      expect(missing.filter(([, { inPlace }]) => inPlace)).toEqual([]);
    },
  );
});

describe("the version table", () => {
  test.each<[FeatureName, string, string]>([
    ["multipleVectorFields", "2.3.22", "2.4.0"],
    ["sparseVectors", "2.3.5", "2.4.0"],
    ["halfPrecisionVectors", "2.3.5", "2.4.0"],
    ["fieldMmap", "2.3.5", "2.4.0"],
    ["invertedIndex", "2.3.5", "2.4.0"],
    ["clusteringKey", "2.4.5", "2.4.6"],
    ["nullableFields", "2.4.23", "2.5.0"],
    ["analyzers", "2.4.23", "2.5.0"],
    ["functions", "2.4.23", "2.5.0"],
    ["alterReplicas", "2.4.12", "2.4.13"],
    ["alterDescription", "2.5.11", "2.5.12"],
    ["alterConsistencyLevel", "2.5.4", "2.5.5"],
    ["alterMaxLength", "2.5.1", "2.5.2"],
    ["alterMaxCapacity", "2.5.10", "2.5.11"],
    ["dropProperties", "2.4.23", "2.5.0"],
    ["int8Vectors", "2.5.17", "2.6.0"],
    ["structFields", "2.6.3", "2.6.4"],
    ["dropScalarIndexWhileLoaded", "2.6.3", "2.6.4"],
    ["timestamptz", "2.6.5", "2.6.6"],
    ["enableDynamicField", "2.6.5", "2.6.6"],
    ["text", "2.6.22", "3.0.0"],
    ["databaseProperties", "2.4.2", "2.4.3"],
    ["aliasKeepsCollection", "2.5.4", "2.5.5"],
    ["defaultValues", "2.2.16", "2.3.0"],
    ["declaredResourceGroups", "2.4.0", "2.4.1"],
    ["grantsOnCollections", "2.4.23", "2.5.0"],
    ["privilegeGroups", "2.4.23", "2.5.0"],
    ["describedUsers", "2.6.18", "2.6.19"],
  ])("knows %s not on %s and from %s on", (feature, before, since) => {
    expect(knows(parseVersion(before), feature)).toBe(false);
    expect(knows(parseVersion(since), feature)).toBe(true);
    expect(knows(parseVersion("4.0.0"), feature)).toBe(true);
  });

  test.each<[FeatureName, boolean]>([
    ["nullableFields", true],
    ["multipleVectorFields", true],
    ["dropProperties", true],
    ["sparseVectors", true],
    ["geometry", true],
    ["timestamptz", true],
    ["halfPrecisionVectors", false],
    ["int8Vectors", false],
    ["countsByPartition", false],
    ["releasePartitions", false],
    ["reportsIds", false],
    ["namedIndexes", false],
    ["replicas", false],
    ["structFields", false],
    ["text", false],
    ["databaseProperties", true],
    ["aliasKeepsCollection", false],
    ["reportsAliases", false],
  ])("answers for Milvus Lite by itself, whatever its number: %s is %p", (feature, known) => {
    expect(knows(parseVersion("milvus_lite-3.2.2"), feature)).toBe(known);
    expect(knows(parseVersion("milvus_lite-2.0.0"), feature)).toBe(known);
  });

  test("compares numbers, not texts", () => {
    expect(knows(parseVersion("2.10.0"), "structFields")).toBe(true);
    expect(knows(parseVersion("2.4.10"), "clusteringKey")).toBe(true);
    expect(knows(parseVersion("10.0.0"), "text")).toBe(true);
  });

  test("says in the user's terms what is needed and what there is", () => {
    expect(needs(parseVersion("v2.3.5-lite"), "nullableFields")).toBe(
      "nullable fields, which needs Milvus 2.5.0 or later; this server is v2.3.5-lite",
    );
    expect(needs(parseVersion("milvus_lite-3.2.2"), "text")).toBe(
      "Text fields, which Milvus Lite does not have; this server is milvus_lite-3.2.2",
    );
  });

  test.each<[text: string, product: string, words: string]>([
    ["2.5-20250707-31fb3fc", "", "2.5-20250707-31fb3fc, taken for the newest 2.5"],
    ["master-20260226-abcdef", "", "master-20260226-abcdef"],
    ["", "", "of a version that it does not say"],
    [
      "unknown-20260608-7ea6e3526",
      "Zilliz Cloud Vector Database(Compatible with Milvus 2.6)",
      "Zilliz Cloud, unknown-20260608-7ea6e3526, taken for Milvus 2.6",
    ],
  ])("says of %p beside %p what it is taken for", (text, product, words) => {
    const server = parseVersion(text, product);
    for (const [feature] of TABLE) {
      expect(needs(server, feature)).toMatch(new RegExp(`; this server is ${words}$`));
      expect(`${needs(server, feature)} ${needed(feature)}`).not.toContain("Infinity");
    }
  });

  test("says what Zilliz Cloud does not have, whatever its number", () => {
    const server = parseVersion("2.6.4", "Zilliz Cloud Vector Database(Compatible with Milvus 2.6)");
    expect(() => demand(server, "resourceGroups", "resource group fast")).toThrow(
      "resource group fast uses resource groups, which Zilliz Cloud does not have; this server is Zilliz Cloud, 2.6.4, " +
        "taken for Milvus 2.6.4",
    );
  });

  test.each([...TABLE])("names what %s rests on, and a page of Zilliz for what differs there", (_, one) => {
    expect(one.source).toMatch(/measured|milvus\.io\/docs\/[\w_.-]+\.md|milvus-io\/milvus#\d+/);
    if (one.cloud) expect(one.cloud.source).toMatch(/^https:\/\/docs\.zilliz\.com\//);
  });

  test("refuses a demand that the server cannot meet, naming who asks", () => {
    const old = parseVersion("v2.3.5-lite");
    expect(() => demand(old, "sparseVectors", "field words")).toThrow(
      new UnsupportedError(
        "field words uses SparseFloatVector fields, which needs Milvus 2.4.0 or later; this server is v2.3.5-lite",
      ),
    );
    expect(() => demand(old, "defaultValues", "field words")).not.toThrow();
  });
});
