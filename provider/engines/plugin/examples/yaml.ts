/** Prints examples as programs in YAML. */
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
import { isInCollection } from "../../../core/properties";
import { resourceOf } from "../../../registry";
import { settingsOf } from "./names";

const WIDTH = 80;

export function inYaml(example: Example): string {
  const settings = [...settingsOf(example)].map((key) => [key, { type: "string", secret: true }] as const);
  const resources = example.map((one) => [one.name, resource(one)] as const);
  return [
    ...(settings.length > 0 ? block({ config: Object.fromEntries(settings) }) : []),
    ...block({ resources: Object.fromEntries(resources) }, 3),
  ].join("\n");
}

function resource(one: ExampleResource): ExampleInputs {
  const options = optionsOf(one);
  return {
    type: `milvus:${one.kind}`,
    ...(Object.keys(one.inputs).length > 0 && { properties: one.inputs }),
    ...(Object.keys(options).length > 0 && { options }),
  };
}

/** In YAML it is the program's to say that what stands in a collection goes with it. */
function optionsOf({ kind, inputs, dependsOn = [] }: ExampleResource): ExampleInputs {
  const declared = resourceOf(kind);
  const { collection } = inputs;
  const goesWith = declared && isInCollection(declared.inputs) && !declared.outlivesCollection;
  return {
    ...(goesWith && collection instanceof Reference && { deletedWith: collection }),
    ...(dependsOn.length > 0 && { dependsOn: dependsOn.map((name) => new Reference(name)) }),
  };
}

/** `levels`: how deep maps stand in lines of their own although they would fit into one. */
function block(values: ExampleInputs, levels = 1, indent = ""): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const key = `${indent}${scalar(name)}:`;
    const line = `${key} ${flow(value)}`;
    const isLong = line.length > WIDTH || (isList(value) && value.length > 1 && value.every(isMap));
    const isEmpty = isMap(value) && Object.keys(value).length === 0;
    if (isMap(value) && !isEmpty && (levels > 0 || isLong))
      return [key, ...block(value, levels - 1, `${indent}  `)];
    if (isList(value) && isLong) return [key, ...value.flatMap((one) => element(one, `${indent}  `))];
    return [line];
  });
}

function element(value: ExampleValue, indent: string): string[] {
  const line = `${indent}- ${flow(value)}`;
  if (line.length <= WIDTH || !isMap(value)) return [line];
  const [first = "", ...more] = block(value, 0, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...more];
}

function flow(value: ExampleValue): string {
  if (value instanceof Reference)
    return JSON.stringify(`\${${[value.name, value.output].filter(Boolean).join(".")}}`);
  if (value instanceof SecretSetting) return JSON.stringify(`\${${value.key}}`);
  if (isList(value)) return `[${value.map(flow).join(", ")}]`;
  if (!isMap(value)) return scalar(value);
  const parts = Object.entries(value).map(([name, one]) => `${scalar(name)}: ${flow(one)}`);
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

/** Text that YAML would read as something else is in quotes. */
function scalar(value: string | number | boolean): string {
  const isPlain =
    typeof value !== "string" || /^(?!(true|false|yes|no|on|off|null)$)[a-z][\w:.-]*$/i.test(value);
  return isPlain ? String(value) : JSON.stringify(value);
}
