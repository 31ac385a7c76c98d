/**
 * The stack's config under `milvus:`, which the engine gives every process of a provider, by names without their
 * namespace. An explicit Provider is sent its own arguments alone, and a run without the program those of the last one.
 * Pulumi: https://github.com/pulumi/pulumi/blob/master/pkg/host/host.go
 */
import type { Values } from "./values";

/** Nothing of a process that no engine has started. */
export function stackConfigIn(environment: Readonly<Record<string, string | undefined>>): Values | undefined {
  const { PULUMI_CONFIG: config } = environment;
  return config === undefined ? undefined : (JSON.parse(config) as Values);
}
