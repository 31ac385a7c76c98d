/** What a program declares is not dropped in the same run, whichever provider, process or outcome. */
import type { OperationResult, Workspace } from "../../tools/stack";
import { FIELDS, live, program, said } from "./support/live";
import { rows } from "./support/milvus";

const context = live();
const { milvus } = context;
const { address, username = "", password = "" } = milvus.server;

const PROVIDER = `const own = new milvus.Provider("own", {
  address: "${address}", username: "${username}", password: "${password}",
});`;

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
