/** What a program may leave out, and what it cannot ask for. */
import * as milvus from "../../sdk/nodejs";
import * as plugin from "../../sdk/nodejs/plugin";
import { valueOf, withoutEngine } from "../support/pulumi-mocks";

const registered = withoutEngine();

test.each([
  ["Database", () => new milvus.Database("app")],
  ["Role", () => new milvus.Role("app")],
  ["ResourceGroup", () => new milvus.ResourceGroup("app")],
])("%s needs no arguments", async (kind, make) => {
  await valueOf(make().urn);
  expect(registered.get(`${kind} app`)?.inputs).toMatchObject({ logicalName: "app" });
});

test("What is got by its id declares nothing", async () => {
  await valueOf(milvus.Database.get("there", "there").urn);
  expect(Object.keys(registered.get("Database there")?.inputs as object)).not.toContain("logicalName");
});

test("A list of fields in a constant needs no type", async () => {
  const fields = [
    { name: "id", dataType: "Int64", isPrimaryKey: true },
    { name: "tags", dataType: "Array", elementType: "VarChar", maxCapacity: 8, maxLength: 64 },
    { name: "embedding", dataType: "FloatVector", dim: 8 },
  ];
  await valueOf(new milvus.Collection("documents", { fields }).urn);
  expect(registered.get("Collection documents")?.inputs).toMatchObject({ fields });
});

test("The option import is refused for dynamic resources, with what to do instead", () => {
  const program = (): milvus.Database => new milvus.Database("app", {}, { import: "app" });
  expect(program).toThrow(
    'Database "app": Pulumi cannot import a dynamic resource (option `import`). Leave it out',
  );
  expect(program).toThrow('"pulumi-milvus/plugin"');
});

test("The option import reaches the plugin", async () => {
  await valueOf(new plugin.Database("imported", {}, { import: "imported" }).urn);
  expect(registered.has("Database imported")).toBe(true);
});
