/** What a CollectionLoad declares, against how Milvus has the collection loaded. */
import { namesIn } from "../../core/shapes";
import type { Milvus } from "../../milvus/gateway";
import type { LoadedAs, LoadSpec, Replicas } from "../../milvus/loading";
import { aCollection, type CollectionRef } from "../../milvus/names";
import { DEFAULT_RESOURCE_GROUP } from "../../milvus/resource-groups";
import type { CollectionLoadInputs, CollectionLoadState } from "../collection-load";
import { allPartitions, collectionOf } from "../in-collection/collection";
import { owedIn } from "./owed";

export const FIELDS_NEED_RELOAD = "Milvus changes the loaded fields only that way";
export const PARTITIONS_NEED_RELOAD = "replicas of single partitions change only that way";
export const REPLICAS_NEED_RELOAD = "this Milvus changes replicas only that way (in place from 2.4.13)";

export const aLoad = (ref: CollectionRef): string => `the load of ${aCollection(ref)}`;

export function specOf(values: CollectionLoadInputs | CollectionLoadState): LoadSpec {
  const { partitionNames, replicaNumber, resourceGroups, loadFields, skipLoadDynamicField } = values;
  return {
    ...(partitionNames && { partitionNames: namesIn(partitionNames) }),
    ...(replicaNumber !== undefined && { replicaNumber }),
    ...(resourceGroups && { resourceGroups: namesIn(resourceGroups) }),
    ...(loadFields && { loadFields: namesIn(loadFields) }),
    ...(skipLoadDynamicField && { skipLoadDynamicField }),
  };
}

export interface Fields {
  readonly loadFields?: CollectionLoadInputs["loadFields"];
  readonly skipLoadDynamicField?: boolean;
}

export function sameFields(one: Fields, other: Fields): boolean {
  const all = ({ loadFields, skipLoadDynamicField = false }: Fields) =>
    JSON.stringify([loadFields && namesIn(loadFields), skipLoadDynamicField]);
  return all(one) === all(other);
}

/** The collection as it is loaded; the fields, which Milvus does not tell, are as the program or the state last said. */
export async function stateOf(
  milvus: Milvus,
  ref: CollectionRef,
  known: CollectionLoadInputs | CollectionLoadState,
  { partitionNames, replicaNumber, resourceGroups }: LoadedAs,
): Promise<CollectionLoadState> {
  const { adopt: _, declaredCollection: __, ...kept } = known as CollectionLoadInputs;
  const loaded = partitionNames ?? (known.partitionNames && (await allPartitions(milvus, ref)));
  const groups =
    resourceGroups.length > 0 ? resourceGroups : known.resourceGroups && [DEFAULT_RESOURCE_GROUP];
  return {
    ...kept,
    ...collectionOf(ref),
    collectionId: known.collectionId ?? "",
    partitionNames: loaded && namesIn(loaded),
    replicaNumber,
    resourceGroups: groups && namesIn(groups),
  };
}

export function replicasOf(wanted: CollectionLoadInputs, found: LoadedAs | undefined): Replicas {
  const { replicaNumber = found?.replicaNumber, resourceGroups } = specOf(wanted);
  return {
    ...(replicaNumber !== undefined && { replicaNumber }),
    resourceGroups: resourceGroups ?? found?.resourceGroups ?? [],
  };
}

/** Why a load that is there has to be released first; nothing when it changes in place. */
export async function whyReload(
  milvus: Milvus,
  wanted: CollectionLoadInputs,
  found: LoadedAs,
  loadedFields: Fields | undefined,
): Promise<string | undefined> {
  if (loadedFields && !sameFields(loadedFields, wanted)) return FIELDS_NEED_RELOAD;
  if (!hasOtherReplicas(found, wanted)) return undefined;
  if (found.partitionNames !== undefined || wanted.partitionNames !== undefined)
    return PARTITIONS_NEED_RELOAD;
  return (await milvus.supports("alterReplicas")) ? undefined : REPLICAS_NEED_RELOAD;
}

export function hasOtherReplicas(found: LoadedAs, wanted: CollectionLoadInputs): boolean {
  const groups = found.resourceGroups.length > 0 ? namesIn(found.resourceGroups) : [DEFAULT_RESOURCE_GROUP];
  return (
    (wanted.replicaNumber !== undefined && wanted.replicaNumber !== found.replicaNumber) ||
    (wanted.resourceGroups !== undefined &&
      JSON.stringify(namesIn(wanted.resourceGroups)) !== JSON.stringify(groups))
  );
}

/**
 * What an update of a load asks for: what the program has otherwise than the state, and of the rest what there is, or was
 * before this run released it. Partitions that this run made, and that came loaded, are released.
 */
export async function withPlanOnly(
  milvus: Milvus,
  old: CollectionLoadState,
  wanted: CollectionLoadInputs,
  planned: ReadonlySet<string>,
): Promise<CollectionLoadInputs> {
  const { loads } = milvus.run;
  const owed = owedIn(old);
  const base = (await milvus.loading.loadedAs(wanted)) ?? loads.dueOf(wanted) ?? owed;
  if (!base) return wanted;
  const { replicaNumber, resourceGroups, partitionNames } = base;
  return {
    ...wanted,
    ...(!planned.has("replicaNumber") && { replicaNumber }),
    ...(!planned.has("resourceGroups") && {
      resourceGroups: resourceGroups.length > 0 ? [...resourceGroups] : undefined,
    }),
    partitionNames: await partitionsAsked(milvus, old, wanted, partitionNames),
  };
}

async function partitionsAsked(
  milvus: Milvus,
  old: CollectionLoadState,
  wanted: CollectionLoadInputs,
  loaded: readonly string[] | undefined,
): Promise<CollectionLoadInputs["partitionNames"]> {
  if (!wanted.partitionNames) return old.partitionNames ? undefined : loaded && [...loaded];
  const [before, after] = [namesIn(old.partitionNames), namesIn(wanted.partitionNames)];
  if (!old.partitionNames) return after;
  const come = after.filter((name) => !before.includes(name));
  const made = milvus.run.loads.newPartitionsOf(wanted);
  const gone = [...before, ...made].filter((name) => !after.includes(name));
  const isSame = come.length === 0 && gone.length === 0;
  if (isSame) return loaded && [...loaded];
  const present = loaded ?? (await allPartitions(milvus, wanted));
  const asked = [...new Set([...present, ...come])].filter((name) => !gone.includes(name));
  return asked.length > 0 ? asked : after;
}
