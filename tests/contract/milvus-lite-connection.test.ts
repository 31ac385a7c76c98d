import { testServers } from "../support/servers";
import { connectionContract } from "./connection-contract";

connectionContract("Milvus Lite 3.2.2", () => testServers().lite, { foreignCredentials: "ignored" });
