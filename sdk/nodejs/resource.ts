import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import type { Collection } from "./collection";
import { refuseUnknownConfig } from "./config-keys";
import { DYNAMIC, packageVersion, PLUGIN, type Registrar, registrarOf } from "./engines";
import { comesAfter, isNamed, stands } from "./in-collection";
import { checkedUnderMocks, isMocked } from "./mocked";
import { withoutDependency } from "./outputs";
import { deleteHook, rememberDeclared } from "./preview-deletes";
import { settingsOf } from "./provider";
import { mayBeReferredTo } from "./references";

type Arguments = Record<string, unknown>;

/** What those that stand in a resource take over from it. */
interface Registered {
  readonly provider: pulumi.ProviderResource | undefined;
  /** Got by its id: the engine never deletes it. */
  readonly isRead: boolean;
}

const registered = new WeakMap<object, Registered>();

/** What a resource class hands to the engine. */
interface Registration {
  readonly type: string;
  readonly properties: pulumi.Inputs;
  readonly options: pulumi.CustomResourceOptions;
}

/** What is special about a kind. */
interface Traits {
  /** It has a drop of its own before that of its collection. */
  readonly outlivesCollection?: boolean;
  /** The inputs that are secrets whatever the program says of them. */
  readonly secrets?: readonly string[];
}

export function registration(
  resourceClass: object,
  kind: string,
  name: string,
  args: object | undefined,
  outputs: readonly string[],
  opts: pulumi.CustomResourceOptions = {},
  { outlivesCollection = false, secrets = [] }: Traits = {},
): Registration {
  const registrar = registrarOf(resourceClass);
  if (registrar === DYNAMIC) {
    requireThisPackage();
    refuseImport(kind, name, opts);
  }
  refuseUnknownConfig();
  const named = withSecrets({ ...args }, secrets);
  const own = withCollection(named["collection"], opts, outlivesCollection);
  const options = withSecretOutputs(after(comesAfter(kind, named, own.provider), own), secrets);
  const provider = providerOf(options, registrar);
  const { hooks, mark } = deleteHook(provider && settingsOf(provider));
  const names = args && isMocked() ? checkedUnderMocks(kind, name, named) : {};
  const placeholders = { ...Object.fromEntries(outputs.map((output) => [output, undefined])), ...names };
  // What the engine retains is not dropped, and its hooks run all the same.
  const hooked = hooks.length === 0 || options.retainOnDelete ? options : withDeleteHooks(options, hooks);
  if (registrar === PLUGIN)
    return {
      type: registrar.typeOf(kind),
      properties: { ...placeholders, ...named, ...(args && { ...mark, ...moment() }) },
      options: { version: packageVersion(), ...hooked },
    };
  const properties = {
    ...placeholders,
    ...(args && {
      ...wire(named, outlivesCollection),
      logicalName: name,
      declaration: nextDeclaration(),
      ...mark,
      ...secretsIn(named),
    }),
    __provider: handlerOf(kind),
  };
  return { type: registrar.typeOf(kind), properties, options: hooked };
}

/** The one that the engine takes: its own, or that of the component or resource it stands in. */
function providerOf(
  { provider, parent }: pulumi.CustomResourceOptions,
  registrar: Registrar,
): pulumi.ProviderResource | undefined {
  return provider ?? parent?.getProvider(memberOf(registrar));
}

function memberOf({ package: name }: Registrar): string {
  return `${name}:index:Resource`;
}

/** Tells this process from others, and its resources from each other: two that declare one object are told. */
const RUN = randomUUID();
let declarations = 0;

/** In one string: each input costs bytes of every state, which the engine writes at each step. */
function nextDeclaration(): string {
  declarations += 1;
  return `${RUN}:${declarations}:${pulumi.runtime.isDryRun() ? "preview" : "up"}`;
}

/** Which of the two a program runs for, the plugin's engine does not tell. Tests of programs see what these declare alone. */
function moment(): { readonly isPreview?: boolean } {
  return isMocked() ? {} : { isPreview: pulumi.runtime.isDryRun() };
}

/** What is a secret whatever the program says of it: encrypted in the state, inputs and outputs both. */
function withSecrets(args: Arguments, secrets: readonly string[]): Arguments {
  const given = secrets.filter((name) => args[name] !== undefined);
  return { ...args, ...Object.fromEntries(given.map((name) => [name, pulumi.secret(args[name])])) };
}

function withSecretOutputs(
  options: pulumi.CustomResourceOptions,
  secrets: readonly string[],
): pulumi.CustomResourceOptions {
  if (secrets.length === 0) return options;
  return { ...options, additionalSecretOutputs: [...(options.additionalSecretOutputs ?? []), ...secrets] };
}

/** Called once the resource is registered, for those that are given it as their collection or come after it. */
export function remember(
  resource: pulumi.CustomResource,
  args: object | undefined,
  { provider, id }: pulumi.CustomResourceOptions,
): void {
  rememberDeclared(resource);
  // An alias stands beside the collection: nothing inside waits for it.
  if (!isResource(resource, "Alias")) stands(resource, { ...args }, provider);
  if (args && isResource(resource, "Collection")) {
    const { collectionName = logicalNameOf(resource), ...rest } = { ...args } as Arguments;
    isNamed(resource, collectionName, rest, provider);
  }
  const registrar = registrarOf(resource.constructor);
  if (registrar === PLUGIN && isResource(resource, "Collection")) mayBeReferredTo(resource);
  const member = memberOf(registrar);
  registered.set(resource, { provider: resource.getProvider(member), isRead: id !== undefined });
}

function logicalNameOf(resource: pulumi.Resource): unknown {
  return (resource as { __name?: unknown }).__name;
}

/**
 * The engine keeps the whole call stack of each resource in the state, twice the size of a partition, and writes all
 * of it at every step. Kept is the line of the program that made the resource, which is what messages point to, and
 * only that line is looked up in source maps, which takes a program of hundreds as long as all the rest of it.
 * Returns what puts the old behaviour back.
 */
export function shortenStack(): () => void {
  const stacks: { prepareStackTrace?: (error: Error, frames: NodeJS.CallSite[]) => unknown } = Error;
  const before = stacks.prepareStackTrace;
  stacks.prepareStackTrace = (error, frames) => {
    const own = frames.slice(0, FRAMES_OF_PULUMI);
    const user = frames.slice(FRAMES_OF_PULUMI).find((frame) => !frame.getFileName()?.startsWith(__dirname));
    if (!user) return before ? before(error, frames) : [String(error), ...frames.map(asLine)].join("\n");
    const line = before
      ? String(before(error, [user]))
          .split("\n")
          .at(-1)
      : asLine(user);
    return [String(error), ...own.map(asLine), line].join("\n");
  };
  return () => {
    stacks.prepareStackTrace = before;
  };
}

function asLine(frame: NodeJS.CallSite): string {
  return `    at program (${frame.getFileName()}:${frame.getLineNumber()}:${frame.getColumnNumber()})`;
}

/** Those above a program's own line: two helpers, Resource, CustomResource and the class here. */
const FRAMES_OF_PULUMI = 5;

function withDeleteHooks(
  options: pulumi.CustomResourceOptions,
  hooks: readonly pulumi.ResourceHook[],
): pulumi.CustomResourceOptions {
  const beforeDelete = [...(options.hooks?.beforeDelete ?? []), ...hooks];
  return { ...options, hooks: { ...options.hooks, beforeDelete } };
}

/**
 * What the engine keeps in every state instead of serialized code. It must never change: a state written by any
 * version has to reach the provider of every later one.
 */
function handlerOf(kind: string): string {
  return `exports.handler = () => require("pulumi-milvus/provider").${kind.charAt(0).toLowerCase()}${kind.slice(1)};`;
}

export function isResource(value: unknown, kind: string): boolean {
  const type = (value as { __pulumiType?: unknown } | undefined)?.__pulumiType;
  return type === DYNAMIC.typeOf(kind) || type === PLUGIN.typeOf(kind);
}

/** What names a Collection of the program for a look-up, and the server that it is on. */
export interface CollectionIdentity {
  /** The name of the collection. */
  readonly name: pulumi.Input<string>;
  /** The database it is in. */
  readonly databaseName: pulumi.Input<string>;
  /** Not known before the collection is made. */
  readonly id: pulumi.Input<unknown>;
  /** The one that the program gave it. */
  readonly provider: pulumi.ProviderResource | undefined;
}

/** Nothing for what is not a Collection, but the name of one. */
export function collectionIdentity(collection: unknown): CollectionIdentity | undefined {
  if (!isResource(collection, "Collection")) return undefined;
  const { collectionName, databaseName, id } = collection as Collection;
  return { name: collectionName, databaseName, id, provider: registered.get(collection as object)?.provider };
}

/**
 * A Collection, or the name of one, as the provider takes it: in the database that the collection has. What goes with it
 * needs no dependency of its own on that; what outlives it moves to another collection and is replaced in another database,
 * which the engine asks about before it drops either.
 */
function wire({ collection, ...rest }: Arguments, outlivesCollection: boolean): Arguments {
  if (collection === undefined) return rest;
  if (!isResource(collection, "Collection")) return { collectionName: collection, ...rest };
  const { collectionName, collectionId, databaseName } = collection as Collection;
  const database = outlivesCollection ? databaseName : withoutDependency(databaseName);
  return { collectionName, collectionId, databaseName: database, ...given(rest) };
}

/** What is undefined is as if it were left out. */
function given<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

/**
 * It lives on the collection's server and goes with it: one drop, and no call for what stands inside. What Milvus does
 * not drop with the collection has its own drop before it, also when a program says that it is deleted with it. A
 * collection that is only read stays, and what is `deletedWith` it would leave the state and stay on the server.
 */
function withCollection(
  collection: unknown,
  opts: pulumi.CustomResourceOptions,
  outlivesCollection: boolean,
): pulumi.CustomResourceOptions {
  if (!isResource(collection, "Collection")) return opts;
  const resource = collection as Collection;
  const { provider, isRead = false } = registered.get(resource) ?? {};
  const options = { deletedWith: resource, provider, ...given(opts) };
  const hasOwnDrop = outlivesCollection || isRead;
  return hasOwnDrop && options.deletedWith === resource ? { ...options, deletedWith: undefined } : options;
}

function after(
  resources: readonly pulumi.Resource[],
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  if (resources.length === 0) return options;
  // Pulumi walks into lists within the list, and its type does not say so.
  const dependsOn = [...resources, ...(options.dependsOn ? [options.dependsOn as pulumi.Resource] : [])];
  return { ...options, dependsOn };
}

type Path = readonly (string | number)[];

/**
 * Where the arguments hold secrets. The engine gives them to the provider bare, which has to know what it must not
 * print. Nothing when no argument can be one.
 */
function secretsIn({ collection, ...rest }: Arguments): {
  secretInputs: Promise<Path[] | undefined> | undefined;
} {
  const isName = collection !== undefined && !isResource(collection, "Collection");
  const named = isName ? { ...rest, collectionName: collection } : rest;
  const eventual = outputsIn(named);
  return { secretInputs: eventual.length === 0 ? undefined : secretsAmong(eventual) };
}

interface Eventual {
  readonly path: Path;
  readonly value: pulumi.Output<unknown> | Promise<unknown>;
}

/** Not by recursion: arguments may be nested more deeply than calls can be, and even inside themselves. */
function outputsIn(args: Arguments): Eventual[] {
  const found: Eventual[] = [];
  const seen = new Set<unknown>();
  const open: { path: Path; value: unknown }[] = [{ path: [], value: args }];
  for (const { path, value } of open) {
    if (pulumi.Output.isInstance(value) || value instanceof Promise) found.push({ path, value });
    else if (isPlain(value) && !seen.has(value)) {
      seen.add(value);
      const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
      for (const key of keys) open.push({ path: [...path, key], value: (value as Arguments)[key] });
    }
  }
  return found;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value) as null);
}

async function secretsAmong(eventual: readonly Eventual[]): Promise<Path[] | undefined> {
  const secret = await Promise.all(eventual.map(({ value }) => pulumi.isSecret(pulumi.output(value))));
  const paths = eventual.filter((_, at) => secret[at]).map(({ path }) => path);
  return paths.length === 0 ? undefined : paths;
}

let found = false;

/**
 * The folder of the program, which the engine starts the provider process in. Pulumi's runner of programs is in it when
 * it loads one, which may go elsewhere later. An inline program of the Automation API runs in a process of the user's,
 * anywhere: where its project is, only the engine knows, and says itself when this package is not there.
 */
const programFolder = /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run[\\/]/.test(require.main?.filename ?? "")
  ? process.cwd()
  : undefined;

/**
 * The engine's provider process looks for this package from the program's folder. A package manager that keeps
 * dependencies of dependencies to themselves (pnpm, workspaces) hides it there when only another package has it.
 */
function requireThisPackage(): void {
  if (found || programFolder === undefined) return;
  try {
    // Not require.resolve with paths: a package always finds itself by its own name.
    createRequire(join(programFolder, "program.js")).resolve("pulumi-milvus/provider");
    found = true;
  } catch {
    // Shown without a call stack.
    throw new pulumi.RunError(
      `pulumi-milvus cannot be found from ${programFolder}, the folder of this Pulumi program, although a package that ` +
        "it uses has it. Add it to the program's own package.json: npm install pulumi-milvus",
    );
  }
}

/** The engine would say that the provider does not implement it. */
function refuseImport(kind: string, name: string, { import: id }: pulumi.CustomResourceOptions): void {
  if (id === undefined) return;
  // Shown without a call stack.
  throw new pulumi.RunError(
    `${kind} ${JSON.stringify(name)}: Pulumi cannot import a dynamic resource (option \`import\`). Leave it out: ` +
      "what exists and is equal is taken over, with `adopt: true` where it holds data. The resources of " +
      '"pulumi-milvus/plugin" can be imported',
  );
}
