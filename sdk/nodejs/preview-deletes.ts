/**
 * `milvus:previewDeletes`, off by default. The engine asks no provider about deletions at preview; a delete hook can
 * warn with counts there and, with protectData, fail it. Its price: with hooks in the state a plain `pulumi destroy`
 * asks for `--run-program`, because hooks live in the program.
 */
import { AsyncResource } from "node:async_hooks";

import * as pulumi from "@pulumi/pulumi";

import { DELETE_HOOK, deleteHookOf } from "./engines";
import { isKnown, valueOf } from "./outputs";
import { perRun } from "./per-run";
import type { Explicit } from "./provider";

/** What a run of a program has registered. */
interface Registered {
  readonly hooks: Map<string, pulumi.ResourceHook>;
  /** Its Providers, by name. */
  readonly providers: Map<string, Explicit>;
  /** What is deleted under one of these was replaced by another object. */
  readonly urns: Set<unknown>;
}

const registeredInRun = perRun((): Registered => ({
  hooks: new Map(),
  providers: new Map(),
  urns: new Set(),
}));

/** Called once a resource is registered. */
export function rememberDeclared({ urn }: pulumi.Resource): void {
  if (!isAsked()) return;
  const { urns } = registeredInRun();
  pulumi.output(urn).apply((known) => urns.add(known));
}

function isAsked(): boolean {
  return new pulumi.Config("milvus").getBoolean("previewDeletes") ?? false;
}

/**
 * The hook of a resource, and the mark beside its inputs that names its Provider. The engine finds a hook by its name
 * among those that the run registered, also for a resource that the program no longer has, nor its Provider. So there is
 * one for all, and the inputs of a resource name its Provider.
 */
export function deleteHook(explicit: Explicit | undefined): {
  readonly hooks: readonly pulumi.ResourceHook[];
  readonly mark: { readonly hookProvider?: string };
} {
  if (!isAsked()) return { hooks: [], mark: {} };
  return { hooks: [registerHook(DELETE_HOOK)], mark: explicit ? { hookProvider: explicit.name } : {} };
}

/** Called for every Provider. States of before there was one hook for all name one of the Provider's own. */
export function rememberProvider(explicit: Explicit): void {
  if (!isAsked()) return;
  registeredInRun().providers.set(explicit.name, explicit);
  registerHook(DELETE_HOOK);
  registerHook(deleteHookOf(explicit.name), explicit.name);
}

function registerHook(name: string, provider?: string): pulumi.ResourceHook {
  const { hooks } = registeredInRun();
  let hook = hooks.get(name);
  if (!hook) hooks.set(name, (hook = makeHook(name, registeredInRun(), provider)));
  return hook;
}

function makeHook(
  name: string,
  { providers, urns }: Registered,
  ofOlderStates: string | undefined,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    name,
    // The engine calls from outside, where an inline program's run, its config and its engine are not known.
    AsyncResource.bind(async ({ urn, type, oldInputs, oldOutputs }: pulumi.ResourceHookArgs) => {
      if (!pulumi.runtime.isDryRun()) return;
      const { hookProvider = ofOlderStates, ...inputs } = (oldInputs ?? {}) as { hookProvider?: string };
      const config = new pulumi.Config("milvus");
      let configured = (key: string): string | undefined => config.get(key);
      if (hookProvider !== undefined) {
        const explicit = providers.get(hookProvider);
        const settings = explicit && (await known(explicit.settings));
        if (settings === undefined) {
          const because = explicit ? "a setting of it is not known yet" : "the program declares it no more";
          await pulumi.log.warn(
            `${urn} will be deleted; what it holds cannot be counted at preview with its Milvus provider ` +
              `${hookProvider}: ${because}. It is judged at \`pulumi up\``,
          );
          return;
        }
        configured = (key) => settings[`milvus:${key}`];
      }
      const { lossesOfDeletion } = await import("../../provider/engines/preview-deletes.js");
      const kind = type.slice(type.lastIndexOf(":") + 1);
      const losses = await lossesOfDeletion(kind, { ...inputs, ...oldOutputs }, configured, urns.has(urn));
      for (const loss of losses) await pulumi.log.warn(loss);
    }),
    { onDryRun: true },
  );
}

/** Nothing when one is unknown: the value of such an output never comes. */
async function known(settings: pulumi.Inputs): Promise<Record<string, string | undefined> | undefined> {
  const output = pulumi.output(settings);
  if (!(await isKnown(output))) return undefined;
  return await valueOf(output);
}

// A program that only imports the package any more has no resource that would register it. Outside of a run, as when
// an inline program of the Automation API is loaded, there is nothing to register it with.
if (pulumi.runtime.getStackResource() !== undefined && isAsked()) registerHook(DELETE_HOOK);
