/**
 * `pulumi package add` on a git address and on a clone, which npm installs and builds there: minutes, so it is in
 * `npm run faults` alone. It takes what was committed last. The language host is ours (tools/engine), and starts plugins by
 * `cmd/run-plugin` of @pulumi/pulumi.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { REPOSITORY } from "../../provider/engines/plugin/schema";
import { ensureEngine } from "../../tools/engine";
import { packageVersion } from "../../tools/plugin/bundle";
import { removeTemporary, temporaryFolder } from "../../tools/processes";
import { runOrFail } from "../../tools/programs";
import { type LanguageStack, yamlStack } from "../live/support/languages";
import { live } from "../live/support/live";
import { ROOT } from "../support/built-cli";
import { GitHost } from "./support/git-host";
import { tried } from "./support/tally";

/** An installation of all that builds the package, on a slow machine, in milliseconds. */
const INSTALLING = 900_000;

const context = live();
const { milvus } = context;
const repositories = temporaryFolder("pulumi-milvus-git-");
const [hostname = "", ...names] = REPOSITORY.split("/");
const tag = `v${packageVersion()}`;
const host = new GitHost(hostname, repositories);

beforeAll(async () => {
  const bare = join(repositories, `${names.join("/")}.git`);
  await runOrFail("git", ["clone", "--quiet", "--bare", ROOT, bare]);
  await runOrFail("git", ["tag", "--force", tag], { cwd: bare });
  await host.start();
});
afterAll(() => {
  host.stop();
  removeTemporary(repositories);
});

const declared = (docs: string, partitions: readonly string[]): string => `
resources:
  docs:
    type: milvus:Collection
    properties:
      collectionName: ${docs}
      fields:
        - { name: id, dataType: Int64, isPrimaryKey: true }
        - { name: embedding, dataType: FloatVector, dim: 4 }
${partitions
  .map(
    (name) => `
  ${name}:
    type: milvus:Partition
    properties: { collection: "\${docs}" }
    options: { deletedWith: "\${docs}" }`,
  )
  .join("\n")}
`;

/** A whole life of what the program declares, with the package that was added. */
async function lives(stack: LanguageStack, source: string): Promise<void> {
  const { workspace } = stack;
  const { stderr } = await workspace.pulumi(["package", "add", source]);
  expect(stderr).toMatch(/Added package .*Milvus/);
  const file = join(workspace.directory, "Pulumi.yaml");
  const project = readFileSync(file, "utf8");
  expect(project).toContain(`milvus: ${source}`);

  const docs = context.name("docs");
  const declare = (...partitions: string[]): void =>
    workspace.write("Pulumi.yaml", `${project}\n${declared(docs, partitions)}`);
  declare("y2023", "y2024");
  await stack.up();
  expect(await milvus.partitions(docs)).toEqual(["y2023", "y2024"]);
  await stack.preview({ expectNoChanges: true });
  declare("y2024");
  await stack.up();
  expect(await milvus.partitions(docs)).toEqual(["y2024"]);
  await workspace.destroy();
  expect(await milvus.exists(docs)).toBe(false);
}

test(
  "The plugin comes from its git address, and from the clone of it",
  async () => {
    const { PATH = "" } = (await ensureEngine()).env;
    const env = {
      PATH,
      ...(await host.env()),
      PULUMI_HOME: join(repositories, "pulumi"),
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "false",
    };
    const add = (source: string) => async (): Promise<void> => lives(await yamlStack(context, env), source);
    await tried("package", "a git address", add(`${REPOSITORY}@${tag}`));
    const clone = join(
      repositories,
      "pulumi",
      "plugins",
      `resource-${REPOSITORY.replaceAll("/", "_")}.git-${tag}`,
    );
    await tried("package", "a clone", add(clone));
  },
  INSTALLING,
);
