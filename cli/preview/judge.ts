/** Asks the live servers what each planned change costs. Reads only. */
import type { EntityCount } from "../../provider/milvus/entities";
import type { Milvus } from "../../provider/milvus/gateway";
import { asError } from "../../provider/milvus/shared-reads";
import { type AnyResource, resourceOf } from "../../provider/registry";
import { findOurs } from "../../provider/resources/shared/in-collection";
import type { PlannedChange } from "./plan";
import type { Servers } from "./servers";

export interface Judged extends PlannedChange {
  /** `collection documents`, `partition y2023 of collection documents`. */
  readonly object: string;
  /** What the live server says; missing for what is created or changed in place. */
  readonly facts?: Facts;
  /** Whether it stays while it holds data that is not acknowledged, as the program asks for it. */
  readonly protectsData?: boolean;
  /** What stops working with an object that holds no data. */
  readonly outage?: string;
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
  readonly indexType?: string;
}

export async function judgeAll(changes: readonly PlannedChange[], servers: Servers): Promise<Judged[]> {
  const judged = await Promise.all(
    changes.map(async (change) => [await judge(change, servers), ...(await lostInPlace(change, servers))]),
  );
  return judged.flat();
}

/** What goes from a collection that stays is told like what goes as a whole. */
async function lostInPlace(change: PlannedChange, servers: Servers): Promise<Judged[]> {
  const { operation, old, wanted, kind } = change;
  const resource = resourceOf(kind);
  if (operation !== "update" || !old || !wanted || !resource?.lossesOfUpdate || resource.parts) return [];
  const going = { ...change, operation: "delete", kind: `part of ${kind}` } as const;
  const milvus = serverOf(change, servers);
  // Settings that are wrong make the preview itself fail.
  if (!milvus) return [];
  try {
    const inDatabase = { ...wanted, databaseName: wanted["databaseName"] ?? old["databaseName"] };
    const losses = await resource.lossesOfUpdate(milvus, old, inDatabase, false);
    if (losses.length === 0) return [];
    const collection = await findOurs(milvus, old as unknown as OldState);
    const count = collection && (await milvus.entities.countCollection(collection));
    return losses.map(({ id, object }) => ({
      ...going,
      id,
      object,
      facts: { exists: true, count, aliases: [] },
    }));
  } catch (error) {
    return [
      {
        ...going,
        object: describe(change),
        unjudged: asError(error).message,
      },
    ];
  }
}

function serverOf({ provider }: PlannedChange, servers: Servers): Milvus | undefined {
  try {
    return servers.of(provider);
  } catch {
    return undefined;
  }
}

async function judge(change: PlannedChange, servers: Servers): Promise<Judged> {
  const object = describe(change);
  if (change.isTakenOver || change.isRetained || !change.old || !isGoing(change))
    return { ...change, object };
  try {
    const milvus = servers.of(change.provider);
    const resource = resourceOf(change.kind);
    if (resource && holdsNothing(resource)) {
      const known = change.id === undefined ? {} : resource.fromId(change.id, milvus);
      const exists = (await resource.read(milvus, { ...known, ...change.old })) !== undefined;
      return { ...change, object, facts: { exists, aliases: [] }, outage: resource.outage?.(change.old) };
    }
    const facts = await factsOf(milvus, change.kind, change.old as unknown as OldState);
    return { ...change, object, facts, protectsData: resource?.protectsData?.(change.old) };
  } catch (error) {
    return { ...change, object, unjudged: asError(error).message };
  }
}

export function isGoing({ operation }: PlannedChange): boolean {
  return operation === "delete" || operation === "replace";
}

/** An index holds no data either, but what it costs to build again is told. */
function holdsNothing(resource: AnyResource): boolean {
  return !("losses" in resource) && resource.kind !== "Index";
}

function describe({ kind, old, wanted, name }: PlannedChange): string {
  const resource = resourceOf(kind);
  return resource ? resource.describe({ ...wanted, ...old }) : `${kind} ${name}`;
}

async function factsOf(milvus: Milvus, kind: string, old: OldState): Promise<Facts> {
  const collection = await findOurs(milvus, old);
  if (!collection) return { exists: false, aliases: [] };
  const loadedPartitions = (await milvus.loading.isLoaded(collection))
    ? await milvus.loading.loadedPartitions(collection)
    : [];
  const loaded = loadedPartitions.length > 0;
  switch (kind) {
    case "Partition": {
      const ref = { ...collection, partitionName: old.partitionName };
      if (!(await milvus.partitions.find(ref))) return { exists: false, aliases: [] };
      const count = await milvus.entities.countPartition(ref, loadedPartitions);
      return { exists: true, count, loaded: loadedPartitions.includes(old.partitionName), aliases: [] };
    }
    case "Index": {
      const found = await milvus.indexes.find({ ...old, ...collection });
      if (!found) return { exists: false, aliases: [] };
      const dataType = collection.fields.find(({ name }) => name === old.fieldName)?.dataType ?? "";
      return {
        exists: true,
        count: await milvus.entities.countCollection(collection),
        loaded,
        aliases: [],
        indexType: found.indexType,
        onVector: dataType.endsWith("Vector"),
      };
    }
    default: {
      const aliases = await milvus.aliases.of(collection);
      return { exists: true, count: await milvus.entities.countCollection(collection), loaded, aliases };
    }
  }
}
