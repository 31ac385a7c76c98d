/** With which inputs the next `pulumi up` configures each provider of a stack. */
import { containsUnknown } from "../../provider/core/unknown";
import { isOfStackConfig } from "../../provider/engines/plugin/provider-inputs";
import { nameIn } from "../../provider/engines/plugin/urns";
import { POLICY, policySetting } from "../../provider/milvus/settings";
import type { RecordedProvider } from "./engine";
import { isOverPlugin } from "./over-plugin";
import { HIDDEN, type Preview } from "./steps";

type Inputs = Readonly<Record<string, unknown>>;

/**
 * The default provider has today's stack config and an explicit one what the program gives it. A provider that the
 * program uses no more keeps the inputs that the last `pulumi up` recorded: with those the engine deletes what it made.
 */
export function plannedProviders(
  recorded: readonly RecordedProvider[],
  preview: Preview,
  config: Inputs,
): Map<string, Inputs> {
  return new Map(
    recorded.map((provider) => {
      const isToday = isDefault(provider) && isUsed(provider, preview);
      const inputs = isToday ? config : { ...provider.inputs, ...plannedPolicy(provider, preview) };
      const policy = isOverPlugin(provider) ? currentPolicy(provider, inputs, config) : {};
      return [`${provider.urn}::${provider.id}`, { ...inputs, ...policy }];
    }),
  );
}

/** A program may call one of its own so as well. */
function isDefault({ urn, inputs }: RecordedProvider): boolean {
  return isOfStackConfig(nameIn(urn)) && inputs["milvus:explicit"] !== "true";
}

/** A preview lists nothing that stays as it is, nor the default providers. */
function isUsed({ urn, resources }: RecordedProvider, { steps = [] }: Preview): boolean {
  const deleted = new Set(steps.filter(({ op }) => op === "delete").map((step) => step.urn));
  return (
    resources.some((resource) => !deleted.has(resource)) ||
    steps.some(({ newState }) => newState?.provider?.startsWith(`${urn}::`))
  );
}

const POLICY_KEYS = POLICY.map((name) => `milvus:${name}`);

function plannedPolicy({ urn }: RecordedProvider, { steps = [] }: Preview): Inputs {
  const wanted = steps.find((step) => step.urn === urn)?.newState?.inputs;
  if (wanted === undefined) return {};
  // Of a secret what the state holds is the best that is known.
  return Object.fromEntries(
    POLICY_KEYS.filter((key) => wanted[key] !== HIDDEN).map((key) => [key, ifKnown(wanted[key])]),
  );
}

/** The plugin reads stack config in every run. */
function currentPolicy(provider: RecordedProvider, inputs: Inputs, config: Inputs): Inputs {
  const isExplicit = !isDefault(provider);
  return Object.fromEntries(
    POLICY_KEYS.map((key) => [key, policySetting(inputs[key], config[key], isExplicit)]),
  );
}

/** What is not known yet acknowledges nothing. */
function ifKnown(value: unknown): unknown {
  return containsUnknown(value) ? undefined : value;
}
