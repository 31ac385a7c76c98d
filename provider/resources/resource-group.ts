import { declare, the } from "../core/example";
import { log } from "../core/log";
import { optional, required, type ValuesOf } from "../core/properties";
import { type Resource, type Standing, Unfinished } from "../core/resource";
import { whole } from "../core/shapes";
import type { Milvus } from "../milvus/gateway";
import { aResourceGroup } from "../milvus/names";
import {
  DEFAULT_RESOURCE_GROUP,
  type NodeNumbers,
  type ResourceGroupDescription,
} from "../milvus/resource-groups";
import { asError } from "../milvus/shared-reads";
import { DEFAULT_TIMEOUTS, milvusName, timeouts } from "./common/inputs";
import { NOTHING_TO_TELL, takenOver } from "./common/standing";

const inputs = {
  resourceGroupName: required(milvusName("resource group"), {
    doc: "The name of the resource group. Default: the logical name of the resource. A change replaces.",
    change: "replace",
    inId: true,
  }),
  requests: optional(whole({ min: 0 }), {
    doc:
      "How many query nodes it should have at least. From Milvus 2.4.1 on the server moves nodes as they come; before, " +
      "they are taken out of Milvus's own group at once, which must have them. Default: 0. Changed in place.",
    change: "update",
    default: 0,
  }),
  limits: optional(whole({ min: 0 }), {
    doc:
      "How many query nodes it may have at most; those beyond go back to Milvus's own group. Default: `requests`. " +
      "Changed in place.",
    change: ({ old, new: wanted, unknown, inputs }) =>
      !unknown && (wanted ?? inputs["requests"] ?? 0) === (old ?? 0) ? "ignore" : "update",
  }),
  timeouts,
} as const;

const outputs = {} as const;

export type ResourceGroupInputs = ValuesOf<typeof inputs>;
export type ResourceGroupState = ResourceGroupInputs;

export const resourceGroup: Resource<Milvus, ResourceGroupInputs, ResourceGroupState> = {
  kind: "ResourceGroup",
  doc:
    "Query nodes for the collections that are loaded into them.\n\n" +
    "Removed from the program, its nodes go back to Milvus's own group, which is never dropped, and the group is " +
    "dropped. Milvus: https://milvus.io/docs/resource_group.md",
  example: [
    declare("ResourceGroup", "fast", { requests: 1, limits: 2 }),
    declare("CollectionLoad", "loaded_fast", {
      collection: "articles",
      resourceGroups: [the("fast", "resourceGroupName")],
    }),
  ],
  inputs,
  outputs,
  nameInput: "resourceGroupName",

  check({ resourceGroupName, requests = 0, limits }, report) {
    if (resourceGroupName === DEFAULT_RESOURCE_GROUP)
      report(
        "resourceGroupName",
        `cannot be ${DEFAULT_RESOURCE_GROUP}: that is Milvus's own group, for the nodes that no other one asks for`,
      );
    if (limits !== undefined && limits < requests)
      report("limits", `must be ${requests} or more, which is what the group requests, not ${limits}`);
  },

  describe: ({ resourceGroupName }) => `resource group ${resourceGroupName}`,
  id: ({ resourceGroupName }) => resourceGroupName,
  fromId: (id) => ({ resourceGroupName: id }),
  sameName: (old, wanted) => old.resourceGroupName === wanted.resourceGroupName,

  async list(milvus) {
    if (!(await milvus.supports("resourceGroups"))) return [];
    const names = (await milvus.resourceGroups.list()).filter((name) => name !== DEFAULT_RESOURCE_GROUP);
    const found = await Promise.all(names.map((name) => milvus.resourceGroups.find(name)));
    return found.flatMap((one) => (one ? [stateOf(one, {})] : []));
  },

  async read(milvus, state) {
    const found = await milvus.resourceGroups.find(String(state.resourceGroupName));
    return found && stateOf(found, state);
  },

  async standing(milvus, wanted) {
    if (!(await milvus.supports("resourceGroups"))) return undefined;
    const found = await milvus.resourceGroups.find(wanted.resourceGroupName);
    return found && standingOf(wanted, found);
  },

  async create(milvus, wanted) {
    const operation = milvus.within(wanted.timeouts?.create ?? DEFAULT_TIMEOUTS.create);
    await operation.demand("resourceGroups", aResourceGroup(wanted));
    const existing = await operation.resourceGroups.find(wanted.resourceGroupName);
    if (existing) takenOver(aResourceGroup(wanted), standingOf(wanted, existing));
    else await make(operation, wanted);
    await moveNodes(operation, wanted);
    return kept(wanted);
  },

  async update(milvus, old, wanted) {
    const operation = milvus.within(wanted.timeouts?.update ?? DEFAULT_TIMEOUTS.update);
    const found = await operation.resourceGroups.find(wanted.resourceGroupName);
    if (!found)
      throw new Error(`${aResourceGroup(wanted)} is gone, and is not changed: run \`pulumi refresh\` first`);
    const planned = plannedNumbers(old, wanted, found);
    if (await operation.supports("declaredResourceGroups"))
      await operation.resourceGroups.declare(wanted.resourceGroupName, planned);
    await moveNodes(operation, wanted, planned);
    return kept(wanted);
  },

  async delete(milvus, state) {
    const operation = milvus.within(state.timeouts?.delete ?? DEFAULT_TIMEOUTS.delete);
    const { resourceGroupName } = state;
    const found = await operation.resourceGroups.find(resourceGroupName);
    if (!found) return;
    const nothing = { requests: 0, limits: 0 };
    // Milvus drops no group that may have nodes.
    if (await operation.supports("declaredResourceGroups"))
      await operation.resourceGroups.declare(resourceGroupName, nothing);
    else await moveNodes(operation, { resourceGroupName, ...nothing });
    await operation.resourceGroups.drop(resourceGroupName);
    log(`dropped ${aResourceGroup(state)}; ${inWords(found.nodes)} went back to ${DEFAULT_RESOURCE_GROUP}`);
  },
};

/** What the program has otherwise than the state; the other number as somebody may have changed it by hand. */
function plannedNumbers(
  old: ResourceGroupState,
  wanted: ResourceGroupInputs,
  { declared, nodes }: ResourceGroupDescription,
): NodeNumbers {
  const [before, after] = [numbersOf(old), numbersOf(wanted)];
  const there = declared ?? {
    requests: Math.min(before.requests, nodes),
    limits: Math.max(before.limits, nodes),
  };
  const planned = {
    requests: after.requests === before.requests ? there.requests : after.requests,
    limits: after.limits === before.limits ? there.limits : after.limits,
  };
  if (planned.limits >= planned.requests) return planned;
  throw new Error(
    `${aResourceGroup(wanted)} is not changed: it has ${there.requests} requests and ${there.limits} limits now, the state ` +
      `${before.requests} and ${before.limits}, since somebody changed it. Run \`pulumi refresh\`, look at the next ` +
      "preview, and run the same command again",
  );
}

function numbersOf({ requests = 0, limits = requests }: ResourceGroupInputs): NodeNumbers {
  return { requests, limits };
}

function kept(wanted: ResourceGroupInputs): ResourceGroupState {
  const { resourceGroupName, timeouts } = wanted;
  return { resourceGroupName, ...numbersOf(wanted), ...(timeouts && { timeouts }) };
}

/** Where groups are not declared, any number of nodes that is as the state wants it is no drift. */
function stateOf(
  { resourceGroupName, declared, nodes }: ResourceGroupDescription,
  known: Partial<ResourceGroupState>,
): ResourceGroupState {
  const numbers = declared ?? {
    requests: Math.min(known.requests ?? nodes, nodes),
    limits: Math.max(known.limits ?? nodes, nodes),
  };
  return { resourceGroupName, ...numbers, ...(known.timeouts && { timeouts: known.timeouts }) };
}

/** Groups of older servers declare nothing; but collections may be loaded on the nodes that they have. */
function standingOf(wanted: ResourceGroupInputs, { declared, nodes }: ResourceGroupDescription): Standing {
  const { requests, limits } = numbersOf(wanted);
  const different = declared
    ? [
        ...(declared.requests === requests ? [] : [`requests is ${declared.requests}`]),
        ...(declared.limits === limits ? [] : [`limits is ${declared.limits}`]),
      ]
    : nodes > limits
      ? [`it has ${inWords(nodes)}, and limits is ${limits}`]
      : [];
  if (different.length === 0) return NOTHING_TO_TELL;
  return {
    inWords: different.join(", "),
    refusal:
      `${aResourceGroup(wanted)} exists already and differs from the program: ${different.join(", ")}. Declare it as ` +
      "it is, or choose another resourceGroupName",
  };
}

async function make(milvus: Milvus, wanted: ResourceGroupInputs): Promise<void> {
  const declares = await milvus.supports("declaredResourceGroups");
  await milvus.resourceGroups.create(wanted.resourceGroupName, declares ? numbersOf(wanted) : undefined);
}

/** Only where Milvus does not do it by itself. A group that cannot have its nodes yet is kept, and the next up goes on. */
async function moveNodes(
  milvus: Milvus,
  wanted: ResourceGroupInputs,
  { requests, limits } = numbersOf(wanted),
): Promise<void> {
  if (await milvus.supports("declaredResourceGroups")) return;
  const { resourceGroupName } = wanted;
  const has = (await milvus.resourceGroups.find(resourceGroupName))?.nodes ?? 0;
  try {
    if (has < requests)
      await milvus.resourceGroups.transferNodes(DEFAULT_RESOURCE_GROUP, resourceGroupName, requests - has);
    if (has > limits)
      await milvus.resourceGroups.transferNodes(resourceGroupName, DEFAULT_RESOURCE_GROUP, has - limits);
  } catch (error) {
    const free = (await milvus.resourceGroups.find(DEFAULT_RESOURCE_GROUP))?.nodes ?? 0;
    throw new Unfinished(
      { ...kept(wanted), requests: Math.min(requests, has), limits: Math.max(limits, has) },
      `${aResourceGroup(wanted)} has ${inWords(has)}, wants ${requests} at least and ${limits} at most, and ` +
        `${DEFAULT_RESOURCE_GROUP} has ${inWords(free)} to give: ${asError(error).message}`,
    );
  }
}

function inWords(nodes: number): string {
  return nodes === 1 ? "1 node" : `${nodes} nodes`;
}
