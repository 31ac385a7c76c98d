/** The provider's process or the engine is killed at each call for what serves the data: the next up converges. */
import { describeFaults } from "./support/describe-faults";
import { KILLS } from "./support/faults";
import { ServingLife } from "./support/serving-life";

describeFaults(
  "a process that is killed at work on sets, loads, aliases, databases and users",
  KILLS,
  ServingLife,
);
