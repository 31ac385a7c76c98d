/** Default values of fields: what is the same to Milvus is no change, and what is not is one. */
import fc from "fast-check";

import { collection } from "../../provider/resources/collection";
import { checked, failuresOf } from "../support/declared";
import { decisionOf } from "../support/diff-table";

const KEY = { name: "id", dataType: "Int64", isPrimaryKey: true };
const VECTOR = { name: "embedding", dataType: "FloatVector", dim: 4 };

const program = (dataType: string, defaultValue: unknown) => ({
  collectionName: "docs",
  databaseName: "default",
  fields: [KEY, VECTOR, { name: "more", dataType, defaultValue }],
});

/** The state with what a server reads back, and the program with what is written. */
const between = async (dataType: string, read: unknown, written: unknown) =>
  (await decisionOf(collection, program(dataType, read), program(dataType, written))).outcome;

const normalized = async (dataType: string, value: unknown): Promise<unknown> => {
  const { inputs } = await checked(collection, program(dataType, value));
  return (inputs["fields"] as { defaultValue: unknown }[])[2]?.defaultValue;
};

test.each<[string, unknown, unknown]>([
  ["Int64", "007", 7],
  ["Int64", "-0", 0],
  ["Int64", "00009007199254740993", "9007199254740993"],
  ["Int8", "-0128", -128],
  ["Float", 0.1, 0.10000000149011612],
  ["Float", 16777217, 16777216],
  ["Float", -0, 0],
  ["Double", -0, 0],
])("a %s of %p is the same as %p", async (dataType, one, other) => {
  expect(await between(dataType, other, one)).toBe("none");
  expect(await between(dataType, one, other)).toBe("none");
  expect(await normalized(dataType, one)).toEqual(await normalized(dataType, other));
});

test.each<[string, unknown, unknown]>([
  ["Int64", 16777216, 16777217],
  ["Int64", "9007199254740993", "9007199254740994"],
  ["Double", 0.1, 0.1000000001],
  ["Float", 0.1, 0.1000001],
  ["VarChar", "7", "07"],
  ["VarChar", "a", ""],
])("a %s of %p is another one than %p", async (dataType, one, other) => {
  expect(await between(dataType, one, other)).toBe("replace");
});

test.each<[string, number]>([
  ["Float", 1e39],
  ["Float", -3.5e38],
  ["Float", 1e-50],
])("a %s cannot keep %p, which is refused", async (dataType, value) => {
  const [failure, ...others] = await failuresOf(collection, program(dataType, value));
  expect(others).toEqual([]);
  expect(failure?.reason).toMatch(
    /cannot be kept in a Float, which has 32 bits: declare the field as Double/,
  );
});

test("half of a character is refused, which no server could give back", async () => {
  const wrong = { ...program("VarChar", "x\ud800"), description: "\udc00" };
  expect((await failuresOf(collection, wrong)).map(({ property }) => property)).toEqual(
    expect.arrayContaining(["fields[2].defaultValue", "description"]),
  );
});

test("every float is the same after a Float field has kept it, and two floats that differ are told apart", async () => {
  const floats = fc.float({ noNaN: true, noDefaultInfinity: true });
  await fc.assert(
    fc.asyncProperty(floats, floats, async (one, other) => {
      expect(await between("Float", one, await normalized("Float", one))).toBe("none");
      expect(await between("Float", one, other)).toBe(one === other ? "none" : "replace");
    }),
    { numRuns: 300 },
  );
});

test("every whole number of 64 bits is the same however it is written, and two that differ are told apart", async () => {
  const numbers = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const zeros = fc.nat({ max: 3 });
  await fc.assert(
    fc.asyncProperty(numbers, numbers, zeros, async (one, other, more) => {
      const padded = String(one).replace(/\d/, (digit) => "0".repeat(more) + digit);
      expect(await between("Int64", String(one), padded)).toBe("none");
      expect(await between("Int64", String(one), String(other))).toBe(one === other ? "none" : "replace");
    }),
    { numRuns: 300 },
  );
});
