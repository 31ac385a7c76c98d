/** `pulumi-milvus preview` on real stacks: what it counts, and what it says when it cannot. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Report } from "../../cli/preview/report";
import type { Workspace } from "../../tools/stack";
import { FIELDS, HNSW, live, program } from "./support/live";
import { rows } from "./support/milvus";
import { previewReport, reportOn } from "./support/report";

const context = live();
const { milvus, database } = context;
const docs = context.name("docs");

function declare(partitions: readonly string[], fields = FIELDS): string {
  return program(
    `const docs = new milvus.Collection("documents", { collectionName: "${docs}", fields: ${fields} });`,
    ...partitions.map((name) => `new milvus.Partition("${name}", { collection: docs });`),
    `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });`,
  );
}

const entitiesOf = ({ losses }: Report) =>
  losses.map(({ id, entities, loaded }) => ({ id, entities, loaded }));

describe("the report of a preview", () => {
  let stack: Workspace;
  const ids = {
    old: `${database}/${docs}/old`,
    deleted: `${database}/${docs}/deleted`,
    kept: `${database}/${docs}/kept`,
  };

  beforeAll(async () => {
    stack = await context.stack(declare(["old", "deleted", "kept"]));
    await stack.up();
    await milvus.insert(docs, rows(40, 0), "old");
    await milvus.insert(docs, rows(30, 1_000), "deleted");
    await milvus.client.flushSync({ collection_names: [docs] });
    await milvus.client.delete({
      collection_name: docs,
      partition_name: "deleted",
      filter: "id in [1000, 1001]",
    });
    // Not flushed.
    await milvus.insert(docs, rows(5, 2_000), "old");
  });

  test("does not claim to know what is not loaded", async () => {
    stack.program(declare(["kept"]));
    const report = await reportOn(stack);
    expect(report.exitCode).toBe(2);
    expect(entitiesOf(report)).toEqual(
      expect.arrayContaining([
        { id: ids.old, entities: { kind: "unknown", flushedRows: 40 }, loaded: false },
        { id: ids.deleted, entities: { kind: "unknown", flushedRows: 30 }, loaded: false },
      ]),
    );
  });

  test("counts what is loaded exactly, with rows not flushed and without rows deleted", async () => {
    await milvus.load(docs);
    const report = await reportOn(stack);
    expect(entitiesOf(report)).toEqual(
      expect.arrayContaining([
        { id: ids.old, entities: { kind: "exact", rows: 45 }, loaded: true },
        { id: ids.deleted, entities: { kind: "exact", rows: 28 }, loaded: true },
      ]),
    );
    expect(report.verdict).toBe("2 objects with data would be dropped: 73 entities lost");
  });

  test("counts a replaced collection once, with all that stands in it", async () => {
    stack.program(declare(["old", "deleted", "kept"], FIELDS.replace("dim: 8", "dim: 16")));
    await stack.config({ "milvus:protectData": "false" });
    const report = await reportOn(stack);
    await stack.config({ "milvus:protectData": "replacements" });
    expect(entitiesOf(report)).toEqual([
      { id: `${database}/${docs}`, entities: { kind: "exact", rows: 73 }, loaded: true },
    ]);
    expect(report.losses[0]).toMatchObject({
      reasons: ["fields"],
      changes: [{ input: "fields", inWords: "fields.embedding.dim 8 -> 16" }],
    });
  });

  test("says that a replacement of what holds data is refused by default", async () => {
    const report = await reportOn(stack);
    const id = `${database}/${docs}`;
    expect(report).toMatchObject({ exitCode: 2, losses: [{ id, acknowledged: false, reasons: ["fields"] }] });
    expect(report.previewError).toBeUndefined();
    expect(report.losses[0]?.refusedBecause).toContain("a replacement drops it");
    expect((await previewReport(stack)).stdout).toContain(
      `pulumi config set milvus:acknowledgedDataLoss '["${id}"]'`,
    );
  });

  test("is whole when the preview itself fails, and says why it failed", async () => {
    stack.program(declare(["kept"], FIELDS.replace("dim: 8", "dim: -8")));
    const file = join(stack.directory, "report.md");
    const { code, stdout } = await previewReport(stack, "--markdown", file);
    expect(code).toBe(1);
    expect(stdout).toContain("must be 1 to 32768 for FloatVector, not -8");
    expect(readFileSync(file, "utf8")).toContain("**The preview failed**");
  });

  test("ends with 3 when the server does not answer, names it, and shows no secret", async () => {
    stack.program(declare(["kept"]));
    await stack.config({ "milvus:address": "127.0.0.1:1" });
    const { code, stdout, stderr } = await previewReport(stack);
    await stack.config({ "milvus:address": milvus.server.address });
    expect(code).toBe(3);
    expect(stdout).toContain("Could not be judged");
    expect(stdout).toContain("127.0.0.1:1");
    expect(stdout + stderr).not.toContain(context.secret);
  });

  test("judges a saved preview", async () => {
    const { stdout } = await stack.pulumi(["preview", "--json", "--stack", stack.stack]);
    stack.write("preview.json", stdout);
    const judged = await previewReport(stack, "--from", join(stack.directory, "preview.json"));
    expect(judged.code).toBe(2);
    expect(judged.stdout).toContain("73 entities lost");
  });

  test("ends with 0 after the command that it says for a file of ids", async () => {
    const { stdout } = await previewReport(stack, "--acknowledge-file", join(stack.directory, "ids.json"));
    const command =
      /^ +(pulumi config set milvus:acknowledgedDataLoss .*< .*ids\.json)$/m.exec(stdout)?.[1] ?? "";
    execFileSync("sh", ["-c", command], { cwd: stack.directory, env: stack.env });
    expect(await reportOn(stack)).toMatchObject({
      exitCode: 0,
      losses: [{ acknowledged: true }, { acknowledged: true }],
    });
  });

  test("ends with 0 once every loss is acknowledged, and points out what needs none", async () => {
    const acknowledged = JSON.stringify([ids.old, ids.deleted, ids.kept]);
    await stack.config({ "milvus:acknowledgedDataLoss": acknowledged });
    const { code, stdout } = await previewReport(stack);
    expect(code).toBe(0);
    expect(stdout).toContain("73 entities would be lost, all of them acknowledged");
    expect(stdout).toMatch(new RegExp(`not being dropped:\\s+${ids.kept}`));
  });
});

test("what the engine is told to retain is no loss, and it is not", async () => {
  const retained = context.name("retained");
  const stack = await context.stack(
    program(
      `const one = new milvus.Collection("one", { collectionName: "${retained}", fields: ${FIELDS} },
         { retainOnDelete: true });`,
      `new milvus.Partition("within", { collection: one });`,
    ),
  );
  await stack.up();
  await milvus.insert(retained, rows(9), "within");
  stack.program(program());
  const report = await reportOn(stack);
  expect(report).toMatchObject({ exitCode: 0, losses: [], kept: [], interruptions: [] });
  expect(new Set(report.rest.map(({ note }) => note))).toEqual(
    new Set(["stays on the server, because of retainOnDelete", "stays with its collection"]),
  );
  await stack.up();
  expect(await milvus.partitions(retained)).toEqual(["within"]);
});

test("what changes in place is told with its old and new value, a secret by name alone", async () => {
  const name = context.name("changing");
  const declareIt = (ttl: number, dim = 8): string =>
    program(
      `const one = new milvus.Collection("one", { collectionName: "${name}", fields: ${FIELDS.replace("dim: 8", `dim: ${dim}`)},
         properties: { "collection.ttl.seconds": ${ttl} } });`,
      `new milvus.Index("by_meaning", { collection: one, fieldName: "embedding", ${HNSW} });`,
      `new milvus.User("reader", { userName: "${name}", password: pulumi.secret("correct-horse-${ttl}") });`,
    );
  const stack = await context.stack(declareIt(60));
  await stack.up();
  stack.program(declareIt(120));
  const { inPlace } = await reportOn(stack);
  const words = inPlace.map(({ object, changes }) => [object, ...changes.map(({ inWords }) => inWords)]);
  expect(words.sort()).toEqual([
    [`collection ${name}`, "properties.collection.ttl.seconds 60 -> 120"],
    [`user ${name}`, expect.stringMatching(/^(perhaps )?password, which is a secret and not shown$/)],
  ]);
  stack.program(declareIt(60, 16));
  const { stdout, stderr } = await previewReport(stack);
  expect(stdout).toContain(`collection ${name} (replace, because of fields.embedding.dim 8 -> 16)`);
  expect(stdout).toMatch(/index by_meaning of collection \w+ \(replace.*\): goes with its collection/);
  expect(stdout + stderr).not.toMatch(/04da6b54|undefined|correct-horse/);
  await stack.destroy();
});

describe("with protectData", () => {
  let stack: Workspace;
  const held = context.name("held");
  const declareHeld = (partitions: string[], dim = 8) =>
    program(
      `const held = new milvus.Collection("held", { collectionName: "${held}", fields: ${FIELDS.replace("dim: 8", `dim: ${dim}`)} });`,
      ...partitions.map((name) => `new milvus.Partition("${name}", { collection: held });`),
    );

  beforeAll(async () => {
    stack = await context.stack(declareHeld(["full", "empty"]));
    await stack.config({ "milvus:protectData": "true" });
    await stack.up();
    await milvus.insert(held, rows(12), "full");
    await milvus.client.flushSync({ collection_names: [held] });
  });

  test("a replacement of what holds data fails at preview", async () => {
    stack.program(declareHeld(["full", "empty"], 16));
    const { code, stdout } = await stack.preview({ expectFailure: true });
    expect(code).not.toBe(0);
    expect(stdout).toContain(`${database}/${held} holds`);
    expect(stdout).toContain("milvus:protectData is on");
  });

  test("a removed partition that is provably empty goes", async () => {
    stack.program(declareHeld(["full"]));
    const { summary } = await stack.up();
    expect(summary.delete).toBe(1);
  });

  test("a removed partition with data stays, until it is acknowledged", async () => {
    stack.program(declareHeld([]));
    const refused = await stack.up({ expectFailure: true });
    expect(refused.stdout).toContain(`${database}/${held}/full holds`);
    expect(await milvus.partitions(held)).toContain("full");
    await stack.config({ "milvus:acknowledgedDataLoss": JSON.stringify([`${database}/${held}/full`]) });
    await stack.up();
    expect(await milvus.partitions(held)).not.toContain("full");
  });

  test("a bare preview tells of deletions when previewDeletes is on", async () => {
    await stack.config({ "milvus:protectData": "false", "milvus:previewDeletes": "true" });
    stack.program(declareHeld(["more"]));
    await stack.up();
    await milvus.insert(held, rows(7), "more");
    await milvus.client.flushSync({ collection_names: [held] });
    stack.program(declareHeld([]));
    const { stdout } = await stack.preview();
    expect(stdout).toMatch(
      /warning: partition more of collection \w+ will be dropped: an unknown number of entities/,
    );
    await stack.destroy({ args: ["--run-program"] });
  });
});
