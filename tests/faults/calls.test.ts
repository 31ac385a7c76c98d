/** Each call of a whole life meets each fault: the run gets through, or the next up does, and no data is lost. */
import { describeFaults } from "./support/describe-faults";
import { CALL_FAULTS } from "./support/faults";

describeFaults("a call that meets a fault", CALL_FAULTS);
