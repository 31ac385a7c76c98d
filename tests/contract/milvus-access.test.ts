/** Users, roles, grants on a real Milvus 2.3.5 with authorization on. */
import { testServers } from "../support/servers";
import { accessContract } from "./access-contract";

accessContract("Milvus 2.3.5", () => testServers().quiet, {
  privilegeGroups: "unknown",
  grantsInDroppedDatabases: "back with role and database",
  descriptions: "forgotten",
});
