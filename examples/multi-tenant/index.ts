/**
 * One Milvus for several tenants: each has a database of its own with a collection in it, and two users, one who writes
 * and one who only reads. Nobody sees what another tenant has. It needs a Milvus with authorization on:
 *
 *     pulumi config set milvus:address localhost:19530
 *     pulumi config set --secret milvus:token root:PASSWORD
 *     pulumi config set --secret acme_writer_password ...        and so on for each user, such as globex_reader_password
 *     pulumi up
 *
 * A tenant that is taken out of `tenants` goes with its users, roles, grants, collection and database.
 */
import * as pulumi from "@pulumi/pulumi";
import * as milvus from "pulumi-milvus";

const config = new pulumi.Config();

/** What its users may do in a tenant's database. These privileges are known to every Milvus from 2.3 on. */
const ROLES = {
  reader: {
    inCollections: ["Search", "Query", "GetLoadState", "ShowPartitions", "IndexDetail"],
    inDatabase: ["ShowCollections"],
  },
  writer: {
    inCollections: [
      "Search",
      "Query",
      "Insert",
      "Upsert",
      "Delete",
      "Flush",
      "Load",
      "Release",
      "GetLoadState",
    ],
    inDatabase: ["ShowCollections"],
  },
} as const;

function makeTenant(tenant: string): pulumi.Output<string> {
  const database = new milvus.Database(tenant, {});
  const { databaseName } = database;

  const documents = new milvus.Collection(`${tenant}_documents`, {
    databaseName,
    collectionName: "documents",
    description: `What ${tenant} may quote`,
    fields: [
      { name: "id", dataType: "Int64", isPrimaryKey: true },
      { name: "title", dataType: "VarChar", maxLength: 512 },
      { name: "embedding", dataType: "FloatVector", dim: 8 },
    ],
  });
  new milvus.Index(`${tenant}_by_meaning`, {
    collection: documents,
    indexName: "by_meaning",
    fieldName: "embedding",
    indexType: "HNSW",
    metricType: "COSINE",
    params: { M: 16, efConstruction: 200 },
  });

  for (const [kind, may] of Object.entries(ROLES)) {
    const name = `${tenant}_${kind}`;
    const role = new milvus.Role(name, {});
    // Passing roleName and databaseName on has the grants made after what they name, and gone before it.
    const { roleName } = role;
    for (const privilege of may.inCollections)
      new milvus.Grant(`${name}_${privilege}`, { roleName, privilege, databaseName, collectionName: "*" });
    for (const privilege of may.inDatabase)
      new milvus.Grant(`${name}_${privilege}`, { roleName, privilege, databaseName });

    const user = new milvus.User(name, { password: config.requireSecret(`${name}_password`) });
    new milvus.RoleMembership(name, { userName: user.userName, roleName });
  }
  return databaseName;
}

export const databases = config.requireObject<string[]>("tenants").map(makeTenant);
