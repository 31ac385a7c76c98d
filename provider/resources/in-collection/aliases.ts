/** What an Alias and the collection that it points at have to know of each other in one run. */
import { setTimeout as sleep } from "node:timers/promises";

import type { CollectionDescription } from "../../milvus/collections";
import type { Milvus } from "../../milvus/gateway";
import { inTime } from "../../milvus/in-time";
import { aCollection, type AliasRef, anAlias, type CollectionRef } from "../../milvus/names";

const keyOf = ({ databaseName, aliasName }: AliasRef): string => `${databaseName}/${aliasName}`;

/** What becomes of aliases in a run. */
export class AliasesOfRun {
  private readonly following = new Set<string>();
  private readonly drops = new Map<string, Promise<void>>();

  /**
   * The engine updates an alias of the stack once its collection was recreated under the same name, so that it is no
   * reason to keep the old one.
   */
  followsReplacement(alias: AliasRef): void {
    this.following.add(keyOf(alias));
  }

  isFollowing(alias: AliasRef): boolean {
    return this.following.has(keyOf(alias));
  }

  dropping(alias: AliasRef, work: Promise<void>): Promise<void> {
    this.drops.set(keyOf(alias), work);
    return work;
  }

  /** Its drop that is under way, or done. */
  dropOf(alias: AliasRef): Promise<void> | undefined {
    return this.drops.get(keyOf(alias));
  }
}

/**
 * How long a collection waits for the engine to ask for the drop of an alias that does not depend on it, in milliseconds:
 * one of a name that is an output of something else, or in a state of a version that made none depend on it by its name.
 */
const SIDE_BY_SIDE = 300;

/**
 * Throws when an alias is in the way of a drop. The engine drops an alias that names its collection only by its name
 * side by side with it: that is waited for.
 */
export async function refuseWhileAliased(milvus: Milvus, found: CollectionDescription): Promise<Aliased> {
  const moves = milvus.run.aliases;
  const before = await aliased(milvus, found);
  if (inTheWay(before, moves).length === 0) return before;
  await sleep(SIDE_BY_SIDE);
  // A drop that failed tells so itself, and leaves the alias in the way.
  const underWay = inTheWay(before, moves).flatMap(
    (aliasName) => moves.dropOf({ ...found, aliasName }) ?? [],
  );
  await inTime(Promise.allSettled(underWay), milvus.deadline, () => new Error()).catch(() => undefined);
  const again = await milvus.collections.find(found);
  const now = again ? await aliased(milvus, again) : { ...before, aliases: [] };
  const [alias, ...others] = inTheWay(now, moves);
  if (alias === undefined) return now;
  throw new Error(
    `${aCollection(found)} is not dropped: ${[alias, ...others].map((name) => `alias ${name}`).join(", ")} ` +
      `${others.length === 0 ? "points" : "point"} at it, and whoever uses ${alias} would find nothing. Point ` +
      "it at another collection or drop it first, then run the same command again. An Alias of the program goes, and " +
      "moves, with its collection when it is given the Collection itself as `collection`",
  );
}

/** A collection, and what points at it. */
interface Aliased extends CollectionRef {
  readonly aliases: readonly string[];
}

async function aliased(milvus: Milvus, found: CollectionDescription): Promise<Aliased> {
  const { databaseName, collectionName } = found;
  return { databaseName, collectionName, aliases: await milvus.aliases.of(found) };
}

function inTheWay({ databaseName, aliases }: Aliased, moves: AliasesOfRun): string[] {
  return aliases.filter((aliasName) => !moves.isFollowing({ databaseName, aliasName }));
}

/**
 * Drops a collection whose aliases are all pointed at its successor afterwards. Newer servers keep a collection that
 * has one; older ones leave the alias pointing nowhere, which costs nothing more and needs no second step.
 */
export async function dropUnderAliases(milvus: Milvus, found: Aliased): Promise<void> {
  const keep = found.aliases.length > 0 && (await milvus.supports("aliasKeepsCollection"));
  const refs = keep ? found.aliases.map((aliasName) => ({ ...found, aliasName })) : [];
  for (const ref of refs) await milvus.aliases.drop(ref);
  try {
    await milvus.collections.drop(found);
  } catch (error) {
    await Promise.all(refs.map((ref) => restore(milvus, ref, found.collectionName)));
    throw error;
  }
}

/** The collection lives on: whoever searches through the alias must not lose it. */
async function restore(milvus: Milvus, ref: AliasRef, collectionName: string): Promise<void> {
  await milvus.aliases.create(ref, collectionName).catch((error: unknown) => {
    throw new Error(
      `${anAlias(ref)} was dropped for the replacement of ${aCollection({ ...ref, collectionName })}, which failed, ` +
        `and could not be made again; run the same command again: ${String(error)}`,
    );
  });
}
