/** What stack config says of data counts over the plugin as it stands now, whichever language and Provider. */
import type { Workspace } from "../../tools/stack";
import { withPlugin } from "./support/bundled";
import { accessTo, FIELDS, live, providerArgs, said } from "./support/live";
import { rows } from "./support/milvus";
import { pluginProgram } from "./support/plugin";

const context = live();
const { milvus, database } = context;

let env: Record<string, string>;
beforeAll(async () => {
  env = await withPlugin();
});

/** As programs in other languages have it: a Provider that is sent its arguments and nothing else. */
const PROVIDER = `class Provider extends pulumi.ProviderResource {
  constructor(name, args) { super("milvus", name, args); }
}`;

async function withData(name: string, statements: readonly string[]): Promise<Workspace> {
  const stack = await context.stack(pluginProgram(...statements), { env });
  await stack.up();
  await milvus.insert(name, rows(9));
  await milvus.flush(name);
  return stack;
}

test("It protects what an explicit Provider has, where the Provider says nothing", async () => {
  const name = context.name("explicit");
  const provider = `${PROVIDER} const provider = new Provider("own", ${providerArgs(milvus.server)});`;
  const role = `new plugin.Role("${name}_readers", {}, { provider });`;
  const stack = await withData(name, [
    provider,
    role,
    `new plugin.Collection("${name}", { fields: ${FIELDS} }, { provider });`,
  ]);
  await stack.config({ "milvus:protectData": "true" });
  stack.program(pluginProgram(provider, role));
  const refused = await stack.up({ expectFailure: true });
  expect(refused.code).not.toBe(0);
  expect(said(refused)).toContain("is not dropped, because milvus:protectData is on");
  expect(await milvus.exists(name)).toBe(true);

  await stack.config({ "milvus:acknowledgedDataLoss": `${database}/${name}` });
  await stack.up();
  expect(await milvus.exists(name)).toBe(false);
  await stack.destroy();
});

test("It counts at a destroy without the program, whatever the last up has recorded", async () => {
  const name = context.name("destroyed");
  const stack = await withData(name, [`new plugin.Collection("${name}", { fields: ${FIELDS} });`]);
  await stack.config({ "milvus:protectData": "true" });
  const refused = await stack.destroy({ expectFailure: true });
  expect(refused.code).not.toBe(0);
  expect(said(refused)).toContain("is not dropped, because milvus:protectData is on");
  expect(await milvus.exists(name)).toBe(true);

  await stack.config({ "milvus:acknowledgedDataLoss": `${database}/${name}` });
  await stack.destroy();
  expect(await milvus.exists(name)).toBe(false);
});

/** What programs in YAML ask for has no version, and the engine calls its own provider default then. */
test("A Provider of the program that is called default keeps a policy of its own, also at a destroy without the program", async () => {
  const name = context.name("called_default");
  const args = providerArgs(milvus.server, { protectData: "false" });
  const stack = await withData(name, [
    `${PROVIDER} const provider = new Provider("default", ${args});`,
    `new plugin.Collection("${name}", { fields: ${FIELDS} }, { provider });`,
  ]);
  await stack.config({ "milvus:protectData": "true" });
  await stack.preview({ args: ["--expect-no-changes"] });
  await stack.destroy();
  expect(await milvus.exists(name)).toBe(false);
});

test("A misspelt argument of a Provider that is called default is named", async () => {
  const args = providerArgs(milvus.server, { protectdata: "false" });
  const stack = await context.stack(
    pluginProgram(
      `${PROVIDER} const provider = new Provider("default", ${args});`,
      `new plugin.Role("${context.name("never")}", {}, { provider });`,
    ),
    { env },
  );
  expect(said(await stack.preview({ expectFailure: true }))).toContain(
    'Milvus provider default is given "protectdata", and there is no such argument',
  );
});

test.each([
  ["the Provider of stack config", "", ""],
  [
    "an explicit Provider",
    `${PROVIDER} const provider = new Provider("own", ${providerArgs(milvus.server)});`,
    ", { provider }",
  ],
])("A misspelt setting in it is refused for %s, and previewDeletes is none", async (_, provider, options) => {
  const name = context.name("misspelt");
  const stack = await context.stack(pluginProgram(provider, `new plugin.Role("${name}", {}${options});`), {
    env,
    config: { ...accessTo(milvus.server), "milvus:protectdata": "true" },
  });
  const refused = said(await stack.preview({ expectFailure: true }));
  expect(refused).toContain(
    'stack config has "milvus:protectdata", and there is no such setting; did you mean "protectData"?',
  );
  await stack.pulumi(["config", "rm", "milvus:protectdata", "--stack", stack.stack]);
  await stack.config({ "milvus:previewDeletes": "true" });
  await stack.preview();
});
