/** Which of its two engines a class registers with, dynamic resources or the plugin, and what either keeps in a state. */
import { createRequire } from "node:module";

/** What differs for Pulumi's engine. */
export interface Registrar {
  /** The package whose providers serve its resources. */
  readonly package: "pulumi-nodejs" | "milvus";
  /** The type of a resource of a kind such as `Collection`. */
  typeOf(kind: string): string;
}

export const DYNAMIC: Registrar = {
  package: "pulumi-nodejs",
  typeOf: (kind) => `pulumi-nodejs:dynamic/milvus:${kind}`,
};

export const PLUGIN: Registrar = {
  package: "milvus",
  typeOf: (kind) => `milvus:index:${kind}`,
};

/** Marks the Providers of programs, which the plugin sees by itself. */
export const EXPLICIT = "milvus:explicit";

/** The settings of a Provider of dynamic resources as the plugin takes them. */
export function withoutPrefix<Value>({
  [EXPLICIT]: _,
  ...settings
}: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [key.replace("milvus:", ""), value]),
  );
}

/** The one for all resources. */
export const DELETE_HOOK = "milvus-data-loss";

/** One that is for the resources of a Provider alone. */
export function deleteHookOf(provider: string): string {
  return `${DELETE_HOOK}-${provider}`;
}

const overPlugin = new WeakSet<object>();

export function registersOverPlugin(resourceClass: object): void {
  overPlugin.add(resourceClass);
}

/** Of a class, or of one that a program made of it. */
export function registrarOf(resourceClass: object): Registrar {
  for (
    let one: object | null = resourceClass;
    one !== null;
    one = Object.getPrototypeOf(one) as object | null
  )
    if (overPlugin.has(one)) return PLUGIN;
  return DYNAMIC;
}

let version: string | undefined;

/** Of this package, and so of the plugin that goes with it. */
export function packageVersion(): string {
  if (version !== undefined) return version;
  const found = createRequire(__filename)("pulumi-milvus/package.json") as { version: string };
  return (version = found.version);
}
