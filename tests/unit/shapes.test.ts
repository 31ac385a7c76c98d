import * as fc from "fast-check";

import { optional, required } from "../../provider/core/properties";
import {
  equalJson,
  flag,
  json,
  list,
  nameSet,
  nearest,
  number,
  oneOf,
  record,
  scalar,
  type Shape,
  show,
  suggestion,
  string,
  stringMap,
  whole,
} from "../../provider/core/shapes";
import { containsUnknown, isUnknown } from "../../provider/core/unknown";
import { UNKNOWN } from "../support/declared";

function problemsOf(shape: Shape<unknown>, value: unknown): [path: string, reason: string][] {
  const problems: [string, string][] = [];
  shape.check(value, "here", (path, reason) => problems.push([path, reason]));
  return problems;
}

const point = record(
  { typeName: "Point", doc: "" },
  {
    name: required(string(), { doc: "", change: "replace" }),
    x: optional(number(), { doc: "", change: "replace" }),
    labels: optional(stringMap(), { doc: "", change: "replace" }),
  },
);

describe("what a shape says of a wrong value", () => {
  test.each<[string, Shape<unknown>, unknown, [string, string][]]>([
    ["text", string(), null, [["here", "must be a string, not null"]]],
    ["flag", flag(), "yes", [["here", 'must be true or false, not "yes"']]],
    ["whole", whole(), 0.5, [["here", "must be a whole number, not 0.5"]]],
    ["number", number({ max: 1 }), 2, [["here", "must be 1 or less, not 2"]]],
    ["json", json(), [], [["here", "must be an object, not a list"]]],
    ["list", list(string()), ["a", 5], [["here[1]", "must be a string, not a number"]]],
    ["record", point, { x: 1 }, [["here.name", "is required and missing"]]],
    ["record in a list", list(point), [{ name: "a" }, 5], [["here[1]", "must be an object, not a number"]]],
    ["whole", whole(), 2 ** 53, [["here", "must be 9007199254740991 or less, not 9007199254740992"]]],
    ["whole", whole({ max: 5 }), 2 ** 53, [["here", "must be 5 or less, not 9007199254740992"]]],
    ["textMap", stringMap(), { a: [] }, [["here.a", "must be a string, not a list"]]],
    [
      "textMap",
      stringMap(),
      { a: 2 ** 53, b: 2 ** 53 - 1 },
      [
        [
          "here.a",
          "is beyond the whole numbers that JavaScript keeps exactly, up to 9007199254740991, and may have become " +
            "another one (9007199254740992): write it as a string, in quotes",
        ],
      ],
    ],
    ["nameSet", nameSet(string()), "a", [["here", "must be a list, not a string"]]],
    ["nameSet", nameSet(string()), { a: false }, [["here", "must be a list, not an object"]]],
    [
      "nameSet, as it is kept",
      nameSet(string({ maxLength: 2 })),
      { a: true, abc: true },
      [["here.abc", "must have at most 2 characters, has 3"]],
    ],
    [
      "oneOf",
      oneOf("Red", "Green"),
      "red",
      [["here", '"red" is not one of Red, Green; did you mean "Red"?']],
    ],
  ])("%s", (_name, shape, value, problems) => {
    expect(problemsOf(shape, value)).toEqual(problems);
  });

  test("is short, however long the value is", () => {
    expect(show("x".repeat(1000))).toHaveLength(60);
    expect(show(undefined)).toBe("undefined");
  });
});

describe("two values are equal", () => {
  test("whatever the order of keys, at any depth", () => {
    expect(equalJson({ a: 1, b: { c: [1, { d: 2, e: 3 }] } }, { b: { c: [1, { e: 3, d: 2 }] }, a: 1 })).toBe(
      true,
    );
    expect(equalJson({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
  });

  test("in a list with keys whatever the order of elements, and in another one only in order", () => {
    const [a, b] = [{ name: "a" }, { name: "b" }];
    expect(list(point, { keyedBy: "name" }).equal([a, b], [b, a])).toBe(true);
    expect(list(point, { keyedBy: "name" }).equal([a, b], [a])).toBe(false);
    expect(list(point).equal([a, b], [b, a])).toBe(false);
  });
});

describe("the normal form", () => {
  test("has texts for numbers and truth values in a map of texts, also deep inside", () => {
    expect(list(point).normalize([{ name: "a", labels: { n: 5, yes: true } as never }])).toEqual([
      { name: "a", labels: { n: "5", yes: "true" } },
    ]);
  });

  test("has nothing that was left out", () => {
    expect(point.normalize({ name: "a", x: undefined, labels: null as never })).toEqual({ name: "a" });
  });

  test("is taken by check, and has itself as its normal form", () => {
    const everything = record(
      { typeName: "Everything", doc: "" },
      {
        names: optional(nameSet(string()), { doc: "", change: "replace" }),
        texts: optional(stringMap(), { doc: "", change: "replace" }),
        any: optional(json(), { doc: "", change: "replace" }),
        one: optional(scalar(), { doc: "", change: "replace" }),
        points: optional(list(point, { keyedBy: "name" }), { doc: "", change: "replace" }),
      },
    );
    const numbers = fc.double({ noNaN: true, min: -(2 ** 52), max: 2 ** 52 });
    const known = fc.oneof(fc.string(), numbers, fc.boolean());
    const one = fc.oneof({ weight: 9, arbitrary: known }, { weight: 1, arbitrary: fc.constant(UNKNOWN) });
    const texts = fc.dictionary(fc.string(), one);
    const name = fc.oneof(
      { weight: 9, arbitrary: fc.string() },
      { weight: 1, arbitrary: fc.constant(UNKNOWN) },
    );
    const values = fc.record(
      {
        names: fc.uniqueArray(name),
        texts,
        any: fc.dictionary(fc.string(), fc.jsonValue()),
        one,
        points: fc.array(fc.record({ name, x: fc.integer(), labels: texts }, { requiredKeys: ["name"] })),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(values, (given) => {
        expect(problemsOf(everything as Shape<unknown>, given)).toEqual([]);
        const kept = everything.normalize(given as never);
        expect(problemsOf(everything as Shape<unknown>, kept)).toEqual([]);
        expect(everything.normalize(kept)).toEqual(kept);
      }),
      { numRuns: 500 },
    );
  });

  test("leaves values alone that are not known yet", () => {
    expect(point.normalize({ name: "a", labels: { n: 5, later: UNKNOWN } as never })).toEqual({
      name: "a",
      labels: { n: 5, later: UNKNOWN },
    });
  });
});

describe("the nearest known name", () => {
  test.each<[string, string | undefined]>([
    ["feilds", "fields"],
    ["FIELDS", "fields"],
    ["field", "fields"],
    ["metric_type", "metricType"],
    ["utterly different", undefined],
  ])("of %s is %s", (name, expected) => {
    expect(nearest(name, ["fields", "metricType", "description"])).toBe(expected);
  });

  test("is left out of the message when there is none", () => {
    expect(suggestion("xyzxyzxyz", ["fields"])).toBe("");
    expect(suggestion("feilds", ["fields"])).toBe('; did you mean "fields"?');
  });
});

describe("a value that is not known yet", () => {
  test("is found anywhere inside", () => {
    expect(isUnknown(UNKNOWN)).toBe(true);
    expect(isUnknown("04da6b54")).toBe(false);
    expect(containsUnknown({ a: [{ b: UNKNOWN }] })).toBe(true);
    expect(containsUnknown({ a: [{ b: "known" }], c: null })).toBe(false);
  });

  test("is never checked inside lists, maps and records", () => {
    expect(problemsOf(list(whole()) as Shape<unknown>, [1, UNKNOWN])).toEqual([]);
    expect(problemsOf(stringMap() as Shape<unknown>, { a: UNKNOWN })).toEqual([]);
    expect(problemsOf(point as Shape<unknown>, { name: UNKNOWN, x: UNKNOWN })).toEqual([]);
  });
});
