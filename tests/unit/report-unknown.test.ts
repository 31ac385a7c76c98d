/** What a preview does not know, or hides, never gets into a report as if it were a name or a value. */
import { changesOf } from "../../cli/preview/changes";
import { judgeAll } from "../../cli/preview/judge";
import { asMarkdown } from "../../cli/preview/markdown";
import { objectOf } from "../../cli/preview/objects";
import { asDynamic } from "../../cli/preview/over-plugin";
import { plannedChanges } from "../../cli/preview/plan";
import { makeReport, type Report } from "../../cli/preview/report";
import type { Servers } from "../../cli/preview/servers";
import { HIDDEN, type Preview, type Step, type StepState } from "../../cli/preview/steps";
import { asText } from "../../cli/preview/text";
import { SECRET, SIGNATURE } from "../../provider/engines/plugin/marks";
import { type AnyResource, resources } from "../../provider/registry";
import { UNKNOWN, type Values } from "../support/declared";
import { unlikeSchema } from "../support/report-schema";

const IN_DOCUMENTS = { databaseName: "default", collectionName: "documents" };
/** What makes the id of one object of each kind. */
const KNOWN: Readonly<Record<string, Values>> = {
  Database: { databaseName: "app" },
  Collection: IN_DOCUMENTS,
  Partition: { ...IN_DOCUMENTS, partitionName: "y2024" },
  PartitionSet: { ...IN_DOCUMENTS, partitionNames: ["acme", "globex"] },
  Index: { ...IN_DOCUMENTS, indexName: "by_meaning" },
  CollectionLoad: IN_DOCUMENTS,
  Alias: { ...IN_DOCUMENTS, aliasName: "current" },
  User: { userName: "alice" },
  Role: { roleName: "readers" },
  RoleMembership: { userName: "alice", roleName: "readers" },
  Grant: { ...IN_DOCUMENTS, roleName: "readers", privilege: "Search" },
  PrivilegeGroup: { privilegeGroupName: "reading" },
  ResourceGroup: { resourceGroupName: "fast" },
};

const ALL = Object.values(resources) as unknown as AnyResource[];
const PLAIN = "correct-horse";
const MARKED = { [SIGNATURE]: SECRET, plaintext: JSON.stringify(PLAIN) };

const nobody = {
  of: () => {
    throw new Error(`no server at ${UNKNOWN}`);
  },
  policyOf: () => ({ protectData: false, acknowledgedDataLoss: [] }),
} as unknown as Servers;

async function reported(preview: Preview): Promise<Report> {
  const changes = await judgeAll(plannedChanges(asDynamic(preview)), nobody);
  return makeReport({ changes, acknowledgedOf: () => [] });
}

const urnOf = (type: string): string => `urn:pulumi:dev::test::${type}::logical`;

const TYPES = { dynamic: "pulumi-nodejs:dynamic/milvus:", plugin: "milvus:index:" } as const;

/** As the state has it, and as a program wants it. */
function stateOf(resource: AnyResource, type: string, values: Values): StepState {
  return {
    type,
    id: resource.id(KNOWN[resource.kind] ?? {}),
    provider: "p::1",
    inputs: values,
    outputs: values,
  };
}

/** One of each operation, from what is known to these inputs, or of them. */
function steps(resource: AnyResource, prefix: string, wanted: Values): Step[] {
  const type = `${prefix}${resource.kind}`;
  const old = stateOf(resource, type, KNOWN[resource.kind] ?? {});
  const newState = { type, provider: "p::1", inputs: wanted };
  const names = Object.keys(resource.inputs);
  return [
    { op: "create", urn: urnOf(type), newState },
    { op: "update", urn: urnOf(type), oldState: old, newState },
    { op: "update", urn: urnOf(type), oldState: old, newState, diffReasons: names },
    { op: "replace", urn: urnOf(type), oldState: old, newState, replaceReasons: names },
    { op: "delete", urn: urnOf(type), oldState: { ...old, outputs: wanted } },
    { op: "replace", urn: urnOf(type), oldState: { type, id: old.id }, newState, replaceReasons: names },
  ];
}

/** Each input by itself and all of them. */
function variants(resource: AnyResource, value: unknown): Values[] {
  const known = KNOWN[resource.kind] ?? {};
  const names = Object.keys(resource.inputs);
  const all = Object.fromEntries(names.map((name) => [name, value]));
  const { collectionName: _, ...unnamed } = known;
  return [
    ...names.map((name) => ({ ...known, [name]: value })),
    all,
    { ...all, fields: value === undefined ? [] : [value, { name: value }] },
    // As programs give it over the plugin.
    { ...unnamed, collection: value },
  ];
}

const VALUES: readonly (readonly [string, unknown])[] = [
  ["not known yet", UNKNOWN],
  ["missing", undefined],
  ["a secret", HIDDEN],
  ["a secret with its marks", MARKED],
  ["a list of what is not known yet", [UNKNOWN]],
  ["an object of what is not known yet", { one: UNKNOWN }],
];

const CASES = ALL.flatMap((resource) =>
  Object.entries(TYPES).flatMap(([engine, prefix]) =>
    VALUES.map(([what, value]) => [resource.kind, engine, what, resource, prefix, value] as const),
  ),
);

test.each(CASES)(
  "%s, %s, with inputs that are %s",
  async (_kind, _engine, _what, resource, prefix, value) => {
    for (const inputs of variants(resource, value)) {
      const report = await reported({ steps: steps(resource, prefix, inputs) });
      expect(report.inPlace.length + report.additions.length + report.unjudged.length).toBeGreaterThanOrEqual(
        3,
      );
      for (const text of [asText(report), asMarkdown(report), JSON.stringify(report)]) {
        expect(text).not.toContain(UNKNOWN);
        expect(text).not.toMatch(/\bundefined\b|\[object Object\]/);
        expect(text).not.toContain(PLAIN);
        expect(text).not.toContain(SIGNATURE);
      }
      expect(unlikeSchema(JSON.parse(JSON.stringify(report)))).toEqual([]);
    }
  },
);

test("a set of names that are secrets is not taken for one of other names", async () => {
  const type = `${TYPES.dynamic}PartitionSet`;
  const values = { ...KNOWN["PartitionSet"], partitionNames: HIDDEN };
  const oldState = stateOf(resources.partitionSet as unknown as AnyResource, type, values);
  const report = await reported({ steps: [{ op: "delete", urn: urnOf(type), oldState }] });
  expect(report).toMatchObject({ exitCode: 3, losses: [] });
  expect(report.unjudged.map(({ because }) => because)).toEqual([
    "its names are a secret, which a preview does not show",
  ]);
});

describe("an object", () => {
  const named = (kind: string, wanted: Values, name = "logical") => objectOf({ kind, name, wanted });

  test.each([
    ["Collection", {}, "collection logical"],
    ["Collection", { collectionName: UNKNOWN }, "collection logical (name known after up)"],
    [
      "Partition",
      { partitionName: "y2023", collectionName: UNKNOWN },
      "partition y2023 of collection (known after up)",
    ],
    ["Partition", { partitionName: "y2023" }, "partition y2023 of collection (not known)"],
    [
      "Grant",
      { privilege: "Search", databaseName: "app", roleName: "readers" },
      "grant of Search on app/* to role readers",
    ],
    ["Role", { roleName: MARKED }, "role (not shown)"],
  ])("%s of %j is called %s", (kind, wanted, words) => {
    expect(named(kind, wanted)).toBe(words);
  });

  test("of a set with names that are not known yet is told without taking any for dropped", async () => {
    const type = `${TYPES.dynamic}PartitionSet`;
    const values = KNOWN["PartitionSet"] ?? {};
    const oldState = stateOf(resources.partitionSet as unknown as AnyResource, type, values);
    for (const partitionNames of [UNKNOWN, [UNKNOWN]]) {
      const newState = { type, inputs: { ...values, partitionNames } };
      const { losses, rest, inPlace, unjudged } = await reported({
        steps: [{ op: "update", urn: urnOf(type), oldState, newState }],
      });
      expect([losses, rest, unjudged]).toEqual([[], [], []]);
      expect(inPlace.map(({ changes }) => changes.map(({ inWords }) => inWords))).toEqual([
        [expect.stringMatching(/^partitionNames \[.*\] -> known after up$/)],
      ]);
    }
  });
});

describe("what changes", () => {
  const ID = { name: "id", dataType: "Int64", isPrimaryKey: true };
  const VECTOR = { name: "embedding", dataType: "FloatVector", dim: 8 };
  const OLD = {
    databaseName: "default",
    collectionName: "documents",
    collectionId: "447",
    fields: [ID, VECTOR],
    properties: { "collection.ttl.seconds": "60" },
  };
  const changed = async (kind: string, old: Values, wanted: Values, over: Partial<Step> = {}) => {
    const type = `${TYPES.dynamic}${kind}`;
    const [change] = plannedChanges({
      steps: [
        {
          op: "update",
          urn: urnOf(type),
          oldState: { type, id: "default/documents", outputs: old },
          newState: { type, inputs: wanted },
          ...over,
        },
      ],
    });
    return (change ? await changesOf(change) : []).map(({ input, inWords }) => `${input}: ${inWords}`);
  };

  test("is told by its paths, of an update that names no reason as well", async () => {
    const wanted = {
      collectionName: "documents",
      fields: [ID, VECTOR],
      properties: { "collection.ttl.seconds": "120" },
    };
    expect(await changed("Collection", OLD, wanted)).toEqual([
      "properties: properties.collection.ttl.seconds 60 -> 120",
    ]);
  });

  test("is told of a replacement with what changes beside what it is for", async () => {
    const wanted = { ...OLD, fields: [ID, { ...VECTOR, dim: 16 }], properties: {} };
    const replaced = { op: "replace", replaceReasons: ["fields"] };
    expect(await changed("Collection", OLD, wanted, replaced)).toEqual([
      "fields: fields.embedding.dim 8 -> 16",
      "properties: properties.collection.ttl.seconds 60 -> nothing",
    ]);
  });

  test("is told of a collection by its name, and otherwise as another one", async () => {
    const partition = { ...OLD, partitionName: "y2023" };
    const replaced = { op: "replace", replaceReasons: ["collectionId"] };
    expect(await changed("Partition", partition, { ...partition, collectionId: UNKNOWN }, replaced)).toEqual([
      "collection: its collection, which becomes another one",
    ]);
    const alias = { ...OLD, aliasName: "current" };
    expect(
      await changed("Alias", alias, { ...alias, collectionName: "documents_2", collectionId: "8" }),
    ).toEqual(['collection: collection "documents" -> "documents_2"']);
  });

  test.each<[string, Values, Values]>([
    ["as the engine hides it", { password: HIDDEN }, { password: HIDDEN }],
    ["as a state has it", { password: MARKED }, { password: MARKED }],
    ["in the clear", { password: PLAIN }, { password: `${PLAIN}-2` }],
  ])("is not shown of a secret: %s", async (_, before, after) => {
    const [old, wanted] = [
      { userName: "alice", description: "a", ...before },
      { userName: "alice", description: "b", ...after },
    ];
    expect(await changed("User", old, wanted, { diffReasons: ["password"] })).toEqual([
      "password: password, which is a secret and not shown",
      'description: description "a" -> "b"',
    ]);
    expect(await changed("User", old, wanted)).toEqual([
      'description: description "a" -> "b"',
      "password: perhaps password, which is a secret and not shown",
    ]);
  });

  test("is not shown of what the program says is a secret", async () => {
    const secretInputs = [["properties", "collection.ttl.seconds"]];
    const wanted = { ...OLD, properties: { "collection.ttl.seconds": "120" }, secretInputs };
    expect(await changed("Collection", OLD, wanted)).toEqual([
      "properties: perhaps properties, which is a secret and not shown",
    ]);
  });

  test("is nothing where a state of an older version has no database", async () => {
    const { databaseName: _, ...older } = OLD;
    expect(await changed("Collection", older, OLD)).toEqual([]);
  });
});
