/**
 * What a delete hook of the SDK asks at preview. It runs in the program's process, which otherwise knows nothing of
 * the provider, so it is loaded when the first hook runs.
 */
import type { Resource } from "../core/resource";
import { Milvus } from "../milvus/gateway";
import { Run } from "../run";
import { type Lookup, readSettings } from "../milvus/settings";
import { resources } from "../registry";
import { isAcknowledged, refuseCertainLoss } from "../lifecycle/protection";

type AnyResource = Resource<Milvus, object, object>;

/** What the deletion would lose, in words; throws when the data is protected, and when it cannot be judged. */
export async function lossesOfDeletion(
  kind: string,
  state: object,
  configured: Lookup,
): Promise<readonly string[]> {
  const settings = readSettings(configured, (name) => process.env[name]);
  const all = Object.values(resources) as unknown as AnyResource[];
  const resource = all.find((one) => one.kind === kind);
  const milvus = Milvus.at(settings, new Run());
  try {
    const known = { databaseName: settings.database, ...state };
    const losses = (await resource?.losses?.(milvus, known, false)) ?? [];
    refuseCertainLoss(losses, settings, "dropped");
    const isKept = resource?.protectsData?.(known) ?? false;
    const acknowledged = settings.acknowledgedDataLoss;
    return losses.map((loss) =>
      isKept && !isAcknowledged(loss, { acknowledged })
        ? `${loss.object} will not be dropped: it holds ${loss.held}, and that is not acknowledged`
        : `${loss.object} will be dropped: ${loss.held} will be lost`,
    );
  } finally {
    await milvus.close();
  }
}
