/**
 * npm run plugin:pack: the plugin as a file for `pulumi plugin install resource milvus VERSION --file FILE`, which it
 * writes into the checkout's folder: pulumi-resource-milvus-vVERSION.tar.gz
 */
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";

import { BUNDLED, LAUNCHER, packageVersion } from "./plugin/bundle";
import { progress } from "./progress";

/** Of what was built. Returns the tarball. */
export function packPlugin(target: string): string {
  const tarball = join(target, `${LAUNCHER}-v${packageVersion()}.tar.gz`);
  execFileSync("tar", ["-czf", tarball, "-C", BUNDLED, "."]);
  return tarball;
}

if (process.argv[1] === __filename) {
  const tarball = packPlugin(join(__dirname, ".."));
  progress(`${tarball}: ${(statSync(tarball).size / 1024).toFixed(0)} KB`);
  progress(`pulumi plugin install resource milvus ${packageVersion()} --file ${tarball}`);
}
