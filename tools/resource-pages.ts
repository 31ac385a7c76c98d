/** docs/resources/*.md, written out of the declarations in provider/resources. */
import { isInCollection, type Properties, type Property } from "../provider/core/properties";
import { type RecordShape, recordsIn } from "../provider/core/shapes";
import { type AnyResource, resources } from "../provider/registry";
import { effectInWords } from "./effects";
import { EXAMPLES } from "./examples";
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
  const { kind, doc, inputs, outputs } = resource;
  const example = EXAMPLES[kind];
  if (!example) throw new Error(`tools/examples.ts has no example of ${kind}`);
  const { program, values } = example;
  const id = resource.id(values);
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
    `\`\`\`ts\n${program}\n\`\`\`\n`,
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
