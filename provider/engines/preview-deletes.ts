/**
 * What a delete hook of the SDK asks at preview. It runs in the program's process, which otherwise knows nothing of
 * the provider, so it is loaded when the first hook runs.
 */
import { Milvus } from "../milvus/gateway";
import { Run } from "../run";
import { environmentOf, type Lookup, readSettings } from "../milvus/settings";
import { resourceOf } from "../registry";
import { judgedLosses } from "../lifecycle/protection";

/**
 * What the deletion would lose, in words; throws when `pulumi up` would refuse it. `isReplaced`: the program declares the
 * resource still, and what goes is the object that was replaced by another one beside it.
 */
export async function lossesOfDeletion(
  kind: string,
  state: object,
  configured: Lookup,
  isReplaced = false,
): Promise<readonly string[]> {
  const resource = resourceOf(kind);
  if (!resource) return [];
  const settings = readSettings(configured, environmentOf());
  const milvus = Milvus.at(settings, new Run());
  try {
    const old = { databaseName: settings.database, ...state };
    // A destroy that runs the program looks like a replacement to a hook, and is a decision: `up` refuses what is none.
    const isJudged = isReplaced && (settings.protectData !== "replacements" || resource.protectsData?.(old));
    const change = isJudged
      ? ({ kind: "replace", old, beside: true } as const)
      : ({ kind: "delete", old } as const);
    return await judgedLosses(resource, milvus, settings, change);
  } finally {
    await milvus.close();
  }
}
