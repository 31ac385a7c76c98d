/** A misspelt key of stack config is an error before anything runs: what it should have set is not set. */
import { createRequire } from "node:module";

import * as pulumi from "@pulumi/pulumi";

import type { refuseUnknownArguments, refuseUnknownKeys } from "../../provider/milvus/settings";

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
  saying(({ refuseUnknownKeys: refuse }) => refuse(keys, pulumi.getProject()));
}

/** Of a Provider with that name. */
export function refuseUnknownArgs(args: object, provider: string): void {
  const names = Object.keys(args);
  if (names.every((name) => KNOWN_KEYS.includes(`milvus:${name}`) && name !== "previewDeletes")) return;
  saying(({ refuseUnknownArguments: refuse }) => refuse(names, provider));
}

interface Refusals {
  readonly refuseUnknownKeys: typeof refuseUnknownKeys;
  readonly refuseUnknownArguments: typeof refuseUnknownArguments;
}

function saying(refuse: (settings: Refusals) => void): void {
  try {
    refuse(createRequire(__filename)("../../provider/milvus/settings") as Refusals);
  } catch (error) {
    // Shown without a call stack.
    throw new pulumi.RunError((error as Error).message);
  }
}
