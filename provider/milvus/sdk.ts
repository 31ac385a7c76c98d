/**
 * The Milvus SDK as the first call loads it. Half of its loading time would go into a Parquet library and the AWS
 * client behind it, which only its bulk writer uses: that library is loaded when somebody does.
 */
import { createRequire, Module } from "node:module";

const PARQUET = "@shanghaikid/parquetjs";

export async function loadSdk(): Promise<typeof import("@zilliz/milvus2-sdk-node")> {
  postpone(PARQUET);
  return import("@zilliz/milvus2-sdk-node");
}

/** Stands in for a module that the SDK requires; whoever looks into it finds the real one. */
function postpone(name: string): void {
  const requireAsSdk = createRequire(require.resolve("@zilliz/milvus2-sdk-node"));
  const file = resolved(requireAsSdk, name);
  // An SDK that does without it, or one that is loaded already.
  if (file === undefined || file in require.cache) return;
  const standIn = new Module(file);
  const real = (): object => {
    if (require.cache[file] === standIn) delete require.cache[file];
    return requireAsSdk(file) as object;
  };
  standIn.exports = new Proxy({}, { get: (_, property) => Reflect.get(real(), property) as unknown });
  standIn.loaded = true;
  require.cache[file] = standIn;
}

function resolved(from: NodeJS.Require, name: string): string | undefined {
  try {
    return from.resolve(name);
  } catch {
    return undefined;
  }
}
