/**
 * Somebody changes one thing of an object by hand and the program another: the update makes the program's change, and
 * nothing else; what was done by hand is left and found by a refresh. For every kind that is changed in place.
 */
import type { Milvus } from "../../provider/milvus/gateway";
import type { Field } from "../../provider/milvus/fields";
import { resources } from "../../provider/registry";
import { Run } from "../../provider/run";
import { checked, configured, type Values } from "../support/declared";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { gatewayTo, ID, NUMBER, VECTOR } from "../support/gateways";

type Kind = keyof typeof resources;

const DOCS = { databaseName: "default", collectionName: "documents" };
const RENAMED = { ...DOCS, collectionName: "papers" };
const WORD: Field = { name: "word", dataType: "VarChar", maxLength: 20 };
const NOTE: Field = { name: "note", dataType: "VarChar", maxLength: 20, nullable: true };
const FIELDS = [ID, NUMBER, WORD, VECTOR];
const BY_MEANING = {
  ...DOCS,
  indexName: "by_meaning",
  fieldName: "embedding",
  indexType: "FLAT",
  metricType: "L2",
};
const TTL = { "collection.ttl.seconds": "60" };
const MMAP = { "mmap.enabled": "true" };

/** Not on the server any more. */
const GONE = "gone";

interface Case {
  readonly what: string;
  readonly version: string;
  readonly declared: Values;
  /** On the server, before it is declared. Default: nothing. */
  readonly before?: (milvus: Milvus) => Promise<unknown>;
  /** What somebody does once it is made. */
  readonly byHand: (milvus: Milvus) => Promise<unknown>;
  /** What the program has otherwise. */
  readonly change: Values;
  /** The calls of the update that change anything. */
  readonly calls: readonly string[];
  /** What a refresh finds afterwards: both. */
  readonly found: Values | typeof GONE;
}

const collection = async (milvus: Milvus, fields = FIELDS): Promise<void> => {
  await milvus.collections.create({ ...DOCS, fields });
  await milvus.indexes.create(BY_MEANING);
  for (const partitionName of ["a", "b", "c"]) await milvus.partitions.create({ ...DOCS, partitionName });
};
const loadedIndexed = async (milvus: Milvus): Promise<void> => {
  await milvus.indexes.create(BY_MEANING);
  await milvus.loading.loadAs(DOCS, { replicaNumber: 1, resourceGroups: [] });
};
const load = (milvus: Milvus, partitionNames: readonly string[], replicaNumber = 1): Promise<unknown> =>
  milvus.loading.loadAs(DOCS, { replicaNumber, resourceGroups: [], partitionNames });

const ofCollection = (more: Omit<Case, "declared">): Case => ({
  declared: { ...DOCS, fields: FIELDS, properties: { "collection.ttl.seconds": "30" } },
  ...more,
});
const names = (fields: readonly Field[]): unknown =>
  fields.map(({ name }) => expect.objectContaining({ name }) as unknown);

const CASES: Readonly<Record<Kind, readonly Case[]>> = {
  collection: [
    ...["2.6.19", "3.0.0"].map((version) =>
      ofCollection({
        what: `a field added with an index on it, a TTL, on ${version}`,
        version,
        byHand: async (milvus) => {
          await milvus.collections.addField(DOCS, NOTE);
          await milvus.indexes.create({
            ...DOCS,
            indexName: "by_note",
            fieldName: "note",
            indexType: "INVERTED",
          });
          await loadedIndexed(milvus);
        },
        change: { properties: TTL },
        calls: ["AlterCollection"],
        found: { properties: TTL, fields: names([...FIELDS, NOTE]) },
      }),
    ),
    ofCollection({
      what: "mmap of a field, the length of another while all is loaded",
      version: "3.0.0",
      byHand: async (milvus) => {
        await milvus.collections.setFieldProperties(DOCS, "number", MMAP);
        await loadedIndexed(milvus);
      },
      change: { fields: [ID, NUMBER, { ...WORD, maxLength: 40 }, VECTOR] },
      calls: ["AlterCollectionField"],
      found: {
        fields: [
          expect.anything(),
          expect.objectContaining({ mmapEnabled: true }),
          expect.objectContaining({ maxLength: 40 }),
          expect.anything(),
        ],
      },
    }),
    ofCollection({
      what: "mmap and the description of the collection, its TTL",
      version: "2.6.19",
      byHand: async (milvus) => {
        await milvus.collections.setProperties(DOCS, { ...MMAP, "collection.description": "theirs" });
        await loadedIndexed(milvus);
      },
      change: { properties: TTL },
      calls: ["AlterCollection"],
      found: { description: "theirs", properties: { ...TTL, ...MMAP } },
    }),
    ofCollection({
      what: "a field dropped, a TTL",
      version: "3.0.0",
      byHand: (milvus) => milvus.collections.dropField(DOCS, "word"),
      change: { properties: TTL },
      calls: ["AlterCollection"],
      found: { fields: names([ID, NUMBER, VECTOR]) },
    }),
    {
      what: "a property removed that is called as what every object has, the same",
      version: "3.0.0",
      declared: { ...DOCS, fields: FIELDS, properties: { ...TTL, constructor: "1" } },
      byHand: (milvus) => milvus.collections.dropProperties(DOCS, ["constructor"]),
      change: { properties: TTL },
      calls: [],
      found: { properties: TTL },
    },
  ],
  database: [
    {
      what: "one property set and another changed, a third",
      version: "3.0.0",
      declared: {
        databaseName: "app",
        properties: { "database.diskQuota.mb": "10", "database.max.collections": "5" },
      },
      byHand: (milvus) =>
        milvus.databases.setProperties("app", {
          "database.replica.number": "2",
          "database.max.collections": "6",
        }),
      change: { properties: { "database.diskQuota.mb": "20", "database.max.collections": "5" } },
      calls: ["AlterDatabase"],
      found: {
        properties: {
          "database.diskQuota.mb": "20",
          "database.max.collections": "6",
          "database.replica.number": "2",
        },
      },
    },
  ],
  partitionSet: [
    {
      what: "a partition dropped and one made, another one",
      version: "2.6.19",
      before: collection,
      declared: { ...DOCS, partitionNames: ["t1", "t2"] },
      byHand: async (milvus) => {
        await milvus.partitions.drop({ ...DOCS, partitionName: "t1" });
        await milvus.partitions.create({ ...DOCS, partitionName: "theirs" });
      },
      change: { partitionNames: ["t1", "t2", "t3"] },
      calls: ["CreatePartition"],
      found: { partitionNames: ["t2", "t3"] },
    },
  ],
  collectionLoad: [
    {
      what: "a partition loaded, its replicas",
      version: "2.6.19",
      before: collection,
      declared: { ...DOCS, partitionNames: ["a"], replicaNumber: 1 },
      byHand: (milvus) => load(milvus, ["b"]),
      change: { partitionNames: ["a"], replicaNumber: 2 },
      calls: ["ReleaseCollection", "LoadPartitions"],
      found: { partitionNames: ["a", "b"], replicaNumber: 2 },
    },
    {
      what: "one partition loaded and another released, a third",
      version: "2.6.19",
      before: collection,
      declared: { ...DOCS, partitionNames: ["_default", "a"] },
      byHand: async (milvus) => {
        await load(milvus, ["b"]);
        await milvus.loading.releasePartitions(DOCS, ["a"]);
      },
      change: { partitionNames: ["_default", "a", "c"] },
      calls: ["LoadPartitions"],
      found: { partitionNames: ["_default", "b", "c"] },
    },
    {
      what: "its replicas, another partition",
      version: "2.6.19",
      before: collection,
      declared: { ...DOCS, partitionNames: ["a"], replicaNumber: 1 },
      byHand: async (milvus) => {
        await milvus.loading.releaseCollection(DOCS);
        await load(milvus, ["a"], 2);
      },
      change: { partitionNames: ["a", "b"], replicaNumber: 1 },
      calls: ["LoadPartitions"],
      found: { partitionNames: ["a", "b"], replicaNumber: 2 },
    },
    {
      what: "the release, a new name of the collection",
      version: "2.6.19",
      before: collection,
      declared: DOCS,
      byHand: async (milvus) => {
        await milvus.loading.releaseCollection(DOCS);
        await milvus.collections.rename(DOCS, RENAMED.collectionName);
      },
      change: RENAMED,
      calls: [],
      found: GONE,
    },
  ],
  index: [
    {
      what: "another index under its name, a new name of the collection",
      version: "2.6.19",
      before: async (milvus) => milvus.collections.create({ ...DOCS, fields: FIELDS }),
      declared: BY_MEANING,
      byHand: async (milvus) => {
        await milvus.indexes.drop(BY_MEANING);
        await milvus.indexes.create({
          ...BY_MEANING,
          indexType: "HNSW",
          params: { M: 8, efConstruction: 64 },
        });
        await milvus.collections.rename(DOCS, RENAMED.collectionName);
      },
      change: RENAMED,
      calls: [],
      found: { indexType: "HNSW" },
    },
  ],
  alias: [
    {
      what: "pointed elsewhere, a new name of the collection",
      version: "2.6.19",
      before: async (milvus) => {
        await milvus.collections.create({ ...DOCS, fields: FIELDS });
        await milvus.collections.create({ ...DOCS, collectionName: "theirs", fields: FIELDS });
      },
      declared: { ...DOCS, aliasName: "current" },
      byHand: async (milvus) => {
        await milvus.aliases.alter({ databaseName: "default", aliasName: "current" }, "theirs");
        await milvus.collections.rename(DOCS, RENAMED.collectionName);
      },
      change: RENAMED,
      calls: [],
      found: { collectionName: "theirs" },
    },
  ],
  user: [
    {
      what: "the description, the password",
      version: "3.0.0",
      declared: { userName: "alice", password: "correct-horse", description: "Reads" },
      byHand: (milvus) => milvus.users.setDescription("alice", "Theirs"),
      change: { password: "battery-staple" },
      calls: ["UpdateCredential"],
      found: { description: "Theirs" },
    },
  ],
  role: [
    {
      what: "a user and a grant, the description",
      version: "3.0.0",
      declared: { roleName: "readers", description: "Read" },
      byHand: async (milvus) => {
        await milvus.roles.addUser({ roleName: "readers", userName: "root" });
        const everywhere = { databaseName: "default", objectName: "*" };
        await milvus.grants.grant({ ...everywhere, roleName: "readers", privilege: "Search" });
      },
      change: { description: "Read all" },
      calls: ["AlterRole"],
      found: { description: "Read all" },
    },
  ],
  privilegeGroup: [
    {
      what: "a privilege added and one removed, another one",
      version: "3.0.0",
      declared: { privilegeGroupName: "reading", privileges: ["Query", "Search"] },
      byHand: async (milvus) => {
        await milvus.privilegeGroups.add("reading", ["Delete"]);
        await milvus.privilegeGroups.remove("reading", ["Query"]);
      },
      change: { privileges: ["Insert", "Query", "Search"] },
      calls: ["OperatePrivilegeGroup"],
      found: { privileges: ["Delete", "Insert", "Search"] },
    },
  ],
  resourceGroup: [
    {
      what: "the limits, the requests",
      version: "3.0.0",
      declared: { resourceGroupName: "fast", requests: 0, limits: 1 },
      byHand: (milvus) => milvus.resourceGroups.declare("fast", { requests: 0, limits: 2 }),
      change: { requests: 1, limits: 1 },
      calls: ["UpdateResourceGroups"],
      found: { requests: 1, limits: 2 },
    },
  ],
  // Nothing of these is changed in place on the server: another name of their collection is all that an update records.
  partition: [
    {
      what: "the partition dropped, a new name of the collection",
      version: "2.6.19",
      before: collection,
      declared: { ...DOCS, partitionName: "t1" },
      byHand: async (milvus) => {
        await milvus.partitions.drop({ ...DOCS, partitionName: "t1" });
        await milvus.collections.rename(DOCS, RENAMED.collectionName);
      },
      change: RENAMED,
      calls: [],
      found: GONE,
    },
  ],
  grant: [],
  roleMembership: [],
};

const ROWS = Object.entries(CASES).flatMap(([kind, cases]) =>
  cases.map((one): [Kind, string, Case] => [kind as Kind, one.what, one]),
);

const CHANGING = /^(Create|Drop|Alter|Add|Load|Release|Rename|Operate|Update|Transfer|Delete|Truncate)/;

class OnFake {
  private constructor(
    private readonly kind: Kind,
    readonly fake: FakeMilvus,
    readonly milvus: Milvus,
  ) {}

  static async run(kind: Kind, version: string, work: (on: OnFake) => Promise<void>): Promise<void> {
    const fake = await startFakeMilvus({
      version,
      password: "s3cret of root",
      queryNodes: 4,
      storageV3: true,
    });
    const milvus = gatewayTo(fake);
    try {
      await work(new OnFake(kind, fake, milvus));
    } finally {
      await milvus.close();
      await fake.stop();
    }
  }

  /** As a run of its own. */
  provider() {
    const { address, username = "", password = "" } = this.fake;
    return configured(resources[this.kind], { address, username, password }, new Run());
  }

  async checked(program: Values): Promise<Values> {
    const { inputs, failures } = await checked(resources[this.kind], program);
    expect(failures).toEqual([]);
    return inputs;
  }
}

describe("somebody changes one thing by hand and the program another", () => {
  beforeEach(() => void jest.spyOn(console, "log").mockImplementation(() => undefined));
  afterEach(() => jest.restoreAllMocks());

  test("of every kind", () => {
    expect(Object.keys(CASES).sort()).toEqual(Object.keys(resources).sort());
  });

  test.each(ROWS)("of a %s: %s", async (kind, _what, one) => {
    await OnFake.run(kind, one.version, async (on) => {
      await one.before?.(on.milvus);
      const inCollection = kind !== "collection" && "collectionName" in one.declared;
      const collectionId = inCollection
        ? (await on.milvus.collections.describe(DOCS)).collectionId
        : undefined;
      const program = { ...one.declared, ...(inCollection && { collectionId }) };
      const inputs = await on.checked(program);
      const made = await (await on.provider()).create?.(inputs);
      const [id, outs] = [String(made?.id), made?.outs as Values];

      await one.byHand(on.milvus);
      const calls = on.fake.calls.length;
      const wanted = await on.checked({ ...program, ...one.change });
      const updated = (await (await on.provider()).update?.(id, outs, wanted))?.outs as Values;

      expect(on.fake.calls.slice(calls).filter((call) => CHANGING.test(call))).toEqual(one.calls);
      // Without a refresh nothing is seen of it.
      expect(await (await on.provider()).diff?.(id, updated, wanted)).toMatchObject({ changes: false });
      const read = (await (await on.provider()).read?.(id, updated))?.props as Values | undefined;
      if (one.found === GONE) expect(read).toBeUndefined();
      else expect(read).toMatchObject(one.found);
    });
  });
});
