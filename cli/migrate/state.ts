/**
 * A state of dynamic resources as the plugin would have written it: what a stack exported becomes what it can import. All
 * that is not of this package stays as it is, and encrypted values are not looked into.
 */
import { isOfStackConfig } from "../../provider/engines/plugin/provider-inputs";
import { nameIn } from "../../provider/engines/plugin/urns";
import { DYNAMIC, EXPLICIT, PLUGIN, withoutPrefix } from "../../sdk/nodejs/engines";
import { asPlugin, type Converted, declarationOf, isHomeMade, type StateResource } from "./resource";
import { movedUrns, rewritten } from "./urns";

/** What `pulumi stack export` writes, as far as it is read here. */
export interface Exported {
  readonly version?: number;
  readonly deployment?: {
    readonly resources?: readonly StateResource[];
    readonly pending_operations?: readonly unknown[];
  };
}

export interface Migrated {
  readonly state: Exported;
  /** The kind of each resource that is the plugin's now. */
  readonly kinds: readonly string[];
  /** The names of their providers. */
  readonly providers: readonly string[];
  /** How many dynamic resources are none of this package, and stay. */
  readonly others: number;
}

const KNOWN_VERSIONS: readonly unknown[] = [3, 4];
const DYNAMIC_PROVIDER = `pulumi:providers:${DYNAMIC.package}`;
const PLUGIN_PROVIDER = `pulumi:providers:${PLUGIN.package}`;

/** Throws for what cannot be migrated. `version`: of the plugin that is to serve the state. */
export function migrateState(exported: Exported, version: string): Migrated {
  const before = resourcesIn(exported);
  const ours = before.filter(declarationOf);
  const others = before.filter((one) => !declarationOf(one));
  refuseHomeMade(ours);
  if (ours.length === 0)
    throw new Error("there is nothing to migrate: the state has no dynamic resource of pulumi-milvus");

  const [used, usedByOthers] = [providersOf(ours), providersOf(others)];
  const isMigrated = (one: StateResource): boolean => used.has(keyOf(one)) || isOfProgram(one);
  const providers = others.filter((one) => one.type === DYNAMIC_PROVIDER && isMigrated(one));
  const converted = new Map([
    ...asPlugin(ours),
    ...providers.map((one): Converted => [one, asPluginProvider(one, version)]),
  ]);

  const urns = movedUrns(before, (one) => {
    const { type } = converted.get(one) ?? one;
    return { type, name: isOfProgram(one) ? nameIn(one.urn) : newName(type, nameIn(one.urn), version) };
  });
  const keys = providers.map((one) => [keyOf(one), keyOf(rewritten(one, urns))] as const);
  const texts = new Map([...urns, ...keys]);
  const resources = before.flatMap((one) => {
    const overPlugin = converted.get(one);
    // What is none of this package keeps its provider.
    if (!overPlugin) return [rewritten(one, urns)];
    const after = rewritten(overPlugin, texts);
    return usedByOthers.has(keyOf(one)) ? [one, after] : [after];
  });
  return {
    state: { ...exported, deployment: { ...exported.deployment, resources } },
    kinds: ours.flatMap((one) => declarationOf(one)?.kind ?? []),
    providers: providers.map((one) => nameIn(rewritten(one.urn, urns))),
    others: others.filter(({ type }) => type.startsWith(`${DYNAMIC.package}:`)).length,
  };
}

function resourcesIn(exported: Exported | null): readonly StateResource[] {
  const { version, deployment } = exported ?? {};
  if (!KNOWN_VERSIONS.includes(version))
    throw new Error(
      `a state of version ${JSON.stringify(version)} is none that this pulumi-milvus knows, which are ` +
        `${KNOWN_VERSIONS.join(" and ")}: give it what \`pulumi stack export\` writes, or take a newer pulumi-milvus`,
    );
  const { resources = [], pending_operations: pending = [] } = deployment ?? {};
  if (pending.length > 0)
    throw new Error(
      `the state has pending operations (${pending.length}): an update was interrupted, and nobody knows what became of ` +
        "them. Run `pulumi refresh`, and export the stack again",
    );
  return resources;
}

/** A program may have called dynamic resources of its own like those of this package. */
function refuseHomeMade(ours: readonly StateResource[]): void {
  const homeMade = ours.find(isHomeMade);
  if (homeMade)
    throw new Error(
      `${homeMade.urn} has the type of a resource of pulumi-milvus, and another provider: it cannot be told from one. ` +
        "Give the class of it another type in the program first",
    );
}

/** What other resources know a provider by. */
function keyOf({ urn, id = "" }: StateResource): string {
  return `${urn}::${id}`;
}

function providersOf(resources: readonly StateResource[]): ReadonlySet<string | undefined> {
  return new Set(resources.map(({ provider }) => provider));
}

/** Of this package, whether or not it has resources. */
function isOfProgram({ inputs = {} }: StateResource): boolean {
  return Object.hasOwn(inputs, EXPLICIT);
}

/** The engine calls a provider that it makes of stack config by the version of the plugin. */
function newName(type: string, name: string, version: string): string {
  return type === PLUGIN_PROVIDER && isOfStackConfig(name) ? `default_${version.replace(/\W/g, "_")}` : name;
}

function asPluginProvider(one: StateResource, version: string): StateResource {
  const { urn, inputs = {}, outputs = {}, propertyDependencies = {} } = one;
  // By its name alone it would be the engine's own.
  const mark = isOfProgram(one) && isOfStackConfig(nameIn(urn)) ? { explicit: "true" } : {};
  return {
    ...one,
    type: PLUGIN_PROVIDER,
    inputs: { ...settingsIn(inputs), ...mark, version },
    outputs: { ...settingsIn(outputs), ...mark, version },
    propertyDependencies: settingsIn(propertyDependencies),
  };
}

/** A default provider of dynamic resources has all of stack config. */
function settingsIn<Value>(values: Readonly<Record<string, Value>>): Record<string, Value> {
  const settings = Object.entries(values).filter(([name]) => name.startsWith("milvus:"));
  return withoutPrefix(Object.fromEntries(settings));
}
