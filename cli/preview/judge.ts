/** Asks the live servers what each planned change costs. Reads only. */
import { assess, type AssessedLoss } from "../../provider/lifecycle/assessment";
import { standingOf } from "../../provider/lifecycle/standing";
import type { ServedLess, Standing } from "../../provider/core/resource";
import type { EntityCount } from "../../provider/milvus/entities";
import type { Milvus } from "../../provider/milvus/gateway";
import { asError } from "../../provider/milvus/shared-reads";
import { type AnyResource, resourceOf } from "../../provider/registry";
import { findOurs } from "../../provider/resources/in-collection/collection";
import { changesOf, type Changed } from "./changes";
import { objectOf, withoutUnknown } from "./objects";
import { hidesParts, inDatabaseOf, isOfCollection, type PlannedChange } from "./plan";
import type { Servers } from "./servers";
import { holdsSecret } from "./steps";

export interface Judged extends PlannedChange {
  /** `collection documents`, `partition y2023 of collection documents`. */
  readonly object: string;
  /** What an update or a replacement changes; missing for the rest. */
  readonly changes?: readonly Changed[];
  /** What the live server says; missing for what is created or changed in place. */
  readonly facts?: Facts;
  /** What of it is lost, and what the policy of its provider says of that. */
  readonly loss?: AssessedLoss;
  /** What others would find less of. */
  readonly servesLess?: ServedLess;
  /** What stops working with an object that holds no data. */
  readonly outage?: string;
  /** Of what is created: what stands there already. */
  readonly standing?: Standing;
  /** Of what is created: why nobody can say that. */
  readonly unseen?: string;
  /** Why the server could not be asked. */
  readonly unjudged?: string;
}

export interface Facts {
  /** Whether the object of the state is there. */
  readonly exists: boolean;
  /** Of collections and partitions, and of the collection that an index is on. */
  readonly count?: EntityCount;
  readonly loaded?: boolean;
  readonly aliases: readonly string[];
  /** For an index: its type and whether it is on a vector field. */
  readonly indexType?: string;
  readonly onVector?: boolean;
}

interface OldState {
  readonly databaseName: string;
  readonly collectionName: string;
  readonly collectionId?: string;
  readonly partitionName: string;
  readonly indexName: string;
  readonly fieldName: string;
}

/** `onJudged` hears of each change that is done, for whoever waits. */
export async function judgeAll(
  changes: readonly PlannedChange[],
  servers: Servers,
  onJudged: () => void = () => undefined,
): Promise<Judged[]> {
  const judged = await Promise.all(
    changes.map(async (change) => {
      const one = await judge(change, servers, changes);
      const all = [{ ...one, changes: await changesOf(change) }, ...(await lostInPlace(change, servers))];
      onJudged();
      return all;
    }),
  );
  return judged.flat();
}

/** What goes from a collection that stays is told like what goes as a whole. */
async function lostInPlace(change: PlannedChange, servers: Servers): Promise<Judged[]> {
  const { operation, wanted, kind } = change;
  const resource = resourceOf(kind);
  if (operation !== "update" || !change.old || !wanted || !resource?.lossesOfUpdate || resource.parts)
    return [];
  const going = { ...change, operation: "delete", kind: `part of ${kind}` } as const;
  const reached = reach(change, servers);
  // Settings that are wrong make the preview itself fail.
  if (!reached) return [];
  const { milvus, policy } = reached;
  try {
    const old = withDatabase(change.old, milvus);
    const inDatabase = inDatabaseOf(old, wanted);
    const { losses } = await assess(resource, milvus, policy, { kind: "update", old, wanted: inDatabase });
    if (losses.length === 0) return [];
    const facts = await factsOf(milvus, "Collection", old as unknown as OldState);
    return losses.map((loss) => ({ ...going, id: loss.id, object: loss.object, facts, loss }));
  } catch (error) {
    return [{ ...going, object: objectOf(change), unjudged: withoutUnknown(asError(error).message) }];
  }
}

function reach(
  { provider }: PlannedChange,
  servers: Servers,
): { milvus: Milvus; policy: ReturnType<Servers["policyOf"]> } | undefined {
  try {
    return { milvus: servers.of(provider), policy: servers.policyOf(provider) };
  } catch {
    return undefined;
  }
}

async function judge(
  change: PlannedChange,
  servers: Servers,
  all: readonly PlannedChange[],
): Promise<Judged> {
  const object = objectOf(change);
  const { operation, provider } = change;
  if (operation !== "create" && !change.isRetained && hidesParts(change))
    return { ...change, object, unjudged: "its names are a secret, which a preview does not show" };
  if (operation === "create") return judgeCreate(change, object, servers, all);
  if (operation === "update") return judgeUpdate(change, object, servers, all);
  if (change.isTakenOver || change.isRetained || !isGoing(change)) return { ...change, object };
  if (!change.old) return { ...change, object, unjudged: "the preview does not have its state" };
  try {
    const milvus = servers.of(provider);
    const resource = resourceOf(change.kind);
    if (!resource) return { ...change, object };
    const known = change.id === undefined ? {} : resource.fromId(change.id, milvus);
    const old = { ...known, ...withDatabase(change.old, milvus) };
    const going =
      operation === "replace"
        ? ({ kind: "replace", old, beside: isBeside(milvus, resource, old, change.wanted) } as const)
        : ({ kind: "delete", old, ofReplacement: change.isLeftOver ?? false } as const);
    const { losses, outage } = await assess(resource, milvus, servers.policyOf(provider), going);
    const exists = (await resource.read(milvus, old)) !== undefined;
    const facts =
      exists && DESCRIBED.includes(change.kind)
        ? await factsOf(milvus, change.kind, old as unknown as OldState)
        : { exists, aliases: [] };
    // The engine keeps the id of before a rename, and `up` goes by the name of today.
    return { ...change, id: resource.id(old), object, facts, loss: losses[0], outage };
  } catch (error) {
    return { ...change, object, unjudged: withoutUnknown(asError(error).message) };
  }
}

/** A create loses nothing, so a server that does not answer only leaves open what stands there. */
async function judgeCreate(
  change: PlannedChange,
  object: string,
  servers: Servers,
  all: readonly PlannedChange[],
): Promise<Judged> {
  const resource = resourceOf(change.kind);
  const reached = reach(change, servers);
  if (!resource || !change.wanted || !reached) return { ...change, object };
  const wanted = withDatabase(change.wanted, reached.milvus);
  const shown = Object.fromEntries(
    Object.entries(wanted).filter(([name]) => resource.inputs[name]?.secret !== true),
  );
  if (holdsSecret(shown) || isGivenUp(resource.id(wanted), change, all)) return { ...change, object };
  try {
    const standing = await standingOf(resource, reached.milvus, wanted);
    return { ...change, object, ...(standing && { standing }) };
  } catch (error) {
    return { ...change, object, unseen: withoutUnknown(asError(error).message) };
  }
}

/** What stands there now goes in the same run, or gets another name. */
function isGivenUp(id: string, { kind, wanted }: PlannedChange, all: readonly PlannedChange[]): boolean {
  const inCollection = (object = ""): string => object.split("/").slice(0, 2).join("/");
  const collection = inCollection(id);
  return all.some((one) => {
    if (one.isTakenOver) return false;
    // A field has one index.
    if (one.kind === "Index" && kind === "Index")
      return (
        isGoing(one) &&
        inCollection(one.id) === collection &&
        one.old?.["fieldName"] === wanted?.["fieldName"]
      );
    if (one.kind !== "Collection") return false;
    const isIt = one.id === (kind === "Collection" || isOfCollection(kind) ? collection : undefined);
    return isIt && (isGoing(one) || isRename(one));
  });
}

function isRename({ operation, old, wanted }: PlannedChange): boolean {
  return operation === "update" && old?.["collectionName"] !== wanted?.["collectionName"];
}

/** Whether it serves as much as before. What it loses is told by `lostInPlace`. */
async function judgeUpdate(
  change: PlannedChange,
  object: string,
  servers: Servers,
  all: readonly PlannedChange[],
): Promise<Judged> {
  const { old, wanted, kind } = change;
  const resource = resourceOf(kind);
  if (!resource?.servesLess || !old || !wanted || isRenamed(old, wanted, all)) return { ...change, object };
  const reached = reach(change, servers);
  if (!reached) return { ...change, object };
  const known = withDatabase(old, reached.milvus);
  try {
    const servesLess = await resource.servesLess(reached.milvus, known, inDatabaseOf(known, wanted));
    return { ...change, object, ...(servesLess && { servesLess }) };
  } catch (error) {
    return { ...change, object, unjudged: withoutUnknown(asError(error).message) };
  }
}

/** The collection is the same one, under a name that it gets in this run. */
function isRenamed(old: Values, wanted: Values, all: readonly PlannedChange[]): boolean {
  return all.some(
    (one) =>
      one.kind === "Collection" &&
      one.operation === "update" &&
      one.old?.["collectionName"] === old["collectionName"] &&
      one.wanted?.["collectionName"] === wanted["collectionName"],
  );
}

/** Of these the report says more than that they are there. */
const DESCRIBED: readonly string[] = ["Collection", "Partition", "Index"];

type Values = Readonly<Record<string, unknown>>;

/** Whether the new one comes under another name. What is one object of a set has no inputs of its own. */
function isBeside(milvus: Milvus, resource: AnyResource, old: Values, wanted: Values | undefined): boolean {
  if (!wanted) return false;
  const named = { ...wanted, databaseName: wanted["databaseName"] ?? old["databaseName"] };
  return !resource.sameName(old, named, milvus.run);
}

export function isGoing({ operation }: PlannedChange): boolean {
  return operation === "delete" || operation === "replace";
}

/** As the provider fills it in where a state of an older version has none. */
function withDatabase(old: Values, { database }: Milvus): Values {
  return { databaseName: database, ...old };
}

/** Of what is there, for whoever reads the report: what is lost is assessed elsewhere. */
async function factsOf(milvus: Milvus, kind: string, old: OldState): Promise<Facts> {
  const collection = await findOurs(milvus, old);
  if (!collection) return { exists: false, aliases: [] };
  const loadedPartitions = (await milvus.loading.isLoaded(collection))
    ? await milvus.loading.loadedPartitions(collection)
    : [];
  const facts = { exists: true, loaded: loadedPartitions.length > 0, aliases: [] };
  switch (kind) {
    case "Collection": {
      const aliases = await milvus.aliases.of(collection);
      return { ...facts, count: await milvus.entities.countCollection(collection), aliases };
    }
    case "Partition": {
      const ref = { ...collection, partitionName: old.partitionName };
      const count = await milvus.entities.countPartition(ref, loadedPartitions);
      return { ...facts, count, loaded: loadedPartitions.includes(old.partitionName) };
    }
    case "Index": {
      const found = await milvus.indexes.find({ ...old, ...collection });
      if (!found) return { exists: false, aliases: [] };
      const dataType = collection.fields.find(({ name }) => name === old.fieldName)?.dataType ?? "";
      return {
        ...facts,
        count: await milvus.entities.countCollection(collection),
        indexType: found.indexType,
        onVector: dataType.endsWith("Vector"),
      };
    }
    default:
      return facts;
  }
}
