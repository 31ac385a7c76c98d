/**
 * Scratch collections: where something is tried before what it replaces is dropped. They are empty, live for some
 * milliseconds and are nobody's: no list and no report shows them. One that a run left behind which died is dropped by
 * the next run that tries something in place of the same object, and by any other an hour later.
 */
import { createHash, randomBytes } from "node:crypto";

import { log } from "../../core/log";
import type { CollectionSpec } from "../../milvus/collections";
import { isDenied, isSilence, MilvusError, orNothing, UnsupportedError } from "../../milvus/errors";
import type { Milvus } from "../../milvus/gateway";
import { aCollection, type CollectionRef, keyOf } from "../../milvus/names";
import { asError } from "../../milvus/shared-reads";

const PREFIX = "_pulumi_milvus_scratch_";
/** When it was made (UTC), for which collection (a hash of its name), and something that nobody else has. */
const FORM = /^_pulumi_milvus_scratch_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)_([0-9a-f]{8})_[0-9a-f]{8}$/;
const DESCRIPTION = "Scratch collection of pulumi-milvus, on which something is tried; it can be dropped";

/** After so many milliseconds nobody is at work on it any more. Clocks differ from machine to machine. */
const ABANDONED_AFTER = 3_600_000;
/** For its drop at least, in seconds: also where the operation's own time is up. */
const DROP_TIME = 5;

export function isScratch(collectionName: string): boolean {
  return FORM.test(collectionName);
}

/** Whether something was tried on it that was to come in place of that collection, or into it. */
export function isScratchOf(original: CollectionRef, collectionName: string): boolean {
  return FORM.exec(collectionName)?.[7] === hashOf(original);
}

/** What is tried there has this schema. */
export type ScratchSchema = Omit<CollectionSpec, keyof CollectionRef | "description">;

export interface Scratch {
  readonly ref: CollectionRef;
  /** Fails when nobody answers; that the server does not drop it is told. */
  readonly drop: () => Promise<void>;
}

/**
 * Throws what the server says to such a schema, or {@link Untried}. `isFirst`: whoever tries again leaves alone what
 * stands there, since two that take each other's scratch for a leftover would never end.
 */
export async function makeScratch(
  milvus: Milvus,
  original: CollectionRef,
  schema: ScratchSchema,
  isFirst = true,
): Promise<Scratch> {
  if (isFirst) await dropLeftovers(milvus, original);
  const ref = { databaseName: original.databaseName, collectionName: newName(original) };
  const drop = (): Promise<void> => dropScratch(milvus, ref);
  try {
    await milvus.collections.create({ ...schema, ...ref, description: DESCRIPTION });
  } catch (error) {
    // Of a call that was not answered nobody knows what came of it.
    if (endsTrial(error)) await drop().catch(() => undefined);
    throw error;
  }
  return { ref, drop };
}

/** Nothing could be tried, for a reason that says nothing of what was to be tried. */
export class Untried extends Error {
  override readonly name = "Untried";
}

/** Memory, requests, disk, rates, quotas and nodes; collections of a database and in all: pkg/util/merr of milvus-io/milvus. */
const LIMIT_CODES: ReadonlySet<unknown> = new Set([3, 4, 7, 8, 9, 11, 12, 102, 250]);
/** Servers before 2.4 have no code for some of them. */
const LIMIT_REASONS =
  /limit number of collections|maxCollectionNum|general capacity|rate limit|quota|permission deny/i;

/** Whether an error says nothing of what was tried: the user may not try it, or a limit of the server is reached. */
export function isBeside(error: unknown): boolean {
  if (error instanceof Untried || error instanceof UnsupportedError || isDenied(error)) return true;
  return (
    error instanceof MilvusError &&
    (LIMIT_CODES.has(error.failure.code) || LIMIT_REASONS.test(error.failure.reason))
  );
}

/** Nobody answered, or nobody knows what happened: then nothing is dropped either. */
export function endsTrial(error: unknown): boolean {
  const isAnswer =
    error instanceof MilvusError || error instanceof UnsupportedError || error instanceof Untried;
  return !isAnswer || isSilence(error);
}

/** In the server's words where it has some. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof MilvusError)) return asError(error).message;
  const { operation, reason, code } = error.failure;
  return `${operation}: ${reason}${code === undefined ? "" : ` (code ${code})`}`;
}

function newName(original: CollectionRef): string {
  const now = new Date().toISOString().replaceAll(/[-:]|\.\d+Z$/g, "");
  return `${PREFIX}${now}_${hashOf(original)}_${randomBytes(4).toString("hex")}`;
}

function hashOf(original: CollectionRef): string {
  return createHash("sha256").update(keyOf(original)).digest("hex").slice(0, 8);
}

/** When nobody answers the operation fails, and the next run drops what is left. */
async function dropScratch(milvus: Milvus, ref: CollectionRef): Promise<void> {
  const rest = (milvus.deadline - Date.now()) / 1_000;
  try {
    await milvus.within(Math.max(rest, DROP_TIME)).collections.drop(ref);
  } catch (error) {
    if (endsTrial(error)) throw error;
    log(
      `warning: scratch ${aCollection(ref)} could not be dropped: ${reasonOf(error)}. It is empty: drop it`,
    );
  }
}

/**
 * What a run left that tried something in place of the same object; and what anybody left long ago. Also called where
 * nothing is left to try: a run that died may have dropped the old one, which it does side by side with the scratch.
 */
export async function dropLeftovers(milvus: Milvus, original: CollectionRef): Promise<void> {
  const { databaseName } = original;
  const listed = await milvus.collections.list(databaseName).catch((error: unknown) => {
    if (endsTrial(error)) throw error;
    return [];
  });
  for (const { collectionName } of listed) {
    if (!isScratch(collectionName)) continue;
    const isOfSame = isScratchOf(original, collectionName);
    if (!isOfSame && Date.now() - madeAt(collectionName) < ABANDONED_AFTER) continue;
    const ref = { databaseName, collectionName };
    const stays = await dropLeftover(milvus, ref).catch((error: unknown) => error);
    // Where scratch collections cannot be dropped there is one at most.
    if (isOfSame && stays !== undefined)
      throw new Untried(
        `scratch ${aCollection(ref)} of an earlier run is there and could not be dropped: ${reasonOf(stays)}. Drop it`,
      );
  }
}

/** In milliseconds since the epoch. */
function madeAt(collectionName: string): number {
  const [, year, month, day, hour, minute, second] = FORM.exec(collectionName) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** Only what is empty and says that it is one. Whose it is may drop it meanwhile. */
function dropLeftover(milvus: Milvus, ref: CollectionRef): Promise<undefined> {
  return orNothing(dropIfOurs(milvus, ref));
}

async function dropIfOurs(milvus: Milvus, ref: CollectionRef): Promise<undefined> {
  const found = await milvus.collections.find(ref);
  if (!found) return;
  // Milvus Lite keeps no descriptions.
  if (found.description !== undefined && found.description !== DESCRIPTION)
    throw new Untried("its description is another one");
  if (!(await milvus.entities.isProvablyEmpty(ref))) throw new Untried("it holds entities");
  await milvus.collections.drop(ref);
  log(`dropped scratch ${aCollection(ref)}, which a run left behind that did not end`);
}

/** A database is not dropped while anything is in it. */
export async function dropAllScratches(milvus: Milvus, databaseName: string): Promise<void> {
  const listed = await milvus.collections.list(databaseName);
  for (const { collectionName } of listed)
    if (isScratch(collectionName))
      await dropLeftover(milvus, { databaseName, collectionName }).catch((error: unknown) => {
        if (endsTrial(error)) throw error;
      });
}
