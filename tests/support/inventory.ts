/** All that stands on a server, by kind and name: what it held before a run must be what it holds after. */
import { Milvus } from "../../provider/milvus/gateway";
import { Run } from "../../provider/run";

interface Server {
  readonly address: string;
  readonly username?: string;
  readonly password?: string;
}

/** One object each, such as "collection default/documents (id 4711)". */
export type Inventory = readonly string[];

export async function inventoryOf({ address, username, password }: Server): Promise<Inventory> {
  const milvus = Milvus.at({ address, username, password, tls: undefined, database: "default" }, new Run());
  try {
    const databases = await milvus.databases.list();
    const inside = await Promise.all(databases.map((name) => contentOf(milvus, name)));
    return [
      ...databases.map((name) => `database ${name}`),
      ...inside.flat(),
      ...(await peopleOf(milvus)),
      ...(await groupsOf(milvus)),
    ].sort();
  } finally {
    await milvus.close();
  }
}

/** In words: what came and what went. */
export function differences(before: Inventory, after: Inventory): string[] {
  return [
    ...after.filter((one) => !before.includes(one)).map((one) => `left behind: ${one}`),
    ...before.filter((one) => !after.includes(one)).map((one) => `gone: ${one}`),
  ];
}

async function contentOf(milvus: Milvus, databaseName: string): Promise<string[]> {
  const listed = await milvus.collections.list(databaseName);
  const each = await Promise.all(
    listed.map(async ({ collectionName }) => {
      const found = await milvus.collections.find({ databaseName, collectionName });
      // Somebody else's, dropped meanwhile.
      if (!found) return [];
      const place = `${databaseName}/${collectionName}`;
      const partitions = await milvus.partitions.list(found);
      const indexes = await milvus.indexes.list(found);
      return [
        `collection ${place} (id ${found.collectionId ?? "none"})`,
        ...partitions.map(({ partitionName }) => `partition ${partitionName} of collection ${place}`),
        ...indexes.map(({ indexName }) => `index ${indexName} of collection ${place}`),
        ...(await milvus.aliases.of(found)).map((alias) => `alias ${alias} of collection ${place}`),
      ];
    }),
  );
  return each.flat();
}

async function peopleOf(milvus: Milvus): Promise<string[]> {
  if (!(await milvus.supports("accessControl"))) return [];
  const [users, roles] = [await milvus.users.list(), await milvus.roles.list()];
  const inRoles = roles.flatMap(({ roleName, userNames }) =>
    userNames.map((user) => `user ${user} in role ${roleName}`),
  );
  const grants = await Promise.all(roles.map(({ roleName }) => milvus.grants.listEverywhere(roleName)));
  return [
    ...grants.flat().map((grant) => `grant ${JSON.stringify(grant)}`),
    ...users.map((name) => `user ${name}`),
    ...roles.map(({ roleName }) => `role ${roleName}`),
    ...inRoles,
  ];
}

async function groupsOf(milvus: Milvus): Promise<string[]> {
  const resource = (await milvus.supports("resourceGroups")) ? await milvus.resourceGroups.list() : [];
  const privileges = (await milvus.supports("privilegeGroups")) ? await milvus.privilegeGroups.list() : [];
  return [
    ...resource.map((name) => `resource group ${name}`),
    ...privileges.map(({ privilegeGroupName }) => `privilege group ${privilegeGroupName}`),
  ];
}
