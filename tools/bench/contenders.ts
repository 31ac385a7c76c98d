/** Who is compared: programs of this package, the engine's floor, the textbook, and scripts of the Milvus SDK. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { accessTo } from "../../tests/live/support/live";
import { rows, TestMilvus } from "../../tests/live/support/milvus";
import type { TestServer } from "../../tests/support/servers";
import { spawnGuarded } from "../processes";
import { createWorkspace, type Workspace, type WorkspaceOptions } from "../stack";

const BASELINES = join(__dirname, "baselines");

/** The same for all contenders: collections that start with these letters, and partitions p0, p1, ... in each. */
export interface Shape {
  readonly collections: readonly string[];
  readonly partitions: readonly string[];
  readonly index?: boolean;
  /** Another version is replaced. */
  readonly version?: number;
  /** The partitions as one resource. */
  readonly set?: boolean;
}

export function partitionNames(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, at) => `p${from + at}`);
}

export function ours({ collections, partitions, index = false, version = 0, set = false }: Shape): string {
  return `
    const milvus = require("pulumi-milvus");
    for (const collectionName of ${JSON.stringify(collections)}) {
      const collection = new milvus.Collection(collectionName, {
        fields: [
          { name: "id", dataType: "Int64", isPrimaryKey: true },
          { name: "year", dataType: "Int64" },
          { name: "embedding", dataType: "FloatVector", dim: ${8 + version} },
        ],
      });
      const partitionNames = ${JSON.stringify(partitions)};
      if (${set}) new milvus.PartitionSet("all", { collection, partitionNames });
      else for (const partitionName of partitionNames)
        new milvus.Partition(\`\${collectionName}_\${partitionName}\`, { collection, partitionName });
      if (${index}) new milvus.Index("by_meaning", { collection, fieldName: "embedding", indexType: "HNSW",
        metricType: "COSINE", params: { M: 8, efConstruction: 64 } });
    }`;
}

/** As many resources that depend on each other in the same way. */
function tree(shape: Shape, resource: string, child: string): string {
  const { collections, partitions, index = false, version = 0, set = false } = shape;
  const children = [...(set ? ["all"] : partitions), ...(index ? ["by_meaning"] : [])];
  return `
    const pulumi = require("@pulumi/pulumi");
    ${resource}
    for (const collectionName of ${JSON.stringify(collections)}) {
      const collection = new Resource(collectionName, { version: ${version} });
      for (const name of ${JSON.stringify(children)})
        new Resource(\`\${collectionName}_\${name}\`, { name, parentId: collection.objectId }${child});
    }`;
}

/** A literal stub: the least that the engine can be asked for as many resources. */
export function floor(shape: Shape): string {
  const handler = `'exports.handler = () => require("stub");'`;
  return stubs(shape, "pulumi-nodejs:dynamic/bench:Stub", `__provider: ${handler},`);
}

/** The same over the stub plugin. */
export function pluginFloor(shape: Shape): string {
  return stubs(shape, "stub:index:Thing");
}

function stubs(shape: Shape, type: string, more = ""): string {
  return tree(
    shape,
    `class Resource extends pulumi.CustomResource {
       constructor(name, inputs, options) {
         super("${type}", name, { objectId: undefined, ${more} ...inputs }, options);
       }
     }`,
    ", { deletedWith: collection }",
  );
}

/** What Pulumi's documentation shows. */
export function textbook(shape: Shape): string {
  return tree(
    shape,
    `class Provider {
       async create(inputs) { return { id: String(Math.random()), outs: { ...inputs, objectId: "1" } }; }
       async read(id, props) { return { id, props }; }
       async update(id, olds, news) { return { outs: news }; }
       async delete() {}
     }
     class Resource extends pulumi.dynamic.Resource {
       constructor(name, inputs, options) {
         super(new Provider(), name, { objectId: undefined, ...inputs }, options);
       }
     }`,
    "",
  );
}

interface ArenaOptions extends WorkspaceOptions {
  /** The address of a proxy that the stack goes through. */
  readonly through?: string;
}

/** One server, and what is done on it. */
export class Arena {
  readonly milvus: TestMilvus;
  private made = 0;

  constructor(private readonly server: TestServer) {
    this.milvus = new TestMilvus(server);
  }

  get address(): string {
    return this.server.address;
  }

  /** A collection name that nothing else has. */
  name(): string {
    return `bench_${process.pid}_${++this.made}`;
  }

  names(count: number): string[] {
    return Array.from({ length: count }, () => this.name());
  }

  private stack(program: string, { through, ...options }: ArenaOptions): Promise<Workspace> {
    return createWorkspace({
      language: "js",
      program,
      config: accessTo(this.server, through),
      files: { "node_modules/stub/index.js": readFileSync(join(BASELINES, "stub.js"), "utf8") },
      ...options,
    });
  }

  /** A stack for the time of the work; the collections that it may have made are gone afterwards. */
  async within(
    program: string,
    collections: readonly string[],
    work: (stack: Workspace) => Promise<unknown>,
    options: ArenaOptions = {},
  ): Promise<void> {
    const stack = await this.stack(program, options);
    try {
      await work(stack);
    } finally {
      stack.dispose();
      await this.drop(...collections);
    }
  }

  /** With so many rows in each partition, written out, and all of it loaded. */
  async fill(collection: string, partitions: readonly string[], rowsEach = 100): Promise<void> {
    for (const [at, partition] of partitions.entries())
      await this.milvus.insert(collection, rows(rowsEach, at * rowsEach), partition);
    await this.milvus.flush(collection);
    await this.milvus.load(collection);
  }

  /** What a program declares as `ours`, made by hand. */
  async make(collection: string, partitions: readonly string[]): Promise<void> {
    await this.milvus.createCollection(collection);
    for (const partition of partitions) await this.milvus.createPartition(collection, partition);
    await this.milvus.createIndex(collection, {
      index_name: "by_meaning",
      field_name: "embedding",
      index_type: "HNSW",
      metric_type: "COSINE",
      params: { M: 8, efConstruction: 64 },
    });
  }

  /** Runs a script of the Milvus SDK as a user would, in a process of its own. */
  async script(command: "create" | "remove" | "replace", collection: string, count: number): Promise<void> {
    const args = [join(BASELINES, "script.js"), this.server.address, command, collection, String(count)];
    const { exited } = spawnGuarded(process.execPath, args, {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const { code } = await exited;
    if (code !== 0) throw new Error(`the script's ${command} ended with exit code ${code}`);
  }

  async drop(...collections: readonly string[]): Promise<void> {
    for (const collection of collections) await this.milvus.dropCollection(collection);
  }

  close(): Promise<unknown> {
    return this.milvus.close();
  }
}
