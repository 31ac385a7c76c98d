/** What the gateway promises of its connection to any server: errors that are never mistaken, and calls that are settled. */
import { setTimeout as sleep } from "node:timers/promises";

import { MilvusError, NotFoundError, UnsupportedError } from "../../provider/milvus/errors";
import { Milvus } from "../../provider/milvus/gateway";
import { Run } from "../../provider/run";
import type { CollectionRef } from "../../provider/milvus/names";
import type { ConnectionSettings } from "../../provider/milvus/settings";
import { gatewayTo, ID, NUMBER, uniqueName, VECTOR } from "../support/gateways";
import { type Fault, GrpcProxy } from "../support/grpc-proxy";
import { deadPort, forwarder } from "../support/proxies";
import { databaseOf, secretOf, settingsOf, type TestServer } from "../support/servers";

export const SECRET = "s3cret-Pa55word";

export interface ConnectionExpectations {
  /** What becomes of credentials that are not the server's. */
  readonly foreignCredentials: "refused" | "ignored";
}

type Credentials = Pick<ConnectionSettings, "username" | "password" | "token">;

export async function failureOf(work: Promise<unknown>): Promise<MilvusError> {
  const error: unknown = await work.then(
    () => new Error("it succeeded"),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MilvusError);
  return error as MilvusError;
}

export function connectionContract(
  name: string,
  server: () => TestServer,
  expected: ConnectionExpectations,
): void {
  describe(`the connection to ${name}`, () => {
    const direct = (): Milvus => gatewayTo(server());
    const opened: { close(): Promise<void> }[] = [];
    const made: CollectionRef[] = [];

    const behind = (address: string): Milvus => {
      const milvus = gatewayTo({ ...server(), address });
      opened.unshift(milvus);
      return milvus;
    };
    const proxied = async (): Promise<{ milvus: Milvus; proxy: GrpcProxy }> => {
      const proxy = await GrpcProxy.to(server().address);
      opened.push({ close: () => Promise.resolve(proxy.off()) });
      const milvus = behind(proxy.address);
      await milvus.version();
      return { milvus, proxy };
    };
    const newRef = (): CollectionRef => {
      const ref = { databaseName: databaseOf(server()), collectionName: uniqueName("connection") };
      made.push(ref);
      return ref;
    };
    const create = async (): Promise<CollectionRef> => {
      const ref = newRef();
      await direct().collections.create({ ...ref, fields: [ID, NUMBER, VECTOR] });
      return ref;
    };
    const indexOf = (ref: CollectionRef) => ({
      ...ref,
      indexName: "by_meaning",
      fieldName: VECTOR.name,
      indexType: "FLAT",
      metricType: "L2",
    });

    /** What users are told while a server is waited for. */
    let told: string[] = [];
    beforeEach(() => {
      told = [];
      jest.spyOn(console, "log").mockImplementation((line: string) => void told.push(line));
    });
    afterEach(async () => {
      jest.restoreAllMocks();
      for (const one of opened.splice(0)) await one.close();
      await Promise.all(made.splice(0).map((ref) => direct().collections.drop(ref)));
    });
    afterAll(() => direct().close());

    test.each<[string, Credentials]>([
      ["a wrong password", { username: "root", password: SECRET }],
      ["an unknown user", { username: "nobody", password: SECRET }],
      ["a wrong token", { token: `root:${SECRET}` }],
      ["no credentials", {}],
    ])(
      "with %s is refused at once, never as something missing, without the secret",
      async (_what, credentials) => {
        const { address, tls, database } = settingsOf(server());
        const milvus = Milvus.at({ address, tls, database, ...credentials }, new Run());
        opened.push(milvus);
        const missing = newRef();
        if (expected.foreignCredentials === "ignored") {
          expect(await milvus.collections.find(missing)).toBeUndefined();
          return;
        }
        const started = Date.now();
        const errors = await Promise.all(
          [
            milvus.collections.find(missing),
            milvus.partitions.find({ ...missing, partitionName: "a" }),
            milvus.indexes.find(indexOf(missing)),
            milvus.version(),
            milvus.collections.drop(missing),
          ].map(failureOf),
        );
        for (const error of errors) {
          expect(error).not.toBeInstanceOf(NotFoundError);
          expect(error.failure.code).toBe("grpc 16");
          expect(error.message).toMatch(/Check milvus:username and milvus:password, or milvus:token/);
          expect(error.message).not.toContain(SECRET);
        }
        expect(Date.now() - started).toBeLessThan(5_000);
      },
    );

    test("to a dead port fails in bounded time, is never something missing, and heals once a server is there", async () => {
      const port = await deadPort();
      const milvus = behind(`127.0.0.1:${port}`);
      const ref = await create();
      const started = Date.now();
      const [error] = await Promise.all([
        failureOf(milvus.collections.find(ref)),
        failureOf(milvus.partitions.list(ref)),
        failureOf(milvus.version()),
      ]);
      // gRPC does not always say what its last error was.
      const reason = `(connect ECONNREFUSED 127\\.0\\.0\\.1:${port}|No connection established\\.)`;
      expect(told).toEqual([
        expect.stringMatching(
          new RegExp(`^Milvus at 127.0.0.1:${port} does not answer \\(${reason}\\); trying again$`),
        ),
      ]);
      expect(Date.now() - started).toBeLessThan(15_000);
      expect(error).not.toBeInstanceOf(NotFoundError);
      expect(error.failure.code).toBe("grpc 14");
      expect(error.message).toMatch(
        /Check that the address is right and the server runs; nothing was taken for missing\. .* --run-program$/,
      );
      expect(error.message).not.toContain(secretOf(server()));

      opened.push(await forwarder(server().address, port));
      expect(await milvus.collections.find(ref)).toMatchObject(ref);
      await milvus.partitions.create({ ...ref, partitionName: "after_healing" });
      expect(await direct().partitions.find({ ...ref, partitionName: "after_healing" })).toBeDefined();
    });

    test("waits for a server that starts a moment later", async () => {
      const port = await deadPort();
      const ref = await create();
      const found = behind(`127.0.0.1:${port}`).collections.find(ref);
      await sleep(1_500);
      opened.push(await forwarder(server().address, port));
      expect(await found).toMatchObject(ref);
    });

    test("that is cut is made again, and reads that were under way are answered", async () => {
      const { milvus, proxy } = await proxied();
      const ref = await create();
      proxy.next("DescribeCollection", "lose the answer");
      expect(await milvus.collections.find(ref)).toMatchObject(ref);
      expect(proxy.count("DescribeCollection")).toBe(2);
    });

    test("is one for all gateways to one address with one identity", async () => {
      const { milvus, proxy } = await proxied();
      await Promise.all([
        behind(proxy.address).version(),
        behind(proxy.address).within(5).version(),
        milvus.version(),
      ]);
      expect(proxy.count("Connect")).toBe(1);
      expect(proxy.count("GetVersion")).toBe(1);
    });

    /** A change, prepared on the server; what it does to it is told by `isDone`. */
    interface ChangeUnderTest {
      readonly call: string;
      readonly run: (milvus: Milvus) => Promise<void>;
      readonly isDone: () => Promise<boolean>;
    }

    const partitionIn = (ref: CollectionRef) => ({ ...ref, partitionName: "y2024" });
    const changes: Readonly<Record<string, () => Promise<ChangeUnderTest>>> = {
      CreateCollection: async () => {
        const ref = newRef();
        await Promise.resolve();
        return {
          call: "CreateCollection",
          run: (milvus) => milvus.collections.create({ ...ref, fields: [ID, VECTOR] }),
          isDone: async () => (await direct().collections.find(ref)) !== undefined,
        };
      },
      DropCollection: async () => {
        const ref = await create();
        return {
          call: "DropCollection",
          run: (milvus) => milvus.collections.drop(ref),
          isDone: async () => (await direct().collections.find(ref)) === undefined,
        };
      },
      RenameCollection: async () => {
        const [ref, renamed] = [await create(), newRef()];
        return {
          call: "RenameCollection",
          run: (milvus) => milvus.collections.rename(ref, renamed.collectionName),
          isDone: async () => (await direct().collections.find(renamed)) !== undefined,
        };
      },
      CreatePartition: async () => {
        const partition = partitionIn(await create());
        return {
          call: "CreatePartition",
          run: (milvus) => milvus.partitions.create(partition),
          isDone: async () => (await direct().partitions.find(partition)) !== undefined,
        };
      },
      DropPartition: async () => {
        const partition = partitionIn(await create());
        await direct().partitions.create(partition);
        return {
          call: "DropPartition",
          run: (milvus) => milvus.partitions.drop(partition),
          isDone: async () => (await direct().partitions.find(partition)) === undefined,
        };
      },
      CreateIndex: async () => {
        const ref = await create();
        return {
          call: "CreateIndex",
          run: (milvus) => milvus.indexes.create(indexOf(ref)),
          isDone: async () => (await direct().indexes.list(ref)).length === 1,
        };
      },
      DropIndex: async () => {
        const ref = await create();
        await direct().indexes.create(indexOf(ref));
        await direct().loading.releaseCollection(ref);
        return {
          call: "DropIndex",
          run: (milvus) => milvus.indexes.drop(indexOf(ref)),
          isDone: async () => (await direct().indexes.list(ref)).length === 0,
        };
      },
    };

    const losing = async (name: string, fault: Fault): Promise<{ sent: number; done: boolean }> => {
      const { milvus, proxy } = await proxied();
      const change = await changes[name]?.();
      if (!change) throw new Error(`no change ${name}`);
      proxy.next(change.call, fault);
      await change.run(milvus);
      return { sent: proxy.count(change.call), done: await change.isDone() };
    };

    test.each(Object.keys(changes))(
      "%s whose answer was lost is settled by reading, not sent again",
      async (name) => {
        expect(await losing(name, "lose the answer")).toEqual({ sent: 1, done: true });
      },
    );

    test.each(Object.keys(changes))("%s that never reached the server is sent again", async (name) => {
      expect(await losing(name, "lose the call")).toEqual({ sent: 2, done: true });
    });

    test("CreatePartition that is never answered is settled by reading in bounded time", async () => {
      const started = Date.now();
      expect(await losing("CreatePartition", "stay silent")).toEqual({ sent: 1, done: true });
      expect(Date.now() - started).toBeLessThan(40_000);
    });

    describe("reads that are asked for together", () => {
      const TOGETHER = Array.from({ length: 20 }, (_, at) => at);

      test("are one call each for collections, partitions and indexes", async () => {
        const { milvus, proxy } = await proxied();
        const ref = await create();
        await Promise.all(
          TOGETHER.flatMap((at): Promise<unknown>[] => [
            milvus.collections.find(ref),
            milvus.within(60).collections.describe(ref),
            milvus.within(60).partitions.find({ ...ref, partitionName: `p${at}` }),
            milvus.indexes.find({ ...indexOf(ref), indexName: `i${at}` }),
          ]),
        );
        expect(proxy.count("DescribeCollection")).toBe(1);
        expect(proxy.count("ShowPartitions")).toBe(1);
        expect(proxy.count("DescribeIndex")).toBe(1);
        expect(proxy.count("GetVersion")).toBe(1);
      });

      test("are one call for each collection, and later ones are asked anew", async () => {
        const { milvus, proxy } = await proxied();
        const [a, b] = [await create(), await create()];
        await Promise.all(TOGETHER.flatMap(() => [milvus.collections.find(a), milvus.collections.find(b)]));
        expect(proxy.count("DescribeCollection")).toBe(2);
        await direct().collections.drop(a);
        expect(await milvus.collections.find(a)).toBeUndefined();
        expect(proxy.count("DescribeCollection")).toBe(3);
      });

      test("about something missing share that answer", async () => {
        const { milvus, proxy } = await proxied();
        const missing = newRef();
        const results = await Promise.allSettled(TOGETHER.map(() => milvus.collections.describe(missing)));
        for (const result of results)
          expect((result as PromiseRejectedResult).reason).toBeInstanceOf(NotFoundError);
        expect(proxy.count("DescribeCollection")).toBe(1);
      });
    });

    describe("a reply", () => {
      const success = { error_code: "Success", code: 0, reason: "" };
      const replying = (milvus: Milvus, ...replies: unknown[]) => {
        let sent = 0;
        const call = milvus.call({
          operation: "DropPartition",
          object: "partition a",
          run: () => {
            const reply = replies[Math.min(sent++, replies.length - 1)];
            // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as the SDK does
            return reply instanceof Thrown ? Promise.reject(reply.value) : Promise.resolve(reply);
          },
        });
        return { call, sent: () => sent };
      };

      test.each<[string, unknown]>([
        ["error_code Success and code 0", success],
        ["the same inside a status", { status: success, data: [] }],
        ["error_code Success and no code", { error_code: "Success", reason: "" }],
      ])("with %s is success", async (_what, reply) => {
        await expect(replying(direct(), reply).call).resolves.toBe(reply);
      });

      test.each<[string, unknown, unknown]>([
        ["Success and code 1", { ...success, code: 1, reason: "no" }, 1],
        ["an error_code and code 0", { ...success, error_code: "UnexpectedError", reason: "no" }, 0],
        ["code 0 and no error_code", { code: 0, reason: "no" }, 0],
        [
          "a failed status beside data",
          { status: { ...success, code: 65535, reason: "no" }, data: [] },
          65535,
        ],
        [
          "a status thrown as a bare object",
          new Thrown({ ...success, error_code: "UnexpectedError", code: 9, reason: "no" }),
          9,
        ],
      ])("with %s is a failure that is not 'not found'", async (_what, reply, code) => {
        const { call, sent } = replying(direct(), reply);
        const error = await failureOf(call);
        expect(error).not.toBeInstanceOf(NotFoundError);
        expect(error.failure).toEqual({
          operation: "DropPartition",
          object: "partition a",
          address: server().address,
          reason: "no",
          code,
        });
        expect(sent()).toBe(1);
      });

      test.each([100, 200, 700, 800, 1600])(
        "with code %d is 'not found', whatever its error_code is",
        async (code) => {
          const reply = { ...success, error_code: "UnexpectedError", code, reason: "gone" };
          expect(await failureOf(replying(direct(), reply).call)).toBeInstanceOf(NotFoundError);
        },
      );

      test.each([[{}], [undefined], [null], [{ status: null }], [{ data: [] }]])(
        "without a status (%j) is an UnsupportedError",
        async (reply) => {
          const { call, sent } = replying(direct(), reply);
          await expect(call).rejects.toBeInstanceOf(UnsupportedError);
          expect(sent()).toBe(1);
        },
      );

      test.each<[string, object]>([
        ["code 8, not ready", { error_code: "UnexpectedError", code: 8, reason: "rate limit exceeded" }],
        ["code 106", { error_code: "UnexpectedError", code: 106, reason: "channel lost" }],
        ["retriable", { error_code: "UnexpectedError", code: 65535, reason: "busy", retriable: true }],
        [
          "not ready in its reason",
          { error_code: "UnexpectedError", code: 65535, reason: "service not ready[proxy=1]" },
        ],
      ])("that says %s is asked for again", async (_what, reply) => {
        const { call, sent } = replying(direct(), reply, reply, success);
        await expect(call).resolves.toBe(success);
        expect(sent()).toBe(3);
      });

      test.each<[string, object]>([
        [
          "ends without a status",
          { code: 13, details: "Received RST_STREAM with code 0 (Call ended without gRPC status)" },
        ],
        ["is cancelled, by none of us", { code: 1, details: "Call cancelled" }],
      ])("that %s is asked for again", async (_what, fields) => {
        const thrown = new Thrown(Object.assign(new Error("of gRPC"), fields));
        const { call, sent } = replying(direct(), thrown, success);
        await expect(call).resolves.toBe(success);
        expect(sent()).toBe(2);
      });

      test("that ends without a status each time is an error, long before the operation's time is up", async () => {
        const fields = {
          code: 13,
          details: "Received RST_STREAM with code 0 (Call ended without gRPC status)",
        };
        const thrown = new Thrown(Object.assign(new Error("of gRPC"), fields));
        const { call, sent } = replying(direct(), ...Array.from({ length: 20 }, () => thrown));
        await expect(call).rejects.toThrow(/ended without gRPC status\).*Check that the address is right/s);
        expect(sent()).toBe(6);
      });

      test("that tells of a failure of the server's own parts is asked for again when the server was away", async () => {
        const away = new Thrown(
          Object.assign(new Error("of gRPC"), { code: 14, details: "Connection dropped" }),
        );
        const inner = { error_code: "UnexpectedError", code: 65535, reason: "unrecoverable error" };
        const { call, sent } = replying(direct(), away, inner, success);
        await expect(call).resolves.toBe(success);
        expect(sent()).toBe(3);
      });

      test("that keeps saying 'not ready' is given up when the operation's time is up", async () => {
        await direct().version();
        const started = Date.now();
        const reply = { error_code: "UnexpectedError", code: 65535, reason: "service not ready" };
        const error = await failureOf(replying(direct().within(3), reply).call);
        expect(error.message).toMatch(/service not ready; gave up after \d+ s \(code 65535\)/);
        expect(Date.now() - started).toBeLessThan(8_000);
      });

      test("never brings a secret into a message", async () => {
        const { password, token = "t0ken-0f-mine" } = server();
        const milvus = Milvus.at(
          { ...settingsOf(server()), ...(password === undefined && { token }) },
          new Run(),
        );
        opened.push(milvus);
        const secret = password ?? token;
        for (const reply of [
          new Thrown(new Error(`auth of ${secret} failed`)),
          { error_code: "UnexpectedError", code: 5, reason: `auth of ${secret} failed` },
        ]) {
          const error = await failureOf(replying(milvus, reply).call);
          expect(error.message).toContain("auth of [secret] failed");
          expect(JSON.stringify(error)).not.toContain(`auth of ${secret}`);
        }
      });
    });
  });
}

/** What a call of the SDK rejects with. */
class Thrown {
  constructor(readonly value: unknown) {}
}
