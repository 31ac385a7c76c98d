/** One program of every kind in some language, and the operations of the matrix on its stack. */
import { declare, type Example, type ExampleInputs, the } from "../../../provider/core/example";
import { goStatements } from "../../../provider/engines/plugin/examples/go";
import { inPython } from "../../../provider/engines/plugin/examples/python";
import { inTypeScript } from "../../../provider/engines/plugin/examples/typescript";
import { inYaml } from "../../../provider/engines/plugin/examples/yaml";
import { resources } from "../../../provider/registry";
import type { StateResource } from "../../../tools/stack";
import { type ByKind, CHANGES, COMES_AFTER, type Kind, KINDS, SMALL_FIELDS } from "./kinds";
import type { Language, Operation } from "./language-table";
import { goStack, type LanguageStack, nodeStack, pythonStack, yamlStack } from "./languages";
import type { Live, StackOptions } from "./live";

type Programs = Readonly<Record<"declared" | "changed" | "removed", Example>>;
type Env = Readonly<Record<string, string>>;

/** A collection for the set alone: an import of it has all partitions that its collection has. */
export const COLLECTION_OF_SET = "tenants";

/** With the names of the kinds as logical names. */
export function programsOf(
  kinds: readonly Kind[],
  inputs: ByKind<ExampleInputs>,
  nameOfTenants = COLLECTION_OF_SET,
): Programs {
  const program = (changes: Partial<ByKind<ExampleInputs>>): Example =>
    kinds.flatMap((kind) => {
      const given = { ...inputs[kind], ...changes[kind] };
      const dependsOn = kind === "collectionLoad" ? ["index"] : COMES_AFTER[kind];
      if (kind !== "partitionSet") return [declare(resources[kind].kind, kind, given, { dependsOn })];
      const { databaseName = "" } = inputs.collection;
      return [
        declare("Collection", COLLECTION_OF_SET, {
          collectionName: nameOfTenants,
          databaseName,
          fields: SMALL_FIELDS ?? [],
        }),
        declare("PartitionSet", kind, { ...given, collection: the(COLLECTION_OF_SET) }),
      ];
    });
  return { declared: program({}), changed: program(CHANGES), removed: [] };
}

interface Speaker {
  readonly stack: (
    context: Live,
    env: Env,
    options: StackOptions,
    programs: Programs,
  ) => Promise<LanguageStack>;
  /** What the stack is given as its program. */
  readonly print: (programs: Programs, which: keyof Programs) => string;
}

const NO_TYPE_CHECK = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };

const SPEAKERS: Readonly<Record<Language, Speaker>> = {
  "TypeScript, dynamic resources": {
    stack: (context, env, options) => nodeStack(context, { ...env, ...NO_TYPE_CHECK }, options),
    print: (programs, which) => inTypeScript(programs[which], "pulumi-milvus"),
  },
  "TypeScript, plugin": {
    stack: (context, env, options) => nodeStack(context, { ...env, ...NO_TYPE_CHECK }, options),
    print: (programs, which) => inTypeScript(programs[which]),
  },
  Python: { stack: pythonStack, print: (programs, which) => inPython(programs[which]) },
  Go: {
    stack: (context, env, options, programs) => goStack(context, env, options, inOneGoProgram(programs)),
    print: (_, which) => which,
  },
  YAML: { stack: yamlStack, print: (programs, which) => inYaml(programs[which]) },
};

/** Which of them it is, is read from a file. */
function inOneGoProgram(programs: Programs): string {
  const names = Object.keys(programs);
  const functions = Object.entries(programs).map(
    ([name, example]) =>
      `func ${name}(ctx *pulumi.Context) error {\n${goStatements(example, 1).join("\n")}\n}`,
  );
  return `package main

import (
	"os"
	"path/filepath"

	"github.com/pulumi-milvus/pulumi-milvus/sdk/go/milvus"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func program(folder string) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		which, err := os.ReadFile(filepath.Join(folder, "declared.json"))
		if err != nil {
			return err
		}
		return map[string]pulumi.RunFunc{${names.map((name) => `"${name}": ${name}`).join(", ")}}[string(which)](ctx)
	}
}

${functions.join("\n\n")}
`;
}

/** What an operation said, and the state after it. */
export interface Outcome {
  readonly text: string;
  readonly state: readonly StateResource[];
}

export class LanguageLife {
  /** The program that ran last. */
  private last: keyof Programs = "removed";

  private constructor(
    private readonly speaker: Speaker,
    private readonly programs: Programs,
    private readonly stack: LanguageStack,
  ) {}

  static async of(
    language: Language,
    programs: Programs,
    context: Live,
    options: StackOptions,
    env: Env,
  ): Promise<LanguageLife> {
    const { [language]: speaker } = SPEAKERS;
    return new LanguageLife(speaker, programs, await speaker.stack(context, env, options, programs));
  }

  async run(operation: Operation): Promise<Outcome> {
    const text = await this.operations[operation]();
    return { text, state: await this.stack.workspace.resources() };
  }

  private readonly operations: Readonly<Record<Operation, () => Promise<string>>> = {
    create: () => this.up("declared"),
    "no change": () => this.stack.preview({ expectNoChanges: true }),
    refresh: async () => (await this.stack.workspace.refresh({ args: ["--expect-no-changes"] })).stdout,
    change: () => this.up("changed"),
    import: () => this.importAgain(),
    remove: () => this.up("removed"),
    destroy: async () => {
      if (this.last === "removed") await this.up("declared");
      return (await this.stack.workspace.destroy()).stdout;
    },
  };

  private up(which: keyof Programs): Promise<string> {
    this.last = which;
    this.stack.program(this.speaker.print(this.programs, which));
    return this.stack.up();
  }

  /**
   * What it made, into a state that knows nothing of it; what the program would change then, which is returned, and an up:
   * before that the state does not know what depends on what.
   */
  private async importAgain(): Promise<string> {
    const { workspace } = this.stack;
    const made = await workspace.resources();
    const { version, deployment } = await workspace.stackExport();
    await workspace.stackImport({ version, deployment: { ...deployment, resources: [] } });
    const resources = made.map(({ type, urn, id }) => ({ type, name: urn.split("::").at(-1), id }));
    workspace.write("import.json", JSON.stringify({ resources }));
    await workspace.pulumi([
      ...["import", "--file", "import.json", "--yes", "--skip-preview", "--generate-code=false"],
      ...["--protect=false", "--stack", workspace.stack],
    ]);
    const planned = await this.stack.preview();
    await this.stack.up();
    return planned;
  }
}

/** Those of the program, by the kinds. */
export function kindsIn(state: readonly StateResource[]): Kind[] {
  const types = new Set(state.map(({ type }) => type.split(":").at(-1)));
  return KINDS.filter((kind) => types.has(resources[kind].kind));
}
