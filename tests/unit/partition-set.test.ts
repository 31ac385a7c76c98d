import { partitionSet } from "../../provider/resources/partition-set";
import { namesIn, nameSet, string } from "../../provider/core/shapes";
import { plannedChanges } from "../../cli/preview/plan";
import { checkCases, type CheckCase, type CheckTable, describeCheckOf } from "../support/check-table";
import { checked, configured, failuresOf, UNKNOWN } from "../support/declared";

const BASE = { collectionName: "documents", partitionNames: ["t1", "t2"] };
const NO_FLAG = [["true", /must be true or false, not "true"/]] as const;

const { input, timeout } = checkCases(BASE);

const nameInput = (name: string, kind: string): CheckCase =>
  input(name, {
    good: ["a", "_private", "n".repeat(255)],
    wrongType: [[5, /must be a string, not a number/]],
    bad: [["bad-name", new RegExp(`a ${kind} name has letters, digits and underscores only`)]],
  });

const table: CheckTable = {
  collectionName: nameInput("collectionName", "collection"),
  collectionId: input("collectionId", { good: ["", "447"], wrongType: [[447, /must be a string/]] }),
  databaseName: nameInput("databaseName", "database"),
  partitionNames: input("partitionNames", {
    good: [[], ["t1"], ["t2", "t1", "_private"]],
    wrongType: [
      ["t1", /must be a list, not a string/],
      [{ t1: 1 }, /must be a list, not an object/],
    ],
  }),
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

describe("check of a PartitionSet", () => {
  describeCheckOf(partitionSet, table);

  test.each([
    ["a name of another type", [5], "partitionNames[0]", /must be a string/],
    ["a bad name", ["t1", "bad-name"], "partitionNames[1]", /letters, digits and underscores only/],
    ["a name that is named twice", ["t1", "t2", "t1"], "partitionNames[2]", /"t1" is named twice/],
    ["Milvus's own partition", ["t1", "_default"], "partitionNames", /_default is Milvus's own partition/],
  ])("refuses %s", async (_what, partitionNames, property, rule) => {
    expect(await failuresOf(partitionSet, { ...BASE, partitionNames })).toEqual([
      { property, reason: expect.stringMatching(rule) as string },
    ]);
  });

  test("keeps the names by name, so that the engine's diff shows just those that come and go", async () => {
    const { inputs } = await checked(partitionSet, { ...BASE, partitionNames: ["t2", "t1"] });
    expect(inputs["partitionNames"]).toEqual({ t1: true, t2: true });
  });

  test("waits for names that are not known yet, and shows none of them", async () => {
    const { inputs, failures } = await checked(partitionSet, { ...BASE, partitionNames: ["t1", UNKNOWN] });
    expect(failures).toEqual([]);
    expect(inputs["partitionNames"]).toEqual(["t1", UNKNOWN]);
  });
});

describe("diff of a PartitionSet", () => {
  const state = {
    databaseName: "default",
    collectionName: "documents",
    collectionId: "447",
    partitionNames: ["t1", "t2"],
    partitionIds: { t1: "1", t2: "2" },
  };
  const program = { databaseName: "default", collectionName: "documents", collectionId: "447" };
  const diff = async (partitionNames: unknown) => {
    const provider = await configured(partitionSet, { address: "127.0.0.1:1" });
    return provider.diff?.("default/documents", state, { ...program, partitionNames });
  };

  test.each([
    ["in the form of a program", ["t2", "t1"]],
    ["in the form of a checked input", { t2: true, t1: true }],
  ])("sees no change in another order, %s", async (_form, names) => {
    expect(await diff(names)).toMatchObject({ changes: false, replaces: [] });
  });

  test("changes in place when names are added", async () => {
    expect(await diff(["t1", "t2", "t3"])).toMatchObject({ changes: true, replaces: [] });
  });

  test("changes in place when names are not known yet, and warns of none", async () => {
    expect(await diff(["t1", UNKNOWN])).toMatchObject({ changes: true, replaces: [] });
  });
});

describe("a plan in which a partition moves into a set", () => {
  const ref = { databaseName: "default", collectionName: "documents", collectionId: "447" };
  const planned = (partitionNames: readonly string[], database?: string) =>
    plannedChanges({
      steps: [
        {
          op: "create",
          urn: "urn:pulumi:dev::test::set::tenants",
          newState: {
            type: "pulumi-nodejs:dynamic/milvus:PartitionSet",
            inputs: { ...ref, databaseName: database, partitionNames },
          },
        },
        {
          op: "delete",
          urn: "urn:pulumi:dev::test::partition::t1",
          oldState: {
            type: "pulumi-nodejs:dynamic/milvus:Partition",
            id: "default/documents/t1",
            outputs: { ...ref, partitionName: "t1" },
          },
        },
      ],
    }).filter(({ operation }) => operation === "delete");

  test.each<[string, string[], string | undefined, boolean]>([
    ["takes it over", ["t1", "t2"], undefined, true],
    ["takes over none of another name", ["t2"], undefined, false],
    ["takes over none of another database", ["t1"], "other", false],
  ])("%s", (_what, names, database, isTakenOver) => {
    expect(planned(names, database).map((change) => change.isTakenOver ?? false)).toEqual([isTakenOver]);
  });
});

describe("a set of names", () => {
  const names = nameSet(string());

  test("says which came and went", () => {
    expect(names.difference?.(["t1", "t2"], ["t2", "t3"])).toBe("t1 is gone, t3 is new");
  });

  test("is the same in both of its forms", () => {
    expect(namesIn({ b: true, a: true })).toEqual(namesIn(["a", "b"]));
    expect(namesIn(undefined)).toEqual([]);
  });
});

describe("a preview report", () => {
  const type = "pulumi-nodejs:dynamic/milvus:PartitionSet";
  const outputs = {
    databaseName: "default",
    collectionName: "documents",
    collectionId: "447",
    partitionNames: ["t1", "t2"],
    partitionIds: { t1: "1", t2: "2" },
  };
  const planned = (op: string, names?: readonly string[]) =>
    plannedChanges({
      steps: [
        {
          op,
          urn: `urn:pulumi:dev::test::${type}::tenants`,
          ...(op !== "create" && { oldState: { type, id: "default/documents", outputs } }),
          ...(names && {
            newState: {
              type,
              inputs: {
                databaseName: "default",
                collectionName: "documents",
                partitionNames: Object.fromEntries(names.map((name) => [name, true])),
              },
            },
          }),
        },
      ],
    }).map(({ kind, operation, id }) => `${operation} ${kind} ${id}`);

  test.each([
    ["delete", undefined, ["delete Partition default/documents/t1", "delete Partition default/documents/t2"]],
    ["create", ["t1"], ["create Partition default/documents/t1"]],
    [
      "update",
      ["t2", "t3"],
      ["delete Partition default/documents/t1", "create Partition default/documents/t3"],
    ],
    ["update", ["t1", "t2"], ["update PartitionSet default/documents"]],
    ["update", ["t1", UNKNOWN], ["update PartitionSet default/documents"]],
  ])("tells the partitions that a %s to %j is about", (op, names, changes) => {
    expect(planned(op, names)).toEqual(changes);
  });
});
