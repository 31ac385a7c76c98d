/**
 * A Milvus with Docker Compose, and what is in it, in one stack: `pulumi up` starts the containers of compose.yaml, waits
 * for Milvus, and makes the rest; `pulumi destroy` removes the collection and then the containers. Their volumes stay.
 *
 *     pulumi config set --secret rootPassword ...
 *     pulumi up
 */
import { execFileSync } from "node:child_process";

import * as pulumi from "@pulumi/pulumi";
import * as milvus from "pulumi-milvus";

/** What compose.yaml is given. */
interface Settings {
  readonly port: number;
  readonly rootPassword: string;
}

/** Runs in the folder of the program, where compose.yaml is. */
function compose({ port, rootPassword }: Settings, ...args: string[]): void {
  const env = { ...process.env, MILVUS_PORT: String(port), MILVUS_ROOT_PASSWORD: rootPassword };
  execFileSync("docker", ["compose", ...args], { env, stdio: "inherit" });
}

const starting: pulumi.dynamic.ResourceProvider<Settings> = {
  create(settings) {
    compose(settings, "up", "--detach");
    return Promise.resolve({ id: "compose", outs: settings });
  },
  update(_id, _old, settings) {
    compose(settings, "up", "--detach");
    return Promise.resolve({ outs: settings });
  },
  delete(_id, settings: Settings) {
    compose(settings, "down");
    return Promise.resolve();
  },
};

class ComposedMilvus extends pulumi.dynamic.Resource {
  declare readonly port: pulumi.Output<number>;
  declare readonly rootPassword: pulumi.Output<string>;

  constructor(
    name: string,
    settings: { port: pulumi.Input<number>; rootPassword: pulumi.Input<string> },
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(starting, name, { ...settings }, opts);
  }
}

const config = new pulumi.Config();
const server = new ComposedMilvus("milvus", {
  port: config.requireNumber("port"),
  rootPassword: config.requireSecret("rootPassword"),
});

// Its address comes out of a resource of this stack: a server that is still starting there is waited for, 10 minutes long
// unless `timeouts` say otherwise.
const composed = new milvus.Provider("composed", {
  address: pulumi.interpolate`127.0.0.1:${server.port}`,
  username: "root",
  password: server.rootPassword,
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
  { provider: composed },
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

export const address = pulumi.interpolate`127.0.0.1:${server.port}`;
export const collectionName = documents.collectionName;
