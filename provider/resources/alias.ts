import type { Deciding } from "../core/decisions";
import { declare, the } from "../core/example";
import { log } from "../core/log";
import { type Change, type Effect, optional, required, type ValuesOf } from "../core/properties";
import type { Resource, Standing } from "../core/resource";
import { oneOf } from "../core/shapes";
import { containsUnknown } from "../core/unknown";
import { isAliasTaken } from "../milvus/aliases";
import type { CollectionDescription } from "../milvus/collections";
import { NotFoundError } from "../milvus/errors";
import type { Milvus } from "../milvus/gateway";
import { aCollection, anAlias, type CollectionRef } from "../milvus/names";
import { DOCUMENTS } from "./common/examples";
import {
  comesBackUnderItsName,
  followCollection,
  inSameCollection,
  isCompared,
  underNewName,
} from "./in-collection/decided";
import { describeParent, inCollection, listInCollections } from "./in-collection/collection";
import { demandAsMany, servedLess } from "./in-collection/served";
import { refuseToTakeOver } from "./common/standing";
import { adopt, DEFAULT_TIMEOUTS, milvusName, timeouts } from "./common/inputs";

/** Whatever is another collection now is pointed at in place. */
const repoint = (change: Change<string>, run: Deciding): Effect =>
  followCollection(change, run) === "ignore" ? "ignore" : "update";

const inputs = {
  ...inCollection,
  collectionName: {
    ...inCollection.collectionName,
    doc: "The name of the collection that it points at. Changed in place, in one step.",
    change: repoint,
  },
  collectionId: { ...inCollection.collectionId, change: repoint },
  databaseName: {
    ...inCollection.databaseName,
    /**
     * Asked with everything unknown, and nothing decided of the collection, the engine wants to know what has to go before
     * it: after --replace or when its database is replaced, both with deleteBeforeReplace. An alias does, since a
     * collection is not dropped under it.
     */
    change: (change: Change<string>, run: Deciding): Effect =>
      change.unknown && !isCompared(run, change.state) ? "replace" : inCollection.databaseName.change(change),
  },
  aliasName: required(milvusName("alias"), {
    doc:
      "The name of the alias; no collection of the database may have it. Default: the logical name of the resource. " +
      "A change replaces.",
    change: "replace",
    inId: true,
  }),
  fewerEntities: optional(oneOf("allow", "warn", "refuse"), {
    doc:
      "What becomes of a move to a collection that holds fewer entities than the one that the alias points at: `refuse` " +
      "it, before anything is changed, at preview where the numbers are certain; `warn`; or `allow` it, without counting. " +
      "A CollectionBehindAlias sets it. Default: `allow`. Never causes a change.",
    change: "ignore",
    inputOnly: true,
  }),
  adopt: {
    ...adopt,
    doc:
      "Whether to take over an alias of this name that exists already and points at another collection: it is pointed " +
      "at the declared one. Default: `false`. Never causes a change.",
  },
  timeouts,
} as const;

export type AliasInputs = ValuesOf<typeof inputs> & { databaseName: string };
export type AliasState = Omit<AliasInputs, "adopt" | "declaredCollection" | "fewerEntities">;

export const alias: Resource<Milvus, AliasInputs, AliasState> = {
  kind: "Alias",
  doc:
    "A second name of a collection, for those who search in it.\n\n" +
    "Pointed at another collection, it moves in one step: whoever searches through it finds the one or the other, and " +
    "never nothing. It comes after what the program declares in the collection before it, its load as well. When its " +
    "`Collection` is replaced it follows. Removed from the program, it is dropped if it still " +
    "points where it was pointed. Milvus: https://milvus.io/docs/manage-aliases.md",
  example: [DOCUMENTS, declare("Alias", "current", { collection: the("documents") })],
  inputs,
  outputs: {},
  nameInput: "aliasName",
  outlivesCollection: true,

  describe: ({ aliasName }) => `alias ${aliasName}`,
  id: ({ databaseName, aliasName }) => `${databaseName}/${aliasName}`,
  fromId(id, { database }) {
    const parts = id.split("/");
    const [aliasName, databaseName = database] = parts.reverse();
    if (parts.length > 2 || !aliasName)
      throw new Error(`${JSON.stringify(id)} is not the id of an alias: it must be DATABASE/ALIAS or ALIAS`);
    return { databaseName, aliasName };
  },
  sameName: (old, wanted) => old.aliasName === wanted.aliasName && old.databaseName === wanted.databaseName,

  renamed: underNewName,
  onCompared(run, old) {
    if (comesBackUnderItsName(run, old)) run.aliases.followsReplacement(old);
  },

  async servesLess(milvus, old, wanted) {
    const { databaseName, aliasName, collectionName, fewerEntities } = wanted;
    const move = { databaseName, aliasName, collectionName, fewerEntities };
    // A collection that is renamed takes its aliases along.
    if (containsUnknown(move) || inSameCollection(milvus, old, wanted)) return undefined;
    return servedLess(milvus, move);
  },

  outage: ({ databaseName, aliasName }) =>
    `whoever searches through alias ${databaseName}/${aliasName} finds nothing`,

  list: (milvus, databaseName) => listInCollections(milvus, databaseName, (ref) => listOf(milvus, ref)),

  async read(milvus, state) {
    const known = state as AliasState;
    const collectionName = await milvus.aliases.target(known);
    if (collectionName === undefined) return undefined;
    const found = await milvus.collections.find({ databaseName: known.databaseName, collectionName });
    return stateOf({ ...known, collectionName }, found);
  },

  async standing(milvus, wanted) {
    const target = await milvus.aliases.target(wanted);
    return target === undefined ? undefined : standingOf(wanted, target);
  },

  async create(milvus, wanted) {
    const operation = milvus.within(wanted.timeouts?.create ?? DEFAULT_TIMEOUTS.create);
    const collection = await describeParent(operation, wanted, anAlias(wanted));
    const target = await operation.aliases.target(wanted);
    if (target === undefined) await make(operation, wanted);
    else await takeOver(operation, wanted, target);
    return stateOf(wanted, collection);
  },

  async update(milvus, old, wanted) {
    const operation = milvus.within(wanted.timeouts?.update ?? DEFAULT_TIMEOUTS.update);
    const collection = await describeParent(operation, wanted, anAlias(wanted));
    const target = await operation.aliases.target(wanted);
    // A collection that was renamed took its aliases along.
    if (target === wanted.collectionName) return stateOf(wanted, collection);
    if (old.collectionId && old.collectionId === collection.collectionId && target !== old.collectionName) {
      log(
        `${anAlias(wanted)} ${target === undefined ? "was dropped" : `was pointed at collection ${target}`} by somebody ` +
          "else, and is left so: `pulumi refresh` finds it",
      );
      return stateOf(wanted, collection);
    }
    if (target !== undefined && target !== old.collectionName)
      log(`${anAlias(wanted)} was pointed at collection ${target} by somebody else meanwhile`);
    if (target !== undefined) await demandAsMany(operation, wanted, target);
    await point(operation, wanted);
    return stateOf(wanted, collection);
  },

  delete(milvus, state) {
    return milvus.run.aliases.dropping(state, drop(milvus, underNewName(milvus, state)));
  },
};

/** It was to be there: one that is gone, or was left behind by a collection that was dropped, is put right. */
async function point(milvus: Milvus, wanted: AliasInputs): Promise<void> {
  try {
    await milvus.aliases.alter(wanted, wanted.collectionName);
    log(`${anAlias(wanted)} points at ${aCollection(wanted)} now`);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    await make(milvus, wanted);
  }
}

async function make(milvus: Milvus, wanted: AliasInputs): Promise<void> {
  await refuseCollectionName(milvus, wanted);
  try {
    await milvus.aliases.create(wanted, wanted.collectionName);
  } catch (error) {
    if (!isAliasTaken(error) || (await milvus.aliases.target(wanted)) !== undefined) throw error;
    // Before 2.5.5 Milvus drops a collection under its alias, which then can only be pointed at another one.
    log(
      `${anAlias(wanted)} was left behind by a collection that is gone; it points at ${aCollection(wanted)} now`,
    );
    await milvus.aliases.alter(wanted, wanted.collectionName);
  }
}

async function refuseCollectionName(milvus: Milvus, { databaseName, aliasName }: AliasInputs): Promise<void> {
  const namesake = { databaseName, collectionName: aliasName };
  if (await milvus.collections.find(namesake))
    throw new Error(
      `${anAlias({ databaseName, aliasName })} cannot be made: there is a ${aCollection(namesake)}, and Milvus has one ` +
        "name for one thing. Choose another aliasName, or give the collection another name first",
    );
}

/** It holds nothing; but whoever searches through it does so in the collection that it points at. */
function standingOf(wanted: AliasInputs, target: string): Standing {
  const inWords = `it points at collection ${target}`;
  if (target === wanted.collectionName || wanted.adopt) return { inWords };
  return {
    inWords,
    refusal:
      `${anAlias(wanted)} exists already and points at collection ${target}, not at ${wanted.collectionName}. To point ` +
      "it there from here, set `adopt: true`; otherwise choose another aliasName",
  };
}

async function takeOver(milvus: Milvus, wanted: AliasInputs, target: string): Promise<void> {
  if (target === wanted.collectionName) {
    log(`${anAlias(wanted)} exists already, points at ${aCollection(wanted)} and is taken over`);
    return;
  }
  refuseToTakeOver(standingOf(wanted, target));
  await demandAsMany(milvus, wanted, target);
  log(`${anAlias(wanted)} exists already, points at collection ${target} and is taken over`);
  await point(milvus, wanted);
}

async function drop(milvus: Milvus, state: AliasState): Promise<void> {
  const operation = milvus.within(state.timeouts?.delete ?? DEFAULT_TIMEOUTS.delete);
  const target = await operation.aliases.target(state);
  if (target === undefined) return dropWhatIsLeft(operation, state);
  if (!(await isWhereItWasPointed(operation, state, target))) {
    log(
      `${anAlias(state)} is not dropped: somebody pointed it at collection ${target}, and the state has ` +
        `${state.collectionName}`,
    );
    return;
  }
  await operation.aliases.drop(state);
}

/** Of one that points nowhere the server says that it is missing, and keeps its name. */
async function dropWhatIsLeft(milvus: Milvus, state: AliasState): Promise<void> {
  try {
    await milvus.aliases.drop(state);
  } catch (error) {
    const mayBeThere = await milvus.databases.find(state.databaseName).catch(() => true);
    if (mayBeThere) throw error;
  }
}

async function isWhereItWasPointed(milvus: Milvus, state: AliasState, target: string): Promise<boolean> {
  if (target === state.collectionName) return true;
  if (!state.collectionId) return false;
  const found = await milvus.collections.find({ ...state, collectionName: target });
  return found?.collectionId === state.collectionId;
}

async function listOf(milvus: Milvus, ref: CollectionRef): Promise<AliasState[]> {
  const found = await milvus.collections.find(ref);
  if (!found) return [];
  const names = await milvus.aliases.of(found);
  return [...names].sort().map((aliasName) => stateOf({ ...ref, aliasName }, found));
}

function stateOf(wanted: AliasInputs, collection: CollectionDescription | undefined): AliasState {
  const { adopt: _, declaredCollection: __, fewerEntities: ___, ...kept } = wanted;
  return { ...kept, collectionId: collection?.collectionId ?? "" };
}
