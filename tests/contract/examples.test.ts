/**
 * The examples in the schema and on the pages of resources are programs that compile, each in its language against the SDK
 * of it. Those in YAML are tried by the engine (live/languages).
 */
import { delimiter, join } from "node:path";

import { collectionBehindAlias } from "../../provider/components/collection-behind-alias";
import { PRINTERS } from "../../provider/engines/plugin/examples";
import { schemaOf } from "../../provider/engines/plugin/schema";
import { type AnyResource, resources } from "../../provider/registry";
import { compileWithGo } from "../../tools/go";
import { removeTemporary, temporaryFolder } from "../../tools/processes";
import { runProgram } from "../../tools/programs";
import { findPython } from "../../tools/python";
import { ensurePythonSdk } from "../../tools/python-sdk";
import { writeGoModule } from "../support/go-module";
import { typeErrors } from "../support/type-errors";

const ALL: readonly Pick<AnyResource, "kind" | "example">[] = [
  ...(Object.values(resources) as unknown as AnyResource[]),
  collectionBehindAlias,
];

function programsIn(language: string): [kind: string, text: string][] {
  const { [language]: print } = PRINTERS;
  if (!print) throw new Error(`examples are not printed in ${language}`);
  return ALL.map(({ kind, example }) => [kind, print(example)]);
}

test("The schema has the example of each resource in each language", () => {
  const { resources: described } = schemaOf("0.0.0") as {
    resources: Record<string, { description: string }>;
  };
  for (const language of Object.keys(PRINTERS))
    for (const [kind, text] of programsIn(language)) {
      expect(text).toContain(kind);
      expect(described[`milvus:index:${kind}`]?.description).toContain(`\`\`\`${language}\n${text}\n\`\`\``);
    }
});

test("TypeScript typechecks", () => {
  const root = join(__dirname, "..", "..");
  const sources = programsIn("typescript").map(([kind, text]) => [join(root, `${kind}.ts`), text] as const);
  expect(typeErrors(new Map(sources))).toEqual([]);
});

/** Says which resources each program registers, and with which inputs. */
const REGISTERED = `
import json, sys
import pulumi

registered = {}

class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        registered[kind][args.name] = [args.typ, sorted(args.inputs)]
        names = {name: args.name for name in ("userName", "roleName", "databaseName", "collectionName",
                                              "privilegeGroupName", "resourceGroupName")}
        return [args.name, {**names, **args.inputs}]

    def call(self, args):
        return {}

pulumi.runtime.set_mocks(Mocks(), project="examples")
pulumi.runtime.set_all_config({"examples:alicePassword": "s3cret"})
for kind, text in json.loads(sys.argv[1]):
    registered[kind] = {}

    @pulumi.runtime.test
    def program():
        exec(compile(text, kind, "exec"), {})

    program()
print(json.dumps(registered))
`;

test("Python runs, and registers what the example declares", async () => {
  const { packages } = await ensurePythonSdk();
  const python = await findPython([3, 10], "examples in Python", "they are run here.");
  const { code, output } = await runProgram(
    python.executable,
    ["-c", REGISTERED, JSON.stringify(programsIn("python"))],
    {
      env: {
        ...process.env,
        PYTHONPATH: [packages, process.env["PYTHONPATH"]].filter(Boolean).join(delimiter),
      },
    },
  );
  expect([code, output]).toEqual([0, output]);
  const declared = ALL.map(({ kind, example }) => [
    kind,
    Object.fromEntries(
      example.map((one) => [one.name, [`milvus:index:${one.kind}`, Object.keys(one.inputs).sort()]]),
    ),
  ]);
  expect(JSON.parse(output.trim().split("\n").at(-1) ?? "")).toEqual(Object.fromEntries(declared));
});

/** In milliseconds: with all that the SDK needs, the first time. */
const FIRST_COMPILE = 600_000;

test(
  "Go compiles, and is as gofmt writes it",
  async () => {
    const folder = temporaryFolder("pulumi-milvus-examples-");
    try {
      const programs = programsIn("go").map(([kind, text]) => [`${kind.toLowerCase()}/main.go`, `${text}\n`]);
      writeGoModule(folder, Object.fromEntries(programs) as Record<string, string>);
      await expect(compileWithGo(folder)).resolves.toBeUndefined();
    } finally {
      removeTemporary(folder);
    }
  },
  FIRST_COMPILE,
);
