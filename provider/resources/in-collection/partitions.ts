/** What a Partition and a PartitionSet have in common: the rules of partitions, what they hold, and their removal. */
import { log } from "../../core/log";
import type { DataLoss, Standing } from "../../core/resource";
import type { Report } from "../../core/shapes";
import type { Milvus } from "../../milvus/gateway";
import type { LoadedAs } from "../../milvus/loading";
import { aCollection, aPartition, type CollectionRef, type PartitionRef } from "../../milvus/names";
import { asError } from "../../milvus/shared-reads";
import { countOf, EMPTY_IN_WORDS, heldInWords, lossOf, whetherEmpty } from "../common/counts";
import { refuseToTakeOver, takenOver } from "../common/standing";
import { goesWithCollection } from "./decided";
import { collectionOf, findOurs, findOursToChange, idOfCollection, lossOfCollection } from "./collection";
import { gathered, type Outcomes, type Removal, within } from "./removals";
import { covers, howLoaded, reasonOf, withTimeToLoad } from "../loads/reload";
import { dropWhileReleased } from "../loads/while-released";

/** A partition as a state knows it. */
export interface KnownPartition extends PartitionRef {
  readonly collectionId?: string;
  readonly partitionId?: string;
}

/** Made by Milvus with every collection, and never dropped. */
export const DEFAULT_PARTITION = "_default";

export function refuseDefaultPartition(property: string, partitionName: string, report: Report): void {
  if (partitionName === DEFAULT_PARTITION)
    report(
      property,
      `${DEFAULT_PARTITION} is Milvus's own partition of every collection and cannot be declared`,
    );
}

export function refusePartitionKey(partitionKeyField: unknown, report: Report): void {
  if (typeof partitionKeyField === "string")
    report(
      "collection",
      `the collection has a partition key (${partitionKeyField}), so Milvus makes and fills its partitions itself; ` +
        "set numPartitions on the collection and declare no partitions",
    );
}

export const describePartition = ({ partitionName, collectionName }: Partial<PartitionRef>): string =>
  `partition ${partitionName} of collection ${collectionName}`;

export const partitionId = ({ databaseName, collectionName, partitionName }: PartitionRef): string =>
  `${databaseName}/${collectionName}/${partitionName}`;

export function isAnother(known: string | undefined, found: string | undefined): boolean {
  return Boolean(known && found) && known !== found;
}

/** What dropping it would lose; nothing when it is gone, another one now, empty, or goes with its collection. */
export async function lossOfPartition(
  milvus: Milvus,
  known: KnownPartition,
  prove: boolean,
): Promise<readonly DataLoss[]> {
  if (goesWithCollection(milvus, known)) return [];
  // At --replace and for what is tainted the engine asks for no diff of the collection, and partitions go first.
  if (milvus.run.claimed.isAnnounced({ kind: "Collection", id: idOfCollection(known) }))
    return lossOfCollection(milvus, known, prove);
  const collection = await findOurs(milvus, known);
  // In a collection that was renamed it is counted under the new name, and known by the old one.
  const ref = collection && { ...known, ...collectionOf(collection) };
  const found = ref && (await milvus.partitions.find(ref));
  if (!found || isAnother(known.partitionId, found.partitionId)) return [];
  const of = { id: partitionId(known), object: describePartition(known) };
  return lossOf(of, await countOf(milvus, ref, prove));
}

/** Takes over what exists already, or refuses all of it before anything is said. */
export async function takeOverPartitions(
  milvus: Milvus,
  existing: readonly PartitionRef[],
  of: Adoption,
): Promise<void> {
  const found = isTaken(of)
    ? await Promise.all(existing.map((ref) => standingPartition(milvus, ref, of)))
    : await provenEmpty(milvus, existing, of);
  existing.forEach((ref, at) => takenOver(aPartition(ref), found[at] as Standing));
}

/** One after another: a proof writes out the whole collection, and the next one finds that done. */
async function provenEmpty(
  milvus: Milvus,
  existing: readonly PartitionRef[],
  of: Adoption,
): Promise<Standing[]> {
  const found: Standing[] = [];
  for (const ref of existing) {
    const standing = await standingPartition(milvus, ref, of, true);
    refuseToTakeOver(standing);
    found.push(standing);
  }
  return found;
}

/** What a program says of what is there already. */
export interface Adoption {
  /** Of the collection that it stands in; missing where the program only names that one. */
  readonly collectionId?: string;
  readonly adopt?: boolean;
}

function isTaken({ collectionId, adopt }: Adoption): boolean {
  return collectionId !== undefined || adopt === true;
}

/** One that exists: ours inside a collection of this stack, when empty, or when asked for; what holds data of others is not. */
export async function standingPartition(
  milvus: Milvus,
  ref: PartitionRef,
  of: Adoption,
  prove = false,
): Promise<Standing> {
  const count = isTaken(of) ? undefined : await countOf(milvus, ref, prove);
  const empty = count ? whetherEmpty(count) : "full";
  if (empty !== "full") return { inWords: EMPTY_IN_WORDS[empty] };
  const held = await heldInWords(count ?? milvus.entities.countPartition(ref));
  const refusal =
    `${aPartition(ref)} exists already and holds ${held}. To manage it from here, with its data, set ` +
    "`adopt: true`; otherwise choose another partitionName";
  return { inWords: `it holds ${held}`, ...(!isTaken(of) && { refusal }) };
}

type PartitionRemoval = Removal<KnownPartition>;

/** Drops it, released together with the others of its collection that go at the same time. */
export const removePartition = gathered(removeAll, aPartition);

/** Releases the partitions of one collection together and drops each; answers for each by itself. */
async function removeAll(asked: readonly PartitionRemoval[]): Promise<Outcomes> {
  const [{ milvus, state }] = asked as [PartitionRemoval];
  const collection = await findOursToChange(milvus, state);
  if (!collection) return asked.map(() => undefined);
  const siblings = within(collection, asked);
  const present = await presentOf(milvus, siblings);
  const { held, released, before, failure: notReleased } = await countAndRelease(milvus, present);
  const outcomes = await Promise.all(
    siblings.map(async (sibling) => {
      const words = held.get(sibling);
      if (words === undefined) return undefined;
      return notReleased ?? drop(sibling.milvus, sibling.state, words).catch(asError);
    }),
  );
  const left = siblings
    .filter((_, at) => outcomes[at] !== undefined)
    .map((sibling) => sibling.state.partitionName)
    .filter((name) => released.includes(name));
  if (left.length === 0) return outcomes;
  const failure = await loadAgain(milvus, collectionOf(collection), left, before).catch(asError);
  return failure
    ? outcomes.map(
        (outcome) =>
          outcome && new Error(`${outcome.message}. Besides, ${failure.message}`, { cause: outcome }),
      )
    : outcomes;
}

/** What was released and could not be dropped. */
async function loadAgain(
  milvus: Milvus,
  ref: CollectionRef,
  partitionNames: readonly string[],
  before: LoadedAs | undefined,
): Promise<void> {
  const operation = withTimeToLoad(milvus);
  try {
    const now = await howLoaded(operation, ref);
    // Perhaps it was the release that failed.
    if (covers(now, partitionNames)) return;
    const loadedAs = now ?? before ?? { replicaNumber: 1, resourceGroups: [] };
    await operation.loading.loadAs(ref, { ...loadedAs, partitionNames });
  } catch (error) {
    throw new Error(
      `partitions ${partitionNames.join(", ")} of ${aCollection(ref)} were loaded, had to be released and could not be ` +
        `loaded again: ${reasonOf(error)}`,
      { cause: error },
    );
  }
  log(`partitions ${partitionNames.join(", ")} of ${aCollection(ref)} are loaded again`);
}

/** Those that are still there and still the ones in the state. */
async function presentOf(milvus: Milvus, siblings: readonly PartitionRemoval[]): Promise<PartitionRemoval[]> {
  const found = await Promise.all(siblings.map(({ state }) => milvus.partitions.find(state)));
  return siblings.filter(({ state }, index) => {
    const partition = found[index];
    if (partition && isAnother(state.partitionId, partition.partitionId))
      log(`${aPartition(state)} was made again by somebody else: it is not ours and nothing is dropped`);
    return partition !== undefined && !isAnother(state.partitionId, partition.partitionId);
  });
}

interface Released {
  readonly held: ReadonlyMap<PartitionRemoval, string>;
  /** Those that were loaded. */
  readonly released: readonly string[];
  /** How the collection was loaded, where nothing of it is any more. */
  readonly before?: LoadedAs;
  /** Of the release, which may have happened all the same. */
  readonly failure?: Error;
}

/** How much each holds, counted while it is still loaded. */
async function countAndRelease(milvus: Milvus, siblings: readonly PartitionRemoval[]): Promise<Released> {
  const [first] = siblings;
  if (!first) return { held: new Map(), released: [] };
  const ref = collectionOf(first.state);
  const loaded = await milvus.loading.loadedPartitions(ref);
  const held = new Map(
    await Promise.all(
      siblings.map(async (sibling): Promise<[PartitionRemoval, string]> => [
        sibling,
        await heldInWords(milvus.entities.countPartition(sibling.state, loaded)),
      ]),
    ),
  );
  const released = siblings.map(({ state }) => state.partitionName).filter((name) => loaded.includes(name));
  if (released.length === 0 || !(await milvus.supports("releasePartitions"))) return { held, released: [] };
  const before = released.length === loaded.length ? await howLoaded(milvus, ref) : undefined;
  const failure = await milvus.loading.releasePartitions(ref, released).catch(asError);
  return { held, released, ...(before && { before }), ...(failure && { failure }) };
}

async function drop(milvus: Milvus, ref: PartitionRef, held: string): Promise<undefined> {
  await dropWhileReleased(
    milvus,
    () => milvus.partitions.drop(ref),
    () => milvus.loading.releasePartitions(ref, [ref.partitionName]),
  );
  log(`dropped ${aPartition(ref)} with ${held}`);
  if (milvus.run.loads.declaredOf(ref)?.partitionNames?.includes(ref.partitionName))
    log(
      `warning: the CollectionLoad of ${aCollection(ref)} still names ${ref.partitionName} in partitionNames: take it out ` +
        "there as well",
    );
}
