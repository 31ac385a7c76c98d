/**
 * `milvus:previewDeletes`, off by default. The engine asks no provider about deletions at preview; a delete hook can
 * warn with counts there and, with protectData, fail it. Its price: with hooks in the state a plain `pulumi destroy`
 * asks for `--run-program`, because hooks live in the program.
 */
import * as pulumi from "@pulumi/pulumi";

import { settingsOf } from "./provider";
import { kindOf } from "./resource";

const hooks = new Map<pulumi.ProviderResource | undefined, pulumi.ResourceHook>();

export function deleteHooks(provider: pulumi.ProviderResource | undefined): pulumi.ResourceHook[] {
  if (!new pulumi.Config("milvus").getBoolean("previewDeletes")) return [];
  let hook = hooks.get(provider);
  if (!hook) hooks.set(provider, (hook = makeHook(provider)));
  return [hook];
}

/** The engine finds a hook by its name, also for a resource that the program no longer has. */
function makeHook(provider: pulumi.ProviderResource | undefined): pulumi.ResourceHook {
  const explicit = provider === undefined ? undefined : settingsOf(provider);
  const name = explicit === undefined ? "milvus-data-loss" : `milvus-data-loss-${explicit.name}`;
  return new pulumi.ResourceHook(
    name,
    async ({ type, oldInputs, oldOutputs }) => {
      if (!pulumi.runtime.isDryRun()) return;
      const { lossesOfDeletion } = await import("../../provider/engines/preview-deletes.js");
      const settings = explicit === undefined ? undefined : await known(explicit.settings);
      const config = new pulumi.Config("milvus");
      const losses = await lossesOfDeletion(kindOf(type), { ...oldInputs, ...oldOutputs }, (key) =>
        settings === undefined ? config.get(key) : settings[`milvus:${key}`],
      );
      for (const loss of losses) await pulumi.log.warn(loss);
    },
    { onDryRun: true },
  );
}

/** An output that stays unknown at preview never comes; a resource that exists has a server that is known. */
function known(settings: pulumi.Inputs): Promise<Record<string, string | undefined>> {
  return new Promise((resolve) =>
    pulumi.output(settings).apply((values) => resolve(values as Record<string, string>)),
  );
}
