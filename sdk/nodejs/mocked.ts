/**
 * Programs under `pulumi.runtime.setMocks`, as their tests run them. No engine asks a provider there: names have their
 * defaults, inputs are checked, and look-ups go to the mocks, from here.
 */
import { createRequire } from "node:module";

import * as pulumi from "@pulumi/pulumi";

import type { checkAlone } from "../../provider/engines/alone";

type Arguments = Readonly<Record<string, unknown>>;

export function isMocked(): boolean {
  const monitor: object | undefined = pulumi.runtime.getMonitor();
  return monitor !== undefined && Object.hasOwn(monitor, "mocks");
}

/** The name that was left out, by its input. Throws for what a preview would refuse; outputs are not looked into. */
export function checkedUnderMocks(kind: string, name: string, { collection, ...args }: Arguments): Arguments {
  // Loaded by tests alone: a program pays for no check of its own.
  const alone = createRequire(__filename)("../../provider/engines/alone") as {
    checkAlone: typeof checkAlone;
  };
  const given = collection === undefined ? args : { collectionName: collection, ...args };
  const { names, reasons } = alone.checkAlone(kind, name, withoutOutputs(given) as Arguments);
  // Shown without a call stack.
  if (reasons.length > 0) throw new pulumi.RunError(`${kind} ${JSON.stringify(name)}: ${reasons.join("; ")}`);
  return names;
}

/** With what is known later as a preview has it. */
function withoutOutputs(value: unknown): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise || pulumi.Resource.isInstance(value))
    return pulumi.runtime.unknownValue;
  if (Array.isArray(value)) return value.map(withoutOutputs);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutOutputs(one)]));
}

/** What the mock of `milvus:index:getCollection` and its like gives; what is no object is in its `result`. */
export async function lookedUpInMocks(name: string, args: Arguments): Promise<unknown> {
  const found = (await pulumi.runtime.invoke(`milvus:index:${name}`, args)) as Arguments;
  return Object.hasOwn(found, "result") ? found["result"] : found;
}
