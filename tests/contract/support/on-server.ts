/** What a server has of an object, from its raw answer: without names, ids, times and any order that means nothing. */
import { type MilvusClient, promisify } from "@zilliz/milvus2-sdk-node";

import { asStrings } from "../../../provider/core/shapes";
import { keyValues } from "../../../provider/milvus/fields";
import type { Values } from "../../support/declared";

export type OnServer = (inputs: Values) => Promise<unknown>;

const TIMEOUT = 30_000;

interface Pair {
  readonly key: string;
  readonly value: string;
}

interface RawField extends Values {
  readonly name: string;
  readonly type_params: readonly Pair[];
}

interface RawCollection {
  readonly schema: Values & { readonly fields: readonly RawField[] };
  readonly properties: readonly Pair[];
  readonly shards_num: number;
  readonly consistency_level: unknown;
}

export const collectionOnServer =
  (client: MilvusClient): OnServer =>
  async ({ databaseName, collectionName }) => {
    const request = { db_name: databaseName, collection_name: collectionName };
    const raw = (await promisify(
      client.channelPool,
      "DescribeCollection",
      request,
      TIMEOUT,
    )) as RawCollection;
    const { fields, name: _, ...schema } = raw.schema;
    return {
      ...schema,
      fields: fields
        .map(({ fieldID: __, type_params, ...field }) => ({ ...field, params: keyValues(type_params) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      properties: keyValues(raw.properties),
      shards: raw.shards_num,
      consistencyLevel: raw.consistency_level,
    };
  };

export const indexOnServer =
  (client: MilvusClient): OnServer =>
  async ({ databaseName, collectionName, indexName }) => {
    const request = { db_name: databaseName, collection_name: collectionName, index_name: indexName };
    const raw = (await promisify(client.channelPool, "DescribeIndex", request, TIMEOUT)) as {
      readonly index_descriptions: readonly {
        readonly field_name: string;
        readonly params: readonly Pair[];
      }[];
    };
    const [{ field_name, params }] = raw.index_descriptions as [(typeof raw.index_descriptions)[number]];
    const { params: text = "{}", ...others } = keyValues(params);
    return { field: field_name, ...others, params: asStrings(JSON.parse(text) as Values) };
  };
