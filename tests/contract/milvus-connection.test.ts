import { testServerName, testServers } from "../support/servers";
import { connectionContract } from "./connection-contract";

const hasUsers = testServers().milvus.password !== undefined;

connectionContract(testServerName(), () => testServers().milvus, {
  foreignCredentials: hasUsers ? "refused" : "ignored",
});
