/** What `calls` and `kills` try at each call on a small engine, at some of them through Pulumi's own. */
import { DataLife } from "./support/data-life";
import { describeFaultsThroughPulumi } from "./support/describe-faults";
import { PLUGIN } from "./support/drivers";
import { CALL_FAULTS, KILLS } from "./support/faults";
import { ServingLife } from "./support/serving-life";
import { full } from "./support/tally";

if (full) {
  describeFaultsThroughPulumi([...CALL_FAULTS, ...KILLS], [DataLife, ServingLife]);
} else {
  describeFaultsThroughPulumi(["kill the provider"], [ServingLife]);
  describeFaultsThroughPulumi(["kill the provider"], [DataLife], PLUGIN);
}
