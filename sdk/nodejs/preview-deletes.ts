/**
 * `milvus:previewDeletes`, off by default. The engine asks no provider about deletions at preview; a delete hook can
 * warn with counts there and, with protectData, fail it. Its price: with hooks in the state a plain `pulumi destroy`
 * asks for `--run-program`, because hooks live in the program.
 */
import { AsyncResource } from "node:async_hooks";

import * as pulumi from "@pulumi/pulumi";

import type { Explicit } from "./provider";

type Hooks = Map<string, pulumi.ResourceHook>;

/** An inline program may run twice in one process, and each run registers its own. */
const byRun = new WeakMap<object, Hooks>();
/** Under mocks there is no stack. */
const NO_STACK = {};

function hooksOfRun(): Hooks {
  const run = pulumi.runtime.getStackResource() ?? NO_STACK;
  let hooks = byRun.get(run);
  if (!hooks) byRun.set(run, (hooks = new Map<string, pulumi.ResourceHook>()));
  return hooks;
}

/** The urns that a run registers: what is deleted under one of them was replaced by another object. */
const urnsByRun = new WeakMap<object, Set<unknown>>();

function urnsOfRun(): Set<unknown> {
  const run = pulumi.runtime.getStackResource() ?? NO_STACK;
  let urns = urnsByRun.get(run);
  if (!urns) urnsByRun.set(run, (urns = new Set<unknown>()));
  return urns;
}

/** Called once a resource is registered. */
export function rememberDeclared({ urn }: pulumi.Resource): void {
  if (!isAsked()) return;
  const urns = urnsOfRun();
  pulumi.output(urn).apply((known) => urns.add(known));
}

/**
 * Registers the hook of a Provider, or that of the default settings, and returns it. The engine finds a hook by its
 * name among those that this run registered, also for a resource that the program no longer has: so this is called
 * for every Provider, whether a resource is given it or not.
 */
export function deleteHooks(explicit: Explicit | undefined): pulumi.ResourceHook[] {
  if (!isAsked()) return [];
  const hooks = hooksOfRun();
  const name = explicit === undefined ? DEFAULT_HOOK : `${DEFAULT_HOOK}-${explicit.name}`;
  let hook = hooks.get(name);
  if (!hook) hooks.set(name, (hook = makeHook(name, explicit, urnsOfRun())));
  return [hook];
}

function isAsked(): boolean {
  return new pulumi.Config("milvus").getBoolean("previewDeletes") ?? false;
}

const DEFAULT_HOOK = "milvus-data-loss";

function makeHook(
  name: string,
  explicit: Explicit | undefined,
  declared: ReadonlySet<unknown>,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    name,
    // The engine calls from outside, where an inline program's run, its config and its engine are not known.
    AsyncResource.bind(async ({ urn, type, oldInputs, oldOutputs }: pulumi.ResourceHookArgs) => {
      if (!pulumi.runtime.isDryRun()) return;
      const settings = explicit === undefined ? {} : await known(explicit.settings);
      if (settings === undefined) {
        await pulumi.log.warn(
          `${urn} will be deleted; what it holds cannot be counted at preview, because a setting of the Milvus ` +
            `provider ${explicit?.name} is not known yet. It is judged at \`pulumi up\``,
        );
        return;
      }
      const { lossesOfDeletion } = await import("../../provider/engines/preview-deletes.js");
      const config = new pulumi.Config("milvus");
      const kind = type.slice(type.lastIndexOf(":") + 1);
      const losses = await lossesOfDeletion(
        kind,
        { ...oldInputs, ...oldOutputs },
        (key) => (explicit === undefined ? config.get(key) : settings[`milvus:${key}`]),
        declared.has(urn),
      );
      for (const loss of losses) await pulumi.log.warn(loss);
    }),
    { onDryRun: true },
  );
}

/** What makes an output known or not; part of every output, and left out of Pulumi's public type. */
interface Knowable {
  readonly isKnown: Promise<boolean>;
}

/** Nothing when one is unknown: the value of such an output never comes. */
async function known(settings: pulumi.Inputs): Promise<Record<string, string | undefined> | undefined> {
  const output = pulumi.output(settings);
  if (!(await (output as unknown as Knowable).isKnown)) return undefined;
  return new Promise((resolve) => output.apply((values) => resolve(values as Record<string, string>)));
}

// A program that only imports the package any more has no resource that would register it. Outside of a run, as when
// an inline program of the Automation API is loaded, there is nothing to register it with.
if (pulumi.runtime.getStackResource() !== undefined) deleteHooks(undefined);
