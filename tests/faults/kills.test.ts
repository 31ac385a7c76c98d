/** The provider's process or the engine is killed at each call of a whole life: the next up converges. */
import { describeFaults } from "./support/describe-faults";
import { KILLS } from "./support/faults";

describeFaults("a process that is killed", KILLS);
