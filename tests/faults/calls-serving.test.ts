/** Each call for what serves the data meets each fault: the run gets through, or the next up does. */
import { describeFaults } from "./support/describe-faults";
import { CALL_FAULTS } from "./support/faults";
import { ServingLife } from "./support/serving-life";

describeFaults(
  "a call for sets, loads, aliases, databases and users that meets a fault",
  CALL_FAULTS,
  ServingLife,
);
