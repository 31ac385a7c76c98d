/**
 * Stands in for provider/milvus/sdk-modules.ts in the bundle, where nothing is looked for in folders. The client is text
 * until the first call: half of what the plugin consists of, which Node would read through whenever it starts.
 */
import { compileFunction } from "node:vm";

import * as grpc from "@grpc/grpc-js";

import type { LoadedSdk, Sdk } from "../../provider/milvus/sdk-modules";
import text from "milvus-client.cjs";

interface Client {
  readonly sdk: Sdk;
  readonly modules: Readonly<Record<string, unknown>>;
}

export function loadModules(): LoadedSdk {
  const module = { exports: {} as Client };
  const run = compileFunction(text, ["module", "exports", "require"], { filename: "milvus-client.cjs" });
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- Node's own modules, which the client names
  const requireThere = (name: string): unknown => (name === "@grpc/grpc-js" ? grpc : require(name));
  (run as (...args: unknown[]) => void)(module, module.exports, requireThere);
  const { sdk, modules } = module.exports;
  const requireAsSdk = (name: string): unknown => {
    if (!Object.hasOwn(modules, name)) throw new Error(`${name} is not in the bundle`);
    return modules[name];
  };
  return { sdk, requireAsSdk };
}
