/** A misspelt key of stack config is an error before anything runs: what it should have set is not set. */
import { createRequire } from "node:module";

import * as pulumi from "@pulumi/pulumi";

import type { refuseUnknownKeys } from "../../provider/milvus/settings";

/** Those of provider/milvus/settings.ts, which is only loaded to say what is wrong. */
export const KNOWN_KEYS: readonly string[] = [
  "milvus:address",
  "milvus:username",
  "milvus:password",
  "milvus:token",
  "milvus:database",
  "milvus:tls",
  "milvus:protectData",
  "milvus:acknowledgedDataLoss",
  "milvus:previewDeletes",
];

export function refuseUnknownConfig(): void {
  const keys = Object.keys(pulumi.runtime.allConfig());
  if (keys.every((key) => !key.startsWith("milvus:") || KNOWN_KEYS.includes(key))) return;
  const settings = createRequire(__filename)("../../provider/milvus/settings") as {
    refuseUnknownKeys: typeof refuseUnknownKeys;
  };
  try {
    settings.refuseUnknownKeys(keys, pulumi.getProject());
  } catch (error) {
    // Shown without a call stack.
    throw new pulumi.RunError((error as Error).message);
  }
}
