/** No data goes that the user was not told about: said at preview, refused with protectData. */
import { logOnce } from "../core/log";
import type { DataLoss, Resource } from "../core/resource";
import type { Milvus } from "../milvus/gateway";
import type { Settings } from "../milvus/settings";

type Losing<Inputs extends object, State extends object> = Pick<
  Resource<Milvus, Inputs, State>,
  "losses" | "lossesOfUpdate" | "describe"
>;

/** Each is a line; of more, the rest is counted. */
const LINES = 50;

/** Asked in diff, which the engine calls at preview as well. */
export function sayLossOfReplacement<State extends object>(
  resource: Pick<Losing<object, State>, "losses" | "describe">,
  milvus: Milvus,
  settings: Settings,
  old: State,
): Promise<void> {
  return sayLosses(resource.losses?.(milvus, old, false), resource.describe(old), "replaced", settings);
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
  return sayLosses(losses, resource.describe(old), "dropped", settings);
}

async function sayLosses(
  counted: Promise<readonly DataLoss[]> | undefined,
  object: string,
  verb: "replaced" | "dropped",
  settings: Settings,
): Promise<void> {
  let losses: readonly DataLoss[];
  try {
    losses = (await counted) ?? [];
  } catch (error) {
    if (settings.protectData) throw error;
    const what = verb === "replaced" ? "will be replaced; what it holds" : "will lose parts; what they hold";
    logOnce(`warning: ${object} ${what} could not be counted: ${String(error)}`);
    return;
  }
  refuseCertainLoss(losses, settings, verb);
  for (const loss of losses.slice(0, LINES))
    logOnce(`warning: ${loss.object} will be ${verb}: ${loss.held} will be lost`);
  if (losses.length > LINES)
    logOnce(`warning: ${losses.length - LINES} more of ${object} will be ${verb}, with what they hold`);
}

/** Costs a count of its own, so nothing is asked unless data is protected. */
export async function refuseProtectedLoss<State extends object>(
  resource: Pick<Losing<object, State>, "losses">,
  milvus: Milvus,
  settings: Settings,
  state: State,
): Promise<void> {
  if (settings.protectData) refuseProtected(await resource.losses?.(milvus, state, true), settings);
}

export async function refuseProtectedLossOfUpdate<Inputs extends object, State extends object>(
  resource: Losing<Inputs, State>,
  milvus: Milvus,
  settings: Settings,
  old: State,
  wanted: Inputs,
): Promise<void> {
  if (settings.protectData)
    refuseProtected(await resource.lossesOfUpdate?.(milvus, old, wanted, true), settings);
}

/** At preview, which proves nothing: what is only possibly lost is no reason to refuse. */
export function refuseCertainLoss(losses: readonly DataLoss[], settings: Settings, verb: string): void {
  refuseProtected(
    losses.filter(({ certain }) => certain),
    settings,
    verb,
  );
}

function refuseProtected(losses: readonly DataLoss[] = [], settings: Settings, verb = "dropped"): void {
  const refused = losses.filter((loss) => isProtected(loss, settings));
  if (refused.length > 0) throw refusal(refused, verb);
}

function isProtected({ id }: DataLoss, { protectData, acknowledgedDataLoss }: Settings): boolean {
  return protectData && !acknowledgedDataLoss.includes(id);
}

function refusal(losses: readonly DataLoss[], verb: string): Error {
  const held = losses.map(({ id, held }) => `${id} holds ${held}`).join(", ");
  const one = losses.length === 1;
  return new Error(
    `${held} and ${one ? "is" : "are"} not ${verb}, because milvus:protectData is on. To lose them on purpose add the ` +
      `${one ? "id" : "ids"} to the list milvus:acknowledgedDataLoss, for example: pulumi config set ` +
      `milvus:acknowledgedDataLoss '${JSON.stringify(losses.map(({ id }) => id))}'. ` +
      "A destroy uses the config that the last `pulumi up` recorded: run `pulumi up` first, or pass --run-program",
  );
}
