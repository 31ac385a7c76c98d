/** Resource groups. Milvus: internal/querycoordv2/meta/resource_manager.go and services.go. */
import type { Calls } from "./calls";
import { collectionOf } from "./collections";
import { isLoaded } from "./loading";
import { checkResourceGroupName } from "./names";
import { CODES, invalid, refusal, type Refusal, unexpected } from "./status";
import { DEFAULT_CAPACITY, DEFAULT_RESOURCE_GROUP, type ResourceGroup, type World } from "./world";

interface OfGroup {
  readonly resource_group: string;
}

interface Config {
  readonly requests: { readonly node_num: number } | null;
  readonly limits: { readonly node_num: number } | null;
  readonly transfer_from: readonly OfGroup[];
  readonly transfer_to: readonly OfGroup[];
}

interface Create extends OfGroup {
  readonly config: Config | null;
}

interface Update {
  readonly resource_groups: Readonly<Record<string, Config>>;
}

interface TransferNode {
  readonly source_resource_group: string;
  readonly target_resource_group: string;
  readonly num_node: number;
}

interface TransferReplica {
  readonly db_name: string;
  readonly collection_name: string;
  readonly source_resource_group: string;
  readonly target_resource_group: string;
  readonly num_replica: string;
}

function groupNotFound(name: string): Refusal {
  return refusal(CODES.resourceGroupNotFound, `resource group not found[rg=${name}]`);
}

function groupOf(world: World, name: string): ResourceGroup {
  const group = world.resourceGroups.get(name);
  if (!group) throw groupNotFound(name);
  return group;
}

export const resourceGroupCalls: Calls = {
  CreateResourceGroup(world, { resource_group, config }: Create) {
    checkResourceGroupName(world, resource_group);
    if (world.resourceGroups.has(resource_group)) {
      // resource_manager.go, AddResourceGroup, 2.4.1: the very same is a success.
      const existing = groupOf(world, resource_group);
      if (world.isFrom("2.4.1") && same(existing.config, configOf(config))) return undefined;
      if (world.isFrom("2.5"))
        throw refusal(
          CODES.resourceGroupAlreadyExists,
          `resource group already exist, but create with different config[rg=${resource_group}]`,
        );
      throw unexpected("resource group already exist");
    }
    if (world.isFrom("2.4.1")) checkConfig(world, resource_group, config);
    world.resourceGroups.set(resource_group, {
      name: resource_group,
      nodes: 0,
      config: world.isFrom("2.4.1") ? configOf(config) : null,
    });
    balance(world);
    return undefined;
  },

  UpdateResourceGroups: {
    since: "2.4.1",
    answer(world, { resource_groups }: Update) {
      for (const [name, config] of Object.entries(resource_groups)) {
        groupOf(world, name);
        checkConfig(world, name, config);
      }
      for (const [name, config] of Object.entries(resource_groups))
        groupOf(world, name).config = configOf(config);
      balance(world);
      return undefined;
    },
  },

  /** One that is missing is no error; one that has, or may be given, nodes stays. */
  DropResourceGroup(world, { resource_group }: OfGroup) {
    const group = world.resourceGroups.get(resource_group);
    if (!group) return undefined;
    if (resource_group === DEFAULT_RESOURCE_GROUP) throw unexpected("delete default rg is not permitted");
    if (world.isFrom("2.4.1")) {
      if (limitOf(group) !== 0)
        throw refusal(
          CODES.invalidParameter,
          "resource group's limits node num is not 0: " +
            `invalid parameter[expected=not empty resource group][actual=${resource_group}]`,
        );
    } else if (group.nodes > 0) throw unexpected("delete non-empty rg is not permitted");
    world.resourceGroups.delete(resource_group);
    balance(world);
    return undefined;
  },

  ListResourceGroups(world) {
    return { resource_groups: [...world.resourceGroups.keys()] };
  },

  DescribeResourceGroup(world, { resource_group }: OfGroup) {
    const { name, nodes, config } = groupOf(world, resource_group);
    const isDefault = name === DEFAULT_RESOURCE_GROUP;
    const asked = world.isFrom("2.4.1") ? requestOf(config) : nodes;
    return {
      resource_group: {
        name,
        capacity: isDefault ? DEFAULT_CAPACITY : asked,
        num_available_node: nodes,
        num_loaded_replica: {},
        num_outgoing_node: {},
        num_incoming_node: {},
        config,
        nodes: world.isFrom("2.4.1") ? nodesOf(world, name) : [],
      },
    };
  },

  TransferNode(world, { source_resource_group, target_resource_group, num_node }: TransferNode) {
    const source = endOf(world, "source", source_resource_group);
    const target = endOf(world, "target", target_resource_group);
    if (num_node <= 0)
      throw refusal(
        CODES.invalidParameter,
        `invalid parameter[expected=NumNode > 0][actual=invalid NumNode ${num_node}]`,
      );
    if (source === target && world.isFrom("2.5"))
      throw invalid(
        "source resource group and target resource group should not be the same, " +
          `resource group: ${source_resource_group}`,
      );
    if (source.nodes < num_node && world.isFrom("2.5"))
      throw refusal(
        CODES.resourceGroupNodesNotEnough,
        `resource group node not enough[rg=${source.name}][currentNodeNum=${source.nodes}]` +
          `[expectedNodeNum=${num_node}]`,
      );
    if (source.nodes < num_node) throw unexpected("nodes not enough");
    if (source === target)
      throw invalid("source resource group and target resource group should not be same");
    source.nodes -= num_node;
    target.nodes += num_node;
    if (world.isFrom("2.4.1")) {
      source.config = moved(source.config, -num_node);
      target.config = moved(target.config, num_node);
    }
    return undefined;
  },

  TransferReplica(world, request: TransferReplica) {
    groupOf(world, request.source_resource_group);
    groupOf(world, request.target_resource_group);
    const { load } = collectionOf(world, request);
    if (!load || !isLoaded(collectionOf(world, request)) || Number(request.num_replica) > load.replicas)
      throw invalid("the number of replicas to transfer exceeds those that there are");
    load.resourceGroups = [request.target_resource_group];
    return undefined;
  },
};

/** Of a transfer. */
function endOf(world: World, which: string, name: string): ResourceGroup {
  const group = world.resourceGroups.get(name);
  if (!group && world.isFrom("2.5")) throw groupNotFound(name);
  if (!group)
    throw refusal(
      CODES.invalidParameter,
      `${which} resource group not found: invalid parameter[expected=valid resource group][actual=${name}]`,
    );
  return group;
}

function configOf(config: Config | null): Config {
  return config ?? { requests: { node_num: 0 }, limits: { node_num: 0 }, transfer_from: [], transfer_to: [] };
}

function same(a: object | null, b: object | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function requestOf(config: object | null): number {
  return (config as Config | null)?.requests?.node_num ?? 0;
}

function limitOf({ config }: ResourceGroup): number {
  return (config as Config | null)?.limits?.node_num ?? 0;
}

function moved(config: object | null, by: number): Config {
  const { requests, limits, ...others } = configOf(config as Config | null);
  return {
    ...others,
    requests: { node_num: Math.max(0, (requests?.node_num ?? 0) + by) },
    limits: { node_num: Math.max(0, (limits?.node_num ?? 0) + by) },
  };
}

/** resource_manager.go, validateResourceGroupConfig, 2.4.1. */
function checkConfig(world: World, name: string, config: Config | null): void {
  if (config && (!config.requests || !config.limits) && world.isFrom("2.5"))
    throw refusal(
      CODES.resourceGroupIllegalConfig,
      `requests or limits is required: resource group illegal config[rg=${name}][config=${inGo(config)}]`,
    );
  const { requests, limits, transfer_from, transfer_to } = configOf(config);
  const [least, most] = [requests?.node_num ?? 0, limits?.node_num ?? 0];
  if (least < 0 || most < 0) throw invalid("node num in `requests` or `limits` should not less than 0");
  if (most < least) throw invalid("limits node num should not less than requests node num");
  for (const { resource_group } of [...transfer_from, ...transfer_to])
    if (!world.resourceGroups.has(resource_group)) throw groupNotFound(resource_group);
}

/** As Go prints a message of the protocol. */
function inGo({ requests, limits }: Config): string {
  const parts = Object.entries({ requests, limits }).map(([key, part]) =>
    part === null ? "" : `${key}:{${part.node_num === 0 ? "" : `node_num:${part.node_num}`}}`,
  );
  return parts.filter((part) => part !== "").join(" ");
}

/** Group by group they are numbered. */
function nodesOf(world: World, name: string): readonly object[] {
  let id = 0;
  for (const group of world.resourceGroups.values()) {
    const nodes = Array.from({ length: group.nodes }, () => ({
      node_id: String((id += 1)),
      address: "127.0.0.1:21123",
      hostname: "localhost",
    }));
    if (group.name === name) return nodes;
  }
  return [];
}

/** Nodes go where they are asked for, and home to the default group when nobody asks. */
function balance(world: World): void {
  if (!world.isFrom("2.4.1")) return;
  let left = world.settings.queryNodes;
  for (const group of world.resourceGroups.values()) {
    if (group.name === DEFAULT_RESOURCE_GROUP) continue;
    group.nodes = Math.min(left, requestOf(group.config));
    left -= group.nodes;
  }
  groupOf(world, DEFAULT_RESOURCE_GROUP).nodes = left;
}
