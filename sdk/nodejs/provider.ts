import * as pulumi from "@pulumi/pulumi";

import { refuseUnknownArgs } from "./config-keys";
import { EXPLICIT, packageVersion, PLUGIN, registrarOf, withoutPrefix } from "./engines";
import { rememberProvider } from "./preview-deletes";

/** How a connection is secured. Milvus: https://milvus.io/docs/tls.md */
export interface TlsArgs {
  /** Path of a PEM file with the certificate authorities to trust. Default: those of Node. */
  caCertPath?: pulumi.Input<string>;
  /** Path of the client's certificate chain (PEM), for mutual TLS. */
  clientCertPath?: pulumi.Input<string>;
  /** Path of the client's private key (PEM), for mutual TLS. */
  clientKeyPath?: pulumi.Input<string>;
  /** The name to expect in the server's certificate when it differs from the address. */
  serverName?: pulumi.Input<string>;
  /** Whether to talk to a server without checking its certificate. Default: `false`. */
  insecureSkipVerify?: pulumi.Input<boolean>;
}

/** Which Milvus to talk to, and as whom. */
export interface ProviderArgs {
  /**
   * `HOST:PORT`, `http://HOST:PORT` or `https://HOST:PORT`. Without a port: 19530, and 443 with https or tls. May be
   * an output of another resource, such as a Milvus deployed in the same stack: that may be starting, and its first
   * answer is waited for as long as `timeouts` of the resources say (10 minutes by default). A server at any other
   * address that has not answered yet is given up after 8 seconds, unless the program sets `timeouts`.
   */
  address: pulumi.Input<string>;
  /** Goes with `password`. */
  username?: pulumi.Input<string>;
  /** Kept encrypted in the state. */
  password?: pulumi.Input<string>;
  /** An API key or `username:password`; instead of both. Kept encrypted in the state. */
  token?: pulumi.Input<string>;
  /** The database of resources that name none. Default: `default`. */
  database?: pulumi.Input<string>;
  /**
   * What is not dropped while it holds data, unless its id is in `acknowledgedDataLoss`. `"replacements"`: a collection
   * or a partition that a change of the program replaces; what is removed from the program goes. `true`: what is removed
   * as well. `false`: nothing. Refused at preview where the engine asks and the count is certain, and at up always,
   * before the object is changed. Default: stack config `milvus:protectData`, then the environment variable
   * MILVUS_PROTECT_DATA, then `"replacements"`.
   */
  protectData?: pulumi.Input<boolean | "replacements">;
  /**
   * Ids of objects whose data may be lost whatever `protectData` says: `database/collection` or
   * `database/collection/partition`. Default: stack config `milvus:acknowledgedDataLoss`, then the
   * environment variable MILVUS_ACKNOWLEDGED_DATA_LOSS.
   */
  acknowledgedDataLoss?: pulumi.Input<pulumi.Input<string>[]>;
  /** `true`, or how; https addresses need nothing here. Default: `false`. */
  tls?: pulumi.Input<boolean | TlsArgs>;
}

/**
 * A Milvus server for the resources that are given it with the option `provider`. Of address and
 * credentials only what is set here counts: neither stack config nor the environment is sent to it.
 *
 * Destroy and refresh use the settings that the state recorded; after a password was rotated, run `pulumi up` first
 * or pass `--run-program`.
 */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    const own = settingsIn(name, args);
    const settings = { ...own, ...policyOf(args) };
    const registrar = registrarOf(new.target);
    // The plugin reads the policy of stack config itself, in every run; dynamic providers have it from here alone.
    if (registrar === PLUGIN) super(registrar.package, name, withoutPrefix(own), overPlugin(opts));
    else super(registrar.package, name, settings, opts);
    explicit.set(this, { name, settings });
    rememberProvider({ name, settings });
  }
}

/** By their keys in config. */
function settingsIn(name: string, args: ProviderArgs): pulumi.Inputs {
  refuseUnknownArgs(args, name);
  const { address, username, password, token, database, tls, protectData, acknowledgedDataLoss } = args;
  if (address === undefined) throw new Error(`Milvus provider ${name}: address is required and missing`);
  return {
    [EXPLICIT]: "true",
    "milvus:address": address,
    "milvus:username": username,
    "milvus:password": secret(password),
    "milvus:token": secret(token),
    "milvus:database": database,
    "milvus:tls": asText(tls),
    "milvus:protectData": asText(protectData),
    "milvus:acknowledgedDataLoss": asText(acknowledgedDataLoss),
    "milvus:madeByStack": isMadeByStack(address),
  };
}

/** What a Provider leaves out is as stack config has it. */
function policyOf({ protectData, acknowledgedDataLoss }: ProviderArgs): pulumi.Inputs {
  const config = new pulumi.Config("milvus");
  return {
    "milvus:protectData": asText(protectData ?? config.get("protectData")),
    "milvus:acknowledgedDataLoss": asText(acknowledgedDataLoss ?? config.get("acknowledgedDataLoss")),
  };
}

function overPlugin(opts: pulumi.ResourceOptions | undefined): pulumi.ResourceOptions {
  return { version: packageVersion(), ...opts };
}

/** What a Provider of a program was given. */
export interface Explicit {
  /** Its logical name. */
  readonly name: string;
  /** Its settings, by their keys in config such as `milvus:address`. */
  readonly settings: pulumi.Inputs;
}

const explicit = new WeakMap<object, Explicit>();

/** What a Provider of this package was given. */
export function settingsOf(provider: pulumi.ProviderResource): Explicit | undefined {
  return explicit.get(provider);
}

/** Of another stack's outputs nothing is made here. */
const STACK_REFERENCE = "pulumi:pulumi:StackReference";

interface WithResources {
  allResources?(): Promise<Set<object>>;
  resources?(): Set<object>;
}

/**
 * Says of an address that comes out of a resource of the program that a server may be starting there, which takes
 * minutes; nothing of any other.
 */
function isMadeByStack(address: pulumi.Input<string>): pulumi.Output<string | undefined> | undefined {
  if (!pulumi.Output.isInstance(address)) return undefined;
  const output = address as WithResources;
  const behind = output.allResources?.() ?? output.resources?.() ?? new Set<object>();
  const makers = Promise.resolve(behind).then((resources) =>
    [...resources].filter((one) => (one as { __pulumiType?: string }).__pulumiType !== STACK_REFERENCE),
  );
  return pulumi.output(makers.then((found) => (found.length > 0 ? "true" : undefined)));
}

/** Provider settings are strings, whatever they hold. */
function asText(value: unknown): pulumi.Output<string> | undefined {
  if (value === undefined) return undefined;
  return pulumi.output(value).apply((known) => (typeof known === "string" ? known : JSON.stringify(known)));
}

function secret(value: pulumi.Input<string> | undefined): pulumi.Output<string> | undefined {
  return value === undefined ? undefined : pulumi.secret(value);
}
