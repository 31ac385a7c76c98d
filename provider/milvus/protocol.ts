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

type Protocol = protobuf.INamespace;

/** What gRPC makes a client of. */
interface CallsReader {
  fromJSON: (protocol: Protocol, options?: loader.Options) => unknown;
}

interface RootReader {
  fromJSON: (protocol: Protocol) => protobuf.Root;
}

/** Constructs a client. Whoever else reads protocols in this process reads them as before. */
export function withPlainProtocol<Client>(requireAsSdk: NodeJS.Require, construct: () => Client): Client {
  const calls = requireAsSdk("@grpc/proto-loader") as CallsReader;
  const { Root, Service } = requireAsSdk("protobufjs") as {
    Root: RootReader;
    Service: typeof protobuf.Service;
  };
  const before = { calls: calls.fromJSON, root: Root.fromJSON };
  const roots = new Map<Protocol, protobuf.Root>();
  calls.fromJSON = (protocol, options = {}) => {
    const root = roots.get(protocol) ?? before.root(protocol);
    roots.set(protocol, root);
    const services = servicesIn(root, Service);
    return Object.fromEntries(services.map((service) => [nameOf(service), callsOf(service, options)]));
  };
  Root.fromJSON = (protocol) => whenLookedInto(() => before.root(protocol));
  try {
    return construct();
  } finally {
    calls.fromJSON = before.calls;
    Root.fromJSON = before.root;
  }
}

function whenLookedInto<T extends object>(make: () => T): T {
  let made: T | undefined;
  return new Proxy({} as T, {
    get(_, property) {
      made ??= make();
      const value: unknown = Reflect.get(made, property);
      return typeof value === "function" ? (value.bind(made) as unknown) : value;
    },
  });
}

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

function callsOf(service: protobuf.Service, options: loader.Options): ServiceDefinition {
  const path = `/${nameOf(service)}`;
  const calls = service.methodsArray.map((method) => [method.name, callOf(method, path, options)] as const);
  return Object.fromEntries(calls);
}

type Message = Record<string, unknown>;

function callOf(
  { name, resolvedRequestType, resolvedResponseType, requestStream, responseStream }: protobuf.Method,
  path: string,
  options: loader.Options,
): MethodDefinition<Message, Message> {
  const request = resolvedRequestType as protobuf.Type;
  const response = resolvedResponseType as protobuf.Type;
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

function writing(type: protobuf.Type): (message: Message) => Buffer {
  return (message) => type.encode(type.fromObject(message)).finish() as Buffer;
}

function reading(type: protobuf.Type, options: loader.Options): (bytes: Buffer) => Message {
  return (bytes) => type.toObject(type.decode(bytes), options);
}
