/**
 * A collection on Zilliz Cloud, with what every plan of it has: databases, users and roles are there on Dedicated clusters
 * only, and resource groups nowhere.
 *
 *     pulumi config set endpoint https://CLUSTER.REGION.vectordb.zillizcloud.com:19530
 *     pulumi config set --secret apiKey ...
 *     pulumi up
 */
import * as pulumi from "@pulumi/pulumi";
import * as milvus from "pulumi-milvus";

const config = new pulumi.Config();

// An https:// address is TLS with the certificate authorities of Node; without a port it is 443.
const cloud = new milvus.Provider("zilliz_cloud", {
  address: config.require("endpoint"),
  token: config.requireSecret("apiKey"),
  // Nothing that holds data is dropped unless its id is in milvus:acknowledgedDataLoss, what leaves the program neither.
  protectData: true,
});

const documents = new milvus.Collection(
  "documents",
  {
    description: "What the assistant may quote",
    fields: [
      { name: "id", dataType: "Int64", isPrimaryKey: true },
      { name: "title", dataType: "VarChar", maxLength: 512 },
      { name: "embedding", dataType: "FloatVector", dim: 768 },
    ],
  },
  { provider: cloud },
);

// What stands in a collection of the program lives on its server.
new milvus.Partition("y2024", { collection: documents });

// The cloud chooses how it indexes: of index types for vectors it has this one, and it takes no parameters.
const byMeaning = new milvus.Index("by_meaning", {
  collection: documents,
  fieldName: "embedding",
  indexType: "AUTOINDEX",
  metricType: "COSINE",
});

// Without replicaNumber: replicas belong to the whole cluster there.
new milvus.CollectionLoad("loaded", { collection: documents }, { dependsOn: byMeaning });

export const collectionName = documents.collectionName;
export const collectionId = documents.collectionId;
