/** No data goes that the user was not told about: said for a replacement at preview, refused with protectData. */
import { logOnce } from "../core/log";
import type { DataLoss, Resource } from "../core/resource";
import type { Milvus } from "../milvus/gateway";
import type { Settings } from "../milvus/settings";

type Losing<State extends object> = Pick<Resource<Milvus, object, State>, "loss" | "describe">;

/** Asked in diff, which the engine calls at preview as well. */
export async function sayLossOfReplacement<State extends object>(
  resource: Losing<State>,
  milvus: Milvus,
  settings: Settings,
  old: State,
): Promise<void> {
  let loss: DataLoss | undefined;
  try {
    loss = await resource.loss?.(milvus, old, false);
  } catch (error) {
    if (settings.protectData) throw error;
    logOnce(
      `warning: ${resource.describe(old)} will be replaced; what it holds could not be counted: ${String(error)}`,
    );
    return;
  }
  if (!loss) return;
  if (loss.certain && isProtected(loss, settings)) throw refusal(loss, "replaced");
  logOnce(`warning: ${resource.describe(old)} will be replaced: ${loss.held} will be lost`);
}

/** Costs a count of its own, so nothing is asked unless data is protected. */
export async function refuseProtectedLoss<State extends object>(
  resource: Losing<State>,
  milvus: Milvus,
  settings: Settings,
  state: State,
): Promise<void> {
  if (!settings.protectData) return;
  const loss = await resource.loss?.(milvus, state, true);
  if (loss && isProtected(loss, settings)) throw refusal(loss, "dropped");
}

export function isProtected({ id }: DataLoss, { protectData, acknowledgedDataLoss }: Settings): boolean {
  return protectData && !acknowledgedDataLoss.includes(id);
}

export function refusal({ id, held }: DataLoss, verb: string): Error {
  return new Error(
    `${id} holds ${held} and is not ${verb}, because milvus:protectData is on. To lose them on purpose add the id to ` +
      `the list milvus:acknowledgedDataLoss, for example: pulumi config set milvus:acknowledgedDataLoss '["${id}"]'. ` +
      "A destroy uses the config that the last `pulumi up` recorded: run `pulumi up` first, or pass --run-program",
  );
}
