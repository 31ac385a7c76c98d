/** A collection that is searched through an alias, for programs of languages that have no component of their own for it. */
import type { Checkable } from "../core/check";
import { declare } from "../core/example";
import { optional, type Properties } from "../core/properties";
import { flag, flagOr, mapOf, nameSet, record, type Report, string } from "../core/shapes";
import { containsUnknown, UNKNOWN } from "../core/unknown";
import { collection, type CollectionInputs } from "../resources/collection";
import { collectionLoad } from "../resources/collection-load";
import { milvusName } from "../resources/common/inputs";
import { index } from "../resources/field-index";
import { partitionSet } from "../resources/partition-set";
import { type Named, named, STAND_FOR } from "./name-of-collection";

/** What a program gives. */
export interface Given {
  readonly value: unknown;
  /** Whether it is a secret, or holds one. */
  readonly isSecret?: boolean;
  /** The URNs of what it comes from. */
  readonly dependencies?: readonly string[];
}

type GivenInputs = Readonly<Record<string, Given | undefined>>;

/** A resource that the engine has registered. */
export interface Made {
  readonly urn: string;
  readonly outputs: GivenInputs;
  /** Itself, as an input of another one. */
  readonly given: Given;
}

export interface Relations {
  /** What it goes with: one drop for both. */
  readonly deletedWith?: Made;
  readonly after?: readonly Made[];
}

/** Whatever registers the parts, as children of the component. */
export interface Parts {
  make(kind: string, name: string, inputs: GivenInputs, relations?: Relations): Promise<Made>;
}

/** What a program says of a part: not which collection it is in, nor the name that it has in the component. */
function ownOf(inputs: Properties, ...others: string[]): Properties {
  return Object.fromEntries(
    Object.entries(inputs).filter(
      ([name, { argument }]) => argument === undefined && name !== "databaseName" && !others.includes(name),
    ),
  );
}

const { collectionName: _, version: _version, servedThrough: _through, ...ofCollection } = collection.inputs;

const indexBehindAlias = record(
  {
    typeName: "IndexBehindAlias",
    doc: "An index of a CollectionBehindAlias: what an Index is declared with.",
  },
  ownOf(index.inputs, "indexName"),
);

const loadBehindAlias = record(
  {
    typeName: "LoadBehindAlias",
    doc: "How a CollectionBehindAlias is kept loaded: what a CollectionLoad is declared with.",
  },
  ownOf(collectionLoad.inputs),
);

const inputs: Properties = {
  ...(ofCollection as Properties),
  aliasName: optional(milvusName("alias"), {
    doc: "The name that programs search through. Default: the logical name of the component.",
    change: "replace",
    inId: true,
  }),
  indexes: optional(mapOf(indexBehindAlias), {
    doc: "The indexes by their names. A change of one on a vector field makes a new collection.",
    change: "update",
  }),
  partitionNames: optional(nameSet(milvusName("partition")), {
    doc: "The names of the partitions, in any order. Changed in place. Default: Milvus's own alone.",
    change: "update",
  }),
  load: optional(flagOr(loadBehindAlias), {
    doc: "How it is kept loaded; `false`: not at all. Default: `true`, all of it with the server's replicas.",
    change: "update",
  }),
  version: optional(string(), {
    doc: "Any text: a change makes a new collection although nothing else asks for one.",
    change: "update",
  }),
  startsEmpty: optional(flag(), {
    doc:
      "Whether the alias may move to a collection that holds fewer entities than the one that it points at, such as a new " +
      "one that is filled later. Take it out again afterwards: it counts for each new collection. Default: `false`.",
    change: "ignore",
  }),
  protectData: optional(flag(), {
    doc:
      "Whether an old collection stays while it holds data, unless its id is in `milvus:acknowledgedDataLoss`. The new one " +
      "serves all the same; the drop of the old one is an error until then, also at destroy. `false`: `milvus:protectData` " +
      "alone counts, and by default a change that needs a new collection is refused while the old one holds data that is " +
      "not acknowledged. Default: `true`.",
    change: "update",
  }),
};

interface Checked {
  readonly fields: CollectionInputs["fields"];
  readonly partitionNames: readonly string[];
  readonly indexes: Readonly<Record<string, object>>;
  readonly load: boolean | object;
}

export const collectionBehindAlias = {
  kind: "CollectionBehindAlias",
  doc:
    "A collection that is searched through an alias, and changed without an interruption.\n\n" +
    "What Milvus can change in place is changed in place. Any other change, of the schema or of an index on a vector " +
    "field, makes a new collection beside the old one, with its partitions and indexes, loads it, and only then points the " +
    "alias at it, in one step. One that would hold fewer entities than the old one is not pointed at, unless `startsEmpty` " +
    "says so. The old one goes last; while it holds data that is not acknowledged it stays, and `pulumi up` says so until " +
    "it is.",
  example: [
    declare("CollectionBehindAlias", "documents", {
      fields: [
        { name: "id", dataType: "Int64", isPrimaryKey: true },
        { name: "embedding", dataType: "FloatVector", dim: 768 },
      ],
      partitionNames: ["y2023", "y2024"],
      indexes: { by_meaning: { fieldName: "embedding", indexType: "HNSW", metricType: "COSINE" } },
    }),
  ],
  inputs,
  /** By the parts, in their words: what is wrong with one of them the engine would tell beside an error of its own. */
  check(
    given: Readonly<Record<string, unknown>>,
    report: Report,
    isOpen: (input: string) => boolean,
    warn: Report,
  ): void {
    const { fields, partitionNames, indexes = {}, load } = given as Partial<Checked>;
    const declaredCollection = fields && collection.declaredForChildren?.({ fields } as CollectionInputs);
    const check = (part: Checkable, path: string, values: object): void =>
      part.check?.(
        { ...values, declaredCollection } as never,
        (inside, reason) => report(`${path}${inside}`, reason),
        isOpen,
        (inside, reason) => warn(`${path}${inside}`, reason),
      );
    collection.check?.(given, report, isOpen, warn);
    if (partitionNames) check(partitionSet, "", { partitionNames });
    for (const [indexName, values] of Object.entries(indexes))
      check(index, `indexes.${indexName}.`, { ...values, indexName });
    if (typeof load === "object") check(collectionLoad, "load.", load);
  },

  /** With the kind of those that are resources. */
  outputs: {
    collection: { kind: "Collection", doc: "The collection that serves now." },
    alias: { kind: "Alias", doc: "The alias that points at it." },
    aliasName: { doc: "The name to search through." },
    collectionName: { doc: "The name of the collection that serves now; it changes with each new one." },
  } as Readonly<Record<string, { readonly kind?: string; readonly doc: string }>>,

  /** Returns the outputs. */
  async make(name: string, given: GivenInputs, parts: Parts): Promise<GivenInputs> {
    const { adopt, partitionNames, aliasName = the(name), load = the(true), protectData = the(true) } = given;
    const own = Object.fromEntries(Object.keys(ofCollection).map((input) => [input, given[input]] as const));
    const identity = standFor(aliasName, given);
    const collection = await parts.make("Collection", name, { ...own, ...identity, protectData });
    const inside = { collection: collection.given };
    const goesWithIt = { deletedWith: collection };
    const partitions = partitionNames
      ? [parts.make("PartitionSet", name, { ...inside, partitionNames, adopt }, goesWithIt)]
      : [];
    const indexes = Object.entries(partsOf(given["indexes"])).map(([indexName, index]) =>
      parts.make(
        "Index",
        `${name}-${indexName}`,
        { ...partsOf(index), ...inside, indexName: the(indexName) },
        goesWithIt,
      ),
    );
    const standing = await Promise.all([...partitions, ...indexes]);
    const loads =
      load.value === false
        ? []
        : [
            await parts.make(
              "CollectionLoad",
              name,
              { adopt, ...partsOf(load), ...inside },
              { ...goesWithIt, after: standing },
            ),
          ];
    const alias = await parts.make(
      "Alias",
      name,
      { ...inside, aliasName, adopt, fewerEntities: fewerEntities(given["startsEmpty"]) },
      { after: [...standing, ...loads] },
    );
    return {
      collection: collection.given,
      alias: alias.given,
      aliasName: alias.outputs["aliasName"],
      collectionName: collection.outputs["collectionName"],
    };
  },
};

/** What the component says itself. */
function the(value: unknown): Given {
  return { value };
}

/** What is in an object that a program gives; nothing where that is not known yet. */
function partsOf(given: Given | undefined): Readonly<Record<string, Given>> {
  const { value, ...more } = given ?? the({});
  if (typeof value !== "object" || value === null) return {};
  const inside = Object.entries(value) as [string, unknown][];
  return Object.fromEntries(inside.map(([name, inner]) => [name, { ...more, value: inner }]));
}

/** Not known before all that it stands for is. */
function standFor(aliasName: Given, given: GivenInputs): Record<keyof Named, Given> {
  const all = [aliasName, ...STAND_FOR.map((name) => given[name])];
  const dependencies = all.flatMap((one) => one?.dependencies ?? []);
  const declared = Object.fromEntries(STAND_FOR.map((name) => [name, given[name]?.value]));
  const { collectionName, version } = containsUnknown([aliasName.value, declared])
    ? { collectionName: UNKNOWN, version: UNKNOWN }
    : named(String(aliasName.value), declared);
  // A digest tells nothing of what it was made of.
  return {
    collectionName: { value: collectionName, dependencies },
    version: { value: version, dependencies },
  };
}

/** Nothing fills a new collection. */
function fewerEntities({ value, ...more }: Given = the(false)): Given {
  return { ...more, value: value === UNKNOWN ? UNKNOWN : value === true ? "allow" : "refuse" };
}
