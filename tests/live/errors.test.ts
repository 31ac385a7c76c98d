/** What a program gets wrong is said at preview already, with the server down, in words that lead on. */
import type { OperationResult, Workspace } from "../../tools/stack";
import { linesWith, live, program, said, stackLines } from "./support/live";

const context = live();

const ID = `{ name: "id", dataType: "Int64", isPrimaryKey: true }`;
const VECTOR = `{ name: "embedding", dataType: "FloatVector", dim: 8 }`;
/** One mistake a resource: they are all told in one preview. */
const PROGRAM = program(
  `const fields = [${ID}, ${VECTOR}];`,
  `const good = new milvus.Collection("good", { fields });`,
  `const keyed = new milvus.Collection("keyed", {
     fields: [...fields, { name: "tenant", dataType: "VarChar", maxLength: 32, isPartitionKey: true }],
   });`,
  `new milvus.Collection("bad_name", { collectionName: "my-docs", fields });`,
  `new milvus.Collection("duplicate_fields", { fields: [...fields, ${VECTOR}] });`,
  `new milvus.Collection("two_keys", {
     fields: [...fields, { name: "other", dataType: "Int64", isPrimaryKey: true }],
   });`,
  `new milvus.Collection("no_key", { fields: [${VECTOR}] });`,
  `new milvus.Collection("misspelt", { fields, descripton: "typo" });`,
  `new milvus.Collection("no_dim", { fields: [${ID}, { name: "embedding", dataType: "FloatVector" }] });`,
  `new milvus.Collection("no_partition_key", { fields, numPartitions: 8 });`,
  `new milvus.Partition("in_keyed", { collection: keyed });`,
  `new milvus.Partition("_default", { collection: good });`,
  `new milvus.Index("wrong_metric", {
     collection: good, fieldName: "embedding", indexType: "HNSW", metricType: "HAMMING",
   });`,
  `new milvus.Index("wrong_type", { collection: good, fieldName: "id", indexType: "HNSV" });`,
  `new milvus.Index("wrong_field", { collection: good, fieldName: "embeding" });`,
);

describe("With the server down, the preview of a program with mistakes", () => {
  let stack: Workspace;
  let result: OperationResult;

  /** What is said of one resource, without the lines of progress. */
  function saidOf(name: string): string {
    const text = said(result);
    const block = text.slice(text.indexOf("Diagnostics:")).split(/^ {2}(?=\S)/m);
    return block.find((one) => one.includes(`(${name})`)) ?? "";
  }

  beforeAll(async () => {
    // Nothing listens on port 1.
    stack = await context.stack(PROGRAM, { config: { "milvus:address": "127.0.0.1:1" } });
    result = await stack.preview({ expectFailure: true });
  });

  test("fails", () => {
    expect(result.code).not.toBe(0);
  });

  test.each([
    ["bad_name", "collectionName", "letters, digits and underscores"],
    ["duplicate_fields", "fields[2].name", "is the name of fields[1] already"],
    ["two_keys", "fields[2].isPrimaryKey", "there can be one primary key only"],
    ["no_key", "fields", "set isPrimaryKey on one field of dataType Int64 or VarChar"],
    ["misspelt", "descripton", 'did you mean "description"?'],
    ["no_dim", "fields[1].dim", "is required for FloatVector"],
    ["no_partition_key", "numPartitions", "set isPartitionKey on a field"],
    ["in_keyed", "collection", "has a partition key (tenant)"],
    ["_default", "partitionName", "cannot be declared"],
    ["wrong_metric", "metricType", "Known are L2, IP, COSINE"],
    ["wrong_type", "indexType", "is no index type for field id, which is Int64"],
    ["wrong_field", "fieldName", 'did you mean "embedding"?'],
  ])("names property, rule and way out for %s", (name, property, words) => {
    const text = saidOf(name);
    expect(text).toContain(property);
    expect(text).toContain(words);
  });

  test("tells each mistake once", () => {
    for (const words of ['did you mean "description"?', "there can be one primary key only"])
      expect(linesWith({ ...result, stdout: said(result).split("Diagnostics:")[1] ?? "", stderr: "" }, words)).toHaveLength(1);
  });

  test("shows no call stack", () => {
    expect(stackLines(result)).toEqual([]);
  });
});
