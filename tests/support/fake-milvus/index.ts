/**
 * A Milvus in this process, spoken to over gRPC like any other, for versions that no package registry carries: it keeps
 * databases, collections and all that is in them, and enforces the rules of the version that it is said to be. At 2.3.5
 * it answers as the real one does, which tests/contract/fake-and-real.test.ts holds it to.
 */
import {
  type sendUnaryData,
  Server,
  type ServerUnaryCall,
  status as grpc,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";

import { listenLocally } from "../grpc-server";
import { aliasCalls } from "./aliases";
import type { Call, Calls, Client } from "./calls";
import { collectionCalls } from "./collections";
import { databaseCalls } from "./databases";
import { entityCalls } from "./entities";
import { fieldCalls } from "./fields";
import { grantCalls } from "./grants";
import { indexCalls } from "./indexes";
import { loadCalls } from "./loading";
import { partitionCalls } from "./partitions";
import { demandPermission } from "./permissions";
import { privilegeGroupCalls } from "./privilege-groups";
import { replyTypeOf, service, SERVICE_NAME } from "./proto";
import { resourceGroupCalls } from "./resource-groups";
import { roleCalls } from "./roles";
import { serverCalls } from "./server-info";
import { asInvalid, CODES, GrpcFailure, Refusal, type Status, SUCCESS } from "./status";
import { userCalls } from "./users";
import { versionOf } from "./versions";
import { DEFAULT_DATABASE, World } from "./world";

const CALLS: Calls = {
  ...serverCalls,
  ...databaseCalls,
  ...collectionCalls,
  ...partitionCalls,
  ...indexCalls,
  ...aliasCalls,
  ...loadCalls,
  ...entityCalls,
  ...fieldCalls,
  ...userCalls,
  ...roleCalls,
  ...grantCalls,
  ...privilegeGroupCalls,
  ...resourceGroupCalls,
};

export interface FakeOptions {
  /** Such as "2.6.4"; "2.6" is 2.6.0. */
  readonly version: string;
  /** Of root; without one nobody is asked for credentials. */
  readonly password?: string;
  /** How long a load takes, in milliseconds. Default: 0. */
  readonly loadTime?: number;
  /**
   * How long a collection is said to be loading after a part of it was released, in milliseconds. Default: 150; of real
   * servers 100 to 250 were measured.
   */
  readonly settlingTime?: number;
  /** How many replicas there is room for. Default: 1. */
  readonly queryNodes?: number;
  /** Of Milvus 3: its setting common.storage.useLoonFFI. Default: false, as 3.0.0 has it. */
  readonly storageV3?: boolean;
}

export interface FakeMilvus {
  readonly address: string;
  readonly username?: string;
  readonly password?: string;
  /** All calls so far, by their names in Milvus. */
  readonly calls: readonly string[];
  stop(): Promise<void>;
}

export async function startFakeMilvus(options: FakeOptions): Promise<FakeMilvus> {
  const world = new World({
    version: versionOf(options.version),
    password: options.password,
    loadTime: options.loadTime ?? 0,
    settlingTime: options.settlingTime ?? 150,
    queryNodes: options.queryNodes ?? 1,
    storageV3: options.storageV3 ?? false,
  });
  const calls: string[] = [];
  const server = new Server({ "grpc.max_receive_message_length": -1 });
  server.addService(service, implementation(world, calls));
  const port = await listenLocally(server);
  return {
    address: `127.0.0.1:${port}`,
    ...(options.password !== undefined && { username: "root", password: options.password }),
    calls,
    stop: () => Promise.resolve(server.forceShutdown()),
  };
}

function implementation(world: World, calls: string[]): UntypedServiceImplementation {
  return Object.fromEntries(
    Object.keys(service).map((method) => [
      method,
      (call: ServerUnaryCall<object, object>, reply: sendUnaryData<object>) => {
        calls.push(method);
        try {
          reply(null, answer(world, method, call));
        } catch (error) {
          if (error instanceof GrpcFailure) reply({ code: error.code, details: error.details });
          else reply({ code: grpc.INTERNAL, details: `the fake failed: ${String((error as Error).stack)}` });
        }
      },
    ]),
  );
}

function answer(world: World, method: string, call: ServerUnaryCall<object, object>): object {
  const client = identified(world, call);
  const { answer: handle, since = "0.0" } = callOf(method);
  if (!world.isFrom(since)) throw unknownMethod(method);
  try {
    const request = inDatabase(method, call);
    if (client.user !== undefined) demandPermission(world, method, request, client.user);
    return withStatus(method, SUCCESS, handle(world, request as never, client));
  } catch (error) {
    if (error instanceof Refusal) return refused(world, method, error);
    throw error;
  }
}

function refused(world: World, method: string, refusal: Refusal): object {
  const { status, reply } =
    refusal.status.code === CODES.unexpected && world.isFrom("2.6") ? asInvalid(refusal) : refusal;
  return withStatus(method, status, reply);
}

function callOf(method: string): Call {
  const found = CALLS[method];
  if (!found) throw unknownMethod(method);
  return typeof found === "function" ? { answer: found } : found;
}

function unknownMethod(method: string): GrpcFailure {
  return new GrpcFailure(grpc.UNIMPLEMENTED, `unknown method ${method} for service ${SERVICE_NAME}`);
}

/** Calls that only say whether they succeeded answer with the status itself. */
function withStatus(method: string, status: Status, reply: object | undefined): object {
  const type = replyTypeOf(method);
  if (type === "Status") return status;
  return type === "AlterCollectionSchemaResponse" ? { alter_status: status } : { status, ...reply };
}

/** Calls about the database itself. */
const IN_NO_DATABASE = new Set(["CreateDatabase", "DropDatabase"]);

/** The database of calls that name none comes with the connection: internal/proxy/database_interceptor.go. */
function inDatabase(method: string, { request, metadata }: ServerUnaryCall<object, object>): object {
  if (!("db_name" in request) || request.db_name !== "" || IN_NO_DATABASE.has(method)) return request;
  const [fromClient] = metadata.get("dbname");
  return { ...request, db_name: fromClient?.toString() || DEFAULT_DATABASE };
}

/** internal/proxy/authentication_interceptor.go: every call but Connect brings USER:PASSWORD in base64. */
function identified(world: World, { metadata }: ServerUnaryCall<object, object>): Client {
  const [header] = metadata.get("authorization");
  const sentCredentials = header !== undefined;
  if (world.settings.password === undefined) return { user: undefined, sentCredentials };
  if (header === undefined) throw new GrpcFailure(grpc.UNAUTHENTICATED, "missing authorization in header");
  const [user = "", ...password] = Buffer.from(header.toString(), "base64").toString().split(":");
  if (world.users.get(user)?.password !== password.join(":"))
    throw new GrpcFailure(
      grpc.UNAUTHENTICATED,
      "auth check failure, please check username and password are correct",
    );
  return { user, sentCredentials };
}
