/**
 * npm run plugin:pack: the plugin as a file for `pulumi plugin install resource milvus VERSION --file FILE`.
 *
 *   npm run plugin:pack                 writes dist/plugin/pulumi-resource-milvus-vVERSION.tar.gz
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";

import { bundlePlugin, LAUNCHER, packageVersion } from "./plugin/bundle";
import { removeTemporary, temporaryFolder } from "./processes";
import { progress } from "./progress";

/** Returns the tarball. */
export async function packPlugin(target: string): Promise<string> {
  const folder = temporaryFolder("pulumi-milvus-plugin-");
  try {
    await bundlePlugin(folder);
    mkdirSync(target, { recursive: true });
    const tarball = join(target, `${LAUNCHER}-v${packageVersion()}.tar.gz`);
    execFileSync("tar", ["-czf", tarball, "-C", folder, "."]);
    return tarball;
  } finally {
    removeTemporary(folder);
  }
}

async function main(): Promise<void> {
  const tarball = await packPlugin(join(__dirname, "../dist/plugin"));
  progress(`${tarball}: ${(statSync(tarball).size / 1024).toFixed(0)} KB`);
  progress(`pulumi plugin install resource milvus ${packageVersion()} --file ${tarball}`);
}

if (require.main === module || process.argv[1] === __filename)
  main().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
