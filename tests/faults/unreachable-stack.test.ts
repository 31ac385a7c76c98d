/** The same through the engine: a stack whose Milvus is answered for by something else, or refuses its user. */
import { setTimeout as sleep } from "node:timers/promises";

import type { OperationResult, Workspace } from "../../tools/stack";
import { FIELDS, HNSW, live, program, said, stackLines } from "../live/support/live";
import { rows, TestMilvus } from "../live/support/milvus";
import type { Answer, GrpcProxy } from "../support/grpc-proxy";
import { testServers } from "../support/servers";
import { grpcStatus, page, reply } from "./support/middleboxes";
import { full, tried } from "./support/tally";

const PASSWORD = "s3cret-Pa55word";
const NEW_PASSWORD = "an0ther-Pa55word";

const context = live(testServers().quiet);
const { milvus } = context;
const docs = context.name("docs");
const user = context.name("keeper");

const PROGRAM = program(
  `const docs = new milvus.Collection("documents", {
     collectionName: "${docs}", fields: ${FIELDS}, timeouts: { delete: 8 },
   });`,
  `new milvus.Partition("y2024", { collection: docs, timeouts: { delete: 8 } });`,
  `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW}, timeouts: { delete: 8 } });`,
);

interface Outage {
  begin(): Promise<void> | void;
  end(): Promise<void> | void;
}

let proxy: GrpcProxy;
let stack: Workspace;

const answering = (answer: Answer): Outage => ({
  begin: () => {
    proxy.before = () => answer;
  },
  end: () => proxy.pass(),
});

const changePassword = async (from: string, to: string): Promise<void> => {
  const status = await milvus.client.updatePassword({ username: user, oldPassword: from, newPassword: to });
  expect(status).toMatchObject({ error_code: "Success", code: 0 });
};

/** What a user may do is in force some time after it was said. */
async function makeKeeper(): Promise<void> {
  const made = await milvus.client.createUser({ username: user, password: PASSWORD });
  expect(made).toMatchObject({ error_code: "Success", code: 0 });
  const keeper = new TestMilvus({ ...milvus.server, username: user, password: PASSWORD });
  await milvus.client.addUserToRole({ username: user, roleName: "admin" });
  for (let attempt = 0; attempt < 40; attempt++) {
    const permitted = await keeper.client.listDatabases().then(
      () => true,
      () => false,
    );
    if (permitted) return keeper.close();
    await sleep(500);
  }
  throw new Error(`${user} was not given the role admin within 20 s`);
}

const SAMPLE: Readonly<Record<string, Outage>> = {
  "refuses the password": {
    begin: () => changePassword(PASSWORD, NEW_PASSWORD),
    end: () => changePassword(NEW_PASSWORD, PASSWORD),
  },
  "answers garbage": answering(reply(Buffer.from("not a reply"))),
};
const OTHERS: typeof SAMPLE = {
  "knows none of the calls": answering(grpcStatus(12, "unknown service")),
  "is not found by a gateway": answering(grpcStatus(5, "no route matched")),
  "is a page of a load balancer": answering(page(502)),
};
const OUTAGES = full ? { ...SAMPLE, ...OTHERS } : SAMPLE;

/** All that the state has of the stack's objects, but for what a refresh of the engine leaves out when it fails. */
const text = async (): Promise<string> =>
  JSON.stringify(
    (await stack.resources()).map((resource) => ({ ...resource, propertyDependencies: undefined })),
  );

function expectClearErrors(result: OperationResult): void {
  expect(result.code).not.toBe(0);
  expect(said(result)).toMatch(/Milvus at 127\.0\.0\.1:\d+|server at 127\.0\.0\.1:\d+/);
  expect(said(result)).not.toContain(PASSWORD);
  expect(stackLines(result)).toEqual([]);
}

beforeAll(async () => {
  await makeKeeper();
  proxy = await context.proxy();
  stack = await context.stack(PROGRAM, {
    config: { "milvus:address": proxy.address, "milvus:token": { secret: `${user}:${PASSWORD}` } },
  });
  await stack.up();
  await milvus.insert(docs, rows(30), "y2024");
});

describe.each(Object.entries(OUTAGES))("A Milvus that %s", (kind, outage) => {
  let before: string;
  let collectionId: string;

  beforeAll(async () => {
    before = await text();
    collectionId = await milvus.collectionId(docs);
    await outage.begin();
  });

  test("makes refresh fail and leaves the state as it was, byte for byte", () =>
    tried("unreachable for the engine", `${kind}: refresh`, async () => {
      expectClearErrors(await stack.refresh({ expectFailure: true }));
      expect(await text()).toBe(before);
    }));

  test("makes destroy fail and keeps the collection in the state and on the server", () =>
    tried("unreachable for the engine", `${kind}: destroy`, async () => {
      expectClearErrors(await stack.destroy({ expectFailure: true }));
      expect((await stack.resources()).map(({ id }) => id)).toContain(`default/${docs}`);
      expect(await milvus.collectionId(docs)).toBe(collectionId);
    }));

  test("is followed by an up that makes the stack whole again, with its data", () =>
    tried("unreachable for the engine", `${kind}: the next up`, async () => {
      await outage.end();
      await stack.up();
      expect(await stack.resources()).toHaveLength(3);
      await milvus.load(docs);
      expect(await milvus.count(docs, "y2024")).toBe(30);
      expect(await milvus.collectionId(docs)).toBe(collectionId);
      await milvus.release(docs);
    }));
});

test("Afterwards destroy leaves nothing behind", async () => {
  await stack.destroy();
  expect(await milvus.exists(docs)).toBe(false);
  await milvus.client.deleteUser({ username: user });
});
