import { testServers } from "../support/servers";
import { connectionContract } from "./connection-contract";

connectionContract("Milvus 2.3.5", () => testServers().milvus, { foreignCredentials: "refused" });
