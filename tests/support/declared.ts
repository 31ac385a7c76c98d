/** The declared inputs of a resource, and a resource as the engine calls it, for tables over every input. */
import type * as dynamic from "@pulumi/pulumi/dynamic";

import type { Judge, Properties } from "../../provider/core/properties";
import { dynamicProvider } from "../../provider/engines/dynamic";
import type { Milvus } from "../../provider/milvus/gateway";
import { knows, lacks, parseVersion } from "../../provider/milvus/versions";
import type { FeatureName } from "../../provider/milvus/versions";
import { Run } from "../../provider/run";

export type Values = Record<string, unknown>;

/** What the engine sends for a value that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Every declared input as the tables name it: `fields[].dim`, `timeouts.create`. */
export function declaredPaths(properties: Properties, prefix = ""): string[] {
  return Object.entries(properties).flatMap(([name, { shape }]) => {
    const path = prefix + name;
    if (!shape.record) return [path];
    return [path, ...declaredPaths(shape.record.properties, `${path}${shape.keyedBy ? "[]" : ""}.`)];
  });
}

/** A resource of any kind; the kinds differ in types that no test here needs. */
export type AnyResource = Parameters<typeof dynamicProvider>[0];

export interface CheckedByEngine {
  readonly inputs: Values;
  readonly failures: readonly dynamic.CheckFailure[];
}

/** Check as the engine calls it: beside the inputs the SDK sends the logical name and the handler. */
export async function checked(resource: unknown, news: Values, olds: Values = {}): Promise<CheckedByEngine> {
  const provider = dynamicProvider(resource as AnyResource);
  const result = await provider.check?.(olds, {
    logicalName: "logical_name",
    __provider: "handler",
    ...news,
  });
  return { inputs: (result?.inputs ?? {}) as Values, failures: result?.failures ?? [] };
}

export async function failuresOf(resource: unknown, news: Values): Promise<readonly dynamic.CheckFailure[]> {
  return (await checked(resource, news)).failures.map(withPath);
}

/** A path inside an input stands at the head of the reason, since the engine could not print its value. */
function withPath({ property, reason }: dynamic.CheckFailure): dynamic.CheckFailure {
  if (property !== "") return { property, reason };
  const end = reason.indexOf(": ");
  return { property: reason.slice(0, end), reason: reason.slice(end + 2) };
}

/** A provider of the resource with the given stack configuration, `milvus:` left out of its names. */
export async function configured(
  resource: unknown,
  config: Readonly<Record<string, string>>,
  run = new Run(),
): Promise<dynamic.ResourceProvider> {
  const provider = dynamicProvider(resource as AnyResource, run);
  const get = (name: string): string | undefined => config[name.replace(/^milvus:/, "")];
  await provider.configure?.({
    config: { get, require: (name) => get(name) ?? "" },
  });
  return provider;
}

/** What a gateway has of its run, for stand-ins. */
export function ofRun(run = new Run()): Pick<Milvus, "run" | "decisions" | "logOnce"> {
  return { run, decisions: run.decisions, logOnce: run.lines.once };
}

/** Answers for a server of this version out of the version table, as the gateway does after asking it. */
export function judgeOf(version: string, run = new Run()): Judge {
  const server = parseVersion(version);
  return {
    ...ofRun(run),
    supports: (feature) => Promise.resolve(knows(server, feature as FeatureName)),
    lacks: (feature) => Promise.resolve(lacks(server, feature as FeatureName)),
  };
}

/** The same values with one of them left out when it is undefined. */
export function withValue(values: Values, name: string, value: unknown): Values {
  const { [name]: _, ...others } = values;
  return value === undefined ? others : { ...others, [name]: value };
}
