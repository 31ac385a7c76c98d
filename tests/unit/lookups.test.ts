/** How look-ups of a program come by their server and their arguments; what they give back is in contract tests. */
import * as pulumi from "@pulumi/pulumi";

import * as milvus from "../../sdk/nodejs";
import { FIELDS } from "../support/pulumi-mocks";

type LookUp = (name: string, args: object, configured: (key: string) => unknown) => Promise<unknown>;

const lookUp = jest.fn<ReturnType<LookUp>, Parameters<LookUp>>();

jest.mock(
  "../../provider/engines/lookups.js",
  () => ({ lookUp: (...call: Parameters<LookUp>) => lookUp(...call) }),
  {
    virtual: true,
  },
);

// The mocks stand for an engine here, whose look-ups go to the server.
jest.mock("../../sdk/nodejs/mocked", () => ({ isMocked: () => false }));

async function asProgram(preview = false): Promise<void> {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => ({
        id: preview ? undefined : `default/${name}`,
        state: { collectionId: "447", databaseName: "default", ...(inputs as object) },
      }),
      call: () => ({}),
    },
    "project",
    "stack",
    preview,
  );
}

beforeEach(async () => {
  lookUp.mockReset().mockResolvedValue({ collectionName: "docs" });
  pulumi.runtime.setAllConfig({ "milvus:address": "configured:19530", "milvus:token": "root:from-config" });
  await asProgram();
});

afterAll(() => pulumi.runtime.disconnect());

/** What outputs hide from programs. */
interface Inside {
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  promise(): Promise<unknown>;
}

const inside = (output: pulumi.Output<unknown>): Inside => output as unknown as Inside;

/** The settings of the last call. */
const settingOf = (key: string): unknown => lookUp.mock.calls.at(-1)?.[2](key);

const unknown = (): pulumi.Output<string> => {
  const Output = pulumi.Output as unknown as new (...args: unknown[]) => pulumi.Output<string>;
  const no = Promise.resolve(false);
  return new Output([], Promise.resolve(undefined), no, no, Promise.resolve([]));
};

describe("a look-up", () => {
  test("asks the server of the stack config", async () => {
    expect(await milvus.getCollection({ collectionName: "docs" })).toEqual({ collectionName: "docs" });
    expect(lookUp.mock.calls[0]?.slice(0, 2)).toEqual(["getCollection", { collectionName: "docs" }]);
    expect([settingOf("address"), settingOf("token"), settingOf("explicit")]).toEqual([
      "configured:19530",
      "root:from-config",
      undefined,
    ]);
  });

  test("asks the server of the Provider that it is given, and takes nothing of the stack config", async () => {
    const provider = new milvus.Provider("other", { address: "other:19530", database: "app" });
    await milvus.listCollections({}, { provider });
    expect(["address", "database", "token", "explicit"].map(settingOf)).toEqual([
      "other:19530",
      "app",
      undefined,
      "true",
    ]);
  });

  test("refuses a provider that is none of this package", async () => {
    const provider = new (class extends pulumi.ProviderResource {})("pulumi-nodejs", "foreign", {});
    await expect(milvus.getServerVersion({ provider })).rejects.toThrow(
      "getServerVersion: its provider is no Provider of this package",
    );
  });

  test("fails with what the server says, without a call stack", async () => {
    lookUp.mockRejectedValue(new Error("there is no collection default/docs on Milvus at configured:19530"));
    const failed = milvus.getCollection({ collectionName: "docs" });
    await expect(failed).rejects.toBeInstanceOf(pulumi.RunError);
    // Node 20 hangs for seconds over one that Pulumi has it colour.
    await expect(failed).rejects.toMatchObject({ stack: expect.not.stringMatching(/\n\s+at /) as string });
    await expect(failed).rejects.toThrow(
      "getCollection: there is no collection default/docs on Milvus at configured:19530",
    );
  });

  test("says at preview that the address is not known yet, and what to use", async () => {
    await asProgram(true);
    const provider = new milvus.Provider("later", { address: unknown() });
    await expect(milvus.getServerVersion({ provider })).rejects.toThrow(
      /settings of its Provider are not known yet at preview: use getServerVersionOutput/,
    );
    expect(lookUp).not.toHaveBeenCalled();
  });
});

describe("a look-up as an output", () => {
  test("takes arguments that are outputs", async () => {
    const found = milvus.getIndexOutput({ collection: pulumi.output("docs"), indexName: "by_meaning" });
    expect(await inside(found).promise()).toEqual({ collectionName: "docs" });
    expect(lookUp.mock.calls[0]?.slice(0, 2)).toEqual([
      "getIndex",
      { collection: "docs", indexName: "by_meaning" },
    ]);
  });

  test("of a Collection goes to its server and database, once it is made", async () => {
    const provider = new milvus.Provider("other", { address: "other:19530" });
    const docs = new milvus.Collection("docs", { fields: FIELDS, collectionName: "docs" }, { provider });
    await inside(milvus.listPartitionsOutput({ collection: docs })).promise();
    expect(lookUp.mock.calls[0]?.slice(0, 2)).toEqual([
      "listPartitions",
      { collection: "docs", databaseName: "default" },
    ]);
    expect(settingOf("address")).toBe("other:19530");
  });

  test.each<[string, () => pulumi.Output<unknown>]>([
    [
      "the address",
      () => {
        const provider = new milvus.Provider("later", { address: unknown() });
        return milvus.getServerVersionOutput({ provider });
      },
    ],
    ["an argument", () => milvus.hasPartitionOutput({ collection: "docs", partitionName: unknown() })],
    [
      "a Collection that has yet to be made",
      () => {
        const docs = new milvus.Collection("new", {
          fields: FIELDS,
          collectionName: "new",
          databaseName: "default",
        });
        return milvus.listIndexesOutput({ collection: docs });
      },
    ],
    [
      "what it depends on and has yet to be made",
      () => {
        const docs = new milvus.Collection("needed", { fields: FIELDS });
        return milvus.listCollectionsOutput({}, { dependsOn: [docs] });
      },
    ],
  ])("is not known at preview while %s is not, and asks nobody", async (_what, look) => {
    await asProgram(true);
    const found = look();
    expect(await inside(found).isKnown).toBe(false);
    expect(lookUp).not.toHaveBeenCalled();
  });

  test("waits for what it depends on", async () => {
    const docs = new milvus.Collection("first", { fields: FIELDS });
    await inside(milvus.listCollectionsOutput({}, { dependsOn: docs })).promise();
    expect(lookUp).toHaveBeenCalledTimes(1);
  });

  test("is no secret although the password of its server is one", async () => {
    const provider = new milvus.Provider("other", {
      address: "other:19530",
      username: "root",
      password: pulumi.secret("s3cret"),
    });
    const found = milvus.getServerVersionOutput({ provider });
    expect(await inside(found).isSecret).toBe(false);
    await inside(found).promise();
    expect(settingOf("password")).toBe("s3cret");
  });

  test("is a secret when one of its arguments is", async () => {
    const found = milvus.getCollectionOutput({ collectionName: pulumi.secret("docs") });
    expect(await inside(found).isSecret).toBe(true);
  });
});
