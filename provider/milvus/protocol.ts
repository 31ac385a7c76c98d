/**
 * Milvus's calls as gRPC takes them. A client of the SDK reads its protocol four times at once: twice for its calls,
 * each time with a description of every message for tools that list what a server offers, and twice for what a
 * collection and a search are made of. That is a sixth of a second at the first call of a process, in which nothing
 * else goes on. Here the messages of a call are read with the first call of its kind, nothing is made of them but what
 * sends and receives, and the rest is read when somebody looks into it.
 *
 * Facts behind it (SDK 3.0.6): the client's constructor calls `fromJSON` of @grpc/proto-loader, with the same arguments
 * each time, and takes a service from what it returns; and `Root.fromJSON` of protobufjs, for its `lookupType`.
 */
import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import type * as loader from "@grpc/proto-loader";
import type * as protobuf from "protobufjs";

import { type DescribedService, partOf, pathOf, type Protocol, servicesOf } from "./protocol-part";
import type { LoadedSdk } from "./sdk-modules";
import { whenLookedInto } from "./when-looked-into";

/** What gRPC makes a client of. */
interface CallsReader {
  fromJSON: (protocol: Protocol, options?: loader.Options) => unknown;
}

interface RootReader {
  fromJSON: (protocol: Protocol) => protobuf.Root;
}

/**
 * Constructs a client. Whoever else reads protocols in this process reads them as before. Throws what an SDK of another
 * make throws at it, and then nothing is left of it: the caller constructs again without.
 */
export function withPlainProtocol<Client>(
  requireAsSdk: LoadedSdk["requireAsSdk"],
  construct: () => Client,
): Client {
  const calls = requireAsSdk("@grpc/proto-loader") as CallsReader;
  const { Root } = requireAsSdk("protobufjs") as { Root: RootReader };
  const before = { calls: calls.fromJSON, root: Root.fromJSON };
  const plainly = (protocol: Protocol, options: loader.Options): Definitions => {
    const asSdk = once(() => before.calls(protocol, options) as Definitions);
    const read = { protocol, options, rootOf: before.root };
    return Object.fromEntries(
      servicesOf(protocol).map((service) => [service.path.join("."), callsOf(service, read, asSdk)] as const),
    );
  };
  try {
    calls.fromJSON = (protocol, options = {}) => {
      try {
        return plainly(protocol, options);
      } catch {
        return before.calls(protocol, options);
      }
    };
    Root.fromJSON = (protocol) => whenLookedInto(() => before.root(protocol));
    return construct();
  } finally {
    restore(calls, before.calls);
    restore(Root, before.root);
  }
}

/** What could not be replaced is still there, and cannot be put back either. */
function restore<Read>(reader: { fromJSON: Read }, before: Read): void {
  if (reader.fromJSON !== before) reader.fromJSON = before;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

type Definitions = Readonly<Record<string, ServiceDefinition | undefined>>;

/** A protocol, and how it is read. */
interface Read {
  readonly protocol: Protocol;
  readonly options: loader.Options;
  readonly rootOf: RootReader["fromJSON"];
}

/** `asSdk`: the same as the SDK would have it, for what does not go as it is known here. */
function callsOf(
  { path, methods }: DescribedService,
  read: Read,
  asSdk: () => Definitions,
): ServiceDefinition {
  const service = path.join(".");
  const calls = Object.entries(methods).map(([name, method]) => {
    const known = callOf(`/${service}/${name}`, method, messagesOf(method, path, read), read.options);
    return [name, orAsSdk(known, () => asSdk()[service]?.[name])] as const;
  });
  return Object.fromEntries(calls);
}

type Message = Record<string, unknown>;
type Method = MethodDefinition<Message, Message>;

interface Messages {
  readonly request: protobuf.Type;
  readonly response: protobuf.Type;
}

/** Read with the first call, of the part of the protocol that it takes. */
function messagesOf(
  { requestType, responseType }: protobuf.IMethod,
  service: readonly string[],
  { protocol, rootOf }: Read,
): () => Messages {
  return once(() => {
    const request = pathOf(protocol, requestType, service);
    const response = pathOf(protocol, responseType, service);
    const root = rootOf(partOf(protocol, [request, response]));
    return { request: root.lookupType([...request]), response: root.lookupType([...response]) };
  });
}

function callOf(
  path: string,
  { requestStream = false, responseStream = false }: protobuf.IMethod,
  messages: () => Messages,
  options: loader.Options,
): Method {
  return {
    path,
    requestStream,
    responseStream,
    requestSerialize: (message) => written(messages().request, message),
    requestDeserialize: (bytes) => readFrom(messages().request, bytes, options),
    responseSerialize: (message) => written(messages().response, message),
    responseDeserialize: (bytes) => readFrom(messages().response, bytes, options),
  };
}

/** A message that is wrong is refused by the SDK's own way as well, in its words. */
function orAsSdk(known: Method, asSdk: () => MethodDefinition<unknown, unknown> | undefined): Method {
  const either =
    <In, Out>(plain: (value: In) => Out, way: keyof Method) =>
    (value: In): Out => {
      try {
        return plain(value);
      } catch (error) {
        const own = asSdk()?.[way] as ((value: In) => Out) | undefined;
        if (own === undefined) throw error;
        return own(value);
      }
    };
  return {
    ...known,
    requestSerialize: either(known.requestSerialize, "requestSerialize"),
    requestDeserialize: either(known.requestDeserialize, "requestDeserialize"),
    responseSerialize: either(known.responseSerialize, "responseSerialize"),
    responseDeserialize: either(known.responseDeserialize, "responseDeserialize"),
  };
}

function written(type: protobuf.Type, message: Message): Buffer {
  return type.encode(type.fromObject(message)).finish() as Buffer;
}

function readFrom(type: protobuf.Type, bytes: Buffer, options: loader.Options): Message {
  return type.toObject(type.decode(bytes), options);
}
