/** The plugin, which needs Node and nothing else, in dist/plugin: a part of `npm run build`. */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { build as bundle, type BuildOptions, type Plugin } from "esbuild";

import { bundleClient } from "./client";

const ROOT = join(__dirname, "../..");
/** Where an engine finds it: on PATH, or as the path of a plugin in Pulumi.yaml. */
export const BUNDLED = join(ROOT, "dist", "plugin");
const FILE = "plugin.cjs";
/** What Node starts: any Node can read it, and one that is too old is told so. */
const START = "pulumi-resource-milvus.cjs";
/** The executable that engines look for; on Windows the one that ends with .cmd. */
export const LAUNCHER = "pulumi-resource-milvus";

const SH = `#!/bin/sh
command -v node >/dev/null || { echo "${LAUNCHER}: there is no node on PATH" >&2; exit 1; }
exec node "$(dirname "$0")/${START}" "$@"
`;
const CMD = `@echo off\r\nnode "%~dp0${START}" %*\r\n`;

interface Manifest {
  readonly version: string;
  readonly engines: { readonly node: string };
}

function manifest(): Manifest {
  return JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
}

export function packageVersion(): string {
  return manifest().version;
}

/** "node20.19.0": the oldest that the package runs on. */
function target({ engines }: Manifest): string {
  return `node${/\d[\d.]*/.exec(engines.node)?.[0]}`;
}

/** Writes the files; needs nothing that was compiled before. */
async function bundlePlugin(folder: string, version: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const options: BuildOptions = {
    platform: "node",
    target: target(manifest()),
    // Names are kept: messages have those of classes, and stacks in reports those of functions. To give them back, as
    // esbuild can, takes longer at each start than to read them.
    minifyWhitespace: true,
    minifySyntax: true,
    // A bundle names its modules by their folders, and those of this machine are nobody's business.
    preserveSymlinks: true,
    logLevel: "warning",
  };
  await bundle({
    ...options,
    stdin: {
      contents: `require("./provider/engines/plugin/start").start(${JSON.stringify(version)});`,
      resolveDir: ROOT,
    },
    outfile: join(folder, FILE),
    bundle: true,
    plugins: [standIns(await bundleClient(options))],
  });
  await bundleStart(join(folder, START));
  copyFileSync(join(ROOT, "LICENSE"), join(folder, "LICENSE"));
  for (const [name, text] of [
    [LAUNCHER, SH],
    [`${LAUNCHER}.cmd`, CMD],
  ] as const) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }
}

function bundleStart(outfile: string): Promise<unknown> {
  const range = JSON.stringify(manifest().engines.node);
  return bundle({
    stdin: {
      contents: `require("./bin/node-version").demandNode(${range}, "${LAUNCHER}"); require("./${FILE}");`,
      resolveDir: ROOT,
    },
    outfile,
    external: [`./${FILE}`],
    bundle: true,
    platform: "node",
    target: "es5",
    logLevel: "warning",
  });
}

const OURS = join(ROOT, "provider", "milvus", "sdk-modules.ts");

/** What the bundle does without, or has another way to. */
const standIns = (client: string): Plugin => ({
  name: "stand-ins",
  setup(build) {
    const onResolve = build.onResolve.bind(build);
    onResolve({ filter: /^\.\/sdk-modules$/ }, ({ resolveDir }) =>
      join(resolveDir, "sdk-modules.ts") === OURS ? { path: join(__dirname, "sdk-modules.ts") } : undefined,
    );
    onResolve({ filter: /^milvus-client\.cjs$/ }, ({ path }) => ({ path, namespace: "client" }));
    const onLoad = build.onLoad.bind(build);
    onLoad({ filter: /./, namespace: "client" }, () => ({ contents: client, loader: "text" }));
    // gRPC's own reader of protocols, for servers that tell about themselves.
    onResolve({ filter: /^@grpc\/proto-loader$/ }, ({ path }) => ({ path, namespace: "left out" }));
    onLoad({ filter: /./, namespace: "left out" }, () => ({ contents: "" }));
    // Its runtime takes longer to load than all the rest.
    onResolve({ filter: /^@pulumi\/pulumi/ }, ({ path, importer }) => {
      if (path.startsWith("@pulumi/pulumi/proto/")) return undefined;
      return { errors: [{ text: `${importer} brings ${path} into the plugin` }] };
    });
  },
});

if (process.argv[1] === __filename)
  bundlePlugin(BUNDLED, packageVersion()).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
