/** Which server to talk to and as whom. */
import { printable } from "../core/printable";
import { show, suggestion } from "../core/shapes";

export interface TlsSettings {
  /** Path of a PEM file with the certificate authorities to trust. */
  readonly caCertPath?: string;
  /** Path of the client's own certificate chain (PEM), for mutual TLS. */
  readonly clientCertPath?: string;
  /** Path of the client's private key (PEM), for mutual TLS. */
  readonly clientKeyPath?: string;
  /** The name to expect in the server's certificate when it differs from the address. */
  readonly serverName?: string;
  /** Whether to talk to a server without checking its certificate. */
  readonly insecureSkipVerify?: boolean;
}

export interface ConnectionSettings {
  /** `host:port`. */
  readonly address: string;
  readonly tls: TlsSettings | undefined;
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
  /** The database of resources that name none. Milvus 2.3 judges privileges by it, whatever database a call names. */
  readonly database?: string;
}

export interface ServerSettings extends ConnectionSettings {
  readonly database: string;
}

/** `"replacements"`: drops that a replacement asks for. `true`: those of what leaves the program as well. `false`: none. */
export type ProtectData = boolean | "replacements";

export interface Settings extends ServerSettings {
  /** Which drops of what holds data fail unless it was acknowledged. */
  readonly protectData: ProtectData;
  /** Ids of the objects whose data may be lost all the same. */
  readonly acknowledgedDataLoss: readonly string[];
  /** Whether both are as stack config has them now, also in a run without the program, and not as a state recorded them. */
  readonly policyIsCurrent?: boolean;
  /** Whether they are those of an explicit Provider, which may have a policy of its own. */
  readonly isExplicit?: boolean;
}

/** The one that every server has from the start, and that cannot be dropped. */
export const DEFAULT_DATABASE = "default";
const DEFAULT_PORT = 19530;
const DEFAULT_TLS_PORT = 443;

/** What is known of a setting by its name: from a Provider's inputs, stack config or the environment. */
export type Lookup = (name: string) => unknown;

type SettingName =
  "address" | "username" | "password" | "token" | "database" | "tls" | "protectData" | "acknowledgedDataLoss";

/** What says which data may be lost, and nothing of a server: it counts for every Provider that does not set it. */
export const POLICY: readonly string[] = ["protectData", "acknowledgedDataLoss"] satisfies SettingName[];

export function isPolicy(name: string): boolean {
  return POLICY.includes(name);
}

/** A setting of the policy, where stack config can be read as it is now: it counts unless a Provider has its own. */
export function policySetting(own: unknown, inStackConfig: unknown, isExplicit: boolean): unknown {
  return isExplicit ? (own ?? inStackConfig) : inStackConfig;
}

/** What a Provider may be given, and the environment may hold. */
const SETTINGS: readonly SettingName[] = [
  "address",
  "username",
  "password",
  "token",
  "database",
  "tls",
  "protectData",
  "acknowledgedDataLoss",
];

/** What stack config may hold under `milvus:`; the last one is for the program's side alone. */
export const CONFIG_KEYS: readonly (SettingName | "previewDeletes")[] = [...SETTINGS, "previewDeletes"];

/**
 * Throws for a key of stack config under `milvus:` that means nothing: `milvus:protectdata` would protect no data. In a
 * project that is called milvus they are the program's own keys as well, and only one that is written almost like a
 * setting is refused. The keys are with their namespaces.
 */
export function refuseUnknownKeys(keys: readonly string[], project: string): void {
  const settings = new Map(CONFIG_KEYS.map((key) => [lettersOf(key), key]));
  for (const key of keys) {
    const name = key.startsWith("milvus:") ? key.slice("milvus:".length) : undefined;
    if (name === undefined || (CONFIG_KEYS as readonly string[]).includes(name)) continue;
    const same = settings.get(lettersOf(name));
    if (project === "milvus" && same === undefined) continue;
    const hint = same === undefined ? suggestion(name, CONFIG_KEYS) : `; did you mean ${show(same)}?`;
    throw new Error(
      `stack config has ${show(key)}, and there is no such setting${hint || "."} Known are ${CONFIG_KEYS.join(", ")}. ` +
        `Remove it with \`pulumi config rm ${printable(key)}\``,
    );
  }
}

/**
 * Throws for an argument of a Provider that is none, which only an untyped program can give: `protectdata` would protect
 * no data.
 */
export function refuseUnknownArguments(names: readonly string[], provider: string): void {
  for (const name of names)
    if (!(SETTINGS as readonly string[]).includes(name))
      throw new Error(
        `Milvus provider ${printable(provider)} is given ${show(name)}, and there is no such argument` +
          `${suggestion(name, SETTINGS) || "."} Known are ${SETTINGS.join(", ")}`,
      );
}

/**
 * Settings as environment variables have them. Throws for one that is written almost like a setting: with other
 * underscores or capitals, or begun like one that protects data. Others may be anybody's.
 */
export function environmentOf(variables: Readonly<Record<string, string | undefined>> = process.env): Lookup {
  for (const name of Object.keys(variables)) {
    if (!/^milvus/i.test(name) || VARIABLES.has(name)) continue;
    const letters = lettersOf(name);
    const meant = [...VARIABLES].find(
      (variable) => letters === lettersOf(variable) || isBegunLike(letters, variable),
    );
    if (meant !== undefined)
      throw new Error(
        `there is an environment variable ${printable(name)}, and no such setting; did you mean ${meant}? Rename it, or unset it`,
      );
  }
  return (name) => variables[name];
}

function lettersOf(name: string): string {
  return name.replaceAll(/[^a-z\d]/gi, "").toLowerCase();
}

/** Like `milvusprotect`, when the variable is MILVUS_PROTECT_DATA. */
function isBegunLike(letters: string, variable: string): boolean {
  const [beginning] = /^MILVUS_(PROTECT|ACKNOWLEDGE)/.exec(variable) ?? [];
  return beginning !== undefined && letters.startsWith(lettersOf(beginning));
}

/**
 * The address and the credentials of an explicit Provider count alone: those of the environment are not sent to a
 * server that they were not meant for. Its policy, where it sets none itself, is that of the stack config, which its
 * constructor records, and then that of the environment. Without an explicit Provider, stack config `milvus:*` and then `MILVUS_*` count, each setting for itself.
 */
export function readSettings(configured: Lookup, environment: Lookup): Settings {
  const isExplicit = configured("explicit") === "true";
  const read = (name: SettingName, clean: (text: string) => string): string | undefined =>
    nonEmpty(configured(name), clean) ??
    (isExplicit && !isPolicy(name) ? undefined : nonEmpty(environment(environmentVariable(name)), clean));
  const value = (name: SettingName): string | undefined => read(name, (text) => text.trim());
  const credential = (name: "password" | "token"): string | undefined => read(name, withoutLineEnd);
  const address = value("address");
  if (address === undefined)
    throw new MissingAddress(
      "no Milvus address: set it with `pulumi config set milvus:address HOST:19530`, the environment variable " +
        "MILVUS_ADDRESS, or `new milvus.Provider(...)`",
    );
  const { hostAndPort, secure } = parseAddress(address);
  const tls = parseTls(value("tls")) ?? (secure ? {} : undefined);
  const username = value("username");
  const password = credential("password");
  if ((username === undefined) !== (password === undefined))
    throw new Error("Milvus username and password go together: one of them is missing");
  return {
    address: hostAndPort(tls !== undefined),
    tls,
    username,
    password,
    token: credential("token"),
    database: parseDatabase(value("database")),
    protectData: parseProtectData(value("protectData")),
    acknowledgedDataLoss: parseIds(value("acknowledgedDataLoss")),
    policyIsCurrent: configured("policyIsCurrent") === "true",
    isExplicit,
  };
}

/** Perhaps not known yet, such as at a preview without a server; other wrong settings are wrong for good. */
export class MissingAddress extends Error {
  override readonly name = "MissingAddress";
}

function parseDatabase(name: string | undefined): string {
  if (name === undefined) return DEFAULT_DATABASE;
  if (/^[A-Za-z_]\w{0,254}$/.test(name)) return name;
  throw new Error(
    "milvus:database must be the name of a database: at most 255 letters, digits and underscores, none of the digits first",
  );
}

/** `protectData` is MILVUS_PROTECT_DATA. */
function environmentVariable(name: string): string {
  return `MILVUS_${name.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
}

const VARIABLES: ReadonlySet<string> = new Set(SETTINGS.map(environmentVariable));

function parseProtectData(text = "replacements"): ProtectData {
  if (text === "replacements") return text;
  if (text === "true" || text === "false") return text === "true";
  const hint = suggestion(text, ["replacements", "true", "false"]);
  throw new Error(`milvus:protectData must be replacements, true or false${hint}`);
}

/** A JSON list, as `pulumi config set --path` writes it, or ids between commas. */
export function parseIds(text: string | undefined): string[] {
  if (text === undefined) return [];
  if (!text.startsWith("["))
    return text
      .split(",")
      .map((id) => id.trim())
      .filter((id) => id !== "");
  const ids = parsed(text);
  if (!Array.isArray(ids) || ids.some((id) => typeof id !== "string"))
    throw new Error("milvus:acknowledgedDataLoss must be a list of ids such as default/documents/y2023");
  return ids as string[];
}

/** Pulumi config holds strings; an object set with --path may arrive as one too. */
function nonEmpty(value: unknown, clean: (text: string) => string): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = clean(typeof value === "string" ? value : JSON.stringify(value));
  return text === "" ? undefined : text;
}

/**
 * A credential as it is used, wherever it is given: as it stands, blanks included, without the line ends that a file
 * has behind it. No user means those, and one that is set with them could log in from nowhere else.
 */
export function withoutLineEnd(credential: string): string {
  return credential.replace(/[\r\n]+$/, "");
}

function parseAddress(address: string): { secure: boolean; hostAndPort: (secure: boolean) => string } {
  const match = /^(?:(https?):\/\/)?(\[[0-9a-fA-F:]+\]|[^\s\p{C}:/?#@[\]]+)(?::(\d{1,5}))?\/?$/u.exec(
    address,
  );
  if (!match || Number(match[3] ?? 1) > 65535 || Number(match[3] ?? 1) < 1)
    // The address itself stays out of the message: credentials are sometimes pasted into it.
    throw new Error(
      "the Milvus address must be HOST, HOST:PORT, http://HOST:PORT or https://HOST:PORT, " +
        "without credentials or a path (use `token` and `database` for those)",
    );
  const [, scheme, host, port] = match;
  const secure = scheme === "https";
  return {
    secure,
    hostAndPort: (tls) => `${host}:${port ?? (secure || tls ? DEFAULT_TLS_PORT : DEFAULT_PORT)}`,
  };
}

function parseTls(text: string | undefined): TlsSettings | undefined {
  if (text === undefined || text === "false") return undefined;
  if (text === "true") return {};
  const value = parsed(text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error("milvus:tls must be true, false or an object with caCertPath, clientCertPath and so on");
  const given = Object.entries(value).map(([name, setting]) => [name, tlsSetting(name, setting)]);
  const tls = Object.fromEntries(given) as TlsSettings;
  if ((tls.clientCertPath === undefined) !== (tls.clientKeyPath === undefined))
    throw new Error("clientCertPath and clientKeyPath of milvus:tls go together: one of them is missing");
  return tls;
}

const TLS_SETTINGS: Readonly<Record<keyof TlsSettings, "path or name" | "flag">> = {
  caCertPath: "path or name",
  clientCertPath: "path or name",
  clientKeyPath: "path or name",
  serverName: "path or name",
  insecureSkipVerify: "flag",
};

/** A setting that is misread would secure less than it says: nothing is passed over. */
function tlsSetting(name: string, value: unknown): unknown {
  if (!Object.hasOwn(TLS_SETTINGS, name))
    throw new Error(`milvus:tls has no setting ${show(name)}${suggestion(name, Object.keys(TLS_SETTINGS))}`);
  if (TLS_SETTINGS[name as keyof TlsSettings] === "flag") {
    if (typeof value !== "boolean" && value !== "true" && value !== "false")
      throw new Error(`${name} of milvus:tls must be true or false`);
    return value === true || value === "true";
  }
  // `pulumi config set --path` makes numbers of digits.
  if ((typeof value !== "string" && typeof value !== "number") || value === "")
    throw new Error(`${name} of milvus:tls must be a string`);
  return String(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What tells two connections apart. Holds secrets: never show it. */
export function identityOf(settings: ConnectionSettings): string {
  const { address, tls, username, password, token, database } = settings;
  return JSON.stringify([address, tls, username, password, token, database]);
}
