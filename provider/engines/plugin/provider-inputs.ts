/** What a Provider is given, and stack config under `milvus:`, as the schema has it. */
import type { SchemaType } from "../../core/shapes";

type ProviderInput = SchemaType & { readonly doc: string; readonly secret?: true };

export const PROVIDER_INPUTS: Readonly<Record<string, ProviderInput>> = {
  address: {
    type: "string",
    doc: "`HOST:PORT`, `http://HOST:PORT` or `https://HOST:PORT`. Without a port: 19530, and 443 with https or tls.",
  },
  username: { type: "string", doc: "Goes with `password`." },
  password: { type: "string", secret: true, doc: "Of the user." },
  token: { type: "string", secret: true, doc: "An API key or `username:password`; instead of both." },
  database: { type: "string", doc: "The database of resources that name none. Default: `default`." },
  tls: {
    oneOf: [{ type: "boolean" }, { $ref: "pulumi.json#/Any" }],
    doc:
      "`true`, or an object with `caCertPath`, `clientCertPath`, `clientKeyPath` (paths of PEM files), `serverName` and " +
      "`insecureSkipVerify`; https addresses need nothing here. Default: `false`.",
  },
  protectData: {
    oneOf: [{ type: "boolean" }, { type: "string" }],
    doc:
      'What is not dropped while it holds data, unless its id is in `acknowledgedDataLoss`. `"replacements"` (the ' +
      "default): what a change of the program replaces; what is removed from the program goes. `true`: what is removed " +
      "as well. `false`: nothing.",
  },
  acknowledgedDataLoss: {
    type: "array",
    items: { type: "string" },
    doc:
      "Ids of objects whose data may be lost whatever `protectData` says: `database/collection` or " +
      "`database/collection/partition`.",
  },
};

/** A provider that the engine made of stack config is called default, with the version behind it. */
export function isOfStackConfig(provider: string): boolean {
  return /^default(_\d+_\d+_\d+.*)?$/.test(provider);
}
