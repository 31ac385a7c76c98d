/** A plugin that does nothing, where an engine finds it. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { build } from "esbuild";

import { temporaryFolder } from "../processes";

/** The folder of the executable, for PATH. It goes with this process. */
export async function bundleStubPlugin(): Promise<string> {
  const folder = temporaryFolder("pulumi-milvus-stub-plugin-");
  const file = "pulumi-resource-stub.cjs";
  await build({
    entryPoints: [join(__dirname, "baselines", "stub-plugin.js")],
    outfile: join(folder, file),
    bundle: true,
    platform: "node",
    minify: true,
    logLevel: "warning",
  });
  const launcher = join(folder, "pulumi-resource-stub");
  writeFileSync(launcher, `#!/bin/sh\nexec node "$(dirname "$0")/${file}" "$@"\n`);
  chmodSync(launcher, 0o755);
  return folder;
}
