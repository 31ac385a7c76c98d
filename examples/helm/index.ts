/**
 * A Milvus on Kubernetes, and what is in it, in one stack: `pulumi up` installs the Helm chart of Milvus's makers, waits for
 * it, and makes the rest; `pulumi destroy` removes the collection and then the release. It needs a cluster whose load
 * balancers can be reached from this machine:
 *
 *     pulumi config set allowedFrom 203.0.113.7/32
 *     pulumi config set --secret rootPassword ...
 *     pulumi up
 */
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as milvus from "pulumi-milvus";

const config = new pulumi.Config();
const rootPassword = config.requireSecret("rootPassword");

const release = new kubernetes.helm.v3.Release("milvus", {
  name: "milvus",
  namespace: config.require("namespace"),
  createNamespace: true,
  chart: "milvus",
  version: "5.0.19", // Milvus 2.6.15
  repositoryOpts: { repo: "https://zilliztech.github.io/milvus-helm/" },
  // Images are large: the first start takes minutes.
  timeout: 900,
  values: {
    // One process instead of a process for each part of Milvus, as the chart's own page has it.
    cluster: { enabled: false },
    pulsarv3: { enabled: false },
    etcd: { replicaCount: 1 },
    minio: { mode: "standalone" },
    // What Pulumi runs on has to reach it. It speaks plain text here: keep it in a network of yours.
    service: { type: "LoadBalancer", loadBalancerSourceRanges: [config.require("allowedFrom")] },
    // Merged into milvus.yaml. JSON is YAML, and quotes the password.
    extraConfigFiles: {
      "user.yaml": pulumi.jsonStringify({
        common: { security: { authorizationEnabled: true, defaultRootPassword: rootPassword } },
      }),
    },
  },
});

// The chart calls its service like the release.
const { status } = kubernetes.core.v1.Service.get(
  "milvus",
  pulumi.interpolate`${release.status.namespace}/${release.status.name}`,
);
const host = status.loadBalancer.apply(({ ingress: [first] }) => first?.hostname ?? first?.ip);

// Its address comes out of a resource of this stack: a server that is still starting there is waited for, 10 minutes long
// unless `timeouts` say otherwise.
const inCluster = new milvus.Provider("in_cluster", {
  address: pulumi.interpolate`${host}:19530`,
  username: "root",
  password: rootPassword,
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
  { provider: inCluster },
);
new milvus.Partition("y2024", { collection: documents });
const byMeaning = new milvus.Index("by_meaning", {
  collection: documents,
  fieldName: "embedding",
  indexType: "HNSW",
  metricType: "COSINE",
  params: { M: 16, efConstruction: 200 },
});
new milvus.CollectionLoad("loaded", { collection: documents }, { dependsOn: byMeaning });

export const address = pulumi.interpolate`${host}:19530`;
export const collectionName = documents.collectionName;
