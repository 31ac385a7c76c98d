/** What holds data is not replaced by surprise: `milvus:protectData` as it is by default, and otherwise. */
import type { OperationResult, Workspace } from "../../tools/stack";
import type { GrpcProxy } from "../support/grpc-proxy";
import { FIELDS, HNSW, live, program, said } from "./support/live";
import { rows } from "./support/milvus";

const context = live();
const { milvus, database } = context;

const BECAUSE = 'because a replacement drops it (milvus:protectData is "replacements", the default)';

interface Declared {
  readonly name: string;
  readonly dim?: number;
  readonly inputs?: string;
  readonly options?: string;
  /** Its logical name is `year`. */
  readonly partition?: string;
}

function declare({ name, dim = 8, inputs = "", options = "", partition = "y2024" }: Declared): string {
  return program(
    `const docs = new milvus.Collection("documents", {
       collectionName: "${name}", fields: ${FIELDS.replace("dim: 8", `dim: ${dim}`)}, ${inputs}
     }, { ${options} });`,
    `new milvus.Partition("year", { collection: docs, partitionName: "${partition}" }, { ${options} });`,
    `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} }, { ${options} });`,
  );
}

interface One {
  readonly name: string;
  readonly id: string;
  readonly proxy: GrpcProxy;
  readonly stack: Workspace;
}

async function made(what: string, more: Partial<Declared> = {}): Promise<One> {
  const name = context.name(what);
  const proxy = await context.proxy();
  const stack = await context.stack(declare({ name, ...more }), { address: proxy.address });
  await stack.up();
  return { name, id: `${database}/${name}`, proxy, stack };
}

/** What changes something; a flush only writes out what is there. */
const changes = ({ calls }: GrpcProxy): string[] =>
  calls.filter((call) => /^(Create|Drop|Alter|Rename|Release|Load)/.test(call));

/** Neither of them changes anything on the server. */
async function refused({ name, proxy, stack }: One, run: () => Promise<OperationResult>): Promise<string> {
  const id = await milvus.collectionId(name);
  proxy.forget();
  const result = await run();
  expect(result.code).not.toBe(0);
  expect(changes(proxy)).toEqual([]);
  expect(await milvus.collectionId(name)).toBe(id);
  expect((await stack.resources()).map(({ urn }) => urn.split("::").at(-1)).sort()).toEqual([
    "by_meaning",
    "documents",
    "year",
  ]);
  return said(result);
}

const command = (id: string): string => `pulumi config set milvus:acknowledgedDataLoss '["${id}"]'`;

describe("A collection that its program changes for another one", () => {
  test("under its name is refused at preview and at up while it holds rows, with the command that lets it go", async () => {
    const one = await made("flushed");
    const { name, id, stack } = one;
    await milvus.insert(name, rows(12), "y2024");
    await milvus.client.flushSync({ collection_names: [name] });
    stack.program(declare({ name, dim: 16 }));
    for (const run of [
      () => stack.preview({ expectFailure: true }),
      () => stack.up({ expectFailure: true }),
      () => stack.up({ args: ["--skip-preview"], expectFailure: true }),
    ]) {
      const told = await refused(one, run);
      expect(told).toMatch(new RegExp(`${id} holds .*12 rows .* and is not replaced, `));
      expect(told).toContain(BECAUSE);
      expect(told).toContain(command(id));
    }
    await stack.config({ "milvus:acknowledgedDataLoss": `["${id}"]` });
    expect(said(await stack.up())).toContain(`dropped collection ${id}`);
    await stack.preview({ args: ["--expect-no-changes"] });
  });

  test.each([
    ["under its name", (name: string) => ({ name, dim: 16 })],
    ["under another name", (name: string) => ({ name: `${name}_2`, dim: 16 })],
  ])(
    "%s is refused at up for rows that are not flushed, which a preview cannot be sure of",
    async (what, to) => {
      const one = await made(what.replaceAll(" ", "_"));
      const { name, id, stack } = one;
      await milvus.insert(name, rows(7), "y2024");
      stack.program(declare(to(name)));
      expect(said(await stack.preview())).toMatch(
        new RegExp(
          `warning: collection ${name} will be replaced: an unknown number of entities .* will be lost`,
        ),
      );
      expect(await refused(one, () => stack.up({ expectFailure: true }))).toContain(
        `and is not replaced, ${BECAUSE}`,
      );
      expect(await milvus.exists(`${name}_2`)).toBe(false);
      await stack.config({ "milvus:acknowledgedDataLoss": id });
      await stack.up();
      await stack.preview({ args: ["--expect-no-changes"] });
    },
  );

  test("is counted once before anything is changed, and once when it is dropped", async () => {
    const { name, id, proxy, stack } = await made("counted");
    await milvus.insert(name, rows(12), "y2024");
    await milvus.load(name);
    stack.program(declare({ name, dim: 16 }));
    await stack.config({ "milvus:acknowledgedDataLoss": id });
    proxy.forget();
    expect(said(await stack.up())).toContain(`dropped collection ${id} with 12 entities`);
    expect(proxy.count("Query")).toBe(2);
  });

  test("goes without ceremony while it is empty", async () => {
    const { name, stack } = await made("empty");
    const id = await milvus.collectionId(name);
    stack.program(declare({ name, dim: 16 }));
    await stack.preview();
    expect((await stack.up()).summary.replace).toBe(3);
    expect(await milvus.collectionId(name)).not.toBe(id);
  });

  test("goes with its rows where protectData is false", async () => {
    const { name, id, stack } = await made("unprotected");
    await milvus.insert(name, rows(5), "y2024");
    await milvus.load(name);
    await stack.config({ "milvus:protectData": "false" });
    stack.program(declare({ name, inputs: `version: "2"` }));
    expect(said(await stack.preview())).toContain(
      `collection ${name} will be replaced: 5 entities will be lost`,
    );
    expect(said(await stack.up())).toContain(`dropped collection ${id} with 5 entities`);
  });
});

test("What is removed from the program goes as before, with its rows", async () => {
  const { name, id, stack } = await made("removed");
  await milvus.insert(name, rows(5), "y2024");
  await milvus.load(name);
  stack.program(program(`new milvus.Role("${name}_readers", {});`));
  await stack.preview();
  expect(said(await stack.up())).toContain(`dropped collection ${id} with 5 entities`);
  await stack.destroy();
});

test("A partition that is changed for another one is refused while it holds rows, and goes once it does not", async () => {
  const one = await made("partition");
  const { name, id, stack } = one;
  await milvus.insert(name, rows(5), "y2024");
  stack.program(declare({ name, partition: "y2025" }));
  expect(await refused(one, () => stack.up({ expectFailure: true }))).toMatch(
    new RegExp(`${id}/y2024 holds .* and is not replaced, because a replacement drops it`),
  );
  expect(await milvus.partitions(name)).toEqual(["y2024"]);
  await stack.config({ "milvus:acknowledgedDataLoss": `${id}/y2024` });
  await stack.up();
  expect(await milvus.partitions(name)).toEqual(["y2025"]);
  stack.program(declare({ name, partition: "y2026" }));
  await stack.up();
  expect(await milvus.partitions(name)).toEqual(["y2026"]);
});

describe("A collection that is replaced because its user says so", () => {
  const urnOf = async (stack: Workspace, name: string): Promise<string> =>
    (await stack.resources()).find(({ urn }) => urn.endsWith(`::${name}`))?.urn ?? "";

  test.each(["--replace", "state taint"])("by %s is refused while it holds rows", async (how) => {
    const options = "deleteBeforeReplace: true";
    const one = await made(how === "--replace" ? "forced" : "tainted", { options });
    const { name, id, stack } = one;
    await milvus.insert(name, rows(9));
    await milvus.load(name);
    const urn = await urnOf(stack, "documents");
    const args = how === "--replace" ? ["--replace", urn] : [];
    if (how !== "--replace") await stack.pulumi(["state", "taint", "--yes", urn]);
    const told = await refused(one, () => stack.up({ args, expectFailure: true }));
    expect(told).toContain(`${id} holds 9 entities and is not`);
    expect(told).toContain(BECAUSE);
    expect(told).toContain(command(id));
    await stack.config({ "milvus:acknowledgedDataLoss": id });
    expect(said(await stack.up({ args }))).toContain(`dropped collection ${id} with`);
    await stack.preview({ args: ["--expect-no-changes"] });
  });

  test("by --replace, with another name at once, leaves the old one, in later runs as well", async () => {
    const name = context.name("renamed");
    const id = `${database}/${name}`;
    const alone = (collectionName: string): string =>
      program(
        `new milvus.Collection("documents", { collectionName: "${collectionName}", fields: ${FIELDS} });`,
      );
    const stack = await context.stack(alone(name));
    await stack.up();
    await milvus.insert(name, rows(9));
    await milvus.client.flushSync({ collection_names: [name] });
    stack.program(alone(`${name}_2`));
    const forced = ["--replace", await urnOf(stack, "documents")];
    for (const args of [forced, []]) {
      const told = said(await stack.up({ args, expectFailure: true }));
      expect(told).toMatch(new RegExp(`${id} holds .*9 rows .* and is not dropped, `));
      expect(told).toContain(BECAUSE);
      expect(await milvus.exists(name)).toBe(true);
    }
    await stack.config({ "milvus:acknowledgedDataLoss": id });
    await stack.up();
    expect(await milvus.exists(name)).toBe(false);
    await stack.preview({ args: ["--expect-no-changes"] });
  });
});
