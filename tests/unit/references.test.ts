/** What a program gets for a resource that the engine refers to, as in what an async transform is given. */
import { getResourceModule } from "@pulumi/pulumi/runtime/rpc";

import * as milvus from "../../sdk/nodejs/plugin";
import { packageVersion } from "../../sdk/nodejs/engines";
import { valueOf, withoutEngine } from "../support/pulumi-mocks";

withoutEngine();

const ours = () => {
  const found = getResourceModule("milvus", "index", packageVersion());
  if (!found) throw new Error("nothing is registered for references to milvus:index");
  return found;
};

test("is the very Collection that the program has made", async () => {
  const docs = new milvus.Collection("docs", {
    fields: [
      { name: "id", dataType: "Int64", isPrimaryKey: true },
      { name: "embedding", dataType: "FloatVector", dim: 4 },
    ],
  });
  const urn = await valueOf(docs.urn);
  expect(ours().construct("docs", "milvus:index:Collection", urn)).toBe(docs);
});

test("is refused where this version has no such resource", () => {
  expect(() => ours().construct("it", "milvus:index:Shard", "urn:it")).toThrow(
    "milvus:index:Shard is no resource of this version of pulumi-milvus",
  );
});
