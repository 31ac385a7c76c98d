/** The tables of docs/resources.md of what a change does, held to what the code declares. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type Properties, isInCollection } from "../../provider/core/properties";
import { type FeatureName, needed } from "../../provider/milvus/versions";
import { resources } from "../../provider/registry";

const PAGE = readFileSync(join(__dirname, "..", "..", "docs", "resources.md"), "utf8");

/** The cells of the rows of a table, by its first column. */
function table(firstColumn: string): Map<string, readonly string[]> {
  const lines = PAGE.split("\n");
  const head = lines.findIndex((line) => line.startsWith(`| ${firstColumn} `));
  const end = lines.findIndex((line, at) => at > head && !line.startsWith("|"));
  return new Map(
    lines.slice(head + 2, end).map((line) => {
      const [, name = "", ...cells] = line.split("|").map((cell) => cell.trim());
      return [/^\[`(\w+)`\]/.exec(name)?.[1] ?? name, cells];
    }),
  );
}

const rows = table("resource");
const versions = table("from Milvus");

test("every object of the registry has a row", () => {
  const kinds = Object.values(resources).map(({ kind }) => kind);
  expect([...rows.keys()].sort()).toEqual([...kinds, "CollectionBehindAlias", "Provider"].sort());
});

describe.each(Object.values(resources).map(({ kind, inputs }) => [kind, inputs as Properties] as const))(
  "the row of %s",
  (kind, inputs) => {
    const [replaced = "", inPlace = ""] = rows.get(kind) ?? [];
    const below = kind === "Collection" ? [...versions.values()].join(" ") : "";
    const standsIn = isInCollection(inputs) ? ["collectionName", "databaseName"] : [];
    const told = Object.entries(inputs).filter(
      ([name, { change, argument }]) => change !== "ignore" && !argument && !standsIn.includes(name),
    );

    test.each(told.map(([name, { change }]) => [name, change] as const))("tells of %s", (name, change) => {
      const quoted = `\`${name}\``;
      const named = name === "collectionName" ? "name (rename)" : quoted;
      if (change === "update") expect(inPlace).toContain(named);
      else if (replaced.startsWith("everything")) expect(inPlace).not.toContain(named);
      else if (change === "replace") expect(replaced).toContain(named);
      else if (name !== "fields" && name !== "functions")
        expect(`${replaced} ${inPlace} ${below}`).toContain(named);
    });
  },
);

test.each<[FeatureName, string, string]>([
  ["alterReplicas", "CollectionLoad", "`replicaNumber`, `resourceGroups` from"],
  ["databaseProperties", "Database", "`properties` from Milvus"],
  ["dropProperties", "Database", "removing them from"],
  ["describedUsers", "User", "`description` from"],
  ["describedUsers", "Role", "`description` from"],
  ["declaredResourceGroups", "ResourceGroup", "declared from"],
])("the version of %s stands in the row of %s", (feature, kind, words) => {
  expect(rows.get(kind)?.join(" ")).toContain(`${words} ${versionOf(feature)}`);
});

test.each<[FeatureName, string]>([
  ["dropProperties", "removing `properties`"],
  ["alterFieldMmap", "`mmapEnabled`"],
  ["alterMaxLength", "`maxLength`"],
  ["alterConsistencyLevel", "`consistencyLevel`"],
  ["alterMaxCapacity", "`maxCapacity`"],
  ["alterDescription", "`description`"],
  ["addField", "a new field that is `nullable`"],
  ["enableDynamicField", "`enableDynamicField` to true"],
  ["disableDynamicField", "`enableDynamicField` to false"],
  ["alterFieldDescription", "`description` of a field"],
  ["fieldWarmup", "`warmup` of a field"],
  ["dropField", "a field that goes, with its values"],
  ["addFunction", "a BM25 function that comes or goes with its field"],
  ["dropFunction", "a BM25 function that comes or goes with its field"],
  ["addStructField", "a new array of structs"],
])("the version of %s stands in the list of what collections change in place", (feature, words) => {
  const [version] = [...versions].find(([, cells]) => cells.join(" ").includes(words)) ?? [];
  expect(version?.replace(/^(\d+\.\d+)\.0$/, "$1")).toBe(versionOf(feature));
});

test("the version of addVectorField stands beside that of other fields", () => {
  expect(PAGE).toContain(`vectors from ${versionOf("addVectorField")}`);
});

/** `2.5` rather than `2.5.0`. */
function versionOf(feature: FeatureName): string {
  const [, version = "no version"] = / needs Milvus (\S+) or later$/.exec(needed(feature)) ?? [];
  return version.replace(/^(\d+\.\d+)\.0$/, "$1");
}
