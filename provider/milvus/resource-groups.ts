/**
 * From 2.4.1 on a resource group says how many query nodes it wants, and Milvus moves them
 * (https://milvus.io/docs/resource_group.md). Before, nodes are moved one call at a time, and a group has the number
 * that was moved to it.
 */
import type { DescribeResourceGroupResponse } from "@zilliz/milvus2-sdk-node";

import type { Caller } from "./caller";
import { emptyAnswer, orNothing } from "./errors";
import { aResourceGroup } from "./names";

/** Milvus's own, for nodes that no other group asks for. It is never dropped. */
export const DEFAULT_RESOURCE_GROUP = "__default_resource_group";

export interface NodeNumbers {
  /** How many nodes it should have at least. */
  readonly requests: number;
  /** How many it may have at most. */
  readonly limits: number;
}

export interface ResourceGroupDescription {
  readonly resourceGroupName: string;
  /** How many nodes are in it. */
  readonly nodes: number;
  /** What was asked for; only servers where groups are declared keep it. */
  readonly declared?: NodeNumbers;
}

type Config = NonNullable<DescribeResourceGroupResponse["resource_group"]["config"]>;

export class ResourceGroups {
  constructor(private readonly caller: Caller) {}

  /** All names, sorted, Milvus's own among them. */
  async list(): Promise<string[]> {
    const object = "the resource groups of the server";
    const reply = await this.caller.call({
      operation: "ListResourceGroups",
      object,
      run: (client, timeout) => client.listResourceGroups({ timeout }),
    });
    if (reply.resource_groups.length === 0)
      throw emptyAnswer("ListResourceGroups", object, this.caller.address);
    return [...reply.resource_groups].sort();
  }

  async find(resourceGroupName: string): Promise<ResourceGroupDescription | undefined> {
    const found = await orNothing(this.describe(resourceGroupName));
    if (!found) return undefined;
    const { requests, limits } = found.config ?? {};
    return {
      resourceGroupName,
      nodes: found.num_available_node,
      ...(found.config && {
        declared: { requests: requests?.node_num ?? 0, limits: limits?.node_num ?? 0 },
      }),
    };
  }

  /** With node numbers only where groups are declared. */
  async create(resourceGroupName: string, declared?: NodeNumbers): Promise<void> {
    await this.caller.call({
      operation: "CreateResourceGroup",
      object: aResourceGroup({ resourceGroupName }),
      run: (client, timeout) =>
        client.createResourceGroup({
          resource_group: resourceGroupName,
          ...(declared && { config: wire(declared) }),
          timeout,
        }),
      settled: async () => (await this.find(resourceGroupName)) !== undefined,
    });
  }

  /** What the group says of other groups and of nodes stays as it is. */
  async declare(resourceGroupName: string, declared: NodeNumbers): Promise<void> {
    const { config } = await this.describe(resourceGroupName);
    await this.caller.call({
      operation: "UpdateResourceGroups",
      object: aResourceGroup({ resourceGroupName }),
      run: (client, timeout) =>
        client.updateResourceGroups({
          resource_groups: { [resourceGroupName]: { ...config, ...wire(declared) } },
          timeout,
        }),
    });
  }

  /** Not tried again after an unknown outcome unless nothing moved: twice as many would have gone. */
  async transferNodes(from: string, to: string, nodes: number): Promise<void> {
    const before = await this.find(to);
    await this.caller.call({
      operation: "TransferNode",
      object: `${nodes} of the nodes of ${aResourceGroup({ resourceGroupName: from })} to ${aResourceGroup({ resourceGroupName: to })}`,
      run: (client, timeout) =>
        client.transferNode({
          source_resource_group: from,
          target_resource_group: to,
          num_node: nodes,
          timeout,
        }),
      settled: async () => (await this.find(to))?.nodes !== before?.nodes,
    });
  }

  /** A group that is not there is no error. */
  async drop(resourceGroupName: string): Promise<void> {
    await this.caller.call({
      operation: "DropResourceGroup",
      object: aResourceGroup({ resourceGroupName }),
      run: (client, timeout) => client.dropResourceGroup({ resource_group: resourceGroupName, timeout }),
      settled: async () => (await this.find(resourceGroupName)) === undefined,
    });
  }

  private async describe(resourceGroupName: string) {
    const object = aResourceGroup({ resourceGroupName });
    const reply = await this.caller.call({
      operation: "DescribeResourceGroup",
      object,
      run: (client, timeout) => client.describeResourceGroup({ resource_group: resourceGroupName, timeout }),
    });
    const found = reply.resource_group as DescribeResourceGroupResponse["resource_group"] | null;
    if (found?.name !== resourceGroupName)
      throw emptyAnswer("DescribeResourceGroup", object, this.caller.address);
    return found;
  }
}

function wire({ requests, limits }: NodeNumbers): Config {
  return { requests: { node_num: requests }, limits: { node_num: limits } };
}
