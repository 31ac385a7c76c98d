/** Collections that shift and exchange names in one run, in any order of the engine. */
import { accessTo, FIELDS, HNSW, linesWith, live, program, said } from "./support/live";
import { rows } from "./support/milvus";

const context = live();
const { milvus } = context;

interface Declared {
  readonly logicalName: string;
  readonly collectionName: string;
  readonly children?: boolean;
  readonly inputs?: string;
  readonly options?: string;
}

function declare({ logicalName, collectionName, children, inputs = "", options = "" }: Declared): string {
  const collection = `const ${logicalName} = new milvus.Collection("${logicalName}", {
    collectionName: "${collectionName}", fields: ${FIELDS}, ${inputs} }, { ${options} });`;
  if (children !== true) return collection;
  return `${collection}
    new milvus.Partition("${logicalName}_y2024", { collection: ${logicalName}, partitionName: "y2024" });
    new milvus.Index("${logicalName}_index", { collection: ${logicalName}, fieldName: "embedding", ${HNSW} });`;
}

const first = (collectionName: string, more: Partial<Declared> = {}): string =>
  declare({ logicalName: "first", collectionName, children: true, ...more });
const second = (collectionName: string, more: Partial<Declared> = {}): string =>
  declare({ logicalName: "second", collectionName, children: true, ...more });
const alias = (name: string, of: string): string =>
  `new milvus.Alias("${name}", { aliasName: "${name}", collection: ${of} });`;

describe("A name that one collection leaves and a new one gets in the same run", () => {
  const expectShifted = async (live_: string, before: string, id: string): Promise<void> => {
    expect(await milvus.collectionId(before)).toBe(id);
    expect(await milvus.collectionId(live_)).not.toBe(id);
    for (const [name, entities] of [
      [before, 20],
      [live_, 0],
    ] as const) {
      expect(await milvus.count(name, "y2024").catch(() => 0)).toBe(entities);
      expect(await milvus.partitions(name)).toEqual(["y2024"]);
      expect((await milvus.indexes(name)).length).toBe(1);
    }
  };

  test.each([
    { order: "the old one first", isNewFirst: false, options: "", inputs: "", args: [] },
    {
      order: "dependsOn, one at a time",
      isNewFirst: false,
      options: "dependsOn: [first]",
      inputs: "adopt: true",
      args: ["--parallel", "1"],
    },
    { order: "the new one first", isNewFirst: true, options: "", inputs: "", args: [] },
    {
      order: "the new one first, which may adopt",
      isNewFirst: true,
      options: "",
      inputs: "adopt: true",
      args: [],
    },
  ])("is a rename and a create: $order", async ({ order, isNewFirst, options, inputs, args }) => {
    const suffix = order.replace(/\W+/g, "_");
    const [current, before] = [context.name(`live_${suffix}`), context.name(`v1_${suffix}`)];
    const [now, then] = [context.name(`now_${suffix}`), context.name(`then_${suffix}`)];
    const stack = await context.stack(program(first(current), alias(then, "first")));
    await stack.up();
    const id = await milvus.collectionId(current);
    await milvus.insert(current, rows(20), "y2024");
    await milvus.load(current);
    const both = [first(before), second(current, { options, inputs })];
    stack.program(
      program(...(isNewFirst ? both.reverse() : both), alias(then, "first"), alias(now, "second")),
    );
    const up = await stack.up({ args });
    expect(said(up)).not.toContain("is taken over");
    await milvus.load(current);
    await expectShifted(current, before, id);
    expect(await milvus.collectionId(then)).toBe(id);
    expect(await milvus.collectionId(now)).toBe(await milvus.collectionId(current));
    await stack.preview({ args: ["--expect-no-changes", "--refresh"] });
  });

  test("comes through one at a time: at once, or after one clear error where the engine begins with the new one", async () => {
    const [current, before] = [context.name("live_waiting"), context.name("v1_waiting")];
    const stack = await context.stack(program(first(current)));
    await stack.up();
    const id = await milvus.collectionId(current);
    await milvus.insert(current, rows(20), "y2024");
    await milvus.load(current);
    const inputs = "adopt: true, timeouts: { create: 5 }";
    stack.program(program(second(current, { inputs }), first(before)));
    const alone = await stack.up({ args: ["--parallel", "1"], expectFailure: true });
    // Which of the two comes first is the engine's choice, and not the same each time.
    const errors = alone.code === 0 ? [] : linesWith(alone, "is not made");
    for (const line of errors)
      expect(line).toMatch(
        /error: collection (\w+\/)?live_waiting_\w+ is not made: Collection "first", which is to be renamed/,
      );
    expect(errors.length > 0).toBe(alone.code !== 0);
    expect(
      (await stack.resources()).filter(
        ({ outputs }) => outputs?.["collectionId"] === id && outputs["shardsNum"],
      ).length,
    ).toBe(1);
    await stack.up();
    await milvus.load(current);
    await expectShifted(current, before, id);
  });
});

describe("Two collections that exchange their names", () => {
  test("are one error that names both, at preview and up, and no rename reaches the server", async () => {
    const [x, y] = [context.name("x"), context.name("y")];
    const proxy = await context.proxy();
    const stack = await context.stack(program(first(x), second(y)), {
      config: accessTo(milvus.server, proxy.address),
    });
    await stack.up();
    const ids = [await milvus.collectionId(x), await milvus.collectionId(y)];
    proxy.forget();
    const expectRefused = (text: string): void => {
      expect(text).toContain("these resources exchange their names");
      expect(text).toMatch(/Collection "(first|second)" from \S+ to \S+, Collection "(first|second)" from/);
      expect(text).toContain("a third name");
    };
    for (const both of [
      [first(y), second(x)],
      [second(x), first(y)],
    ]) {
      stack.program(program(...both));
      expectRefused(said(await stack.preview({ expectFailure: true })));
      for (const args of [[], ["--parallel", "1"]])
        expectRefused(said(await stack.up({ args, expectFailure: true })));
    }
    expect(proxy.calls).toContain("DescribeCollection");
    expect(proxy.count("RenameCollection")).toBe(0);
    expect([await milvus.collectionId(x), await milvus.collectionId(y)]).toEqual(ids);
  });

  test("do so by a third name", async () => {
    const [x, y, z] = [context.name("from"), context.name("to"), context.name("between")];
    const stack = await context.stack(program(first(x), second(y)));
    await stack.up();
    const ids = [await milvus.collectionId(x), await milvus.collectionId(y)];
    stack.program(program(first(z), second(x)));
    await stack.up();
    stack.program(program(first(y), second(x)));
    await stack.up();
    expect([await milvus.collectionId(y), await milvus.collectionId(x)]).toEqual(ids);
    await stack.preview({ args: ["--expect-no-changes", "--refresh"] });
  });
});
