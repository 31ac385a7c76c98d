/** Indexes on rows that are there already: waiting for the build, not waiting, and not having the time to. */
import { availableParallelism } from "node:os";

import type { OperationResult, Workspace } from "../../tools/stack";
import type { GrpcProxy } from "../support/grpc-proxy";
import { live, program, said, stackLines } from "./support/live";
import { rows } from "./support/milvus";

const context = live();
const { milvus, database } = context;
const ROWS = 2000;
const PARAMS = "M: 16, efConstruction: 200";
/** A graph over so many rows with all of them as candidates takes about twenty seconds to build. */
const MANY = Math.round(11_000 * Math.sqrt(availableParallelism() / 2));

async function buildOf(collection: string) {
  const { index_descriptions } = await milvus.client.describeIndex({ collection_name: collection });
  const { state, indexed_rows } = index_descriptions[0] ?? {};
  return { state: String(state), rows: Number(indexed_rows) };
}

describe("An index on rows that are there already", () => {
  const patient = context.name("patient");
  const hasty = context.name("hasty");
  const short = context.name("short");
  let proxy: GrpcProxy;
  let stack: Workspace;
  const declared: string[] = [];

  /** One more index, on a collection that the program knows by name. */
  function declare(collection: string, params: string, inputs: string): void {
    declared.push(
      `new milvus.Index("on_${collection}", {
         collection: "${collection}", indexName: "by_meaning", fieldName: "embedding",
         indexType: "HNSW", metricType: "COSINE", params: { ${params} }, ${inputs} });`,
    );
    stack.program(program(...declared));
    proxy.forget();
  }

  /** How often the index was looked at after it was asked for. */
  const looks = (): number =>
    proxy.calls.slice(proxy.calls.indexOf("CreateIndex")).filter((call) => call === "DescribeIndex").length;

  beforeAll(async () => {
    proxy = await context.proxy();
    for (const name of [patient, hasty, short]) {
      await milvus.createCollection(name);
      await milvus.insert(name, rows(name === short ? MANY : ROWS));
    }
    await milvus.client.flushSync({ collection_names: [patient, hasty, short] });
    stack = await context.stack("", { address: proxy.address });
  });

  describe("that is waited for", () => {
    beforeAll(async () => {
      declare(patient, PARAMS, "");
      await stack.up();
    });

    test("is built when up ends", async () => {
      expect(await buildOf(patient)).toEqual({ state: "Finished", rows: ROWS });
      expect(looks()).toBeGreaterThan(1);
    });

    test("finds what it is asked for", async () => {
      await milvus.load(patient);
      expect(await milvus.nearest(patient, 1234)).toBe(1234);
    });
  });

  describe("that is not waited for", () => {
    beforeAll(async () => {
      declare(hasty, PARAMS, "waitForBuild: false");
      await stack.up();
    });

    test("is asked for and left to the server", async () => {
      expect(await milvus.indexNames(hasty)).toEqual(["by_meaning"]);
      expect(looks()).toBe(1);
    });

    test("shows no changes when it is to be waited for later, with other timeouts", async () => {
      const last = declared.pop() ?? "";
      declared.push(last.replace("waitForBuild: false", "waitForBuild: true, timeouts: { create: 300 }"));
      stack.program(program(...declared));
      const { summary } = await stack.preview({ args: ["--expect-no-changes"] });
      expect(summary).toMatchObject({ create: 0, update: 0, delete: 0, replace: 0 });
    });
  });

  describe("that is not built when its time is up", () => {
    let first: OperationResult;
    let late: OperationResult;
    let last: OperationResult;
    let kept: string[];
    beforeAll(async () => {
      declare(short, `M: 128, efConstruction: ${MANY}`, "timeouts: { create: 8, update: 4 }");
      first = await stack.up({ expectFailure: true });
      kept = (await stack.resources()).map(({ urn }) => urn.split("::").at(-1) ?? "");
      proxy.forget();
      proxy.before = ({ method, nth }) =>
        method === "DescribeIndex" && nth > 2 ? "swallow the call" : undefined;
      late = await stack.up({ expectFailure: true });
      proxy.pass();
      declared.push((declared.pop() ?? "").replace("update: 4", "update: 300"));
      stack.program(program(...declared));
      last = await stack.up();
    });

    test("makes up fail, and says how far it is and what to do, also when the server is late to say so", () => {
      for (const result of [first, late]) {
        expect(result.code).not.toBe(0);
        expect(said(result)).toContain(
          `index by_meaning of collection ${database}/${short} is still being built (0 of ${MANY}`,
        );
        expect(said(result)).toContain("run `pulumi up` again to go on waiting");
        expect(stackLines(result)).toEqual([]);
      }
    });

    test("is kept in the state", () => {
      expect(kept).toContain(`on_${short}`);
    });

    test("is waited for by the next up", async () => {
      expect(last.summary).toMatchObject({ create: 0, replace: 0, errored: 0 });
      expect(await buildOf(short)).toEqual({ state: "Finished", rows: MANY });
    });
  });
});
