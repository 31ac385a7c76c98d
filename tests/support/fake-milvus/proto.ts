/** The SDK's own descriptions of Milvus's calls, read for the server's side. */
import { type GrpcObject, loadPackageDefinition, type ServiceDefinition } from "@grpc/grpc-js";
import { fromJSON } from "@grpc/proto-loader";
import milvusProto from "@zilliz/milvus2-sdk-node/dist/milvus/proto-json/milvus";
import { Root } from "protobufjs";

const READABLE = { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true };

const packages = loadPackageDefinition(
  fromJSON(milvusProto as Parameters<typeof fromJSON>[0], READABLE),
) as unknown as { milvus: { proto: { milvus: GrpcObject } } };

export const SERVICE_NAME = "milvus.proto.milvus.MilvusService";
export const service: ServiceDefinition = (
  packages.milvus.proto.milvus["MilvusService"] as unknown as { service: ServiceDefinition }
).service;

const root = Root.fromJSON(milvusProto as Parameters<typeof Root.fromJSON>[0]);

/** Some requests carry a message of their own inside, as bytes. */
export function decoded<T>(message: string, bytes: Uint8Array): T {
  const type = root.lookupType(`milvus.proto.schema.${message}`);
  return type.toObject(type.decode(bytes), READABLE) as T;
}

/** What a call asks for. */
export function requestOf<T>(method: string, bytes: Uint8Array): T {
  const type = root.lookupType(
    `milvus.proto.milvus.${root.lookupService(SERVICE_NAME).methods[method]?.requestType}`,
  );
  return type.toObject(type.decode(bytes), READABLE) as T;
}

/** The name of what a call answers with, such as `Status`. */
export function replyTypeOf(method: string): string {
  const described = root.lookupService(SERVICE_NAME).methods[method];
  return described?.responseType.split(".").pop() ?? "";
}

/** What a call needs, as Milvus's own interceptor reads it from the proto. */
export interface NeededPrivilege {
  /** Without its prefix: `ShowPartitions`. */
  readonly privilege: string;
  readonly objectType: string;
  /** The part of the request that names the object; nothing when any of its kind counts. */
  readonly objectField: string | undefined;
}

const NEEDED = "(common.privilege_ext_obj)";

/** Nothing for calls that everybody may make. */
export function privilegeFor(method: string): NeededPrivilege | undefined {
  const request = root.lookupService(SERVICE_NAME).methods[method]?.requestType;
  const type = request && root.lookupType(`milvus.proto.milvus.${request}`);
  const option = (name: string): unknown => (type ? type.options?.[`${NEEDED}.${name}`] : undefined);
  const privilege = option("object_privilege");
  if (!type || typeof privilege !== "string") return undefined;
  return {
    privilege: privilege.replace(/^Privilege(Group)?/, ""),
    objectType: String(option("object_type")),
    objectField: type.fieldsArray.find(({ id }) => id === option("object_name_index"))?.name,
  };
}
