/**
 * A life of every kind of object through the real engine, on fakes of the versions that people run. The fakes answer as
 * servers of 2.5.27, 2.6.19 and 3.0.0 were measured to (tests/contract/fake-and-recorded.test.ts); 2.4 was only read.
 */
import { type FeatureName, knows, parseVersion } from "../../provider/milvus/versions";
import { type AnyResource, resources } from "../../provider/registry";
import type { OperationResult, Workspace } from "../../tools/stack";
import { type FakeMilvus, startFakeMilvus } from "../support/fake-milvus";
import { gatewayTo } from "../support/gateways";
import { accessTo, HNSW, linesWith, live, program, said } from "./support/live";
import { rows, TestMilvus } from "./support/milvus";

const context = live();

const titled = (count: number, firstId = 0) =>
  rows(count, firstId).map((row) => ({ ...row, title: "a title" }));

const UNCHANGED = { create: 0, update: 0, replace: 0, delete: 0 };

/** What the life changes from step to step. */
interface Declared {
  readonly description: string;
  readonly consistencyLevel: string;
  readonly maxLength: number;
  readonly ttl: number;
  readonly password: string;
  readonly personal: string;
  readonly privileges: string;
  readonly tenants: string;
  readonly requests: number;
  readonly removed: boolean;
  readonly target: "docs" | "next";
}

const FIRST: Declared = {
  description: "What the assistant may quote",
  consistencyLevel: "Bounded",
  maxLength: 64,
  ttl: 86_400,
  password: "correct-horse",
  personal: "Reads",
  privileges: `["Search", "Query"]`,
  tenants: `["t1", "t2"]`,
  requests: 0,
  removed: false,
  target: "docs",
};

describe.each(["2.4.23", "2.5.27", "2.6.19", "3.0.0"])(
  "A life of every kind of object on Milvus %s",
  (version) => {
    const has = (feature: FeatureName): boolean => knows(parseVersion(version), feature);
    let fake: FakeMilvus;
    let milvus: TestMilvus;
    let stack: Workspace;
    let declared = FIRST;

    const only = (feature: FeatureName, text: string): string => (has(feature) ? text : "");
    const source = (): string =>
      program(
        `const app = new milvus.Database("app", { properties: { "database.max.collections": "${declared.ttl}" } });`,
        `const fields = [
        { name: "id", dataType: "Int64", isPrimaryKey: true },
        { name: "title", dataType: "VarChar", maxLength: ${declared.maxLength} },
        { name: "year", dataType: "Int64" },
        { name: "embedding", dataType: "FloatVector", dim: 8 },
      ];`,
        `const docs = new milvus.Collection("docs", { fields, description: "${declared.description}",
        consistencyLevel: "${declared.consistencyLevel}",
        properties: { "collection.ttl.seconds": "${declared.ttl}" } });`,
        `const next = new milvus.Collection("next", { fields, databaseName: app.databaseName });`,
        `const other = new milvus.Collection("other", { fields });`,
        `new milvus.PartitionSet("tenants", { collection: docs, partitionNames: ${declared.tenants} });`,
        `new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding", ${HNSW} });`,
        ...(declared.removed
          ? []
          : [
              `new milvus.Partition("y2024", { collection: docs });`,
              `new milvus.Index("by_year", { collection: docs, fieldName: "year", indexType: "STL_SORT" });`,
            ]),
        `new milvus.CollectionLoad("ready", { collection: docs });`,
        `new milvus.Alias("current", { collection: ${declared.target === "docs" ? "docs" : "other"} });`,
        `const user = new milvus.User("alice", { password: "${declared.password}"
        ${only("describedUsers", `, description: "${declared.personal}"`)} });`,
        `const role = new milvus.Role("readers", { ${only("describedUsers", `description: "${declared.personal}"`)} });`,
        `new milvus.RoleMembership("alice_reads", { userName: user.userName, roleName: role.roleName });`,
        `new milvus.Grant("search", { roleName: role.roleName, privilege: "Search",
        databaseName: app.databaseName, collectionName: next.collectionName });`,
        only(
          "privilegeGroups",
          `new milvus.PrivilegeGroup("reading", { privileges: ${declared.privileges} });`,
        ),
        `new milvus.ResourceGroup("fast", { requests: ${declared.requests} });`,
      );
    const up = (change: Partial<Declared>): Promise<OperationResult> => {
      declared = { ...declared, ...change };
      stack.program(source());
      return stack.up();
    };

    beforeAll(async () => {
      fake = await startFakeMilvus({ version, password: "s3cret of root", queryNodes: 2, loadTime: 20 });
      milvus = new TestMilvus(fake);
      declared = FIRST;
      stack = await context.stack(source(), { config: accessTo(fake) });
    });
    afterAll(async () => {
      await milvus.close();
      await fake.stop();
    });

    test("begins on a server that has none of it, and is found as it was made", async () => {
      expect((await up({})).summary).toMatchObject({ update: 0, replace: 0, delete: 0 });
      await stack.preview({ args: ["--expect-no-changes"] });
      expect((await stack.refresh()).summary).toMatchObject(UNCHANGED);
      await stack.preview({ args: ["--expect-no-changes"] });
    });

    test("changes in place whatever this version changes in place, with the same collection", async () => {
      const before = await milvus.collectionId("docs");
      const changed = await up({
        ttl: 172_800,
        ...(has("alterDescription") && { description: "What anybody may quote" }),
        ...(has("alterConsistencyLevel") && { consistencyLevel: "Strong" }),
        ...(has("alterMaxLength") && { maxLength: 128 }),
        password: "battery-staple",
        personal: "Reads and writes",
        privileges: `["Query", "Insert"]`,
        tenants: `["t2", "t3"]`,
        requests: 1,
      });
      expect(changed.summary).toMatchObject({ create: 0, replace: 0, delete: 0 });
      expect(changed.summary.update).toBeGreaterThan(4);
      expect(await milvus.collectionId("docs")).toBe(before);
      await stack.preview({ args: ["--expect-no-changes"] });
      expect((await stack.refresh()).summary).toMatchObject(UNCHANGED);
    });

    test("sees that somebody dropped a collection, and makes it again", async () => {
      await milvus.dropAlias("current");
      await milvus.dropCollection("docs");
      const refresh = await stack.refresh();
      // The collection, its set, partition, two indexes and load, and the alias.
      expect(refresh.summary).toMatchObject({ ...UNCHANGED, delete: 7 });
      expect((await stack.up()).summary).toMatchObject({ ...UNCHANGED, create: 7 });
      await stack.preview({ args: ["--expect-no-changes"] });
    });

    test("removes a partition and an index of a loaded collection, which stays loaded", async () => {
      await milvus.insert("docs", titled(30), "y2024");
      await milvus.insert("docs", titled(20, 100), "t2");
      const removed = await up({ removed: true });
      expect(removed.summary).toMatchObject({ ...UNCHANGED, delete: 2 });
      expect(
        linesWith(removed, "dropped partition y2024 of collection default/docs with 30 entities"),
      ).not.toEqual([]);
      expect((await milvus.partitions("docs")).sort()).toEqual(["t2", "t3"]);
      expect(await milvus.indexNames("docs")).toEqual(["by_meaning"]);
      expect(await milvus.loadState("docs")).toBe("LoadStateLoaded");
      expect(await milvus.count("docs")).toBe(20);
      await stack.preview({ args: ["--expect-no-changes"] });
    });

    test("points the alias at another collection in one step", async () => {
      expect((await up({ target: "next" })).summary).toMatchObject({ ...UNCHANGED, update: 1 });
      expect(await milvus.aliasTarget("current")).toBe("other");
      await stack.preview({ args: ["--expect-no-changes"] });
    });

    test("ends with nothing left on the server", async () => {
      const made = await stack.resources();
      expect(said(await stack.destroy())).not.toContain("is not dropped");
      const gateway = gatewayTo(fake);
      const left: string[] = [];
      for (const { type, id = "", outputs = {} } of made) {
        const kind = Object.values(resources).find((one) => type.endsWith(`milvus:${one.kind}`));
        if (!kind) continue;
        const resource = kind as unknown as AnyResource;
        const known = { ...resource.fromId(id, gateway), ...outputs };
        // In a database that is gone there is nothing to read.
        const found = await resource.read(gateway, known).catch((error: unknown) => {
          if ((error as Error).name !== "NotFoundError") throw error;
          return undefined;
        });
        if (found) left.push(`${resource.kind} ${id}`);
      }
      await gateway.close();
      expect(left).toEqual([]);
    });
  },
);
