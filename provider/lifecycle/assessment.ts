/**
 * What a change costs: the one assessment of what an object holds, what would be lost of it and what the policy says of
 * that, for `up`, for the delete hook of a preview and for the command line alike. It describes; protection.ts warns and
 * refuses by it, and a report prints it.
 */
import type { DataAtRisk, DataLoss, Identity } from "../core/resource";
import type { Milvus } from "../milvus/gateway";
import type { Settings } from "../milvus/settings";

/** What says which data may be lost: of a Provider, stack config and the environment, as settings.ts reads them. */
export type Policy = Pick<
  Settings,
  "protectData" | "acknowledgedDataLoss" | "policyIsCurrent" | "isExplicit"
>;

/** What is asked of a resource here. */
export type Assessed<Inputs extends object, State extends object> = DataAtRisk<Milvus, Inputs, State> &
  Pick<Identity<Milvus, Inputs, State>, "describe" | "id">;

/** What is to happen to an object. */
export type Change<Inputs extends object, State extends object> =
  /** `ofReplacement`: the program declares the resource still, and another object has come or comes in place of this one. */
  | { readonly kind: "delete"; readonly old: State; readonly ofReplacement?: boolean }
  /** `beside`: the new one comes under another name, before the old one is dropped. */
  | { readonly kind: "replace"; readonly old: State; readonly beside: boolean }
  | { readonly kind: "update"; readonly old: State; readonly wanted: Inputs };

/** The setting `milvus:protectData` when it is `true` or `"replacements"`, or the object's own input of that name. */
export type Protector = "setting" | "replacements" | "object";

/** What would be lost, and what the policy says of it. */
export interface AssessedLoss extends DataLoss {
  readonly acknowledged: boolean;
  /** What protects it. Missing when nothing does, and when it is acknowledged. */
  readonly protectedBy?: Protector;
}

export interface Assessment {
  /** As messages name it: `collection documents`. */
  readonly object: string;
  readonly losses: readonly AssessedLoss[];
  /** What stops working when an object goes that holds no data itself. */
  readonly outage?: string;
}

/**
 * Throws when the server cannot be asked. `prove` may write out what the server has in memory only, which a preview must
 * not; then nothing that is lost is uncertain.
 */
export async function assess<Inputs extends object, State extends object>(
  resource: Assessed<Inputs, State>,
  milvus: Milvus,
  policy: Policy,
  change: Change<Inputs, State>,
  { prove = false } = {},
): Promise<Assessment> {
  const protector = protectorOf(resource, policy, change);
  const losses =
    change.kind === "update"
      ? await resource.lossesOfUpdate?.(milvus, change.old, change.wanted, prove)
      : await resource.losses?.(milvus, change.old, prove);
  return {
    object: resource.describe(change.old),
    losses: (losses ?? []).map((loss) => {
      const acknowledged = isAcknowledged(loss, policy);
      return { ...loss, acknowledged, ...(protector && !acknowledged && { protectedBy: protector }) };
    }),
    ...(change.kind !== "update" && { outage: resource.outage?.(change.old) }),
  };
}

/**
 * What protects the data of an object from such a change, whether it holds any or not. The object's own protection comes
 * first, since it also says what becomes of the object: it stays.
 */
export function protectorOf<Inputs extends object, State extends object>(
  resource: Pick<Assessed<Inputs, State>, "protectsData">,
  { protectData }: Policy,
  change: Change<Inputs, State>,
): Protector | undefined {
  if (resource.protectsData?.(change.old)) return "object";
  if (protectData === "replacements") return isOfReplacement(change) ? "replacements" : undefined;
  return protectData ? "setting" : undefined;
}

/** What is taken out of a program, a field too, is meant to go; what goes for an edit of something else may not be. */
function isOfReplacement(change: Change<object, object>): boolean {
  return change.kind === "replace" || (change.kind === "delete" && change.ofReplacement === true);
}

/** What protects its own data and is replaced by another one beside it loses nothing: it stays there. */
export function staysBeside(change: Change<object, object>, protector: Protector | undefined): boolean {
  return change.kind === "replace" && change.beside && protector === "object";
}

/** An acknowledgement names just what is lost, and not what it stands in. */
function isAcknowledged({ id }: DataLoss, { acknowledgedDataLoss }: Policy): boolean {
  return acknowledgedDataLoss.includes(id);
}
