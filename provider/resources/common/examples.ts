/** What the examples of several resources declare: the same everywhere, so that they can be read as one program. */
import { declare, secretSetting, the } from "../../core/example";

export const DOCUMENTS = declare("Collection", "documents", {
  fields: [
    { name: "id", dataType: "Int64", isPrimaryKey: true },
    { name: "embedding", dataType: "FloatVector", dim: 768 },
  ],
});

export const BY_MEANING = declare("Index", "by_meaning", {
  collection: the("documents"),
  fieldName: "embedding",
  indexType: "HNSW",
  metricType: "COSINE",
  params: { M: 16, efConstruction: 200 },
});

export const ALICE = declare("User", "alice", { password: secretSetting("alicePassword") });

export const READERS = declare("Role", "readers");
