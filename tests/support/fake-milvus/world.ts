/** All that the fake knows: what a Milvus keeps in etcd and in its nodes. */
import type { KeyValue } from "./key-values";
import { isFrom, type Version } from "./versions";

export interface Field {
  readonly fieldID: string;
  readonly name: string;
  readonly description: string;
  readonly data_type: string;
  readonly element_type: string;
  readonly is_primary_key: boolean;
  readonly autoID: boolean;
  readonly is_partition_key: boolean;
  readonly is_clustering_key: boolean;
  readonly is_dynamic: boolean;
  readonly is_function_output: boolean;
  readonly nullable: boolean;
  readonly default_value: object | null;
  readonly type_params: readonly KeyValue[];
}

export interface StructField {
  readonly fieldID: string;
  readonly name: string;
  readonly description: string;
  readonly nullable: boolean;
  readonly fields: readonly Field[];
  readonly type_params: readonly KeyValue[];
}

export interface FunctionSchema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly type: string;
  readonly input_field_names: readonly string[];
  readonly output_field_names: readonly string[];
  readonly params: readonly KeyValue[];
}

export interface Partition {
  readonly id: string;
  readonly name: string;
  readonly created: string;
}

export interface Index {
  readonly id: string;
  readonly name: string;
  readonly fieldName: string;
  /** As the server reads them back. */
  params: readonly KeyValue[];
  /** As the client sent them, which is what a second request is compared with. */
  readonly asked: readonly KeyValue[];
}

export interface Row {
  readonly key: string;
  readonly partitionId: string;
  flushed: boolean;
  deleted: boolean;
}

export interface Load {
  /** Whether partitions to come are loaded as well. */
  whole: boolean;
  readonly partitionIds: Set<string>;
  /** Those that have only just begun, and when each is there, in milliseconds since the epoch. */
  readonly readyAt: Map<string, number>;
  /** Until when it counts as loading again after some of it was released, in milliseconds since the epoch. */
  unsettledUntil: number;
  replicas: number;
  resourceGroups: readonly string[];
  fields: readonly string[];
}

export interface Collection {
  readonly id: string;
  name: string;
  description: string;
  databaseName: string;
  fields: readonly Field[];
  structFields: readonly StructField[];
  functions: readonly FunctionSchema[];
  enableDynamicField: boolean;
  consistencyLevel: string;
  readonly shardsNum: number;
  /** As asked for with a partition key. */
  readonly numPartitions: number;
  /** How often the schema was changed; none until it was. */
  schemaVersion?: number;
  properties: readonly KeyValue[];
  partitions: readonly Partition[];
  indexes: readonly Index[];
  rows: Row[];
  load: Load | undefined;
  /** What servers with a stale cache tell. */
  cachedAliases?: readonly string[];
  readonly created: string;
}

export interface Database {
  readonly id: string;
  readonly name: string;
  properties: readonly KeyValue[];
  readonly collections: Map<string, Collection>;
  /** Alias to collection id: on 2.3 the collection may be gone already. */
  readonly aliases: Map<string, string>;
  readonly created: string;
}

export interface User {
  password: string;
  description: string;
  readonly roles: Set<string>;
}

export interface Grant {
  readonly role: string;
  readonly object: string;
  readonly objectName: string;
  readonly privilege: string;
  readonly databaseName: string;
  readonly grantor: string;
}

export interface ResourceGroup {
  readonly name: string;
  nodes: number;
  config: object | null;
}

export interface Settings {
  readonly version: Version;
  /** Of root, when credentials are asked for. */
  readonly password: string | undefined;
  /** How long a load of something takes, in milliseconds. */
  readonly loadTime: number;
  /** How long a collection is said to be loading after a part of it was released, in milliseconds. */
  readonly settlingTime: number;
  readonly queryNodes: number;
  /** Whether Milvus 3 keeps rows in the storage that new functions and Text fields need. */
  readonly storageV3: boolean;
}

export const DEFAULT_DATABASE = "default";
/** As the default group says it holds: DefaultResourceGroupCapacity. */
export const DEFAULT_CAPACITY = 1_000_000;
export const DEFAULT_RESOURCE_GROUP = "__default_resource_group";

export class World {
  readonly databases = new Map<string, Database>();
  readonly users = new Map<string, User>();
  /** Name to description. */
  readonly roles = new Map<string, string>();
  grants: readonly Grant[] = [];
  readonly privilegeGroups = new Map<string, Set<string>>();
  readonly resourceGroups = new Map<string, ResourceGroup>();
  private readonly dropped: { readonly id: string; readonly name: string; readonly databaseId: string }[] =
    [];
  private lastId = 455_000_000_000_000_000n;
  private lastTimestamp = 0n;

  constructor(readonly settings: Settings) {
    this.addDatabase(DEFAULT_DATABASE, []);
    this.users.set("root", { password: settings.password ?? "Milvus", description: "", roles: new Set() });
    for (const role of ["admin", "public"]) this.roles.set(role, "");
    this.resourceGroups.set(DEFAULT_RESOURCE_GROUP, {
      name: DEFAULT_RESOURCE_GROUP,
      nodes: settings.queryNodes,
      // internal/querycoordv2/meta/resource_manager.go, 2.4.1: all that nobody else asks for.
      config: this.isFrom("2.4.1")
        ? {
            requests: { node_num: 0 },
            limits: { node_num: DEFAULT_CAPACITY },
            transfer_from: [],
            transfer_to: [],
          }
        : null,
    });
  }

  /** Whether the fake is this version of Milvus or a later one. */
  isFrom(since: string): boolean {
    return isFrom(this.settings.version, since);
  }

  newId(): string {
    this.lastId += 7n;
    return String(this.lastId);
  }

  /** A hybrid timestamp: milliseconds shifted by 18 bits, never the same twice. */
  timestamp(): string {
    const now = BigInt(Date.now()) << 18n;
    this.lastTimestamp = now > this.lastTimestamp ? now : this.lastTimestamp + 1n;
    return String(this.lastTimestamp);
  }

  rememberDropped(databaseId: string, { id, name }: Collection): void {
    this.dropped.push({ id, name, databaseId });
  }

  /** Aliases of 2.3 outlive the collection that they point at, and remember its name. */
  nameOfDropped(id: string): string {
    return this.dropped.find((one) => one.id === id)?.name ?? "";
  }

  idOfDropped(databaseId: string, name: string): string | undefined {
    return this.dropped.findLast((one) => one.databaseId === databaseId && one.name === name)?.id;
  }

  addDatabase(name: string, properties: readonly KeyValue[]): void {
    this.databases.set(name, {
      id: name === DEFAULT_DATABASE ? "1" : this.newId(),
      name,
      properties,
      collections: new Map(),
      aliases: new Map(),
      created: this.timestamp(),
    });
  }
}

export function milliseconds(timestamp: string): string {
  return String(BigInt(timestamp) >> 18n);
}
