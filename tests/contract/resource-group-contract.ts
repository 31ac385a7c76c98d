/**
 * What the gateway promises of resource groups on every server that has them. Query nodes are few, and loading needs
 * them: each server that this runs on is its own.
 */
import { MilvusError } from "../../provider/milvus/errors";
import type { Milvus } from "../../provider/milvus/gateway";
import { DEFAULT_RESOURCE_GROUP } from "../../provider/milvus/resource-groups";
import { gatewayTo, uniqueName } from "../support/gateways";
import type { TestServer } from "../support/servers";

/** Resource groups say how many nodes they want, or have those that are moved to them. */
export type Nodes = "declared" | "moved";

export function resourceGroupContract(name: string, server: () => TestServer, nodes: Nodes): void {
  const milvus = (): Milvus => gatewayTo(server());
  const cleanUp: (() => Promise<unknown>)[] = [];
  const later = (work: () => Promise<unknown>): void => void cleanUp.unshift(work);

  describe(`resource groups of ${name}`, () => {
    afterEach(async () => {
      for (const work of cleanUp.splice(0)) await work();
    });
    afterAll(() => milvus().close());

    const newGroup = async (): Promise<string> => {
      const groupName = uniqueName("rg");
      later(() => milvus().resourceGroups.drop(groupName));
      const declared = nodes === "declared" ? { requests: 0, limits: 0 } : undefined;
      await milvus().resourceGroups.create(groupName, declared);
      return groupName;
    };

    test("are made without nodes, found and listed beside Milvus's own", async () => {
      const groupName = await newGroup();
      expect(await milvus().resourceGroups.find(groupName)).toMatchObject({
        resourceGroupName: groupName,
        nodes: 0,
      });
      expect(await milvus().resourceGroups.list()).toEqual(
        expect.arrayContaining([DEFAULT_RESOURCE_GROUP, groupName]),
      );
    });

    test("are not made twice, and are gone once they are dropped", async () => {
      const groupName = await newGroup();
      if (nodes === "moved")
        await expect(milvus().resourceGroups.create(groupName)).rejects.toThrow(/already exist/);
      await milvus().resourceGroups.drop(groupName);
      expect(await milvus().resourceGroups.find(groupName)).toBeUndefined();
      await milvus().resourceGroups.drop(groupName);
    });

    test("Milvus's own one is never dropped", async () => {
      await expect(milvus().resourceGroups.drop(DEFAULT_RESOURCE_GROUP)).rejects.toThrow(MilvusError);
    });

    const areMoved = async (): Promise<void> => {
      const groupName = await newGroup();
      const nodesIn = async () => (await milvus().resourceGroups.find(groupName))?.nodes;
      await milvus().resourceGroups.transferNodes(DEFAULT_RESOURCE_GROUP, groupName, 1);
      try {
        expect(await nodesIn()).toBe(1);
        await expect(milvus().resourceGroups.drop(groupName)).rejects.toThrow(/non-empty rg/);
        await expect(
          milvus().resourceGroups.transferNodes(DEFAULT_RESOURCE_GROUP, groupName, 1),
        ).rejects.toThrow(/nodes? not enough/);
      } finally {
        await milvus().resourceGroups.transferNodes(groupName, DEFAULT_RESOURCE_GROUP, 1);
      }
      expect(await nodesIn()).toBe(0);
    };

    const areDeclared = async (): Promise<void> => {
      const groupName = await newGroup();
      await milvus().resourceGroups.declare(groupName, { requests: 1, limits: 2 });
      expect((await milvus().resourceGroups.find(groupName))?.declared).toEqual({ requests: 1, limits: 2 });
      await expect(milvus().resourceGroups.drop(groupName)).rejects.toThrow(/limits/);
      await milvus().resourceGroups.declare(groupName, { requests: 0, limits: 0 });
    };

    if (nodes === "moved") test("get nodes and give them back, and are not dropped in between", areMoved);
    else test("keep how many nodes they want, and are not dropped while that is any", areDeclared);
  });
}
