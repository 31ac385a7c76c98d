/** What a program gets wrong is said at preview already, with the server down, in words that lead on. */
import type { OperationResult, Workspace } from "../../tools/stack";
import { linesWith, live, program, stackLines } from "./support/live";

const context = live();

const ID = `{ name: "id", dataType: "Int64", isPrimaryKey: true }`;
const VECTOR = `{ name: "embedding", dataType: "FloatVector", dim: 8 }`;
const GOOD = `const good = new milvus.Collection("good", { fields: [${ID}, ${VECTOR}] });`;

interface Mistakes {
  declared: string;
  /** Property and words of the rule or the way out, of each. */
  told: [property: string, words: string][];
}

/** The engine stops at the first resource that it finds wrong, so each program has one. */
const PROGRAMS: Record<string, Mistakes> = {
  "a bad name, a misspelt input and a type that there is not": {
    declared: `new milvus.Collection("wrong", {
      collectionName: "my-docs", descripton: "typo", fields: [${ID}, { name: "v", dataType: "FloatVektor", dim: 8 }],
    });`,
    told: [
      ["collectionName", "a collection name has letters, digits and underscores only"],
      ["descripton", 'there is no such input; did you mean "description"?'],
      ["fields[1].dataType", 'did you mean "FloatVector"?'],
    ],
  },
  "duplicate fields, two primary keys and a vector without dim": {
    declared: `new milvus.Collection("wrong", {
      numPartitions: 8,
      fields: [
        ${ID}, ${VECTOR}, { name: "embedding", dataType: "FloatVector" },
        { name: "other", dataType: "Int64", isPrimaryKey: true },
      ],
    });`,
    told: [
      ["fields[2].name", '"embedding" is the name of fields[1] already'],
      ["fields[2].dim", "is required for FloatVector: 1 to 32768"],
      ["fields[3].isPrimaryKey", 'there can be one primary key only, and "id" is one already'],
      ["numPartitions", "is only for collections with a partition key: set isPartitionKey on a field"],
    ],
  },
  "no primary key": {
    declared: `new milvus.Collection("wrong", { fields: [${VECTOR}] });`,
    told: [["fields", "need a primary key: set isPrimaryKey on one field of dataType Int64 or VarChar"]],
  },
  "a partition of a collection with a partition key": {
    declared: `const keyed = new milvus.Collection("keyed", {
      fields: [${ID}, ${VECTOR}, { name: "tenant", dataType: "VarChar", maxLength: 32, isPartitionKey: true }],
    });
    new milvus.Partition("wrong", { collection: keyed });`,
    told: [["collection", "has a partition key (tenant), so Milvus makes and fills its partitions itself"]],
  },
  "a metric and an index type that do not fit": {
    declared: `${GOOD}
    new milvus.Index("wrong", { collection: good, fieldName: "embedding", indexType: "HNSV", metricType: "HAMMING" });`,
    told: [
      [
        "indexType",
        '"HNSV" is no index type for field embedding, which is FloatVector; did you mean "HNSW"?',
      ],
      ["metricType", '"HAMMING" is no metric type for field embedding, which is FloatVector'],
    ],
  },
  "an index on a field that there is not": {
    declared: `${GOOD} new milvus.Index("wrong", { collection: good, fieldName: "embeding" });`,
    told: [["fieldName", 'the collection has no field "embeding"; did you mean "embedding"?']],
  },
};

describe.each(Object.entries(PROGRAMS))(
  "With the server down, a program with %s",
  (_, { declared, told }) => {
    let stack: Workspace;
    let result: OperationResult;

    beforeAll(async () => {
      // Nothing listens on port 1.
      stack = await context.stack(program(declared), { config: { "milvus:address": "127.0.0.1:1" } });
      result = await stack.preview({ expectFailure: true });
    });

    test("fails at preview, at the resource that is wrong", () => {
      expect(result.code).not.toBe(0);
      expect(linesWith(result, "(wrong):")).toHaveLength(1);
    });

    test.each(told)("is told of %s: %s", (property, words) => {
      const lines = linesWith(result, words);
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) expect(line).toContain(property);
    });

    test("is shown no call stack", () => {
      expect(stackLines(result)).toEqual([]);
    });
  },
);
