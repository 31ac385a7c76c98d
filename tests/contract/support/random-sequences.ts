/** Sequences that nobody thought of: calls at random about a few names, so that they meet what others left. */
import { DataType } from "@zilliz/milvus2-sdk-node";
import fc from "fast-check";

import type { Sequence, Step } from "./both-servers";

const NAMES = ["$a", "$b", "$c"];
const ID = { name: "id", data_type: DataType.Int64, is_primary_key: true };
const NUMBER = { name: "number", data_type: DataType.Int64 };
const VECTOR = { name: "embedding", data_type: DataType.FloatVector, dim: 4 };

const name = fc.constantFrom(...NAMES);
const partition = fc.constantFrom("_default", "p", "q");
const indexName = fc.constantFrom("i", "j", "");
const database = fc.constantFrom(undefined, undefined, undefined, "$d");
const fields = fc.constantFrom(
  [ID, NUMBER, VECTOR],
  [ID, NUMBER, VECTOR],
  [ID, { ...NUMBER, is_partition_key: true }, VECTOR],
);
const ttl = fc.constantFrom("1", "2").map((seconds) => ({ "collection.ttl.seconds": seconds }));

const call = (method: string, request: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Step> =>
  fc.record({ ...request, db_name: database }).map((values): Step => [method, values]);
const constant = (value: unknown): fc.Arbitrary<unknown> => fc.constant(value);

/** Aliases are given names of collections as well, and collections those of aliases. */
const anyCall: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: call("createCollection", { collection_name: name, fields }) },
  { weight: 1, arbitrary: call("dropCollection", { collection_name: name }) },
  { weight: 2, arbitrary: call("describeCollection", { collection_name: name }) },
  {
    weight: 1,
    arbitrary: call("renameCollection", {
      collection_name: name,
      new_collection_name: name,
      new_db_name: database,
    }),
  },
  { weight: 1, arbitrary: call("alterCollectionProperties", { collection_name: name, properties: ttl }) },
  { weight: 2, arbitrary: call("createPartition", { collection_name: name, partition_name: partition }) },
  { weight: 1, arbitrary: call("dropPartition", { collection_name: name, partition_name: partition }) },
  { weight: 1, arbitrary: call("showPartitions", { collection_name: name }) },
  {
    weight: 1,
    arbitrary: call("releasePartitions", {
      collection_name: name,
      partition_names: partition.map((one) => [one]),
    }),
  },
  {
    weight: 2,
    arbitrary: call("createIndex", {
      collection_name: name,
      index_name: indexName,
      field_name: fc.constantFrom("embedding", "number", "nothing"),
      index_type: fc.constantFrom("FLAT", "STL_SORT", ""),
      metric_type: constant("L2"),
    }),
  },
  { weight: 1, arbitrary: call("dropIndex", { collection_name: name, index_name: indexName }) },
  { weight: 1, arbitrary: call("describeIndex", { collection_name: name, index_name: indexName }) },
  { weight: 2, arbitrary: call("createAlias", { collection_name: name, alias: name }) },
  { weight: 1, arbitrary: call("alterAlias", { collection_name: name, alias: name }) },
  { weight: 1, arbitrary: call("dropAlias", { alias: name }) },
  { weight: 1, arbitrary: call("describeAlias", { collection_name: name, alias: name }) },
  { weight: 1, arbitrary: call("listAliases", { collection_name: name }) },
  { weight: 1, arbitrary: call("getLoadState", { collection_name: name }) },
  {
    weight: 1,
    arbitrary: call("loadPartitions", { collection_name: name, partition_names: constant(["nothing"]) }),
  },
  { weight: 1, arbitrary: fc.constant<Step>(["createDatabase", { db_name: "$d" }]) },
  { weight: 1, arbitrary: fc.constant<Step>(["dropDatabase", { db_name: "$d" }]) },
);

/** Nothing is left on either server, whatever the calls before did. */
const CLEANING: readonly Step[] = [undefined, "$d"].flatMap((db_name) => [
  ...NAMES.map((alias): Step => ["dropAlias", { db_name, alias }]),
  ...NAMES.map((collection_name): Step => ["dropCollection", { db_name, collection_name }]),
]);

/** An index of that name and one on that field: whichever comes first in a Go map. */
const INDEX_IN_THE_WAY =
  /at most one distinct index is allowed per field|creating multiple indexes on same field is not supported/g;

export function randomSequences(seed: number, sequences: number, calls: number): Sequence[] {
  return fc
    .sample(fc.array(anyCall, { minLength: calls, maxLength: calls }), { seed, numRuns: sequences })
    .map((steps, at) => ({
      name: `random calls, number ${at} of seed ${seed}`,
      anyOf: INDEX_IN_THE_WAY,
      steps: [...steps, ...CLEANING, ["dropDatabase", { db_name: "$d" }]],
    }));
}
