/** Whether a server holds what it must, after a version of a random program. */
import type { TestAccess } from "../../live/support/access";
import type { TestMilvus } from "../../live/support/milvus";
import { accessSeen, expectedAccess } from "./expected-access";
import { DEFAULT_DATABASE, expectedOf, pathOf, seenOn, type Standing, type World } from "./expected-server";
import { Lost } from "./tally";

export interface Server {
  readonly milvus: TestMilvus;
  readonly access: TestAccess;
  /** Ends the name of everything that is of this run. */
  readonly suffix: string;
}

export async function isAsExpected(server: Server, world: World): Promise<void> {
  await nothingElseIsThere(server, world);
  await aliasesPoint(server, world);
  for (const standing of world.standing.values()) await standsAsExpected(server, standing);
  expect(await accessSeen(server.access, world)).toEqual(expectedAccess(world));
}

/** Of what stands in no collection; a database that should be there and is not is missed here as well. */
export async function nothingElseIsThere({ milvus, access, suffix }: Server, world: World): Promise<void> {
  const databases = await milvus.databasesOf(suffix);
  const collections = await Promise.all(
    [DEFAULT_DATABASE, ...databases].map(async (database) =>
      (await milvus.within(database).allOf(suffix)).map((name) => pathOf(database, name)),
    ),
  );
  const left = [
    ...databases.filter((name) => !world.databases.has(name)).map((name) => `database ${name}`),
    ...collections.flat().filter((path) => !world.standing.has(path)),
    ...(await access.users()).filter((name) => !world.access.users.has(name)).map((name) => `user ${name}`),
    ...(await access.roles()).filter((name) => !world.access.roles.has(name)).map((name) => `role ${name}`),
  ];
  if (left.length > 0) throw new Lost(`left behind: ${left.join(", ")}`);
  expect(databases.sort()).toEqual([...world.databases].sort());
}

async function aliasesPoint({ milvus }: Server, { standing, aliases }: World): Promise<void> {
  const pointing = await Promise.all(
    [...standing].map(async ([path, { database, name }]) => {
      const { aliases: found = [] } = await milvus.within(database).describe(name);
      return found.map((alias) => [pathOf(database, alias), path] as const);
    }),
  );
  expect(Object.fromEntries(pointing.flat())).toEqual(Object.fromEntries(aliases));
}

async function standsAsExpected(server: Server, standing: Standing): Promise<void> {
  const milvus = server.milvus.within(standing.database);
  await isStillThere(milvus, standing);
  const [seen, expected] = [await seenOn(milvus, standing.name), expectedOf(standing)];
  const left = seen.partitions.filter((name) => !expected.partitions.includes(name));
  if (left.length > 0) throw new Lost(`partition ${left.join(", ")} of ${standing.name} is left behind`);
  const gone = [...standing.partitions].filter(([name, rows]) => rows > 0 && !seen.partitions.includes(name));
  if (gone.length > 0)
    throw new Lost(`partition ${gone.join(", ")} of ${standing.name} is gone with its rows`);
  expect({ [standing.name]: seen }).toEqual({ [standing.name]: expected });
  await countLoaded(server, standing);
}

async function isStillThere(milvus: TestMilvus, standing: Standing): Promise<void> {
  const { name, id } = standing;
  if (!(await milvus.exists(name))) throw new Lost(`collection ${name} is gone`);
  const found = await milvus.collectionId(name);
  if (id !== undefined && id !== found)
    throw new Lost(`collection ${name} is another one, its rows are gone`);
  standing.id = found;
}

/** Of what is loaded, which alone can be counted exactly. */
export async function countLoaded(
  server: Server,
  { database, name, schema, partitions, loaded }: Standing,
): Promise<void> {
  if (loaded === "no") return;
  const milvus = server.milvus.within(database);
  const groups: [string | undefined, number][] = schema.partitionKey
    ? [[undefined, [...partitions.values()].reduce((sum, rows) => sum + rows, 0)]]
    : [...partitions].filter(([partition]) => loaded === "whole" || loaded.includes(partition));
  for (const [partition, rows] of groups) {
    const found = await milvus.count(name, partition);
    const where = `${name}/${partition ?? "all"}: ${found} rows where ${rows} must be`;
    if (found < rows) throw new Lost(where);
    expect(where).toBe(`${name}/${partition ?? "all"}: ${rows} rows where ${rows} must be`);
  }
}
