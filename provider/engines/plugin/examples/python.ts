/** Prints examples as programs in Python. */
import {
  type Example,
  type ExampleInputs,
  type ExampleResource,
  type ExampleValue,
  isList,
  isMap,
  Reference,
  SecretSetting,
} from "../../../core/example";
import type { Properties } from "../../../core/properties";
import type { Shape } from "../../../core/shapes";
import { type Code, group, type Group, laidOut, type Layout, type Part, prefixed } from "./layout";
import { inputsOf, referredTo, settingsOf, snakeCase } from "./names";

const LAYOUT: Layout = { unit: "    ", unitWidth: 4 };

export function inPython(example: Example): string {
  const variables = referredTo(example);
  const usesConfig = settingsOf(example).size > 0;
  const usesPulumi = usesConfig || example.some(({ dependsOn }) => dependsOn);
  return [
    ...(usesPulumi ? ["import pulumi"] : []),
    "import pulumi_milvus as milvus",
    "",
    ...(usesConfig ? ["config = pulumi.Config()"] : []),
    ...example.flatMap((one) => laidOut(statement(one, variables), LAYOUT)),
  ].join("\n");
}

function statement({ kind, name, inputs, dependsOn }: ExampleResource, variables: ReadonlySet<string>): Code {
  const declared = inputsOf(kind);
  const options = dependsOn && {
    key: "opts=",
    value: `pulumi.ResourceOptions(depends_on=[${dependsOn.join(", ")}])`,
  };
  const parts: Part[] = [
    { value: JSON.stringify(name) },
    ...Object.entries(inputs).map(([input, value]) => ({
      key: `${snakeCase(input)}=`,
      value: code(value, declared[input]?.shape),
    })),
    ...(options ? [options] : []),
  ];
  return prefixed(variables.has(name) ? `${name} = ` : "", group(`milvus.${kind}(`, parts, ")"));
}

/** Records have the names of Python, and maps those that Milvus reads. */
function code(value: ExampleValue, shape?: Shape<unknown>): Code {
  if (value instanceof Reference)
    return value.output === undefined ? value.name : `${value.name}.${snakeCase(value.output)}`;
  if (value instanceof SecretSetting) return `config.require_secret(${JSON.stringify(value.key)})`;
  if (isList(value)) {
    const parts = value.map((one) => ({ value: code(one, shape) }));
    return group("[", parts, "]", { broken: value.length > 1 && value.every(isMap) });
  }
  if (isMap(value)) return dictionary(value, shape);
  return typeof value === "boolean" ? (value ? "True" : "False") : JSON.stringify(value);
}

function dictionary(inputs: ExampleInputs, { each, record: shape }: Partial<Shape<unknown>> = {}): Group {
  const record: Properties | undefined = each || shape?.open ? undefined : shape?.properties;
  const parts = Object.entries(inputs).map(([name, value]) => ({
    key: `${JSON.stringify(record ? snakeCase(name) : name)}: `,
    value: code(value, each ?? record?.[name]?.shape),
  }));
  return group("{", parts, "}");
}
