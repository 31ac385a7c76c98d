/**
 * Nothing goes before its successor is proven: before an index is dropped for another, or a collection for its
 * replacement, the server has accepted the new one on a scratch collection of the same shape. What rows would bring to
 * light shows later, and Milvus judges parameters when the index is declared.
 */
import { log } from "../../core/log";
import { containsUnknown } from "../../core/unknown";
import type { CollectionDescription, CollectionSpec } from "../../milvus/collections";
import { NotFoundError } from "../../milvus/errors";
import { type Field, withoutUndefined } from "../../milvus/fields";
import type { Milvus } from "../../milvus/gateway";
import type { IndexSpec } from "../../milvus/indexes";
import { aCollection, anIndex, type CollectionRef } from "../../milvus/names";
import { asError } from "../../milvus/shared-reads";
import {
  isBeside,
  endsTrial,
  makeScratch,
  reasonOf,
  type Scratch,
  type ScratchSchema,
  Untried,
} from "./scratch-collections";

/** Somebody else's run, on the same collection at the same time, takes a scratch for one that was left behind. */
const ATTEMPTS = 3;

export interface Proof<Successor> {
  /** What the server says to those that it does not take. */
  readonly refused: ReadonlyMap<Successor, unknown>;
  /** When the scratch collection is gone: Milvus from 2.6 on takes a second for a drop. To be awaited at the end. */
  readonly gone: Promise<void>;
}

const nothingTried = <Successor>(): Proof<Successor> => ({ refused: new Map(), gone: Promise.resolve() });

/** All on one scratch collection. Throws when nobody answers: then nothing is to be dropped either. */
export async function proveIndexes<Successor extends IndexSpec>(
  milvus: Milvus,
  collection: CollectionDescription,
  successors: readonly Successor[],
): Promise<Proof<Successor>> {
  const known = successors.filter((one) => !containsUnknown(one));
  if (known.length === 0) return nothingTried();
  for (let attempt = 1; ; attempt++) {
    let scratch: Scratch;
    try {
      scratch = await makeScratch(milvus, collection, shapeFor(collection, known), attempt === 1);
    } catch (error) {
      if (endsTrial(error)) throw error;
      for (const one of known) logUntried(anIndex(one), error);
      return nothingTried();
    }
    const proof = await tryIndexes(milvus, scratch, known);
    if (proof) return proof;
    if (attempt === ATTEMPTS) {
      for (const one of known) logUntried(anIndex(one), new Untried("somebody else drops it each time"));
      return nothingTried();
    }
  }
}

/** Nothing when the scratch collection went meanwhile. */
async function tryIndexes<Successor extends IndexSpec>(
  milvus: Milvus,
  { ref, drop }: Scratch,
  successors: readonly Successor[],
): Promise<Proof<Successor> | undefined> {
  const errors = await Promise.all(
    successors.map((one) =>
      milvus.indexes.create({ ...one, ...ref }).then(
        () => undefined,
        (error: unknown) => error,
      ),
    ),
  );
  if (errors.some((error) => error instanceof NotFoundError)) return undefined;
  const gone = underWay(drop());
  const silence = errors.find((error) => error !== undefined && endsTrial(error));
  if (silence !== undefined) {
    await gone.catch(() => undefined);
    throw asError(silence);
  }
  const refused = new Map<Successor, unknown>();
  successors.forEach((one, at) => {
    const error = errors[at];
    if (error === undefined) return;
    if (isBeside(error)) logUntried(anIndex(one), error);
    else refused.set(one, error);
  });
  return { refused, gone };
}

/**
 * The whole schema, since some rules look at other fields; of functions only those that fill what is indexed: others may
 * ask a model for an answer. With one shard and one partition, which cost least.
 */
function shapeFor(
  { fields, functions = [], enableDynamicField, properties }: CollectionDescription,
  successors: readonly IndexSpec[],
): ScratchSchema {
  const indexed = new Set(successors.map(({ fieldName }) => fieldName));
  const filling = functions.filter(({ outputFieldNames = [] }) =>
    outputFieldNames.some((name) => indexed.has(name)),
  );
  const isolation = properties["partitionkey.isolation"];
  return withoutUndefined({
    fields: fields.map(withoutDefault),
    functions: filling,
    enableDynamicField,
    shardsNum: 1,
    numPartitions: fields.some(({ isPartitionKey }) => isPartitionKey) ? 1 : undefined,
    // With it Milvus takes other index types.
    properties: isolation === undefined ? undefined : { "partitionkey.isolation": isolation },
  });
}

/** No index hangs on it. */
function withoutDefault({ defaultValue: _, ...field }: Field): Field {
  return field;
}

/**
 * Throws when the server does not take the new collection, or nobody answers; gives back when the scratch collection is
 * gone. The old one is dropped meanwhile: Milvus from 2.6 on takes a second for each.
 */
export async function proveCollection(
  milvus: Milvus,
  old: CollectionRef,
  successor: CollectionSpec,
): Promise<{ readonly gone: Promise<void> }> {
  const { fields, functions, enableDynamicField, consistencyLevel, shardsNum, numPartitions, properties } =
    successor;
  const schema = withoutUndefined({
    fields,
    functions,
    enableDynamicField,
    consistencyLevel,
    shardsNum,
    numPartitions,
    properties,
  }) as ScratchSchema;
  try {
    const { drop } = await makeScratch(milvus, old, schema);
    return { gone: underWay(drop()) };
  } catch (error) {
    if (endsTrial(error)) throw error;
    if (!isBeside(error)) throw refusedSuccessor(aCollection(old), error);
    logUntried(aCollection(old), error);
    return nothingTried();
  }
}

/** Something that is awaited later: Node ends a process over one that fails before. */
function underWay<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

/** The error of a drop that is for a replacement which cannot be made. */
export function refusedSuccessor(object: string, error: unknown): Error {
  return new Error(
    `${object} is not dropped, because its replacement cannot be made: tried on a scratch collection first, Milvus ` +
      `refuses it (${reasonOf(error)}). It stays as it is. Correct the program, or declare it as it was`,
  );
}

function logUntried(object: string, error: unknown): void {
  log(
    `warning: ${object} as the program wants it could not be tried on a scratch collection first (${reasonOf(error)}): ` +
      "what needs no server was checked, and the present one is dropped",
  );
}
