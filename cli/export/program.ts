/** Writes the program that declares what a server has. Pure: nothing is asked of anybody. */
import JSON5 from "json5";

import { isDefault, isInCollection, withoutDefaults } from "../../provider/core/properties";
import { DEFAULT_DATABASE } from "../../provider/milvus/settings";
import { type Declared, type Exported, identifier, nameOf, Names, RESERVED, type Values } from "./names";

const HEADER = (
  hasSecrets: boolean,
): string => `// Declares a Milvus server as it stood when this was written. Each resource has \`adopt: true\`: the first
// \`pulumi up\` takes it over and changes nothing on the server. Remove \`adopt\` afterwards if you like.
${hasSecrets ? SECRETS_HEADER : ""}import * as milvus from "pulumi-milvus";
${hasSecrets ? "\nconst secrets = new pulumi.Config();\n" : ""}`;

const SECRETS_HEADER = `// No server gives secrets back: set each with \`pulumi config set --secret NAME\`. Only the right ones are taken.
import * as pulumi from "@pulumi/pulumi";
`;

export function programOf(exported: readonly Exported[]): string {
  const variables = new Names(RESERVED);
  const logicalNames = new Map<string, Names>();
  /** The variables of what other resources are given, by what tells one from another. */
  const given = new Map<string, string>();
  const statements = exported.map(({ resource, state }) => {
    const names = logicalNames.get(resource.kind) ?? new Names();
    logicalNames.set(resource.kind, names);
    const name = names.take(nameOf(resource, state));
    const parents = {
      collection: isInCollection(resource.inputs) ? given.get(collectionKey(state)) : undefined,
      database: given.get(String(state["databaseName"])),
    };
    const call = `new milvus.${resource.kind}(${JSON.stringify(name)}, ${argumentsOf(resource, state, name, parents)});`;
    const key = keyAsParent(resource, state);
    if (key === undefined) return call;
    const variable = variables.take(identifier(name));
    given.set(key, variable);
    return `\nconst ${variable} = ${call}`;
  });
  const hasSecrets = exported.some(({ resource }) =>
    Object.values(resource.inputs).some(({ secret }) => secret),
  );
  return `${HEADER(hasSecrets)}${statements.join("\n")}\n`;
}

function collectionKey({ databaseName, collectionName }: Values): string {
  return `${String(databaseName)}/${String(collectionName)}`;
}

/** Nothing for what no other resource is given. */
function keyAsParent({ kind }: Declared, state: Values): string | undefined {
  if (kind === "Collection") return collectionKey(state);
  return kind === "Database" ? String(state["databaseName"]) : undefined;
}

/** The variables of the resources that it stands in, as far as the program has them. */
interface Parents {
  readonly collection: string | undefined;
  readonly database: string | undefined;
}

function argumentsOf(
  { inputs, nameInput }: Declared,
  state: Values,
  logicalName: string,
  { collection, database }: Parents,
): string {
  const plain = Object.entries(inputs).flatMap(([name, property]): [string, unknown][] => {
    const value = state[name];
    if (
      property.argument !== undefined ||
      property.inputOnly ||
      property.secret ||
      isDefault(property, value)
    )
      return [];
    if (name === nameInput && value === logicalName) return [];
    if (
      name === "databaseName" &&
      (value === DEFAULT_DATABASE || collection !== undefined || database !== undefined)
    )
      return [];
    return [[name, withoutDefaults(property, value)]];
  });
  const adopt = inputs["adopt"] === undefined ? {} : { adopt: true };
  const text = JSON5.stringify({ ...Object.fromEntries(plain), ...adopt }, { space: 2, quote: '"' });
  const expressions = Object.entries(inputs)
    .filter(([, { secret }]) => secret)
    .map(([name]) => `${name}: secrets.requireSecret(${JSON.stringify(`${logicalName}_${name}`)}),`);
  if (collection !== undefined) expressions.unshift(`collection: ${collection},`);
  else if (database !== undefined) expressions.unshift(`databaseName: ${database}.databaseName,`);
  return text.replace("{", `{\n  ${expressions.join("\n  ")}`.trimEnd());
}
