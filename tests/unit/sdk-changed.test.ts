/** The SDK is pinned, and what is known of its inside is not relied upon: another one is used its own way. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

import { SDK_VERSION } from "../../provider/milvus/sdk";
import { outputOf } from "../support/script";

const ROOT = path.join(__dirname, "..", "..");
const SDK = path.join(ROOT, "node_modules", "@zilliz", "milvus2-sdk-node");

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as Manifest;

test("the SDK is pinned to the version whose inside is known", () => {
  expect(manifestOf(ROOT).dependencies["@zilliz/milvus2-sdk-node"]).toBe(SDK_VERSION);
  expect(manifestOf(SDK).version).toBe(SDK_VERSION);
});

/** What it requires, and scopes of that. */
const REQUIRED = ["@grpc", "@opentelemetry", "@petamoriken", "@shanghaikid", "dayjs", "generic-pool"].concat(
  "protobufjs",
  "winston",
);

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A copy of the SDK's own files, changed by what is given, beside the packages that it requires. */
function changedSdk(changes: readonly Change[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), "pulumi-milvus-sdk-"));
  folders.push(folder);
  const copy = path.join(folder, "node_modules", "@zilliz", "milvus2-sdk-node");
  cpSync(SDK, copy, { recursive: true });
  for (const name of REQUIRED)
    symlinkSync(path.join(ROOT, "node_modules", name), path.join(folder, "node_modules", name), "dir");
  for (const { file, from, to } of changes) {
    const whole = path.join(copy, file);
    const text = readFileSync(whole, "utf8");
    expect(text).toContain(from);
    writeFileSync(whole, text.replace(from, to));
  }
  return path.join(copy, "dist", "milvus", "index.js");
}

interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const GRPC = "dist/milvus/utils/Grpc.js";
const BASE = "dist/milvus/grpc/BaseClient.js";

/** What a client of that SDK is: constructed by the provider's way, in a process of its own. */
function clientOf(sdk: string, before = ""): Record<string, unknown> {
  const script = `
    const { createRequire } = require("node:module");
    const { clientOf } = require("./provider/milvus/sdk");
    const requireAsSdk = createRequire(${JSON.stringify(sdk)});
    const sdk = requireAsSdk(${JSON.stringify(sdk)});
    sdk.logger.silent = true;
    const loader = requireAsSdk("@grpc/proto-loader");
    const { Root } = requireAsSdk("protobufjs");
    const readers = [loader.fromJSON, Root.fromJSON];
    ${before}
    const client = clientOf(sdk, requireAsSdk, { address: "127.0.0.1:1", telemetry: { enabled: false }, maxRetries: 0 });
    Promise.resolve(client.connectPromise).catch(() => undefined);
    const found = client.schemaProto.lookupType("milvus.proto.schema.CollectionSchema");
    const call = Object.values(client._MilvusService.service).find(({ path }) => path.endsWith("/CreatePartition"));
    const bytes = call.requestSerialize({ db_name: "default", collection_name: "docs", partition_name: "y2024" });
    const seen = {
      constructed: client instanceof sdk.MilvusClient,
      schema: found.name,
      request: call.requestDeserialize(bytes).partition_name,
      bytes: bytes.length,
      restored: loader.fromJSON === readers[0] && Root.fromJSON === readers[1],
    };
    process.stdout.write(JSON.stringify(seen), () => process.exit(0));
  `;
  return JSON.parse(outputOf(script)) as Record<string, unknown>;
}

const WORKS = {
  constructed: true,
  schema: "CollectionSchema",
  request: "y2024",
  bytes: 22,
  restored: true,
};

/** As another version may be. */
const CHANGES: Record<string, readonly Change[]> = {
  "is as it was": [],
  "looks for a message among the calls": [
    {
      file: GRPC,
      from: "const packageDefinition = (0, proto_loader_1.fromJSON)(milvus_1.default, options);",
      to: `const packageDefinition = (0, proto_loader_1.fromJSON)(milvus_1.default, options);
    if (!packageDefinition["milvus.proto.milvus.CreatePartitionRequest"].format) throw new Error("no message");`,
    },
  ],
  "wants its messages to be of protobufjs": [
    {
      file: BASE,
      from: "this.milvusProto = protobufjs_1.default.Root.fromJSON(milvus_base_1.default);",
      to: `this.milvusProto = protobufjs_1.default.Root.fromJSON(milvus_base_1.default);
        if (!(this.milvusProto instanceof protobufjs_1.default.Root)) throw new Error("no root");
        if (!Object.keys(this.milvusProto).includes("nested")) throw new Error("no keys");
        if (!("nested" in this.milvusProto)) throw new Error("no properties");`,
    },
  ],
  "hands its protocol on as text": [
    {
      file: GRPC,
      from: "(0, proto_loader_1.fromJSON)(milvus_1.default, options)",
      to: "(0, proto_loader_1.fromJSON)(JSON.parse(JSON.stringify(milvus_1.default)), options)",
    },
  ],
  "reads its protocol in another way": [
    {
      file: GRPC,
      from: "(0, proto_loader_1.fromJSON)(milvus_1.default, options)",
      to: "require('@grpc/proto-loader')['from' + 'JSON'].call(undefined, milvus_1.default, options)",
    },
  ],
  "is of another version": [{ file: "dist/sdk.json", from: "3.0.6", to: "3.1.0" }],
};

describe("an SDK that", () => {
  test.each(Object.entries(CHANGES))("%s is used all the same", (_, changes) => {
    expect(clientOf(changedSdk(changes))).toEqual(WORKS);
  });

  test.each([
    [
      "cannot be replaced",
      `Object.defineProperty(loader, "fromJSON", { value: loader.fromJSON, writable: false });`,
    ],
    [
      "is a getter",
      `Object.defineProperty(Root, "fromJSON", { get: () => readers[1], configurable: true });`,
    ],
  ])("has a reader that %s is used all the same", (_, before) => {
    expect(clientOf(changedSdk([]), before)).toEqual(WORKS);
  });

  test.each([
    ["writes messages otherwise", "fromObject"],
    ["reads messages otherwise", "toObject"],
  ])("%s than it is known to is used all the same", (_, method) => {
    const before = `
      const { Type } = requireAsSdk("protobufjs");
      const own = Type.prototype.${method};
      // Of the proto-loader's own calls alone.
      Type.prototype.${method} = function (...args) {
        if (!new Error().stack.includes("proto-loader")) throw new Error("not in this version");
        return own.apply(this, args);
      };`;
    expect(clientOf(changedSdk([]), before)).toEqual(WORKS);
  });

  test("cannot use its configuration says so in its own words", () => {
    const sdk = changedSdk([]);
    const script = `
      const { createRequire } = require("node:module");
      const { clientOf } = require("./provider/milvus/sdk");
      const requireAsSdk = createRequire(${JSON.stringify(sdk)});
      try { clientOf(requireAsSdk(${JSON.stringify(sdk)}), requireAsSdk, {}); } catch (error) { console.log(error.message); }`;
    expect(outputOf(script)).toMatch(/address/);
  });
});

describe("the SDK of the program itself", () => {
  const seen = (script: string): unknown => JSON.parse(outputOf(script));
  const OWN = `const own = require("@zilliz/milvus2-sdk-node");`;
  const OURS = `
    const { newClient } = require("./provider/milvus/sdk");
    const client = newClient({ address: "127.0.0.1:1", logLevel: "error", telemetry: { enabled: false }, maxRetries: 0 });
    Promise.resolve(client.connectPromise).catch(() => undefined);`;
  const TELL = `
    const { level, silent } = own.logger;
    const again = require("@zilliz/milvus2-sdk-node") === own;
    process.stdout.write(JSON.stringify({ level, silent: silent ?? false, again }), () => process.exit(0));`;

  test.each([
    ["loaded first", `${OWN} own.logger.level = "debug"; ${OURS} ${TELL}`, "debug"],
    ["loaded afterwards", `${OURS} ${OWN} ${TELL}`, "info"],
  ])("keeps its log level when it is %s", (_, script, level) => {
    expect(seen(script)).toEqual({ level, silent: false, again: true });
  });
});
