/**
 * Writes the SDK's resource classes and their types from the declarations in provider/resources: plain interfaces
 * with hover docs that cost a program's type check next to nothing; the pages of resources from the same, and those of
 * versions, of index types and of what is tested in which language from their tables; the schema of the report from
 * its types.
 * `--check` only says whether they are current.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as prettier from "prettier";

import { isAlwaysGiven, isInCollection, type Properties, type Property } from "../provider/core/properties";
import { openUnion, type RecordShape, recordsIn, type Side, valuesIn } from "../provider/core/shapes";
import { COLLECTION_DOC } from "../provider/engines/plugin/schema";
import { resources } from "../provider/registry";
import { knownIndexArgs } from "./index-args";
import { indexTypesPage } from "./index-types-page";
import { matrixPage } from "./matrix-page";
import { reportSchema } from "./report-schema";
import { resourcePages } from "./resource-pages";
import { versionsPage } from "./versions-page";

interface Declared {
  readonly kind: string;
  readonly doc: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  readonly nameInput?: string;
  readonly outlivesCollection?: true;
}

const ROOT = join(__dirname, "..");
const SDK = "sdk/nodejs";
const FOLLOWED_DOC = "The collection: a Collection of the program, which it follows, or the name of one.";

const collectionDocOf = ({ outlivesCollection }: Pick<Declared, "outlivesCollection">): string =>
  outlivesCollection ? FOLLOWED_DOC : COLLECTION_DOC;

/** The class Index cannot live in index.ts, which is the package's entry. */
function fileOf(kind: string): string {
  return kind === "Index" ? "field-index" : kind.replace(/(?!^)([A-Z])/g, "-$1").toLowerCase();
}

function comment(doc: string, indent = ""): string {
  const lines = doc.split("\n").flatMap((paragraph) => wrap(paragraph, 100 - indent.length));
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")}\n${indent} */\n`;
}

function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1] ?? "";
    if (last !== "" && last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}

/** For an Index of a known type editors complete what the type has; one of any type is taken all the same. */
const KNOWN_INDEX = `constructor(name: string, args: KnownIndexArgs, opts?: pulumi.CustomResourceOptions);
  constructor(name: string, args: IndexArgs, opts?: pulumi.CustomResourceOptions);
  `;

const entries = (properties: Properties): [string, Property][] => Object.entries(properties);
const inPrograms = (properties: Properties): [string, Property][] =>
  entries(properties).filter(([, { argument }]) => argument === undefined);

/** A list in a constant has its texts as strings: editors complete what is known, and check judges what is given. */
function givenAs({ shape }: Property): string {
  return shape.values ? openUnion(shape.values.known) : shape.typeScript("input");
}

function recordInterfaces(shape: RecordShape<Properties>, side: Side): string {
  const members = inPrograms(shape.properties).map(([name, property]) => {
    const type = side === "input" ? givenAs(property) : property.shape.typeScript(side);
    return `${comment(property.doc)}${name}${property.required ? "" : "?"}: ${side === "input" ? `pulumi.Input<${type}>` : type};`;
  });
  if (shape.open)
    members.push(side === "input" ? "[parameter: string]: unknown;" : "[parameter: string]: unknown;");
  return `${comment(shape.doc)}export interface ${shape.typeName}${side === "input" ? "Args" : ""} {\n${members.join("\n")}\n}\n`;
}

/** Types of text of which some values are known. */
function unions(inputs: Properties): string[] {
  return entries(inputs).flatMap(([, { shape }]) =>
    shape.values && shape.typeScript("input") === shape.values.typeName
      ? [
          `${comment(shape.values.doc)}export type ${shape.values.typeName} = ${openUnion(shape.values.known)};\n`,
        ]
      : [],
  );
}

const isMandatoryInput = ({ nameInput }: Declared, name: string, { required }: Property): boolean =>
  required === true && name !== nameInput;

/** Whether a program has to give arguments. */
function isMandatory(declared: Declared): boolean {
  const { inputs } = declared;
  return isInCollection(inputs) || inPrograms(inputs).some((input) => isMandatoryInput(declared, ...input));
}

function args(declared: Declared): string {
  const { kind, inputs, outlivesCollection } = declared;
  const members = inPrograms(inputs).map(([name, property]) => {
    const mandatory = isMandatoryInput(declared, name, property);
    return `${comment(property.doc)}${name}${mandatory ? "" : "?"}: pulumi.Input<${property.shape.typeScript("input")}>;`;
  });
  if (isInCollection(inputs))
    members.unshift(
      `${comment(collectionDocOf({ outlivesCollection }))}collection: Collection | pulumi.Input<string>;`,
    );
  return `/** What ${/^[AEIO]/.test(kind) ? "an" : "a"} ${kind} is declared with. */\nexport interface ${kind}Args {\n${members.join("\n")}\n}\n`;
}

function resourceClass(declared: Declared): string {
  const { kind, doc, inputs, outputs, outlivesCollection } = declared;
  const given = entries({ ...inputs, ...outputs }).filter(
    ([name, property]) =>
      !property.inputOnly && !property.checkOnly && !property.secret && name !== "timeouts",
  );
  const secrets = entries(inputs).filter(([, { secret }]) => secret);
  const traits = outlivesCollection
    ? ", { outlivesCollection: true }"
    : secrets.length > 0
      ? ", { secrets: SECRETS }"
      : "";
  // Without arguments the engine reads what is got by its id.
  const [mark, args, makeUp] = isMandatory(declared)
    ? ["", "args", ""]
    : ["?", "given", "const given = args ?? (opts?.id === undefined ? {} : undefined);\n    "];
  const members = given.map(([name, property]) => {
    const type = property.shape.typeScript("output");
    return `${comment(property.doc)}declare readonly ${name}: pulumi.Output<${isAlwaysGiven(name, property) ? type : `${type} | undefined`}>;`;
  });
  return `${comment(doc)}export class ${kind} extends pulumi.CustomResource {
  /** One that exists already, by its id; it is read, never changed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ${kind} {
    return new this(name, ${isMandatory(declared) ? `undefined as unknown as ${kind}Args` : "undefined"}, { ...opts, id });
  }

  /** Also for objects of another copy of this package. */
  static override isInstance(value: unknown): value is ${kind} {
    return isResource(value, "${kind}");
  }

  ${members.join("\n\n")}

  ${kind === "Index" ? KNOWN_INDEX : ""}constructor(name: string, args${mark}: ${kind}Args, opts?: pulumi.CustomResourceOptions) {
    ${makeUp}const { type, properties, options } = registration(new.target, "${kind}", name, ${args}, OUTPUTS, opts${traits});
    const restoreStack = shortenStack();
    try {
      super(type, name, properties, options);
    } finally {
      restoreStack();
    }
    remember(this, ${args}, options);
  }
}

const OUTPUTS = ${JSON.stringify(given.map(([name]) => name))};
${secrets.length > 0 ? `const SECRETS = ${JSON.stringify(secrets.map(([name]) => name))};\n` : ""}`;
}

function moduleOf(declared: Declared, shared: ReadonlySet<string>): string {
  const { inputs } = declared;
  const shapes = recordsIn(inputs);
  const own = shapes.filter(({ typeName }) => !shared.has(typeName));
  const imported = shapes
    .filter(({ typeName }) => shared.has(typeName))
    .map(({ typeName }) => `${typeName}Args`);
  return [
    `// Written by \`npm run generate\` from provider/resources; do not edit.\n`,
    `import * as pulumi from "@pulumi/pulumi";\n`,
    isInCollection(inputs) ? `import { Collection } from "./collection";` : "",
    `import { isResource, registration, remember, shortenStack } from "./resource";`,
    imported.length > 0 ? `import { ${imported.join(", ")} } from "./shared";` : "",
    "",
    resourceClass(declared),
    args(declared),
    ...own.flatMap((shape) => [recordInterfaces(shape, "input"), recordInterfaces(shape, "output")]),
    ...unions(inputs),
    ...(declared.kind === "Index" ? [knownIndexArgs()] : []),
  ].join("\n");
}

/** Types that more than one resource uses. */
function sharedShapes(all: readonly Declared[]): RecordShape<Properties>[] {
  const byName = new Map<string, { shape: RecordShape<Properties>; users: number }>();
  for (const { inputs } of all)
    for (const shape of recordsIn(inputs)) {
      const users = (byName.get(shape.typeName)?.users ?? 0) + 1;
      byName.set(shape.typeName, { shape, users });
    }
  return [...byName.values()].filter(({ users }) => users > 1).map(({ shape }) => shape);
}

function entry(all: readonly Declared[]): string {
  const lines = all.map(({ kind }) => `export * from "./${fileOf(kind)}";`);
  return `// Written by \`npm run generate\` from provider/resources; do not edit.\n\n${lines.join("\n")}\nexport * from "./collection-behind-alias";\nexport { Provider, ProviderArgs, TlsArgs } from "./provider";\nexport * from "./lookups";\nexport * from "./shared";\n`;
}

/** The same classes, of which the engine asks the plugin. */
function overPlugin(all: readonly Declared[]): string {
  const classes = all.map(
    ({ kind, doc }) =>
      `${comment(doc)}export class ${kind} extends dynamic.${kind} {}\nregistersOverPlugin(${kind});`,
  );
  const types = all.map(({ kind }) => `${kind}Args`);
  return `// Written by \`npm run generate\` from provider/resources; do not edit.

/** The resources of pulumi-milvus over its plugin, which has to be installed: the same classes and arguments. */
import { type Classes, CollectionBehindAlias as Component } from "./collection-behind-alias";
import { registersOverPlugin } from "./engines";
import * as dynamic from "./index";
import { registerReferences } from "./references";

${classes.join("\n\n")}

/** A collection that is replaced behind an alias, which goes on serving. */
export class CollectionBehindAlias extends Component {
  /** @internal What it is made of. */
  protected override get classes(): Classes {
    return { Collection, PartitionSet, Index, CollectionLoad, Alias };
  }
}

/** A Milvus server for the resources of this entry that are given it with the option \`provider\`. */
export class Provider extends dynamic.Provider {}
registersOverPlugin(Provider);

registerReferences({ ${all.map(({ kind }) => kind).join(", ")} });

export type { CollectionBehindAliasArgs, ProviderArgs, TlsArgs, ${types.join(", ")} } from "./index";
export * from "./enums";
export * from "./lookups";
export * from "./shared";
`;
}

/** Values by the names that the code of `pulumi import` has for them: those of the schema's enums. */
function enums(all: readonly Declared[]): string {
  const byName = new Map(all.flatMap(({ inputs }) => valuesIn(inputs)).map((one) => [one.typeName, one]));
  const constants = [...byName.values()].map(({ typeName, doc, known }) => {
    const members = known.map((value) => `${value}: ${JSON.stringify(value)},`);
    return `${comment(doc)}export const ${typeName} = {\n${members.join("\n")}\n} as const;\n`;
  });
  return `// Written by \`npm run generate\` from provider/resources; do not edit.

/** What the code that \`pulumi import\` prints calls values; programs may as well give their texts. */

${constants.join("\n")}`;
}

/** All files by their paths in the repository. */
export async function generated(): Promise<Map<string, string>> {
  const all = Object.values(resources) as unknown as Declared[];
  const shared = sharedShapes(all);
  const names = new Set(shared.map(({ typeName }) => typeName));
  const files = new Map(
    all.map((declared) => [`${SDK}/${fileOf(declared.kind)}.ts`, moduleOf(declared, names)]),
  );
  files.set(
    `${SDK}/shared.ts`,
    [
      "// Written by `npm run generate` from provider/resources; do not edit.\n",
      `import * as pulumi from "@pulumi/pulumi";\n`,
      ...shared.map((shape) => recordInterfaces(shape, "input")),
    ].join("\n"),
  );
  files.set(`${SDK}/index.ts`, entry(all));
  files.set(`${SDK}/plugin.ts`, overPlugin(all));
  files.set(`${SDK}/enums.ts`, enums(all));
  files.set("docs/versions.md", versionsPage());
  files.set("docs/index-types.md", indexTypesPage());
  files.set("docs/report.schema.json", JSON.stringify(reportSchema()));
  files.set("docs/matrix.md", matrixPage());
  for (const [name, page] of await resourcePages(fileOf, collectionDocOf))
    files.set(`docs/resources/${name}`, page);
  for (const [path, source] of files) {
    const options = await prettier.resolveConfig(join(ROOT, path));
    files.set(path, await prettier.format(source, { ...options, filepath: path }));
  }
  return files;
}

/** The paths of those that are missing or not as they would be written now. */
export async function outOfDate(read: (path: string) => string | undefined): Promise<string[]> {
  return [...(await generated())].filter(([path, source]) => read(path) !== source).map(([path]) => path);
}

function readHere(path: string): string | undefined {
  const file = join(ROOT, path);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

async function main(): Promise<void> {
  if (process.argv.includes("--check")) {
    const stale = await outOfDate(readHere);
    if (stale.length > 0) throw new Error(`${stale.join(", ")} out of date: run \`npm run generate\``);
    return;
  }
  for (const [path, source] of await generated()) writeFileSync(join(ROOT, path), source);
}

if (require.main === module) void main();
