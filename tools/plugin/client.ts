/** The Milvus client of the bundle, with all that it requires but gRPC, which the plugin has already. */
import { createRequire } from "node:module";
import { join } from "node:path";

import { build as bundle, type BuildOptions, type Plugin } from "esbuild";

import { STAND_INS } from "../../provider/milvus/stand-ins";

const ROOT = join(__dirname, "../..");
const STAND_INS_FILE = join(ROOT, "provider", "milvus", "stand-ins.ts");
const SDK = "@zilliz/milvus2-sdk-node";
/** Where it finds what it requires. Not by `require.resolve`, which follows links out of the checkout. */
const SDK_FOLDER = join(ROOT, "node_modules", SDK, "dist", "milvus");
/** Of the bulk writer, which nothing here uses. */
const LEFT_OUT = "@shanghaikid/parquetjs";

/** Of a file of the SDK, and of what requires it. */
const PROTOCOL = /proto-json[\\/][\w.]+$/;

const ENTRY = `
  exports.sdk = require("${SDK}");
  exports.modules = {
    protobufjs: require("protobufjs"),
    "@grpc/proto-loader": require("@grpc/proto-loader"),
  };`;

function protocolIn(file: string): object {
  return (createRequire(__filename)(file) as { readonly default: object }).default;
}

export async function bundleClient(options: BuildOptions): Promise<string> {
  const { outputFiles = [] } = await bundle({
    ...options,
    stdin: { contents: ENTRY, resolveDir: SDK_FOLDER },
    bundle: true,
    write: false,
    external: ["@grpc/grpc-js"],
    plugins: [standIns],
  });
  const [file] = outputFiles;
  if (!file) throw new Error("esbuild gave no Milvus client");
  return file.text;
}

/** The name of what stands in for it. The SDK requires its own files by where they are. */
function standInOf(required: string): string | undefined {
  const [own] = PROTOCOL.exec(required) ?? [];
  const name = own === undefined ? required : `${SDK}/dist/milvus/${own}`;
  return Object.hasOwn(STAND_INS, name) ? name : undefined;
}

/** What the SDK gets while it loads in a folder of modules as well: provider/milvus/stand-ins.ts. */
const standIns: Plugin = {
  name: "stand-ins",
  setup(build) {
    const namespace = "stand-in";
    const onResolve = build.onResolve.bind(build);
    onResolve({ filter: /./ }, async ({ path, namespace: from, pluginData, ...asked }) => {
      const name = standInOf(path);
      if (name === undefined || from === namespace || pluginData === namespace) return undefined;
      const { path: file } = await build.resolve(path, { ...asked, namespace: from, pluginData: namespace });
      // What it is called stands in the bundle, which names no folder of this machine.
      return { path: name, namespace, pluginData: file };
    });
    const onLoad = build.onLoad.bind(build);
    // A protocol is text for JSON, which is read faster than a program, and when it is needed.
    onLoad({ filter: PROTOCOL, namespace: "file" }, ({ path }) => ({
      contents: `exports.__esModule = true;
        exports.default = JSON.parse(${JSON.stringify(JSON.stringify(protocolIn(path)))});`,
    }));
    onLoad({ filter: /./, namespace }, ({ path: name, pluginData: file }) => ({
      contents: `module.exports = require(${JSON.stringify(STAND_INS_FILE)}).STAND_INS[${JSON.stringify(name)}](
        () => ${name === LEFT_OUT ? "({})" : `require(${JSON.stringify(file)})`});`,
      resolveDir: ROOT,
    }));
  },
};
