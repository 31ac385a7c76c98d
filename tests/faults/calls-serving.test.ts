/** Each call for what serves the data meets each fault: the run gets through, or the next up does. */
import { describeFaults } from "./support/describe-faults";
import { CALL_FAULTS, SAMPLED } from "./support/faults";
import { ServingLife } from "./support/serving-life";
import { full } from "./support/tally";

describeFaults(
  "a call for sets, loads, aliases, databases and users that meets a fault",
  full ? CALL_FAULTS : SAMPLED.serving,
  ServingLife,
);
