/**
 * Missing is not unreachable, for users, roles, memberships, grants and resource groups: whatever stands where a Milvus
 * should be, and whatever it answers, every call of the engine ends in an error or is true. Nothing is taken for gone.
 */
import type * as dynamic from "@pulumi/pulumi/dynamic";

import { logTo } from "../../provider/core/log";
import { Milvus } from "../../provider/milvus/gateway";
import { Run } from "../../provider/run";
import { resources } from "../../provider/registry";
import { configured, type Values } from "../support/declared";
import { gatewayTo, uniqueName } from "../support/gateways";
import { type Answer, GrpcProxy } from "../support/grpc-proxy";
import { deadPort } from "../support/proxies";
import { testServers } from "../support/servers";
import { givesBareStatus, grpcStatus, milvusStatus, NO_MESSAGE, page, reply } from "./support/middleboxes";
import { tried } from "./support/tally";

const server = testServers().milvus;
const direct = gatewayTo(server);
const token = `${server.username}:${server.password}`;
const PASSWORD = "correct-horse-battery";
const OTHER_PASSWORD = "staple-of-another-kind";
/** So that what never answers is given up soon. */
const timeouts = { create: 6, update: 6, delete: 6 };

const KINDS = ["user", "role", "roleMembership", "grant", "resourceGroup"] as const;
type Kind = (typeof KINDS)[number];
type Providers = Readonly<Record<Kind, dynamic.ResourceProvider>>;

interface Recorded {
  readonly id: string;
  readonly state: Values;
}

type Objects = Readonly<Record<Kind, Recorded>>;

const told: string[] = [];
const proxies: GrpcProxy[] = [];
const opened: Milvus[] = [];

async function providersAt(address: string): Promise<Providers> {
  // The same connection as the providers will have.
  opened.push(Milvus.at({ address, token, tls: undefined, database: "default" }, new Run()));
  const made = KINDS.map(
    async (kind) => [kind, await configured(resources[kind], { address, token })] as const,
  );
  return Object.fromEntries(await Promise.all(made)) as Providers;
}

const declaredBy = (name: string): Record<Kind, Values> => ({
  user: { userName: name, password: PASSWORD, timeouts },
  role: { roleName: name, timeouts },
  roleMembership: { userName: name, roleName: name, timeouts },
  grant: { roleName: name, privilege: "Search", databaseName: "default", collectionName: "*", timeouts },
  resourceGroup: { resourceGroupName: name, timeouts },
});

async function make(providers: Providers): Promise<Objects> {
  const declared = declaredBy(uniqueName("un"));
  const made: [Kind, Recorded][] = [];
  for (const kind of KINDS) {
    const one = await providers[kind].create(declared[kind]);
    made.push([kind, { id: one.id, state: one.outs as Values }]);
  }
  return Object.fromEntries(made) as Objects;
}

/** Milvus 2.3 has room for ten roles. */
async function drop(name: string): Promise<void> {
  if (await direct.roles.find(name)) {
    for (const grant of await direct.grants.listEverywhere(name)) await direct.grants.revoke(grant);
    await direct.roles.drop(name);
  }
  await direct.users.drop(name);
  await direct.resourceGroups.drop(name);
}

const nameOf = (objects: Objects): string => objects.user.id;

async function exists(kind: Kind, name: string, partner = name): Promise<boolean> {
  switch (kind) {
    case "user":
      return (await direct.users.find(name)) !== undefined;
    case "role":
      return (await direct.roles.find(name)) !== undefined;
    case "roleMembership":
      return direct.roles.hasUser({ roleName: name, userName: partner });
    case "grant":
      return (await direct.grants.list(name, "default")).some(({ privilege }) => privilege === "Search");
    case "resourceGroup":
      return (await direct.resourceGroups.find(name)) !== undefined;
  }
}

interface Operation {
  readonly kind: Kind;
  readonly name: string;
  run(provider: dynamic.ResourceProvider, objects: Objects): Promise<unknown> | undefined;
  isTrue(objects: Objects, result: unknown): Promise<boolean> | boolean;
}

const isFound = (_: Objects, result: unknown): boolean => (result as { id?: string }).id !== undefined;

const OPERATIONS: readonly Operation[] = KINDS.flatMap((kind): Operation[] => [
  {
    kind,
    name: "read",
    run: (one, objects) => one.read?.(objects[kind].id, objects[kind].state),
    isTrue: isFound,
  },
  { kind, name: "look-up", run: (one, objects) => one.read?.(objects[kind].id, {}), isTrue: isFound },
  {
    kind,
    name: "create",
    // What is there already is taken over, and that is asked of the server too.
    run: (one, objects) => one.create(objects[kind].state),
    isTrue: (objects) => exists(kind, nameOf(objects)),
  },
  {
    kind,
    name: "delete",
    run: (one, objects) => one.delete?.(objects[kind].id, objects[kind].state),
    isTrue: async (objects) => !(await exists(kind, nameOf(objects))),
  },
]).concat([
  {
    kind: "user",
    name: "update",
    run: (one, { user: { id, state } }) => one.update?.(id, state, { ...state, password: OTHER_PASSWORD }),
    isTrue: (objects) => direct.users.hasPassword(nameOf(objects), OTHER_PASSWORD),
  },
  {
    kind: "resourceGroup",
    name: "update",
    run: (one, { resourceGroup: { id, state } }) => one.update?.(id, state, { ...state, limits: 5 }),
    isTrue: (objects) => exists("resourceGroup", nameOf(objects)),
  },
]);

const titleOf = ({ kind, name }: Operation): string => `${kind} ${name}`;
const isReading = ({ name }: Operation): boolean => ["read", "look-up"].includes(name);

/** An error that says what was tried where, and no password; or an answer that is true. */
async function judge(
  operation: Operation,
  providers: Providers,
  objects: Objects,
): Promise<"error" | "true"> {
  let result: unknown;
  try {
    result = await operation.run(providers[operation.kind], objects);
  } catch (error) {
    const { message } = error as Error;
    expect(message).toMatch(
      / at 127\.0\.0\.1:\d+|the password of user|cannot be made|uses users, roles and grants/,
    );
    expect(message).not.toMatch(new RegExp([PASSWORD, OTHER_PASSWORD, token].join("|")));
    return "error";
  }
  if (!(await operation.isTrue(objects, result)))
    throw new Error(`${titleOf(operation)} succeeded, and it is not true: ${JSON.stringify(result)}`);
  return "true";
}

async function proxy(): Promise<GrpcProxy> {
  const one = await GrpcProxy.to(server.address);
  proxies.push(one);
  return one;
}

beforeAll(() => logTo((line) => void told.push(line)));
afterAll(async () => {
  for (const one of opened) await one.close();
  for (const one of proxies) one.off();
  const names = [
    ...(await direct.users.list()),
    ...(await direct.roles.list()).map(({ roleName }) => roleName),
    ...(await direct.resourceGroups.list()),
  ];
  for (const name of new Set(names.filter((one) => one.startsWith("un_")))) await drop(name);
  await direct.close();
});

describe("Where a Milvus should be,", () => {
  const ANSWERS: Readonly<Record<string, (method: string) => Answer>> = {
    "gRPC UNIMPLEMENTED": () => grpcStatus(12, "unknown service"),
    "gRPC NOT_FOUND": () => grpcStatus(5, "no route matched"),
    "gRPC PERMISSION_DENIED": () => grpcStatus(7, "denied by policy"),
    "HTTP 404": () => page(404),
    "HTTP 200, a page": () => page(200),
    "success without a message": () => NO_MESSAGE,
    "an empty message": () => reply(Buffer.alloc(0)),
    "a message of garbage": () => reply(Buffer.from("not a reply")),
    "success and nothing else": (method) => milvusStatus(method, 0, ""),
  };
  let objects: Objects;
  beforeAll(async () => {
    objects = await make(await providersAt(server.address));
  });

  test.each(["nobody listens", ...Object.keys(ANSWERS)])("%s: every call is an error", async (what) => {
    let address = `127.0.0.1:${await deadPort()}`;
    const answer = ANSWERS[what];
    if (answer) {
      const one = await proxy();
      one.before = ({ method }) => answer(method);
      ({ address } = one);
    }
    const outcomes = await Promise.all(
      OPERATIONS.map(async (operation) => {
        let outcome = "";
        await tried("unreachable", `${what}: ${titleOf(operation)}`, async () => {
          // Of its own: what one run declares it does not delete.
          outcome = await judge(operation, await providersAt(address), objects);
        });
        return `${titleOf(operation)}: ${outcome}`;
      }),
    );
    expect(outcomes.filter((outcome) => !outcome.endsWith(": error"))).toEqual([]);
  });

  afterAll(() => drop(nameOf(objects)));

  test("everything is there afterwards, and no line of the log has a password", async () => {
    for (const kind of KINDS) expect([kind, await exists(kind, nameOf(objects))]).toEqual([kind, true]);
    expect(await direct.users.hasPassword(nameOf(objects), PASSWORD)).toBe(true);
    expect(told.join("\n")).not.toMatch(new RegExp([PASSWORD, OTHER_PASSWORD, token].join("|")));
  });
});

describe("When all goes well but for one call of an operation, and that one is answered with", () => {
  /** Nobody can tell an empty status from success, and having no grant is what an empty list of them says. */
  const unlessTrue =
    (answer: (method: string) => Answer) =>
    (method: string): Answer | undefined =>
      givesBareStatus(method) || method === "SelectGrant" ? undefined : answer(method);

  const ANSWERS: Readonly<Record<string, (method: string) => Answer | undefined>> = {
    "gRPC UNIMPLEMENTED": () => grpcStatus(12, "unknown method"),
    "gRPC NOT_FOUND": () => grpcStatus(5, "no route matched"),
    "gRPC PERMISSION_DENIED": () => grpcStatus(7, "denied by policy"),
    "a message of garbage": () => reply(Buffer.from("not a reply")),
    "success and nothing else": unlessTrue((method) => milvusStatus(method, 0, "")),
    "success without a message": () => NO_MESSAGE,
  };
  const calls = new Map<Operation, readonly string[]>();
  let one: GrpcProxy;
  let directly: Providers;
  let shared: Objects;
  const objectsFor = (operation: Operation): Promise<Objects> =>
    isReading(operation) ? Promise.resolve(shared) : make(directly);

  beforeAll(async () => {
    one = await proxy();
    directly = await providersAt(server.address);
    shared = await make(directly);
    for (const operation of OPERATIONS) {
      const own = await objectsFor(operation);
      one.forget();
      expect([titleOf(operation), await judge(operation, await providersAt(one.address), own)]).toEqual([
        titleOf(operation),
        "true",
      ]);
      calls.set(operation, [...new Set(one.calls)]);
      if (own !== shared) await drop(nameOf(own));
    }
  });

  test.each(Object.keys(ANSWERS))(
    "%s, it is an error or it is true",
    async (what) => {
      const failures: unknown[] = [];
      let cases = 0;
      for (const operation of OPERATIONS)
        for (const target of (calls.get(operation) ?? []).filter((method) => ANSWERS[what]?.(method))) {
          const own = await objectsFor(operation);
          const providers = await providersAt(one.address);
          one.before = ({ method }) => (method === target ? ANSWERS[what]?.(method) : undefined);
          cases++;
          await tried("one call unreachable", `${what} to ${target}: ${titleOf(operation)}`, async () => {
            await judge(operation, providers, own);
          }).catch((error: unknown) => failures.push([target, titleOf(operation), (error as Error).message]));
          one.pass();
          if (own !== shared) await drop(nameOf(own));
        }
      expect(failures).toEqual([]);
      expect(cases).toBeGreaterThan(20);
    },
    900_000,
  );
});
