import { testServerName, testServers } from "../support/servers";
import { connectionContract } from "./connection-contract";

const { password, token } = testServers().milvus;

connectionContract(testServerName(), () => testServers().milvus, {
  foreignCredentials: (password ?? token) !== undefined ? "refused" : "ignored",
});
