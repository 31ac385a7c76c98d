/**
 * Values as the engine sends them to a plugin: secrets, resources and what is not known yet are marked.
 * Pulumi: sdk/go/common/resource/plugin/rpc.go.
 */
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

import { hide } from "../../core/printable";
import { UNKNOWN } from "../../core/unknown";
import { ResourceReference } from "./collections";
import { isReference, isSecret, referenceTo, SECRET, SIGNATURE } from "./marks";

export type Values = Readonly<Record<string, unknown>>;

/** The input in which SDKs say whether a program runs for a preview or for an `up`. */
export const IS_PREVIEW = "isPreview";

/** As the engine has it: sdk/go/common/util/rpcutil, 400 MB. */
const MOST_BYTES = 400 * 1024 * 1024;
/** Options of gRPC for what passes between the engine and a plugin. */
export const ANY_SIZE = {
  "grpc.max_receive_message_length": MOST_BYTES,
  "grpc.max_send_message_length": MOST_BYTES,
};

/** What stands for a value that is not known yet, by the kind of the value. */
const UNKNOWNS = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export interface Received {
  readonly values: Values;
  /** The names of those that are secrets, or hold one. */
  readonly secrets: ReadonlySet<string>;
}

/** No message shows what is secret in it from now on. */
export function received(struct: Struct | undefined): Received {
  const secrets = new Set<string>();
  const values = Object.entries(struct?.toJavaScript() ?? {}).map(([name, value]) => [
    name,
    plain(value, () => secrets.add(name)),
  ]);
  return { values: Object.fromEntries(values) as Values, secrets };
}

function plain(value: unknown, foundSecret: () => void): unknown {
  if (typeof value === "string") return UNKNOWNS.has(value) ? UNKNOWN : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => plain(one, foundSecret));
  const object = value as Values;
  if (isSecret(object)) {
    const inside = plain(object["value"], foundSecret);
    foundSecret();
    hide(inside);
    return inside;
  }
  if (isReference(object)) {
    const id = object["id"];
    return new ResourceReference(String(object["urn"]), id === "" ? UNKNOWN : String(plain(id, foundSecret)));
  }
  return Object.fromEntries(Object.entries(object).map(([name, one]) => [name, plain(one, foundSecret)]));
}

/** What is undefined is left out. */
export function toSend(values: Values, secrets: ReadonlySet<string>): Struct {
  const asSecret = ([name, value]: [string, unknown]): [string, unknown] =>
    value !== undefined && secrets.has(name) ? [name, { [SIGNATURE]: SECRET, value }] : [name, value];
  const all = Object.fromEntries(Object.entries(values).map(asSecret));
  return Struct.fromJavaScript(marked(all) as { [name: string]: JavaScriptValue });
}

function marked(value: unknown): JavaScriptValue {
  if (value instanceof ResourceReference) return referenceTo(value.urn, value.id) as JavaScriptValue;
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value !== "object" || value === null) return value as JavaScriptValue;
  const given = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(given.map(([name, one]) => [name, marked(one)]));
}
