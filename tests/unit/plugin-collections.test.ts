/** The collection that a program gives as a resource, of which a plugin is told the URN and the id. */
import { CollectionsOfProgram, ResourceReference } from "../../provider/engines/plugin/collections";
import { resources } from "../../provider/registry";

describe("A collection that this run was told nothing of", () => {
  test.each([
    ["app/documents", { databaseName: "app", collectionName: "documents" }],
    ["documents", { databaseName: undefined, collectionName: "documents" }],
  ])("is known by its id %s, as whoever imported it gave it", (id, names) => {
    const collection = new ResourceReference("urn:pulumi:dev::test::milvus:index:Collection::docs", id);
    const { inputs } = resources.partition;
    expect(new CollectionsOfProgram().named(inputs, { collection, partitionName: "y2024" })).toEqual({
      ...names,
      partitionName: "y2024",
    });
  });
});
