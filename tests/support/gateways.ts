/** Gateways to the test servers, and what tests need beyond what a gateway does: rows, aliases, names of their own. */
import { randomBytes } from "node:crypto";

import type { Field } from "../../provider/milvus/fields";
import { Milvus } from "../../provider/milvus/gateway";
import { Run } from "../../provider/run";
import { aCollection, type CollectionRef, wire } from "../../provider/milvus/names";
import { settingsOf, type TestServer } from "./servers";

export function gatewayTo(server: TestServer): Milvus {
  return Milvus.at(settingsOf(server), new Run());
}

/** A name that no other test uses. */
export function uniqueName(what: string): string {
  return `${what}_${randomBytes(5).toString("hex")}`;
}

export const DIM = 4;
export const ID: Field = { name: "id", dataType: "Int64", isPrimaryKey: true };
export const VECTOR: Field = { name: "embedding", dataType: "FloatVector", dim: DIM };
export const NUMBER: Field = { name: "number", dataType: "Int64" };

export interface Rows {
  readonly rows: number;
  readonly partition?: string;
  /** The first id. */
  readonly from?: number;
}

export async function insertRows(
  milvus: Milvus,
  ref: CollectionRef,
  { rows, partition, from = 0 }: Rows,
): Promise<void> {
  await milvus.call({
    operation: "Insert",
    object: aCollection(ref),
    run: (client, timeout) =>
      client.insert({
        ...wire(ref),
        ...(partition !== undefined && { partition_name: partition }),
        data: Array.from({ length: rows }, (_, at) => ({
          id: from + at,
          number: at,
          embedding: Array.from({ length: DIM }, (_, dimension) => at + dimension),
        })),
        timeout,
      }),
  });
}

export async function createAlias(milvus: Milvus, ref: CollectionRef, alias: string): Promise<void> {
  await milvus.call({
    operation: "CreateAlias",
    object: alias,
    run: (client, timeout) => client.createAlias({ ...wire(ref), alias, timeout }),
  });
}

export async function dropAlias(milvus: Milvus, aliasName: string): Promise<void> {
  await milvus.aliases.drop({ databaseName: milvus.database, aliasName });
}
