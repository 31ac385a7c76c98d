/** What whoever searches through an alias finds, before and after it moves. */
import { log } from "../../core/log";
import type { ServedLess } from "../../core/resource";
import { thousands } from "../../core/thousands";
import type { EntityCount } from "../../milvus/entities";
import type { Milvus } from "../../milvus/gateway";
import { type AliasRef, anAlias, type CollectionRef } from "../../milvus/names";
import { asError } from "../../milvus/shared-reads";
import { entities } from "../common/counts";

export type OnFewerEntities = "allow" | "warn" | "refuse";

interface Move extends AliasRef, CollectionRef {
  readonly fewerEntities?: OnFewerEntities;
}

/**
 * What a move of the alias would make fewer, as far as that is certain without writing anything: a collection that this
 * run has yet to make holds nothing. Nothing when it is allowed, or not fewer.
 */
export async function servedLess(milvus: Milvus, wanted: Move): Promise<ServedLess | undefined> {
  if (wanted.fewerEntities !== "refuse") return undefined;
  const from = await milvus.aliases.target(wanted);
  if (from === undefined || from === wanted.collectionName) return undefined;
  const [today, would] = await Promise.all([
    countIfThere(milvus, { ...wanted, collectionName: from }),
    countIfThere(milvus, wanted),
  ]);
  if (today.kind === "unknown" || would.kind !== "exact") return undefined;
  return would.rows < today.rows ? asLess(wanted, from, today.rows, would.rows) : undefined;
}

/** Before an alias is moved: throws when it would serve fewer entities and nobody said that it may. */
export async function demandAsMany(milvus: Milvus, wanted: Move, from: string): Promise<void> {
  const { fewerEntities = "allow" } = wanted;
  if (fewerEntities === "allow") return;
  const counts = [{ ...wanted, collectionName: from }, wanted].map((ref) =>
    milvus.entities.countWritten(ref),
  );
  const counted = await Promise.all(counts).catch(asError);
  if (counted instanceof Error) {
    const unknown = `${anAlias(wanted)}: what it would serve could not be counted: ${counted.message}`;
    if (fewerEntities === "refuse") throw new Error(`${unknown}. It is not moved. ${WAYS_OUT}`);
    log(`warning: ${unknown}`);
    return;
  }
  const [today = 0, would = 0] = counted;
  if (would >= today) return;
  const less = asLess(wanted, from, today, would);
  if (fewerEntities === "refuse") throw refusal(less);
  log(`warning: ${inWords(less, "serves", "before")}`);
}

const WAYS_OUT =
  "Fill the new collection first, with filledBy of a CollectionBehindAlias; or say that it may serve fewer, with " +
  'startsEmpty: true there and fewerEntities: "allow" of an Alias';

/** As the report, the preview and `up` call it. */
export function refusal(less: ServedLess): Error {
  return new Error(`${inWords(less)}. It is not moved, and goes on serving what it serves. ${WAYS_OUT}`);
}

export function inWords(
  { object, from, to, today, would }: ServedLess,
  verb = "would serve",
  before = "today",
) {
  return `${object} ${verb} ${entities(would)}, ${before} ${thousands(today)} (collection ${to} instead of ${from})`;
}

function asLess(wanted: Move, from: string, today: number, would: number): ServedLess {
  return { object: `alias ${wanted.aliasName}`, from, to: wanted.collectionName, today, would };
}

/** Whether the one holds fewer entities than the other, or may: what is not counted exactly may. */
export async function wouldServeLess(
  milvus: Milvus,
  today: CollectionRef,
  successor: CollectionRef,
): Promise<boolean> {
  const [before, after] = await Promise.all([countIfThere(milvus, today), countIfThere(milvus, successor)]);
  return before.kind !== "exact" || after.kind === "unknown" || after.rows < before.rows;
}

async function countIfThere(milvus: Milvus, ref: CollectionRef): Promise<EntityCount> {
  const found = await milvus.collections.find(ref);
  return found ? milvus.entities.countCollection(found) : { kind: "exact", rows: 0 };
}
