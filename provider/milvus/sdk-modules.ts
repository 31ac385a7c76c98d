/**
 * Where the Milvus SDK comes from. It is a copy of its own: the SDK's logger is one for all its clients, and a program, or
 * a dynamic resource of it in the same process, may use the SDK itself. Half of its loading time would go into a Parquet
 * library and the AWS client behind it, which only its bulk writer uses: that library is loaded when somebody does.
 *
 * The bundle of the plugin has tools/plugin/sdk-modules.ts in its place.
 */
import { createRequire, Module } from "node:module";
import { dirname, sep } from "node:path";

import { whenLookedInto } from "./when-looked-into";

export type Sdk = typeof import("@zilliz/milvus2-sdk-node");

const SDK = "@zilliz/milvus2-sdk-node";
const PARQUET = "@shanghaikid/parquetjs";

/** Not by `import()`, which reads through all its files once more for what they export. */
export function loadModules(): Sdk {
  const requireAsSdk = requireOfSdk();
  return withoutFilesOf(folderOf(SDK), () => {
    const putBack = postpone(PARQUET, requireAsSdk);
    try {
      return createRequire(__filename)(SDK) as Sdk;
    } finally {
      putBack();
    }
  });
}

/**
 * Loads what is in that folder anew, for nobody else: who requires it finds what was there before, or loads it. What it
 * requires from elsewhere, gRPC above all, is shared.
 */
function withoutFilesOf<T>(folder: string, work: () => T): T {
  const isInside = (file: string): boolean =>
    file.startsWith(folder + sep) && !file.slice(folder.length).includes(`${sep}node_modules${sep}`);
  const forget = (): [string, NodeJS.Module | undefined][] => {
    const files = Object.keys(require.cache).filter(isInside);
    const modules = files.map((file): [string, NodeJS.Module | undefined] => [file, require.cache[file]]);
    for (const file of files) delete require.cache[file];
    return modules;
  };
  const before = forget();
  try {
    return work();
  } finally {
    forget();
    for (const [file, module] of before) require.cache[file] = module;
  }
}

/** The folder of a package, by the file that requiring it loads. */
function folderOf(name: string): string {
  const file = require.resolve(name);
  const inside = `${sep}${name.split("/").join(sep)}${sep}`;
  const at = file.lastIndexOf(inside);
  return at < 0 ? dirname(file) : file.slice(0, at + inside.length - 1);
}

/** Finds what the SDK finds. */
export function requireOfSdk(): NodeJS.Require {
  return createRequire(require.resolve(SDK));
}

/** Stands in for a module while the SDK requires it; whoever looks into it finds the real one. Returns what ends that. */
function postpone(name: string, requireAsSdk: NodeJS.Require): () => void {
  const file = resolved(requireAsSdk, name);
  // An SDK that does without it, or one that is loaded already.
  if (file === undefined || Object.hasOwn(require.cache, file)) return () => undefined;
  const standIn = new Module(file);
  const putBack = (): void => {
    if (require.cache[file] === standIn) delete require.cache[file];
  };
  standIn.exports = whenLookedInto(() => {
    putBack();
    return requireAsSdk(file) as object;
  });
  standIn.loaded = true;
  require.cache[file] = standIn;
  return putBack;
}

function resolved(from: NodeJS.Require, name: string): string | undefined {
  try {
    return from.resolve(name);
  } catch {
    return undefined;
  }
}
