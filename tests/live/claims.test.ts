/** What a program declares is not dropped in the same run, whichever provider, process or outcome. */
import type { OperationResult, Workspace } from "../../tools/stack";
import { FIELDS, HNSW, live, OVER_PLUGIN, program, providerArgs, said } from "./support/live";
import { rows } from "./support/milvus";

const context = live();
const { milvus } = context;

const PROVIDER = `const own = new milvus.Provider("own", ${providerArgs(milvus.server)});`;

function collection(logicalName: string, collectionName: string, inputs = "", options = ""): string {
  return `new milvus.Collection("${logicalName}", {
    collectionName: "${collectionName}", fields: ${FIELDS}, ${inputs}
  }, { ${options} });`;
}

describe("A collection with data that moves under an explicit Provider", () => {
  const docs = context.name("moving");
  let stack: Workspace;
  let collectionId: string;

  const expectSame = async (): Promise<void> => {
    expect(await milvus.collectionId(docs)).toBe(collectionId);
    await stack.preview({ args: ["--expect-no-changes"] });
  };

  beforeAll(async () => {
    stack = await context.stack(program(collection("documents", docs)));
    await stack.up();
    collectionId = await milvus.collectionId(docs);
    await milvus.insert(docs, rows(20));
  });

  test("stays when it also gets another logical name", async () => {
    stack.program(program(PROVIDER, collection("papers", docs, "adopt: true", "provider: own")));
    const up = await stack.up();
    expect(said(up)).toContain("is not dropped: the program declares it now");
    await expectSame();
  });

  test("stays when it moves back under its name", async () => {
    stack.program(program(PROVIDER, collection("papers", docs, "adopt: true")));
    await stack.up();
    await expectSame();
  });

  test("stays when the Provider is new and its name is as before", async () => {
    stack.program(program(PROVIDER, collection("papers", docs, "adopt: true", "provider: own")));
    await stack.up();
    await expectSame();
  });

  test("is dropped when the program no longer has it", async () => {
    stack.program(program(PROVIDER));
    await stack.up();
    expect(await milvus.exists(docs)).toBe(false);
  });
});

describe("A collection whose name is taken over by a create that fails", () => {
  const docs = context.name("failing");
  let up: OperationResult;
  let collectionId: string;

  beforeAll(async () => {
    const stack = await context.stack(program(collection("documents", docs)));
    await stack.up();
    collectionId = await milvus.collectionId(docs);
    await milvus.insert(docs, rows(20));
    stack.program(program(collection("papers", docs)));
    up = await stack.up({ args: ["--continue-on-error"], expectFailure: true });
  });

  test("is an error for the new one, which is not allowed to adopt", () => {
    expect(up.code).not.toBe(0);
    expect(said(up)).toContain("exists already and holds");
  });

  test("is not dropped by its old resource", async () => {
    expect(await milvus.exists(docs)).toBe(true);
    expect(await milvus.collectionId(docs)).toBe(collectionId);
  });
});

describe("A replacement that the user forces", () => {
  const docs = context.name("forced");
  let stack: Workspace;
  let collectionId: string;

  /** Once set, this server cannot take it away again. */
  const TTL = `properties: { "collection.ttl.seconds": "86400" }`;
  const declare = (options = "", inputs = ""): string =>
    program(
      `const docs = ${collection("documents", docs, `adopt: true, ${inputs}`, options)}`,
      `new milvus.Partition("y2024", { collection: docs, adopt: true }, { ${options} });`,
      `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", adopt: true, ${HNSW} }, { ${options} });`,
    );

  const urnOf = async (name: string): Promise<string> => {
    const { deployment } = await stack.stackExport();
    const found = deployment.resources?.find(({ urn }) => urn.endsWith(`::${name}`));
    return found?.urn ?? "";
  };

  const partitionId = async (): Promise<unknown> => {
    const { deployment } = await stack.stackExport();
    return deployment.resources?.find(({ urn }) => urn.endsWith("::y2024"))?.outputs?.["partitionId"];
  };

  beforeAll(async () => {
    stack = await context.stack(declare());
    await stack.up();
    collectionId = await milvus.collectionId(docs);
    await milvus.insert(docs, rows(20), "y2024");
    await milvus.load(docs);
  });

  test("by --replace leaves the partition as it is, and says how to have it made again", async () => {
    const up = await stack.up({ args: ["--replace", await urnOf("y2024")] });
    expect(said(up)).toContain("nothing was replaced: set deleteBeforeReplace: true on the resource");
    expect(await milvus.count(docs, "y2024")).toBe(20);
  });

  /** The engine asks which properties differ, and Pulumi's dynamic providers do not pass that on. */
  test("by replaceOnChanges loses no data: dynamic resources change in place, and the plugin refuses", async () => {
    stack.program(declare(`replaceOnChanges: ["properties"]`, TTL));
    const up = await stack.up({ expectFailure: OVER_PLUGIN });
    if (OVER_PLUGIN) expect(said(up)).toContain("is not dropped, because a replacement drops it");
    else expect(up.summary).toMatchObject({ update: 1, replace: 0 });
    expect(await milvus.collectionId(docs)).toBe(collectionId);
    expect(await milvus.count(docs, "y2024")).toBe(20);
  });

  test("is refused where data is protected", async () => {
    stack.program(declare("deleteBeforeReplace: true", TTL));
    await stack.up();
    await stack.config({ "milvus:protectData": "true" });
    const up = await stack.up({ args: ["--replace", await urnOf("y2024")], expectFailure: true });
    expect(said(up)).toContain("because milvus:protectData is on");
    expect(await milvus.count(docs, "y2024")).toBe(20);
    await stack.config({ "milvus:protectData": "false" });
  });

  test("of a partition is done with deleteBeforeReplace", async () => {
    const before = await partitionId();
    await stack.up({ args: ["--replace", await urnOf("y2024")] });
    expect(await milvus.count(docs, "y2024")).toBe(0);
    expect(await partitionId()).not.toBe(before);
    expect(await milvus.collectionId(docs)).toBe(collectionId);
  });

  test("of an index is done with deleteBeforeReplace", async () => {
    const up = await stack.up({ args: ["--replace", await urnOf("by_meaning")] });
    expect(said(up)).not.toContain("is not dropped: the program declares it now");
    expect((await milvus.indexes(docs)).length).toBe(1);
  });

  test("of a collection is done with deleteBeforeReplace, with all that stands in it", async () => {
    await stack.up({ args: ["--replace", await urnOf("documents")] });
    expect(await milvus.collectionId(docs)).not.toBe(collectionId);
    expect(await milvus.partitions(docs)).toEqual(["y2024"]);
    expect((await milvus.indexes(docs)).length).toBe(1);
    await stack.preview({ args: ["--expect-no-changes", "--refresh"] });
  });
});

describe("Two collections that shift names in one run", () => {
  const current = context.name("current");
  const before = context.name("before");

  test("are never one collection, and come through with the same command again at most", async () => {
    const stack = await context.stack(program(collection("first", current)));
    await stack.up();
    const id = await milvus.collectionId(current);
    stack.program(
      program(collection("first", before, "adopt: true"), collection("second", current, "adopt: true")),
    );
    const up = await stack.up({ expectFailure: true });
    if (up.code !== 0) await stack.up();
    expect(await milvus.collectionId(before)).toBe(id);
    expect(await milvus.collectionId(current)).not.toBe(id);
  });
});
