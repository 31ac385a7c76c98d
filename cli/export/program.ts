/** Writes the program that declares what a server has. Pure: nothing is asked of anybody. */
import { isDefault, isInCollection, type Property, withoutDefaults } from "../../provider/core/properties";
import { DEFAULT_DATABASE } from "../../provider/milvus/settings";
import { type Exported, identifier, nameOf, Names, RESERVED, type Values } from "./names";
import { inOrder } from "./order";
import { Code, constant, statement } from "./printed";

const HEADER = `// Declares a Milvus server as it stood when this was written. \`adopt: true\` lets
// the first \`pulumi up\` take over what holds data; nothing on the server changes.
// Remove \`adopt\` afterwards if you like.
`;

const PROTECTION = `//
// \`protectData: true\` keeps a collection while it holds data: an \`up\` or a
// \`destroy\` that would drop it, or a field of it, is an error, which has the
// command that lets it go. To lift it for good, set it to false and run
// \`pulumi up\` before anything else. Partitions that are removed from here go
// with their data, unless \`pulumi config set milvus:protectData true\` keeps them
// as well. A database is dropped only when no collection is in it.
`;

/** Whatever the server says. */
const IN_EACH: Values = { protectData: true, adopt: true };

/** What inputs name that is a resource of its own: given as its output, it is made before, and dropped after. */
const NAMED_BY: Readonly<Record<string, string>> = {
  databaseName: "Database",
  collectionName: "Collection",
  userName: "User",
  roleName: "Role",
  privilege: "PrivilegeGroup",
  resourceGroups: "ResourceGroup",
};

/** As the program has it. */
interface Named extends Exported {
  /** Its logical name. */
  readonly name: string;
  /** Nothing for what no other resource is given. */
  readonly variable?: string;
  readonly secrets: readonly Secret[];
}

interface Secret {
  readonly input: string;
  /** In stack config. */
  readonly key: string;
  readonly variable: string;
}

/** `database`: what is meant where none is named, by the settings that led to the server. */
export function programOf(exported: readonly Exported[], database = DEFAULT_DATABASE): string {
  const all = named(inOrder(exported));
  const secrets = all.flatMap((one) => one.secrets);
  const given = new Given(all, database === DEFAULT_DATABASE);
  const isProtected = exported.some(({ resource }) => Object.hasOwn(resource.inputs, "protectData"));
  return [
    HEADER,
    isProtected ? PROTECTION : "",
    secrets.length > 0 ? 'import * as pulumi from "@pulumi/pulumi";\n' : "",
    'import * as milvus from "pulumi-milvus";\n',
    secretsOf(secrets),
    ...all.map((one, at) => `${startsParagraph(one, all[at - 1]) ? "\n" : ""}${declarationOf(one, given)}\n`),
  ].join("");
}

function named(exported: readonly Exported[]): Named[] {
  const variables = new Names(RESERVED);
  const logicalNames = new Map<string, Names>();
  return exported.map(({ resource, state }) => {
    const names = logicalNames.get(resource.kind) ?? new Names();
    logicalNames.set(resource.kind, names);
    const name = names.take(nameOf(resource, state));
    const isGiven = Object.values(NAMED_BY).includes(resource.kind);
    const variable = isGiven ? variables.take(identifier(name)) : undefined;
    const secrets = Object.entries(resource.inputs)
      .filter(([, { secret }]) => secret)
      .map(([input]) => {
        const key = `${name}_${input}`;
        return { input, key, variable: variables.take(identifier(key)) };
      });
    return { resource, state, name, variable, secrets };
  });
}

/** Read before anything is declared, so that nothing is taken over while one is missing. */
function secretsOf(secrets: readonly Secret[]): string {
  if (secrets.length === 0) return "";
  const commands = secrets.map(({ key }) => `//   pulumi config set --secret ${key}\n`);
  const constants = secrets.map(
    ({ key, variable }) => `${constant(variable, { callee: "secrets.requireSecret", name: key })}\n`,
  );
  return `
// No server gives secrets back, and only the right ones are taken. Set them
// before the first \`pulumi up\`, which takes nothing over while one is missing:
${commands.join("")}const secrets = new pulumi.Config();
${constants.join("")}`;
}

function startsParagraph({ resource, variable }: Named, before: Named | undefined): boolean {
  if (isInCollection(resource.inputs)) return before === undefined;
  return variable !== undefined || before?.resource.kind !== resource.kind;
}

function declarationOf(one: Named, given: Given): string {
  const { resource, name, variable } = one;
  const call = { callee: `new milvus.${resource.kind}`, name, args: argumentsOf(one, given) };
  return variable === undefined ? statement(call) : constant(variable, call);
}

/** The resources that others are given. */
class Given {
  private readonly byKey = new Map<string, Named>();

  constructor(
    all: readonly Named[],
    /** Whether what names no database is in Milvus's own. */
    readonly isInDefault: boolean,
  ) {
    for (const one of all) {
      const { kind, nameInput } = one.resource;
      if (nameInput !== undefined) this.byKey.set(keyOf(kind, one.state[nameInput], one.state), one);
    }
  }

  /** The variable of the collection that it stands in; its name where the program does not have it. */
  collectionOf(state: Values): unknown {
    const { collectionName } = state;
    const variable = this.find("Collection", collectionName, state)?.variable;
    return variable === undefined ? collectionName : new Code(variable);
  }

  /** The output of the resource that an input names; what the input says where the program does not have it. */
  named(input: string, value: unknown, state: Values): unknown {
    if (Array.isArray(value)) return value.map((one: unknown) => this.named(input, one, state));
    const kind = NAMED_BY[input];
    const found = kind === undefined ? undefined : this.find(kind, value, state);
    return found?.variable === undefined ? value : new Code(`${found.variable}.${found.resource.nameInput}`);
  }

  find(kind: string, name: unknown, state: Values): Named | undefined {
    return this.byKey.get(keyOf(kind, name, state));
  }
}

function keyOf(kind: string, name: unknown, { databaseName }: Values): string {
  return kind === "Collection"
    ? `${kind} ${String(databaseName)}/${String(name)}`
    : `${kind} ${String(name)}`;
}

function argumentsOf({ resource, state, name, secrets }: Named, given: Given): Values {
  const { inputs, nameInput } = resource;
  const values: Values = { ...state, ...IN_EACH };
  const isInKnown = isInCollection(inputs) && given.find("Collection", state["collectionName"], state);
  const args = Object.entries(inputs).flatMap(([input, property]): [string, unknown][] => {
    const value = values[input];
    if (property.secret)
      return secrets.filter((one) => one.input === input).map(({ variable }) => [input, new Code(variable)]);
    if (property.argument === "collection")
      return input === "collectionName" ? [["collection", given.collectionOf(state)]] : [];
    if (isDefault(property, value)) return [];
    if (input === nameInput) return value === name ? [] : [[input, value]];
    if (input === "databaseName" && (isInKnown || (given.isInDefault && value === DEFAULT_DATABASE)))
      return [];
    return [[input, given.named(input, ordered(property, value), state)]];
  });
  return Object.fromEntries(args);
}

/** Sets and maps in an order of their own: that of the server may be another one the next time. */
function ordered(property: Property<unknown>, value: unknown): unknown {
  const { shape } = property;
  if (shape.asList) return shape.asList(value);
  if (Array.isArray(value)) return withoutDefaults(property, value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
