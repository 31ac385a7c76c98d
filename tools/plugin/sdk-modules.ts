/** Stands in for provider/milvus/sdk-modules.ts in the bundle, where nothing is looked for in folders. */
/* eslint-disable @typescript-eslint/no-require-imports -- evaluated by the first call that needs it, and not before */
import type { Sdk } from "../../provider/milvus/sdk-modules";

export function loadModules(): Sdk {
  return require("@zilliz/milvus2-sdk-node") as Sdk;
}

export function requireOfSdk(): NodeJS.Require {
  const found = (name: string): unknown => {
    switch (name) {
      case "@grpc/proto-loader":
        return require("@grpc/proto-loader");
      case "protobufjs":
        return require("protobufjs");
      default:
        throw new Error(`${name} is not in the bundle`);
    }
  };
  return found as NodeJS.Require;
}
