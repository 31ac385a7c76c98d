/** No data goes that the user was not told about: said at preview, refused with protectData. */
import type { DataLoss, Resource } from "../core/resource";
import type { Milvus } from "../milvus/gateway";
import type { Settings } from "../milvus/settings";

type Losing<Inputs extends object, State extends object> = Pick<
  Resource<Milvus, Inputs, State>,
  "losses" | "lossesOfUpdate" | "describe" | "protectsData"
>;

/** Each is a line; of more, the rest is counted. */
const LINES = 50;

/**
 * Asked in diff, which the engine calls at preview as well. What protects its own data and is replaced by another one
 * `beside` it loses nothing: its drop, which comes last, is refused.
 */
export function sayLossOfReplacement<State extends object>(
  resource: Pick<Losing<object, State>, "losses" | "describe" | "protectsData">,
  milvus: Milvus,
  settings: Settings,
  old: State,
  beside = false,
): Promise<void> {
  const losses = resource.losses?.(milvus, old, false);
  const own = resource.protectsData?.(old) ?? false;
  const verb = own && beside ? "kept" : "replaced";
  return sayLosses(milvus, losses, resource.describe(old), verb, protectedBy(settings, own));
}

/** Asked in diff as well: what goes although the resource stays. */
export function sayLossOfUpdate<Inputs extends object, State extends object>(
  resource: Losing<Inputs, State>,
  milvus: Milvus,
  settings: Settings,
  old: State,
  wanted: Inputs,
): Promise<void> {
  const losses = resource.lossesOfUpdate?.(milvus, old, wanted, false);
  return sayLosses(milvus, losses, resource.describe(old), "dropped", protectedBy(settings, false));
}

async function sayLosses(
  milvus: Milvus,
  counted: Promise<readonly DataLoss[]> | undefined,
  object: string,
  verb: "replaced" | "dropped" | "kept",
  protection: Protection,
): Promise<void> {
  let losses: readonly DataLoss[];
  try {
    losses = (await counted) ?? [];
  } catch (error) {
    if (protection.by !== undefined && verb !== "kept") throw error;
    const what = verb === "dropped" ? "will lose parts; what they hold" : "will be replaced; what it holds";
    milvus.logOnce(`warning: ${object} ${what} could not be counted: ${String(error)}`);
    return;
  }
  if (verb !== "kept") refuseCertain(losses, protection, verb);
  for (const loss of losses.slice(0, LINES))
    milvus.logOnce(
      verb === "kept" && !isAcknowledged(loss, protection)
        ? `warning: ${loss.object} will be replaced, and stays beside the new one with ${loss.held} until that is acknowledged`
        : `warning: ${loss.object} will be ${verb === "kept" ? "replaced" : verb}: ${loss.held} will be lost`,
    );
  if (losses.length > LINES)
    milvus.logOnce(
      `warning: ${losses.length - LINES} more of ${object} will be ${verb}, with what they hold`,
    );
}

/** Costs a count of its own, so nothing is asked unless data is protected. */
export async function refuseProtectedLoss<State extends object>(
  resource: Pick<Losing<object, State>, "losses" | "protectsData">,
  milvus: Milvus,
  settings: Settings,
  state: State,
): Promise<void> {
  const protection = protectedBy(settings, resource.protectsData?.(state) ?? false);
  if (protection.by !== undefined)
    refuseProtected(await resource.losses?.(milvus, state, true), protection, "dropped");
}

export async function refuseProtectedLossOfUpdate<Inputs extends object, State extends object>(
  resource: Losing<Inputs, State>,
  milvus: Milvus,
  settings: Settings,
  old: State,
  wanted: Inputs,
): Promise<void> {
  const protection = protectedBy(settings, false);
  if (protection.by !== undefined)
    refuseProtected(await resource.lossesOfUpdate?.(milvus, old, wanted, true), protection, "dropped");
}

/** At preview, which proves nothing: what is only possibly lost is no reason to refuse. */
export function refuseCertainLoss(losses: readonly DataLoss[], settings: Settings, verb: string): void {
  refuseCertain(losses, protectedBy(settings, false), verb);
}

interface Protection {
  /** What asks for it; missing when nothing does. */
  readonly by: string | undefined;
  readonly acknowledged: readonly string[];
}

function protectedBy({ protectData, acknowledgedDataLoss }: Settings, own: boolean): Protection {
  const by = protectData ? "milvus:protectData is on" : own ? "it has protectData" : undefined;
  return { by, acknowledged: acknowledgedDataLoss };
}

/**
 * The one rule for `up`, the preview hook and the command line: an acknowledgement names just what is lost, and not
 * what it stands in.
 */
export function isAcknowledged(
  { id }: { readonly id: string },
  { acknowledged }: Pick<Protection, "acknowledged">,
): boolean {
  return acknowledged.includes(id);
}

function refuseCertain(losses: readonly DataLoss[], protection: Protection, verb: string): void {
  refuseProtected(
    losses.filter(({ certain }) => certain),
    protection,
    verb,
  );
}

function refuseProtected(losses: readonly DataLoss[] = [], protection: Protection, verb: string): void {
  if (protection.by === undefined) return;
  const refused = losses.filter((loss) => !isAcknowledged(loss, protection));
  if (refused.length > 0) throw refusal(refused, verb, protection.by);
}

function refusal(losses: readonly DataLoss[], verb: string, by: string): Error {
  const held = losses.map(({ id, held }) => `${id} holds ${held}`).join(", ");
  const one = losses.length === 1;
  return new Error(
    `${held} and ${one ? "is" : "are"} not ${verb}, because ${by}. To lose them on purpose add the ` +
      `${one ? "id" : "ids"} to the list milvus:acknowledgedDataLoss, for example: pulumi config set ` +
      `milvus:acknowledgedDataLoss '${JSON.stringify(losses.map(({ id }) => id))}'. ` +
      "A destroy uses the config that the last `pulumi up` recorded: run `pulumi up` first, or pass --run-program",
  );
}
