/** See unchanged-contract.ts: on the real 2.3.5 or the user's server. */
import { knows } from "../../provider/milvus/versions";
import { testServerName, testServers, testVersion } from "../support/servers";
import { unchangedContract } from "./unchanged-contract";

unchangedContract(testServerName(), () => testServers().milvus, {
  pairs: 40,
  isNew: knows(testVersion(), "nullableFields"),
});
