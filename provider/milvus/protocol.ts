/**
 * Milvus's calls as gRPC takes them. A client of the SDK reads its protocol four times at once: twice for its calls,
 * each time with a description of every message for tools that list what a server offers, and twice for what a
 * collection and a search are made of. That is a sixth of a second at the first call of a process, in which nothing
 * else goes on. Here it is read once, nothing is made of it but what sends and receives, and the rest is read when
 * somebody looks into it.
 *
 * Facts behind it (SDK 3.0.6): the client's constructor calls `fromJSON` of @grpc/proto-loader, with the same arguments
 * each time, and takes a service from what it returns; and `Root.fromJSON` of protobufjs, for its `lookupType`.
 */
import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import type * as loader from "@grpc/proto-loader";
import type * as protobuf from "protobufjs";

import { whenLookedInto } from "./when-looked-into";

type Protocol = protobuf.INamespace;

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
export function withPlainProtocol<Client>(requireAsSdk: NodeJS.Require, construct: () => Client): Client {
  const calls = requireAsSdk("@grpc/proto-loader") as CallsReader;
  const { Root, Service } = requireAsSdk("protobufjs") as {
    Root: RootReader;
    Service: typeof protobuf.Service;
  };
  const before = { calls: calls.fromJSON, root: Root.fromJSON };
  const roots = new Map<Protocol, protobuf.Root>();
  const plainly = (protocol: Protocol, options: loader.Options): Definitions => {
    const root = roots.get(protocol) ?? before.root(protocol);
    roots.set(protocol, root);
    const asSdk = once(() => before.calls(protocol, options) as Definitions);
    const services = servicesIn(root, Service);
    return Object.fromEntries(
      services.map((service) => [nameOf(service), callsOf(service, options, asSdk)] as const),
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

function servicesIn(namespace: protobuf.NamespaceBase, Service: typeof protobuf.Service): protobuf.Service[] {
  return namespace.nestedArray.flatMap((member) => {
    if (member instanceof Service) return [member];
    return "nestedArray" in member ? servicesIn(member as protobuf.NamespaceBase, Service) : [];
  });
}

/** Without the leading dot. */
function nameOf({ fullName }: protobuf.ReflectionObject): string {
  return fullName.replace(/^\./, "");
}

/** `asSdk`: the same as the SDK would have it, for what does not go as it is known here. */
function callsOf(
  service: protobuf.Service,
  options: loader.Options,
  asSdk: () => Definitions,
): ServiceDefinition {
  const name = nameOf(service);
  const calls = service.methodsArray.map((method) => {
    const known = callOf(method, `/${name}`, options);
    return [method.name, orAsSdk(known, () => asSdk()[name]?.[method.name])] as const;
  });
  return Object.fromEntries(calls);
}

type Message = Record<string, unknown>;
type Method = MethodDefinition<Message, Message>;

function callOf(
  { name, resolvedRequestType, resolvedResponseType, requestStream, responseStream }: protobuf.Method,
  path: string,
  options: loader.Options,
): Method {
  if (!resolvedRequestType || !resolvedResponseType) throw new Error(`${name} has no messages yet`);
  const request = resolvedRequestType;
  const response = resolvedResponseType;
  return {
    path: `${path}/${name}`,
    requestStream: requestStream ?? false,
    responseStream: responseStream ?? false,
    requestSerialize: writing(request),
    requestDeserialize: reading(request, options),
    responseSerialize: writing(response),
    responseDeserialize: reading(response, options),
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

function writing(type: protobuf.Type): (message: Message) => Buffer {
  return (message) => type.encode(type.fromObject(message)).finish() as Buffer;
}

function reading(type: protobuf.Type, options: loader.Options): (bytes: Buffer) => Message {
  return (bytes) => type.toObject(type.decode(bytes), options);
}
