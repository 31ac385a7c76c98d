import { differences } from "../core/diff";
import { declare, the } from "../core/example";
import { log } from "../core/log";
import {
  ANY_SERVER,
  type Change,
  type Effect,
  type Judge,
  optional,
  required,
  type ValuesOf,
} from "../core/properties";
import type { Resource, Standing } from "../core/resource";
import { stringMap } from "../core/shapes";
import type { DatabaseDescription } from "../milvus/databases";
import type { Milvus } from "../milvus/gateway";
import { aDatabase } from "../milvus/names";
import { DEFAULT_DATABASE } from "../milvus/settings";
import { countOf, firstInWords, whetherEmpty } from "./common/counts";
import { DOCUMENTS } from "./common/examples";
import { adopt, DEFAULT_TIMEOUTS, milvusName, timeouts, changedEntries, removedKeys } from "./common/inputs";
import { checkKeys } from "./common/known-properties";
import { takenOver } from "./common/standing";
import { dropAllScratches } from "./in-collection/scratch-collections";

const inputs = {
  databaseName: required(milvusName("database"), {
    doc: "The name of the database. Default: the logical name of the resource. A change replaces.",
    change: "replace",
    inId: true,
  }),
  properties: optional(stringMap(), {
    doc:
      'Properties of the database: `"database.replica.number"` and `"database.resource_groups"` (names with commas ' +
      "between them) are what its collections are loaded with when the load names none; " +
      '`"database.max.collections"`, `"database.diskQuota.mb"`, `"database.force.deny.writing"` and ' +
      '`"database.force.deny.reading"` limit what may be done in it. Need Milvus 2.4.3. Set in place; removed in ' +
      "place from Milvus 2.5. Milvus: https://milvus.io/docs/manage_databases.md",
    change: propertiesChange,
    default: {},
  }),
  adopt: {
    ...adopt,
    doc:
      "Whether to take over a database of this name that exists already, equals what is declared and has collections " +
      "with data in them. Without it only what is equal and holds no data is taken over. Default: `false`. Never " +
      "causes a change.",
  },
  timeouts,
} as const;

export type DatabaseInputs = ValuesOf<typeof inputs>;
export type DatabaseState = Omit<DatabaseInputs, "adopt">;

export const database: Resource<Milvus, DatabaseInputs, DatabaseState> = {
  kind: "Database",
  doc:
    "A database: a name space for collections, their aliases and grants.\n\n" +
    "Give it to what stands in it as `databaseName: db.databaseName`: then it is made first and dropped last. Removed " +
    "from the program, it is dropped, unless there are collections in it: then the error says which. Milvus: " +
    "https://milvus.io/docs/manage_databases.md",
  example: [
    declare("Database", "app", { properties: { "database.max.collections": "100" } }),
    declare("Collection", "invoices", {
      databaseName: the("app", "databaseName"),
      ...DOCUMENTS.inputs,
    }),
  ],
  inputs,
  outputs: {},
  nameInput: "databaseName",

  check({ databaseName, properties = {} }, report, _, warn) {
    if (databaseName === DEFAULT_DATABASE)
      report(
        "databaseName",
        `${DEFAULT_DATABASE} is Milvus's own database: it is always there and cannot be declared. Resources that name ` +
          "no database are in it already",
      );
    checkKeys(properties, "databases", report, warn);
    const replicas = properties["database.replica.number"];
    if (replicas !== undefined && !/^[1-9]\d*$/.test(replicas))
      report("properties.database.replica.number", "must be a whole number, 1 or more");
  },

  describe: ({ databaseName }) => `database ${databaseName}`,
  id: ({ databaseName }) => databaseName,
  fromId(id) {
    if (id === "" || id.includes("/"))
      throw new Error(`${JSON.stringify(id)} is not the id of a database: it must be its name`);
    return { databaseName: id };
  },
  sameName: (old, wanted) => old.databaseName === wanted.databaseName,

  async list(milvus, databaseName) {
    const found = databaseName === DEFAULT_DATABASE ? undefined : await milvus.databases.find(databaseName);
    return found ? [stateOf(found, { databaseName })] : [];
  },

  async read(milvus, state) {
    const known = state as DatabaseState;
    const found = await milvus.databases.find(known.databaseName);
    return found && stateOf(found, known);
  },

  async standing(milvus, wanted) {
    const found = await milvus.databases.find(wanted.databaseName);
    return found && standingOf(milvus, wanted, found);
  },

  async create(milvus, wanted) {
    const operation = milvus.within(wanted.timeouts?.create ?? DEFAULT_TIMEOUTS.create);
    const { databaseName, properties = {} } = wanted;
    // Older servers take them and forget them without a word.
    if (Object.keys(properties).length > 0)
      await operation.demand("databaseProperties", aDatabase(databaseName));
    const existing = await operation.databases.find(databaseName);
    if (existing) takenOver(aDatabase(databaseName), await standingOf(operation, wanted, existing, true));
    else await operation.databases.create(databaseName, properties);
    return stateOf((await operation.databases.find(databaseName)) ?? {}, wanted);
  },

  async update(milvus, old, wanted) {
    const operation = milvus.within(wanted.timeouts?.update ?? DEFAULT_TIMEOUTS.update);
    const { databaseName } = wanted;
    const [before, after] = [old.properties ?? {}, wanted.properties ?? {}];
    const set = changedEntries(before, after);
    if (Object.keys(set).length > 0) await operation.databases.setProperties(databaseName, set);
    const removed = removedKeys(before, after);
    if (removed.length > 0) await operation.databases.dropProperties(databaseName, removed);
    const state = stateOf((await operation.databases.find(databaseName)) ?? {}, wanted);
    // What somebody else changed is for a refresh to record.
    const planned = ([key]: [string, string]): boolean => Object.hasOwn(set, key) || removed.includes(key);
    const properties = [
      ...Object.entries(before).filter((entry) => !planned(entry)),
      ...Object.entries(state.properties ?? {}).filter(planned),
    ];
    return { ...state, properties: Object.fromEntries(properties) };
  },

  async delete(milvus, { databaseName, timeouts: given }) {
    if (databaseName === DEFAULT_DATABASE) return;
    const operation = milvus.within(given?.delete ?? DEFAULT_TIMEOUTS.delete);
    if (!(await operation.databases.find(databaseName))) return;
    await dropAllScratches(operation, databaseName);
    const names = await collectionsIn(operation, databaseName);
    if (names.length > 0)
      throw new Error(
        `${aDatabase(databaseName)} is not dropped: there ${names.length === 1 ? "is collection" : "are collections"} ` +
          `${firstInWords(names)} in it. Drop what is not needed and run the same command again. A Collection of the program ` +
          "goes first when it is given `databaseName: db.databaseName`",
      );
    await operation.databases.drop(databaseName);
    log(`dropped ${aDatabase(databaseName)}, which was empty`);
  },
};

/** Replacing it instead would drop whatever is in it. */
async function propertiesChange(
  { old = {}, new: wanted = {}, unknown }: Change<Record<string, string>>,
  judge: Judge,
): Promise<Effect> {
  if (!(await judge.supports("databaseProperties")))
    return {
      refuse: "properties: this server has no properties of databases (needs Milvus 2.4.3)",
      instead: "Leave them out, or give replicas and resource groups with each load",
    };
  const removed = unknown ? [] : removedKeys(old, wanted);
  if (removed.length > 0 && !(await judge.supports("dropProperties")))
    return {
      refuse: `properties: this server cannot remove ${removed.join(", ")} (needs Milvus 2.5)`,
      instead: "Set another value instead",
    };
  return "update";
}

/** Without data its collections may be those of a run that died before the state knew of the database. */
async function standingOf(
  milvus: Milvus,
  wanted: DatabaseInputs,
  found: DatabaseDescription,
  prove = false,
): Promise<Standing> {
  const object = aDatabase(wanted.databaseName);
  const names = await collectionsIn(milvus, wanted.databaseName);
  const inWords = `${names.length === 0 ? "nothing" : firstInWords(names)} is in it`;
  const different = await differences(inputs, { ...stateOf(found, wanted) }, wanted, ANY_SERVER);
  if (different.length > 0)
    return {
      inWords,
      refusal:
        `${object} exists already and differs from the program in ${different.map(({ path }) => path).join(", ")}. ` +
        "Declare it as it is and set `adopt: true` to manage it from here, or choose another databaseName",
    };
  const full = wanted.adopt ? [] : await holdingData(milvus, wanted.databaseName, names, prove);
  if (full.length === 0) return { inWords };
  return {
    inWords,
    refusal:
      `${object} exists already, with data in ${firstInWords(full)}. To manage it from here set \`adopt: true\`; otherwise ` +
      "choose another databaseName",
  };
}

async function holdingData(
  milvus: Milvus,
  databaseName: string,
  names: readonly string[],
  prove: boolean,
): Promise<string[]> {
  const empty = await Promise.all(
    names.map(async (collectionName) =>
      whetherEmpty(await countOf(milvus, { databaseName, collectionName }, prove)),
    ),
  );
  return names.filter((_, at) => empty[at] === "full");
}

async function collectionsIn(milvus: Milvus, databaseName: string): Promise<string[]> {
  const listed = await milvus.collections.list(databaseName);
  return listed.map(({ collectionName }) => collectionName).sort();
}

/** Servers add properties of their own; those that users set are told apart by name. */
function stateOf({ properties }: DatabaseDescription, known: DatabaseInputs): DatabaseState {
  const { adopt: _, properties: declared = {}, ...kept } = known;
  const read = Object.entries(properties ?? declared);
  return {
    ...kept,
    properties: Object.fromEntries(
      read.filter(([key]) => Object.hasOwn(declared, key) || key.startsWith("database.")),
    ),
  };
}
