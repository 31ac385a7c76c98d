/**
 * The Milvus SDK as the first call loads it. It is pinned to one version, whose inside is known; with another one, or one
 * that is not what it was, whatever is cut short here goes the SDK's own way.
 */
import type { ClientConfig, MilvusClient } from "@zilliz/milvus2-sdk-node";

import { withPlainProtocol } from "./protocol";
import { type LoadedSdk, loadModules, type Sdk } from "./sdk-modules";

/** The version in package.json. */
export const SDK_VERSION = "3.0.6";

let loaded: LoadedSdk | undefined;

function loadedSdk(): LoadedSdk {
  if (loaded) return loaded;
  loaded = loadModules((version) => version === SDK_VERSION);
  // It writes each request and answer out as text before it looks whether anybody wants to read that.
  const { logger } = loaded.sdk as Partial<Sdk>;
  if (logger) logger.silent = true;
  return loaded;
}

export function loadSdk(): Sdk {
  return loadedSdk().sdk;
}

/** It has read no more than its calls need, where the SDK is as it is known. */
export function newClient(config: ClientConfig): MilvusClient {
  const { sdk, requireAsSdk } = loadedSdk();
  return clientOf(sdk, requireAsSdk, config);
}

/** `requireAsSdk` finds what that SDK finds. */
export function clientOf(
  { MilvusClient }: Pick<Sdk, "MilvusClient">,
  requireAsSdk: LoadedSdk["requireAsSdk"],
  config: ClientConfig,
): MilvusClient {
  const construct = (): MilvusClient => new MilvusClient(config);
  if (versionOf(MilvusClient) !== SDK_VERSION) return construct();
  try {
    return withPlainProtocol(requireAsSdk, construct);
  } catch {
    // What is wrong with the config is said again.
    return construct();
  }
}

function versionOf({ sdkInfo }: Partial<Pick<Sdk["MilvusClient"], "sdkInfo">>): unknown {
  return sdkInfo?.version;
}
