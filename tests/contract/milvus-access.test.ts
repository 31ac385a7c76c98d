/** Users, roles, grants on a real Milvus with authorization on: 2.3.5, or the user's. */
import { testServerName, testServers, testVersion } from "../support/servers";
import { accessContract } from "./access-contract";
import { accessFor } from "./support/expectations";

accessContract(testServerName(), () => testServers().quiet, accessFor(testVersion()));
