/** What the gateway promises of databases and aliases on every server; see gateway-contract.ts. */
import { isAliasTaken } from "../../provider/milvus/aliases";
import { MilvusError, NotFoundError } from "../../provider/milvus/errors";
import type { Milvus } from "../../provider/milvus/gateway";
import type { AliasRef, CollectionRef } from "../../provider/milvus/names";
import { gatewayTo, ID, NUMBER, uniqueName, VECTOR } from "../support/gateways";
import type { TestServer } from "../support/servers";

export interface NameExpectations {
  /** Whether a collection under an alias is dropped, and what becomes of the alias. */
  readonly droppingAliased: "leaves it pointing nowhere" | "drops it as well" | "refused";
  /** What a database is read back with that was made with one property. */
  readonly databaseProperties: "kept" | "not reported";
  readonly droppingUsedDatabase: RegExp;
  readonly creatingDatabaseAgain: RegExp;
}

const PROPERTIES = { "database.max.collections": "10" };

export function namesContract(name: string, server: () => TestServer, expected: NameExpectations): void {
  const milvus = (): Milvus => gatewayTo(server());
  const made: CollectionRef[] = [];
  const aliases: AliasRef[] = [];
  const databases: string[] = [];

  const create = async (databaseName = milvus().database): Promise<CollectionRef> => {
    const ref = { databaseName, collectionName: uniqueName("named") };
    made.push(ref);
    await milvus().collections.create({ ...ref, fields: [ID, NUMBER, VECTOR] });
    return ref;
  };
  const newAlias = (databaseName = milvus().database): AliasRef => {
    const ref = { databaseName, aliasName: uniqueName("alias") };
    aliases.push(ref);
    return ref;
  };
  const newDatabase = (): string => {
    const databaseName = uniqueName("database");
    databases.push(databaseName);
    return databaseName;
  };
  const createDatabase = async (properties: Record<string, string> = {}): Promise<string> => {
    const databaseName = newDatabase();
    await milvus().databases.create(databaseName, properties);
    return databaseName;
  };
  const reasonOf = async (work: Promise<unknown>): Promise<string> => {
    const error: unknown = await work.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MilvusError);
    return (error as MilvusError).failure.reason;
  };

  describe(`the gateway to ${name}`, () => {
    afterEach(async () => {
      const there = await milvus().databases.list();
      const left = aliases.splice(0).filter(({ databaseName }) => there.includes(databaseName));
      // One after another: Milvus Lite writes them all into one file, and two at once are in each other's way.
      for (const ref of left) await milvus().aliases.drop(ref);
      const standing = made.splice(0).filter(({ databaseName }) => there.includes(databaseName));
      await Promise.all(standing.map((ref) => milvus().collections.drop(ref)));
      const ours = databases.splice(0).filter((databaseName) => there.includes(databaseName));
      await Promise.all(ours.map((databaseName) => milvus().databases.drop(databaseName)));
    });
    afterAll(() => milvus().close());

    describe("aliases", () => {
      test("are created, found, pointed at another collection and dropped", async () => {
        const [first, second, ref] = [await create(), await create(), newAlias()];
        expect(await milvus().aliases.target(ref)).toBeUndefined();
        await milvus().aliases.create(ref, first.collectionName);
        expect(await milvus().aliases.target(ref)).toBe(first.collectionName);
        await milvus().aliases.alter(ref, second.collectionName);
        expect(await milvus().aliases.target(ref)).toBe(second.collectionName);
        await milvus().aliases.alter(ref, second.collectionName);
        await milvus().aliases.drop(ref);
        expect(await milvus().aliases.target(ref)).toBeUndefined();
      });

      test("that are missing are not found, cannot be pointed, and dropping them is no error", async () => {
        const [ref, { collectionName }] = [newAlias(), await create()];
        await expect(milvus().aliases.alter(ref, collectionName)).rejects.toBeInstanceOf(NotFoundError);
        await expect(milvus().aliases.drop(ref)).resolves.toBeUndefined();
      });

      test("of a database that is missing are not taken for anything else than an error or missing", async () => {
        const ref = newAlias(uniqueName("nowhere"));
        const target: unknown = await milvus()
          .aliases.target(ref)
          .catch((thrown: unknown) => thrown);
        if (target !== undefined) expect(target).toBeInstanceOf(MilvusError);
      });

      test("of a collection that is missing are not found to be made", async () => {
        const ref = newAlias();
        await expect(milvus().aliases.create(ref, uniqueName("nothing"))).rejects.toBeInstanceOf(
          NotFoundError,
        );
        expect(await milvus().aliases.target(ref)).toBeUndefined();
      });

      test("that are another collection's are not created again, and are told from other refusals", async () => {
        const [first, second, ref] = [await create(), await create(), newAlias()];
        await milvus().aliases.create(ref, first.collectionName);
        const error: unknown = await milvus()
          .aliases.create(ref, second.collectionName)
          .catch((thrown: unknown) => thrown);
        expect(isAliasTaken(error)).toBe(true);
        expect(await milvus().aliases.target(ref)).toBe(first.collectionName);
        const namesake = { ...ref, aliasName: first.collectionName };
        const conflict: unknown = await milvus()
          .aliases.create(namesake, second.collectionName)
          .catch((thrown: unknown) => thrown);
        expect(conflict).toBeInstanceOf(MilvusError);
        expect(isAliasTaken(conflict)).toBe(false);
      });

      test("are listed with their collection, or by themselves where that says nothing of them", async () => {
        const [collection, first, second] = [await create(), newAlias(), newAlias()];
        for (const ref of [first, second]) await milvus().aliases.create(ref, collection.collectionName);
        const listed = await milvus().aliases.of(await milvus().collections.describe(collection));
        expect([...listed].sort()).toEqual([first.aliasName, second.aliasName].sort());
      });

      test("follow a collection that is renamed", async () => {
        const [collection, ref, name] = [await create(), newAlias(), uniqueName("renamed")];
        await milvus().aliases.create(ref, collection.collectionName);
        await milvus().collections.rename(collection, name);
        made.push({ ...collection, collectionName: name });
        expect(await milvus().aliases.target(ref)).toBe(name);
      });

      test("are of one database each", async () => {
        const databaseName = await createDatabase();
        const [here, there] = [await create(), await create(databaseName)];
        const ref = newAlias();
        const namesake = { databaseName, aliasName: ref.aliasName };
        aliases.push(namesake);
        await milvus().aliases.create(ref, here.collectionName);
        expect(await milvus().aliases.target(namesake)).toBeUndefined();
        await milvus().aliases.create(namesake, there.collectionName);
        expect(await milvus().aliases.target(namesake)).toBe(there.collectionName);
        await milvus().aliases.drop(ref);
        expect(await milvus().aliases.target(namesake)).toBe(there.collectionName);
      });

      test("of a collection that is dropped become what the server makes of them, and can be pointed again", async () => {
        const [gone, next, ref] = [await create(), await create(), newAlias()];
        await milvus().aliases.create(ref, gone.collectionName);
        const dropped = milvus().collections.drop(gone);
        if (expected.droppingAliased === "refused") {
          expect(await reasonOf(dropped)).toMatch(/alias/);
          return;
        }
        await dropped;
        expect(await milvus().aliases.target(ref)).toBeUndefined();
        const created: unknown = await milvus()
          .aliases.create(ref, next.collectionName)
          .catch((thrown: unknown) => thrown);
        expect(isAliasTaken(created)).toBe(expected.droppingAliased === "leaves it pointing nowhere");
        await milvus().aliases.alter(ref, next.collectionName);
        expect(await milvus().aliases.target(ref)).toBe(next.collectionName);
      });
    });

    describe("databases", () => {
      test("are created, found, listed and dropped", async () => {
        const databaseName = newDatabase();
        expect(await milvus().databases.find(databaseName)).toBeUndefined();
        await milvus().databases.create(databaseName, {});
        expect(await milvus().databases.find(databaseName)).toBeDefined();
        expect(await milvus().databases.list()).toContain(databaseName);
        await milvus().databases.drop(databaseName);
        expect(await milvus().databases.find(databaseName)).toBeUndefined();
      });

      test("are not created twice", async () => {
        const databaseName = await createDatabase();
        expect(await reasonOf(milvus().databases.create(databaseName, {}))).toMatch(
          expected.creatingDatabaseAgain,
        );
      });

      test("have their properties read, set and removed where the server has them", async () => {
        const databaseName = await createDatabase(PROPERTIES);
        const properties = async () => (await milvus().databases.find(databaseName))?.properties;
        if (expected.databaseProperties === "not reported") {
          expect(await properties()).toBeUndefined();
          return;
        }
        expect(await properties()).toEqual(PROPERTIES);
        await milvus().databases.setProperties(databaseName, { "database.replica.number": "1" });
        expect(await properties()).toEqual({ ...PROPERTIES, "database.replica.number": "1" });
        if (!(await milvus().supports("dropProperties"))) return;
        await milvus().databases.dropProperties(databaseName, Object.keys(PROPERTIES));
        expect(await properties()).toEqual({ "database.replica.number": "1" });
      });

      test("are not dropped while there is a collection in them, and right after it has gone", async () => {
        const databaseName = await createDatabase();
        const ref = await create(databaseName);
        expect(await reasonOf(milvus().databases.drop(databaseName))).toMatch(expected.droppingUsedDatabase);
        await milvus().collections.drop(ref);
        await milvus().databases.drop(databaseName);
        expect(await milvus().databases.find(databaseName)).toBeUndefined();
      });
    });
  });
}
