/** Other versions of Node, for the tests that hold `engines` of package.json: the builds that the npm registry has. */
import * as path from "node:path";
import { ensureEntry } from "./cache";
import { removeTemporary, temporaryFolder } from "./processes";
import { runOrFail } from "./programs";
import { onlyFile } from "./python";

/** The folder with `node` in it, to be put first on PATH. */
export async function ensureNode(version: string): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  return ensureEntry(`node-${version}-${platform}`, async (folder) => {
    const downloads = temporaryFolder("pulumi-milvus-node-");
    try {
      const npm = ["pack", `node-${platform}@${version}`, "--pack-destination", downloads];
      await runOrFail("npm", npm, { cwd: downloads });
      const tar = ["-xzf", onlyFile(downloads, ".tgz"), "-C", folder, "--strip-components=2"];
      await runOrFail("tar", [...tar, path.posix.join("package", "bin", "node")]);
    } finally {
      removeTemporary(downloads);
    }
  });
}
