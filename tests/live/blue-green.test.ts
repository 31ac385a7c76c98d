/** A collection behind an alias is changed while somebody searches through the alias all the time. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { Report } from "../../cli/preview/report";
import type { OperationResult, Workspace } from "../../tools/stack";
import type { GrpcProxy } from "../support/grpc-proxy";
import { linesWith, live, program, said } from "./support/live";
import { rows, vectorOf } from "./support/milvus";
import { reportOn } from "./support/report";

const context = live();
const { milvus, database } = context;

interface Declared {
  readonly fields?: string;
  readonly M?: number;
  readonly ttl?: number;
  readonly args?: string;
  /** Default: `true`, the alias moves to what is empty without more ado. */
  readonly startsEmpty?: boolean;
}

const YEAR = `{ name: "year", dataType: "Int64" },`;

/** Searches and counts through the alias until it is stopped, and keeps what went wrong. */
class Searcher {
  readonly failures: string[] = [];
  readonly counts: number[] = [];
  private stopped = false;
  private readonly work: Promise<void>;

  constructor(private readonly alias: string) {
    this.work = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.work;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.once();
      await sleep(5);
    }
  }

  private async once(): Promise<void> {
    const collection_name = this.alias;
    try {
      const [counted, found] = await Promise.all([
        milvus.client.query({ collection_name, expr: "", output_fields: ["count(*)"] }),
        milvus.client.search({ collection_name, data: [vectorOf(1)], anns_field: "embedding", limit: 3 }),
      ]);
      for (const { status } of [counted, found])
        if (status.error_code !== "Success") this.failures.push(status.reason);
      this.counts.push(Number(counted.data[0]?.["count(*)"]));
    } catch (error) {
      this.failures.push(String(error));
    }
  }
}

async function stackOf(what: string) {
  const alias = context.name(what);
  const proxy = await context.proxy();
  const declare = ({
    fields = "",
    M = 8,
    ttl = 86400,
    args = "",
    startsEmpty = true,
  }: Declared = {}): string =>
    program(
      `const docs = new milvus.CollectionBehindAlias("documents", {
         aliasName: "${alias}",
         fields: [
           { name: "id", dataType: "Int64", isPrimaryKey: true },
           { name: "embedding", dataType: "FloatVector", dim: 8 },
           ${fields}
         ],
         enableDynamicField: true,
         properties: { "collection.ttl.seconds": ${ttl} },
         partitionNames: ["t1", "t2"],
         indexes: {
           by_meaning: { fieldName: "embedding", indexType: "HNSW", metricType: "COSINE",
             params: { M: ${M}, efConstruction: 64 } },
         },
         ${startsEmpty ? "startsEmpty: true," : ""}
         ${args}
       });
       exports.collectionName = docs.collectionName;`,
    );
  const stack = await context.stack(declare(), { address: proxy.address });
  /** The collection that the program declares now. */
  const current = async (): Promise<string> => String((await stack.outputs())["collectionName"]);
  const collections = async (): Promise<string[]> => {
    const { data } = await milvus.client.showCollections();
    return data.map(({ name }) => name).filter((name) => name.startsWith(`${alias}_`));
  };
  return { alias, proxy, declare, stack, current, collections };
}

const FORTY = { entities: { kind: "exact", rows: 40 }, loaded: true };

const STEPS = [
  "CreateCollection",
  "CreatePartition",
  "CreateIndex",
  "LoadCollection",
  "CreateAlias",
  "AlterAlias",
  "DropCollection",
  "ReleaseCollection",
  "DropIndex",
];

/** The kinds of steps in their order, each run of one kind once. */
function steps({ calls }: GrpcProxy): string[] {
  return calls.filter((call) => STEPS.includes(call)).filter((call, at, all) => call !== all[at - 1]);
}

describe("A collection behind an alias", () => {
  let one: Awaited<ReturnType<typeof stackOf>>;
  let stack: Workspace;
  let searcher: Searcher;
  let first: string;

  const up = async (
    declared: Declared,
    options: { expectFailure?: boolean } = {},
  ): Promise<OperationResult> => {
    stack.program(one.declare(declared));
    one.proxy.forget();
    return stack.up(options);
  };
  const searchedWell = (): void => {
    expect(searcher.failures).toEqual([]);
  };

  beforeAll(async () => {
    one = await stackOf("served");
    stack = one.stack;
    await stack.up();
    first = await one.current();
    await milvus.insert(one.alias, rows(40), "t1");
    searcher = new Searcher(one.alias);
    await sleep(500);
  });
  afterAll(() => searcher.stop());

  test("is made, loaded, and then pointed at", async () => {
    expect(steps(one.proxy).slice(-2)).toEqual(["LoadCollection", "CreateAlias"]);
    expect(await milvus.aliasTarget(one.alias)).toBe(first);
    expect(await milvus.partitions(first)).toEqual(["t1", "t2"]);
    await stack.preview({ args: ["--expect-no-changes"] });
    expect(Math.max(...searcher.counts)).toBe(40);
    searchedWell();
  });

  test("is changed in place where every server can", async () => {
    const { summary } = await up({ ttl: 172800 });
    expect(summary).toMatchObject({ update: 1, replace: 0 });
    expect(await milvus.aliasTarget(one.alias)).toBe(first);
    searchedWell();
  });

  describe("whose fields change", () => {
    let planned: OperationResult;
    let report: Report;
    let result: OperationResult;
    beforeAll(async () => {
      stack.program(one.declare({ fields: YEAR }));
      planned = await stack.preview();
      report = await reportOn(stack);
      result = await up({ fields: YEAR }, { expectFailure: true });
    });

    test("says at preview that the old one stays", () => {
      expect(said(planned)).toContain(
        `warning: collection ${first} will be replaced, and stays beside the new one with 40 entities until that is acknowledged`,
      );
    });

    test("is no loss in the report, which says what stays", () => {
      expect(report).toMatchObject({ exitCode: 0, losses: [], interruptions: [], unjudged: [] });
      expect(report.kept).toMatchObject([{ id: `${database}/${first}`, operation: "replace", ...FORTY }]);
      expect(new Set(report.rest.map(({ note }) => note))).toEqual(new Set(["stays with its collection"]));
    });

    test("is recreated beside the old one, loaded, and only then pointed at", async () => {
      const [begin, ...others] = steps(one.proxy);
      expect(begin).toBe("CreateCollection");
      // Partitions and indexes are made side by side.
      expect(new Set(others.slice(0, -2))).toEqual(new Set(["CreatePartition", "CreateIndex"]));
      expect(others.slice(-2)).toEqual(["LoadCollection", "AlterAlias"]);
      expect(await one.current()).not.toBe(first);
      expect(await milvus.aliasTarget(one.alias)).toBe(await one.current());
      expect(await milvus.loadState(one.alias)).toBe("LoadStateLoaded");
    });

    test("fails no search", async () => {
      // The last one to end may have begun before the alias moved.
      for (let tries = 0; searcher.counts.at(-1) !== 0 && tries < 50; tries++) await sleep(100);
      searchedWell();
      expect(searcher.counts.at(-1)).toBe(0);
      console.log(
        `searched ${searcher.counts.length} times through the alias, ${searcher.failures.length} failed`,
      );
    });

    test("leaves the old one with its data, and says how to let it go", async () => {
      expect(result.code).not.toBe(0);
      expect(said(result)).toContain(
        `${database}/${first} holds 40 entities and is not dropped, because it has protectData`,
      );
      expect(await milvus.count(first)).toBe(40);
    });

    test("goes on saying so, and changes nothing else", async () => {
      const again = await up({ fields: YEAR }, { expectFailure: true });
      expect(linesWith(again, `${database}/${first} holds 40 entities`).length).toBeGreaterThan(0);
      expect(steps(one.proxy)).toEqual([]);
      expect(await milvus.exists(first)).toBe(true);
      const later = await reportOn(stack);
      expect(later).toMatchObject({ exitCode: 0, losses: [] });
      expect(later.kept).toMatchObject([{ id: `${database}/${first}`, operation: "delete", ...FORTY }]);
      searchedWell();
    });

    test("lets the old one go once its data is acknowledged", async () => {
      await stack.config({ "milvus:acknowledgedDataLoss": JSON.stringify([`${database}/${first}`]) });
      const last = await reportOn(stack);
      expect(last).toMatchObject({ exitCode: 0, kept: [], unneeded: [] });
      expect(last.losses).toMatchObject([{ id: `${database}/${first}`, acknowledged: true, ...FORTY }]);
      const acknowledged = await up({ fields: YEAR });
      expect(said(acknowledged)).toContain(`dropped collection ${database}/${first} with 40 entities`);
      expect(await one.collections()).toEqual([await one.current()]);
      await stack.preview({ args: ["--expect-no-changes"] });
      searchedWell();
    });
  });

  test("that holds nothing goes without being asked for", async () => {
    const before = await one.current();
    const { summary } = await up({ fields: YEAR, M: 16 });
    expect(summary.replace).toBeGreaterThan(0);
    expect(steps(one.proxy).slice(-2)).toEqual(["AlterAlias", "DropCollection"]);
    expect(await one.current()).not.toBe(before);
    expect(await one.collections()).toEqual([await one.current()]);
    expect((await milvus.indexes(one.alias))[0]?.params).toMatchObject({ M: 16 });
    searchedWell();
  });

  test("is filled before it is pointed at: no search sees it empty", async () => {
    // Not through the alias, whose old schema the SDK would remember.
    await milvus.insert(await one.current(), rows(25), "t2");
    while (searcher.counts.at(-1) !== 25) await sleep(50);
    const before = await one.current();
    await stack.config({ "milvus:acknowledgedDataLoss": JSON.stringify([`${database}/${before}`]) });
    searcher.counts.length = 0;
    // Stands for whatever copies rows: it waits for this test, which does.
    const filledBy = `version: "2", filledBy: ({ collectionName }) => new (class extends pulumi.dynamic.Resource {
      constructor(name, props, opts) {
        super({ async create(inputs) {
          const fs = require("node:fs");
          fs.writeFileSync("new", inputs.name);
          while (!fs.existsSync("filled")) await new Promise((resolve) => setTimeout(resolve, 50));
          return { id: inputs.name, outs: inputs };
        } }, name, props, opts);
      }
    })("copy", { name: collectionName }),`;
    const filled = (async () => {
      let next: string | undefined;
      while (next === undefined) {
        await sleep(50);
        next = (await one.collections()).find((name) => name !== before);
      }
      await sleep(300);
      await milvus.insert(next, rows(25), "_default");
      stack.write("filled", "");
    })();
    await Promise.all([filled, up({ fields: YEAR, M: 16, args: filledBy })]);
    expect(await one.current()).not.toBe(before);
    expect(await milvus.aliasTarget(one.alias)).toBe(await one.current());
    await sleep(200);
    searchedWell();
    expect(new Set(searcher.counts)).toEqual(new Set([25]));
    expect(await one.collections()).toEqual([await one.current()]);
  });

  test("goes at destroy once its data is acknowledged, with its alias", async () => {
    await searcher.stop();
    const last = await one.current();
    await stack.config({ "milvus:acknowledgedDataLoss": JSON.stringify([`${database}/${last}`]) });
    await stack.up();
    await stack.destroy();
    expect(await one.collections()).toEqual([]);
    expect(await stack.resources()).toEqual([]);
    expect(await milvus.aliasTarget(one.alias)).toBeUndefined();
  });
});

describe("A collection behind an alias that nothing fills", () => {
  let one: Awaited<ReturnType<typeof stackOf>>;
  let first: string;
  const changed = { startsEmpty: false, fields: YEAR };
  const served = async (): Promise<[string | undefined, number]> => [
    await milvus.aliasTarget(one.alias),
    await milvus.count(one.alias),
  ];

  beforeAll(async () => {
    one = await stackOf("unfilled");
    one.stack.program(one.declare({ startsEmpty: false }));
    await one.stack.up();
    first = await one.current();
    await milvus.insert(first, rows(40));
    one.stack.program(one.declare(changed));
  });

  test("is refused another one at preview, with both numbers", async () => {
    const planned = await one.stack.preview({ expectFailure: true });
    expect(planned.code).not.toBe(0);
    expect(said(planned)).toContain(`alias ${one.alias} would serve 0 entities, today 40`);
    expect(said(planned)).toContain("startsEmpty: true");
  });

  test("is told in the report, whose exit code says that it would be refused", async () => {
    const report = await reportOn(one.stack);
    expect(report).toMatchObject({ exitCode: 2, losses: [], unjudged: [] });
    expect(report.previewError).toBeUndefined();
    expect(report.servingLess).toMatchObject([
      { object: `alias ${one.alias}`, from: first, today: 40, would: 0 },
    ]);
    expect(report.verdict).toContain(`alias ${one.alias} would serve 0 entities, today 40`);
  });

  test("is served on by the old one after an up without a preview", async () => {
    one.proxy.forget();
    const result = await one.stack.up({ expectFailure: true });
    expect(result.code).not.toBe(0);
    expect(said(result)).toContain(`alias ${one.alias} would serve 0 entities, today 40`);
    expect(steps(one.proxy)).not.toContain("AlterAlias");
    expect(await served()).toEqual([first, 40]);
  });

  test("is told with the numbers of today once the new one is there", async () => {
    const [next = ""] = (await one.collections()).filter((name) => name !== first);
    await milvus.insert(
      next,
      [...rows(15)].map((row) => ({ ...row })),
    );
    const again = await one.stack.up({ expectFailure: true });
    expect(said(again)).toContain(`alias ${one.alias} would serve 15 entities, today 40`);
    expect(await served()).toEqual([first, 40]);
    expect((await reportOn(one.stack)).servingLess).toMatchObject([{ would: 15, today: 40 }]);
  });

  test("moves when the program says that it starts empty", async () => {
    one.stack.program(one.declare({ ...changed, startsEmpty: true }));
    expect(await reportOn(one.stack)).toMatchObject({ servingLess: [] });
    // The old one stays with its data.
    await one.stack.up({ expectFailure: true });
    expect(await served()).toEqual([await one.current(), 15]);
    expect(await one.current()).not.toBe(first);
  });

  test("moves without a word where the new one holds as much", async () => {
    const [before] = await served();
    await stackAcknowledges(one.stack, first, String(before));
    one.stack.program(one.declare({ startsEmpty: false, M: 16, fields: YEAR }));
    await one.stack.up({ expectFailure: true });
    const next = (await one.collections()).find((name) => name !== first && name !== before) ?? "";
    await milvus.insert(next, rows(15));
    await one.stack.up();
    expect(await served()).toEqual([next, 15]);
    expect(await one.collections()).toEqual([next]);
  });
});

async function stackAcknowledges(stack: Workspace, ...names: string[]): Promise<void> {
  const ids = names.map((name) => `${database}/${name}`);
  await stack.config({ "milvus:acknowledgedDataLoss": JSON.stringify(ids) });
}

describe("A collection behind an alias that is filled with less", () => {
  test("is pointed at with a warning, and the old one stays", async () => {
    const one = await stackOf("less");
    const filledBy = `filledBy: () => new milvus.Database("stands_for_a_copy", { databaseName: "${context.name("copy")}" }),`;
    one.stack.program(one.declare({ startsEmpty: false, args: filledBy }));
    await one.stack.up();
    const first = await one.current();
    await milvus.insert(first, rows(10));
    one.stack.program(one.declare({ startsEmpty: false, args: filledBy, fields: YEAR }));
    expect((await reportOn(one.stack)).servingLess).toEqual([]);
    const result = await one.stack.up({ expectFailure: true });
    expect(said(result)).toContain(`warning: alias ${one.alias} serves 0 entities, before 10`);
    expect(said(result)).toContain(`${database}/${first} holds 10 entities and is not dropped`);
    expect(await milvus.aliasTarget(one.alias)).toBe(await one.current());
    await stackAcknowledges(one.stack, first);
    await one.stack.up();
    await one.stack.destroy();
  });
});

describe("A collection behind an alias that does not protect its data", () => {
  const args = "protectData: false,";

  async function filled(what: string) {
    const one = await stackOf(what);
    one.stack.program(one.declare({ args }));
    await one.stack.up();
    const first = await one.current();
    await milvus.insert(first, rows(10));
    return { one, first };
  }

  test("is not changed for another one by default, before anything is made", async () => {
    const { one, first } = await filled("by_default");
    one.stack.program(one.declare({ args, fields: YEAR }));
    one.proxy.forget();
    for (const refused of [
      await one.stack.preview({ expectFailure: true }),
      await one.stack.up({ expectFailure: true }),
    ])
      expect(said(refused)).toContain(
        `${database}/${first} holds 10 entities and is not replaced, because a replacement drops it`,
      );
    expect(steps(one.proxy)).toEqual([]);
    expect(await one.collections()).toEqual([first]);
    expect(await milvus.aliasTarget(one.alias)).toBe(first);
    one.stack.program(one.declare({ args }));
    await one.stack.destroy();
  });

  test("drops the old one with it in the same up where replacements may, and says how much went", async () => {
    const { one, first } = await filled("unprotected");
    await one.stack.config({ "milvus:protectData": "false" });
    one.stack.program(one.declare({ args, fields: YEAR }));
    const report = await reportOn(one.stack);
    expect(report).toMatchObject({ exitCode: 2, kept: [], losses: [{ id: `${database}/${first}` }] });
    const result = await one.stack.up();
    expect(said(result)).toContain(`dropped collection ${database}/${first} with 10 entities`);
    expect(await one.collections()).toEqual([await one.current()]);
    await one.stack.destroy();
  });
});

describe("A collection behind an alias whose program goes back to what it was", () => {
  test("takes the old one over again with adopt, data and all, and drops the new one", async () => {
    const one = await stackOf("back");
    await one.stack.up();
    const first = await one.current();
    await milvus.insert(first, rows(10));
    one.stack.program(one.declare({ fields: YEAR }));
    await one.stack.up({ expectFailure: true });
    const second = await one.current();
    one.stack.program(one.declare({ args: "adopt: true," }));
    const report = await reportOn(one.stack);
    expect(report).toMatchObject({ exitCode: 0, losses: [], kept: [] });
    expect(report.rest).toContainEqual(
      expect.objectContaining({
        object: `collection ${first}`,
        note: "is taken over by another resource of the program",
      }),
    );
    const result = await one.stack.up();
    expect(said(result)).toContain(`dropped collection ${database}/${second} with no entities`);
    expect(await milvus.aliasTarget(one.alias)).toBe(first);
    expect(await milvus.count(first)).toBe(10);
    expect(await one.collections()).toEqual([first]);
    await one.stack.preview({ args: ["--expect-no-changes"] });
    await one.stack.config({ "milvus:acknowledgedDataLoss": JSON.stringify([`${database}/${first}`]) });
    await one.stack.up();
    await one.stack.destroy();
  });
});

describe("The example program", () => {
  const alias = context.name("documents");
  const text = readFileSync(join(__dirname, "..", "..", "examples", "blue-green", "index.ts"), "utf8");
  const named = text.replace(`CollectionBehindAlias("documents"`, `CollectionBehindAlias("${alias}"`);
  const wider = named.replace("dim: 8", "dim: 16");
  const withYear = wider.replace(
    `{ name: "embedding"`,
    `{ name: "year", dataType: "Int64" },\n{ name: "embedding"`,
  );
  const ROWS = 1_200;
  let proxy: GrpcProxy;
  let stack: Workspace;

  const count = async (): Promise<number> => {
    const { status, data } = await milvus.client.query({
      collection_name: alias,
      expr: "",
      output_fields: ["count(*)"],
    });
    if (status.error_code !== "Success") throw new Error(status.reason);
    return Number(data[0]?.["count(*)"]);
  };
  const servedBy = async (): Promise<string> => String((await stack.outputs())["servedBy"]);

  beforeAll(async () => {
    proxy = await context.proxy();
    stack = await context.stack(named, { language: "ts", address: proxy.address });
    await stack.up();
    expect((await stack.outputs())["searchThrough"]).toBe(alias);
    for (const [partition_name, from, to] of [
      ["y2023", 0, 700],
      ["y2024", 700, ROWS],
    ] as const) {
      const data = rows(to - from, from).map(({ id, embedding }) => ({
        id,
        embedding,
        title: `title ${id as number}`,
      }));
      const { status } = await milvus.client.insert({
        collection_name: await servedBy(),
        partition_name,
        data,
      });
      expect(status.error_code).toBe("Success");
    }
    while ((await count()) < ROWS) await sleep(100);
  });

  test("changes its collection and ends well, while the alias serves all rows all the time", async () => {
    const before = await servedBy();
    const failures: string[] = [];
    const counts = new Set<number>();
    let stopped = false;
    const counting = (async () => {
      for (; !stopped; await sleep(5))
        await count().then(
          (rows) => counts.add(rows),
          (error: unknown) => failures.push(String(error)),
        );
    })();
    stack.program(wider);
    const result = await stack.up().finally(() => (stopped = true));
    await counting;
    expect(result.code).toBe(0);
    expect(said(result)).toContain(`copied ${ROWS} rows of ${before} into ${await servedBy()}`);
    expect(said(result)).toContain(`dropped collection ${database}/${before} with 1,200 entities`);
    expect(failures).toEqual([]);
    expect([...counts]).toEqual([ROWS]);
    expect(await servedBy()).not.toBe(before);
    expect(await milvus.aliasTarget(alias)).toBe(await servedBy());
    expect(await milvus.exists(before)).toBe(false);
    await stack.preview({ args: ["--expect-no-changes"] });
  });

  test("goes on with a copy that failed where it stopped", async () => {
    const before = await servedBy();
    stack.program(withYear);
    proxy.forget();
    proxy.before = ({ method, nth }) => (method === "Upsert" && nth >= 2 ? "refuse" : undefined);
    const failed = await stack.up({ expectFailure: true });
    expect(failed.code).not.toBe(0);
    expect(said(failed)).toContain("stopped after 500 rows");
    expect(await milvus.aliasTarget(alias)).toBe(before);
    expect(await count()).toBe(ROWS);

    proxy.pass();
    proxy.forget();
    const result = await stack.up();
    expect(result.code).toBe(0);
    // 200 rows of the one partition are left, and 500 of the other.
    expect(proxy.count("Upsert")).toBe(2);
    expect(await milvus.aliasTarget(alias)).toBe(await servedBy());
    expect(await count()).toBe(ROWS);
    expect(await milvus.exists(before)).toBe(false);
    const { data } = await milvus.client.query({
      collection_name: await servedBy(),
      filter: "id in [3, 1003]",
      output_fields: ["id", "title", "year"],
      partition_names: ["y2024"],
    });
    expect(data).toEqual([{ id: "1003", title: "title 1003", year: "0" }]);
    await stackAcknowledges(stack, await servedBy());
    await stack.up();
    await stack.destroy();
  });
});
