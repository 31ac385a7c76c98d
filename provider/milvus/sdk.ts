/**
 * The Milvus SDK as the first call loads it. Half of its loading time would go into a Parquet library and the AWS
 * client behind it, which only its bulk writer uses: that library is loaded when somebody does.
 */
import { createRequire, Module } from "node:module";

import type { ClientConfig, MilvusClient } from "@zilliz/milvus2-sdk-node";

import { withPlainProtocol } from "./protocol";

type Sdk = typeof import("@zilliz/milvus2-sdk-node");

const SDK = "@zilliz/milvus2-sdk-node";
const PARQUET = "@shanghaikid/parquetjs";
/** What it reads its protocol with. */
const READERS = ["@grpc/proto-loader", "protobufjs"];

let sdk: Sdk | undefined;

/** Not by `import()`, which reads through all its files once more for what they export. */
export function loadSdk(): Sdk {
  sdk ??= load();
  return sdk;
}

/** It has read no more than its calls need. */
export function newClient(config: ClientConfig): MilvusClient {
  const { MilvusClient } = loadSdk();
  const requireAsSdk = requireOfSdk();
  const construct = (): MilvusClient => new MilvusClient(config);
  // A later SDK may do without them.
  const readsAsKnown = READERS.every((name) => resolved(requireAsSdk, name) !== undefined);
  return readsAsKnown ? withPlainProtocol(requireAsSdk, construct) : construct();
}

function load(): Sdk {
  postpone(PARQUET);
  const loaded = createRequire(__filename)(SDK) as Sdk;
  // It writes each request and answer out as text before it looks whether anybody wants to read that.
  loaded.logger.silent = true;
  return loaded;
}

/** Finds what the SDK finds. */
function requireOfSdk(): NodeJS.Require {
  return createRequire(require.resolve(SDK));
}

/** Stands in for a module that the SDK requires; whoever looks into it finds the real one. */
function postpone(name: string): void {
  const requireAsSdk = requireOfSdk();
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
