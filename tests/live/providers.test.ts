/** Several servers in one stack, each with its own Provider. */
import type { OperationResult, StateResource, Workspace } from "../../tools/stack";
import { accessTo, FIELDS, HNSW, live, program, said, stackLines, OVER_PLUGIN } from "./support/live";

const context = live();
const { milvus, lite } = context;
const main = context.name("main");
const side = context.name("side");
const late = context.name("late");
const { username = "", password = "" } = milvus.server;

const PROGRAM = program(
  `const main = new milvus.Collection("main", { collectionName: "${main}", fields: ${FIELDS} });`,
  `const other = new milvus.Provider("other", { address: "${lite.server.address}" });`,
  `const side = new milvus.Collection("side", { collectionName: "${side}", fields: ${FIELDS} }, { provider: other });`,
  `new milvus.Partition("y2024", { collection: side });`,
  `new milvus.Index("by_meaning", { collection: side, fieldName: "embedding", ${HNSW} });`,
  // Stands for a Milvus that the same stack deploys: its address is known once it is made.
  `class Deployed extends pulumi.dynamic.Resource {
     constructor(name, address) {
       super({ create: async (inputs) => ({ id: "deployed", outs: inputs }) }, name, { address });
     }
   }`,
  `const deployed = new Deployed("deployed", "http://${milvus.server.address}/");`,
  `const fresh = new milvus.Provider("fresh", {
     address: deployed.address, username: "${username}", password: "${password}",
   });`,
  `const late = new milvus.Collection("late", { collectionName: "${late}", fields: ${FIELDS} }, { provider: fresh });`,
  `new milvus.Partition("y2025", { collection: late });`,
);

function providerOf(resource: StateResource | undefined): string {
  return String(resource?.["provider"]).split("::").at(-2) ?? "";
}

describe("A stack with an explicit Provider beside the default one", () => {
  let stack: Workspace;
  let preview: OperationResult;
  let up: OperationResult;
  let resources: StateResource[];
  let state: string;

  const named = (name: string): StateResource | undefined =>
    resources.find(({ urn }) => urn.endsWith(`::${name}`));

  beforeAll(async () => {
    stack = await context.stack(PROGRAM);
    preview = await stack.preview();
    up = await stack.up();
    const { deployment } = await stack.stackExport();
    resources = deployment.resources ?? [];
    state = JSON.stringify(deployment);
  });

  test("puts each collection on its own server", async () => {
    expect([await milvus.exists(main), await lite.exists(main)]).toEqual([true, false]);
    expect([await milvus.exists(side), await lite.exists(side)]).toEqual([false, true]);
  });

  test("gives partitions and indexes the provider of their collection", async () => {
    expect(await lite.partitions(side)).toEqual(["y2024"]);
    expect((await lite.indexes(side)).map(({ field }) => field)).toEqual(["embedding"]);
    for (const name of ["side", "y2024", "by_meaning"]) expect(providerOf(named(name))).toBe("other");
    for (const name of ["late", "y2025"]) expect(providerOf(named(name))).toBe("fresh");
  });

  test("shows at preview what is to be made on a server whose address is not known yet", () => {
    expect(preview.code).toBe(0);
    expect(preview.summary.create).toBe(up.summary.create);
  });

  test("makes it there once the address is known", async () => {
    expect(await milvus.partitions(late)).toEqual(["y2025"]);
  });

  test("keeps the password of a Provider encrypted in its state, and out of its output", () => {
    expect(password).not.toBe("");
    expect(state).not.toContain(password);
    expect(said(preview) + said(up)).not.toContain(password);
    expect(named("fresh")?.inputs?.[OVER_PLUGIN ? "password" : "milvus:password"]).toMatchObject({
      ciphertext: expect.any(String) as string,
    });
  });

  test("shows no changes at a second preview", async () => {
    const { summary } = await stack.preview({ args: ["--expect-no-changes"] });
    expect(summary).toMatchObject({ create: 0, update: 0, delete: 0, replace: 0 });
  });

  test("leaves nothing on either server when it is destroyed", async () => {
    await stack.destroy();
    expect([await milvus.exists(main), await milvus.exists(late), await lite.exists(side)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe("A Provider without credentials, for a server that demands them", () => {
  let result: OperationResult;
  beforeAll(async () => {
    const stack = await context.stack(
      program(
        `const bare = new milvus.Provider("bare", { address: "${milvus.server.address}" });`,
        `new milvus.Collection("refused", { collectionName: "${main}", fields: ${FIELDS} }, { provider: bare });`,
      ),
      { config: accessTo(milvus.server) },
    );
    result = await stack.up({ expectFailure: true });
  });

  test("does not get those of the stack's configuration", async () => {
    expect(result.code).not.toBe(0);
    expect(await milvus.exists(main)).toBe(false);
  });

  test("is told so, with the address and the way out", () => {
    expect(said(result)).toContain(`failed on Milvus at ${milvus.server.address}`);
    expect(said(result)).toContain("missing authorization");
    expect(stackLines(result)).toEqual([]);
  });
});
