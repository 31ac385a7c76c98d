import { UnsupportedError } from "../../provider/milvus/errors";
import { demand, type FeatureName, knows, needs, parseVersion } from "../../provider/milvus/versions";

describe("a version text", () => {
  test.each<[string, "Milvus" | "Milvus Lite", readonly number[]]>([
    ["v2.3.5-lite", "Milvus", [2, 3, 5]],
    ["milvus_lite-3.2.2", "Milvus Lite", [3, 2, 2]],
    ["milvus-lite 3.2.2", "Milvus Lite", [3, 2, 2]],
    ["2.6.4", "Milvus", [2, 6, 4]],
    ["v2.5.0-rc1", "Milvus", [2, 5, 0]],
    ["v2.10", "Milvus", [2, 10, 0]],
    ["2.6-20260101-0a1b2c3d", "Milvus", [2, 6, 0]],
    ["3.0.4-gpu", "Milvus", [3, 0, 4]],
  ])("%s is %s %p", (text, product, version) => {
    expect(parseVersion(text)).toEqual({ product, version, text });
  });

  test.each(["master-0a1b2c3d", "unknown", ""])(
    "%p that says nothing counts as the newest server",
    (text) => {
      const server = parseVersion(text);
      expect(knows(server, "text")).toBe(true);
      expect(knows(server, "nullableFields")).toBe(true);
      expect(server.product).toBe("Milvus");
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
    ["describedUsers", "2.6.22", "3.0.0"],
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
