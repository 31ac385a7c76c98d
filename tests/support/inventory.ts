/** All that stands on a server, and how: what it was before a run must be what it is afterwards. */
import type { Milvus } from "../../provider/milvus/gateway";
import type { CollectionDescription } from "../../provider/milvus/collections";
import { aCollection, wire } from "../../provider/milvus/names";

/** What there is, such as "collection default/documents", and how it is: "id 4711, 20 rows, loaded". */
export type Inventory = ReadonlyMap<string, string>;

type Entry = readonly [what: string, how: string];

export async function inventoryOf(milvus: Milvus): Promise<Inventory> {
  const databases = await milvus.databases.list();
  const all = plainly(databases.map((name) => `database ${name}`));
  // One after another: this is no load test of the user's server.
  for (const name of databases) all.push(...(await contentOf(milvus, name)));
  return new Map([...all, ...(await peopleOf(milvus)), ...(await groupsOf(milvus))]);
}

/** In words: what came, what went and what is not as it was. */
export function differences(before: Inventory, after: Inventory): string[] {
  const changed = [...before].filter(([what, how]) => after.has(what) && after.get(what) !== how);
  return [
    ...[...after.keys()].filter((what) => !before.has(what)).map((what) => `left behind: ${what}`),
    ...[...before.keys()].filter((what) => !after.has(what)).map((what) => `gone: ${what}`),
    ...changed.map(([what, how]) => `changed: ${what} (was: ${how}; is: ${after.get(what)})`),
  ];
}

async function contentOf(milvus: Milvus, databaseName: string): Promise<Entry[]> {
  const all: Entry[] = [];
  for (const { collectionName } of await milvus.collections.list(databaseName)) {
    const found = await milvus.collections.find({ databaseName, collectionName });
    // Somebody else's, dropped meanwhile.
    if (found) all.push(...(await entriesOf(milvus, found)));
  }
  return all;
}

async function entriesOf(milvus: Milvus, found: CollectionDescription): Promise<Entry[]> {
  const object = aCollection(found);
  const plain = (what: string): Entry => [`${what} of ${object}`, ""];
  const loaded = await milvus.loading.loadedAs(found);
  const state = loaded ? `loaded, replicas: ${loaded.replicaNumber}` : await milvus.loading.stateOf(found);
  const rows = await flushedRows(milvus, found);
  const partitions: Entry[] = [];
  for (const { partitionName } of await milvus.partitions.list(found)) {
    const isLoaded = loaded && (loaded.partitionNames?.includes(partitionName) ?? true);
    const how = `${await flushedRows(milvus, found, partitionName)} rows, ${isLoaded ? "loaded" : "not loaded"}`;
    partitions.push([`partition ${partitionName} of ${object}`, how]);
  }
  return [
    [object, `id ${found.collectionId ?? "none"}, ${rows} rows, ${state}`],
    ...partitions,
    ...(await milvus.indexes.list(found)).map(({ indexName }) => plain(`index ${indexName}`)),
    ...(await milvus.aliases.of(found)).map((alias) => plain(`alias ${alias}`)),
  ];
}

/** Asked of what is loaded and of what is not, without a query. */
async function flushedRows(
  milvus: Milvus,
  found: CollectionDescription,
  partition?: string,
): Promise<string> {
  const { data } = await milvus.call({
    operation: partition === undefined ? "GetCollectionStatistics" : "GetPartitionStatistics",
    object: aCollection(found),
    run: (client, timeout) =>
      partition === undefined
        ? client.getCollectionStatistics({ ...wire(found), timeout })
        : client.getPartitionStatistics({ ...wire(found), partition_name: partition, timeout }),
  });
  return String(data.row_count);
}

async function peopleOf(milvus: Milvus): Promise<Entry[]> {
  if (!(await milvus.supports("accessControl"))) return [];
  const [users, roles] = [await milvus.users.list(), await milvus.roles.list()];
  const inRoles = roles.flatMap(({ roleName, userNames }) =>
    userNames.map((user) => `user ${user} in role ${roleName}`),
  );
  const grants = await Promise.all(roles.map(({ roleName }) => milvus.grants.listEverywhere(roleName)));
  return plainly([
    ...grants.flat().map((grant) => `grant ${JSON.stringify(grant)}`),
    ...users.map((name) => `user ${name}`),
    ...roles.map(({ roleName }) => `role ${roleName}`),
    ...inRoles,
  ]);
}

async function groupsOf(milvus: Milvus): Promise<Entry[]> {
  const resource = (await milvus.supports("resourceGroups")) ? await milvus.resourceGroups.list() : [];
  const privileges = (await milvus.supports("privilegeGroups")) ? await milvus.privilegeGroups.list() : [];
  return plainly([
    ...resource.map((name) => `resource group ${name}`),
    ...privileges.map(({ privilegeGroupName }) => `privilege group ${privilegeGroupName}`),
  ]);
}

function plainly(all: readonly string[]): Entry[] {
  return all.map((what) => [what, ""]);
}
