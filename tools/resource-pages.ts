/** docs/resources/*.md, written out of the declarations in provider/resources. */
import { type Example, type ExampleValue, Reference } from "../provider/core/example";
import { isInCollection, type Properties, type Property } from "../provider/core/properties";
import { type RecordShape, recordsIn } from "../provider/core/shapes";
import { inGo } from "../provider/engines/plugin/examples/go";
import { inPython } from "../provider/engines/plugin/examples/python";
import { inTypeScript } from "../provider/engines/plugin/examples/typescript";
import { inYaml } from "../provider/engines/plugin/examples/yaml";
import { type AnyResource, resources } from "../provider/registry";
import { effectInWords } from "./effects";
import { table } from "./page";

const HEAD = "<!-- Written by `npm run generate` from provider/resources; do not edit. -->\n";

/** What is longer stands below the table, with what the input is for. */
const LONGEST_CELL = 50;

interface Told {
  readonly name: string;
  readonly type: string;
  readonly byDefault: string;
  readonly effect: string;
  readonly doc: string;
}

/** By the name of its file, Markdown that is as yet unformatted. */
export async function resourcePages(
  fileOf: (kind: string) => string,
  collectionDoc: (resource: AnyResource) => string,
): Promise<Map<string, string>> {
  const all = Object.values(resources) as unknown as AnyResource[];
  const pages = all.map(async (one): Promise<[string, string]> => [
    `${fileOf(one.kind)}.md`,
    await pageOf(one, collectionDoc(one)),
  ]);
  return new Map(await Promise.all(pages));
}

async function pageOf(resource: AnyResource, collectionDoc: string): Promise<string> {
  const { kind, doc, example, inputs, outputs } = resource;
  const id = idInExample(resource);
  const collection: Told[] = isInCollection(inputs)
    ? [
        {
          name: "collection",
          type: "`Collection | string`",
          byDefault: "required",
          effect: resource.outlivesCollection ? "in place" : "another one replaces; renamed: in place",
          doc: collectionDoc,
        },
      ]
    : [];
  const own = await toldOf(inputs);
  const records = [...new Map(recordsIn(inputs).map((one) => [one.typeName, one])).values()];
  return [
    HEAD,
    `# ${kind}\n`,
    `${doc}\n`,
    `${codeBlock("ts", inTypeScript(example, "pulumi-milvus"))}\n`,
    ...inOtherLanguages(example),
    `Its id is \`${id}\`: \`milvus.${kind}.get("it", "${id}")\` reads what exists, and over the ` +
      `[plugin](../languages.md) \`pulumi import milvus:index:${kind} it '${id}'\` takes it over.\n`,
    "## Inputs\n",
    inputsOf([...collection, ...own]),
    ...(await Promise.all(records.map(recordOf))),
    "## Outputs\n",
    outputsOf(outputs, inputs),
    "What a change does on all servers at a glance: [resources](../resources.md). By error text: " +
      "[troubleshooting](../troubleshooting.md).\n",
  ].join("\n");
}

const codeBlock = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

/** Over the plugin, and folded. */
function inOtherLanguages(example: Example): string[] {
  const programs = [
    ["Python", "python", inPython(example)],
    ["Go", "go", inGo(example)],
    ["YAML", "yaml", inYaml(example)],
  ] as const;
  return programs.map(
    ([name, language, text]) =>
      `<details>\n<summary>${name}</summary>\n\n${codeBlock(language, text)}\n\n</details>\n`,
  );
}

/** What is left out is called like the resource. */
export function idInExample(resource: AnyResource): string {
  const { kind, example, nameInput } = resource;
  const { name = "", inputs = {} } = example.filter((one) => one.kind === kind).at(-1) ?? {};
  const onServer = (value: ExampleValue): unknown => (value instanceof Reference ? value.name : value);
  const { collection, ...own } = inputs;
  const values = Object.entries(own).map(([input, value]) => [input, onServer(value)] as const);
  return resource.id({
    databaseName: "default",
    ...(nameInput !== undefined && { [nameInput]: name }),
    ...Object.fromEntries(values),
    ...(collection !== undefined && { collectionName: onServer(collection) }),
  });
}

async function recordOf({ typeName, doc, properties }: RecordShape<Properties>): Promise<string> {
  return `## ${typeName}\n\n${doc}\n\n${inputsOf(await toldOf(properties))}`;
}

/** What a program gives; the rest comes out of what it gives as `collection`. */
function toldOf(properties: Properties): Promise<Told[]> {
  return Promise.all(
    Object.entries(properties)
      .filter(([, { argument }]) => argument === undefined)
      .map(async ([name, property]) => ({
        name,
        type: typeOf(property),
        byDefault: defaultOf(property),
        effect: await effectInWords(name, property),
        doc: property.doc,
      })),
  );
}

function inputsOf(told: readonly Told[]): string {
  const rows = told.map(({ name, type, byDefault, effect }) => [
    `\`${name}\``,
    inCell(type),
    byDefault,
    inCell(effect),
  ]);
  return `${table(["input", "type", "default", "a change"], rows)}\n${told.map(inFull).join("\n")}\n`;
}

function inCell(text: string): string {
  return text.length > LONGEST_CELL ? "see below" : text.replaceAll("|", "\\|");
}

function inFull({ name, type, effect, doc }: Told): string {
  const known = type.length > LONGEST_CELL ? ` One of ${type.replaceAll(" | ", "`, `")}.` : "";
  const changes = effect.length > LONGEST_CELL ? ` A change: ${effect}.` : "";
  return `- \`${name}\`: ${doc}${known}${changes}`;
}

/** As programs read it, without what makes an input of it. */
function typeOf({ shape, secret }: Property): string {
  return `\`${shape.typeScript("output")}\`${secret ? ", secret" : ""}`;
}

function defaultOf({ required, default: byDefault, doc }: Property): string {
  const [, said] = /Default: ([^.:;]+)/.exec(doc) ?? [];
  if (said !== undefined) return said;
  if (required) return "required";
  return byDefault === undefined ? "" : `\`${JSON.stringify(byDefault)}\``;
}

function outputsOf(outputs: Properties, inputs: Properties): string {
  const given = isInCollection(inputs)
    ? ["`collectionName`, `collectionId` and `databaseName` of the collection."]
    : [];
  const more = Object.entries(outputs).map(([name, { doc }]) => `\`${name}\`: ${doc}`);
  const lines = [...given, ...more];
  return lines.length === 0
    ? "The inputs, as they stand on the server.\n"
    : `The inputs, as they stand on the server, and:\n\n${lines.map((line) => `- ${line}`).join("\n")}\n`;
}
