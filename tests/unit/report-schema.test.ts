/** The report as JSON is what its schema says, and has every key that the schema has. */
import type { Judged } from "../../cli/preview/judge";
import { makeReport } from "../../cli/preview/report";
import { reportSchema } from "../../tools/report-schema";
import { keysIn, keysOf, SCHEMA, unlikeSchema } from "../support/report-schema";

const change = (over: Partial<Judged>): Judged => ({
  urn: "urn",
  name: "y2023",
  kind: "Partition",
  operation: "delete",
  id: "default/documents/y2023",
  object: "partition y2023 of collection documents",
  reasons: ["fields"],
  changes: [{ input: "fields", inWords: "fields.embedding.dim 8 -> 16" }],
  ...over,
});

const loss = (over: object = {}) => ({
  id: "default/documents/y2023",
  object: "partition y2023 of collection documents",
  held: "300 entities",
  certain: true,
  acknowledged: false,
  ...over,
});
const facts = { exists: true, loaded: true, aliases: ["current"] };
const servesLess = { object: "alias documents", from: "docs_1", to: "docs_2", today: 1_200, would: 0 };

/** Something in every list of a report. */
const FULL = makeReport({
  changes: [
    change({
      loss: loss({ protectedBy: "setting" }),
      facts: { ...facts, count: { kind: "exact", rows: 3 } },
    }),
    change({ loss: loss(), facts: { ...facts, count: { kind: "unknown", flushedRows: 3 } } }),
    change({
      object: "kept too",
      loss: loss({ protectedBy: "object" }),
      facts: { ...facts, count: { kind: "unknown", flushedRows: 3 } },
    }),
    change({
      object: "kept",
      loss: loss({ protectedBy: "object" }),
      facts: { ...facts, count: { kind: "at least", rows: 3 } },
    }),
    change({ kind: "Alias", object: "alias current", outage: "whoever searches finds nothing", facts }),
    change({ object: "partition y2022", unjudged: "connect ECONNREFUSED" }),
    change({ kind: "Alias", object: "alias documents", operation: "update", servesLess }),
    change({ object: "partition y2024", operation: "create", standing: { inWords: "it holds 3 entities" } }),
    change({ object: "partition y2025", operation: "create", standing: { inWords: "", refusal: "exists" } }),
    change({ object: "partition y2021", facts: { exists: false, aliases: [] } }),
  ],
  acknowledgedOf: () => ["default/gone"],
  previewError: "bad dim",
  stack: "prod",
});
const asJson = JSON.parse(JSON.stringify(FULL)) as unknown;

test("begins with the version of its form", () => {
  expect(Object.keys(FULL)[0]).toBe("version");
  expect(FULL.version).toBe(1);
});

test("is what the schema says", () => {
  expect(unlikeSchema(asJson)).toEqual([]);
  expect(
    unlikeSchema(JSON.parse(JSON.stringify(makeReport({ changes: [], acknowledgedOf: () => [] })))),
  ).toEqual([]);
});

test("has every key of the schema but those that only lists of its kind have", () => {
  const present = new Set(keysIn(asJson));
  const missing = keysOf().filter((key) => !present.has(key));
  // What is changed in place has nothing to say beyond that.
  expect(missing).toEqual(["inPlace[].note"]);
});

test("is not taken for one with another key, or without one", () => {
  const { verdict, ...without } = FULL;
  expect(unlikeSchema(without)).toEqual([expect.stringContaining("'verdict'")]);
  expect(unlikeSchema({ ...FULL, verdicts: verdict })).toEqual([expect.stringContaining("verdicts")]);
  expect(unlikeSchema({ ...FULL, version: 2 })).not.toEqual([]);
});

test("the schema is the one of the types, each key with what it means", () => {
  expect(SCHEMA).toEqual(reportSchema());
  const described = Object.entries(SCHEMA.properties ?? {}).filter(
    ([, one]) => typeof one["description"] === "string" && one["description"].length > 10,
  );
  expect(described.map(([key]) => key)).toEqual(Object.keys(SCHEMA.properties ?? {}));
});
