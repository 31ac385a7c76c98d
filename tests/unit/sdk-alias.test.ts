/** What the SDK makes of an Alias beside what is declared. */
import * as pulumi from "@pulumi/pulumi";

import * as milvus from "../../sdk/nodejs";
import { registration } from "../../sdk/nodejs/resource";
import { FIELDS, withoutEngine } from "../support/pulumi-mocks";

withoutEngine();

/** As it is handed to the engine. */
const optionsOf = (args: milvus.AliasArgs, opts?: pulumi.CustomResourceOptions) =>
  registration(Object, "Alias", "current", args, [], opts, { outlivesCollection: true }).options;

describe("an Alias", () => {
  test("comes after all that is declared in its collection before it, so that it points at what can be searched", () => {
    const docs = new milvus.Collection("docs", { fields: FIELDS });
    const inside = [
      new milvus.Index("by_meaning", { collection: docs, fieldName: "embedding" }),
      new milvus.CollectionLoad("ready", { collection: docs }),
    ];
    expect(optionsOf({ collection: docs }).dependsOn).toStrictEqual(inside);
  });

  test("is nothing that a load or another alias waits for", () => {
    const docs = new milvus.Collection("other_docs", { fields: FIELDS });
    new milvus.Alias("first", { collection: docs });
    expect(optionsOf({ collection: docs }).dependsOn).toBeUndefined();
    expect(
      registration(Object, "CollectionLoad", "ready", { collection: docs }, []).options.dependsOn,
    ).toBeUndefined();
  });

  test("has a drop of its own, also when the program says that it is deleted with its collection", () => {
    const docs = new milvus.Collection("dropped_docs", { fields: FIELDS });
    const server = new milvus.Collection("stands_for_a_server", { fields: FIELDS });
    expect(optionsOf({ collection: docs }).deletedWith).toBeUndefined();
    expect(optionsOf({ collection: docs }, { deletedWith: docs }).deletedWith).toBeUndefined();
    expect(optionsOf({ collection: docs }, { deletedWith: server }).deletedWith).toBe(server);
  });
});
