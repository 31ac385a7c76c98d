/** What of a schema breaks programs, and that this version breaks none that was written for the last release. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { breakingChanges, type Schema } from "../../tools/schema-changes";

const schemaIn = (...path: string[]): Schema =>
  JSON.parse(readFileSync(join(__dirname, ...path), "utf8")) as Schema;

/** A release puts its own in its place. */
const released = schemaIn("fixtures", "schema-released.json");
const now = schemaIn("..", "..", "sdk", "schema.json");

test("This version breaks no program of the last release", () => {
  expect(breakingChanges(released, now)).toEqual([]);
});

const COLLECTION = "milvus:index:Collection";

describe("What breaks programs is named:", () => {
  const [field] = Object.keys(released.types ?? {}) as [string];
  const collection = released.resources?.[COLLECTION];
  const withCollection = (changed: object): Schema => ({
    ...released,
    resources: { ...released.resources, [COLLECTION]: { ...collection, ...changed } },
  });
  const { description: _, ...withoutDescription } = collection?.inputProperties ?? {};

  test.each<[string, Schema, string]>([
    ["a resource is gone", { ...released, resources: {} }, `${COLLECTION} is gone`],
    ["a function is gone", { ...released, functions: {} }, "milvus:index:getCollection is gone"],
    ["a type is gone", { ...released, types: {} }, `${field} is gone`],
    [
      "an input is gone",
      withCollection({ inputProperties: withoutDescription }),
      `${COLLECTION}: input description is gone`,
    ],
    [
      "an input is required",
      withCollection({ requiredInputs: ["fields", "description"] }),
      `${COLLECTION}: input description is required`,
    ],
    [
      "an input takes another type",
      withCollection({
        inputProperties: { ...collection?.inputProperties, description: { type: "integer" } },
      }),
      `${COLLECTION}: input description takes another type`,
    ],
    [
      "a change of an input replaces",
      withCollection({
        inputProperties: {
          ...collection?.inputProperties,
          description: { type: "string", willReplaceOnChanges: true },
        },
      }),
      `${COLLECTION}: input description replaces when it changes`,
    ],
    [
      "an output may be missing",
      withCollection({ required: [] }),
      `${COLLECTION}: output collectionId may be missing`,
    ],
  ])("%s", (_what, wanted, change) => {
    expect(breakingChanges(released, wanted)).toContain(change);
  });
});

test("An input that takes more, and one that is new, break none", () => {
  const before: Schema = { types: { kind: { properties: { name: { type: "string" } } } } };
  const after: Schema = {
    types: {
      kind: {
        properties: {
          name: { oneOf: [{ type: "string" }, { $ref: "#/types/name" }] },
          more: { type: "number" },
        },
      },
    },
  };
  expect(breakingChanges(before, after)).toEqual([]);
  expect(breakingChanges(after, before)).toEqual([
    "kind: input name takes another type",
    "kind: input more is gone",
  ]);
});
