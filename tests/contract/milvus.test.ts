/** The gateway on a real Milvus: 2.3.5 with authorization on, or the user's. */
import { testServerName, testServers, testVersion } from "../support/servers";
import { gatewayContract } from "./gateway-contract";
import { namesContract } from "./names-contract";
import { expectationsFor, namesFor } from "./support/expectations";

gatewayContract(testServerName(), () => testServers().milvus, expectationsFor(testVersion()));

namesContract(testServerName(), () => testServers().milvus, namesFor(testVersion()));
