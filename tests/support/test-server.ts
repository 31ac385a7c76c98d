/** A server that tests run on, in the forms in which the gateway, programs and commands take it. */
import { DEFAULT_DATABASE, type ServerSettings, type TlsSettings } from "../../provider/milvus/settings";

export interface TestServer {
  /** `HOST:PORT`. */
  readonly address: string;
  readonly username?: string;
  readonly password?: string;
  /** An API key, instead of both. */
  readonly token?: string;
  /** Missing in plain text. */
  readonly tls?: TlsSettings;
  /** In which tests make what they need; see {@link databaseOf}. */
  readonly database?: string;
}

export function databaseOf({ database = DEFAULT_DATABASE }: TestServer): string {
  return database;
}

/** As the provider takes it: whom to connect to, as whom, and in which database. */
export function settingsOf(server: TestServer): ServerSettings {
  return { ...server, tls: server.tls, database: databaseOf(server) };
}

/** Root's first password, which is a word of most messages: nobody can say that it was given away. */
const NO_SECRET = "Milvus";

/** What logs in, which nothing may show; a text that stands nowhere where there is none, or none to look for. */
export function secretOf({ password, token }: TestServer): string {
  const secret = password ?? token ?? NO_SECRET;
  return secret === NO_SECRET ? "n0-secret-here" : secret;
}

/** The same as texts, by the names that inputs of a Provider, stack config (`milvus:`) and look-ups have for them. */
export function textsOf(server: TestServer): Record<string, string> {
  const { address, username, password, token, tls, database } = server;
  const texts = { address, username, password, token, tls: tls && JSON.stringify(tls), database };
  return Object.fromEntries(
    Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** And as the environment has them, for commands. */
export function environmentOf(server: TestServer): Record<string, string> {
  return Object.fromEntries(
    Object.entries(textsOf(server)).map(([name, text]) => [`MILVUS_${name.toUpperCase()}`, text]),
  );
}
