/** What stands on the server before the program comes: taken over when empty or asked for, refused otherwise. */
import type { Report } from "../../cli/preview/report";
import type { OperationResult, Workspace } from "../../tools/stack";
import { refusal } from "../support/grpc-proxy";
import { accessTo, FIELDS, linesWith, live, program, said, stackLines } from "./support/live";
import { rows } from "./support/milvus";
import { reportOn } from "./support/report";

/** Code of Milvus for what it has no other code for. */
const UNEXPECTED = 65_535;

const context = live();
const { milvus, database } = context;
const full = context.name("full");
const different = context.name("different");
const empty = context.name("empty");
const shared = context.name("shared");

interface Declared {
  full?: string;
  different?: string;
  partition?: string;
}

function declare({ full: ofFull = "", different: ofDifferent = "", partition = "" }: Declared): string {
  return program(
    `new milvus.Collection("full", { collectionName: "${full}", fields: ${FIELDS}, ${ofFull} });`,
    `new milvus.Collection("different", {
       collectionName: "${different}", fields: ${FIELDS}, enableDynamicField: true, ${ofDifferent}
     });`,
    `new milvus.Collection("empty", { collectionName: "${empty}", fields: ${FIELDS} });`,
    `new milvus.Partition("theirs", { collection: "${shared}", ${partition} });`,
    `new milvus.Partition("ours", { collection: "${shared}" });`,
  );
}

describe("What exists already", () => {
  let stack: Workspace;
  let previewed: OperationResult;
  let report: Report;
  let refused: OperationResult;
  const ids = new Map<string, string>();

  beforeAll(async () => {
    for (const name of [full, different, empty, shared]) {
      await milvus.createCollection(name, { description: name === different ? "of somebody else" : "" });
      ids.set(name, await milvus.collectionId(name));
    }
    await milvus.insert(full, rows(25));
    await milvus.createPartition(shared, "theirs");
    await milvus.insert(shared, rows(15), "theirs");
    // What is loaded can be counted exactly.
    await milvus.createIndex(shared, {
      index_name: "embedding",
      field_name: "embedding",
      index_type: "FLAT",
      metric_type: "COSINE",
    });
    await milvus.load(shared);
    stack = await context.stack(declare({}));
    previewed = await stack.preview();
    report = await reportOn(stack);
    refused = await stack.up({ expectFailure: true, args: ["--continue-on-error"] });
  });

  test("is told at preview: what is refused, what is taken over, and nothing of what is new", () => {
    // Once as it happens, with the type before it, and once in what is left at the end.
    const told = (text: string): string[] =>
      [...new Set(linesWith(previewed, text).map((line) => line.slice(line.indexOf(text))))].sort();
    const refusal = "warning: new to the stack, this is refused by `pulumi up`: ";
    expect(told(refusal)).toEqual([
      expect.stringContaining(
        `${refusal}collection ${database}/${different} exists already and differs from the program in description, ` +
          "enableDynamicField.",
      ),
      expect.stringContaining(
        `${refusal}partition theirs of collection ${database}/${shared} exists already and holds 15`,
      ),
    ]);
    // A preview writes nothing out, and what is in memory alone is not counted.
    for (const name of [full, empty])
      expect(told(`collection ${name} exists already; new to the stack, it is taken over`)).toEqual([
        expect.stringContaining("no rows of it are written out; `pulumi up` finds out whether it holds any"),
      ]);
    expect(said(previewed)).not.toContain("partition ours of collection");
  });

  test("is told by the report, which ends with 2", () => {
    const nameOf = ({ object }: { object: string }): string => object;
    expect(report.refused.map(nameOf).sort()).toEqual(
      [`collection ${different}`, `partition theirs of collection ${shared}`].sort(),
    );
    expect(
      report.additions.map(({ object, note = "new" }) => `${object}: ${note.split(";")[0]}`).sort(),
    ).toEqual(
      [
        `collection ${full}: exists already and is taken over`,
        `collection ${empty}: exists already and is taken over`,
        `partition ours of collection ${shared}: new`,
      ].sort(),
    );
    expect([report.exitCode, report.verdict]).toEqual([2, "2 objects exist already and would be refused"]);
  });

  test("and holds data is refused, with the number of entities and the way out", () => {
    expect(refused.code).not.toBe(0);
    expect(said(refused)).toContain(
      `collection ${database}/${full} exists already and holds an unknown number of entities (not loaded: 25 rows`,
    );
    expect(said(refused)).toContain(
      "To manage it from here, with its data, set `adopt: true`; otherwise choose another collectionName",
    );
  });

  test("and differs is refused, with the differences and the way out", () => {
    expect(said(refused)).toContain(
      `collection ${database}/${different} exists already and differs from the program in description, enableDynamicField.`,
    );
    expect(said(refused)).toContain("set `adopt: true`");
  });

  test("and is a partition with data in a collection given by name is refused, with the number of entities", () => {
    expect(said(refused)).toContain(
      `partition theirs of collection ${database}/${shared} exists already and holds 15 entities`,
    );
    expect(said(refused)).toContain("set `adopt: true`; otherwise choose another partitionName");
  });

  test("and is equal and empty is taken over without being asked", async () => {
    expect(said(refused)).toContain(
      `collection ${database}/${empty} exists already and is taken over; it holds no entities`,
    );
    expect(await milvus.collectionId(empty)).toBe(ids.get(empty));
  });

  test("does not keep a new partition of a collection given by name from being made", async () => {
    expect(await milvus.partitions(shared)).toEqual(["ours", "theirs"]);
  });

  test("is not touched when it is refused", async () => {
    expect(await milvus.collectionId(full)).toBe(ids.get(full));
    expect(await milvus.collectionId(different)).toBe(ids.get(different));
    expect((await stack.resources()).map(({ urn }) => urn.split("::").at(-1)).sort()).toEqual([
      "empty",
      "ours",
    ]);
  });

  test("is refused without a call stack", () => {
    expect(stackLines(refused)).toEqual([]);
  });

  describe("and is asked for with adopt", () => {
    let adopted: OperationResult;
    beforeAll(async () => {
      stack.program(
        declare({
          full: "adopt: true",
          different: `adopt: true, description: "of somebody else", enableDynamicField: false`,
          partition: "adopt: true",
        }),
      );
      adopted = await stack.up();
    });

    test("is taken over with its data, which the log counts", async () => {
      expect(said(adopted)).toContain(
        `collection ${database}/${full} exists already and is taken over; it holds`,
      );
      expect(said(adopted)).toContain(
        `partition theirs of collection ${database}/${shared} exists already and is taken over; it holds 15 entities`,
      );
      expect(await milvus.collectionId(full)).toBe(ids.get(full));
      expect(adopted.summary).toMatchObject({ create: 3, update: 0, delete: 0, replace: 0 });
    });

    test("is taken over once it is declared as it is", async () => {
      expect(await milvus.collectionId(different)).toBe(ids.get(different));
    });

    test("changes nothing when adopt is left out again", async () => {
      stack.program(declare({ different: `description: "of somebody else", enableDynamicField: false` }));
      const { summary } = await stack.preview();
      expect(summary).toMatchObject({ create: 0, update: 0, delete: 0, replace: 0 });
    });
  });
});

test("An index that the field has already under another name is told, and refused", async () => {
  const docs = context.name("indexed");
  await milvus.createCollection(docs);
  await milvus.createIndex(docs, {
    index_name: "theirs",
    field_name: "embedding",
    index_type: "FLAT",
    metric_type: "COSINE",
  });
  const stack = await context.stack(
    program(
      `new milvus.Index("ours", { collection: "${docs}", fieldName: "embedding", indexType: "FLAT", metricType: "L2" });`,
    ),
  );
  const reason = "field embedding has an index already, theirs (FLAT), and Milvus keeps one per field";
  expect(linesWith(await stack.preview(), reason)[0]).toContain("this is refused by `pulumi up`");
  const report = await reportOn(stack);
  expect([report.exitCode, report.refused]).toEqual([
    2,
    [expect.objectContaining({ object: `index ours of collection ${docs}` })],
  ]);
  expect(said(await stack.up({ expectFailure: true }))).toContain(reason);
  expect(await milvus.indexNames(docs)).toEqual(["theirs"]);
});

test("What exists is told also after something that may not be looked at", async () => {
  const docs = context.name("after_denied");
  await milvus.createCollection(docs);
  const proxy = await context.proxy();
  proxy.before = ({ method }) =>
    method === "SelectRole" ? refusal(UNEXPECTED, "PrivilegeSelectOwnership: permission deny") : undefined;
  const stack = await context.stack(
    program(
      `const role = new milvus.Role("readers", { roleName: "${context.name("readers")}" });`,
      `new milvus.Collection("docs", { collectionName: "${docs}", fields: ${FIELDS} }, { dependsOn: role });`,
    ),
    { address: proxy.address },
  );
  const previewed = await stack.preview();
  expect(proxy.count("SelectRole")).toBeGreaterThan(0);
  expect(linesWith(previewed, `collection ${docs} exists already; new to the stack`)).not.toEqual([]);
});

describe("What may exist on a server that does not answer", () => {
  let previewed: OperationResult;
  let seconds: number;

  beforeAll(async () => {
    const names = ["a", "b", "c", "d"];
    const stack = await context.stack(
      program(...names.map((name) => `new milvus.Collection("${name}", { fields: ${FIELDS} });`)),
      { config: accessTo(milvus.server, "127.0.0.1:1") },
    );
    const began = Date.now();
    previewed = await stack.preview();
    seconds = (Date.now() - began) / 1_000;
  });

  test("is waited for once, and not for each resource", () => {
    expect(previewed.summary).toMatchObject({ create: 5 });
    expect(seconds).toBeLessThan(30);
  });

  test("is not said to be missing, nor to be there", () => {
    expect(said(previewed)).not.toMatch(/exists already|new to the stack/);
  });
});
