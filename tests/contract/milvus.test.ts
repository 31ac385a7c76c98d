/** The gateway on a real Milvus 2.3.5 with authorization on. */
import { testServers } from "../support/servers";
import { gatewayContract } from "./gateway-contract";
import { namesContract } from "./names-contract";
import { MILVUS_2_3_5, NAMES_OF_2_3_5 } from "./support/milvus-2.3.5";

gatewayContract("Milvus 2.3.5", () => testServers().milvus, MILVUS_2_3_5);

namesContract("Milvus 2.3.5", () => testServers().milvus, NAMES_OF_2_3_5);
