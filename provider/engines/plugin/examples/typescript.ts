/** Prints examples as programs in TypeScript. */
import {
  type Example,
  type ExampleResource,
  type ExampleValue,
  isList,
  isMap,
  Reference,
  SecretSetting,
} from "../../../core/example";
import { type Code, group, type Group, laidOut, type Layout } from "./layout";
import { camelCase, referredTo, settingsOf } from "./names";

const LAYOUT: Layout = { unit: "  ", unitWidth: 2 };

export type Entry = "pulumi-milvus" | "pulumi-milvus/plugin";

export function inTypeScript(example: Example, entry: Entry = "pulumi-milvus/plugin"): string {
  const variables = referredTo(example);
  const usesConfig = settingsOf(example).size > 0;
  return [
    ...(usesConfig ? [`import * as pulumi from "@pulumi/pulumi";`] : []),
    `import * as milvus from "${entry}";`,
    "",
    ...(usesConfig ? ["const config = new pulumi.Config();"] : []),
    ...example.flatMap((one) => laidOut(statement(one, variables), LAYOUT)),
  ].join("\n");
}

function statement(
  { kind, name, inputs, dependsOn = [] }: ExampleResource,
  variables: ReadonlySet<string>,
): Group {
  const start = variables.has(name) ? `const ${camelCase(name)} = ` : "";
  const args = object(inputs);
  const options = dependsOn.length > 0 ? `, { dependsOn: [${dependsOn.map(camelCase).join(", ")}] }` : "";
  return {
    ...args,
    open: `${start}new milvus.${kind}(${JSON.stringify(name)}, ${args.open}`,
    close: `${args.close}${options});`,
  };
}

/** As JavaScript has it, where names of the program are variables. */
export function inJavaScript(value: ExampleValue): string {
  return laidOut(code(value), LAYOUT).join("\n");
}

function code(value: ExampleValue): Code {
  if (value instanceof Reference) {
    const variable = camelCase(value.name);
    return value.output === undefined ? variable : `${variable}.${value.output}`;
  }
  if (value instanceof SecretSetting) return `config.requireSecret(${JSON.stringify(value.key)})`;
  if (isList(value)) {
    const parts = value.map((one) => ({ value: code(one) }));
    return group("[", parts, "]", { broken: value.length > 1 && value.every(isMap) });
  }
  return isMap(value) ? object(value) : JSON.stringify(value);
}

function object(inputs: Readonly<Record<string, ExampleValue>>): Group {
  const parts = Object.entries(inputs).map(([name, value]) => ({
    key: `${/^\w+$/.test(name) ? name : JSON.stringify(name)}: `,
    value: code(value),
  }));
  return group("{", parts, "}", { spaced: true });
}
