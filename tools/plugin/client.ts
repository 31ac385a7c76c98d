/** The Milvus client of the bundle, with all that it requires but gRPC, which the plugin has already. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { build as bundle, type BuildOptions, type Plugin } from "esbuild";

import { STAND_INS } from "../../provider/milvus/stand-ins";

const ROOT = join(__dirname, "../..");
const STAND_INS_FILE = join(ROOT, "provider", "milvus", "stand-ins.ts");
const SDK = "@zilliz/milvus2-sdk-node";
const SDK_FILE = require.resolve(SDK);
const requireOfSdk = createRequire(SDK_FILE);
/** Of the bulk writer, which nothing here uses. */
const LEFT_OUT = "@shanghaikid/parquetjs";

const PROTOCOL = /[\\/]proto-json[\\/][\w.]+\.js$/;

const ENTRY = `
  exports.sdk = require("${SDK}");
  exports.modules = {
    protobufjs: require("protobufjs"),
    "@grpc/proto-loader": require("@grpc/proto-loader"),
  };`;

function protocolIn(file: string): object {
  return (requireOfSdk(file) as { readonly default: object }).default;
}

export async function bundleClient(options: BuildOptions): Promise<string> {
  const { outputFiles = [] } = await bundle({
    ...options,
    stdin: { contents: ENTRY, resolveDir: dirname(SDK_FILE) },
    bundle: true,
    write: false,
    external: ["@grpc/grpc-js"],
    plugins: [standIns],
  });
  const [file] = outputFiles;
  if (!file) throw new Error("esbuild gave no Milvus client");
  return file.text;
}

/** What the SDK gets while it loads in a folder of modules as well: provider/milvus/stand-ins.ts. */
const standIns: Plugin = {
  name: "stand-ins",
  setup(build) {
    const namespace = "stand-in";
    const names = new Map(
      Object.keys(STAND_INS).map((name) => [name === LEFT_OUT ? name : requireOfSdk.resolve(name), name]),
    );
    const onResolve = build.onResolve.bind(build);
    onResolve({ filter: /./ }, async ({ path, namespace: from, pluginData, ...asked }) => {
      if (from === namespace || pluginData === namespace || path === "@grpc/grpc-js") return undefined;
      if (path === LEFT_OUT) return { path, namespace };
      const { path: file } = await build.resolve(path, { ...asked, namespace: from, pluginData: namespace });
      return names.has(file) ? { path: file, namespace } : undefined;
    });
    const onLoad = build.onLoad.bind(build);
    // A protocol is text for JSON, which is read faster than a program, and when it is needed.
    onLoad({ filter: PROTOCOL }, ({ path }) => ({
      contents: `exports.__esModule = true;
        exports.default = JSON.parse(${JSON.stringify(JSON.stringify(protocolIn(path)))});`,
    }));
    onLoad({ filter: /./, namespace }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(STAND_INS_FILE)}).STAND_INS[${JSON.stringify(names.get(path))}](
        () => ${path === LEFT_OUT ? "({})" : `require(${JSON.stringify(path)})`});`,
      resolveDir: ROOT,
    }));
  },
};
