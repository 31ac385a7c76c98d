import { partition } from "../../provider/resources/partition";
import { checkCases, type CheckCase, type CheckTable, describeCheckOf } from "../support/check-table";
import { checked, failuresOf, UNKNOWN, type Values } from "../support/declared";

const BASE = { collectionName: "documents", partitionName: "y2024" };
const LONGEST_NAME = "n".repeat(255);
const NO_FLAG = [["true", /must be true or false, not "true"/]] as const;

const { input, timeout } = checkCases(BASE);

const nameInput = (name: string, kind: string): CheckCase =>
  input(name, {
    good: ["a", "_private", "With_Digits_09", LONGEST_NAME],
    wrongType: [[5, /must be a string, not a number/]],
    bad: [
      ["bad-name", new RegExp(`"bad-name": a ${kind} name has letters, digits and underscores only`)],
      ["2024", new RegExp(`a ${kind} name .* starts with a letter or an underscore`)],
      [`${LONGEST_NAME}n`, /at most 255 characters, has 256/],
    ],
  });

const table: CheckTable = {
  collectionName: nameInput("collectionName", "collection"),
  collectionId: input("collectionId", {
    good: ["", "447198123456789012"],
    wrongType: [[447, /must be a string, not a number/]],
  }),
  databaseName: nameInput("databaseName", "database"),
  partitionName: nameInput("partitionName", "partition"),
  declaredCollection: input("declaredCollection", {
    good: [{}],
    wrongType: [["documents", /must be an object, not a string/]],
  }),
  adopt: input("adopt", { good: [true, false], wrongType: NO_FLAG }),
  timeouts: input("timeouts", { good: [{}], wrongType: [[60, /must be an object, not a number/]] }),
  "timeouts.create": timeout("create"),
  "timeouts.update": timeout("update"),
  "timeouts.delete": timeout("delete"),
};

describe("check of a Partition", () => {
  describeCheckOf(partition, table);

  test("needs a collection, called as the program calls it", async () => {
    expect(await failuresOf(partition, { partitionName: "y2024" })).toEqual([
      { property: "collection", reason: "is required and missing" },
    ]);
  });

  test("refuses Milvus's own partition", async () => {
    expect(await failuresOf(partition, { ...BASE, partitionName: "_default" })).toEqual([
      {
        property: "partitionName",
        reason: expect.stringContaining("_default is Milvus's own partition") as string,
      },
    ]);
  });

  test("refuses a partition of a collection that is declared with a partition key, and says the way out", async () => {
    const declaredCollection = { partitionKeyField: "tenant" };
    expect(await failuresOf(partition, { ...BASE, declaredCollection })).toEqual([
      {
        property: "collection",
        reason: expect.stringMatching(/partition key \(tenant\).*set numPartitions/) as string,
      },
    ]);
  });

  test.each<[string, RegExp]>([
    [
      "partitonName",
      /did you mean "partitionName"\? Known are collection, databaseName, partitionName, adopt, timeouts$/,
    ],
    ["colection", /did you mean "collection"/],
    ["partition_names", /did you mean "partitionName"/],
  ])("suggests the nearest input for %s and lists those of programs only", async (name, rule) => {
    expect(await failuresOf(partition, { ...BASE, [name]: "x" })).toEqual([
      { property: name, reason: expect.stringMatching(rule) as string },
    ]);
  });

  test("never shows a value that is not known yet", async () => {
    const failures = await failuresOf(partition, {
      collectionName: UNKNOWN,
      partitionName: "bad-name",
      what: UNKNOWN,
    });
    expect(failures.map(({ property }) => property)).toEqual(["what", "partitionName"]);
    expect(JSON.stringify(failures)).not.toContain(UNKNOWN);
  });

  test.each<[string, Values, Values, string]>([
    ["the logical name", {}, {}, "logical_name"],
    ["the old inputs", {}, { partitionName: "before" }, "before"],
    ["the program", { partitionName: "mine" }, { partitionName: "before" }, "mine"],
  ])("takes the name from %s", async (_from, news, olds, name) => {
    const { inputs, failures } = await checked(partition, { collectionName: "documents", ...news }, olds);
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ collectionName: "documents", partitionName: name, __provider: "handler" });
  });

  test("hands on nothing that is only for check", async () => {
    const { inputs } = await checked(partition, { ...BASE, declaredCollection: {} });
    expect(inputs).toEqual({ ...BASE, __provider: "handler" });
  });
});
