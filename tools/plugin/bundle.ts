/** The plugin as one file that needs Node and nothing else, in dist/plugin: a part of `npm run build`. */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { build as bundle, type Plugin } from "esbuild";

const ROOT = join(__dirname, "../..");
/** Where an engine finds it: on PATH, or as the path of a plugin in Pulumi.yaml. */
export const BUNDLED = join(ROOT, "dist", "plugin");
const FILE = "pulumi-resource-milvus.cjs";
/** The executable that engines look for; on Windows the one that ends with .cmd. */
export const LAUNCHER = "pulumi-resource-milvus";

const SH = `#!/bin/sh
exec node "$(dirname "$0")/${FILE}" "$@"
`;
const CMD = `@echo off\r\nnode "%~dp0${FILE}" %*\r\n`;

/** The oldest Node that the package runs on, as `engines` of package.json has it. */
const TARGET = "node20";

export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string }).version;
}

/** Writes the file and its launchers; needs nothing that was compiled before. */
async function bundlePlugin(folder: string, version: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await bundle({
    stdin: {
      contents: `require("./provider/engines/plugin/start").start(${JSON.stringify(version)});`,
      resolveDir: ROOT,
    },
    outfile: join(folder, FILE),
    bundle: true,
    platform: "node",
    target: TARGET,
    minify: true,
    // Messages name classes, and stacks in reports functions.
    keepNames: true,
    legalComments: "linked",
    logLevel: "warning",
    plugins: [standIns],
  });
  copyFileSync(join(ROOT, "LICENSE"), join(folder, "LICENSE"));
  for (const [name, text] of [
    [LAUNCHER, SH],
    [`${LAUNCHER}.cmd`, CMD],
  ] as const) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }
}

const OURS = join(ROOT, "provider", "milvus", "sdk-modules.ts");
const requireOfSdk = createRequire(require.resolve("@zilliz/milvus2-sdk-node"));

/** What the bundle does without, or has another way to. */
const standIns: Plugin = {
  name: "stand-ins",
  setup(build) {
    const onResolve = build.onResolve.bind(build);
    onResolve({ filter: /^\.\/sdk-modules$/ }, ({ resolveDir }) =>
      join(resolveDir, "sdk-modules.ts") === OURS ? { path: join(__dirname, "sdk-modules.ts") } : undefined,
    );
    onResolve({ filter: /^@shanghaikid\/parquetjs$/ }, () => ({ path: join(__dirname, "no-parquet.js") }));
    // The SDK's own ones, whatever else is installed beside it.
    onResolve({ filter: /^(@grpc\/proto-loader|protobufjs)$/ }, ({ importer, path }) =>
      dirname(importer) === __dirname ? { path: requireOfSdk.resolve(path) } : undefined,
    );
    // Its runtime takes longer to load than all the rest.
    onResolve({ filter: /^@pulumi\/pulumi/ }, ({ path, importer }) => {
      if (path.startsWith("@pulumi/pulumi/proto/")) return undefined;
      return { errors: [{ text: `${importer} brings ${path} into the plugin` }] };
    });
  },
};

if (process.argv[1] === __filename)
  bundlePlugin(BUNDLED, packageVersion()).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
