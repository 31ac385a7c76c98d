/** Servers that name a line alone, or nothing at all, through the real engine: nothing is replaced for want of a number. */
import type { FakeMilvus } from "../support/fake-milvus";
import { BUILD_WITHOUT_VERSION, type Names, startNamedFake, ZILLIZ_CLOUD } from "../support/named-server";
import { accessTo, live, program, said } from "./support/live";

const context = live();

interface Declared {
  readonly description: string;
  readonly maxLength: number;
  readonly consistencyLevel: string;
  readonly more?: string;
}

const docs = ({ description, maxLength, consistencyLevel, more = "" }: Declared): string => `
  const docs = new milvus.Collection("documents", {
    description: "${description}", consistencyLevel: "${consistencyLevel}",
    fields: [
      { name: "id", dataType: "Int64", isPrimaryKey: true },
      { name: "title", dataType: "VarChar", maxLength: ${maxLength} },
      { name: "tags", dataType: "Array", elementType: "Int64", maxCapacity: ${maxLength} },
      { name: "embedding", dataType: "FloatVector", dim: 4 }, ${more}
    ],
  });`;
const VERSION = `exports.version = milvus.getServerVersion();`;
const BEFORE = { description: "Before", maxLength: 20, consistencyLevel: "Bounded" };
const AFTER = { description: "After", maxLength: 40, consistencyLevel: "Strong" };

describe.each<[what: string, version: string, names: Names, expected: object, more: string]>([
  [
    "a development build of 2.5",
    "2.5.27",
    { text: "2.5-20250707-1.2e3" },
    { product: "Milvus", version: "2.5", major: 2, minor: 5 },
    "",
  ],
  [
    "a development build of no version",
    "2.6.19",
    { text: BUILD_WITHOUT_VERSION, product: BUILD_WITHOUT_VERSION },
    { product: "Milvus" },
    `{ name: "year", dataType: "Int64", nullable: true },`,
  ],
  [
    "Zilliz Cloud",
    "2.6.19",
    { text: BUILD_WITHOUT_VERSION, product: ZILLIZ_CLOUD },
    { product: "Zilliz Cloud", version: "2.6", major: 2, minor: 6 },
    `{ name: "year", dataType: "Int64", nullable: true },`,
  ],
])("%s", (_, version, names, expected, more) => {
  let server: FakeMilvus;
  beforeAll(async () => {
    server = await startNamedFake({ version, password: "s3cret of root" }, names);
  });
  afterAll(() => server.stop());

  test("has its collections changed in place as the newest of its line, and says what it is", async () => {
    const stack = await context.stack(program(docs(BEFORE), VERSION), { config: accessTo(server) });
    await stack.up();
    expect((await stack.outputs())["version"]).toEqual({ ...expected, text: names.text });
    stack.program(program(docs({ ...AFTER, more }), VERSION));
    const steps = await stack.plan();
    expect(steps.filter(({ op }) => op !== "same").map(({ op }) => op)).toEqual(["update"]);
    const changed = await stack.up();
    expect(changed.summary).toMatchObject({ update: 1, replace: 0 });
    expect(said(changed)).not.toContain("Infinity");
    await stack.preview({ args: ["--expect-no-changes"] });
    await stack.destroy();
  });
});

test("A resource group is refused on Zilliz Cloud, and nothing is made", async () => {
  const names = { text: "2.6-20260404-31fb3fc", product: ZILLIZ_CLOUD };
  const server = await startNamedFake({ version: "2.6.19", password: "s3cret of root" }, names);
  try {
    const stack = await context.stack(program(`new milvus.ResourceGroup("fast", {});`), {
      config: accessTo(server),
    });
    expect(said(await stack.up({ expectFailure: true }))).toContain(
      "resource group fast uses resource groups, which Zilliz Cloud does not have; this server is Zilliz Cloud, " +
        "2.6-20260404-31fb3fc, taken for Milvus 2.6",
    );
    expect(server.calls).not.toContain("CreateResourceGroup");
  } finally {
    await server.stop();
  }
});
