import * as pulumi from "@pulumi/pulumi";

import type { Collection } from "./collection";

type Arguments = Record<string, unknown>;

/** What children of a collection take over from it. */
interface Declared {
  readonly args: Arguments;
  readonly provider: pulumi.ProviderResource | undefined;
}

const declaredBy = new WeakMap<object, Declared>();

/** A Milvus object in a Pulumi program. */
export abstract class MilvusResource extends pulumi.CustomResource {
  /** @internal */
  constructor(
    kind: string,
    name: string,
    args: object | undefined,
    outputs: readonly string[],
    opts: pulumi.CustomResourceOptions = {},
  ) {
    requireThisPackage();
    const given = { ...args } as Arguments;
    const properties = {
      ...Object.fromEntries(outputs.map((output) => [output, undefined])),
      ...(args && { ...wire(given), logicalName: name }),
      __provider: handlerOf(kind),
    };
    super(typeOf(kind), name, properties, withCollection(given["collection"], opts));
    declaredBy.set(this, { args: given, provider: opts.provider ?? this.getProvider(typeOf(kind)) });
  }
}

export function typeOf(kind: string): string {
  return `pulumi-nodejs:dynamic/milvus:${kind}`;
}

/**
 * What the engine keeps in every state instead of serialized code. It must never change: a state written by any
 * version has to reach the provider of every later one.
 */
function handlerOf(kind: string): string {
  return `exports.handler = () => require("pulumi-milvus/provider").${kind.charAt(0).toLowerCase()}${kind.slice(1)};`;
}

export function isResource(value: unknown, kind: string): boolean {
  return (value as { __pulumiType?: unknown } | undefined)?.__pulumiType === typeOf(kind);
}

/** A Collection, or the name of one, as the provider takes it. */
function wire({ collection, ...rest }: Arguments): Arguments {
  if (collection === undefined) return rest;
  if (!isResource(collection, "Collection")) return { collectionName: collection, ...rest };
  const resource = collection as Collection;
  const { databaseName } = declaredBy.get(resource)?.args ?? {};
  return {
    collectionName: resource.collectionName,
    collectionId: resource.collectionId,
    ...(databaseName !== undefined && { databaseName }),
    declaredCollection: declaredOf(resource),
    ...rest,
  };
}

/** What the program says of a collection's fields, as far as it says it in plain values. */
function declaredOf(collection: Collection): Arguments | undefined {
  const fields = declaredBy.get(collection)?.args["fields"];
  if (!Array.isArray(fields)) return undefined;
  const plain = fields as { name?: unknown; dataType?: unknown; isPartitionKey?: unknown }[];
  if (plain.some(({ name, dataType }) => typeof name !== "string" || typeof dataType !== "string")) return undefined;
  return {
    fieldTypes: Object.fromEntries(plain.map(({ name, dataType }) => [name, dataType])),
    partitionKeyField: plain.find(({ isPartitionKey }) => isPartitionKey === true)?.name,
  };
}

/** It lives on the collection's server and goes with it: one drop, and no call for what stands inside. */
function withCollection(collection: unknown, opts: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
  if (!isResource(collection, "Collection")) return opts;
  const resource = collection as Collection;
  return { deletedWith: resource, provider: declaredBy.get(resource)?.provider, ...opts };
}

let found = false;

/**
 * The engine's provider process looks for this package from the program's folder. A package manager that keeps
 * dependencies of dependencies to themselves (pnpm, workspaces) hides it there when only another package has it.
 */
function requireThisPackage(): void {
  if (found) return;
  try {
    require.resolve("pulumi-milvus/provider", { paths: [process.cwd()] });
    found = true;
  } catch {
    throw new Error(
      `pulumi-milvus cannot be found from ${process.cwd()}, the folder of this Pulumi program, although a package that ` +
        "it uses has it. Add it to the program's own package.json: npm install pulumi-milvus",
    );
  }
}
