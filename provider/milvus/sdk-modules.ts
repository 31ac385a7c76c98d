/**
 * Where the Milvus SDK comes from. It is a copy of its own: the SDK's logger is one for all its clients, and a program, or
 * a dynamic resource of it in the same process, may use the SDK itself. Most of its loading time would go into libraries
 * that no call of this package uses: those are loaded when somebody does.
 *
 * The bundle of the plugin has tools/plugin/sdk-modules.ts in its place.
 */
import { createRequire, Module } from "node:module";
import { dirname, sep } from "node:path";

import { STAND_INS } from "./stand-ins";

export type Sdk = typeof import("@zilliz/milvus2-sdk-node");

export interface LoadedSdk {
  readonly sdk: Sdk;
  /** Finds what the SDK has found. */
  readonly requireAsSdk: (name: string) => unknown;
}

const SDK = "@zilliz/milvus2-sdk-node";

/** Not by `import()`, which reads through all its files once more for what they export. */
export function loadModules(isKnown: (version: unknown) => boolean): LoadedSdk {
  const requireAsSdk = createRequire(require.resolve(SDK));
  const load = (): Sdk => createRequire(__filename)(SDK) as Sdk;
  return withoutFilesOf(folderOf(SDK), () => {
    if (!isKnown(versionOf(requireAsSdk))) return { sdk: load(), requireAsSdk };
    const { found, putBack } = standingIn(requireAsSdk);
    try {
      return { sdk: load(), requireAsSdk: (name) => found.get(name) ?? (requireAsSdk(name) as unknown) };
    } finally {
      putBack();
    }
  });
}

function versionOf(requireAsSdk: NodeJS.Require): unknown {
  try {
    return (requireAsSdk(`${SDK}/package.json`) as { readonly version?: unknown }).version;
  } catch {
    return undefined;
  }
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

interface StandingIn {
  /** By name. */
  readonly found: ReadonlyMap<string, unknown>;
  readonly putBack: () => void;
}

/** What the SDK requires from now on, until that is put back. What is loaded already, or missing, is as it is. */
function standingIn(requireAsSdk: NodeJS.Require): StandingIn {
  const found = new Map<string, unknown>();
  const modules: Module[] = [];
  for (const [name, standIn] of Object.entries(STAND_INS)) {
    const file = resolved(requireAsSdk, name);
    if (file === undefined || Object.hasOwn(require.cache, file)) continue;
    const module = new Module(file);
    module.exports = standIn(() => {
      putBack(module);
      return requireAsSdk(file) as object;
    });
    module.loaded = true;
    require.cache[file] = module;
    found.set(name, module.exports);
    modules.push(module);
  }
  return { found, putBack: () => modules.forEach(putBack) };
}

function putBack(standIn: Module): void {
  if (require.cache[standIn.id] === standIn) delete require.cache[standIn.id];
}

function resolved(from: NodeJS.Require, name: string): string | undefined {
  try {
    return from.resolve(name);
  } catch {
    return undefined;
  }
}
