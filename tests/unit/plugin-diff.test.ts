/** What the engine is told of a plan: paths of the program, what is replaced for, and what no update changes. */
import { asDiff } from "../../provider/engines/plugin/diff";
import { resources } from "../../provider/registry";

const { collection, partition } = resources;

test("An update names what differs, and what stays as it is", () => {
  const differences = [{ input: "description", path: "description", effect: "update" }] as const;
  const diff = asDiff(
    collection.inputs,
    { kind: "update", differences },
    { description: "" },
    { description: "b" },
  );
  expect(diff.getDiffsList()).toEqual(["description"]);
  expect(diff.getReplacesList()).toEqual([]);
  expect(diff.getStablesList()).toEqual(["databaseName", "shardsNum", "numPartitions", "version"]);
});

test("A replacement names its reason, and nothing that stays", () => {
  const differences = [{ input: "partitionName", path: "partitionName", effect: "replace" }] as const;
  const diff = asDiff(
    partition.inputs,
    { kind: "replace", because: ["partitionName"], differences, deleteBeforeReplace: false, isOpen: false },
    { partitionName: "y2023" },
    { partitionName: "y2024" },
  );
  expect(diff.getReplacesList()).toEqual(["partitionName"]);
  expect(diff.getDeletebeforereplace()).toBe(false);
  expect(diff.getStablesList()).toEqual([]);
});
