/** What the SDK makes of a CollectionLoad beside what it needs. */
import * as pulumi from "@pulumi/pulumi";

import * as milvus from "../../sdk/nodejs";
import { registration } from "../../sdk/nodejs/resource";
import { FIELDS, withoutEngine } from "../support/pulumi-mocks";

withoutEngine();

/** As it is handed to the engine. */
const comesAfter = (args: milvus.CollectionLoadArgs, opts?: pulumi.CustomResourceOptions): unknown =>
  registration(Object, "CollectionLoad", "ready", args, [], opts).options.dependsOn;

describe("a CollectionLoad", () => {
  test("comes after the partitions and indexes of its collection that are declared before it", () => {
    const docs = new milvus.Collection("docs", { fields: FIELDS });
    const others = new milvus.Collection("others", { fields: FIELDS });
    const inside = [
      new milvus.Partition("y2024", { collection: docs }),
      new milvus.PartitionSet("tenants", { collection: docs, partitionNames: ["t1"] }),
      new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding" }),
    ];
    new milvus.Index("by_others", { collection: others, fieldName: "embedding" });
    expect(comesAfter({ collection: docs })).toStrictEqual(inside);
  });

  test("comes after those of a collection given by name, and keeps the program's own dependsOn", () => {
    const other = new milvus.Collection("other", { fields: FIELDS });
    const named = new milvus.Index("named", { collection: "papers", fieldName: "embedding" });
    const dependsOn = pulumi.output([other]);
    expect(comesAfter({ collection: "papers" }, { dependsOn })).toStrictEqual([named, dependsOn]);
    expect(comesAfter({ collection: "lists" }, { dependsOn: other })).toBe(other);
  });

  test("that is only looked up waits for nothing", () => {
    expect(
      registration(Object, "CollectionLoad", "found", undefined, [], { id: "default/docs" }).options,
    ).toEqual({
      id: "default/docs",
    });
  });
});
