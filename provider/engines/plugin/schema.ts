/**
 * What engines and generators of SDKs know of this package, from the declarations of its resources. Pulumi:
 * https://www.pulumi.com/docs/iac/build-with-pulumi/schema/
 */
import { collectionBehindAlias } from "../../components/collection-behind-alias";
import { isAlwaysGiven, isInCollection, type Properties } from "../../core/properties";
import { type NamedValues, type RecordShape, recordsIn, type SchemaType, valuesIn } from "../../core/shapes";
import { type AnyResource, resources } from "../../registry";
import { withoutNames } from "./collections";
import { withExample } from "./examples";
import { FUNCTIONS } from "./functions";
import { PROVIDER_INPUTS } from "./provider-inputs";

type Spec = Readonly<Record<string, unknown>>;

const COLLECTION: SchemaType = {
  oneOf: [{ $ref: "#/resources/milvus:index:Collection" }, { type: "string" }],
};

/**
 * Where this package is to be published, as package.json has it. Nobody has registered it yet: CONTRIBUTING.md says what has to
 * be done before the first release.
 */
export const REPOSITORY = "github.com/pulumi-milvus/pulumi-milvus";
/** Of the SDK for Go, which is found by the place of its repository. */
const GO_PATH = `${REPOSITORY}/sdk/go/milvus`;

export const COLLECTION_DOC =
  "The collection it stands in: a Collection of the program, which it follows and goes with, or the name of one.";

export function schemaOf(version: string): Spec {
  const all = Object.values(resources) as unknown as AnyResource[];
  const variables = settings();
  return {
    name: "milvus",
    displayName: "Milvus",
    version,
    description: "Milvus collections, partitions, indexes and everything around them.",
    keywords: ["pulumi", "milvus", "vector database", "category/database", "kind/native"],
    homepage: `https://${REPOSITORY}`,
    repository: `https://${REPOSITORY}`,
    license: "Apache-2.0",
    config: { variables },
    provider: {
      description: "A Milvus server for the resources that are given it with the option `provider`.",
      inputProperties: variables,
      properties: variables,
    },
    types: Object.fromEntries([
      ...[...all, collectionBehindAlias].flatMap(({ inputs }) => [
        ...typesIn(inputs),
        ...valuesIn(inputs).map(enumOf),
      ]),
      ...Object.values(FUNCTIONS).flatMap(({ results }) => typesIn(results)),
    ]),
    resources: Object.fromEntries([
      ...all.map((one) => [`milvus:index:${one.kind}`, resourceSpec(one)] as const),
      [`milvus:index:${collectionBehindAlias.kind}`, componentSpec()],
    ]),
    functions: Object.fromEntries(
      Object.entries(FUNCTIONS).map(([name, { doc, args, results }]) => [
        `milvus:index:${name}`,
        {
          description: doc,
          inputs: objectOf(args),
          outputs: objectOf(results),
        },
      ]),
    ),
    language: {
      nodejs: { packageName: "pulumi-milvus/plugin", respectSchemaVersion: true },
      python: { packageName: "pulumi_milvus", pyproject: { enabled: true }, respectSchemaVersion: true },
      go: { importBasePath: GO_PATH, respectSchemaVersion: true, generateResourceContainerTypes: true },
      csharp: { respectSchemaVersion: true },
    },
  };
}

function settings(): Spec {
  return Object.fromEntries(
    Object.entries(PROVIDER_INPUTS).map(([name, { doc, secret, ...type }]) => [
      name,
      { ...type, description: doc, ...(secret && { secret: true }) },
    ]),
  );
}

/** Of open records a schema knows nothing. */
function typesIn(properties: Properties): [string, Spec][] {
  return recordsIn(properties)
    .filter(({ open }) => !open)
    .map(typeOf);
}

function typeOf({ typeName, doc, properties }: RecordShape<Properties>): [string, Spec] {
  return [`milvus:index:${typeName}`, { type: "object", description: doc, ...objectOf(properties) }];
}

function enumOf({ typeName, doc, known }: NamedValues): [string, Spec] {
  return [
    `milvus:index:${typeName}`,
    { type: "string", description: doc, enum: known.map((value) => ({ value })) },
  ];
}

function resourceSpec({ doc, example, inputs, outputs, nameInput }: AnyResource): Spec {
  const given = withoutNames(inputs, inputs) as Properties;
  const kept = Object.entries({ ...inputs, ...outputs }).filter(
    ([, { inputOnly, checkOnly, secret }]) => !inputOnly && !checkOnly && !secret,
  );
  const state = Object.fromEntries(kept) as Properties;
  const own = objectOf(given);
  const inCollection = isInCollection(inputs);
  return {
    description: withExample(doc, example),
    inputProperties: {
      ...(inCollection && { collection: { ...COLLECTION, description: COLLECTION_DOC } }),
      ...own.properties,
    },
    requiredInputs: [
      ...(inCollection ? ["collection"] : []),
      ...own.required.filter((name) => name !== nameInput),
    ],
    properties: objectOf(state, asText).properties,
    required: Object.entries(state)
      .filter(([name, property]) => isAlwaysGiven(name, property))
      .map(([name]) => name),
  };
}

function componentSpec(): Spec {
  const { doc, example, inputs, outputs } = collectionBehindAlias;
  const { properties, required } = objectOf(inputs);
  return {
    description: withExample(doc, example),
    isComponent: true,
    inputProperties: properties,
    requiredInputs: required,
    properties: Object.fromEntries(
      Object.entries(outputs).map(([name, { doc: description, kind }]) => [
        name,
        { ...(kind ? { $ref: `#/resources/milvus:index:${kind}` } : { type: "string" }), description },
      ]),
    ),
    required: Object.keys(outputs),
  };
}

/** What is given back is text, also where a program may write a value of an enum. */
function asText(type: SchemaType): SchemaType {
  if ("oneOf" in type) return type.type === undefined ? type : { type: type.type };
  return "items" in type ? { ...type, items: asText(type.items) } : type;
}

function objectOf(
  properties: Properties,
  typed: (type: SchemaType) => SchemaType = (type) => type,
): { readonly properties: Spec; readonly required: string[] } {
  const entries = Object.entries(properties);
  return {
    properties: Object.fromEntries(
      entries.map(([name, { shape, doc, change, secret }]) => [
        name,
        {
          ...typed(shape.schema),
          description: doc,
          ...(secret && { secret: true }),
          ...(change === "replace" && { willReplaceOnChanges: true }),
        },
      ]),
    ),
    required: entries.filter(([, { required }]) => required).map(([name]) => name),
  };
}
