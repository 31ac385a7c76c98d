/** A report on five hundred losses at once: each is counted, and the comment stays within what GitHub takes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { MARKER } from "../../cli/preview/markdown";
import type { Report } from "../../cli/preview/report";
import type { Workspace } from "../../tools/stack";
import { FIELDS, HNSW, live, program } from "./support/live";
import { rows } from "./support/milvus";
import { reportOn } from "./support/report";

const context = live();
const { milvus } = context;
const GITHUB_LIMIT = 65_536;
const COLLECTIONS = Array.from({ length: 5 }, (_, index) => context.name(`large${index}`));
const PARTITIONS = Array.from({ length: 100 }, (_, index) => `tenant_of_the_east_${index}`);

function declare(partitions: readonly string[]): string {
  return program(
    `for (const name of ${JSON.stringify(COLLECTIONS)}) {
       const collection = new milvus.Collection(name, { fields: ${FIELDS} });
       new milvus.Index(name + "_meaning", { collection, fieldName: "embedding", ${HNSW} });
       for (const partitionName of ${JSON.stringify(partitions)})
         new milvus.Partition(name + "_" + partitionName, { collection, partitionName });
     }`,
  );
}

describe("the report on 500 partitions with data that are removed at once", () => {
  let stack: Workspace;
  let report: Report;
  let markdown: string;

  beforeAll(async () => {
    stack = await context.stack(declare(PARTITIONS));
    await stack.up();
    for (const collection of COLLECTIONS) {
      await Promise.all(
        PARTITIONS.map((partition, index) => milvus.insert(collection, rows(2, index * 10), partition)),
      );
      await milvus.load(collection);
    }
    stack.program(declare([]));
    const file = join(stack.directory, "report.md");
    report = await reportOn(stack, "--markdown", file);
    markdown = readFileSync(file, "utf8");
  });

  test("counts every one of them exactly", () => {
    expect(report.exitCode).toBe(2);
    expect(report.losses).toHaveLength(500);
    for (const { entities, loaded } of report.losses)
      expect({ entities, loaded }).toEqual({ entities: { kind: "exact", rows: 2 }, loaded: true });
    expect(report.verdict).toBe("500 objects with data would be dropped: 1,000 entities lost");
  });

  test("is a comment that GitHub takes, with its head whole and its tail counted", () => {
    expect(markdown.length).toBeLessThan(GITHUB_LIMIT);
    expect(markdown.startsWith(`${MARKER}\n\n### 🛑 Milvus: ${report.verdict}`)).toBe(true);
    const shown = markdown.split("\n").filter((line) => line.includes("**deleted**")).length;
    expect(shown).toBeGreaterThanOrEqual(200);
    expect(markdown).toContain(`… and ${500 - shown} more losses`);
  });
});
