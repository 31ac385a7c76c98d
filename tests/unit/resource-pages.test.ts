/** What the pages of resources say of a change, held to the version table. */
import type { Properties } from "../../provider/core/properties";
import { firstWith, type FeatureName } from "../../provider/milvus/versions";
import { type AnyResource, resourceOf, resources } from "../../provider/registry";
import { effectInWords } from "../../tools/effects";
import { idInExample } from "../../tools/resource-pages";

function propertyAt(kind: string, path: string) {
  const [name = "", member] = path.split(".");
  const inputs = resourceOf(kind)?.inputs ?? {};
  const properties: Properties =
    member === undefined ? inputs : (inputs[name]?.shape.record?.properties ?? {});
  const property = properties[member ?? name];
  if (!property) throw new Error(`${kind} has no ${path}`);
  return [member ?? name, property] as const;
}

const effectOf = (kind: string, path: string): Promise<string> => effectInWords(...propertyAt(kind, path));

test.each<[kind: string, path: string, effect: string]>([
  ["Partition", "partitionName", "replaces"],
  ["Partition", "adopt", "nothing"],
  ["Collection", "collectionName", "in place"],
  ["Collection", "functions.description", "refused"],
  ["Collection", "fields.nullable", "replaces"],
  ["Index", "params", "replaces"],
  ["CollectionLoad", "replicaNumber", "in place"],
])("a change of %s %s: %s", async (kind, path, effect) => {
  expect(await effectOf(kind, path)).toBe(effect);
});

test.each<[kind: string, path: string, feature: FeatureName]>([
  ["Collection", "description", "alterDescription"],
  ["Collection", "consistencyLevel", "alterConsistencyLevel"],
  ["Collection", "fields.maxLength", "alterMaxLength"],
  ["Collection", "fields.mmapEnabled", "alterFieldMmap"],
  ["User", "description", "describedUsers"],
])("a change of %s %s is refused before the version of %s", async (kind, path, feature) => {
  const [from] = /\d+(\.\d+)+/.exec(firstWith(feature)) ?? [];
  expect(await effectOf(kind, path)).toBe(`in place from ${from?.replace(/\.0$/, "")}, before: refused`);
});

test("a change that can be one of several says what each does", async () => {
  expect(await effectOf("Collection", "enableDynamicField")).toBe(
    "to `true`: in place from 2.6.6, before: refused; to `false`: in place from 3.0, before: refused",
  );
  expect(await effectOf("Collection", "properties")).toBe(
    "set: in place; removed: in place from 2.5, before: refused",
  );
});

const all = Object.values(resources) as unknown as AnyResource[];

test.each(all.map((resource) => [resource.kind, resource] as const))(
  "the example of %s has an id",
  (_, resource) => {
    const id = idInExample(resource);
    expect(id).not.toContain("undefined");
    expect(resource.fromId(id, { database: "default" } as never)).toEqual(expect.any(Object));
  },
);
